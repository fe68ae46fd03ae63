//! base64 (RFC 4648).

/// The bytes of a text in either alphabet (§4, §5), white space allowed, padding not required; `None` for anything else.
#[must_use]
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text {
        let digit = match byte {
            b'A'..=b'Z' => byte.wrapping_sub(b'A'),
            b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b' ' | b'\t' | b'\n' | b'\r' | 0xC => continue,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(digit);
        held = held.wrapping_add(6);
        if held >= 8 {
            held = held.wrapping_sub(8);
            let [_, _, _, low] = (bits >> held).to_be_bytes();
            out.push(low);
        }
    }
    Some(out)
}

/// Adds bytes as text (§4), with padding.
pub fn encode(bytes: &[u8], out: &mut String) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (index, shift) in [18_u32, 12, 6, 0].into_iter().enumerate() {
            let digit = usize::try_from((bits >> shift) & 63).unwrap_or(0);
            match DIGITS.get(digit) {
                Some(digit) if index <= chunk.len() => out.push(char::from(*digit)),
                _ => out.push('='),
            }
        }
    }
}
