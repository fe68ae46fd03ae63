//! Where to get help, from one table with the day on which it was checked.

use super::details::date;
use super::{Lang, Words};

const TABLE: &str = include_str!("lang/contacts.tsv");

/// Somebody who helps.
pub(super) struct Contact {
    pub(super) who: &'static str,
    /// A telephone number or an address on the web.
    pub(super) how: &'static str,
}

/// All of them, the most urgent first.
pub(super) fn contacts(lang: Lang) -> Vec<Contact> {
    let rows = rows().filter_map(|mut row| {
        let (swedish, english, how) = (row.next()?, row.next()?, row.next()?);
        let who = match lang {
            Lang::Sv => swedish,
            Lang::En => english,
        };
        Some(Contact { who, how })
    });
    rows.collect()
}

/// That numbers may have changed since the day on which they were checked.
pub(super) fn checked(words: &Words) -> String {
    let day = rows().find_map(|mut row| (row.next() == Some("checked")).then(|| row.next())?);
    let day = date(words, day.unwrap_or_default());
    words.say("help-checked", &[("day", (&day).into())])
}

fn rows() -> impl Iterator<Item = std::str::Split<'static, char>> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        for lang in [Lang::Sv, Lang::En] {
            let all = contacts(lang);
            assert_eq!(all.len(), TABLE.lines().count() - 3);
            for number in [
                "112",
                "114 14",
                "020-50 50 50",
                "unizonjourer.se",
                "roks.se",
            ] {
                assert!(all.iter().any(|it| it.how == number), "{number}");
            }
        }
        let text = checked(&Words::new(Lang::Sv));
        assert!(
            text.contains("1 december 2026") && text.contains("ändrats"),
            "{text}"
        );
    }
}
