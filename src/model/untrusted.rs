//! Text that came out of a file.

use serde::Serialize;

/// Text that somebody else wrote. It has no `Display` on purpose: control characters can move a
/// terminal's cursor and bidirectional marks can turn a sentence around.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Untrusted(String);

impl Untrusted {
    /// Takes the text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as it stood in the file: for JSON and for comparisons, never for a terminal.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// One line that is safe to print: control, format, bidirectional and invisible characters become
    /// `·`, and what is longer than `max` characters ends in `…`.
    #[must_use]
    pub fn for_terminal(&self, max: usize) -> String {
        let mut out: String = self
            .0
            .chars()
            .take(max)
            .map(|c| if is_unsafe_to_print(c) { '·' } else { c })
            .collect();
        if self.0.chars().nth(max).is_some() {
            out.push('…');
        }
        out
    }
}

impl std::fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

fn is_unsafe_to_print(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{180E}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_cannot_reach_the_terminal() {
        let text = Untrusted::new("\u{1b}[2Jhi\u{202e}x\u{200b}\u{9b}m\n");
        assert_eq!(text.for_terminal(99), "·[2Jhi·x··m·");
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        assert_eq!(Untrusted::new("åäöåäö").for_terminal(3), "åäö…");
        assert_eq!(Untrusted::new("åäö").for_terminal(3), "åäö");
    }
}
