//! Sample entries of pictures, ISO/IEC 14496-12 §12.1.3.

use super::super::codec::{Coding, Told};
use super::super::props::{self, Property};
use super::super::reach::{AUXILIARY, Auxiliary};
use super::super::write::{boxed, full};
use super::bad;
use crate::bytes::{Context, Order, Source};
use crate::containers::isobmff::{BoxHeader, Boxes, full_box};
use crate::model::{Category, Error, Finding, Found, Result, Role, Severity, Span};

/// How samples are coded and shown.
#[derive(Debug)]
pub(in super::super) struct Entry {
    /// The box made anew.
    pub(super) bytes: Vec<u8>,
    pub(in super::super) coding: Coding,
    pub(super) data_reference: u16,
    pub(super) is_alpha: bool,
}

/// What stands in front of the children.
const FIXED: u64 = 78;

/// Properties that may stand in a sample entry, too.
const LIKE_PROPERTIES: &[&[u8; 4]] = &[
    b"hvcC", b"avcC", b"av1C", b"colr", b"pasp", b"clap", b"clli", b"mdcv", b"amve",
];

impl Entry {
    /// Reads an entry. Boxes in it that go are added to `others`.
    pub(super) fn parse(
        source: &Source<'_>,
        header: &BoxHeader,
        cx: &Context<'_>,
        told: &mut Told,
        found: &mut Found,
        others: &mut Vec<BoxHeader>,
    ) -> Result<Self> {
        if !matches!(&header.kind.0, b"hvc1" | b"hev1" | b"avc1" | b"av01") {
            return Err(Error::unsupported(format!(
                "sequences of pictures of the kind {}; open it where it is shown, save it as \
                    JPEG, and clean that",
                header.kind
            )));
        }
        let short = || bad(header, "a sample entry is too short");
        let head = header.peek(source, FIXED)?;
        let fixed = head.first_chunk::<78>().ok_or_else(short)?;
        let mut body = clean(fixed).ok_or_else(short)?;
        if body != fixed {
            names(fixed, found);
        }
        let data_reference = fixed.get(6..).and_then(|it| Order::Big.u16(it));
        let mut coding = None;
        // Readers take a track that does not say what it is for transparency.
        let mut is_alpha = true;
        let start = header.body.start().saturating_add(FIXED);
        let mut boxes = Boxes::new(source, Span::new(start, header.body.end()));
        while let Some(child) = boxes.next(cx)? {
            let bytes = child.read(source, cx)?;
            if LIKE_PROPERTIES.contains(&&child.kind.0) {
                match props::normal_form(child.kind.0, &bytes, cx, told, found)? {
                    Property::Kept(form) => body.extend(boxed(&child.kind.0, &form)?),
                    Property::Coding(form, how) => {
                        if coding.replace(how).is_some() {
                            return Err(bad(&child, "two records for one decoder"));
                        }
                        body.extend(boxed(&child.kind.0, &form)?);
                    }
                    Property::Told | Property::Unknown => others.push(child),
                }
                continue;
            }
            match &child.kind.0 {
                b"ccst" => match full_box(&bytes).and_then(|(_, _, rest)| rest.get(..4)) {
                    Some([constraints, ..]) => {
                        body.extend(full(b"ccst", 0, 0, &[constraints & 0xFC, 0, 0, 0])?);
                    }
                    _ => others.push(child),
                },
                b"auxi" => {
                    let kind = props::auxiliary_type(&bytes).unwrap_or_default();
                    let alpha = AUXILIARY
                        .iter()
                        .find(|(urn, what)| *what == Auxiliary::Alpha && urn.as_bytes() == kind);
                    match alpha {
                        Some((urn, _)) => {
                            body.extend(full(b"auxi", 0, 0, &[urn.as_bytes(), &[0]].concat())?);
                        }
                        None => {
                            is_alpha = false;
                            others.push(child);
                        }
                    }
                }
                b"sinf" => {
                    return Err(Error::unsupported(
                        "the picture is encrypted; open it where \
                    it can be seen, save it as JPEG or PNG, and clean that",
                    ));
                }
                _ => others.push(child),
            }
        }
        let coding = coding.ok_or_else(|| bad(header, "a sample entry without its record"))?;
        let fits = matches!(
            (&header.kind.0, coding),
            (b"hvc1" | b"hev1", Coding::Hevc(_))
                | (b"avc1", Coding::Avc(_))
                | (b"av01", Coding::Av1)
        );
        if !fits {
            return Err(bad(header, "a sample entry with another's record"));
        }
        Ok(Self {
            bytes: boxed(&header.kind.0, &body)?,
            coding,
            data_reference: data_reference.unwrap_or_default(),
            is_alpha,
        })
    }
}

/// The fixed part with what decides how samples are shown: size, resolution, frames a sample, depth.
fn clean(fixed: &[u8; 78]) -> Option<Vec<u8>> {
    let mut out = vec![0; 6];
    // The only data reference.
    out.extend_from_slice(&[0, 1]);
    out.extend_from_slice(&[0; 16]);
    out.extend_from_slice(fixed.get(24..36)?);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(fixed.get(40..42)?);
    // Name of the compressor.
    out.extend_from_slice(&[0; 32]);
    out.extend_from_slice(fixed.get(74..76)?);
    out.extend_from_slice(&[0xFF; 2]);
    Some(out)
}

/// Tells of the name of the compressor, and of fields that nobody uses.
fn names(fixed: &[u8; 78], found: &mut Found) {
    found.secrets.harvest(fixed);
    let name = match fixed.get(42..74).unwrap_or_default() {
        [len, rest @ ..] => rest.get(..usize::from(*len)).unwrap_or(rest),
        [] => &[],
    };
    let name = String::from_utf8_lossy(name);
    let finding = Finding::new(
        "mp4.stsd",
        Category::Device,
        Severity::Medium,
        "moov/trak/stsd",
        "compressor name",
    );
    found.add(finding.text(name.trim_matches('\0')).role(Role::Software));
}
