//! Exif 3.0 blocks (CIPA DC-008) in any container: all IFDs, and the minimal block made anew.

mod minimal;
pub(super) mod moment;
mod read;
pub(super) mod survey;
pub(super) mod tags;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
pub(super) mod value;

pub use minimal::minimal;
pub use read::read;

/// The few values of an Exif block that decide how a picture looks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Orientation 0x0112, 1 to 8.
    pub orientation: Option<u8>,
    /// ColorSpace 0xA001.
    pub color_space: Option<u16>,
    /// InteroperabilityIndex is `R03` (Adobe RGB).
    pub interop_r03: bool,
    /// Gamma 0xA500 as numerator and denominator.
    pub gamma: Option<(u32, u32)>,
    /// XResolution, YResolution and ResolutionUnit.
    pub resolution: Option<Resolution>,
    /// Apple maker note 0x0021 HDRHeadroom and 0x0030 HDRGain as signed rationals; some phones write one
    /// of them only, and the other is 0/0 then.
    pub apple_hdr: Option<[(i32, i32); 2]>,
}

impl Facts {
    /// The same without what says nothing: defaults (upright, sRGB), values that no standard knows, and
    /// fractions without meaning. It is what [`minimal`] writes and [`read`] reads again.
    #[must_use]
    pub fn telling(&self) -> Self {
        Self {
            orientation: self.orientation.filter(|o| matches!(o, 2..=8)),
            color_space: self
                .color_space
                .filter(|space| matches!(space, 2 | 0xFFFD..=0xFFFF)),
            interop_r03: self.interop_r03,
            gamma: self.gamma.filter(|(n, d)| *n != 0 && *d != 0),
            resolution: self.resolution.filter(Resolution::is_sound),
            apple_hdr: self.apple_hdr.and_then(sound_halves),
        }
    }
}

/// The two numbers with 0/0 in the place of a fraction without meaning; `None` when both are.
fn sound_halves(hdr: [(i32, i32); 2]) -> Option<[(i32, i32); 2]> {
    let sound = hdr.map(|(n, d)| if d == 0 { (0, 0) } else { (n, d) });
    (sound != [(0, 0); 2]).then_some(sound)
}

/// How large a picture is meant to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// XResolution as numerator and denominator.
    pub x: (u32, u32),
    /// YResolution as numerator and denominator.
    pub y: (u32, u32),
    /// ResolutionUnit: 1 none, 2 inch, 3 centimetre.
    pub unit: u16,
}

impl Resolution {
    /// Whether it is what Exif takes where there is none: 72 dots per inch.
    #[must_use]
    pub fn is_default(&self) -> bool {
        let is_72 = |(n, d): (u32, u32)| d.checked_mul(72) == Some(n);
        self.unit == 2 && is_72(self.x) && is_72(self.y)
    }

    fn is_sound(&self) -> bool {
        matches!(self.unit, 1..=3)
            && [self.x.0, self.x.1, self.y.0, self.y.1]
                .iter()
                .all(|n| *n != 0)
    }
}
