//! What a name gives away (`leaks.md` §29, `fs.name.*`).

use crate::model::{Category, Finding, Severity};

/// Names that cameras and programs give, in small letters: `#` is a digit, `*` is
/// anything, `|` stands between two.
const PATTERNS: &str = "\
    img_####* | img-####* | img ####* | img####* | img_e####* | imag####* | image_####* | \
    image####* | dsc_####* | dsc####* | _dsc####* | _mg_####* | dscf####* | _dsf####* | \
    dscn####* | dsci####* | pxl_* | vid_* | vid-* | mvi_####* | mov_####* | mov####* | \
    gopr####* | gx######* | gh######* | gp######* | gs######* | dji_* | dji####* | \
    whatsapp* | *-wa####* | signal-* | photo_####* | video_####* | fb_img_* | fb_vid_* | \
    snapchat* | screenshot* | screen shot* | screen_shot* | screen recording* | \
    screen_recording* | screenrecord* | skärmbild* | skärmavbild* | skärmdump* | \
    skärminspelning* | mmexport* | received_* | camscanner* | adobe scan* | genius scan* | \
    office lens* | scan_####* | pano_* | mvimg_* | burst* | lrm_* | ####_######* | \
    r#######* | sam_####* | cimg####* | hpim####* | pict####* | p#######* | kic_* | \
    wp_####* | recording* | inspelning* | ny inspelning* | new recording* | voice ####* | \
    ptt-* | aud-* | stk-* | img_original* | snapseed* | instagram* | insta_* | tiktok* | \
    telegram* | viber* | messenger* | line_* | kakaotalk* | lv_* | inshot* | picsart* | \
    collage_* | facetune* | capcut* | vlc*snap* | dcim* | ###apple* | ###canon* | \
    ###_pana* | ###nikon* | ###msdcf* | ###olymp* | ###_fuji* | ###media* | ###gopro* | \
    *_####################*";

/// Months in Swedish and English, in small letters and folded, with `|` between.
const MONTHS: &str = "\
    januari | january | jan | februari | february | feb | mars | march | mar | april | \
    apr | maj | may | juni | june | jun | juli | july | jul | augusti | august | aug | \
    september | sep | sept | oktober | october | okt | oct | november | nov | december | \
    dec";

/// What `name` gives away. `listed` are names of people and places that the user fears for, folded.
#[must_use]
pub(super) fn giveaways(name: &str, place: &'static str, listed: &[String]) -> Vec<Finding> {
    let stem = match name.rsplit_once('.') {
        // `48.8583,2.2945` has no extension.
        Some((stem, end)) if !stem.is_empty() && !end.starts_with(|c: char| c.is_ascii_digit()) => {
            stem
        }
        _ => name,
    };
    let lower = stem.to_lowercase();
    let runs = digit_runs(stem);
    let mut found = Vec::new();
    let mut add = |id, category, severity, what: &'static str| {
        found.push(Finding::new(id, category, severity, place, what).text(name));
    };
    if has_coordinates(stem) || has_plus_code(stem) || has_three_words(stem) {
        add(
            "fs.name.loc",
            Category::Location,
            Severity::Critical,
            "coordinates",
        );
    }
    let folded = fold(stem);
    if listed.iter().any(|word| folded.contains(word.as_str())) {
        add(
            "fs.name.person",
            Category::Person,
            Severity::High,
            "a name of your list",
        );
    }
    if runs.iter().any(|run| is_personal_number(run, stem)) {
        add(
            "fs.name.person",
            Category::Person,
            Severity::High,
            "a personal identity number",
        );
    }
    if has_mail_address(stem) {
        add(
            "fs.name.person",
            Category::Person,
            Severity::High,
            "an e-mail address",
        );
    }
    let dated = has_date(stem, &runs) || has_month(&folded, &runs);
    if dated {
        add("fs.name.date", Category::Time, Severity::Medium, "a date");
    }
    if rows(PATTERNS).any(|pattern| matches(pattern, &lower)) {
        add(
            "fs.name.device",
            Category::Device,
            Severity::Low,
            "named by a camera or a program",
        );
    }
    if has_long_id(stem) || (!dated && runs.iter().any(|run| run.text.len() >= 6)) {
        add(
            "fs.name.id",
            Category::History,
            Severity::Medium,
            "a long number or id",
        );
    }
    found
}

