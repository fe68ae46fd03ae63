//! What the files of a folder tell together, in sentences.

use super::details::date;
use super::located::{country, located};
use super::{Arg, Summary, Words};
use crate::model::Place;
use crate::story::{Link, Stay, Tie, Use, Way};

/// Maximum number of places, and of links of one sort, that are named.
const MOST: usize = 3;
/// Longest text out of a file that is shown, in characters.
const SHOWN: usize = 60;

/// The sentences, the most dangerous first. Without `values` they contain no date and no value, and of a place
/// the country.
pub(super) fn sentences(words: &Words, summary: &Summary, values: bool) -> Vec<String> {
    let told = summary.story.told();
    let say = Say { words, values };
    let mut all = Vec::new();
    all.extend(told.moved.as_ref().map(|(new, old)| say.moved(new, old)));
    all.extend(told.stays.iter().take(MOST).map(|stay| say.stay(stay)));
    all.extend(told.way.as_ref().map(|way| say.way(way)));
    for tie in [
        Tie::Device,
        Tie::Model,
        Tie::Person,
        Tie::Original,
        Tie::Folder,
        Tie::Printer,
    ] {
        let links: Vec<&Link> = told.links.iter().filter(|link| link.tie == tie).collect();
        if tie == Tie::Original {
            all.extend(say.originals(&links));
        } else {
            all.extend(links.iter().take(MOST).map(|link| say.link(link)));
        }
    }
    all.extend(summary.pairs.told().map(|pairs| say.pairs(&pairs)));
    all
}

struct Say<'a> {
    words: &'a Words,
    values: bool,
}

impl Say<'_> {
    fn place(&self, place: &Place) -> String {
        let name = if self.values {
            located(self.words, place)
        } else {
            country(self.words, place)
        };
        name.unwrap_or_else(|| self.words.get("story-somewhere"))
    }

    fn moved(&self, new: &Stay, old: &Stay) -> String {
        if !self.values {
            return self.words.get("story-moved-safe");
        }
        let since = self.day(&new.first.iso(), Some(new.first.weekday));
        let (new, old) = (self.place(&new.place), self.place(&old.place));
        let args: [(&'static str, Arg<'_>); 3] = [
            ("since", (&since).into()),
            ("new", (&new).into()),
            ("old", (&old).into()),
        ];
        self.words.say("story-moved", &args)
    }

    fn stay(&self, stay: &Stay) -> String {
        let key = match stay.usage {
            Use::Home => "story-home",
            Use::Work => "story-work",
            Use::Unknown => "story-returns",
        };
        let place = self.place(&stay.place);
        let weekdays = stay.weekdays.iter().filter_map(|n| self.weekday(*n));
        let weekdays = weekdays.collect::<Vec<_>>().join(", ");
        let (from, to) = stay.hours;
        let (from, to) = (from.to_string(), to.saturating_add(1).to_string());
        let args: [(&'static str, Arg<'_>); 6] = [
            ("place", (&place).into()),
            ("n", stay.files.into()),
            ("days", stay.days.into()),
            ("weekdays", (&weekdays).into()),
            ("from", (&from).into()),
            ("to", (&to).into()),
        ];
        self.words.say(key, &args)
    }

    fn way(&self, way: &Way) -> String {
        let km = format!("{:.0}", way.km.ceil());
        let when = self.day(&way.iso(), None);
        let args: [(&'static str, Arg<'_>); 3] = [
            ("when", (&when).into()),
            ("n", way.places.into()),
            ("km", (&km).into()),
        ];
        let key = if self.values {
            "story-way"
        } else {
            "story-way-safe"
        };
        self.words.say(key, &args)
    }

    /// An id says nothing to a reader: one sentence for all of them.
    fn originals(&self, links: &[&Link]) -> Option<String> {
        if let [one] = links {
            return Some(self.link(one));
        }
        let largest = links.iter().map(|link| link.files).max()?;
        let args: [(&'static str, Arg<'_>); 2] =
            [("groups", links.len().into()), ("n", largest.into())];
        Some(self.words.say("story-originals", &args))
    }

    fn link(&self, link: &Link) -> String {
        let key = match link.tie {
            Tie::Device => "story-device",
            Tie::Model => "story-model",
            Tie::Person => "story-person",
            Tie::Original => "story-original",
            Tie::Folder => "story-folder",
            Tie::Printer => "story-printer",
        };
        // Bytes that are no text say nothing either.
        let is_legible = match link.tie {
            Tie::Original => false,
            Tie::Device => link.text.raw().is_ascii(),
            _ => true,
        };
        if !self.values || !is_legible {
            return self.words.say(key, &[("n", link.files.into())]) + ".";
        }
        let text = link.text.for_terminal(SHOWN);
        let sentence = self.words.say(key, &[("n", link.files.into())]);
        // A name such as "Ek, Åsa B." has a full stop of its own.
        format!("{sentence}: {}.", text.strip_suffix('.').unwrap_or(&text))
    }

    fn pairs(&self, (files, example): &(usize, String)) -> String {
        if self.values {
            let gaps = [("n", Arg::from(*files)), ("example", example.into())];
            self.words.say("story-pairs", &gaps)
        } else {
            self.words.count("story-pairs-safe", *files)
        }
    }

    fn day(&self, iso: &str, weekday: Option<u8>) -> String {
        let date = date(self.words, iso);
        match weekday.and_then(|n| self.weekday(n)) {
            Some(weekday) => format!("{weekday} {date}"),
            None => date,
        }
    }

    fn weekday(&self, n: u8) -> Option<String> {
        let names = self.words.get("weekdays");
        names
            .split_whitespace()
            .nth(usize::from(n))
            .map(str::to_owned)
    }
}
