//! Coded data on its way into a copy.

use super::judge::Judge;
use super::pages::Page;
use super::tags::JPEG_TABLES;
use super::tree::{self, Extents, Node};
use super::{jpeg, old_jpeg, tails};
use crate::bytes::{Context, Source};
use crate::containers::tiff_file::{Field, TiffFile};
use crate::containers::tiff_ifd::field;
use crate::containers::tiff_write::{Data, Table};
use crate::model::{Category, Error, Result, Severity, Span, Step, len_u64};

/// So many strips with metadata are looked into for the report.
const LOOKED_INTO: u32 = 16;
/// So much of what goes is kept in mind.
const SAMPLE: u64 = 64 << 10;

/// Compression schemes (TIFF 6.0, its supplements, DNG 1.7, libtiff).
const JPEG: &[u64] = &[7, 34892];
/// Schemes whose strips are files of a format of their own.
const FILES: &[(u64, &[&str])] = &[
    (50001, &["webp"]),
    (34933, &["png"]),
    (34712, &["jp2", "j2k", "jpeg2000"]),
    (33003, &["jp2", "j2k", "jpeg2000"]),
    (33005, &["jp2", "j2k", "jpeg2000"]),
    (50002, &["jxl"]),
    (52546, &["jxl"]),
];
/// Schemes whose data has no room for anything but the picture, or that are taken as they are.
const OPAQUE: &[u64] = &[2, 32771, 32809, 32908, 32909, 34676, 34677, 34887];

/// A strip or tile as it is to be written.
#[derive(Debug, Default)]
pub(super) struct Strip {
    pub(super) pieces: Vec<Step>,
    /// What goes of it, and why.
    pub(super) gone: Vec<Span>,
    pub(super) why: Why,
    /// More stands in it than the picture has room for.
    pub(super) too_much: bool,
}

/// Why something goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Why {
    /// It stands behind the last pixel.
    #[default]
    Tail,
    /// It is metadata in a coded picture.
    Metadata,
}

/// What becomes of one strip or tile.
///
/// # Errors
/// [`Error::Unsupported`] for schemes that are not known; [`Error::Malformed`] for damaged data.
pub(super) fn strip(
    file: &TiffFile<'_, '_>,
    node: &Node,
    extents: &Extents,
    index: u64,
    span: Span,
    cx: &Context<'_>,
) -> Result<Strip> {
    let source = file.source();
    let shape = &node.shape;
    let expected = shape.block_len(extents.tiled, index);
    let whole = || Strip {
        pieces: vec![Step::Copy(span)],
        ..Strip::default()
    };
    let up_to = |end: u64, too_much: bool| Strip {
        pieces: vec![Step::Copy(Span::new(span.start(), end))],
        gone: (end < span.end())
            .then(|| Span::new(end, span.end()))
            .into_iter()
            .collect(),
        why: Why::Tail,
        too_much,
    };
    let scheme = shape.compression;
    if JPEG.contains(&scheme) {
        let cleaned = jpeg::clean(source, span, file.name())?;
        return Ok(Strip {
            pieces: cleaned.pieces,
            gone: cleaned.gone,
            why: Why::Metadata,
            too_much: false,
        });
    }
    if let Some((_, ids)) = FILES.iter().find(|(known, _)| *known == scheme) {
        let part = source.sub(span)?;
        let id = cx
            .detect_nested(&part.peek(0, 4096)?)
            .filter(|id| ids.contains(id));
        let clean = cx.clean_nested(id.ok_or_else(|| unknown_scheme(scheme))?, &part)?;
        let clean = clean.bytes;
        if clean == *source.read(span)? {
            return Ok(whole());
        }
        return Ok(Strip {
            pieces: vec![Step::Bytes(clean)],
            gone: vec![span],
            why: Why::Metadata,
            too_much: false,
        });
    }
    let end = match scheme {
        1 => {
            let end = expected.and_then(|len| span.start().checked_add(len));
            return Ok(up_to(end.unwrap_or(span.end()).min(span.end()), false));
        }
        5 => tails::lzw(source, span, expected, cx)?,
        8 | 32946 => tails::deflate(source, span, expected, cx)?,
        32773 => tails::pack_bits(source, span, expected, cx)?,
        3 | 4 => tails::fax(source, span, scheme, shape.fill_order)?,
        50000 => tails::zstandard(source, span, file.name())?,
        scheme if OPAQUE.contains(&scheme) => return Ok(whole()),
        _ => return Err(unknown_scheme(scheme)),
    };
    Ok(up_to(end.at.unwrap_or(span.end()), end.too_much))
}

