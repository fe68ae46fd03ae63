//! Files inside files go the same way as files.

use super::{Detected, identify, pixels};
use crate::bytes::{Context, Inside, Nested, Source, Streams, copy_in_memory};
use crate::formats::Confidence;
use crate::model::{Digest, Error, Examined, FileKind, Info, Result};

/// Every format, for files inside files.
pub(super) struct FilesInside;

/// The format of a file inside; plain text only where any file can be.
fn detect(source: &Source<'_>, takes_text: bool) -> Result<Option<Detected>> {
    let detected = identify(source)?;
    Ok(detected.filter(|it| takes_text || it.confidence() > Confidence::Text))
}

impl Nested for FilesInside {
    fn identify(&self, source: &Source<'_>) -> Result<Option<FileKind>> {
        Ok(detect(source, false)?.map(|detected| detected.kind()))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Option<Inside>> {
        let Some(detected) = detect(source, cx.takes_text())? else {
            return Ok(None);
        };
        let cx = cx.without_text();
        let examined = detected.format.examine(source, &cx)?;
        if examined.recoded && cx.wants_plan() {
            compare(&examined, source, &cx)?;
        }
        Ok(Some(Inside {
            kind: detected.kind(),
            examined,
        }))
    }

    fn payload(
        &self,
        source: &Source<'_>,
        cx: &Context<'_>,
    ) -> Result<Option<(&'static Info, Digest)>> {
        let Some(Detected { format, .. }) = detect(source, cx.takes_text())? else {
            return Ok(None);
        };
        let digest = format.payload_digest(source, &cx.without_text())?;
        Ok(Some((format.info(), digest)))
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        match detect(source, false)? {
            Some(Detected { format, .. }) => format.streams(source, cx, sink),
            None => Ok(()),
        }
    }
}

/// Decodes a file inside a file and its copy, of which the plan changes coded data.
fn compare(examined: &Examined, source: &Source<'_>, cx: &Context<'_>) -> Result<()> {
    let Some(before) = pixels::digest(source, cx)? else {
        return Ok(());
    };
    let copy = copy_in_memory(&examined.plan, source, cx)?;
    if pixels::digest(&Source::memory(&copy), cx)? == Some(before) {
        Ok(())
    } else {
        Err(Error::unsupported(pixels::DISPUTED))
    }
}

#[cfg(test)]
mod tests {
    use crate::bytes::{Source, run};
    use crate::model::{Error, Limits, OutcomeKind, Result};
    use crate::pipeline::testing::cleaned;
    use crate::pipeline::{Job, clean, verify};

    /// A drawing in a drawing in a drawing, of which the innermost has a title.
    fn chain(depth: usize) -> String {
        let svg = |inner: &str| {
            let space = "xmlns=\"http://www.w3.org/2000/svg\"";
            format!("<svg {space} viewBox=\"0 0 9 9\">{inner}</svg>")
        };
        let mut out = svg("<title>Anna Andersson i Lund</title><rect width=\"9\" height=\"9\"/>");
        for _ in 1..depth {
            let inner: String = out.bytes().map(|b| format!("%{b:02X}")).collect();
            // Base64 grows less than percent signs would.
            let inner = if out.len() > 300 {
                base64(out.as_bytes())
            } else {
                inner
            };
            let how = if inner.starts_with('%') {
                ","
            } else {
                ";base64,"
            };
            out = svg(&format!("<image href=\"data:image/svg+xml{how}{inner}\"/>"));
        }
        out
    }

    fn base64(bytes: &[u8]) -> String {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for chunk in bytes.chunks(3) {
            let three = [0, 1, 2].map(|i| u32::from(*chunk.get(i).unwrap_or(&0)));
            let bits = three[0] << 16 | three[1] << 8 | three[2];
            for i in 0..4 {
                let digit = DIGITS[(bits >> (18 - 6 * i) & 63) as usize];
                out.push(if i <= chunk.len() {
                    char::from(digit)
                } else {
                    '='
                });
            }
        }
        out
    }

    fn with_items(file: &str, items: u64) -> Result<OutcomeKind> {
        let job = Job {
            limits: Limits {
                items,
                ..Limits::default()
            },
            ..Job::default()
        };
        let source = Source::memory(file.as_bytes());
        let cleaning = clean(&source, &job)?;
        let mut out = Vec::new();
        run(&cleaning.examined.plan, &source, &mut out)?;
        Ok(verify(&cleaning, &Source::memory(&out), &job)?.kind())
    }

    /// The fewest structures that a limit must allow.
    fn cost(file: &str) -> u64 {
        let (mut low, mut high) = (0, 1 << 20);
        while low + 1 < high {
            let middle = (low + high) / 2;
            match with_items(file, middle) {
                Ok(kind) => {
                    assert!(matches!(kind, OutcomeKind::Cleaned | OutcomeKind::Reduced));
                    high = middle;
                }
                Err(Error::LimitExceeded { limit: "items" }) => low = middle,
                Err(error) => panic!("{error}"),
            }
        }
        high
    }

    #[test]
    fn the_cost_of_files_inside_files_is_linear() {
        let (few, many) = (cost(&chain(3)), cost(&chain(12)));
        assert!(many <= few * 5, "{few} for 3, {many} for 12");
        let title = cleaned(chain(12).as_bytes()).unwrap().found;
        assert!(title.has_text("Anna Andersson i Lund"));
    }

    /// A PNG whose pixels spell what its text says.
    fn picture(pixels: &[u8], text: &str) -> Vec<u8> {
        use image::ImageEncoder;
        use image::codecs::png::{CompressionType, FilterType, PngEncoder};
        let mut out = Vec::new();
        let encoder =
            PngEncoder::new_with_quality(&mut out, CompressionType::Best, FilterType::NoFilter);
        let width = u32::try_from(pixels.len()).unwrap() / 3;
        encoder
            .write_image(pixels, width, 1, image::ExtendedColorType::Rgb8)
            .unwrap();
        let mut chunk = b"tEXtAuthor\0".to_vec();
        chunk.extend_from_slice(text.as_bytes());
        let len = u32::try_from(chunk.len() - 4).unwrap().to_be_bytes();
        let sum = crc32fast::hash(&chunk).to_be_bytes();
        out.splice(33..33, [&len[..], &chunk, &sum].concat());
        out
    }

    fn icon(png: &[u8], width: u8) -> Vec<u8> {
        let mut out = vec![0, 0, 1, 0, 1, 0, width, 1, 0, 0, 1, 0, 24, 0];
        out.extend(u32::try_from(png.len()).unwrap().to_le_bytes());
        out.extend(22u32.to_le_bytes());
        out.extend_from_slice(png);
        out
    }

    #[test]
    fn the_output_scan_reaches_what_is_deflated_inside_files_inside_files() {
        let secret = "Anna Andersson i Lund";
        let harmless = picture(&[9; 21], secret);
        assert!(cleaned(&harmless).is_ok());
        assert!(cleaned(&icon(&harmless, 7)).is_ok());
        let png = picture(secret.as_bytes(), secret);
        for file in [png.clone(), icon(&png, 7)] {
            let error = cleaned(&file).unwrap_err();
            assert!(matches!(error, Error::ValueLeft { len: 21 }), "{error}");
        }
    }
}
