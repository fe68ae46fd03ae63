//! Many byte strings searched for at once.

/// A set of needles of at least [`Needles::SHORTEST`] bytes, after Wu and Manber (1994): a table over
/// pairs of bytes says how far the search may jump, so that on coded pictures it looks at about one
/// place in five.
pub(super) struct Needles {
    needles: Vec<Vec<u8>>,
    /// How far to jump when this pair ends the window; 0 where a needle may end its prefix.
    shift: Vec<u8>,
    /// Whether a needle may begin with four bytes, by their hash.
    begins: Vec<bool>,
    /// The lengths that needles have.
    lengths: Vec<usize>,
    /// Length of the window: the shortest needle, at most 16.
    window: usize,
}

impl Needles {
    /// Shorter needles are left out: they stand in any file by chance.
    pub(super) const SHORTEST: usize = 4;

    pub(super) fn new(mut needles: Vec<Vec<u8>>) -> Self {
        needles.retain(|needle| needle.len() >= Self::SHORTEST);
        needles.sort();
        needles.dedup();
        let window = needles
            .iter()
            .map(Vec::len)
            .min()
            .unwrap_or(Self::SHORTEST)
            .min(16);
        let farthest = u8::try_from(window.saturating_sub(1)).unwrap_or(1);
        let mut shift = vec![farthest; 1 << 16];
        for needle in &needles {
            let prefix = needle.iter().take(window);
            for (at, (a, b)) in prefix.clone().zip(prefix.skip(1)).enumerate() {
                let pair = u16::from_be_bytes([*a, *b]);
                let jump = farthest.saturating_sub(u8::try_from(at).unwrap_or(0).saturating_add(1));
                if let Some(known) = shift.get_mut(usize::from(pair)) {
                    *known = jump.min(*known);
                }
            }
        }
        let mut begins = vec![false; 1 << 16];
        for needle in &needles {
            if let Some(known) = start_of(needle).and_then(|start| begins.get_mut(start)) {
                *known = true;
            }
        }
        let mut lengths: Vec<usize> = needles.iter().map(Vec::len).collect();
        lengths.sort_unstable();
        lengths.dedup();
        Self {
            needles,
            shift,
            begins,
            lengths,
            window,
        }
    }

