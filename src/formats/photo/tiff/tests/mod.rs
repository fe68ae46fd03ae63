//! TIFFs made in code, with something hidden in every structure.

mod coded;
mod dng;
mod extents;
mod hostile;
mod structure;
mod unseen;

use super::{DNG, TIFF};
use crate::bytes::testing::Only;
use crate::bytes::{Budget, Context, Nested, Order, Source, is_identity, run};
use crate::containers::tiff::ifd::{Spans, field};
use crate::containers::tiff::write::{Data, Form, Table};
use crate::formats::Format;
use crate::model::{
    Error, Examined, Finding, Found, Limits, Plan, Policy, Result, Span, Step, len_u64,
};

const SECRET: &[u8] = b"57.70890N 11.97460E";
const LITTLE: Form = Form {
    order: Order::Little,
    big: false,
};
const FORMS: [Form; 4] = [
    LITTLE,
    Form {
        order: Order::Big,
        big: false,
    },
    Form {
        order: Order::Little,
        big: true,
    },
    Form {
        order: Order::Big,
        big: true,
    },
];

/// Stands for the pipeline: a WebP ends before the secret.
fn inside() -> impl Nested {
    Only("webp", |source: &Source<'_>| {
        let bytes = source.read(source.whole())?;
        let end = memchr::memmem::find(&bytes, SECRET).unwrap_or(bytes.len());
        let mut plan = Plan::new();
        plan.push(Step::Copy(Span::new(0, len_u64(end))));
        Ok(Examined::rebuilt(Found::default(), Vec::new(), plan))
    })
}

/// A directory to be filled, and the form of its file.
struct Ifd(Table, Form);

impl Ifd {
    fn new(form: Form) -> Self {
        Self(Table::default(), form)
    }

    fn short(mut self, tag: u16, values: &[u16]) -> Self {
        let mut bytes = Vec::new();
        values
            .iter()
            .for_each(|n| self.1.order.put_u16(&mut bytes, *n));
        self.0.bytes(tag, field::SHORT, values.len() as u64, bytes);
        self
    }

    fn long(mut self, tag: u16, values: &[u32]) -> Self {
        let mut bytes = Vec::new();
        values
            .iter()
            .for_each(|n| self.1.order.put_u32(&mut bytes, *n));
        self.0.bytes(tag, field::LONG, values.len() as u64, bytes);
        self
    }

    fn raw(mut self, tag: u16, kind: u16, bytes: &[u8]) -> Self {
        self.0.bytes(tag, kind, bytes.len() as u64, bytes.to_vec());
        self
    }

    fn ascii(self, tag: u16, text: &[u8]) -> Self {
        self.raw(tag, field::ASCII, &[text, b"\0"].concat())
    }

    fn below(mut self, tag: u16, tables: Vec<Self>) -> Self {
        self.0.tables(
            tag,
            field::LONG,
            tables.into_iter().map(|it| it.0).collect(),
        );
        self
    }

    /// All rows in one strip, whose length is said to be `len`.
    fn one_strip(mut self, strip: &[u8], len: u32) -> Self {
        let pieces = vec![Step::bytes(strip.to_vec())];
        let data = self.0.data(Data { pieces });
        self.0.offsets(0x0111, vec![Some((data, 0))]);
        self.long(0x0117, &[len])
    }

    fn strips(mut self, strips: &[&[u8]]) -> Self {
        let mut offsets = Vec::new();
        for strip in strips {
            let pieces = vec![Step::bytes(strip.to_vec())];
            offsets.push(Some((self.0.data(Data { pieces }), 0)));
        }
        self.0.offsets(0x0111, offsets);
        if self.1.big {
            let mut bytes = Vec::new();
            let order = self.1.order;
            strips
                .iter()
                .for_each(|strip| order.put_u64(&mut bytes, strip.len() as u64));
            self.0
                .bytes(0x0117, field::LONG8, strips.len() as u64, bytes);
            return self;
        }
        let lengths: Vec<u32> = strips.iter().map(|strip| strip.len() as u32).collect();
        self.long(0x0117, &lengths)
    }
}

/// 4 × 4 grey pixels in two strips.
fn grey(form: Form, compression: u16) -> Ifd {
    Ifd::new(form)
        .short(0x0100, &[4])
        .short(0x0101, &[4])
        .short(0x0102, &[8])
        .short(0x0103, &[compression])
        .short(0x0106, &[1])
        .short(0x0115, &[1])
        .short(0x0116, &[2])
}

