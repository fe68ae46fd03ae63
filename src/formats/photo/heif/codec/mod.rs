//! What coded pictures are made of: units of which some code the picture and others only tell.

pub(super) mod av1;
pub(super) mod nal;
pub(super) mod sei;

use super::data::Data;
use crate::bytes::Context;
use crate::model::{Category, Finding, Found, Result, Role, Severity, len_u64};

/// How a picture is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// NAL units of HEVC (ITU-T H.265), each behind its length in so many bytes.
    Hevc(u8),
    /// NAL units of AVC (ITU-T H.264), each behind its length in so many bytes.
    Avc(u8),
    /// OBUs of AV1.
    Av1,
}

/// A part of coded data that is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) at: u64,
    pub(super) len: u64,
    pub(super) bytes: Vec<u8>,
}

/// What goes from a coded picture, in order.
///
/// # Errors
/// [`crate::model::Error::Malformed`] when the units cannot be told apart; reading; the budget.
pub(super) fn cuts(
    data: &Data<'_>,
    coding: Coding,
    cx: &Context<'_>,
    told: &mut Told,
) -> Result<Vec<Cut>> {
    match coding {
        Coding::Hevc(size) => nal::cuts(data, nal::Kind::Hevc, size, cx, told),
        Coding::Avc(size) => nal::cuts(data, nal::Kind::Avc, size, cx, told),
        Coding::Av1 => av1::cuts(data, cx, told),
    }
}

/// Hands out those pieces of a coded picture that code it, as place and length, without asking what may
/// stay.
///
/// # Errors
/// As [`cuts`].
pub(super) fn payload(
    data: &Data<'_>,
    coding: Coding,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(u64, u64) -> Result<()>,
) -> Result<()> {
    match coding {
        Coding::Hevc(size) => nal::payload(data, nal::Kind::Hevc, size, cx, sink),
        Coding::Avc(size) => nal::payload(data, nal::Kind::Avc, size, cx, sink),
        Coding::Av1 => av1::payload(data, cx, sink),
    }
}

/// How many pictures there are in the coded data of one: decoders show one of them.
///
/// # Errors
/// As [`cuts`].
pub(super) fn pictures(data: &Data<'_>, coding: Coding, cx: &Context<'_>) -> Result<u64> {
    match coding {
        Coding::Hevc(size) => nal::pictures(data, nal::Kind::Hevc, size, cx),
        Coding::Avc(size) => nal::pictures(data, nal::Kind::Avc, size, cx),
        Coding::Av1 => av1::pictures(data, cx),
    }
}

/// What units of coded pictures gave away. A grid of tiles says the same fifty times.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) found: Found,
    /// Whether there is text in what has to stay.
    pub(super) text_stays: bool,
    seen: std::collections::BTreeSet<Vec<u8>>,
}

/// So many different messages are told one by one.
const MOST: usize = 64;
/// By so many bytes messages are told apart.
const BEGINNING: usize = 256;

impl Told {
    /// Tells of a unit that goes, once for each content.
    fn add(&mut self, what: &'static str, place: &'static str, bytes: &[u8]) {
        let key = bytes.get(..BEGINNING.min(bytes.len())).unwrap_or_default();
        if self.seen.len() >= MOST || !self.seen.insert(key.to_vec()) {
            return;
        }
        self.found.secrets.harvest(bytes);
        let finding = Finding::new("heif.sei", Category::Device, Severity::Medium, place, what);
        let finding = match printable(bytes) {
            Some(text) => finding.text(text).role(Role::Software),
            None => finding.bytes(len_u64(bytes.len())),
        };
        self.found.add(finding);
    }
}

/// The longest run of printable characters, when it is long enough to be a text.
fn printable(bytes: &[u8]) -> Option<String> {
    let runs = bytes.split(|byte| !matches!(byte, 0x20..=0x7E));
    let longest = runs.max_by_key(|run| run.len())?;
    (longest.len() >= 8).then(|| String::from_utf8_lossy(longest).into_owned())
}
