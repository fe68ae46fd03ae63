//! Where a pair of coordinates is, in words.

use std::cell::RefCell;

use super::{Arg, Lang, Words};
use crate::model::Place;
use crate::places::{self, Language, Near, Where};

/// The nearest town and its country, such as *about 3 km from Kista, Sweden*. `None` where the table of
/// places has no answer.
pub(super) fn located(words: &Words, place: &Place) -> Option<String> {
    let language = language(words);
    Some(match ask(place, language)? {
        Where::Nowhere => words.get("place-nowhere"),
        Where::In(town) => words.say("place-in", &[("town", (&name(&town)).into())]),
        Where::By(town) => by(words, &town),
        Where::Remote(None, None) => words.get("place-remote"),
        Where::Remote(None, Some(town)) => by(words, &town),
        Where::Remote(Some(country), None) => words.say(
            "place-country",
            &[("country", (&country.to_owned()).into())],
        ),
        Where::Remote(Some(country), Some(town)) => {
            let near = by(words, &town);
            let country = country.to_owned();
            let args: [(&'static str, Arg<'_>); 2] =
                [("country", (&country).into()), ("near", (&near).into())];
            words.say("place-country-near", &args)
        }
    })
}

/// The town that a place is in or near, and otherwise its country: a heading for several files.
pub(super) fn town(words: &Words, place: &Place) -> Option<String> {
    let language = language(words);
    Some(match ask(place, language)? {
        Where::Nowhere => words.get("place-nowhere"),
        Where::In(town) | Where::By(town) => name(&town),
        Where::Remote(Some(country), _) => country.to_owned(),
        Where::Remote(None, _) => words.get("place-remote"),
    })
}

/// The country that a place is in or off the coast of.
pub(super) fn country(words: &Words, place: &Place) -> Option<String> {
    let language = language(words);
    match ask(place, language)? {
        Where::Nowhere => None,
        Where::In(town) | Where::By(town) => town.country.map(str::to_owned),
        Where::Remote(country, _) => country.map(str::to_owned),
    }
}

thread_local! {
    /// The last answer: a report asks for the same place several times.
    static LAST: RefCell<Option<(Place, Language, Option<Where>)>> = const { RefCell::new(None) };
}

fn ask(place: &Place, language: Language) -> Option<Where> {
    LAST.with_borrow_mut(|last| match last {
        Some((known, wanted, answer)) if (&*known, *wanted) == (place, language) => answer.clone(),
        _ => {
            let answer = places::locate(place.latitude, place.longitude, language);
            *last = Some((*place, language, answer.clone()));
            answer
        }
    })
}

fn language(words: &Words) -> Language {
    match words.lang() {
        Lang::Sv => Language::Sv,
        Lang::En => Language::En,
    }
}

fn name(town: &Near) -> String {
    match town.country {
        Some(country) => format!("{}, {country}", town.town),
        None => town.town.clone(),
    }
}

/// The distance is rounded: it is one from the middle of the town.
fn by(words: &Words, town: &Near) -> String {
    let km = if town.km < 20.0 {
        town.km.round()
    } else {
        (town.km / 10.0).round() * 10.0
    };
    let (km, town) = (format!("{km:.0}"), name(town));
    words.say(
        "place-by",
        &[("km", (&km).into()), ("town", (&town).into())],
    )
}
