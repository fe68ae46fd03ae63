//! Palettes: colours that no pixel has can hide anything.

use super::Splice;
use crate::model::{Category, Finding, Result, Row, Severity, Span};

/// A palette of entries of so many bytes, in which those are zero that are not used. A ramp of grey says
/// nothing and stays.
pub(in crate::formats) fn without_unused(palette: &[u8], entry: usize, used: &[bool]) -> Vec<u8> {
    let mut out = palette.to_vec();
    let entries = out.chunks_mut(entry.max(1)).zip(used).enumerate();
    for (index, (colour, _)) in entries.filter(|(_, (_, used))| !**used) {
        let grey = |byte: &u8| usize::from(*byte) == index;
        let is_ramp = colour.len() >= 3 && colour.iter().take(3).all(grey);
        let keep = if is_ramp { 3 } else { 0 };
        colour.iter_mut().skip(keep).for_each(|byte| *byte = 0);
    }
    out
}

/// What is said of them.
pub(in crate::formats) fn unused_colours(id: &'static str, place: &'static str) -> Finding {
    let what = "colours that no pixel has";
    Finding::new(id, Category::Unknown, Severity::Low, place, what)
}

impl Splice<'_> {
    /// A palette as it will be written.
    pub(in crate::formats) fn palette(
        &mut self,
        span: Span,
        row: &'static Row,
        clean: Vec<u8>,
        id: &'static str,
    ) -> Result<()> {
        let since = self.since();
        let old = self.source.read(span)?;
        if *old != *clean {
            self.found.secrets.harvest_lost(&old, &clean);
            self.found.add(unused_colours(id, row.what));
        }
        self.rebuild(span, row, clean, since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramps_and_used_colours_stay() {
        let used = [true, false, false, false];
        assert_eq!(
            without_unused(b"abc\x01\x01\x01def\x03\x03\x04", 3, &used),
            b"abc\x01\x01\x01\0\0\0\0\0\0"
        );
        assert_eq!(
            without_unused(b"abcd\x01\x01\x01x", 4, &used),
            b"abcd\x01\x01\x01\0"
        );
    }
}
