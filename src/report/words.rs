//! What is said to people, in their language. All texts stand in `lang/`.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

use super::discreet::ELLIPSIS;
use super::phrases::Phrases;
use crate::model::Untrusted;

/// A language that all texts exist in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Swedish.
    Sv,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// The language of a locale such as `sv_SE.UTF-8`; English for all that is not Swedish.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['-', '_', '.']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("sv") {
            Self::Sv
        } else {
            Self::En
        }
    }

    pub(super) fn texts(self) -> &'static str {
        match self {
            Self::Sv => include_str!("lang/sv.ftl"),
            Self::En => include_str!("lang/en.ftl"),
        }
    }

    fn id(self) -> unic_langid::LanguageIdentifier {
        let tag: &[u8] = match self {
            Self::Sv => b"sv",
            Self::En => b"en",
        };
        unic_langid::LanguageIdentifier::from_bytes(tag).unwrap_or_default()
    }
}

/// All texts of one language.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
    phrases: Phrases,
    lang: Lang,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words")
            .field("lang", &self.lang)
            .finish_non_exhaustive()
    }
}

impl Words {
    /// The texts of a language.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        let mut bundle = FluentBundle::new(vec![lang.id()]);
        // Marks around inserted text would stand in every line that somebody copies.
        bundle.set_use_isolating(false);
        // A test reads both files; whatever could be parsed is better than nothing.
        let resource = FluentResource::try_new(lang.texts().to_owned())
            .unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        Self {
            bundle,
            phrases: Phrases::new(),
            lang,
        }
    }

    /// The language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A text without gaps.
    #[must_use]
    pub fn get(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// A text with a number.
    #[must_use]
    pub fn count(&self, key: &str, n: usize) -> String {
        self.say(key, &[("n", Arg::Number(n))])
    }

    /// A text with its gaps filled; the key itself where there is no text.
    #[must_use]
    pub fn say(&self, key: &str, args: &[(&'static str, Arg<'_>)]) -> String {
        let Some(pattern) = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
        else {
            return key.to_owned();
        };
        let mut filled = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            let value = match value {
                Arg::Text(text) => FluentValue::String(Cow::Borrowed(text)),
                Arg::Number(n) => FluentValue::from(*n),
            };
            filled.set(*name, value);
        }
        let mut errors = Vec::new();
        self.bundle
            .format_pattern(pattern, Some(&filled), &mut errors)
            .into_owned()
    }

    /// A text of the code in the language of the reader, safe to print. Names of standards and whatever
    /// else has no other words stay as they are.
    #[must_use]
    pub fn phrase(&self, english: &str) -> String {
        let text = match self.lang {
            Lang::Sv => self.phrases.swedish(english),
            Lang::En => None,
        };
        let text = text.unwrap_or(Cow::Borrowed(english));
        Untrusted::new(text).for_terminal(usize::MAX)
    }

    /// Whether it is a text of the code, and no name out of a standard or a file.
    #[must_use]
    pub fn is_phrase(&self, english: &str) -> bool {
        self.phrases.swedish(english).is_some()
    }

    /// A text of the code in English, with an ellipsis for every name out of a file in it.
    pub(super) fn without_gaps(&self, english: &str) -> String {
        let text = self.phrases.without_gaps(english, ELLIPSIS);
        text.unwrap_or_else(|| ELLIPSIS.to_owned())
    }

    /// Whether it is one that means something to everybody: no number or name of a field stands in it.
    pub(super) fn is_plain(&self, english: &str) -> bool {
        self.phrases.is_plain(english)
    }

    /// Whether there is a text for this key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }
}

/// What fills a gap.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    /// Text that is safe to print.
    Text(&'a str),
    /// A number, which the form of a word can depend on.
    Number(usize),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Arg<'_> {
    fn from(n: usize) -> Self {
        Self::Number(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(lang: Lang) -> BTreeSet<&'static str> {
        lang.texts()
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| Some(line.split_once(" =")?.0))
            .collect()
    }

    /// What a text has gaps for.
    fn gaps(lang: Lang, key: &str) -> BTreeSet<String> {
        let mut text = String::new();
        let mut inside = false;
        for line in lang.texts().lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase() || c == '#') {
                inside = line.starts_with(&format!("{key} ="));
            }
            if inside {
                text.push_str(line);
            }
        }
        text.split('$')
            .skip(1)
            .filter_map(|rest| rest.split([' ', '}']).next().map(str::to_owned))
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(keys(Lang::Sv), keys(Lang::En));
        assert!(keys(Lang::En).len() > 150);
        for key in keys(Lang::En) {
            assert_eq!(gaps(Lang::Sv, key), gaps(Lang::En, key), "{key}");
        }
        for lang in [Lang::Sv, Lang::En] {
            FluentResource::try_new(lang.texts().to_owned()).expect("no mistakes in it");
            let words = Words::new(lang);
            assert!(keys(lang).iter().all(|key| words.has(key)));
            assert_eq!(words.get("months").split_whitespace().count(), 12);
            assert_eq!(words.get("compass").split_whitespace().count(), 4);
        }
    }

    #[test]
    fn numbers_have_their_forms() {
        let words = Words::new(Lang::Sv);
        assert_eq!(words.count("files", 1), "En fil");
        assert_eq!(words.count("files", 37), "37 filer");
        assert_eq!(
            words.say("error-list", &[("path", "a".into()), ("what", "b".into())]),
            "a: b"
        );
    }

    #[test]
    fn locales() {
        for (locale, lang) in [
            ("sv_SE.UTF-8", Lang::Sv),
            ("sv-FI", Lang::Sv),
            ("SV", Lang::Sv),
            ("svenska", Lang::En),
            ("C", Lang::En),
            ("", Lang::En),
            ("en-GB", Lang::En),
        ] {
            assert_eq!(Lang::of_locale(locale), lang, "{locale}");
        }
    }
}
