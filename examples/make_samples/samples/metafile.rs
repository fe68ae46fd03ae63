//! Windows metafiles, with what programs and printers leave in them.

use super::seed::{Seeds, utf16le};
use super::{Expect, Sample};

fn record(kind: u32, data: &[u8]) -> Vec<u8> {
    let mut out = kind.to_le_bytes().to_vec();
    out.extend((data.len() as u32 + 8).to_le_bytes());
    out.extend(data);
    out
}

fn numbers(numbers: &[i32]) -> Vec<u8> {
    numbers.iter().flat_map(|it| it.to_le_bytes()).collect()
}

/// A text in a field of this many bytes.
fn field(mut text: Vec<u8>, len: usize) -> Vec<u8> {
    text.resize(len, 0);
    text
}

/// A rectangle with a description, and these records before it.
fn emf(description: &[u8], records: &[Vec<u8>]) -> Vec<u8> {
    let rectangle = record(43, &numbers(&[10, 10, 90, 60]));
    let end = record(14, &numbers(&[0, 16, 20]));
    let body = [records.concat(), rectangle, end].concat();
    let len = 100 + description.len();
    let mut head = numbers(&[0, 0, 100, 70, 0, 0, 2_646, 1_852]);
    head.extend(b" EMF");
    head.extend(numbers(&[
        0x1_0000,
        (len + body.len()) as i32,
        records.len() as i32 + 3,
        1,
    ]));
    let units = description.len() as i32 / 2;
    head.extend(numbers(&[
        units,
        if units > 0 { 100 } else { 0 },
        0,
        1_920,
        1_080,
        508,
        286,
    ]));
    head.extend(numbers(&[0, 0, 508_000, 285_750]));
    head.resize(92, 0);
    head[80..92].copy_from_slice(&numbers(&[0, 508_000, 285_750]));
    head.extend(description);
    [record(1, &head), body].concat()
}

fn comment(data: &[u8]) -> Vec<u8> {
    let data = field(data.to_vec(), data.len().div_ceil(4) * 4);
    record(70, &[numbers(&[data.len() as i32]), data].concat())
}

/// A font whose name is followed by what the program had in memory.
fn font(s: &mut Seeds) -> Vec<u8> {
    let mut data = numbers(&[1, -12, 0, 0, 0, 400, 0, 0]);
    let face = [
        utf16le("Arial\0"),
        s.utf16le("EMR_EXTCREATEFONTINDIRECTW/face", "C:\\"),
    ]
    .concat();
    data.extend(field(face, 64));
    data.extend(field(
        s.utf16le("EMR_EXTCREATEFONTINDIRECTW/full name", "C:\\Users\\"),
        128,
    ));
    data.extend(field(s.utf16le("EMR_EXTCREATEFONTINDIRECTW/style", ""), 64));
    data.resize(324, 0);
    record(82, &data)
}

fn drawing(s: &mut Seeds) -> Vec<u8> {
    let program = s.utf16le("EMR_HEADER/description", "Draw ");
    let title = s.utf16le("EMR_HEADER/title", "C:\\Users\\anna\\");
    let description = [program, vec![0, 0], title, vec![0, 0, 0, 0]].concat();
    let description = field(description.clone(), description.len().div_ceil(4) * 4);
    let group = [b"GDIC".to_vec(), numbers(&[2, 0, 0, 0, 0, 8])].concat();
    let group = [group, s.utf16le("EMR_COMMENT_BEGINGROUP", "")].concat();
    let plus = s.utf16le("EmfPlusComment", "");
    let plus = field(plus.clone(), plus.len().div_ceil(4) * 4);
    let mut inner = vec![3, 0x40, 0, 0];
    inner.extend(numbers(&[plus.len() as i32 + 12, plus.len() as i32]));
    inner.extend(plus);
    let mut out = emf(
        &description,
        &[
            comment(s.text("EMR_COMMENT", "Printed by ").as_bytes()),
            comment(&group),
            comment(&[b"EMF+".to_vec(), inner].concat()),
            font(s),
        ],
    );
    out.extend(s.text("behind the records", "").bytes());
    out
}

