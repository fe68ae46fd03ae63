//! Why something did not work, in words that somebody can act on. The only place that knows which error
//! has which words.

use std::io;

use super::Words;
use crate::formats::by_id;
use crate::model::{Error, TIME_IS_UP, Why};

impl Words {
    /// Why a file was not cleaned. `format` is the id of its format, where that is known.
    #[must_use]
    pub fn why(&self, why: &Why, format: Option<&str>) -> String {
        let with = |key, what: &str| self.say(key, &[("what", what.into())]);
        match why {
            Why::File(error) => self.error(error, format),
            Why::NotRegular(kind) => self.get(&format!("reason-not-{}", kind.word())),
            Why::Companion(word) => self.get(&format!("reason-companion-{word}")),
            Why::Read(error) => with("reason-read", &self.io(error)),
            Why::Write(error) => with("reason-write", &self.io(error)),
            Why::Changed => self.get("reason-changed"),
            Why::Exists => self.get("reason-exists"),
            Why::IntoInput => self.get("reason-into-input"),
            Why::Bug => self.get("reason-bug"),
        }
    }

    fn error(&self, error: &Error, format: Option<&str>) -> String {
        let with = |key, what: &str| self.say(key, &[("what", what.into())]);
        match error {
            Error::Io(error) => with("reason-read", &self.io(error)),
            Error::Malformed { .. } => self.advised("reason-damaged", "repair", format),
            Error::LimitExceeded { .. } => self.advised("reason-limit", "divide", format),
            Error::UnknownKind => self.get("reason-unknown-kind"),
            Error::Empty => self.get("reason-empty"),
            Error::ValueLeft { len } => with("reason-verify", &self.phrase(&value_left(*len))),
            Error::Unsupported { what } => self.unsupported(what, format),
            Error::VerifyFailed { what } => with("reason-verify", &self.phrase(what)),
            Error::Stopped(why) if *why == TIME_IS_UP => self.get("reason-time"),
            Error::Stopped(_) => self.get("reason-cancelled"),
        }
    }

    /// A reason with the advice for the kind of file.
    fn advised(&self, key: &str, advice: &str, format: Option<&str>) -> String {
        let advice = self.get(&format!("{advice}-{}", kind(format)));
        self.say(key, &[("advice", (&advice).into())])
    }

    /// Why a file was not cleaned, followed by the technical cause where there is one.
    pub(super) fn why_in_detail(&self, why: &Why, format: Option<&str>) -> String {
        let sentence = self.why(why, format);
        let detail = match why {
            Why::File(Error::Malformed { format, what, .. }) => {
                format!("{}, {}", self.phrase(format), self.phrase(what))
            }
            Why::File(Error::LimitExceeded { limit }) => self.phrase(limit),
            _ => return sentence,
        };
        let gaps = [
            ("sentence", (&sentence).into()),
            ("detail", (&detail).into()),
        ];
        self.say("reason-detail", &gaps)
    }

    /// What it is, and what somebody can do. The code says the latter behind a semicolon where there is
    /// something better to do than usual.
    fn unsupported(&self, what: &str, format: Option<&str>) -> String {
        // Translated as a whole first: the tables have texts with their advice, and texts without it.
        let what = self.phrase(what);
        let (what, advice) = match what.split_once("; ") {
            Some((what, advice)) => (what, sentence(advice)),
            None => (&*what, self.get(&format!("advice-{}", kind(format)))),
        };
        let gaps = [("what", what.into()), ("advice", (&advice).into())];
        self.say("reason-unsupported", &gaps)
    }

    /// Why a copy is not called clean.
    #[must_use]
    pub fn unclean(&self, error: &Error) -> String {
        match error {
            Error::VerifyFailed { what } => self.say(
                "verify-unclean-why",
                &[("what", (&self.phrase(what)).into())],
            ),
            Error::ValueLeft { len } => self.say(
                "verify-unclean-why",
                &[("what", (&self.phrase(&value_left(*len))).into())],
            ),
            error => self.error(error, None),
        }
    }

    /// What the system says.
    #[must_use]
    pub fn io(&self, error: &io::Error) -> String {
        match error.kind() {
            io::ErrorKind::NotFound => self.get("io-not-found"),
            io::ErrorKind::PermissionDenied => self.get("io-permission"),
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => self.get("io-full"),
            io::ErrorKind::ReadOnlyFilesystem => self.get("io-read-only"),
            io::ErrorKind::NotADirectory => self.get("io-not-folder"),
            io::ErrorKind::IsADirectory => self.get("io-folder"),
            io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy => self.get("io-busy"),
            io::ErrorKind::InvalidFilename => self.get("io-name"),
            io::ErrorKind::StaleNetworkFileHandle
            | io::ErrorKind::NetworkDown
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::TimedOut => self.get("io-network"),
            _ => {
                let text = error.to_string();
                self.say("io-other", &[("what", (&text).into())])
            }
        }
    }
}

