//! What is said at the end.

use std::path::{Path, PathBuf};

use super::Human;
use crate::report::{Arg, Summary, Verdicts, contacts, folder, printable};

/// How many files of a batch tell something of a sort.
type Count = fn(&Summary) -> usize;

/// What each sort of finding means and what to do, in the order in which it is to be read.
const EXPLAINED: &[(&str, Count)] = &[
    ("location", |summary| summary.located),
    ("person", |summary| summary.categories.person),
    ("image", |summary| summary.categories.image),
    ("device", |summary| summary.categories.device),
    ("history", |summary| summary.categories.history),
];

/// The sorts of findings that have an explanation, in the order in which it is to be read.
pub(in crate::report) fn explained(summary: &Summary) -> impl Iterator<Item = &'static str> {
    let present = EXPLAINED.iter().filter(|(_, n)| n(summary) > 0);
    present.map(|(sort, _)| *sort)
}

/// Number of files that are seen at a glance.
const FEW: usize = 10;

impl Human<'_> {
    /// The sum of a scan. `next` is a command that cleans what was scanned.
    #[must_use]
    pub fn scan_summary(&self, summary: &Summary, next: &str) -> String {
        let words = self.words;
        let [green, amber, red] = summary.risks;
        let read = [green, amber, red].iter().any(|n| *n > 0);
        // Whatever it was, the sum and the exit code agree.
        let not_read = usize::from(!read && !summary.is_all_clean());
        let counts = [
            ("count-red", red),
            ("count-amber", amber),
            ("count-green", green),
            ("count-not-read", summary.not_done().max(not_read)),
        ];
        let mut text = String::new();
        // That all is green is said in words.
        let counts = if summary.is_all_clean() {
            &[]
        } else {
            &counts[..]
        };
        let mut first = self.sum(summary, counts, "nothing-found");
        first.push(' ');
        first.push_str(&words.get("nothing-changed"));
        self.paragraph(&mut text, &first);
        self.interruption(&mut text, summary.not_handled, summary.not_walked);
        // Of a few files each has been read already.
        if summary.files > FEW && !summary.worst.is_empty() {
            self.paragraph(&mut text, &words.get("worst-files"));
            for worst in &summary.worst {
                self.paragraph(&mut text, &format!("  {}", printable(&worst.path)));
            }
        }
        let together = folder::sentences(words, summary, true);
        if !together.is_empty() {
            self.paragraph(&mut text, &words.get("story-title"));
            for sentence in &together {
                self.paragraph(&mut text, sentence);
            }
        }
        for (at, sort) in explained(summary).enumerate() {
            self.paragraph(&mut text, &words.get(&format!("explain-{sort}")));
            // In a terminal only for the worst: whoever reads all of it reads nothing.
            if at == 0 {
                self.paragraph(&mut text, &words.get(&format!("do-{sort}")));
                self.paragraph(&mut text, &words.get(&format!("dont-{sort}")));
            }
        }
        for service in &summary.services {
            self.paragraph(&mut text, &words.get(service.key()));
        }
        if summary.outcomes.found > 0 {
            self.paragraph(&mut text, &words.get("explain-next"));
            self.next(&mut text, next);
        }
        if summary.is_dangerous() {
            let all = contacts::contacts(words.lang());
            let all = all.iter().map(|it| format!("{}: {}", it.who, it.how));
            let list = all.collect::<Vec<_>>().join(". ");
            let gaps = [("list", Arg::from(&list))];
            self.paragraph(&mut text, &words.say("help-list", &gaps));
            self.paragraph(&mut text, &contacts::checked(words));
        }
        text
    }

    /// The sum of a batch that made copies in `outputs`. `next` is a command that checks them.
    #[must_use]
    pub fn clean_summary(
        &self,
        summary: &Summary,
        outputs: &[&Path],
        kept_times: bool,
        next: &str,
    ) -> String {
        let words = self.words;
        let outcomes = &summary.outcomes;
        let counts = [
            ("count-cleaned", outcomes.cleaned),
            ("count-already-clean", outcomes.already_clean),
            ("count-reduced", outcomes.reduced),
            ("count-refused", outcomes.refused),
            ("count-failed", outcomes.failed),
        ];
        let mut text = String::new();
        self.paragraph(&mut text, &self.sum(summary, &counts, "no-files"));
        let copies = summary.files.saturating_sub(summary.not_done());
        if summary.dry_run {
            self.paragraph(&mut text, &words.get("nothing-written"));
        } else if copies > 0 {
            let folders: Vec<String> = outputs.iter().map(|path| printable(path)).collect();
            let folders = folders.join(", ");
            let folders = [("folders", Arg::from(&folders))];
            self.paragraph(&mut text, &words.say("copies-in", &folders));
        } else {
            self.paragraph(&mut text, &words.get("originals-unchanged"));
        }
        self.interruption(&mut text, summary.not_handled, summary.not_walked);
        self.list(
            &mut text,
            "missing-files",
            summary.not_done(),
            &summary.missing,
        );
        if summary.companions > 0 {
            let said = words.count("companions", summary.companions);
            self.paragraph(&mut text, &said);
        }
        self.list(&mut text, "partly-clean", outcomes.reduced, &summary.partly);
        // The sentence and the exit code agree.
        if copies > 0 && !summary.dry_run && summary.is_whole() {
            let only = !summary.strangers.is_empty();
            let key = if only { "hand-on-copies" } else { "hand-on" };
            self.paragraph(&mut text, &words.get(key));
        }
        let strangers = &summary.strangers;
        self.list(&mut text, "strangers", strangers.len(), strangers);
        if summary.renamed > 0 {
            self.paragraph(&mut text, &words.count("renamed-sum", summary.renamed));
        }
        for (says, key) in [
            (summary.output_trouble, "output-trouble"),
            (summary.content_left, "left-why"),
            (summary.names_left, "left-names"),
            (kept_times && copies > 0, "kept-times"),
            (copies > 0 && !summary.dry_run, "look-yourself"),
        ] {
            if says {
                self.paragraph(&mut text, &words.get(key));
            }
        }
        if copies > 0 && !summary.dry_run && !next.is_empty() {
            self.next(&mut text, next);
        }
        text
    }

    /// The sum of comparisons.
    #[must_use]
    pub fn verify_summary(&self, verdicts: &Verdicts) -> String {
        let mut text = String::new();
        let sum = self.words.say(
            "verify-sum",
            &[
                ("n", verdicts.pairs.into()),
                ("good", verdicts.proven.into()),
                ("bad", verdicts.not_proven.into()),
                ("without_copy", verdicts.without_copy.into()),
                ("without_original", verdicts.without_original.into()),
            ],
        );
        self.paragraph(&mut text, &sum);
        self.interruption(&mut text, verdicts.not_handled, false);
        text
    }

    /// How many files there are of a sort, and which; with many of them the first ones.
    fn list(&self, text: &mut String, key: &str, n: usize, paths: &[PathBuf]) {
        const MOST: usize = 10;
        if n == 0 {
            return;
        }
        self.paragraph(text, &self.words.count(key, n));
        for path in paths.iter().take(MOST) {
            self.paragraph(text, &format!("  {}", printable(path)));
        }
        let more = n.saturating_sub(paths.len().min(MOST));
        if more > 0 {
            self.paragraph(text, &format!("  {}", self.words.count("list-more", more)));
        }
    }

    fn sum(&self, summary: &Summary, counts: &[(&str, usize)], none: &str) -> String {
        if summary.files == 0 {
            return self.words.get("no-files");
        }
        let mut list: Vec<String> = counts
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(key, n)| self.words.count(key, *n))
            .collect();
        if list.is_empty() {
            list.push(self.words.get(none));
        }
        let files = self.words.count("files", summary.files);
        let list = list.join(", ");
        self.words.say(
            "sum",
            &[("files", (&files).into()), ("list", (&list).into())],
        )
    }

    fn interruption(&self, text: &mut String, not_handled: usize, more: bool) {
        if not_handled > 0 || more {
            let key = if more {
                "interrupted-walk"
            } else {
                "interrupted"
            };
            self.paragraph(text, &self.words.count(key, not_handled));
        }
    }

    fn next(&self, text: &mut String, command: &str) {
        self.paragraph(
            text,
            &self.words.say("next", &[("command", command.into())]),
        );
    }

    fn paragraph(&self, text: &mut String, words: &str) {
        self.wrap(text, words, 0);
        text.push('\n');
    }
}