fn words(function: u16, data: &[u8]) -> Vec<u8> {
    let data = field(data.to_vec(), data.len().div_ceil(2) * 2);
    let mut out = (data.len() as u32 / 2 + 3).to_le_bytes().to_vec();
    out.extend(function.to_le_bytes());
    out.extend(data);
    out
}

fn wmf(records: &[Vec<u8>]) -> Vec<u8> {
    let rectangle = words(0x041B, &[60, 0, 90, 0, 10, 0, 10, 0]);
    let body = [records.concat(), rectangle, words(0, &[])].concat();
    let largest = records
        .iter()
        .map(|it| it.len() as u32 / 2)
        .max()
        .unwrap_or(7)
        .max(7);
    let mut out = vec![
        0xD7, 0xCD, 0xC6, 0x9A, 0, 0, 0, 0, 0, 0, 100, 0, 70, 0, 96, 0, 0, 0, 0, 0,
    ];
    let sum = out.chunks(2).fold(0u16, |sum, pair| {
        sum ^ u16::from_le_bytes([pair[0], pair[1]])
    });
    out.extend(sum.to_le_bytes());
    out.extend([1, 0, 9, 0, 0, 3]);
    out.extend((body.len() as u32 / 2 + 9).to_le_bytes());
    out.extend([1, 0]);
    out.extend(largest.to_le_bytes());
    out.extend([0, 0]);
    [out, body].concat()
}

fn escape(function: u16, data: &[u8]) -> Vec<u8> {
    let mut out = function.to_le_bytes().to_vec();
    out.extend((data.len() as u16).to_le_bytes());
    out.extend(data);
    words(0x0626, &out)
}

fn windows(s: &mut Seeds) -> Vec<u8> {
    let description = [
        s.utf16le("META_ESCAPE_ENHANCED_METAFILE/description", ""),
        vec![0; 2],
    ]
    .concat();
    let description = field(description.clone(), description.len().div_ceil(4) * 4);
    let inner = emf(&description, &[]);
    let half = inner.len() / 2;
    let piece = |data: &[u8], rest: usize| {
        let mut out = b"WMFC".to_vec();
        out.extend(numbers(&[1, 0x1_0000]));
        out.extend([0, 0]);
        out.extend(numbers(&[
            0,
            2,
            data.len() as i32,
            rest as i32,
            inner.len() as i32,
        ]));
        out.extend(data);
        escape(15, &out)
    };
    let mut face = vec![0; 18];
    face.extend(field(
        [
            b"Arial\0".to_vec(),
            s.text("META_CREATEFONTINDIRECT", "").into_bytes(),
        ]
        .concat(),
        32,
    ));
    wmf(&[
        escape(15, s.text("META_ESCAPE/MFCOMMENT", "").as_bytes()),
        escape(10, s.text("META_ESCAPE/STARTDOC", "letter ").as_bytes()),
        piece(&inner[..half], inner.len() - half),
        piece(&inner[half..], 0),
        words(0x02FB, &face),
    ])
}

/// All of them.
pub fn all() -> Vec<Sample> {
    let one = |id,
               name: &str,
               imitates: &str,
               how: &str,
               expect,
               make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
        Sample::new(id, name, imitates, how, expect, make)
    };
    vec![
        one(
            "emf",
            "drawing.emf",
            "a drawing that was copied out of a program",
            "description, comments, EMF+ comment, a font with memory behind its name, bytes behind the end",
            Expect::Cleaned,
            &drawing,
        ),
        one(
            "emf",
            "clean.emf",
            "a drawing without anything",
            "header, rectangle, end",
            Expect::AlreadyClean,
            &|_| emf(&[], &[]),
        ),
        one(
            "wmf",
            "drawing.wmf",
            "a drawing that was converted from EMF",
            "comment, name of a print job, the EMF in two pieces, a font with memory behind its name",
            Expect::Cleaned,
            &windows,
        ),
        one(
            "wmf",
            "clean.wmf",
            "a drawing without anything",
            "header, rectangle, end",
            Expect::AlreadyClean,
            &|_| wmf(&[]),
        ),
        one(
            "wmf",
            "damaged-record.wmf",
            "a damaged file",
            "a record that is longer than the file",
            Expect::Refused,
            &|_| {
                let mut out = wmf(&[]);
                out[40] = 0x70;
                out
            },
        ),
    ]
}
