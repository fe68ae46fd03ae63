//! Names that may remain: those that consist of known words and small numbers.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Common Swedish and English words that are names of neither people nor places, one a line, in the order
/// of their bytes. Where they come from is written in `assets/words/README.md`.
const WORDS: &str = include_str!("../../../assets/words/harmless.txt");
/// Words of offices: `-intyg` is also the last part of compounds, `läkar-` the first.
const OFFICE: &str = include_str!("../../../assets/words/office.txt");
/// Maximum number of numbers in a name.
const NUMBERS: usize = 3;
/// Minimum length of a part of a compound, in characters.
const PART: usize = 3;
/// Names of devices, which Windows gives to no file.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Number(&'a str),
}

/// Whether `name`, without extension, consists of known words, single letters and numbers below a
/// thousand, and has at least one of these.
///
/// Numbers beside each other are not harmless, for they can be a date, a time, a post code or coordinates;
/// neither is a letter joined to a number, which can be an address or a latitude.
#[must_use]
pub(super) fn is_harmless(name: &str) -> bool {
    let name = composed(name);
    let mut previous = None;
    let (mut numbers, mut letters, mut joined) = (0usize, 0usize, false);
    let mut rest = name.as_str();
    while let Some(first) = rest.chars().next() {
        let is_same: fn(char) -> bool = if first.is_ascii_digit() {
            |c| c.is_ascii_digit()
        } else if first.is_alphabetic() {
            char::is_alphabetic
        } else if " -_.,()&".contains(first) {
            joined = false;
            rest = rest.strip_prefix(first).unwrap_or_default();
            continue;
        } else {
            return false;
        };
        let end = rest.find(|c| !is_same(c)).unwrap_or(rest.len());
        let (text, behind) = rest.split_at(end);
        rest = behind;
        let token = if first.is_ascii_digit() {
            numbers = numbers.saturating_add(1);
            Token::Number(text)
        } else {
            Token::Word(text)
        };
        let fits = match (previous, token) {
            (Some(Token::Number(_)), Token::Number(_)) => false,
            (Some(Token::Word(word)), Token::Number(number)) => {
                is_small(number) && !(joined && is_letter(word))
            }
            (_, Token::Number(number)) => is_small(number),
            (Some(Token::Number(_)), Token::Word(word)) if joined && is_letter(word) => false,
            (_, Token::Word(word)) if is_letter(word) => {
                letters = letters.saturating_add(usize::from(!matches!(word, "i" | "a" | "å")));
                letters <= 1
            }
            (_, Token::Word(word)) => is_known(word),
        };
        if !fits || numbers > NUMBERS {
            return false;
        }
        previous = Some(token);
        joined = true;
    }
    previous.is_some()
}

fn is_letter(word: &str) -> bool {
    word.chars().count() == 1
}

/// `7`, `042`, `0042`; not `0512`, which can be a day.
fn is_small(number: &str) -> bool {
    match number.len() {
        ..=3 => true,
        4 => number.starts_with("00"),
        _ => false,
    }
}

/// Whether it is a harmless word in small letters, or a compound of one with a word of offices.
fn is_known(word: &str) -> bool {
    is_listed(word)
        || PARTS.last.iter().any(|last| {
            word.strip_suffix(last).is_some_and(|first| {
                let whole = first.chars().count() >= PART;
                let without_s = first.strip_suffix('s').unwrap_or(first);
                whole && (PARTS.first.contains(first) || is_listed(first) || is_listed(without_s))
            })
        })
}

struct Parts {
    first: HashSet<&'static str>,
    last: Vec<&'static str>,
}

static PARTS: LazyLock<Parts> = LazyLock::new(|| Parts {
    first: OFFICE.lines().filter_map(|l| l.strip_suffix('-')).collect(),
    last: OFFICE.lines().filter_map(|l| l.strip_prefix('-')).collect(),
});

/// Looks a word up in the list by halving it.
fn is_listed(word: &str) -> bool {
    let mut rest = WORDS;
    while !rest.is_empty() {
        let middle = rest.len().checked_div(2).unwrap_or(0);
        let bytes = rest.as_bytes();
        let before = bytes.get(..middle).unwrap_or_default();
        let start = before
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at.saturating_add(1));
        let behind = bytes.get(middle..).unwrap_or_default();
        let end = behind
            .iter()
            .position(|b| *b == b'\n')
            .map_or(rest.len(), |at| middle.saturating_add(at));
        match rest.get(start..end).unwrap_or_default().cmp(word) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => {
                rest = rest.get(end.saturating_add(1)..).unwrap_or_default()
            }
            std::cmp::Ordering::Greater => rest = rest.get(..start).unwrap_or_default(),
        }
    }
    false
}

