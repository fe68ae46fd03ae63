//! Kinds of files that are recognised and never cleaned, and the reason for each.

/// Reason and advice for DICOM files.
const DICOM: &str = "a medical picture (DICOM), which names the patient in many places; save it as \
    PNG in a program you trust and clean that, or use a program that de-identifies DICOM";
/// Reason and advice for FITS files.
const FITS: &str = "a scientific picture (FITS), which tells who took it, where and when; save the \
    picture in it as PNG, and clean that";

/// Reason and advice for PostScript files.
const POSTSCRIPT: &str = "a PostScript or EPS file, which is a program that names its author, its path and \
    the time; save it as PDF in a program you trust, and clean that";
/// Reason and advice for OLE2 files: Office documents before 2007, and newer ones that are encrypted.
const OLE: &str = "an older Office document, or one with a password; remove the password, save it as \
    docx, xlsx or pptx, and clean that";
/// Reason and advice for archives.
const ARCHIVE: &str = "an archive; extract it and clean the folder with the files from it";

/// Reason and advice for films.
const FILM: &str = "a film, which can tell where, when and with which device it was made; do not hand it \
    on, but take screenshots of what matters and clean those";
/// Reason and advice for sound.
const SOUND: &str = "a sound recording, which can tell where, when and with which device it was made; do \
    not hand it on, but write down what is said";
/// Reason and advice for RTF.
const RTF: &str = "an RTF document, which can name its author and earlier versions; save it as docx or \
    export it as PDF in a program you trust, and clean that";
/// Reason and advice for contact cards.
const CONTACT: &str =
    "a contact card, which names a person with numbers and addresses; do not hand it on";
/// Reason and advice for calendars.
const CALENDAR: &str = "a calendar, which tells who is where and when; do not hand it on";
/// Reason and advice for recorded routes.
const ROUTE: &str = "a recorded route, which tells where somebody was and when; do not hand it on";
/// Reason and advice for messages as mail programs save them.
const MAIL: &str = "an e-mail, which names people, times and computers on its way; do not hand it on, but copy \
    what matters into a new document, export that as PDF, and clean that";
/// Reason and advice for web pages.
const PAGE: &str = "a web page, which can name people and places where no one sees it; print it to a new PDF in a \
    program you trust, and clean that";
/// Reason and advice for other text.
const TEXT: &str = "a text file, in which every word is visible and stays; read all of it, copy what may be known \
    into a new document, export that as PDF, and clean that";

/// What text files begin with, in lower case, and why there is no copy. The first row that fits counts.
static REFUSED_TEXT: &[(&str, &str)] = &[
    ("begin:vcard", CONTACT),
    ("begin:vcalendar", CALENDAR),
    ("<gpx", ROUTE),
    ("<kml", ROUTE),
    ("<trainingcenterdatabase", ROUTE),
    ("<!doctype", PAGE),
    ("<html", PAGE),
    ("from ", MAIL),
    ("return-path:", MAIL),
    ("received:", MAIL),
    ("delivered-to:", MAIL),
    ("mime-version:", MAIL),
    ("message-id:", MAIL),
];

/// Magic bytes, where they are located, and why there is no copy. The first row that fits counts.
static REFUSED: &[(usize, &[u8], &str)] = &[
    (128, b"DICM", DICOM),
    (0, b"SIMPLE  =", FITS),
    (0, b"%!PS", POSTSCRIPT),
    (0, b"\xC5\xD0\xD3\xC6", POSTSCRIPT),
    (0, b"7z\xBC\xAF\x27\x1C", ARCHIVE),
    (0, b"Rar!\x1A\x07", ARCHIVE),
    (0, b"\xFD7zXZ\0", ARCHIVE),
    (0, b"BZh", ARCHIVE),
    (0, b"MSCF\0\0\0\0", ARCHIVE),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", OLE),
    (0, b"{\\rtf", RTF),
    (4, b"ftypM4A ", SOUND),
    (4, b"ftypM4B ", SOUND),
    (4, b"ftyp", FILM),
    (4, b"moov", FILM),
    (4, b"mdat", FILM),
    (4, b"wide", FILM),
    (8, b"AVI LIST", FILM),
    (0, b"\x1A\x45\xDF\xA3", FILM),
    (0, b"FLV\x01", FILM),
    (0, b"\0\0\x01\xBA", FILM),
    (0, b"\0\0\x01\xB3", FILM),
    (0, b"\x30\x26\xB2\x75\x8E\x66\xCF\x11", FILM),
    (0, b"ID3", SOUND),
    (0, b"fLaC", SOUND),
    (0, b"OggS", SOUND),
    (8, b"AIFF", SOUND),
    (8, b"AIFC", SOUND),
    (0, b"#!AMR", SOUND),
    (0, b"wvpk", SOUND),
    // The first frame of an MPEG stream or of ADTS: no other text or picture begins like that.
    (0, b"\xFF\xFB", SOUND),
    (0, b"\xFF\xFA", SOUND),
    (0, b"\xFF\xF3", SOUND),
    (0, b"\xFF\xF2", SOUND),
    (0, b"\xFF\xE3", SOUND),
    (0, b"\xFF\xF1", SOUND),
    (0, b"\xFF\xF9", SOUND),
];

