//! Kinds of files that are known and never cleaned: whoever has one should hear why.

/// What is said of DICOM files.
const DICOM: &str = "a medical picture (DICOM), which names the patient in many places; save it as \
    PNG in a program you trust and clean that, or use a program that de-identifies DICOM";
/// What is said of FITS files.
const FITS: &str = "a scientific picture (FITS), which tells who took it, where and when; save the \
    picture in it as PNG, and clean that";

/// What is said of OLE2 files: Office documents before 2007, and newer ones that are encrypted.
const OLE: &str = "an older Office document, or one with a password; remove the password, save it as \
    docx, xlsx or pptx, and clean that";

/// Magic bytes, where they stand, and why there is no copy.
static REFUSED: &[(usize, &[u8], &str)] = &[
    (128, b"DICM", DICOM),
    (0, b"SIMPLE  =", FITS),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", OLE),
];

/// Why a file that begins with `head` is not cleaned, if its kind is known for that.
#[must_use]
pub fn refusal(head: &[u8]) -> Option<&'static str> {
    REFUSED
        .iter()
        .find(|(at, magic, _)| head.get(*at..).is_some_and(|head| head.starts_with(magic)))
        .map(|(.., why)| *why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_can_be_acted_on() {
        let dicom = [&[0; 128][..], b"DICM"].concat();
        assert!(refusal(&dicom).is_some_and(|why| why.contains("; save ")));
        assert!(refusal(b"SIMPLE  =                    T").is_some());
        assert_eq!(refusal(b"SIMPLE"), None);
    }
}
