//! PDF (ISO 32000-1, ISO 32000-2): one revision with what the pages show, and nothing else.
//!
//! `facts` finds pages, `copy` walks from the catalogue through the keys that `tables` allow, `body`
//! decides about the data of streams, `output` lays the copy out. `digest` compares both sides without
//! asking the allowlist.

mod body;
mod content;
mod copy;
mod digest;
mod facts;
mod hidden;
mod layers;
mod links;
mod output;
mod picture;
mod report;
mod rows;
mod schema;
mod seeker;
mod seen;
mod survey;
mod tables;
mod used;

#[cfg(test)]
mod tests;

use crate::bytes::{Context, Source, Streams, is_identity};
use crate::containers::pdf::{Coding, File, Object, codings, decode_to};
use crate::formats::format::{Format, Info};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Category, Digest, Examined, Finding, Result, Severity};
use copy::Copier;
use facts::Facts;
use report::Report;

/// PDF.
#[derive(Debug)]
pub(in crate::formats) struct Pdf;

static INFO: Info = Info {
    id: "pdf",
    name: "PDF",
    extensions: &["pdf", "ai"],
    noun: "document",
    rows: rows::ROWS,
    vocabulary: &[rows::WORDS],
};

impl Format for Pdf {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        // Viewers find the header anywhere in the first kilobyte.
        let begins = head.get(..1024).unwrap_or(head);
        Confidence::Signature
            .when(head.starts_with(b"%PDF-"))
            .or_else(|| {
                Confidence::Plausible.when(memchr::memmem::find(begins, b"%PDF-").is_some())
            })
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let file = sound(source, cx)?;
        let facts = Facts::read(&file)?;
        let mut examined = one(&file, &facts)?;
        if cx.wants_plan() {
            examined.payload = Some(digest::of(&file, &facts)?);
        }
        if examined.found.findings.is_empty() && !is_identity(&examined.plan, source)? {
            let what = "how the program that made it writes";
            let (category, severity) = (Category::Device, Severity::Low);
            let finding = Finding::new("pdf.producer.fp", category, severity, "PDF", what);
            examined.found.add(finding);
        }
        Ok(examined)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let file = sound(source, cx)?;
        digest::of(&file, &Facts::read(&file)?)
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        let file = sound(source, cx)?;
        for number in file.numbers() {
            cx.item()?;
            let object = file.get(number)?;
            survey::strings(&object, sink)?;
            let Object::Stream(stream) = &*object else {
                continue;
            };
            // Short values are found by chance in coded data: they are searched for in front of it only.
            let mut coded = match codings(&file, &stream.dict)?.last() {
                Some((Coding::Dct, _)) => Some(b"\xFF\xDA"),
                Some((Coding::Jpx, _)) => Some(b"\xFF\x93"),
                _ => None,
            };
            let coding = decode_to(&file, stream, &mut |piece| {
                let found = coded.and_then(|mark| memchr::memmem::find(piece, mark));
                let head = match (coded, found) {
                    (None, _) => 0,
                    (Some(_), Some(at)) => at,
                    (Some(_), None) => piece.len(),
                };
                if found.is_some() {
                    coded = None;
                }
                let (head, rest) = piece.split_at_checked(head).unwrap_or_default();
                if !head.is_empty() {
                    sink.structure("picture", head)?;
                }
                sink.content("stream", rest)
            })?;
            sink.content("end", b"")?;
            if matches!(coding, Some(Coding::Dct | Coding::Jpx)) {
                cx.streams_nested(&source.sub(stream.data)?, sink)?;
            }
        }
        Ok(())
    }
}

/// The file as viewers read it: where an object is not where the cross-reference says, they scan the whole
/// file.
fn sound<'a>(source: &Source<'a>, cx: &'a Context<'a>) -> Result<File<'a>> {
    let file = File::open(source, cx)?;
    for number in file.numbers() {
        file.get(number)?;
    }
    if !file.is_broken() {
        return Ok(file);
    }
    Ok(File::rebuilt(source, cx).unwrap_or(file))
}

fn one(file: &File<'_>, facts: &Facts) -> Result<Examined> {
    survey::refusals(file)?;
    let mut copier = Copier::new(file, facts, Report::default());
    copier.run()?;
    survey::around(&mut copier)?;
    survey::left_out(&mut copier)?;
    survey::layers(&mut copier)?;
    survey::conformance(&mut copier)?;
    seen::look(&mut copier)?;
    survey::settle(&mut copier)?;
    let Copier { report, made, .. } = copier;
    let plan = output::plan(made, survey::version(file)?)?;
    Ok(Examined::rebuilt(report.found, report.residue, plan))
}
