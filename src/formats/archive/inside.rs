//! A file inside an archive: cleaned by its own format, or the reason why the archive is refused.

use crate::bytes::{Context, Hasher, Source};
use crate::model::{Category, Error, FileKind, Finding, Found, Plan, Result, Role, Severity, Span};

use super::names;
use crate::formats::{HEAD, refusal};

/// How much of a file that systems leave behind is read for traces, in bytes.
const MAXIMUM_TRACED: u64 = 64 << 10;

/// What is said of a file that no format knows.
const UNKNOWN: &str = "files of this kind cannot be cleaned";

/// What happens to a file inside.
pub(super) enum Inside {
    /// It is of this format, and this is its copy.
    Kept(FileKind, Plan),
    /// It cannot be cleaned, for this reason.
    Uncleanable(String),
}

/// Looks at a file inside. Findings are located at `place`.
///
/// # Errors
/// Those that are not about this file: of the budget, of reading.
pub(super) fn examine(
    content: &Source<'_>,
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
    residue: &mut Vec<Finding>,
) -> Result<Inside> {
    match cx.with_text().examine_nested(content) {
        Ok(Some(inside)) => {
            let kind = inside.kind;
            Ok(Inside::Kept(kind, inside.told(place, found, residue)))
        }
        Ok(None) => {
            let why = refusal(&content.peek(0, HEAD)?).unwrap_or(UNKNOWN);
            let (what, _) = why.split_once("; ").unwrap_or((why, ""));
            Ok(Inside::Uncleanable(what.into()))
        }
        Err(error) => reason(error).map(Inside::Uncleanable),
    }
}

/// The reason why a file cannot be cleaned, where that is the fault of this file.
fn reason(error: Error) -> Result<String> {
    match error {
        Error::Unsupported { what } => Ok(what
            .split_once("; ")
            .map_or(what.as_ref(), |(what, _)| what)
            .to_owned()),
        Error::Malformed { what, .. } => Ok(what.into_owned()),
        Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Ok("the file stops before its end".into())
        }
        error => Err(error),
    }
}

/// Refuses the archive because of one file inside, or leaves that file out where the policy allows it.
///
/// # Errors
/// The refusal.
pub(super) fn left_out(
    name: &str,
    what: &str,
    cx: &Context<'_>,
    found: &mut Found,
    residue: &mut Vec<Finding>,
) -> Result<()> {
    let place = names::shown(name);
    if !cx.policy().drop_uncleanable {
        return Err(Error::unsupported(format!(
            "the file {place} inside cannot be cleaned: {what}; extract the archive and clean the folder, \
             or leave such files out with --drop-uncleanable"
        )));
    }
    let finding =
        |id, severity, what| Finding::new(id, Category::Unknown, severity, "archive", what);
    let id = "archive.left_out";
    let what = "a file that cannot be cleaned";
    found.add(
        finding(id, Severity::High, what)
            .text(name)
            .role(Role::Path),
    );
    if !residue.iter().any(|it| it.id == id) {
        let what = "files that cannot be cleaned are not in the copy";
        residue.push(finding(id, Severity::Medium, what));
    }
    Ok(())
}

/// The refusal of an archive of which nothing would be left.
pub(super) fn nothing_left() -> Error {
    Error::unsupported("an archive without files that can be cleaned; do not hand it on")
}

/// Adds what is known of a file that is left out because systems left it behind.
///
/// # Errors
/// Reading, and those of the budget.
pub(super) fn left_behind(
    content: &Source<'_>,
    name: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    let finding = Finding::new(
        "zip.mac",
        Category::History,
        Severity::High,
        "archive",
        "a hidden file of the system that names files, folders or where they are from",
    );
    found.findings.push(finding.text(name));
    found.secrets.harvest(&content.peek(0, MAXIMUM_TRACED)?);
    // AppleDouble can contain pictures.
    found.merge(name, cx.inspect_nested(content)?);
    Ok(())
}

/// Adds a finding for folders and empty files, which are left out.
pub(super) fn empty(name: &str, found: &mut Found) {
    let finding = Finding::new(
        "zip.empty",
        Category::History,
        Severity::Low,
        "archive",
        "an empty file or a folder of its own",
    );
    found.findings.push(finding.text(name));
}

/// Takes the payload of a file inside, unless the copy does not contain it.
///
/// # Errors
/// As for a file of its own.
pub(super) fn payload(content: &Source<'_>, cx: &Context<'_>, hasher: &mut Hasher) -> Result<()> {
    if cx.policy().drop_uncleanable {
        let (mut found, mut residue) = (Found::default(), Vec::new());
        if let Inside::Uncleanable(_) = examine(content, "", cx, &mut found, &mut residue)? {
            return Ok(());
        }
    }
    let (info, digest) = cx
        .with_text()
        .payload_nested(content)?
        .ok_or_else(|| Error::unsupported(UNKNOWN))?;
    hasher.label(info.id, 16);
    hasher.bytes(&digest.0.to_be_bytes());
    Ok(())
}

/// Data behind the end of an archive.
pub(super) fn trailer(
    id: &'static str,
    place: &'static str,
    span: Span,
    source: &Source<'_>,
    found: &mut Found,
) -> Result<()> {
    if !span.is_empty() {
        let bytes = source.peek(span.start(), span.len().min(MAXIMUM_TRACED))?;
        found.secrets.harvest(&bytes);
        let what = "data behind the archive";
        let finding = Finding::new(id, Category::Unknown, Severity::High, place, what);
        found.add(finding.bytes(span.len()));
    }
    Ok(())
}