fn plain(form: Form) -> Ifd {
    grey(form, 1).strips(&[b"abcdefgh", b"ijklmnop"])
}

fn file(form: Form, pages: Vec<Ifd>) -> Vec<u8> {
    let plan = form
        .file(pages.into_iter().map(|page| page.0).collect())
        .unwrap();
    let mut out = Vec::new();
    run(&plan, &Source::memory(&[]), &mut out).unwrap();
    out
}

struct Cleaned {
    findings: Vec<Finding>,
    residue: Vec<Finding>,
    bytes: Vec<u8>,
}

/// Cleans, and checks all that must hold for every TIFF.
fn clean(input: &[u8]) -> Result<Cleaned> {
    let once = |input: &[u8]| {
        let budget = Budget::new(Limits::default());
        let inside = inside();
        let cx = &Context::new(&budget, &inside, &|| None, Policy::SHARE);
        let source = Source::memory(input);
        let inspection = TIFF.examine(&source, cx)?;
        let plan = inspection.plan.clone();
        let mut out = Vec::new();
        run(&plan, &source, &mut out)?;
        let digest = |bytes: &[u8]| TIFF.payload_digest(&Source::memory(bytes), cx);
        assert_eq!(digest(input)?, digest(&out)?);
        Ok::<_, Error>((inspection, out, is_identity(&plan, &source)?))
    };
    let (inspection, bytes, same) = once(input)?;
    assert_eq!(same, inspection.found.findings.is_empty());
    let (again, twice, same) = once(&bytes)?;
    assert!(
        again.found.findings.is_empty(),
        "{:?}",
        again.found.findings
    );
    assert!(same && twice == bytes);
    assert!(covered(&bytes), "bytes that nothing points to");
    Ok(Cleaned {
        findings: inspection.found.findings,
        residue: inspection.residue,
        bytes,
    })
}

/// Whether a reader of its own finds each byte of a file asked for by some structure, alignment aside.
fn covered(bytes: &[u8]) -> bool {
    use crate::containers::tiff::ifd::Tiff;
    let (tiff, first) = Tiff::open(bytes).unwrap();
    let mut claimed = Spans::default();
    claimed.claim(crate::model::Span::new(0, tiff.header_len()));
    let mut queue = vec![first];
    while let Some(at) = queue.pop() {
        let ifd = tiff.ifd(at).unwrap();
        claimed.claim(ifd.span);
        for entry in &ifd.entries {
            claimed.claim(entry.span);
            let pair = match entry.tag {
                0x0111 => ifd.get(0x0117),
                0x0144 => ifd.get(0x0145),
                0x0201 => ifd.get(0x0202),
                0x014A | 0x8769 | 0xA005 => {
                    queue.extend((0..entry.count as usize).filter_map(|n| entry.uint(n)));
                    None
                }
                _ => None,
            };
            for n in 0..entry.count as usize {
                if let Some(len) = pair.and_then(|lengths| lengths.uint(n)) {
                    let at = entry.uint(n).unwrap();
                    claimed.claim(crate::model::Span::new(at, at + len));
                }
            }
        }
        queue.extend(ifd.next);
    }
    claimed.gaps(bytes.len() as u64).iter().all(|gap| {
        let gap = &bytes[gap.start() as usize..gap.end() as usize];
        gap.len() < 8 && gap.iter().all(|byte| *byte == 0)
    })
}

fn ids(cleaned: &Cleaned) -> Vec<&'static str> {
    cleaned.findings.iter().map(|finding| finding.id).collect()
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(hay, needle).is_some()
}

/// The secret goes, and the finding of this id says so.
fn secret_goes(input: &[u8], id: &str) -> Cleaned {
    let cleaned = clean(input).unwrap();
    assert!(ids(&cleaned).contains(&id), "{:?}", cleaned.findings);
    assert!(!contains(&cleaned.bytes, SECRET));
    cleaned
}

const JPEG: &[u8] = b"\xFF\xD8\xFF\xDA\0\x08\x01\x01\0\0\x3F\0\x01\x02\xFF\0\x03\xFF\xD9";

fn jpeg_with(segments: &[u8]) -> Vec<u8> {
    [&JPEG[..2], segments, &JPEG[2..]].concat()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let level = flate2::Compression::default();
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
