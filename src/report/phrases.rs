//! What formats call the things they find, and why they refuse a file, in the language of the reader.
//!
//! As in gettext the English text of the code is the key, so that no format knows of languages. What it
//! is in Swedish stands in `lang/sv-*.txt`, a line each.

use std::borrow::Cow;
use std::collections::HashMap;

const TABLES: [&str; 2] = [
    include_str!("lang/sv-reasons.txt"),
    include_str!("lang/sv-findings.txt"),
];

/// The gap whose filling is looked up as well.
const PHRASE: &str = "what";
/// Between what is wrong and what to do.
const THEN: &str = "; ";

/// All texts of the code and what they are in Swedish.
#[derive(Debug)]
pub(super) struct Phrases {
    whole: HashMap<&'static str, &'static str>,
    /// Those with gaps; the ones that say most come first.
    patterns: Vec<Pattern>,
}

/// `pictures of the kind {kind}`
#[derive(Debug)]
struct Pattern {
    /// What stands before, between and behind the gaps.
    fixed: Vec<&'static str>,
    gaps: Vec<&'static str>,
    swedish: &'static str,
}

impl Phrases {
    pub(super) fn new() -> Self {
        let mut whole = HashMap::new();
        let mut patterns = Vec::new();
        for (english, swedish) in lines() {
            let (fixed, gaps) = parts(english);
            if gaps.is_empty() {
                whole.insert(english, swedish);
            } else {
                patterns.push(Pattern {
                    fixed,
                    gaps,
                    swedish,
                });
            }
        }
        patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.weight()));
        Self { whole, patterns }
    }

    /// What it is in Swedish, if it is a text of the code.
    pub(super) fn swedish<'t>(&self, english: &'t str) -> Option<Cow<'t, str>> {
        if let Some(swedish) = self.whole.get(english) {
            return Some(Cow::Borrowed(swedish));
        }
        if let Some((one, other)) = english.split_once(THEN)
            && let (Some(one), Some(other)) = (self.swedish(one), self.swedish(other))
        {
            return Some(format!("{one}{THEN}{other}").into());
        }
        self.patterns
            .iter()
            .find_map(|pattern| Some(pattern.fill(&pattern.read(english)?, self).into()))
    }

    /// The text of the code with `gap` in all of its gaps that are not filled with a number or another text of the
    /// code; `None` if it is no text of the code.
    pub(super) fn without_gaps(&self, english: &str, gap: &str) -> Option<String> {
        if self.whole.contains_key(english) {
            return Some(english.to_owned());
        }
        if let Some((one, other)) = english.split_once(THEN)
            && let (Some(one), Some(other)) =
                (self.without_gaps(one, gap), self.without_gaps(other, gap))
        {
            return Some(format!("{one}{THEN}{other}"));
        }
        self.patterns.iter().find_map(|pattern| {
            let found = pattern.read(english)?;
            let filling = |text: &str| {
                let is_number = text.chars().all(|c| c.is_ascii_digit() || c == '.');
                if is_number {
                    return text.to_owned();
                }
                self.without_gaps(text, gap)
                    .unwrap_or_else(|| gap.to_owned())
            };
            let mut fillings = found.into_iter().map(filling);
            let pieces = pattern.fixed.iter().flat_map(|fixed| {
                let filling = fillings.next().unwrap_or_default();
                [(*fixed).to_owned(), filling]
            });
            Some(pieces.collect())
        })
    }

    /// Whether the code says just that, with no number or name of a field in it.
    pub(super) fn is_plain(&self, english: &str) -> bool {
        self.whole.contains_key(english)
    }
}

impl Pattern {
    /// How many bytes it is sure of.
    fn weight(&self) -> usize {
        self.fixed.iter().map(|text| text.len()).sum()
    }

