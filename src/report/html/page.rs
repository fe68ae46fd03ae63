//! What is located around the files: the summary, what it means, whom to call, maps and times.

use std::fmt::Write as _;

use super::super::human::explained;
use super::super::{Lang, Last, Summary, Words, contacts, folder};
use super::{Show, escaped, map, timeline};

/// The style sheet.
const STYLE: &str = include_str!("style.css");

/// Everything before the files.
pub(super) fn head(words: &Words, last: &Last<'_>, show: Show) -> String {
    let Show {
        values,
        thumbnails: pictures,
        ..
    } = show;
    let say = |key: &str| escaped(&words.get(key));
    let lang = match words.lang() {
        Lang::Sv => "sv",
        Lang::En => "en",
    };
    let title = say("html-title");
    let (class, kind) = match (values, pictures) {
        (true, _) => ("warning", say("html-full")),
        (false, true) => ("note", say("html-safe-pictures")),
        (false, false) => ("note", say("html-safe")),
    };
    let images = if pictures { " img-src data:;" } else { "" };
    let mut text = format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none';{images} style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n<p class=\"{class}\">{kind}</p>\n"
    );
    let sums = counts(last, show.scans).into_iter().filter(|(_, n)| *n > 0);
    let sums: Vec<String> = sums.map(|(key, n)| words.count(key, n)).collect();
    list(&mut text, &say("html-summary"), &sums);
    if let Last::Summary(summary) = last {
        about(&mut text, words, summary, values);
    }
    let _ = write!(
        text,
        "<h2>{}</h2>\n<p>{}</p>\n<h2>{}</h2>\n",
        say("html-do"),
        say("html-do-text"),
        say("html-files")
    );
    text
}

fn about(text: &mut String, words: &Words, summary: &Summary, values: bool) {
    let say = |key: &str| escaped(&words.get(key));
    let together = folder::sentences(words, summary, values);
    list(text, &say("html-together"), &together);
    if values {
        text.extend(map::map(words, &summary.story));
        text.extend(timeline::timeline(words, &summary.story));
    }
    let mut heading = Some(say("html-means"));
    for sort in explained(summary) {
        if let Some(heading) = heading.take() {
            let _ = writeln!(text, "<h2>{heading}</h2>");
        }
        text.push_str("<div class=\"means\">\n");
        for part in ["explain", "do", "dont"] {
            let _ = writeln!(text, "<p>{}</p>", say(&format!("{part}-{sort}")));
        }
        text.push_str("</div>\n");
    }
    for service in &summary.services {
        let _ = writeln!(text, "<p>{}</p>", say(service.key()));
    }
    if summary.is_dangerous() {
        let _ = write!(text, "<h2>{}</h2>\n<ul>\n", say("html-help"));
        for contact in contacts::contacts(words.lang()) {
            let (who, how) = (escaped(contact.who), escaped(contact.how));
            let _ = writeln!(text, "<li>{who}: <strong>{how}</strong></li>");
        }
        let checked = escaped(&contacts::checked(words));
        let _ = write!(text, "</ul>\n<p>{checked}</p>\n");
    }
}

/// A heading and a list; nothing where the list is empty.
fn list(text: &mut String, heading: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let _ = write!(text, "<h2>{heading}</h2>\n<ul>\n");
    for item in items {
        let _ = writeln!(text, "<li>{}</li>", escaped(item));
    }
    text.push_str("</ul>\n");
}

/// Everything behind the files, of which `more` are not listed.
pub(super) fn foot(words: &Words, more: usize) -> String {
    let mut text = String::new();
    if more > 0 {
        let more = words.count("html-more", more);
        let _ = writeln!(text, "<p>{}</p>", escaped(&more));
    }
    for key in ["look-yourself", "html-sources"] {
        let _ = writeln!(text, "<p>{}</p>", escaped(&words.get(key)));
    }
    text.push_str("</main>\n</body>\n</html>\n");
    text
}
fn counts(last: &Last<'_>, scans: bool) -> Vec<(&'static str, usize)> {
    match last {
        Last::Summary(summary) => {
            let [green, amber, red] = summary.risks;
            let outcomes = &summary.outcomes;
            vec![
                ("files", summary.files),
                ("count-red", red),
                ("count-amber", amber),
                ("count-green", green),
                ("count-cleaned", outcomes.cleaned),
                ("count-already-clean", outcomes.already_clean),
                ("count-reduced", outcomes.reduced),
                (
                    if scans { "count-not-read" } else { "none-made" },
                    summary.not_done(),
                ),
                ("interrupted", summary.not_handled),
            ]
        }
        Last::Verdicts(verdicts) => vec![
            ("html-proven", verdicts.proven),
            ("html-not-proven", verdicts.not_proven),
            ("html-without-copy", verdicts.without_copy),
            ("html-without-original", verdicts.without_original),
            ("interrupted", verdicts.not_handled),
        ],
    }
}
