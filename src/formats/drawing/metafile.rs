//! Windows metafiles (MS-EMF, MS-EMFPLUS, MS-WMF): records that draw stay as they are; description,
//! comments, and bytes of names that no reader uses become zeros.

use crate::bytes::{Context, Hasher, Order, Source, Streams};
use crate::formats::common::Splice;
use crate::formats::format::{Format, Info};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::text;
use crate::model::{
    Category, Digest, Error, Examined, Finding, How, Result, Role, Row, Severity, Span, len_u64,
};

/// Largest metafile, in bytes.
const LARGEST: u64 = 64 << 20;

/// `RecordType` of MS-EMF §2.1.1.
const HEADER: u32 = 1;
const EOF: u32 = 14;
const COMMENT: u32 = 70;
const CREATE_FONT: u32 = 82;
const CREATE_COLOR_SPACE: u32 = 99;
const CREATE_COLOR_SPACE_W: u32 = 122;
/// `EmrComment` of MS-EMF §2.1.10.
const BEGIN_GROUP: u32 = 2;
const WINDOWS_METAFILE: u32 = 0x8000_0001;
/// `EmfPlusComment` of MS-EMFPLUS §2.3.2.1.
const PLUS_COMMENT: u16 = 0x4003;

/// `META_ESCAPE` and `MFCOMMENT` of MS-WMF §2.1.1.
const ESCAPE: u16 = 0x0626;
const MF_COMMENT: u16 = 15;
const CREATE_FONT_INDIRECT: u16 = 0x02FB;

/// Windows and enhanced metafiles.
#[derive(Debug)]
pub(in crate::formats) struct Metafile {
    info: &'static Info,
    is_enhanced: bool,
}

pub(in crate::formats) static EMF: Metafile = Metafile {
    info: &EMF_INFO,
    is_enhanced: true,
};
pub(in crate::formats) static WMF: Metafile = Metafile {
    info: &WMF_INFO,
    is_enhanced: false,
};

static EMF_INFO: Info = Info {
    id: "emf",
    name: "EMF",
    extensions: &["emf"],
    noun: "drawing",
    rows: &[RECORDS, BLANK],
    vocabulary: &[],
};
static WMF_INFO: Info = Info {
    id: "wmf",
    name: "WMF",
    extensions: &["wmf"],
    noun: "drawing",
    rows: &[RECORDS, BLANK],
    vocabulary: &[],
};

const RECORDS: Row = Row {
    what: "records",
    when: "all that draw, and what they draw with",
    how: How::Verbatim,
    why: "the drawing",
    spec: "MS-EMF; MS-EMFPLUS; MS-WMF",
};
const BLANK: Row = Row {
    what: "zeros",
    when: "in place of the description, of comments, and of bytes behind the end of names",
    how: How::Rebuild,
    why: "offsets in the file stay right",
    spec: "MS-EMF §2.3.3, §2.3.4.2; MS-WMF §2.3.6",
};

impl Format for Metafile {
    fn info(&self) -> &'static Info {
        self.info
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        if self.is_enhanced {
            let is_header = head.starts_with(&HEADER.to_le_bytes());
            return Confidence::Signature.when(is_header && head.get(40..44) == Some(b" EMF"));
        }
        match head {
            [0xD7, 0xCD, 0xC6, 0x9A, ..] => Confidence::Signature.when(true),
            // In memory or on disk; header of nine words; Windows 1 or 3.
            [1 | 2, 0, 9, 0, 0, 1 | 3, ..] => {
                Confidence::Plausible.when(head.get(16..18) == Some(&[0, 0]))
            }
            _ => None,
        }
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let blanks = self.blanks(source, cx)?;
        let mut splice = Splice::new(source, cx, self.info.name, "metafile.unused");
        let mut at = 0;
        for blank in blanks {
            let bytes = source.read(blank.span)?;
            if bytes.iter().all(|byte| *byte == 0) {
                continue;
            }
            splice.keep(Span::new(at, blank.span.start()), &RECORDS);
            at = blank.span.end();
            let since = splice.since();
            blank.tell(&bytes, &mut splice)?;
            let zeros = vec![0; bytes.len()];
            splice.rebuild(blank.span, &BLANK, zeros, since)?;
        }
        splice.keep(Span::new(at, source.len()), &RECORDS);
        splice.finish()
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let mut hasher = Hasher::new();
        let mut at = 0;
        for blank in self.blanks(source, cx)? {
            hasher.span(source, Span::new(at, blank.span.start()))?;
            hasher.label("blank", blank.span.len());
            at = blank.span.end();
        }
        hasher.span(source, Span::new(at, source.len()))?;
        Ok(hasher.finish())
    }

    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

