//! What becomes of the data of a stream.

use super::content;
use super::copy::Copier;
use super::layers;
use super::picture;
use super::report::zipped;
use super::schema::{Data, Table};
use super::tables;
use crate::bytes::Source;
use crate::containers::pdf::{Coding, Dict, Object, Stream, codings, decode, exact_end};
use crate::metadata::icc;
use crate::model::{Category, Error, Finding, Plan, Result, Severity, Span, len_u64};

/// The data of a stream in the copy.
#[derive(Debug)]
pub(super) enum Body {
    /// Bytes of the input.
    Copy(Span),
    /// A file inside the input, cleaned.
    Plan(Plan),
    /// Made anew.
    Bytes(Vec<u8>),
}

/// Parameters of filters that a copy has (ISO 32000-1 tables 8, 11, 12 and 13).
const PARAMETERS: &[&str] = &[
    "Predictor",
    "Colors",
    "BitsPerComponent",
    "Columns",
    "EarlyChange",
    "K",
    "EndOfLine",
    "EncodedByteAlign",
    "Rows",
    "EndOfBlock",
    "BlackIs1",
    "DamagedRowsBeforeError",
    "ColorTransform",
];

impl Copier<'_, '_> {
    /// The data of a stream, and its dictionary with filters.
    pub(super) fn body(
        &mut self,
        stream: &Stream,
        table: &'static Table,
        mut dict: Dict,
    ) -> Result<(Dict, Body)> {
        let is_outside = self.file.entry(&stream.dict, "F")?;
        if matches!(&*is_outside, Object::String(_) | Object::Dict(_)) {
            return Err(Error::unsupported(
                "a PDF with content in other files; open it in a program you trust, print it to a \
                 new PDF, and clean that",
            ));
        }
        let codings = codings(self.file, &stream.dict)?;
        if codings.iter().any(|(coding, _)| *coding == Coding::Other) {
            return Err(Error::unsupported(
                "a PDF with an unknown filter; open it in a program you trust, print it to a new \
                 PDF, and clean that",
            ));
        }
        let changed = match table.data {
            Data::Content | Data::CharMap => {
                let decoded = decode(self.file, stream)?;
                self.content(&decoded, stream, table.data)?
            }
            Data::Profile => self.profile(stream)?,
            Data::Picture => {
                if let Some(made) = self.picture(stream, &codings, &mut dict)? {
                    return Ok((dict, made));
                }
                None
            }
            Data::Verbatim | Data::None => None,
        };
        if let Some(bytes) = changed {
            dict.set(*b"Filter", Object::name("FlateDecode"));
            return Ok((dict, Body::Bytes(zipped(&bytes)?)));
        }
        // Filters as they are, without what decryption made superfluous.
        let codings: Vec<_> = codings
            .into_iter()
            .filter(|(coding, _)| *coding != Coding::Crypt)
            .collect();
        self.filters(&codings, &mut dict)?;
        if self.file.is_ciphered(stream)? {
            let bytes = self.file.raw(stream)?.into_owned();
            let bytes = self.trimmed(bytes, stream, codings.first().map(|(c, _)| *c))?;
            return Ok((dict, Body::Bytes(bytes)));
        }
        let Some((first, _)) = codings.first() else {
            return Ok((dict, Body::Copy(stream.data)));
        };
        let (source, cx) = (self.file.source(), self.file.cx());
        let Some(end) = exact_end(source, stream, *first, cx)? else {
            return Ok((dict, Body::Copy(stream.data)));
        };
        let span = Span::sized(stream.data.start(), end).unwrap_or(stream.data);
        let rest = Span::new(span.end(), stream.data.end());
        self.behind(&source.read(rest)?);
        Ok((dict, Body::Copy(span)))
    }

    /// The same for decrypted bytes.
    fn trimmed(
        &mut self,
        mut bytes: Vec<u8>,
        stream: &Stream,
        first: Option<Coding>,
    ) -> Result<Vec<u8>> {
        let Some(first) = first else {
            return Ok(bytes);
        };
        let memory = Source::memory(&bytes);
        let whole = Stream {
            data: memory.whole(),
            ..stream.clone()
        };
        if let Some(end) = exact_end(&memory, &whole, first, self.file.cx())? {
            let end = usize::try_from(end).unwrap_or(usize::MAX).min(bytes.len());
            let rest = bytes.split_off(end);
            self.behind(&rest);
        }
        Ok(bytes)
    }

    /// Reports bytes between the end of coded data and the end of the stream.
    fn behind(&mut self, rest: &[u8]) {
        let is_space = |byte: &u8| matches!(byte, 0 | 9 | 10 | 12 | 13 | 32);
        if rest.iter().all(is_space) {
            return;
        }
        let finding = Finding::new(
            "pdf.stream.gap",
            Category::Unknown,
            Severity::Medium,
            self.place("stream"),
            "bytes behind the coded data",
        );
        self.report.found.secrets.harvest(rest);
        self.report.add(finding.bytes(len_u64(rest.len())));
    }

