//! Plain pictures out of another program's encoder: nothing in them gives anything away.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

/// File name (the extension is the format's) and bytes.
pub fn plain() -> Vec<(&'static str, Vec<u8>)> {
    let rgba = DynamicImage::ImageRgba8(RgbaImage::from_fn(13, 7, |x, y| {
        Rgba([
            (x * 19) as u8,
            (y * 31) as u8,
            (x * y) as u8,
            255 - (x % 3) as u8,
        ])
    }));
    let rgb = DynamicImage::ImageRgb8(rgba.to_rgb8());
    let gray = DynamicImage::ImageLuma8(rgba.to_luma8());
    let deep = DynamicImage::ImageRgb16(rgba.to_rgb16());
    [
        ("rgb.jpg", &rgb, ImageFormat::Jpeg),
        ("gray.jpg", &gray, ImageFormat::Jpeg),
        ("rgba.png", &rgba, ImageFormat::Png),
        ("gray.png", &gray, ImageFormat::Png),
        ("deep.png", &deep, ImageFormat::Png),
        ("rgba.webp", &rgba, ImageFormat::WebP),
        ("rgba.gif", &rgba, ImageFormat::Gif),
        ("rgb.bmp", &rgb, ImageFormat::Bmp),
    ]
    .into_iter()
    .map(|(name, picture, format)| {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        (name, bytes.into_inner())
    })
    .collect()
}
