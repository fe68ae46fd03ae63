//! The copy as bytes: header, objects, one cross-reference.

use super::body::Body;
use super::copy::Made;
use super::report::zipped;
use crate::containers::pdf::{Dict, Object, put_object};
use crate::model::{Plan, Result, Step, fit, len_u64};

/// Objects in one object stream.
const BUNDLE: usize = 200;

/// Where an object is located in the copy.
enum Where {
    At(u64),
    In(u32, usize),
}

/// Lays out a copy. From version 1.5 on, objects without data are compressed.
pub(super) fn plan(made: Vec<Made>, version: (u8, u8)) -> Result<Plan> {
    let mut out = Writer {
        plan: Plan::new(),
        len: 0,
    };
    let (major, minor) = version;
    out.bytes(
        format!("%PDF-{major}.{minor}\n%\u{e2}\u{e3}\u{cf}\u{d3}\n")
            .chars()
            .map(latin)
            .collect(),
    );
    if version >= (1, 5) {
        compressed(&mut out, made)?;
    } else {
        classic(&mut out, made)?;
    }
    Ok(out.plan)
}

fn latin(c: char) -> u8 {
    u8::try_from(u32::from(c)).unwrap_or(b'?')
}

struct Writer {
    plan: Plan,
    len: u64,
}

impl Writer {
    fn bytes(&mut self, bytes: Vec<u8>) {
        self.len = self.len.saturating_add(len_u64(bytes.len()));
        self.plan.bytes(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes().to_vec());
    }

    /// An object with its number; returns where it begins.
    fn object(&mut self, number: u32, made: Made) -> u64 {
        let at = self.len;
        let mut head = format!("{number} 0 obj\n").into_bytes();
        match made.body {
            None => {
                put_object(&mut head, &made.object);
                head.extend_from_slice(b"\nendobj\n");
                self.bytes(head);
            }
            Some(body) => {
                let len = match &body {
                    Body::Copy(span) => span.len(),
                    Body::Plan(plan) => plan.len(),
                    Body::Bytes(bytes) => len_u64(bytes.len()),
                };
                let mut dict = match made.object {
                    Object::Dict(dict) => dict,
                    _ => Dict::default(),
                };
                dict.set(
                    *b"Length",
                    Object::Int(i64::try_from(len).unwrap_or(i64::MAX)),
                );
                put_object(&mut head, &Object::Dict(dict));
                head.extend_from_slice(b"\nstream\n");
                self.bytes(head);
                match body {
                    Body::Copy(span) => self.plan.push(Step::Copy(span)),
                    Body::Plan(plan) => {
                        for step in plan.steps() {
                            self.plan.push(step.clone());
                        }
                    }
                    Body::Bytes(bytes) => self.plan.bytes(bytes),
                }
                self.len = self.len.saturating_add(len);
                self.text("\nendstream\nendobj\n");
            }
        }
        at
    }
}

fn classic(out: &mut Writer, made: Vec<Made>) -> Result<()> {
    let mut offsets = Vec::with_capacity(made.len());
    for (number, made) in (1u32..).zip(made) {
        offsets.push(out.object(number, made));
    }
    let size = offsets.len().saturating_add(1);
    let at = out.len;
    let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n").into_bytes();
    for offset in offsets {
        table.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    out.bytes(table);
    out.text(&format!(
        "trailer\n<</Root 1 0 R/Size {size}>>\nstartxref\n{at}\n%%EOF\n"
    ));
    Ok(())
}

fn compressed(out: &mut Writer, made: Vec<Made>) -> Result<()> {
    let mut places = Vec::with_capacity(made.len());
    let mut waiting: Vec<(u32, Object)> = Vec::new();
    let mut next = fit::<u32>(made.len())?.saturating_add(1);
    let mut bundles = Vec::new();
    for (number, made) in (1u32..).zip(made) {
        if made.body.is_some() {
            places.push(Where::At(out.object(number, made)));
            continue;
        }
        places.push(Where::In(next, waiting.len()));
        waiting.push((number, made.object));
        if waiting.len() >= BUNDLE {
            bundles.push((next, std::mem::take(&mut waiting)));
            next = next.saturating_add(1);
        }
    }
    if !waiting.is_empty() {
        bundles.push((next, waiting));
        next = next.saturating_add(1);
    }
    for (number, objects) in bundles {
        places.push(Where::At(bundle(out, number, &objects)?));
    }
    let at = out.len;
    places.push(Where::At(at));
    let mut rows = vec![0u8, 0, 0, 0, 0, 0, 0, 0, 0];
    for place in &places {
        let (kind, second, third) = match place {
            Where::At(offset) => (1, *offset, 0),
            Where::In(outer, index) => (2, u64::from(*outer), *index),
        };
        rows.push(kind);
        rows.extend(second.to_be_bytes().iter().skip(2));
        rows.extend(u16::try_from(third).unwrap_or(0).to_be_bytes());
    }
    let mut dict = Dict::default();
    dict.set(*b"Filter", Object::name("FlateDecode"));
    dict.set(*b"Root", reference(1));
    dict.set(*b"Size", Object::Int(i64::from(next).saturating_add(1)));
    dict.set(*b"Type", Object::name("XRef"));
    dict.set(
        *b"W",
        Object::Array(vec![Object::Int(1), Object::Int(6), Object::Int(2)]),
    );
    let table = Made {
        object: Object::Dict(dict),
        body: Some(Body::Bytes(zipped(&rows)?)),
    };
    out.object(next, table);
    out.text(&format!("startxref\n{at}\n%%EOF\n"));
    Ok(())
}

fn reference(number: u32) -> Object {
    Object::Ref(crate::containers::pdf::Id {
        number,
        generation: 0,
    })
}

/// An object stream (ISO 32000-1 §7.5.7).
fn bundle(out: &mut Writer, number: u32, objects: &[(u32, Object)]) -> Result<u64> {
    let (mut head, mut body) = (String::new(), Vec::new());
    for (number, object) in objects {
        head.push_str(&format!("{number} {} ", body.len()));
        put_object(&mut body, object);
        body.push(b'\n');
    }
    let mut dict = Dict::default();
    let int = |n: usize| Object::Int(i64::try_from(n).unwrap_or(0));
    dict.set(*b"Filter", Object::name("FlateDecode"));
    dict.set(*b"First", int(head.len()));
    dict.set(*b"N", int(objects.len()));
    dict.set(*b"Type", Object::name("ObjStm"));
    let bytes = [head.as_bytes(), &body].concat();
    let made = Made {
        object: Object::Dict(dict),
        body: Some(Body::Bytes(zipped(&bytes)?)),
    };
    Ok(out.object(number, made))
}