impl Metafile {
    /// What becomes zeros, in file order.
    fn blanks(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Vec<Blank>> {
        if source.len() > LARGEST {
            return Err(Error::LimitExceeded { limit: "block" });
        }
        cx.memory(source.len())?;
        let bytes = source.read(source.whole())?;
        let mut walk = Walk {
            cx,
            name: self.info.name,
            blanks: Vec::new(),
        };
        if self.is_enhanced {
            walk.enhanced(&bytes)?;
        } else {
            walk.windows(&bytes)?;
        }
        let mut blanks = walk.blanks;
        blanks.retain(|blank| !blank.span.is_empty());
        Ok(blanks)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    /// Of an EMF: program and title.
    Description,
    Comment,
    /// Bytes of a field that no reader uses.
    Unused,
    Trailer,
}

#[derive(Clone, Copy, Debug)]
struct Blank {
    span: Span,
    what: What,
}

impl Blank {
    /// Adds what it says.
    fn tell(&self, bytes: &[u8], splice: &mut Splice<'_>) -> Result<()> {
        let found = &mut splice.found;
        match self.what {
            What::Description => {
                let (mut texts, all) = (Vec::new(), utf16(bytes));
                texts.extend(all.split('\0').filter(|text| !text.trim().is_empty()));
                let finding = |what| {
                    let category = Category::Device;
                    Finding::new(
                        "metafile.description",
                        category,
                        Severity::Medium,
                        "header",
                        what,
                    )
                };
                for (index, value) in texts.iter().enumerate() {
                    found.secrets.text(value);
                    if index == 0 {
                        found.add(finding("Creator").text(*value).role(Role::Software));
                    } else {
                        text::read(
                            "metafile.description",
                            "Title",
                            value,
                            "header",
                            splice.cx,
                            found,
                        )?;
                    }
                }
                if texts.is_empty() {
                    found.add(finding("description"));
                }
            }
            What::Comment => {
                let category = Category::Unknown;
                let what = "comment of the program that wrote it";
                let finding = Finding::new(
                    "metafile.comment",
                    category,
                    Severity::Medium,
                    "comment",
                    what,
                );
                found.secrets.harvest(bytes);
                found.secrets.harvest(utf16(bytes).as_bytes());
                found.add(finding.bytes(len_u64(bytes.len())));
            }
            // The splice says so.
            What::Unused => found.secrets.harvest(utf16(bytes).as_bytes()),
            What::Trailer => {
                let what = "bytes that belong to nothing";
                let finding = Finding::new(
                    "metafile.trailer",
                    Category::Unknown,
                    Severity::High,
                    "behind the records",
                    what,
                );
                found.secrets.harvest(bytes);
                found.add(finding.bytes(len_u64(bytes.len())));
            }
        }
        Ok(())
    }
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes
        .chunks_exact(2)
        .filter_map(|pair| Order::Little.u16(pair));
    char::decode_utf16(units)
        .filter_map(std::result::Result::ok)
        .collect()
}

struct Walk<'c, 'b> {
    cx: &'c Context<'b>,
    name: &'static str,
    blanks: Vec<Blank>,
}

impl Walk<'_, '_> {
    fn damaged(&self, at: usize) -> Error {
        Error::malformed(self.name, len_u64(at), "a record is damaged")
    }

    fn blank(&mut self, start: usize, end: usize, what: What) {
        let span = Span::new(len_u64(start), len_u64(end.max(start)));
        self.blanks.push(Blank { span, what });
    }

    /// The records of an EMF, of which these are the bytes.
    fn enhanced(&mut self, bytes: &[u8]) -> Result<()> {
        let mut at = 0_usize;
        let mut last = 0;
        while at.saturating_add(8) <= bytes.len() && last != EOF {
            self.cx.item()?;
            let (record, end) = self.record(bytes, at, number(bytes, at.saturating_add(4)), 8)?;
            last = number(record, 0).unwrap_or(0);
            match last {
                HEADER => self.header(record, at)?,
                COMMENT => self.comment(record, at)?,
                CREATE_FONT if record.len() >= 104 => {
                    self.name_field(record, at, 40..104);
                    // Full name and style: readers choose a font by its face name.
                    self.blank(
                        at.saturating_add(104),
                        at.saturating_add(record.len().min(296)),
                        What::Unused,
                    );
                }
                CREATE_COLOR_SPACE | CREATE_COLOR_SPACE_W => {
                    let len = if last == CREATE_COLOR_SPACE { 260 } else { 520 };
                    let end = record.len().min(80_usize.saturating_add(len));
                    self.blank(at.saturating_add(80), at.saturating_add(end), What::Unused);
                }
                _ => self.no_metadata(record)?,
            }
            at = end;
        }
        self.blank(at, bytes.len(), What::Trailer);
        Ok(())
    }

    /// A record, and where it ends.
    fn record<'r>(
        &self,
        bytes: &'r [u8],
        at: usize,
        size: Option<u32>,
        least: usize,
    ) -> Result<(&'r [u8], usize)> {
        let size = size.and_then(|size| usize::try_from(size).ok());
        let end = size
            .filter(|size| *size >= least)
            .and_then(|size| at.checked_add(size));
        let record = end.and_then(|end| Some((bytes.get(at..end)?, end)));
        record.ok_or_else(|| self.damaged(at))
    }

    /// `EMR_HEADER`: program and title, as UTF-16 (MS-EMF §2.2.9).
    fn header(&mut self, record: &[u8], at: usize) -> Result<()> {
        let (len, offset) = (field(record, 60), field(record, 64));
        if len == 0 || offset == 0 {
            return Ok(());
        }
        let end = len.checked_mul(2).and_then(|len| offset.checked_add(len));
        let end = end.filter(|end| *end <= record.len() && offset >= 88);
        let end = end.ok_or_else(|| self.damaged(at))?;
        self.blank(
            at.saturating_add(offset),
            at.saturating_add(end),
            What::Description,
        );
        Ok(())
    }

    /// `EMR_COMMENT` (MS-EMF §2.3.3): some draw.
    fn comment(&mut self, record: &[u8], at: usize) -> Result<()> {
        let end = at.saturating_add(record.len());
        match record.get(12..16) {
            Some(b"EMF+") => self.plus(record, at),
            // Fonts of a print job.
            Some(b"EMFS") => self.no_metadata(record),
            Some(b"GDIC") if number(record, 16) == Some(BEGIN_GROUP) => {
                self.blank(at.saturating_add(40), end, What::Comment);
                Ok(())
            }
            Some(b"GDIC") if number(record, 16) != Some(WINDOWS_METAFILE) => {
                self.no_metadata(record)
            }
            _ => {
                self.blank(at.saturating_add(12), end, What::Comment);
                Ok(())
            }
        }
    }

    /// The records of EMF+ inside a comment (MS-EMFPLUS §2.3).
    fn plus(&mut self, record: &[u8], start: usize) -> Result<()> {
        self.no_metadata(record)?;
        let mut at = 16_usize;
        while let (Some(kind), Some(size)) =
            (short(record, at), number(record, at.saturating_add(4)))
        {
            let end = usize::try_from(size).ok().filter(|size| *size >= 12);
            let end = end.and_then(|size| at.checked_add(size));
            let Some(end) = end.filter(|end| *end <= record.len()) else {
                break;
            };
            if kind == PLUS_COMMENT {
                let data = at.saturating_add(12);
                self.blank(
                    start.saturating_add(data),
                    start.saturating_add(end),
                    What::Comment,
                );
            }
            at = end;
        }
        // A metafile in an object of EMF+.
        let mut inner = memchr::memmem::find_iter(record, b" EMF");
        let tells = inner.any(|at| {
            let head = at.checked_sub(40).and_then(|at| record.get(at..));
            head.is_some_and(|head| head.starts_with(&[1, 0, 0, 0]) && field(head, 60) > 0)
        });
        if tells { Err(inside()) } else { Ok(()) }
    }

    /// The records of a WMF.
    fn windows(&mut self, bytes: &[u8]) -> Result<()> {
        let start: usize = if bytes.starts_with(&[0xD7, 0xCD, 0xC6, 0x9A]) {
            22
        } else {
            0
        };
        // The header is of nine words (MS-WMF §2.3.2.2).
        let words = short(bytes, start.saturating_add(2));
        let mut at = start.saturating_add(18);
        if words != Some(9) || bytes.len() < at {
            return Err(self.damaged(start));
        }
        // An EMF in pieces: where each of them begins, and how long it is.
        let mut pieces = Vec::new();
        let mut function = None;
        while at.saturating_add(6) <= bytes.len() && function != Some(0) {
            self.cx.item()?;
            let size = number(bytes, at).and_then(|words| words.checked_mul(2));
            let (record, end) = self.record(bytes, at, size, 6)?;
            function = short(record, 4);
            match function {
                Some(ESCAPE) => match (short(record, 6), record.get(10..14)) {
                    (Some(MF_COMMENT), Some(b"WMFC")) => pieces.push((at, record)),
                    _ => self.blank(at.saturating_add(10), end, What::Comment),
                },
                Some(CREATE_FONT_INDIRECT) => self.name_field(record, at, 24..record.len()),
                _ => self.no_metadata(record)?,
            }
            at = end;
        }
        self.enhanced_in_pieces(&pieces)?;
        self.blank(at, bytes.len(), What::Trailer);
        self.blanks.sort_by_key(|blank| blank.span.start());
        Ok(())
    }

    /// The same picture as EMF, in comments (MS-WMF §2.3.6.1, `META_ESCAPE_ENHANCED_METAFILE`).
    fn enhanced_in_pieces(&mut self, pieces: &[(usize, &[u8])]) -> Result<()> {
        /// Bytes of the record before the piece.
        const BEFORE: usize = 44;
        let mut whole = Vec::new();
        let mut places = Vec::new();
        for (at, record) in pieces {
            let len = field(record, 32);
            let piece = BEFORE
                .checked_add(len)
                .and_then(|end| record.get(BEFORE..end));
            let piece = piece.ok_or_else(|| self.damaged(*at))?;
            let before = whole.len();
            whole.extend_from_slice(piece);
            places.push((before, whole.len(), at.saturating_add(BEFORE)));
            // Behind the piece.
            let end = at.saturating_add(record.len());
            self.blank(
                at.saturating_add(BEFORE).saturating_add(len),
                end,
                What::Unused,
            );
        }
        if whole.is_empty() {
            return Ok(());
        }
        let mut inner = Walk {
            cx: self.cx,
            name: self.name,
            blanks: Vec::new(),
        };
        inner.enhanced(&whole)?;
        for blank in inner.blanks {
            for (from, to, at) in &places {
                let (from, to) = (len_u64(*from), len_u64(*to));
                let start = blank.span.start().max(from);
                let end = blank.span.end().min(to);
                if start < end {
                    let moved = |to: u64| to.saturating_sub(from).saturating_add(len_u64(*at));
                    let span = Span::new(moved(start), moved(end));
                    self.blanks.push(Blank {
                        span,
                        what: blank.what,
                    });
                }
            }
        }
        Ok(())
    }

    /// A name in a field of fixed length: what follows its end.
    fn name_field(&mut self, record: &[u8], at: usize, field: std::ops::Range<usize>) {
        let step = if self.name == EMF_INFO.name { 2 } else { 1 };
        let name = record.get(field.clone()).unwrap_or_default();
        let end = name
            .chunks(step)
            .position(|unit| unit.iter().all(|byte| *byte == 0));
        if let Some(end) = end {
            let start = field.start.saturating_add(end.saturating_mul(step));
            self.blank(
                at.saturating_add(start),
                at.saturating_add(field.end),
                What::Unused,
            );
        }
    }

    /// Refuses a picture with metadata of its own inside a record.
    fn no_metadata(&self, record: &[u8]) -> Result<()> {
        const MARKS: [&[u8]; 8] = [
            b"Exif\0\0",
            b"http://ns.adobe.com/",
            b"Photoshop 3.0",
            b"tEXt",
            b"iTXt",
            b"zTXt",
            b"eXIf",
            b"jumb",
        ];
        let mut marks = MARKS.iter();
        if marks.any(|mark| memchr::memmem::find(record, mark).is_some()) {
            return Err(inside());
        }
        Ok(())
    }
}

fn inside() -> Error {
    Error::unsupported(
        "a drawing with a picture inside that has metadata of its own; save the drawing as PNG, and clean \
         that",
    )
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Order::Little.u32(bytes.get(at..)?)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Order::Little.u16(bytes.get(at..)?)
}

/// A number as a length; zero, where there is none.
fn field(bytes: &[u8], at: usize) -> usize {
    number(bytes, at)
        .and_then(|it| usize::try_from(it).ok())
        .unwrap_or(0)
}