/// Text in small letters without the marks on letters, however those are written down.
#[must_use]
pub(in crate::batch) fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter(|c| !matches!(c, '\u{300}'..='\u{36F}'))
        .map(|c| match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
            'æ' => 'a',
            'ç' | 'ć' | 'č' => 'c',
            'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
            'ì'..='ï' | 'ī' | 'ı' => 'i',
            'ñ' | 'ń' | 'ň' => 'n',
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
            'ý' | 'ÿ' => 'y',
            'š' | 'ś' | 'ş' => 's',
            'ž' | 'ź' | 'ż' => 'z',
            'ł' => 'l',
            other => other,
        })
        .collect()
}

/// The rows of a table in one text.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.split('|').map(str::trim)
}

/// Whether all of `text` is what `pattern` says.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0usize, 0usize);
    // Where to go on when the last star has to take one character more.
    let mut star: Option<(usize, usize)> = None;
    while let Some(&c) = text.get(t) {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p = p.saturating_add(1);
                continue;
            }
            Some('#') if c.is_ascii_digit() => {}
            Some(&wanted) if wanted == c => {}
            _ => {
                let Some((star_p, star_t)) = star else {
                    return false;
                };
                star = Some((star_p, star_t.saturating_add(1)));
                p = star_p.saturating_add(1);
                t = star_t.saturating_add(1);
                continue;
            }
        }
        p = p.saturating_add(1);
        t = t.saturating_add(1);
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

/// Digits in a row.
struct Run<'a> {
    text: &'a str,
    /// Offset in bytes.
    start: usize,
}

impl Run<'_> {
    fn number(&self) -> Option<u64> {
        self.text.parse().ok()
    }

    fn end(&self) -> usize {
        self.start.saturating_add(self.text.len())
    }

    /// The digits from `from` on, `len` of them.
    fn part(&self, from: usize, len: usize) -> Option<u64> {
        self.text.get(from..from.saturating_add(len))?.parse().ok()
    }
}

fn digit_runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_ascii_digit()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                if let Some(digits) = text.get(from..at) {
                    runs.push(Run {
                        text: digits,
                        start: from,
                    });
                }
                start = None;
            }
            _ => {}
        }
    }
    runs
}

fn is_date(year: Option<u64>, month: Option<u64>, day: Option<u64>) -> bool {
    matches!(year, Some(1900..=2099))
        && matches!(month, Some(1..=12))
        && matches!(day, Some(1..=31))
}

/// Years are written with two digits in Sweden.
fn is_short_date(year: Option<u64>, month: Option<u64>, day: Option<u64>) -> bool {
    is_date(year.map(|y| y.saturating_add(2000)), month, day)
}

