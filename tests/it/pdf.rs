//! Copies of PDF files, read by a library that the program does not use.

use std::collections::BTreeMap;

use lopdf::{Document, Object, ObjectId};

use crate::samples::{Sample, listed};
use crate::support::desk::Desk;
use crate::support::samples::folder;

/// All objects, with the data of streams decoded where the library can.
fn contents(document: &Document) -> Vec<u8> {
    let mut out = Vec::new();
    for object in document.objects.values() {
        look(object, &mut out);
    }
    for (key, value) in document.trailer.iter() {
        out.extend_from_slice(key);
        look(value, &mut out);
    }
    out
}

fn look(object: &Object, out: &mut Vec<u8>) {
    out.push(b'\n');
    match object {
        Object::Name(bytes) | Object::String(bytes, _) => out.extend_from_slice(bytes),
        Object::Array(items) => items.iter().for_each(|item| look(item, out)),
        Object::Dictionary(dict) => {
            for (key, value) in dict.iter() {
                out.extend_from_slice(key);
                look(value, out);
            }
        }
        Object::Stream(stream) => {
            for (key, value) in stream.dict.iter() {
                out.extend_from_slice(key);
                look(value, out);
            }
            out.extend_from_slice(&stream.content);
            if let Ok(data) = stream.decompressed_content() {
                out.extend_from_slice(&data);
            }
        }
        other => out.extend_from_slice(format!("{other:?}").as_bytes()),
    }
}

/// What each page draws, without comments.
fn pages(document: &Document) -> Vec<Vec<(String, Vec<Object>)>> {
    let pages: BTreeMap<u32, ObjectId> = document.get_pages();
    let content = pages.values().map(|id| {
        let content = document.get_page_content(*id);
        let content = lopdf::content::Content::decode(&content).unwrap();
        let operations = content.operations.into_iter();
        operations
            .map(|operation| (operation.operator, operation.operands))
            .collect()
    });
    content.collect()
}

fn spelled(secret: &crate::samples::Secret) -> Vec<u8> {
    let units = secret.marker.encode_utf16();
    match &*secret.encoding {
        "utf16le" => units.flat_map(u16::to_le_bytes).collect(),
        "utf16be" => units.flat_map(u16::to_be_bytes).collect(),
        "bytes" => {
            let digits = secret.marker.as_bytes().chunks(2);
            let pairs = digits.map(|pair| std::str::from_utf8(pair).unwrap());
            pairs
                .map(|pair| u8::from_str_radix(pair, 16).unwrap())
                .collect()
        }
        _ => secret.marker.as_bytes().to_vec(),
    }
}

/// The record about a sample, and its copy.
fn cleaned(sample: &Sample) -> (serde_json::Value, Vec<u8>) {
    let desk = Desk::new();
    let input = std::fs::read(folder().join(&sample.file)).unwrap();
    desk.write("letter.pdf", &input);
    let said = desk.run(["clean", "--allow-signed", "--jsonl", "letter.pdf"]);
    let record = said.about("letter.pdf");
    let output = record["output"]
        .as_str()
        .unwrap_or_else(|| panic!("{record}"));
    let output = std::fs::read(desk.path(output)).unwrap();
    (record, output)
}

fn samples() -> impl Iterator<Item = Sample> {
    listed().into_iter().filter(|sample| sample.format == "pdf")
}

#[test]
fn another_library_reads_the_same_pages_and_no_secret() {
    for sample in samples() {
        let input = std::fs::read(folder().join(&sample.file)).unwrap();
        let start = memchr::memmem::find(&input, b"%PDF-").unwrap();
        let before = Document::load_mem(&input[start..]).unwrap();
        let (_, output) = cleaned(&sample);
        let after = Document::load_mem(&output).unwrap();
        assert!(!after.trailer.has(b"Prev") && !after.trailer.has(b"Info"));
        assert_eq!(memchr::memmem::find_iter(&output, b"startxref").count(), 1);
        let (before, before_pages) = (contents(&before), pages(&before));
        let (after, after_pages) = (contents(&after), pages(&after));
        assert_eq!(before_pages.len(), after_pages.len(), "{}", sample.file);
        for (before, after) in before_pages.iter().zip(&after_pages) {
            let operators = |page: &[(String, Vec<Object>)]| -> Vec<String> {
                page.iter().map(|(operator, _)| operator.clone()).collect()
            };
            assert_eq!(operators(before), operators(after), "{}", sample.file);
        }
        let mut seen = 0;
        for secret in &sample.secrets {
            let marker = spelled(secret);
            let found = |hay: &[u8]| memchr::memmem::find(hay, &marker).is_some();
            seen += usize::from(found(&before));
            assert!(
                !found(&after) && !found(&output),
                "{}: {}",
                sample.file,
                secret.place
            );
        }
        assert!(
            seen > 0,
            "{}: the library sees none of the secrets",
            sample.file
        );
    }
}

#[test]
fn all_that_an_authority_leaves_in_a_letter_is_named() {
    let sample = samples()
        .find(|sample| sample.file == "pdf/authority.pdf")
        .unwrap();
    let (record, _) = cleaned(&sample);
    assert_eq!(record["outcome"], "reduced");
    let ids = |list: &str| -> Vec<String> {
        let findings = record[list].as_array().unwrap().iter();
        findings
            .map(|finding| finding["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(
        ids("residue").contains(&"pdf.ocg.hidden".to_owned()),
        "{record}"
    );
    let found = ids("findings");
    for id in [
        "pdf.head",
        "pdf.revisions",
        "pdf.info",
        "pdf.id",
        "pdf.images.unused",
        "pdf.geo",
        "pdf.embedded",
        "pdf.embedded.portfolio",
        "pdf.annots",
        "pdf.pieceinfo",
        "pdf.javascript",
        "pdf.links",
        "pdf.thumb",
        "pdf.ocg",
        "pdf.signature",
        "pdf.contents.comment",
        "pdf.contents.properties",
    ] {
        assert!(
            found.iter().any(|known| known == id),
            "{id} is not named: {found:?}"
        );
    }
    let places: Vec<&str> = record["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["where"].as_str())
        .collect();
    for place in ["page 1/picture", "page 1/content", "page 1/Page"] {
        assert!(
            places.iter().any(|known| known.starts_with(place)),
            "{place}: {places:?}"
        );
    }
}