    /// What fills the gaps, if `text` follows the pattern.
    fn read<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let (first, others) = self.fixed.split_first()?;
        let (last, between) = others.split_last()?;
        let mut rest = text.strip_prefix(first)?.strip_suffix(last)?;
        let mut found = Vec::new();
        for fixed in between {
            let (filling, behind) = rest.split_once(fixed)?;
            found.push(filling);
            rest = behind;
        }
        found.push(rest);
        found.iter().all(|text| !text.is_empty()).then_some(found)
    }

    fn fill(&self, found: &[&str], phrases: &Phrases) -> String {
        let (fixed, gaps) = parts(self.swedish);
        let mut text = String::new();
        let mut gaps = gaps.into_iter();
        for fixed in fixed {
            text.push_str(fixed);
            let Some(gap) = gaps.next() else {
                continue;
            };
            let filling = self.gaps.iter().zip(found).find(|(name, _)| **name == gap);
            let filling = filling.map(|(_, text)| *text).unwrap_or_default();
            match phrases.whole.get(filling).filter(|_| gap == PHRASE) {
                Some(swedish) => text.push_str(swedish),
                None => text.push_str(filling),
            }
        }
        text
    }
}

/// The lines of the tables.
fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLES
        .iter()
        .flat_map(|table| table.lines())
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
}

/// The Swedish of each table.
#[cfg(test)]
pub(super) fn tables() -> impl Iterator<Item = impl Iterator<Item = &'static str>> {
    let swedish = |line: &'static str| (line.split_once(" = ")).map(|(_, swedish)| swedish);
    TABLES.iter().map(move |table| {
        let lines = table.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(swedish)
    })
}

/// What stands around the gaps, always one more than there are gaps, and the names of these.
fn parts(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut fixed, mut gaps) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once('{')
        && let Some((gap, behind)) = inside.split_once('}')
    {
        fixed.push(before);
        gaps.push(gap);
        rest = behind;
    }
    fixed.push(rest);
    (fixed, gaps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_tables_are_sound() {
        let mut seen = BTreeSet::new();
        for line in TABLES.iter().flat_map(|table| table.lines()) {
            assert!(
                line.is_empty() || line.starts_with('#') || line.contains(" = "),
                "{line}"
            );
        }
        for (english, swedish) in lines() {
            assert!(seen.insert(english), "{english} stands there twice");
            let sorted = |text| parts(text).1.into_iter().collect::<BTreeSet<_>>();
            assert_eq!(sorted(english), sorted(swedish), "{english}");
            assert!(
                !english.ends_with(['.', ' ']) && !swedish.ends_with(['.', ' ']),
                "{english}: a fragment"
            );
        }
        assert!(seen.len() > 700);
    }

    #[test]
    fn gaps_are_filled() {
        let phrases = Phrases::new();
        for (english, swedish) in [
            (
                "colours under transparent areas",
                "färger under genomskinliga ytor: det som finns där syns inte, men går att ta fram",
            ),
            (
                "a raw photo of Minolta (MRW)",
                "en råbild från Minolta (MRW)",
            ),
            ("film of 2.5 s, with sound", "film på 2.5 s, med ljud"),
            (
                "GoPro telemetry (gpmd, 12 samples)",
                "rörelse och plats från GoPro (gpmd, 12 st)",
            ),
            ("IDAT has a wrong length", "IDAT har fel längd"),
            ("IHDR has a wrong length", "IHDR har fel längd"),
            ("dc:title: 3 properties", "dc:title: 3 uppgifter"),
            (
                "a raw photo of Sigma (X3F); save the picture in it as PNG, and clean that",
                "en råbild från Sigma (X3F); spara bilden i den som PNG och rensa den nya filen",
            ),
        ] {
            assert_eq!(phrases.swedish(english).as_deref(), Some(swedish));
        }
        for unknown in ["ObjectName", "", "pictures of the kind ", "x; y"] {
            assert_eq!(phrases.swedish(unknown), None, "{unknown}");
        }
    }
}