fn has_date(text: &str, runs: &[Run<'_>]) -> bool {
    let joined = |a: &Run<'_>, b: &Run<'_>| {
        text.get(a.end()..b.start)
            .is_some_and(|gap| matches!(gap, "-" | "_" | "." | ":" | "/" | " " | ""))
    };
    runs.iter().any(|run| match run.text.len() {
        4 => matches!(run.number(), Some(1950..=2035)),
        6 => is_short_date(run.part(0, 2), run.part(2, 2), run.part(4, 2)),
        8 | 12 | 14 | 17 => {
            is_date(run.part(0, 4), run.part(4, 2), run.part(6, 2))
                || (run.text.len() == 8 && is_date(run.part(4, 4), run.part(2, 2), run.part(0, 2)))
        }
        // Seconds and milliseconds since 1970.
        10 => matches!(run.number(), Some(1_000_000_000..=2_200_000_000)),
        13 => matches!(run.number(), Some(1_000_000_000_000..=2_200_000_000_000)),
        _ => false,
    }) || runs.windows(3).any(|three| {
        let [a, b, c] = three else { return false };
        let (x, y, z) = (a.number(), b.number(), c.number());
        joined(a, b)
            && joined(b, c)
            && match (a.text.len(), b.text.len(), c.text.len()) {
                (4, ..=2, ..=2) => is_date(x, y, z),
                (..=2, ..=2, 4) => is_date(z, y, x) || is_date(z, x, y),
                (2, 2, 2) => is_short_date(x, y, z) || is_short_date(z, y, x),
                _ => false,
            }
    })
}

/// A month in words, and a number beside it.
fn has_month(folded: &str, runs: &[Run<'_>]) -> bool {
    !runs.is_empty()
        && folded
            .split(|c: char| !c.is_alphabetic())
            .any(|word| rows(MONTHS).any(|month| month == word))
}

/// Two decimal numbers side by side that can be degrees, or a degree sign behind a digit.
fn has_coordinates(text: &str) -> bool {
    let mut numbers: Vec<(f64, usize, usize)> = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_ascii_digit() || c == '.') {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let token = text.get(from..at).unwrap_or_default().trim_matches('.');
                let decimals = token.split_once('.').map_or(0, |(_, d)| d.len());
                if decimals >= 3
                    && let Ok(number) = token.parse()
                {
                    numbers.push((number, from, at));
                }
                start = None;
            }
            _ => {}
        }
    }
    let near = numbers.windows(2).any(|pair| {
        matches!(pair, [(lat, _, end), (lon, start, _)]
            if *lat <= 90.0 && *lon <= 180.0 && start.saturating_sub(*end) <= 4)
    });
    near || text
        .char_indices()
        .any(|(at, c)| matches!(c, '°' | 'º') && text.get(..at).is_some_and(ends_in_digit))
}

fn ends_in_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}

/// Open Location Code: `9FFW84J9+XG`, or its end, `84J9+XG`.
fn has_plus_code(text: &str) -> bool {
    const ALPHABET: &str = "23456789CFGHJMPQRVWXcfghjmpqrvwx";
    let is_code = |c: char| ALPHABET.contains(c);
    text.match_indices('+').any(|(at, _)| {
        let (before, after) = text.split_at(at);
        let before = before.chars().rev().take_while(|c| is_code(*c)).count();
        let after = after.chars().skip(1).take_while(|c| is_code(*c)).count();
        matches!(before, 4..=8) && matches!(after, 2..=4)
    })
}

/// An address of what3words: three words with dots between them.
fn has_three_words(text: &str) -> bool {
    text.split_whitespace().any(|part| {
        let mut words = part.trim_matches('/').split('.');
        let is_word = |word: &str| word.chars().count() > 3 && word.chars().all(char::is_lowercase);
        words.clone().count() == 3 && words.all(is_word)
    })
}

fn has_mail_address(text: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ','))
        .filter_map(|word| word.split_once('@'))
        .any(|(who, host)| !who.is_empty() && host.contains('.') && !host.starts_with('.'))
}

/// A Swedish personal identity number, with its check digit.
fn is_personal_number(run: &Run<'_>, text: &str) -> bool {
    let behind = text.get(run.end()..).unwrap_or_default();
    let last: String = match run.text.len() {
        10 | 12 => String::new(),
        6 | 8 => match behind.strip_prefix(['-', '+']) {
            Some(rest) => rest.chars().take_while(char::is_ascii_digit).collect(),
            None => return false,
        },
        _ => return false,
    };
    let digits = format!("{}{last}", run.text);
    let Some(ten) = digits
        .len()
        .checked_sub(10)
        .and_then(|from| digits.get(from..))
    else {
        return false;
    };
    let part = |from: usize, to: usize| ten.get(from..to).and_then(|d| d.parse::<u64>().ok());
    // A coordination number has sixty more days.
    let born = matches!(part(2, 4), Some(1..=12)) && matches!(part(4, 6), Some(1..=31 | 61..=91));
    let sum = ten
        .chars()
        .filter_map(|c| c.to_digit(10))
        .zip([2u32, 1].into_iter().cycle())
        .map(|(digit, factor)| {
            let product = digit.saturating_mul(factor);
            if product > 9 {
                product.saturating_sub(9)
            } else {
                product
            }
        })
        .fold(0u32, u32::saturating_add);
    matches!(digits.len(), 10 | 12) && born && sum.is_multiple_of(10)
}

