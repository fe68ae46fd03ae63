//! BMP: device-independent bitmaps of Windows and OS/2 (Microsoft *Bitmap Storage*; OS/2 *GpiBitmap*).

mod judge;
mod layout;
mod pixels;
#[cfg(test)]
mod tests;

use crate::bytes::{Context, Hasher, Source};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::icc;
use crate::model::{Digest, Examined, How, Result, Row};
use layout::{
    Coding, EMBEDDED_PROFILE, END_OF_RUNS, Layout, MAGIC, SIZE_IMAGE, field, for_each_row,
    is_header_length, put,
};

const NAME: &str = "BMP";

/// BMP.
#[derive(Debug)]
pub(in crate::formats) struct Bmp;

static INFO: Info = Info {
    id: "bmp",
    name: NAME,
    extensions: &["bmp", "dib"],
    noun: "picture",
    rows: &[
        FILE_HEADER,
        DIB_HEADER,
        MASKS,
        PALETTE,
        PIXELS,
        PADDING,
        EMBEDDED,
        PROFILE,
    ],
    vocabulary: &["DEBM KNIL BGRs niW"],
};

const FILE_HEADER: Row = Row {
    what: "BITMAPFILEHEADER",
    when: "always",
    how: How::Rebuild,
    why: "where the pixels stand; reserved fields unset, lengths exact",
    spec: "Microsoft Bitmap Storage, BITMAPFILEHEADER",
};
const DIB_HEADER: Row = Row {
    what: "BITMAPCOREHEADER to BITMAPV5HEADER, OS/2 header",
    when: "always",
    how: How::Rebuild,
    why: "size, depth, compression, density, colour space",
    spec: "Microsoft Bitmap Header Types",
};
const MASKS: Row = Row {
    what: "colour masks",
    when: "BI_BITFIELDS or BI_ALPHABITFIELDS behind a BITMAPINFOHEADER",
    how: How::Verbatim,
    why: "which bits are which colour",
    spec: "Microsoft BITMAPINFOHEADER, biCompression",
};
const PALETTE: Row = Row {
    what: "colour table",
    when: "8 bits per pixel and less; as many entries as can be used, and those that no pixel has unset",
    how: How::Rebuild,
    why: "the colours",
    spec: "Microsoft BITMAPINFO, bmiColors",
};
const PIXELS: Row = Row {
    what: "pixels",
    when: "as many rows as the header says, or up to the end code",
    how: How::Verbatim,
    why: "the picture",
    spec: "Microsoft Bitmap Storage; Bitmap Compression",
};
const PADDING: Row = Row {
    what: "padding of rows",
    when: "a row does not fill four bytes",
    how: How::Rebuild,
    why: "rows begin where they are looked for",
    spec: "Microsoft Bitmap Storage",
};
const EMBEDDED: Row = Row {
    what: "embedded JPEG or PNG",
    when: "BI_JPEG or BI_PNG; cleaned as a file of its own",
    how: How::Verbatim,
    why: "the picture",
    spec: "Microsoft JPEG and PNG Extensions for Specific Bitmap Functions",
};
const PROFILE: Row = Row {
    what: "embedded profile",
    when: "bV5CSType is PROFILE_EMBEDDED and the profile can be parsed",
    how: How::Rebuild,
    why: "meaning of the colours",
    spec: "Microsoft BITMAPV5HEADER, bV5ProfileData; ICC.1:2022",
};

impl Format for Bmp {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        Confidence::Signature.when(
            head.starts_with(MAGIC)
                && field(head, 14).is_some_and(|len| is_header_length(len.into())),
        )
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        judge::judge(source, cx)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let layout = Layout::parse(source, cx)?;
        let mut hasher = Hasher::new();
        // The header without lengths and offsets.
        hasher.bytes(&{
            let mut header = layout.clean_header(0, None);
            put(&mut header, SIZE_IMAGE, 0);
            header
        });
        hasher.span(source, layout.masks)?;
        hasher.bytes(&pixels::palette(&layout, source, cx)?);
        match layout.coding {
            Coding::Rows => {
                let (used, bits) = layout.used_in_row();
                for_each_row(&layout, source, cx, |_, row| {
                    hasher.bytes(row.get(..used).unwrap_or(row));
                    hasher.bytes(&[row.get(used).map_or(0, |last| last & bits)]);
                    Ok(())
                })?;
            }
            Coding::Runs(_) => {
                hasher.bytes(&layout.clean_runs(source)?);
                hasher.bytes(if layout.runs_are_cut {
                    END_OF_RUNS
                } else {
                    &[]
                });
            }
            Coding::File(format) => {
                let digest = cx.payload_as(format, &source.sub(layout.pixels)?)?;
                hasher.bytes(&digest.0.to_be_bytes());
            }
        }
        if let Some(span) = layout.profile
            && layout.colour_space() == Some(EMBEDDED_PROFILE)
        {
            let profile = source.read(span)?;
            if icc::is_profile(&profile) {
                hasher.bytes(&icc::scrub(&profile, cx)?);
            }
        }
        Ok(hasher.finish())
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        let layout = Layout::parse(source, cx)?;
        match layout.coding {
            Coding::File(_) => cx.streams_nested(&source.sub(layout.pixels)?, sink),
            Coding::Rows | Coding::Runs(_) => Ok(()),
        }
    }
}
