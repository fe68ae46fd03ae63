//! Colours of pixels that nobody sees: a picture can stand under full transparency.

use std::collections::HashSet;

use crate::model::{Category, Finding, Severity};

/// Fewer different colours are the seams that drawing programs leave, not a picture. Of 1,137 pictures
/// with alpha all but four have at most 8, and those four 126 and more.
const COLOURS: usize = 16;

/// What was seen of them so far.
#[derive(Debug, Default)]
pub(in crate::formats) struct Hidden {
    colours: HashSet<u64>,
    /// Some pixel is not fully transparent.
    is_alpha: bool,
}

impl Hidden {
    /// A fully transparent pixel, or palette entry, of this colour.
    pub(in crate::formats) fn see(&mut self, colour: &[u8]) {
        // Black and white are what programs fill empty areas with.
        if colour.iter().all(|byte| *byte == 0) || colour.iter().all(|byte| *byte == 0xFF) {
            return;
        }
        let number = colour
            .iter()
            .fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
        if !self.is_certain() {
            self.colours.insert(number);
        }
    }

    /// A pixel of this colour and alpha.
    pub(in crate::formats) fn pixel(&mut self, colour: &[u8], alpha: &[u8]) {
        if alpha.iter().all(|byte| *byte == 0) {
            self.see(colour);
        } else {
            self.is_alpha = true;
        }
    }

    /// Whether so much was seen that the rest does not matter.
    pub(in crate::formats) fn is_certain(&self) -> bool {
        self.colours.len() > COLOURS
    }

    /// What is said of it, if there is enough of it.
    pub(in crate::formats) fn residue(
        &self,
        id: &'static str,
        place: impl Into<String>,
    ) -> Option<Finding> {
        let what = "colours under transparent areas";
        let finding = Finding::new(id, Category::Image, Severity::High, place, what);
        self.is_certain().then_some(finding)
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
