//! Why something did not work, in words that somebody can act on. The only place that knows which error
//! has which words.

use std::io;

use super::Words;
use crate::formats::{DICOM, FITS};
use crate::model::{Error, TIME_IS_UP, Why};
use crate::pipeline::{EMPTY, UNKNOWN_KIND};

impl Words {
    /// Why a file was not cleaned.
    #[must_use]
    pub fn why(&self, why: &Why) -> String {
        let with = |key, what: &str| self.say(key, &[("what", what.into())]);
        match why {
            Why::File(error) => self.error(error),
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

    fn error(&self, error: &Error) -> String {
        let with = |key, what: &str| self.say(key, &[("what", what.into())]);
        match error {
            Error::Io(error) => with("reason-read", &self.io(error)),
            Error::Malformed { format, what, .. } => self.say(
                "reason-damaged",
                &[("format", (*format).into()), ("what", what.as_ref().into())],
            ),
            Error::LimitExceeded { limit } => with("reason-limit", limit),
            Error::Unsupported { what } if what == UNKNOWN_KIND => self.get("reason-unknown-kind"),
            Error::Unsupported { what } if what == EMPTY => self.get("reason-empty"),
            Error::Unsupported { what } if what == DICOM => self.get("reason-dicom"),
            Error::Unsupported { what } if what == FITS => self.get("reason-fits"),
            Error::Unsupported { what } => with("reason-unsupported", what),
            Error::VerifyFailed { what } => with("reason-verify", what),
            Error::Stopped(why) if *why == TIME_IS_UP => self.get("reason-time"),
            Error::Stopped(_) => self.get("reason-cancelled"),
        }
    }

    /// Why a copy is not called clean.
    #[must_use]
    pub fn unclean(&self, error: &Error) -> String {
        match error {
            Error::VerifyFailed { what } => {
                self.say("verify-unclean-why", &[("what", what.as_ref().into())])
            }
            error => self.error(error),
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
            _ => error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::companion_words;
    use crate::model::{CANCELLED, NotRegular};
    use crate::report::Lang;

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
            Error::unsupported(UNKNOWN_KIND).into(),
            Error::unsupported(EMPTY).into(),
            Error::unsupported(DICOM).into(),
            Error::unsupported(FITS).into(),
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
                let text = words.why(why);
                assert!(
                    text.contains(' ') && !text.contains("reason-"),
                    "{why:?}: {text}"
                );
                assert!(seen.insert(text), "{why:?} sounds like another");
            }
        }
    }
}