fn unknown_scheme(scheme: u64) -> Error {
    Error::unsupported(match scheme {
        262 | 32767 | 32769 | 32770 | 32772 | 32867 | 34713 | 65000 | 65535 => {
            "a raw photo of a rare kind; export it as JPEG or TIFF in the program that came with \
                the camera, and clean that"
        }
        34712 | 33003 | 33005 => {
            "a TIFF with JPEG 2000 compression; save it as TIFF without \
            compression, or as PNG, in the program that made it, and clean that"
        }
        34925 => {
            "a TIFF with LZMA compression; save it as TIFF without compression, or as PNG, \
            in the program that made it, and clean that"
        }
        50002 | 52546 => {
            "a TIFF with JPEG XL compression; save it as TIFF without compression, \
            or as PNG, in the program that made it, and clean that"
        }
        34661 | 34715 => {
            "a TIFF with JBIG compression; save it as TIFF without compression, or \
            as PNG, in the program that made it, and clean that"
        }
        34933 | 50001 => {
            "a TIFF whose coded picture is damaged; open it, save it under a new \
            name, and clean that; or ask for it once more"
        }
        _ => {
            "a TIFF with a compression that is not known; save it as TIFF without compression, \
            or as PNG, in the program that made it, and clean that"
        }
    })
}

impl Judge<'_, '_> {
    /// Adds the coded data of a picture to its directory.
    pub(super) fn image(&mut self, page: &Page<'_>, table: &mut Table) -> Result<()> {
        let node = page.node;
        if node.shape.compression == old_jpeg::SCHEME {
            return self.old_image(node, table);
        }
        let extents = tree::extents(&self.file, node, self.cx)?;
        for span in &extents.surplus {
            self.hidden(*span, &node.place, "strips beyond the last row")?;
        }
        if !extents.surplus.is_empty() || extents.idle > 0 {
            let what = "numbers in the lists of strips that mean nothing";
            let count = len_u64(extents.surplus.len()).saturating_add(extents.idle);
            let (category, severity) = (Category::Unknown, Severity::Medium);
            self.say("tiff.slack", category, severity, &node.place, what, count);
        }
        let mut seen: std::collections::BTreeMap<Span, usize> = std::collections::BTreeMap::new();
        let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
        let (mut metadata, mut looked, mut too_much) = (0_u64, 0_u32, 0_u64);
        for (index, span) in (0_u64..).zip(&extents.spans) {
            self.cx.item()?;
            let Some(span) = *span else {
                offsets.push(None);
                lengths.push(0);
                continue;
            };
            if let Some(number) = seen.get(&span) {
                offsets.push(Some((*number, 0)));
                lengths.push(table.data_len(*number));
                continue;
            }
            if !self.copied.claim(span) {
                return Err(self.file.malformed(span.start(), "strips or tiles overlap"));
            }
            let strip = strip(&self.file, node, &extents, index, span, self.cx)?;
            too_much = too_much.saturating_add(u64::from(strip.too_much));
            for span in &strip.gone {
                match strip.why {
                    Why::Tail => self.hidden(*span, &node.place, "data behind the last row")?,
                    Why::Metadata => metadata = metadata.saturating_add(span.len()),
                }
            }
            if strip.why == Why::Metadata && !strip.gone.is_empty() && looked < LOOKED_INTO {
                looked = looked.saturating_add(1);
                let inner = self.cx.inspect_nested(&self.source.sub(span)?)?;
                self.found.merge(&node.place, inner);
                for span in &strip.gone {
                    let bytes = self.source.peek(span.start(), span.len().min(SAMPLE))?;
                    self.found.secrets.harvest(&bytes);
                }
            }
            let data = Data {
                pieces: strip.pieces,
            };
            lengths.push(data.len());
            let number = table.data(data);
            seen.insert(span, number);
            offsets.push(Some((number, 0)));
        }
        if metadata > 0 {
            let what = "metadata in the coded picture";
            let (category, severity) = (Category::History, Severity::High);
            self.say(
                "tiff.jpegstrip",
                category,
                severity,
                &node.place,
                what,
                metadata,
            );
        }
        if too_much > 0 {
            let finding = crate::model::Finding::new(
                "tiff.strip.tail",
                Category::Unknown,
                Severity::Low,
                node.place.as_str(),
                "more coded rows than the picture shows",
            );
            self.residue.push(finding);
        }
        table.offsets(extents.offsets_tag, offsets);
        self.lengths(extents.lengths_tag, &lengths, table);
        Ok(())
    }

