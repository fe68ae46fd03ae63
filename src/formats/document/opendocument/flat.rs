//! A document in one file of XML (ODF 1.3 part 3 §3.1.2), pictures in base64 inside.

use super::digest;
use super::filter::{self, Part};
use super::hidden::Named;
use super::links::Links;
use super::{OpenDocument, PREFIX, embedded};
use crate::bytes::{Context, Hasher, Source, is_identity};
use crate::model::{
    Category, Digest, Error, Examined, Finding, Plan, Result, Severity, Span, Step,
};

/// What the media type of a document is the value of.
const ATTRIBUTE: &[u8] = b"office:mimetype=";
/// How much of a copy is searched for it, in bytes.
const HEAD: usize = 4096;

/// What follows [`PREFIX`] in the media type; `None` for what is no flat file.
pub(super) fn kind(head: &[u8]) -> Option<&[u8]> {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    head.starts_with(b"<").then_some(())?;
    let at = memchr::memmem::find(head, ATTRIBUTE)?.checked_add(ATTRIBUTE.len())?;
    let value = head.get(at..)?.get(1..)?.strip_prefix(PREFIX.as_bytes())?;
    value.split(|byte| matches!(byte, b'"' | b'\'')).next()
}

/// Whether a file begins like one.
pub(super) fn is_flat(source: &Source<'_>) -> Result<bool> {
    Ok(!source.peek(0, 2)?.starts_with(b"PK"))
}

impl OpenDocument {
    pub(super) fn examine_flat(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let links = Links {
            is_complete: true,
            ..Links::default()
        };
        let part = Part {
            name: "document",
            base: "",
            copy_base: "",
            links: &links,
            named: &Named::default(),
            is_flat: true,
        };
        let mut pad = cx.scratch();
        let mut head = Vec::new();
        let mut outcome = filter::filter(source, part, cx, &mut |piece| {
            let room = HEAD.saturating_sub(head.len());
            head.extend(piece.iter().take(room));
            match cx.wants_plan() {
                true => pad.append(piece),
                false => Ok(()),
            }
        })?;
        // A root of another name or namespace.
        if kind(&head).is_none() {
            return Err(Error::malformed(
                "OpenDocument",
                0,
                "the root does not say which kind of document it is",
            ));
        }
        filter::allow_shown(source, part, cx, &mut outcome.found.secrets)?;
        let scratch = pad.finish();
        let mut plan = Plan::new();
        if cx.wants_plan() {
            let len = scratch.source().len();
            plan.push(Step::Scratch(scratch, Span::new(0, len)));
            if outcome.found.findings.is_empty() && !is_identity(&plan, source)? {
                let what = "how the markup is written: prefixes, declarations, white space";
                let finding = Finding::new(
                    "odf.markup",
                    Category::Device,
                    Severity::Low,
                    "document",
                    what,
                );
                outcome.found.add(finding);
            }
        }
        Ok(Examined::rebuilt(outcome.found, outcome.residue, plan))
    }

    pub(super) fn flat_digest(source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let mut hasher = Hasher::new();
        digest::part(
            source,
            "",
            &Named::default(),
            cx,
            &mut hasher,
            &mut |file, hasher| match file {
                digest::Shown::Embedded(bytes) => embedded(bytes, cx, hasher),
                digest::Shown::Member(_) => Ok(()),
            },
        )?;
        Ok(hasher.finish())
    }
}