/// Why a file that begins with `head` is not cleaned, if its kind is known for that.
#[must_use]
pub fn refusal(head: &[u8]) -> Option<&'static str> {
    REFUSED
        .iter()
        .find(|(at, magic, _)| head.get(*at..).is_some_and(|head| head.starts_with(magic)))
        .map(|(.., why)| *why)
        .or_else(|| text_refusal(head))
}

/// Whether a file that begins with `head` is of a kind with a reason of its own, and not just text.
pub(super) fn is_named(head: &[u8]) -> bool {
    refusal(head).is_some_and(|why| why != TEXT)
}

/// The same for text. What it is shows in its first bytes, behind a declaration of XML.
fn text_refusal(head: &[u8]) -> Option<&'static str> {
    let utf16 = [b"\xFF\xFE", b"\xFE\xFF"];
    if utf16.iter().any(|mark| head.starts_with(*mark)) {
        return Some(TEXT);
    }
    let is_control = |byte: &u8| *byte < 0x20 && !b"\t\n\x0C\r".contains(byte);
    // Text of one byte a letter is mostly ASCII; what is cut off at the end of `head` is a few bytes.
    let high = head.iter().filter(|byte| !byte.is_ascii()).count();
    let is_text = std::str::from_utf8(head).is_ok() || high < head.len() / 4;
    if head.is_empty() || !is_text || head.iter().any(is_control) {
        return None;
    }
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let mut text = text.trim_start_matches('\u{FEFF}').trim_start();
    while let Some((_, rest)) = (text
        .strip_prefix("<?")
        .and_then(|rest| rest.split_once("?>")))
    .or_else(|| {
        text.strip_prefix("<!--")
            .and_then(|rest| rest.split_once("-->"))
    }) {
        text = rest.trim_start();
    }
    let row = REFUSED_TEXT
        .iter()
        .find(|(start, _)| text.starts_with(start));
    Some(row.map_or(TEXT, |(_, why)| *why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_can_be_acted_on() {
        let dicom = [&[0; 128][..], b"DICM"].concat();
        assert!(refusal(&dicom).is_some_and(|why| why.contains("; save ")));
        assert!(refusal(b"SIMPLE  =                    T").is_some());
        assert_eq!(refusal(b"SIMPLE"), Some(TEXT));
    }

    /// The advice for a film, a sound or a document is never to save it as a picture.
    #[test]
    fn advice_suits_the_kind() {
        let table: [(&[u8], &str); 14] = [
            (b"\0\0\0\x18ftypmp42\0\0\0\0", "take screenshots"),
            (b"\0\0\0\x14ftypqt  ", "take screenshots"),
            (b"\0\0\x0F\x17moov\0\0\0\x6Cmvhd", "take screenshots"),
            (b"RIFF\x50\x3B\xFE\x06AVI LIST", "take screenshots"),
            (b"\x1A\x45\xDF\xA3\x93\x42\x82\x88", "take screenshots"),
            (b"\0\0\0\x20ftypM4A \0\0\0\0", "write down"),
            (b"\xFF\xFB\x90\x64", "write down"),
            (b"ID3\x04", "write down"),
            (b"OggS\0\x02", "write down"),
            (b"fLaC\0\0\0\x22", "write down"),
            (b"FORM\0\0\xFA\x42AIFFCHAN", "write down"),
            (b"{\\rtf1\\ansi", "export it as PDF"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "save it as docx"),
            (b"7z\xBC\xAF\x27\x1C\0\x04", "extract it"),
        ];
        for (head, advice) in table {
            let why = refusal(head).unwrap_or_default();
            assert!(why.contains(advice), "{head:?}: {why}");
            assert!(!why.contains("JPEG") && !why.contains("PNG"), "{why}");
        }
        assert_eq!(refusal(b"\xFF\xD8\xFF\xE0"), None);
    }

    #[test]
    fn other_archives_are_named() {
        let is_archive = |head: &[u8]| refusal(head).is_some_and(|why| why.contains("; extract "));
        assert!(is_archive(b"7z\xBC\xAF\x27\x1C\0\x04"));
        assert!(is_archive(b"Rar!\x1A\x07\x01\0"));
        assert!(!is_archive(b"PK\x03\x04"));
    }

    #[test]
    fn text_is_named_for_what_it_is() {
        for (head, why) in [
            (&b"BEGIN:VCARD\r\nFN:x"[..], CONTACT),
            (b"\xEF\xBB\xBFBEGIN:VCALENDAR", CALENDAR),
            (b"<?xml version=\"1.0\"?>\n<!-- x -->\n<gpx version", ROUTE),
            (b"<kml xmlns", ROUTE),
            (b"<!DOCTYPE html>\n<html>", PAGE),
            (b"Received: from x by y", MAIL),
            (b"namn;adress\r\n\xE5sa;x", TEXT),
            (b"\xFF\xFEt\0e\0", TEXT),
        ] {
            assert_eq!(refusal(head), Some(why));
        }
        assert_eq!(refusal(b"a\0b"), None);
        assert_eq!(refusal(b""), None);
    }
}
