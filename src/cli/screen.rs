//! Where output goes: text on stdout, trouble on stderr, and a progress bar while somebody looks.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::Common;
use crate::report::{Layout, Words};

/// Where output goes.
pub(super) struct Screen {
    bar: ProgressBar,
    found: u64,
    /// Nobody listens any more: `sparlos … | head`.
    pub(super) gone: bool,
    /// Something else is wrong with stdout.
    pub(super) broken: bool,
}

impl Screen {
    /// With a progress bar where the output is a terminal.
    pub(super) fn new(common: &Common, words: &Words) -> Self {
        let wanted = !common.no_progress && !common.quiet && io::stderr().is_terminal();
        let bar = if wanted {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            let left = words.say("progress-left", &[("time", "{eta}".into())]);
            let template = format!("{{bar:24}} {{pos}}/{{len}} {{msg}}· {{per_sec}} · {left}");
            if let Ok(style) = ProgressStyle::with_template(&template) {
                bar.set_style(style);
            }
            bar
        } else {
            ProgressBar::hidden()
        };
        Self {
            bar,
            found: 0,
            gone: false,
            broken: false,
        }
    }

    /// There is one file more.
    pub(super) fn found(&mut self) {
        self.found = self.found.saturating_add(1);
        self.bar.inc_length(1);
        // One file is no batch.
        if self.found == 2 {
            self.bar.enable_steady_tick(Duration::from_millis(200));
        }
    }

    /// A large file is done to this extent, in bytes.
    pub(super) fn part(&self, done: u64, total: u64) {
        if let Some(percent) = done.saturating_mul(100).checked_div(total) {
            self.bar.enable_steady_tick(Duration::from_millis(200));
            self.bar.set_message(format!("({percent} %) "));
        }
    }

    /// Counts one file.
    pub(super) fn step(&self) {
        self.bar.set_message("");
        self.bar.inc(1);
    }

    /// The batch is over.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Writes text that ends its last line itself.
    pub(super) fn print(&mut self, text: &str) {
        if self.gone || self.broken || text.is_empty() {
            return;
        }
        let written = self.bar.suspend(|| {
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes()).and_then(|()| out.flush())
        });
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.gone = true,
            Err(_) => self.broken = true,
            Ok(()) => {}
        }
    }
}

/// Says what went wrong.
pub(super) fn complain(text: &str) {
    // Where stderr is closed there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "sparlos: {text}");
}

/// How to lay out text on stdout.
pub(super) fn layout() -> Layout {
    let terminal = io::stdout().is_terminal();
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    Layout {
        width: terminal_size::terminal_size_of(io::stdout())
            .filter(|_| terminal)
            .map(|(width, _)| usize::from(width.0)),
        colour: terminal && !set("NO_COLOR") && !dumb,
    }
}
