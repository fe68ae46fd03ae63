//! Content credentials (C2PA 2.1) in JUMBF boxes (ISO/IEC 19566-5). The signature signs nothing.

use super::mp4::boxed;
use super::seed::Seeds;

fn superbox(kind: &[u8; 4], label: &str, content: &[u8]) -> Vec<u8> {
    let uuid = [&kind[..], b"\0\x11\0\x10\x80\0\0\xAA\08\x9Bq"].concat();
    let description = boxed(b"jumd", &[&uuid[..], &[3], label.as_bytes(), &[0]].concat());
    boxed(b"jumb", &[&description, content].concat())
}

fn cbor_text(text: &str) -> Vec<u8> {
    let mut out = vec![0x78, text.len() as u8];
    out.extend(text.bytes());
    out
}

/// A map of text to text.
fn cbor(pairs: &[(&str, String)]) -> Vec<u8> {
    let mut out = vec![0xA0 | pairs.len() as u8];
    for (key, value) in pairs {
        out.extend(cbor_text(key));
        out.extend(cbor_text(value));
    }
    boxed(b"cbor", &out)
}

/// A manifest store with one manifest: Exif with a position, author, actions, thumbnail, claim, signature.
pub fn store(s: &mut Seeds, thumb: &[u8]) -> Vec<u8> {
    s.at("C2PA", |s| {
        let (lat, lon) = s.position("stds.exif").xmp();
        s.spelled("stds.exif/EXIF:GPSLatitude", &lat);
        s.spelled("stds.exif/EXIF:GPSLongitude", &lon);
        let exif = format!("{{\"EXIF:GPSLatitude\":\"{lat}\",\"EXIF:GPSLongitude\":\"{lon}\"}}");
        let author = s.text("stds.schema-org.CreativeWork", "Anna Exempel ");
        let work = format!("{{\"@type\":\"CreativeWork\",\"author\":[{{\"name\":\"{author}\"}}]}}");
        let actions = cbor(&[
            ("action", "c2pa.edited".into()),
            (
                "softwareAgent",
                s.text("c2pa.actions/softwareAgent", "Editor "),
            ),
            ("when", s.iso_date("c2pa.actions/when")),
        ]);
        let binding = cbor(&[("alg", s.text("c2pa.soft-binding", "mark "))]);
        let picture = [boxed(b"bfdb", b"\0image/jpeg\0"), boxed(b"bidb", thumb)].concat();
        let assertions = [
            superbox(b"json", "stds.exif", &boxed(b"json", exif.as_bytes())),
            superbox(
                b"json",
                "stds.schema-org.CreativeWork",
                &boxed(b"json", work.as_bytes()),
            ),
            superbox(b"cbor", "c2pa.actions", &actions),
            superbox(b"cbor", "c2pa.soft-binding", &binding),
            superbox(b"@\xCB\x0C2", "c2pa.thumbnail.claim.jpeg", &picture),
        ]
        .concat();
        let claim = cbor(&[
            ("claim_generator", s.text("c2pa.claim", "camera ")),
            ("instanceID", s.text("c2pa.claim/instanceID", "xmp:iid:")),
        ]);
        let signature = cbor(&[("signer", s.text("c2pa.signature", "CN=Anna Exempel "))]);
        let manifest = [
            superbox(b"c2as", "c2pa.assertions", &assertions),
            superbox(b"c2cl", "c2pa.claim", &claim),
            superbox(b"c2cs", "c2pa.signature", &signature),
        ]
        .concat();
        let label = s.text("manifest label", "urn:uuid:");
        superbox(b"c2pa", "c2pa", &superbox(b"c2ma", &label, &manifest))
    })
}

/// The APP11 payloads of a box, in `pieces` pieces; each repeats the box header.
pub fn app11(store: &[u8], pieces: usize) -> Vec<Vec<u8>> {
    let (header, body) = store.split_at(8);
    // Not in the middle, where a secret would be cut in two.
    let size = (body.len() * 3 / 4).max(body.len().div_ceil(pieces));
    (1_u32..)
        .zip(body.chunks(size))
        .map(|(sequence, piece)| [b"JP\0\x01", &sequence.to_be_bytes()[..], header, piece].concat())
        .collect()
}