    fn old_image(&mut self, node: &Node, table: &mut Table) -> Result<()> {
        let image = old_jpeg::read(&self.file, node, self.cx)?;
        for span in &image.spans {
            if !self.copied.claim(*span) {
                return Err(self.file.malformed(span.start(), "strips or tiles overlap"));
            }
        }
        let mut metadata = 0_u64;
        for span in &image.gone {
            let bytes = self.source.peek(span.start(), span.len().min(SAMPLE))?;
            self.found.secrets.harvest(&bytes);
            metadata = metadata.saturating_add(span.len());
        }
        if let (Some(span), false) = (image.spans.first(), image.gone.is_empty()) {
            let inner = self.cx.inspect_nested(&self.source.sub(*span)?)?;
            self.found.merge(&node.place, inner);
            let what = "metadata in the coded picture";
            let (category, severity) = (Category::History, Severity::High);
            self.say(
                "tiff.jpegstrip",
                category,
                severity,
                &node.place,
                what,
                metadata,
            );
        }
        for pieces in image.data {
            table.data(Data { pieces });
        }
        for (tag, pointers) in image.pointers {
            table.offsets(tag, pointers.into_iter().map(Some).collect());
        }
        for (tag, lengths) in image.lengths {
            self.lengths(tag, &lengths, table);
        }
        Ok(())
    }

    fn lengths(&self, tag: u16, lengths: &[u64], table: &mut Table) {
        let (order, big) = (self.file.order(), self.file.is_big());
        let mut bytes = Vec::new();
        for len in lengths {
            if big {
                order.put_u64(&mut bytes, *len);
            } else {
                order.put_u32(&mut bytes, u32::try_from(*len).unwrap_or(u32::MAX));
            }
        }
        let kind = if big { field::LONG8 } else { field::LONG };
        table.bytes(tag, kind, len_u64(lengths.len()), bytes);
    }

    fn hidden(&mut self, span: Span, place: &str, what: &'static str) -> Result<()> {
        let bytes = self.source.peek(span.start(), span.len().min(SAMPLE))?;
        self.found.secrets.harvest(&bytes);
        let severity = if bytes.iter().all(|byte| *byte == 0) {
            Severity::Low
        } else {
            Severity::High
        };
        self.left.claim(span);
        self.say(
            "tiff.strip.tail",
            Category::Unknown,
            severity,
            place,
            what,
            span.len(),
        );
        Ok(())
    }

    /// Tables that all strips share: a JPEG without a picture.
    pub(super) fn jpeg_tables(
        &mut self,
        field: &Field,
        node: &Node,
        table: &mut Table,
    ) -> Result<()> {
        let at = field.entry.start();
        if !field.complete {
            return Err(self.file.malformed(at, "the tables of a JPEG are cut off"));
        }
        if !JPEG.contains(&node.shape.compression) {
            let mut gone = super::gone::Gone::default();
            self.goes(&mut gone, field, &node.place)?;
            return self.tell(gone, &node.place);
        }
        let clean = tables(self.source, &self.file, field)?;
        if clean != *self.file.value(field, self.cx)? {
            let bytes = self.file.value(field, self.cx)?;
            self.found.secrets.harvest(&bytes);
            let what = "metadata in the tables of the coded picture";
            let len = field.value.len();
            self.say(
                "tiff.jpegstrip",
                Category::History,
                Severity::High,
                &node.place,
                what,
                len,
            );
        }
        table.bytes(JPEG_TABLES, field::UNDEFINED, len_u64(clean.len()), clean);
        Ok(())
    }
}

/// The tables without anything else.
pub(super) fn tables(
    source: &Source<'_>,
    file: &TiffFile<'_, '_>,
    field: &Field,
) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    for piece in jpeg::clean(source, field.value, file.name())?.pieces {
        match piece {
            Step::Copy(span) => out.extend_from_slice(&source.read(span)?),
            Step::Bytes(bytes) => out.extend_from_slice(&bytes),
            Step::Zero(_) => {}
        }
    }
    Ok(out)
}
