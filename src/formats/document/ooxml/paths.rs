//! Paths in objects of other programs (MS-OLEDS): they say from where a file was put into the document.

/// Maximum number of characters of one path.
const MAXIMUM_LEN: usize = 260;
/// Maximum number of paths of one object.
const MAXIMUM_PATHS: usize = 12;

/// The paths with a drive letter in an object, in eight or sixteen bits a character.
pub(super) fn paths(bytes: &[u8]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut rest = bytes;
    while let [_, behind @ ..] = rest {
        let path = match rest {
            [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic() => {
                Some(text(rest.iter().map(|byte| u16::from(*byte))))
            }
            [letter, 0, b':', 0, b'\\', 0, ..] if letter.is_ascii_alphabetic() => {
                let units = rest.chunks_exact(2).map(|pair| match pair {
                    [low, high] => u16::from_le_bytes([*low, *high]),
                    _ => 0,
                });
                Some(text(units))
            }
            _ => None,
        };
        if let Some(path) = path.filter(|path| path.len() > 4 && !out.contains(path)) {
            out.push(path);
            if out.len() >= MAXIMUM_PATHS {
                break;
            }
        }
        rest = behind;
    }
    out
}

/// Characters up to the first that is no part of a path.
fn text(units: impl Iterator<Item = u16>) -> String {
    let is_of_path =
        |unit: &u16| *unit >= 0x20 && !matches!(*unit, 0x22 | 0x2a | 0x3c..=0x3f | 0x7c);
    let units = units.take_while(is_of_path).take(MAXIMUM_LEN);
    char::decode_utf16(units).filter_map(Result::ok).collect()
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn both_widths_are_found() {
        let wide: Vec<u8> = "D:\\Anna\\b.txt"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let bytes = [
            &b"\x02\0list.txt\0C:\\Users\\anna\\list.txt\0\x03"[..],
            &wide,
            &[0, 0],
        ]
        .concat();
        assert_eq!(
            paths(&bytes),
            ["C:\\Users\\anna\\list.txt", "D:\\Anna\\b.txt"]
        );
        assert!(paths(b"a:b C:\\").is_empty());
    }
}
