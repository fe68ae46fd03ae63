//! How heavy the Swedish is: LIX, words in a sentence plus the percentage of words longer than six letters
//! (Björnsson 1968). Below 40 is easy to read.

use super::{Lang, Words, phrases};

const HEAVY: f64 = 40.0;

#[derive(Default)]
struct Count {
    sentences: f64,
    words: f64,
    long: f64,
}

impl Count {
    fn add(&mut self, text: &str) {
        let mut open = false;
        for word in plain(text).split_whitespace() {
            let letters = word.chars().filter(|c| c.is_alphabetic()).count();
            if letters > 0 {
                self.words += 1.0;
                self.long += f64::from(u8::from(letters > 6));
                open = true;
            }
            if open && word.ends_with(['.', ':', '!', '?', ';']) {
                self.sentences += 1.0;
                open = false;
            }
        }
        self.sentences += f64::from(u8::from(open));
    }

    fn lix(&self) -> f64 {
        self.words / self.sentences + 100.0 * self.long / self.words
    }
}

/// With a short word for everything that is filled in.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                out.push('x');
            }
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

fn lix<'a>(texts: impl IntoIterator<Item = &'a str>) -> f64 {
    let mut count = Count::default();
    texts.into_iter().for_each(|text| count.add(text));
    count.lix()
}

/// The texts of the report itself, each form of a number on its own.
fn own() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in Lang::Sv.texts().lines() {
        let is_key = line.starts_with(|c: char| c.is_ascii_lowercase());
        if let (true, Some((key, text))) = (is_key, line.split_once(" = ")) {
            all.push((key.to_owned(), text.trim_end_matches("{ $n ->").to_owned()));
        } else if let Some((_, text)) = line.split_once(']') {
            let key = all.last().map_or(String::new(), |(key, _)| key.clone());
            all.push((key, text.trim().to_owned()));
        }
    }
    all.retain(|(_, text)| !text.is_empty());
    all
}

#[test]
fn the_measure_is_right() {
    // Ten words in two sentences, two of them long.
    let text = "Filen visar var du bor. Rensa den innan du skickar.";
    assert!((lix([text]) - (5.0 + 10.0)).abs() < 0.01, "{}", lix([text]));
    assert_eq!(plain("a { $n } b"), "a x b");
}

#[test]
fn swedish_is_easy_to_read() {
    let own = own();
    assert!(own.len() > 200);
    let group = |start: &str| {
        lix(own
            .iter()
            .filter(|it| it.0.starts_with(start))
            .map(|it| &*it.1))
    };
    for start in [
        "", "risk", "explain", "do-", "dont-", "service", "story", "reason", "io", "error", "help",
        "html", "verify",
    ] {
        assert!(group(start) < HEAVY, "{start}: {}", group(start));
    }
    for table in phrases::tables() {
        let texts: Vec<&str> = table.collect();
        assert!(texts.len() > 300);
        assert!(lix(texts.iter().copied()) < HEAVY);
    }
}

/// A short text has too few words to measure. Those with a sentence of more count one by one, refusals as they
/// are said, with their advice.
#[test]
fn no_sentence_is_heavy() {
    let words = Words::new(Lang::Sv);
    let mut texts: Vec<String> = own().into_iter().map(|(_, text)| text).collect();
    for text in phrases::tables().next().unwrap() {
        texts.push(words.say(
            "reason-unsupported",
            &[("what", text.into()), ("advice", "x".into())],
        ));
    }
    let mut heavy = Vec::new();
    for text in texts.iter().filter(|text| text.ends_with(['.', 'x'])) {
        let mut count = Count::default();
        count.add(text);
        if count.words >= 12.0 && count.lix() >= HEAVY {
            heavy.push(format!("{:.0}: {text}", count.lix()));
        }
    }
    assert!(heavy.is_empty(), "{heavy:#?}");
}
