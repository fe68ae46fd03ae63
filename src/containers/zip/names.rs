//! Names of members: UTF-8 where they are, code page 437 otherwise (APPNOTE appendix D).

/// The upper half of code page 437.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// Text of a header. The flag for UTF-8 is advice: bytes that are no UTF-8 are code page 437, and bytes
/// that are need no flag.
pub(super) fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes
            .iter()
            .map(|byte| match byte.checked_sub(0x80) {
                None => char::from(*byte),
                Some(upper) => CP437.chars().nth(usize::from(upper)).unwrap_or('\u{fffd}'),
            })
            .collect(),
    }
}

/// A path as members have it: Windows programs write backslashes.
pub(super) fn path(bytes: &[u8]) -> String {
    let name = decode(bytes);
    if name.contains('\\') && !name.contains('/') {
        name.replace('\\', "/")
    } else {
        name
    }
}
