//! Structure in pixels that are fully or nearly transparent: a picture or a scanned letter can be located there.
//!
//! Programs fill transparent areas with one colour, or leave seams where shapes end. A picture or text has
//! many changes of colour close to each other, whatever its colours are. Measured on 5,487 pictures with
//! alpha out of installed packages: all but those with a picture in their transparent areas are below both
//! thresholds.

use crate::model::{Category, Finding, Severity, len_u64};

/// Alpha levels below this one, of 255, are not visible.
const INVISIBLE: u8 = 4;
/// A sample differs from the pixel before when it changes by this much or more.
const CHANGE: u8 = 8;
/// Maximum distance in pixels between two changes that belong to the same structure.
const NEAR: u64 = 16;
/// Minimum number of changes near another one, where they are one in [`SHARE`] of the hidden pixels or more.
const FEW: u64 = 128;
/// See [`FEW`].
const SHARE: u64 = 100;
/// Minimum number of changes near another one that are reported whatever their share is.
const MANY: u64 = 512;

/// Changes of colour between hidden pixels that are neighbours in a row, counted in one pass.
#[derive(Debug, Default)]
pub(in crate::formats) struct Hidden {
    /// Colour and alpha of the pixel before, if it is hidden.
    before: Option<([u8; 8], u8)>,
    /// Number of hidden pixels.
    pixels: u64,
    /// Number of pixels since the last change.
    since: Option<u64>,
    /// Number of changes near another one.
    changes: u64,
    /// Some pixel is not fully transparent.
    is_alpha: bool,
}

impl Hidden {
    /// The next pixel of a row; `alpha` is a level between 0 and 255. Samples after the eighth byte of
    /// `colour` are not compared.
    pub(in crate::formats) fn pixel(&mut self, colour: &[u8], alpha: u8) {
        self.is_alpha |= alpha != 0;
        self.since = self.since.map(|since| since.saturating_add(1));
        if alpha >= INVISIBLE {
            self.before = None;
            return;
        }
        self.pixels = self.pixels.saturating_add(1);
        let mut now = [0; 8];
        for (to, from) in now.iter_mut().zip(colour) {
            *to = *from;
        }
        // Colours under alpha 1 to 3 are rounded to few values: they differ from those under another alpha.
        let changes = self.before.is_some_and(|(before, same)| {
            same == alpha && before.iter().zip(now).any(|(a, b)| a.abs_diff(b) >= CHANGE)
        });
        if changes {
            if self.since.is_some_and(|since| since <= NEAR) {
                self.changes = self.changes.saturating_add(1);
            }
            self.since = Some(0);
        }
        self.before = Some((now, alpha));
    }

    /// So many more pixels like the one before.
    pub(in crate::formats) fn repeat(&mut self, pixels: u64) {
        self.since = self.since.map(|since| since.saturating_add(pixels));
        if self.before.is_some() {
            self.pixels = self.pixels.saturating_add(pixels);
        }
    }

    /// So many visible pixels.
    pub(in crate::formats) fn pass(&mut self, pixels: usize) {
        self.is_alpha = true;
        self.before = None;
        self.repeat(len_u64(pixels));
    }

    /// The next pixel is no neighbour of the one before.
    pub(in crate::formats) fn gap(&mut self) {
        self.before = None;
    }

    /// Whether the rest of the pixels cannot change the result.
    pub(in crate::formats) fn is_certain(&self) -> bool {
        self.changes >= MANY
    }

    /// Whether a structure was found.
    pub(in crate::formats) fn is_structured(&self) -> bool {
        self.is_certain()
            || self.changes >= FEW && self.changes.saturating_mul(SHARE) >= self.pixels
    }

    /// The finding for what was found, if anything.
    pub(in crate::formats) fn residue(
        &self,
        id: &'static str,
        place: impl Into<String>,
    ) -> Option<Finding> {
        let what = "colours under transparent areas";
        let finding = Finding::new(id, Category::Image, Severity::High, place, what);
        self.is_structured().then_some(finding)
    }

    /// The same where nothing says that the fourth sample is alpha: if it is always zero, it is none.
    pub(in crate::formats) fn residue_if_alpha(
        &self,
        id: &'static str,
        place: impl Into<String>,
    ) -> Option<Finding> {
        self.residue(id, place).filter(|_| self.is_alpha)
    }
}

#[cfg(test)]
mod tests {
    use super::Hidden;

    /// A row of letters in black and white: changes every three pixels.
    fn letters(hidden: &mut Hidden, pixels: u32, alpha: u8) {
        for x in 0..pixels {
            let level = if x / 3 % 2 == 0 { 0 } else { 255 };
            hidden.pixel(&[level; 3], alpha);
        }
    }

    #[test]
    fn black_and_white_letters_are_found_below_the_lowest_visible_alpha() {
        for alpha in 0..3 {
            let mut hidden = Hidden::default();
            letters(&mut hidden, 1000, alpha);
            assert!(hidden.is_structured(), "{alpha}");
        }
        let mut visible = Hidden::default();
        letters(&mut visible, 10_000, 4);
        assert!(!visible.is_structured());
    }

    #[test]
    fn a_few_lines_on_a_large_page_are_found() {
        let mut hidden = Hidden::default();
        letters(&mut hidden, 2000, 0);
        (0..3_000_000).for_each(|_| hidden.pixel(&[255; 3], 0));
        assert!(hidden.is_structured());
    }

    #[test]
    fn fills_and_seams_are_no_structure() {
        // Two colours that meet once in a row of 200 pixels.
        let mut hidden = Hidden::default();
        for x in 0..40_000_u32 {
            let level = if x % 200 < 77 { 0 } else { 255 };
            hidden.pixel(&[level; 3], 0);
        }
        assert!(!hidden.is_structured());
        // Single hidden pixels between visible ones.
        let mut edges = Hidden::default();
        for x in 0..40_000_u32 {
            let level = if x % 3 == 0 { 0 } else { 255 };
            edges.pixel(&[level; 3], if x % 2 == 0 { 0 } else { 90 });
        }
        assert!(!edges.is_structured());
    }
}
