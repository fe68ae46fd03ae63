//! `LIST INFO` of RIFF files (Microsoft *Multimedia Programming Interface*, "INFO list chunk"): short texts
//! about a file.

use crate::bytes::{Context, Source};
use crate::containers::riff;
use crate::metadata::text;
use crate::model::{Category, Finding, Found, Result, Role, Severity, Span};

/// Length of the list's type, `INFO`.
const TYPE: u64 = 4;

/// Reports the texts of a list whose data, type included, is `list`.
///
/// # Errors
/// Those of the budget; reading.
pub fn read(
    id: &'static str,
    source: &Source<'_>,
    list: Span,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    let start = list.start().saturating_add(TYPE).min(list.end());
    let chunks = riff::chunks(source, Span::new(start, list.end()), cx)?;
    for chunk in &chunks.chunks {
        cx.memory(chunk.data.len())?;
        let words = source.read(chunk.data)?;
        let words = String::from_utf8_lossy(&words);
        let words = words.trim_end_matches('\0');
        let (category, role, what) = match &chunk.id {
            b"IART" => (Category::Person, Role::PersonName, "IART (artist)"),
            b"IENG" => (Category::Person, Role::PersonName, "IENG (engineer)"),
            b"ITCH" => (Category::Person, Role::PersonName, "ITCH (technician)"),
            b"INAM" => (Category::History, Role::Text, "INAM (name)"),
            b"ICOP" => (Category::Person, Role::PersonName, "ICOP (copyright)"),
            b"ISFT" => (Category::Device, Role::Software, "ISFT (software)"),
            b"ICRD" => (Category::Time, Role::OtherTime, "ICRD (date)"),
            b"IARL" => (
                Category::Location,
                Role::PlaceName,
                "IARL (where it is archived)",
            ),
            _ => (Category::History, Role::Text, "text about the file"),
        };
        let finding = Finding::new(id, category, Severity::High, "LIST INFO", what);
        found.add(finding.text(words).role(role));
        text::mentions(id, words, "LIST INFO", cx, found)?;
    }
    if !chunks.rest.is_empty() {
        found.secrets.harvest(&source.read(chunks.rest)?);
    }
    Ok(())
}
