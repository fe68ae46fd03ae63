//! IHDR (PNG 3rd edition, 11.2.1) and the arithmetic of scanlines (7.2, 8.1).

use super::NAME;
use crate::bytes::{Cursor, Order};
use crate::model::{Error, Result};

/// Colour type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    Gray,
    Rgb,
    Indexed,
    GrayAlpha,
    Rgba,
}

impl Colour {
    /// Samples of a pixel.
    pub(super) fn channels(self) -> u8 {
        match self {
            Self::Gray | Self::Indexed => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    /// Whether each pixel has an alpha sample.
    pub(super) fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba)
    }
}

/// What IHDR says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bits of a sample, or of a palette index.
    pub(super) depth: u8,
    pub(super) colour: Colour,
    /// Adam7.
    pub(super) interlaced: bool,
}

/// Equal scanlines that follow each other: a whole picture, or one pass of an interlaced one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pass {
    pub(super) rows: u64,
    /// Length of a scanline in bytes, filter type included.
    pub(super) row: u64,
    /// Pixels of a scanline.
    pub(super) columns: u32,
}

/// First column, first row, and the steps between columns and rows of each Adam7 pass.
const ADAM7: [[u32; 4]; 7] = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
];

impl Header {
    /// Reads the 13 bytes; `at` is where the chunk stands.
    ///
    /// # Errors
    /// [`Error::Malformed`] for everything that the standard does not define.
    pub(super) fn parse(data: &[u8], at: u64) -> Result<Self> {
        let malformed = |what: &'static str| Error::malformed(NAME, at, what);
        let mut cursor = Cursor::new(data);
        let (Some(width), Some(height), Some(&[depth, colour, compression, filter, interlace])) = (
            cursor.u32(Order::Big),
            cursor.u32(Order::Big),
            cursor
                .rest()
                .first_chunk::<5>()
                .filter(|_| data.len() == 13),
        ) else {
            return Err(malformed("IHDR has a wrong length"));
        };
        if [width, height]
            .iter()
            .any(|side| *side == 0 || i32::try_from(*side).is_err())
        {
            return Err(malformed("a picture without size"));
        }
        let colour = match (colour, depth) {
            (0, 1 | 2 | 4 | 8 | 16) => Colour::Gray,
            (2, 8 | 16) => Colour::Rgb,
            (3, 1 | 2 | 4 | 8) => Colour::Indexed,
            (4, 8 | 16) => Colour::GrayAlpha,
            (6, 8 | 16) => Colour::Rgba,
            _ => return Err(malformed("an unknown colour type or bit depth")),
        };
        if compression != 0 || filter != 0 || interlace > 1 {
            return Err(malformed("an unknown compression, filter or interlacing"));
        }
        Ok(Self {
            width,
            height,
            depth,
            colour,
            interlaced: interlace == 1,
        })
    }

    /// Bits of a pixel.
    pub(super) fn pixel_bits(&self) -> u8 {
        self.depth.saturating_mul(self.colour.channels())
    }

    /// The scanlines of a picture of this kind and the given size, in the order in which they stand.
    pub(super) fn passes(&self, width: u32, height: u32) -> Vec<Pass> {
        let whole = [[0, 0, 1, 1]];
        let grid = if self.interlaced {
            ADAM7.as_slice()
        } else {
            whole.as_slice()
        };
        grid.iter()
            .filter_map(|&[left, top, across, down]| {
                let columns = width.checked_sub(left)?.div_ceil(across);
                let rows = height.checked_sub(top)?.div_ceil(down);
                let bits = u64::from(columns).saturating_mul(u64::from(self.pixel_bits()));
                (columns > 0 && rows > 0).then_some(Pass {
                    rows: u64::from(rows),
                    row: bits.div_ceil(8).saturating_add(1),
                    columns,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(colour: u8, depth: u8, interlace: u8) -> Header {
        let mut data = vec![0, 0, 0, 8, 0, 0, 0, 8];
        data.extend([depth, colour, 0, 0, interlace]);
        Header::parse(&data, 0).unwrap()
    }

    fn total(header: Header, width: u32, height: u32) -> u64 {
        header
            .passes(width, height)
            .iter()
            .map(|pass| pass.rows * pass.row)
            .sum()
    }

    #[test]
    fn scanlines_are_counted() {
        assert_eq!(total(header(6, 8, 0), 8, 8), 8 * 33);
        assert_eq!(total(header(0, 1, 0), 9, 2), 2 * 3);
        // One pixel lies in the first pass only; five by five at one bit touches all seven.
        assert_eq!(total(header(2, 16, 1), 1, 1), 7);
        assert_eq!(header(0, 1, 1).passes(5, 5).len(), 7);
        assert_eq!(
            total(header(0, 1, 1), 5, 5),
            2 * (1 + 1 + 1 + 2 + 1 + 3 + 2)
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for (depth, colour, filter, interlace) in [
            (3, 0, 0, 0),
            (16, 3, 0, 0),
            (8, 1, 0, 0),
            (8, 2, 64, 0),
            (8, 2, 0, 2),
        ] {
            let data = [0, 0, 0, 1, 0, 0, 0, 1, depth, colour, 0, filter, interlace];
            assert!(Header::parse(&data, 0).is_err());
        }
        assert!(Header::parse(&[0; 12], 0).is_err());
        assert!(Header::parse(&[0, 0, 0, 0, 0, 0, 0, 1, 8, 2, 0, 0, 0], 0).is_err());
        assert!(Header::parse(&[128, 0, 0, 0, 0, 0, 0, 1, 8, 2, 0, 0, 0], 0).is_err());
    }
}
