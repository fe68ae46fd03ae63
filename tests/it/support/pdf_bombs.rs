//! PDF files made to hurt: work that grows faster than the file, loops, lengths that lie.

use super::bombs::zlib_of;

/// A file of these objects, the first of which is the catalogue. `more` rows lead to the last one.
fn pdf(objects: &[Vec<u8>], more: usize) -> Vec<u8> {
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut rows = Vec::new();
    for (number, object) in (1..).zip(objects) {
        rows.push(out.len());
        out.extend(format!("{number} 0 obj\n").bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    rows.extend(vec![*rows.last().unwrap(); more]);
    let (at, size) = (out.len(), rows.len() + 1);
    out.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
    for row in rows {
        out.extend(format!("{row:010} 00000 n \n").bytes());
    }
    let end = format!("trailer\n<</Root 1 0 R/Size {size}>>\nstartxref\n{at}\n%%EOF\n");
    out.extend(end.bytes());
    out
}

fn stream(keys: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<<{keys}/Length {}>>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

fn deflated(data: &[u8]) -> Vec<u8> {
    stream("/Filter/FlateDecode", &zlib_of(data))
}

fn text(object: &str) -> Vec<u8> {
    object.as_bytes().to_vec()
}

/// Catalogue, page tree, a page with more keys, and its content.
fn page(keys: &str, content: Vec<u8>, more: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R{keys}>>");
    let mut out = vec![
        text("<</Type/Catalog/Pages 2 0 R>>"),
        text("<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        text(&page),
        content,
    ];
    out.extend(more);
    out
}

/// Pages that share their content.
fn pages(count: usize, content: &[u8]) -> Vec<u8> {
    let kids: String = (4..4 + count).map(|n| format!("{n} 0 R ")).collect();
    let mut objects = vec![
        text("<</Type/Catalog/Pages 2 0 R>>"),
        text(&format!("<</Type/Pages/Kids[{kids}]/Count {count}>>")),
        deflated(content),
    ];
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 3 0 R>>";
    objects.resize(count + 3, text(page));
    pdf(&objects, 0)
}

/// Forms that draw each other, eight times each.
fn forms() -> Vec<u8> {
    let form = |next: usize| {
        let keys = format!("/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {next} 0 R>>>>");
        stream(&keys, &b"/X Do ".repeat(8))
    };
    let resources = "/Resources<</XObject<</X 5 0 R>>>>";
    let forms = (6..20).map(form).collect();
    pdf(&page(resources, stream("", &b"/X Do ".repeat(8)), forms), 0)
}

/// Content that names resources again and again, of which there are many.
fn lookups() -> Vec<u8> {
    let names: String = (0..20_000).map(|n| format!("/X{n} 5 0 R")).collect();
    let resources = format!("/Resources<</XObject<<{names}>>>>");
    let form = stream("/Subtype/Form/BBox[0 0 9 9]", b"n");
    let content = deflated(&b"/X0 Do\n".repeat(100_000));
    pdf(&page(&resources, content, vec![form]), 0)
}

/// Rows of the cross-reference that all lead to one large object.
fn one_object() -> Vec<u8> {
    let keys: String = (0..40_000)
        .map(|n| format!("/K{n}(xxxxxxxxxxxxx)"))
        .collect();
    let large = text(&format!("<<{keys}>>"));
    pdf(&page("", stream("", b"0 g"), vec![large]), 60_000)
}

/// Objects that begin inside each other and have no end.
fn open_strings() -> Vec<u8> {
    let mut out = pdf(&page("", stream("", b"0 g"), Vec::new()), 0);
    let cut = memchr::memmem::rfind(&out, b"xref\n0").unwrap();
    out.truncate(cut);
    out.extend(
        (5..60_000).flat_map(|n| format!("{n} 0 obj(xxxxxxxxxxxxxxxxxxxxxxxx\n").into_bytes()),
    );
    out.extend(b"trailer<</Root 1 0 R>>");
    out
}

/// Streams without an end.
fn open_streams() -> Vec<u8> {
    let mut out = pdf(&page("", stream("", b"0 g"), Vec::new()), 0);
    let cut = memchr::memmem::rfind(&out, b"xref\n0").unwrap();
    out.truncate(cut);
    out.extend(
        (5..60_000).flat_map(|n| format!("{n} 0 obj<<>>stream\nxxxxxxxxxxxxxxx\n").into_bytes()),
    );
    out.extend(b"trailer<</Root 1 0 R>>");
    out
}

/// A row of pixels that is longer than all memory.
fn long_row() -> Vec<u8> {
    let keys = "/Type/XRef/W[1 2 1]/Size 9/Root 1 0 R/Filter/FlateDecode\
                /DecodeParms<</Predictor 12/Columns 2000000000/Colors 2000000000>>";
    let table = stream(keys, &zlib_of(&[0; 4096]));
    [
        b"%PDF-1.5\n9 0 obj\n",
        &table[..],
        b"\nendobj\nstartxref\n9\n%%EOF",
    ]
    .concat()
}

pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let boxes = [
        b"BT /F 9 Tf ".to_vec(),
        b"1 0 0 1 9 9 Tm (xxx) Tj ".repeat(6000),
        b"ET ".to_vec(),
        b"0 0 9 2 re f ".repeat(1500),
    ];
    vec![
        ("forms.pdf", forms()),
        ("lookups.pdf", lookups()),
        ("one-object.pdf", one_object()),
        ("open-strings.pdf", open_strings()),
        ("open-streams.pdf", open_streams()),
        ("long-row.pdf", long_row()),
        (
            "rows.pdf",
            pdf(&page("", stream("", b"0 g"), Vec::new()), 1_000_000),
        ),
        (
            "shared.pdf",
            pages(2000, &b"0 0 1 1 re f (x) Tj\n".repeat(50_000)),
        ),
        ("boxes.pdf", pages(2000, &boxes.concat())),
        (
            "comments.pdf",
            pdf(&page("", deflated(&b"%a\n".repeat(3 << 20)), Vec::new()), 0),
        ),
    ]
}
