//! Formats that are wrong in one way each, and what `verify` says of them. A file of theirs is a first line with
//! its signature, and lines: `show: …` is shown, `secret: …` is what a cleaner removes.

use super::testing::cleaned;
use super::{Job, clean, verify};
use crate::bytes::{Context, Hasher, Source, Streams, run};
use crate::formats::{Confidence, Format, Info, Match, Probe};
use crate::model::{Category, Digest, Error, Examined, Finding, Found, Plan, Result, Severity};

/// What a format does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    /// Nothing.
    Nothing,
    /// It reports secrets and retains their lines.
    Retains,
    /// It writes a secret into a line that is shown.
    Moves,
    /// It writes a secret with each byte changed, and hands that out decoded.
    Packs,
    /// It leaves out a line that is shown.
    Drops,
    /// Its copies have no signature.
    Forgets,
    /// Its copies are of another format.
    Changes,
    /// Its copies grow each time.
    Grows,
    /// It takes shown lines for secrets in what it wrote itself.
    Doubts,
}

struct Lines(Wrong, &'static Info);

macro_rules! wrong {
    ($($name:ident)*) => {
        &[$(&Lines(Wrong::$name, &Info {
            id: stringify!($name),
            name: stringify!($name),
            extensions: &["txt"],
            noun: "file",
            rows: &[],
            vocabulary: &["show", "secret", "packed"],
        }),)*]
    };
}

/// They are asked like all others, in unit tests.
pub(super) static FORMATS: &[&dyn Format] =
    wrong!(Nothing Retains Moves Packs Drops Forgets Changes Grows Doubts);

impl Lines {
    fn signature(&self) -> String {
        format!("WRONG {}", self.1.id)
    }

    fn lines(&self, source: &Source<'_>) -> Result<Vec<String>> {
        let text = String::from_utf8_lossy(&source.read(source.whole())?).into_owned();
        Ok(text.lines().skip(1).map(str::to_owned).collect())
    }
}

fn rot(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| byte ^ 1).collect()
}

impl Format for Lines {
    fn info(&self) -> &'static Info {
        self.1
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let line = probe.head().split(|byte| *byte == b'\n').next()?;
        (line == self.signature().as_bytes()).then_some(Match {
            confidence: Confidence::Content,
            extensions: None,
        })
    }

    fn examine(&self, source: &Source<'_>, _: &Context<'_>) -> Result<Examined> {
        let mut found = Found::default();
        let mut out = match self.0 {
            Wrong::Forgets => "forgotten\0\n".into(),
            Wrong::Changes => "WRONG Nothing\n".into(),
            _ => format!("{}\n", self.signature()),
        };
        let finding = |value: &str| {
            Finding::new(
                "wrong.secret",
                Category::Person,
                Severity::High,
                "",
                "a secret",
            )
            .text(value)
        };
        for line in self.lines(source)? {
            match line.split_once(": ") {
                Some(("secret", value)) => {
                    found.add(finding(value));
                    match self.0 {
                        Wrong::Retains => out.push_str(&format!("{line}\n")),
                        Wrong::Moves => out.push_str(&format!("show: {value}\n")),
                        Wrong::Packs => {
                            let packed = String::from_utf8(rot(value)).unwrap();
                            out.push_str(&format!("packed: {packed}\n"));
                        }
                        _ => {}
                    }
                }
                Some(("show", "dropped")) if self.0 == Wrong::Drops => {
                    found.add(finding("something else"));
                }
                Some(("show", "doubted")) if self.0 == Wrong::Doubts => {
                    found.add(finding("doubted"));
                    out.push_str("show: doubted\n");
                }
                _ => out.push_str(&format!("{line}\n")),
            }
        }
        if self.0 == Wrong::Grows {
            out.push_str("more\n");
        }
        let mut plan = Plan::new();
        plan.bytes(out.into_bytes());
        Ok(Examined::rebuilt(found, Vec::new(), plan))
    }

    fn payload_digest(&self, source: &Source<'_>, _: &Context<'_>) -> Result<Digest> {
        let mut hasher = Hasher::new();
        for line in self.lines(source)? {
            // The lines that some of them add by mistake are not what this digest is to find.
            let is_shown = line.starts_with("show: ") && !line.contains("Andersson");
            if is_shown {
                hasher.bytes(line.as_bytes());
            }
        }
        Ok(hasher.finish())
    }

    fn streams(&self, source: &Source<'_>, _: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        for line in self.lines(source)? {
            if let Some(packed) = line.strip_prefix("packed: ") {
                sink.structure("packed", &rot(packed))?;
            }
        }
        Ok(())
    }
}

fn file(wrong: Wrong, lines: &str) -> Vec<u8> {
    format!("WRONG {wrong:?}\n{lines}").into_bytes()
}

/// Why the copy of a file is not verified.
fn reason(wrong: Wrong) -> String {
    let lines = "show: dropped\nshow: doubted\nsecret: Anna Andersson\nshow: last\n";
    match cleaned(&file(wrong, lines)) {
        Ok(cleaned) => panic!("{wrong:?}: {cleaned:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_format_that_is_right_is_verified() {
    let lines = "show: it\nsecret: Anna Andersson\n";
    let cleaned = cleaned(&file(Wrong::Nothing, lines)).unwrap();
    assert_eq!(cleaned.bytes, file(Wrong::Nothing, "show: it\n"));
}

#[test]
fn each_way_to_be_wrong_has_its_reason() {
    for (wrong, why) in [
        (Wrong::Retains, "wrong.secret is still there"),
        (Wrong::Moves, "a value of the original (14 bytes)"),
        (Wrong::Packs, "a value of the original (14 bytes)"),
        (Wrong::Drops, "the picture data is not the same"),
        (Wrong::Forgets, "it is no longer recognised"),
        (Wrong::Changes, "it is now of another format"),
        (Wrong::Grows, "cleaning it again would change it"),
        (Wrong::Doubts, "wrong.secret is still there"),
    ] {
        let reason = reason(wrong);
        assert!(reason.contains(why), "{wrong:?}: {reason}");
    }
}

#[test]
fn another_candidate_than_the_planned_one_is_not_verified() {
    let bytes = file(Wrong::Nothing, "show: it\nsecret: Anna Andersson\n");
    let (source, job) = (Source::memory(&bytes), Job::default());
    let cleaning = clean(&source, &job).unwrap();
    let mut copy = Vec::new();
    run(&cleaning.examined.plan, &source, &mut copy).unwrap();
    let verify = |copy: &[u8]| verify(&cleaning, &Source::memory(copy), &job);
    assert!(verify(&copy).is_ok());
    let shorter = verify(&copy[..copy.len() - 1]).unwrap_err();
    assert!(shorter.to_string().contains("another length"), "{shorter}");
    let last = copy.len() - 2;
    copy[last] ^= 1;
    let changed = verify(&copy).unwrap_err();
    assert!(matches!(changed, Error::VerifyFailed { .. }), "{changed}");
}
