//! Channels and samples that no viewer shows: they can hold a whole picture.

use crate::model::{Category, Finding, Severity};

/// What is said of one.
pub(in crate::formats) const NOT_SHOWN: &str = "a channel that is not shown";

/// What was seen of such a channel so far. One value throughout is what programs fill it with.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::formats) struct Unshown {
    first: Option<u8>,
    differs: bool,
}

impl Unshown {
    /// Bytes of the channel.
    pub(in crate::formats) fn see(&mut self, bytes: &[u8]) {
        let Some(byte) = bytes.first() else { return };
        let first = *self.first.get_or_insert(*byte);
        self.differs = self.differs || bytes.iter().any(|byte| *byte != first);
    }

    /// Whether it holds more than one value.
    pub(in crate::formats) fn tells(&self) -> bool {
        self.differs
    }

    /// What is said of it, if it holds anything.
    pub(in crate::formats) fn residue(
        &self,
        id: &'static str,
        place: impl Into<String>,
    ) -> Option<Finding> {
        let finding = Finding::new(id, Category::Image, Severity::High, place, NOT_SHOWN);
        self.tells().then_some(finding)
    }

    /// The value of all bytes, where it is the same.
    pub(in crate::formats) fn constant(&self) -> Option<u8> {
        self.first.filter(|_| !self.differs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_throughout_tells_nothing() {
        let seen = |bytes: &[u8]| {
            let mut seen = Unshown::default();
            seen.see(bytes);
            (seen.tells(), seen.constant())
        };
        assert_eq!(seen(&[]), (false, None));
        assert_eq!(seen(&[0, 0]), (false, Some(0)));
        assert_eq!(seen(&[0xFF, 0xFF]), (false, Some(0xFF)));
        assert_eq!(seen(&[0, 0xFF]), (true, None));
        assert_eq!(seen(&[7]), (false, Some(7)));
        assert_eq!(seen(&[7, 8]), (true, None));
    }
}