    fn filters(&mut self, codings: &[(Coding, Option<Dict>)], dict: &mut Dict) -> Result<()> {
        let names: Vec<Object> = codings
            .iter()
            .filter_map(|(coding, _)| coding.name().map(Object::name))
            .collect();
        let mut params = Vec::new();
        for (_, own) in codings {
            let mut out = Dict::default();
            for key in PARAMETERS {
                let value = own.as_ref().and_then(|own| own.get(key));
                if let Some(value @ (Object::Int(_) | Object::Bool(_) | Object::Real(_))) = value {
                    out.set(key.as_bytes(), value.clone());
                }
            }
            if let Some(globals) = own.as_ref().and_then(|own| own.get("JBIG2Globals"))
                && let Some(globals) = self.value(globals, &tables::PLAIN_SHAPE, None)?
            {
                out.set(*b"JBIG2Globals", globals);
            }
            params.push(if out.is_empty() {
                Object::Null
            } else {
                Object::Dict(out)
            });
        }
        let one = |mut list: Vec<Object>| match list.len() {
            1 => list.pop().unwrap_or(Object::Null),
            _ => Object::Array(list),
        };
        if params.iter().any(|params| *params != Object::Null) {
            dict.set(*b"DecodeParms", one(params));
        }
        if !names.is_empty() {
            dict.set(*b"Filter", one(names));
        }
        Ok(())
    }

    /// A content stream without comments and private properties, where it has any.
    fn content(&mut self, decoded: &[u8], stream: &Stream, data: Data) -> Result<Option<Vec<u8>>> {
        let hidden = self.facts.hidden.of(stream);
        if !hidden.is_empty() {
            self.report.add(layers::removed(self.place("content")));
        }
        let clean = content::clean(decoded, data == Data::CharMap, hidden);
        let left = clean.as_ref().map_or(decoded, |clean| &clean.bytes);
        if data == Data::Content && content::has_comment_left(left) {
            self.report.note(Finding::new(
                "pdf.contents.comment",
                Category::History,
                Severity::Medium,
                self.place("content"),
                "comments between drawing commands that cannot be read",
            ));
        }
        let Some(clean) = clean else {
            return Ok(None);
        };
        for comment in &clean.removed {
            self.report.found.secrets.harvest(comment);
        }
        if !clean.removed.is_empty() {
            let bytes = clean.removed.iter().map(Vec::len).sum();
            let finding = Finding::new(
                "pdf.contents.comment",
                Category::History,
                Severity::Medium,
                self.place("content"),
                "comments between the drawing commands",
            );
            self.report.add(finding.bytes(len_u64(bytes)));
        }
        for dict in clean.properties {
            let mut texts = Vec::new();
            self.texts(&Object::Dict(dict), &mut texts)?;
            let finding = Finding::new(
                "pdf.contents.properties",
                Category::History,
                Severity::Medium,
                self.place("content"),
                "properties of marked content that no viewer needs",
            );
            for text in texts {
                self.report.add(finding.clone().text(text));
            }
            self.report.add(finding);
        }
        Ok(Some(clean.bytes))
    }

    /// A colour profile without names and dates; `None` where there is nothing to take out.
    fn profile(&mut self, stream: &Stream) -> Result<Option<Vec<u8>>> {
        let profile = decode(self.file, stream)?;
        let cx = self.file.cx();
        match icc::scrub(&profile, cx) {
            Ok(clean) if clean == profile => Ok(None),
            Ok(clean) => {
                let place = self.place("ICCBased");
                icc::read(&profile, &place, cx, &mut self.report.found)?;
                Ok(Some(clean))
            }
            Err(Error::Malformed { .. } | Error::Unsupported { .. }) => {
                let finding = Finding::new(
                    "pdf.icc.unknown",
                    Category::Device,
                    Severity::Low,
                    self.place("ICCBased"),
                    "a colour profile that cannot be read",
                );
                self.report.note(finding);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// A picture whose coding has metadata of its own, cleaned as such a picture.
    fn picture(
        &mut self,
        stream: &Stream,
        codings: &[(Coding, Option<Dict>)],
        dict: &mut Dict,
    ) -> Result<Option<Body>> {
        let plain = codings
            .iter()
            .filter(|(coding, _)| coding.is_plain())
            .count();
        let Some((last @ (Coding::Dct | Coding::Jpx), _)) = codings.last() else {
            return Ok(None);
        };
        if plain.saturating_add(1) != codings.len() {
            return Ok(None);
        }
        let is_stored = plain == 0 && !self.file.is_ciphered(stream)?;
        let place = self.place("picture");
        let made = if is_stored {
            let inner = self.file.source().sub(stream.data)?;
            picture::clean(&inner, Some(stream.data), *last, &place, self)?
        } else {
            let bytes = decode(self.file, stream)?;
            picture::clean(&Source::memory(&bytes), None, *last, &place, self)?
        };
        let own = codings.last().cloned();
        self.filters(own.as_slice(), dict)?;
        Ok(Some(made))
    }

    /// Where something is located, for reports.
    pub(super) fn place(&self, what: &str) -> String {
        match self.page {
            Some(page) => format!("page {page}/{what}"),
            None => what.to_owned(),
        }
    }
}