    /// Length of the longest needle, in bytes: pieces of a long text must overlap by one less.
    pub(super) fn longest(&self) -> usize {
        self.needles.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// A needle that is located in `hay`, and where.
    pub(super) fn find(&self, hay: &[u8]) -> Option<(usize, &[u8])> {
        if self.needles.is_empty() {
            return None;
        }
        // Each look at the table waits for the one before it, so four places are searched in turns.
        let quarter = hay.len().div_ceil(LANES);
        let first = self.window.saturating_sub(1);
        let mut ends: [usize; LANES] =
            std::array::from_fn(|lane| lane.saturating_mul(quarter).saturating_add(first));
        let limits: [usize; LANES] = std::array::from_fn(|lane| {
            lane.saturating_add(1)
                .saturating_mul(quarter)
                .saturating_add(first)
                .min(hay.len())
        });
        while ends.iter().zip(&limits).all(|(end, limit)| end < limit) {
            for end in &mut ends {
                let jump = self.jump(hay, *end);
                if jump == 0
                    && let Some(needle) = self.at(hay, *end)
                {
                    return Some(needle);
                }
                *end = end.saturating_add(jump.max(1));
            }
        }
        for (mut end, limit) in ends.into_iter().zip(limits) {
            while end < limit {
                let jump = self.jump(hay, end);
                if jump == 0
                    && let Some(needle) = self.at(hay, end)
                {
                    return Some(needle);
                }
                end = end.saturating_add(jump.max(1));
            }
        }
        None
    }

    /// The first needle in `hay`, where places matter more than speed.
    pub(super) fn find_first(&self, hay: &[u8]) -> Option<(usize, &[u8])> {
        let mut end = self.window.saturating_sub(1);
        while end < hay.len() {
            let jump = self.jump(hay, end);
            if jump == 0
                && let Some(found) = self.at(hay, end)
            {
                return Some(found);
            }
            end = end.saturating_add(jump.max(1));
        }
        None
    }

    /// How far the window that ends with the byte at `end` may jump.
    fn jump(&self, hay: &[u8], end: usize) -> usize {
        let Some(&[a, b]) = hay
            .get(end.saturating_sub(1)..=end)
            .and_then(|pair| pair.first_chunk())
        else {
            return self.window;
        };
        let pair = u16::from_be_bytes([a, b]);
        self.shift
            .get(usize::from(pair))
            .map_or(0, |jump| usize::from(*jump))
    }

    /// The needle whose prefix is the window that ends with the byte at `end`.
    fn at(&self, hay: &[u8], end: usize) -> Option<(usize, &[u8])> {
        let start = end.saturating_add(1).saturating_sub(self.window);
        let here = hay.get(start..)?;
        // In even areas of a picture the pairs of a needle are everywhere.
        if !*self.begins.get(start_of(here)?)? {
            return None;
        }
        let prefix = here.get(..self.window)?;
        let first = self.needles.partition_point(|it| it.as_slice() < prefix);
        let alike = self.needles.get(first..).unwrap_or_default();
        let (few, more) = alike.split_at(alike.len().min(FEW));
        let found = few
            .iter()
            .take_while(|needle| needle.starts_with(prefix))
            .find(|needle| here.starts_with(needle));
        // Where many begin alike, as numbered names do, each length is looked up.
        let has_more = more.first().is_some_and(|it| it.starts_with(prefix));
        let mut lengths = self.lengths.iter().filter(|_| has_more);
        let found = found.or_else(|| {
            lengths.find_map(|len| {
                let text = here.get(..*len)?;
                let at = more.binary_search_by(|it| it.as_slice().cmp(text));
                more.get(at.ok()?)
            })
        });
        found.map(|needle| (start, needle.as_slice()))
    }
}

/// So many needles that begin alike are compared one by one.
const FEW: usize = 8;
/// Places searched in turns.
const LANES: usize = 4;

/// A hash of the first four bytes, of 16 bits.
fn start_of(text: &[u8]) -> Option<usize> {
    let first = u32::from_le_bytes(*text.first_chunk()?);
    usize::try_from(first.wrapping_mul(0x9E37_79B1).wrapping_shr(16)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The obvious way, to compare with.
    fn naive<'a>(needles: &'a [Vec<u8>], hay: &[u8]) -> Vec<&'a [u8]> {
        needles
            .iter()
            .filter(|needle| {
                hay.windows(needle.len())
                    .any(|window| window == needle.as_slice())
            })
            .map(Vec::as_slice)
            .collect()
    }

    proptest::proptest! {
        #[test]
        fn finds_what_the_obvious_way_finds(
            needles in proptest::collection::vec(proptest::collection::vec(0u8..3, 4..9), 0..40),
            hay in proptest::collection::vec(0u8..3, 0..200),
        ) {
            let expected = naive(&needles, &hay);
            let search = Needles::new(needles.clone());
            match search.find(&hay) {
                Some((at, needle)) => {
                    proptest::prop_assert!(expected.contains(&needle));
                    proptest::prop_assert!(hay[at..].starts_with(needle));
                }
                None => proptest::prop_assert!(expected.is_empty()),
            }
        }
    }

    #[test]
    fn finds_at_both_ends() {
        let search = Needles::new(vec![b"SERIAL-1234".to_vec(), b"Anna".to_vec()]);
        assert_eq!(search.find(b"Anna"), Some((0, &b"Anna"[..])));
        assert_eq!(
            search.find(b"xxSERIAL-1234"),
            Some((2, &b"SERIAL-1234"[..]))
        );
        assert_eq!(search.find(b"SERIAL-1235 Ann"), None);
        assert_eq!(search.find(b"A"), None);
    }
}
