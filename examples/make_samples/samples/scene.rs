//! The pictures: drawn, not taken. Integer arithmetic only, so that they are the same everywhere.

/// An RGB picture.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Three bytes for each pixel, rows from above.
    pub rgb: Vec<u8>,
}

impl Scene {
    /// A house at the sea under an evening sky. `door` is where its door stands, in percent of the
    /// width: pictures with different doors are different pictures.
    pub fn house(width: usize, height: usize, door: usize) -> Self {
        let mut rgb = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                rgb.extend(pixel(x * 100 / width, y * 100 / height, x + 7 * y, door));
            }
        }
        Self { width, height, rgb }
    }

    /// The pixel in column `x` and row `y`; beyond the edge the last one again.
    pub fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let i = 3 * (y.min(self.height - 1) * self.width + x.min(self.width - 1));
        [self.rgb[i], self.rgb[i + 1], self.rgb[i + 2]]
    }

    /// One byte for each pixel.
    pub fn grey(&self) -> Vec<u8> {
        self.rgb
            .chunks_exact(3)
            .map(|p| ((usize::from(p[0]) + 2 * usize::from(p[1]) + usize::from(p[2])) / 4) as u8)
            .collect()
    }
}

fn pixel(x: usize, y: usize, grain: usize, door: usize) -> [u8; 3] {
    let grain = (grain * 37 % 11) as u8;
    let (dx, dy) = (x.abs_diff(80), y.abs_diff(22));
    if dx * dx + dy * dy < 64 {
        return [250, 225, 120];
    }
    let roof = (25..40).contains(&y) && x.abs_diff(45) < (y - 25) * 2;
    if roof {
        return [120 + grain, 40, 35];
    }
    if (40..72).contains(&y) && x.abs_diff(45) < 26 {
        if (50..72).contains(&y) && x.abs_diff(door) < 5 {
            return [60, 80 + grain, 50];
        }
        if (46..56).contains(&y) && (x.abs_diff(30) < 4 || x.abs_diff(60) < 4) {
            return [235, 230, 160 + grain];
        }
        return [170 + grain, 50 + grain, 45];
    }
    if y >= 72 {
        let wave = ((x + 3 * y) % 9) as u8 * 3;
        return [30, 80 + wave, 120 + wave + grain];
    }
    let fade = (y * 2) as u8;
    [90 + fade / 2, 130 + fade / 2, 210 - fade / 3]
}