/// Small letters, with the marks on letters joined to them: macOS writes `å` as two characters.
fn composed(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        let joined = match (text.chars().next_back(), c) {
            (Some('a'), '\u{30A}') => 'å',
            (Some('a'), '\u{308}') => 'ä',
            (Some('o'), '\u{308}') => 'ö',
            (Some('e'), '\u{301}') => 'é',
            _ => {
                text.push(c);
                continue;
            }
        };
        text.pop();
        text.push(joined);
    }
    text
}

/// Whether a character is one that Windows writes into no name, or that is not seen.
fn is_unwritable(c: char) -> bool {
    c.is_control()
        || "<>:\"/\\|?*".contains(c)
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{61C}' | '\u{FEFF}' | '\u{FFFD}')
}

/// Whether every usual system can give a file this name.
#[must_use]
pub(super) fn is_writable(name: &str) -> bool {
    writable(name) == name
}

/// The nearest name that every usual system can give a file.
#[must_use]
pub(super) fn writable(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| if is_unwritable(c) { '_' } else { c })
        .collect();
    let name = match name.trim_end_matches(['.', ' ']) {
        "" => "_",
        name => name,
    };
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_lowercase();
    let numbered = stem
        .strip_prefix("com")
        .or_else(|| stem.strip_prefix("lpt"))
        .is_some_and(|n| {
            n.chars().count() == 1
                && n.contains([
                    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '¹', '²', '³',
                ])
        });
    if numbered || DEVICES.contains(&stem.as_str()) {
        format!("_{name}")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_known_words_are_harmless() {
        for name in [
            "Ansökan bilaga 2",
            "läkarintyg",
            "Läkarintyg",
            "LA\u{308}KARINTYG",
            "kök",
            "hus",
            "skannad bild 12",
            "scan0001",
            "photo-001",
            "foto-012",
            "mapp-003",
            "document-999",
            "beslut_om_bidrag",
            "Journalanteckningar",
            "BilagaAnsökan",
            "hyresavtal",
            "bilaga 2 av 3",
            "faktura (2)",
            "socialutredning",
            "protokoll möte 3",
            "a",
            "7",
            "receipt",
            "Medical certificate 2",
        ] {
            assert!(is_harmless(name), "{name}");
        }
    }

    #[test]
    fn whatever_else_may_tell() {
        for name in [
            "Anna i Lund",
            "Hemma hos Anna",
            "Storgatan 5, Lund",
            "Storgatan 5",
            "Stora Nygatan 12B 221 00 Lund",
            "Kvinnojouren Lund",
            "kvinnojouren",
            "vårt nya hem Malmö",
            "lördag kväll hos mamma",
            "N59 19.758 E018 04.116",
            "59 19 18 04",
            "59.33",
            "u4pruydqqvj",
            "C_Users_anna_Desktop_x",
            "ABC123 volvo",
            "ABC 123",
            "12 05",
            "0512",
            "2024",
            "221 00",
            "12B",
            "E18",
            "A B 5",
            "Rinkebyintyg",
            "Anna Andersson Storgatan 5",
            "Björn",
            "Sverige",
            "Анна",
            "bild\u{202E}",
            "bild\u{1b}",
            "bild@",
            "",
            " ",
            "_",
        ] {
            assert!(!is_harmless(name), "{name}");
        }
    }

    #[test]
    fn the_list_is_sorted_and_small() {
        assert!(WORDS.len() < 300_000);
        assert!(WORDS.lines().is_sorted_by(|a, b| a < b));
        for word in WORDS.lines() {
            assert!(is_listed(word), "{word}");
        }
        for word in ["anna", "lund", "zzz", "aaa", "bilag", "\n", ""] {
            assert!(!is_listed(word), "{word}");
        }
    }

    #[test]
    fn names_that_windows_cannot_write() {
        for (name, written) in [
            ("con.jpg", "_con.jpg"),
            ("CON", "_CON"),
            ("com1.tar.gz", "_com1.tar.gz"),
            ("lpt¹", "_lpt¹"),
            ("a:b.jpg", "a_b.jpg"),
            ("q?*.jpg", "q__.jpg"),
            ("bell\u{7}.jpg", "bell_.jpg"),
            ("x\u{202E}gpj.exe", "x_gpj.exe"),
            ("slut. .", "slut"),
            ("...", "_"),
            ("con .jpg", "_con .jpg"),
        ] {
            assert_eq!(writable(name), written);
            assert!(!is_writable(name) && is_writable(written), "{name}");
        }
        for name in [
            "console.jpg",
            "com.jpg",
            "com12.jpg",
            "bilaga 2.jpg",
            ".dold",
            "ü.jpg",
        ] {
            assert!(is_writable(name), "{name}");
        }
    }
}