/// What kind of advice suits files of the format with the id `format`: the last part of the key of the text.
fn kind(format: Option<&str>) -> &'static str {
    match format.and_then(by_id).map(|format| format.info().noun) {
        Some("document" | "sheet" | "slides" | "formula" | "book") => "document",
        Some("drawing") => "drawing",
        Some("archive") => "archive",
        Some("sound") => "sound",
        _ => "picture",
    }
}

fn value_left(len: usize) -> String {
    format!("a value of the original ({len} bytes) still stands in the copy")
}

/// With a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    format!(
        "{}{}.",
        first.into_iter().flatten().collect::<String>(),
        chars.as_str()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::companion_words;
    use crate::formats::FORMATS;
    use crate::model::{CANCELLED, NotRegular};
    use crate::report::Lang;

    #[test]
    fn every_refusal_says_what_to_do() {
        let words = Words::new(Lang::Sv);
        let say = |what: &'static str| words.why(&Error::unsupported(what).into(), None);
        assert_eq!(
            say(
                "the picture is encrypted; open it where it can be seen, save it as JPEG or PNG, and clean that"
            ),
            "Filen går inte att rensa säkert: bilden är krypterad. Öppna den där den går att se, spara \
             den som JPEG eller PNG och rensa den nya filen."
        );
        assert_eq!(
            say("a BMP compressed in a rare way"),
            "Filen går inte att rensa säkert: en BMP med ovanlig komprimering. Spara den som JPEG eller \
             PNG i ett program du litar på och rensa den nya filen."
        );
        // Texts that are in the table as a whole, advice included.
        assert_eq!(
            say("a document of an unknown kind; export it as PDF and clean that"),
            "Filen går inte att rensa säkert: ett dokument av okänd sort. Exportera det som PDF och \
             rensa den."
        );
    }

    /// Names of structures are for technicians.
    #[test]
    fn structures_are_named_in_detail_only() {
        let words = Words::new(Lang::Sv);
        let why = Error::malformed("PNG", 0, "there is no IDAT").into();
        assert!(!words.why(&why, Some("png")).contains("IDAT"));
        assert!(
            words
                .why_in_detail(&why, Some("png"))
                .contains("PNG, IDAT saknas")
        );
    }

    #[test]
    fn names_out_of_files_are_harmless() {
        let words = Words::new(Lang::Sv);
        let why = Error::unsupported("pictures of the kind \u{1b}[2J").into();
        assert!(!words.why(&why, None).contains('\u{1b}'));
    }

    /// The advice depends on the noun of the format. Each noun has its row here.
    #[test]
    fn usual_advice_suits_the_noun() {
        let words = Words::new(Lang::En);
        for format in FORMATS {
            let info = format.info();
            let text = words.why(&Error::unsupported("x").into(), Some(info.id));
            let expected = match info.noun {
                "document" | "sheet" | "slides" | "formula" | "book" => "print it to a new PDF",
                "drawing" => "Save it as PDF or PNG",
                "archive" => "Extract it",
                "sound" => "Do not hand it on",
                "photo" | "picture" => "Save it as JPEG or PNG",
                noun => panic!("{noun} has no advice"),
            };
            assert!(text.contains(expected), "{}: {text}", info.id);
            for error in [
                Error::malformed("x", 0, "the header is damaged"),
                Error::LimitExceeded { limit: "items" },
            ] {
                let is_long = words.why(&error.into(), Some(info.id)).matches('.').count() >= 2;
                assert!(is_long, "{}: no advice", info.id);
            }
        }
    }

    #[test]
    fn every_reason_has_words() {
        let mut all = vec![
            Why::Changed,
            Why::Exists,
            Why::IntoInput,
            Why::Bug,
            Why::Read(io::ErrorKind::NotFound.into()),
            Why::Write(io::ErrorKind::StorageFull.into()),
            Error::malformed("JPEG", 3, "x").into(),
            Error::LimitExceeded { limit: "items" }.into(),
            Error::UnknownKind.into(),
            Error::Empty.into(),
            Error::unsupported("x").into(),
            Error::verify("x").into(),
            Error::Stopped(CANCELLED).into(),
            Error::Stopped(TIME_IS_UP).into(),
        ];
        use NotRegular::{Device, Link, Loop, Other, Pipe, Socket};
        all.extend([Pipe, Device, Socket, Link, Loop, Other].map(Why::NotRegular));
        all.extend(companion_words().map(Why::Companion));
        for lang in [Lang::Sv, Lang::En] {
            let words = Words::new(lang);
            let mut seen = std::collections::HashSet::new();
            for why in &all {
                let text = words.why(why, None);
                assert!(
                    text.contains(' ') && !text.contains("reason-"),
                    "{why:?}: {text}"
                );
                assert!(seen.insert(text), "{why:?} sounds like another");
            }
        }
    }
}
