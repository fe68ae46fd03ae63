//! Named characters that every reader of XHTML knows without reading its document type (XHTML 1.0 appendix A).

use std::collections::HashMap;
use std::sync::LazyLock;

static CHARACTERS: LazyLock<HashMap<&str, char>> = LazyLock::new(|| {
    let lines = include_str!("entities.txt").lines();
    let mut words = lines
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace);
    let mut characters = HashMap::new();
    while let (Some(name), Some(number)) = (words.next(), words.next()) {
        let number = u32::from_str_radix(number, 16).ok();
        if let Some(c) = number.and_then(char::from_u32) {
            characters.insert(name, c);
        }
    }
    characters
});

/// The character that `&name;` stands for.
pub(super) fn character(name: &str) -> Option<char> {
    CHARACTERS.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_characters() {
        assert_eq!(CHARACTERS.len(), 252);
        assert_eq!(character("nbsp"), Some('\u{a0}'));
        assert_eq!(character("hearts"), Some('♥'));
        assert_eq!(character("anna"), None);
    }
}