/// A UUID, or sixteen and more hexadecimal digits with letters among them.
fn has_long_id(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_hexdigit() && c != '-')
        .any(|word| {
            let parts: Vec<usize> = word.split('-').map(str::len).collect();
            parts.windows(5).any(|p| p == [8, 4, 4, 4, 12])
        })
        || text
            .split(|c: char| !c.is_ascii_hexdigit())
            .any(|word| word.len() >= 16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FILE_NAME;

    fn ids(name: &str) -> Vec<&'static str> {
        giveaways(name, FILE_NAME, &[fold("Rinkeby"), fold("Åsa")])
            .iter()
            .map(|f| f.id)
            .collect()
    }

    #[test]
    fn names_that_tell() {
        for (name, id) in [
            ("IMG_20230514_183012.jpg", "fs.name.date"),
            ("IMG_2041.HEIC", "fs.name.device"),
            ("PXL_20230514_163012345.jpg", "fs.name.date"),
            ("Screenshot 2023-05-14 at 18.30.12.png", "fs.name.date"),
            ("Screenshot_Chrome.png", "fs.name.device"),
            ("WhatsApp Image 2023-05-14 at 12.00.00.jpeg", "fs.name.date"),
            ("IMG-20230514-WA0007.jpg", "fs.name.device"),
            ("photo_2023-05-14_18-30-12.jpg", "fs.name.date"),
            ("FB_IMG_1684081812345.jpg", "fs.name.date"),
            ("mmexport1684081812345.jpg", "fs.name.date"),
            ("12 maj.jpg", "fs.name.date"),
            ("may 12.jpg", "fs.name.date"),
            ("240512.jpg", "fs.name.date"),
            ("sommaren 2019.jpg", "fs.name.date"),
            ("14.05.2023.jpg", "fs.name.date"),
            ("48.8583,2.2945.jpg", "fs.name.loc"),
            ("48.8583,2.2945", "fs.name.loc"),
            ("9FFW84J9+XG.png", "fs.name.loc"),
            ("filled.count.soap.png", "fs.name.loc"),
            ("59°20'N.png", "fs.name.loc"),
            ("hemma i rinkeby.png", "fs.name.person"),
            ("A\u{30a}sa.png", "fs.name.person"),
            ("ÅSAS rum.png", "fs.name.person"),
            ("811218-9876.pdf", "fs.name.person"),
            ("198112189876.pdf", "fs.name.person"),
            ("anna@exempel.se.jpg", "fs.name.person"),
            ("6F9619FF-8B86-D011-B42D-00CF4FC964FF.jpg", "fs.name.id"),
            ("d41d8cd98f00b204e9800998ecf8427e.jpg", "fs.name.id"),
            ("449361529_n.jpg", "fs.name.id"),
            ("Skärmavbild.png", "fs.name.device"),
            ("100APPLE", "fs.name.device"),
        ] {
            assert!(ids(name).contains(&id), "{name}: {:?}", ids(name));
        }
    }

    #[test]
    fn names_that_do_not_tell() {
        for name in [
            "scan0001.png",
            "photo-001.jpg",
            "foto-012.jpg",
            "hus.jpg",
            "Namnlös 2.png",
            "a.b.c",
            "",
            ".jpg",
            "mapp-001",
            "march.jpg",
            "811218-9875x.pdf.1",
            "50+50.png",
            "v1.2.3.png",
        ] {
            if name.starts_with("811218") {
                assert!(!ids(name).contains(&"fs.name.person"), "wrong check digit");
            } else {
                assert_eq!(ids(name), Vec::<&str>::new(), "{name}");
            }
        }
    }

    #[test]
    fn hostile_names_end_soon() {
        for name in [
            "*".repeat(255),
            "1".repeat(255),
            "-".repeat(255),
            "1.".repeat(127),
            "1-".repeat(127),
            "a*".repeat(127),
            "åäö°".repeat(40),
            "\u{202e}\n\t\0".repeat(50),
        ] {
            let _ = ids(&name);
        }
    }
}
