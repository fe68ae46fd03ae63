//! Copies of drawings, seen from outside: what moves in them moves as before.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use sparlos::bytes::Source;
use sparlos::pipeline::Job;

use crate::support::judge::clean;
use crate::support::report;
use crate::support::samples::all;

/// Elements that move something, or say how.
const MOVING: &[&str] = &[
    "animate",
    "animateColor",
    "animateMotion",
    "animateTransform",
    "set",
    "discard",
    "mpath",
];

/// An element that moves something: its name, the element around it, and its attributes by name.
type Moving = (String, String, BTreeMap<String, String>);

fn name(element: &BytesStart<'_>) -> String {
    element.local_name().into_inner().to_owned()
}

fn attributes(element: &BytesStart<'_>) -> BTreeMap<String, String> {
    let all = element.attributes().map(Result::unwrap);
    all.map(|it| {
        let value = it
            .normalized_value(XmlVersion::Implicit1_0)
            .unwrap()
            .into_owned();
        (it.key.local_name().into_inner().to_owned(), value)
    })
    .collect()
}

/// All of them in the order of the file, and what moves by style rules, as words.
fn moving(file: &[u8]) -> (Vec<Moving>, Vec<Vec<String>>) {
    let text = std::str::from_utf8(file).unwrap();
    // Ids become the elements that have them, in the order of the file.
    let mut ids = BTreeMap::new();
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                if let Some(id) = attributes(&element).remove("id") {
                    ids.insert(id, format!("{}{}", name(&element), ids.len()));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let (mut all, mut rules, mut open) = (Vec::new(), Vec::new(), Vec::<String>::new());
    let mut reader = Reader::from_str(text);
    loop {
        let event = reader.read_event().unwrap();
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                let attributes = attributes(element);
                if let Some(style) = attributes.get("style") {
                    rules.extend(motions(style));
                }
                if MOVING.contains(&name(element).as_str()) {
                    let around = open.last().cloned().unwrap_or_default();
                    // Names of classes differ, as they should.
                    let class = attributes
                        .get("attributeName")
                        .is_some_and(|it| it == "class");
                    let named = |name: &str| class && matches!(name, "to" | "from" | "values");
                    let kept = attributes
                        .into_iter()
                        .filter(|(name, _)| {
                            !matches!(name.as_str(), "id" | "style" | "class") && !named(name)
                        })
                        .map(|(name, value)| (name.clone(), plain(&value, &name, &ids)));
                    all.push((name(element), around, kept.collect()));
                }
                if matches!(event, Event::Start(_)) {
                    open.push(name(element));
                }
            }
            Event::End(_) => drop(open.pop()),
            Event::Text(text) if open.last().is_some_and(|name| name == "style") => {
                rules.extend(motions(text));
            }
            Event::CData(text) if open.last().is_some_and(|name| name == "style") => {
                rules.extend(motions(text));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    (all, rules)
}

/// A value with numbers as what they are worth, without white space, and elements for ids.
fn plain(value: &str, attribute: &str, ids: &BTreeMap<String, String>) -> String {
    let known = |id: &str| ids.get(id).cloned().unwrap_or_else(|| id.to_owned());
    if let Some(id) = value
        .trim()
        .strip_prefix('#')
        .filter(|_| attribute == "href")
    {
        return known(id);
    }
    if matches!(attribute, "begin" | "end") {
        let moments = value
            .split(';')
            .map(|one| match one.trim().split_once('.') {
                Some((id, event)) if ids.contains_key(id) => format!("{}.{event}", known(id)),
                _ => one.trim().to_owned(),
            });
        return moments.collect::<Vec<_>>().join(";").replace(' ', "");
    }
    words(value).join(" ")
}

/// Words and numbers of a text, numbers in one spelling.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut piece = String::new();
    let mut end = |piece: &mut String| {
        if !piece.is_empty() {
            let number = piece.parse::<f64>().map(|number| number.to_string());
            words.push(number.unwrap_or_else(|_| piece.to_ascii_lowercase()));
            piece.clear();
        }
    };
    for c in text.chars() {
        let goes_on = match piece.chars().last() {
            Some(last) => {
                let numeric = |c: char| c.is_ascii_digit() || c == '.';
                (numeric(last) || (last == '-' && numeric(c))) == numeric(c)
                    && (c != '.' || !piece.contains('.'))
            }
            None => true,
        };
        if c.is_whitespace() || ",;:{}()'\"".contains(c) {
            end(&mut piece);
        } else {
            if !goes_on || c == '-' {
                end(&mut piece);
            }
            piece.push(c);
        }
    }
    end(&mut piece);
    words
}

/// What style rules say of motion: the declarations of animations, and the steps of key frames, names aside.
fn motions(style: &str) -> Vec<Vec<String>> {
    let style = match style.split_once("/*") {
        Some((before, rest)) => before.to_owned() + rest.split_once("*/").unwrap().1,
        None => style.to_owned(),
    };
    let mut all = Vec::new();
    for piece in style.split("@keyframes ").skip(1) {
        let (_, steps) = piece.split_once('{').unwrap();
        let end = steps.find("}}").or_else(|| steps.find("} }")).unwrap();
        all.push(words(&steps[..end]));
    }
    for piece in style.split(['{', '}', ';']) {
        if let Some(("animation-duration" | "animation-delay" | "transition-duration", value)) =
            piece
                .trim()
                .split_once(':')
                .map(|(name, value)| (name.trim(), value))
        {
            all.push(words(value));
        }
    }
    all
}

/// Drawings that move in every way of SMIL Animation and CSS.
const FILMS: &[&str] = &[
    "<rect id='Anna' width='9' height='9'><animate id='one' attributeName='x' values='0; 5.50;9' keyTimes='0;.5; 1' \
     dur='2s' begin='0s;two.end+1.5s; Anna.click' end='one.repeat(2)' repeatCount='indefinite' fill='freeze' \
     calcMode='spline' keySplines='.4 0 .2 1; .4 0 .2 1' additive='sum' accumulate='sum' restart='whenNotActive'/>\
     <animate id='two' attributeName='fill' from='red' to='#00ff00' by='blue' begin='one.begin' dur='00:02:03.5' \
     min='1s' max='5min' repeatDur='10s'/><set attributeName='visibility' to='hidden' begin='3s' dur='indefinite'/>\
     </rect>",
    "<g><animateTransform attributeName='transform' attributeType='XML' type='rotate' from='0 50 50' to='360 50 50' \
     dur='10s' repeatCount='3.5'/><animateTransform attributeName='transform' type='scale' values='1;1.5,2;1' \
     dur='400ms'/></g>",
    "<path id='road' d='M0,0 L10,10'/><circle r='2'><animateMotion dur='6s' rotate='auto-reverse' \
     keyPoints='0;1' keyTimes='0;1' calcMode='linear'><mpath xlink:href='#road'/></animateMotion></circle>\
     <circle r='3'><animateMotion path='M0 0C1 1 2 2 3 3' dur='1s' rotate='45' origin='default'/></circle>",
    "<path d='M0 0h9v9z'><animate attributeName='d' dur='2s' values='M0 0h9v9z;M1 1h9v9z'/></path><polygon \
     points='0,0 1,1 2,0'><animate attributeName='points' dur='2s' from='0,0 1,1 2,0' to='0,0 5,5 2,0'/></polygon>",
    "<rect id='Bo' width='9' height='9'/><animate xlink:href='#Bo' attributeName='opacity' from='1' to='0.2' dur='1s'/>\
     <set href='#Bo' attributeName='class' to='Annas' begin='accessKey(a)'/><discard href='#Bo' begin='9s'/>",
    "<linearGradient id='g'><stop offset='0'><animate attributeName='stop-color' values='red;blue;red' dur='3s'/>\
     <animateColor attributeName='stop-color' to='lime' dur='3s'/></stop></linearGradient><filter id='f'>\
     <feTurbulence baseFrequency='.1'><animate attributeName='baseFrequency' values='.1;.2' dur='3s'/></feTurbulence>\
     </filter><rect fill='url(#g)' filter='url(#f)' width='9' height='9'/>",
    "<style>@keyframes Annas{0%{opacity:1;transform:rotate(0deg)}50.5%{opacity:.50}to{transform:rotate(360deg)}}\
     .hus{animation-name:Annas;animation-duration:2.50s;animation-delay:-1s;animation-iteration-count:infinite;\
     animation-timing-function:cubic-bezier(.4,0,.2,1)}</style><rect class='hus' width='9' height='9'/>\
     <g style='animation-name:Annas;animation-duration:3s'/>",
];

#[test]
fn what_moves_moves_as_before() {
    let film = |inside: &&str| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' \
             viewBox='0 0 99 99'><!--Anna-->{inside}</svg>"
        )
        .into_bytes()
    };
    let films = FILMS.iter().map(film);
    let samples = all().iter().filter(|it| it.name.starts_with("svg/"));
    // The reader here expands no entities.
    let samples = samples.filter(|it| !String::from_utf8_lossy(&it.bytes).contains("<!ENTITY"));
    let (mut complaints, mut moved) = (Vec::new(), 0);
    for file in films.chain(samples.map(|it| it.bytes.clone())) {
        let cleaned = clean(&Source::memory(&file), &Job::default()).unwrap();
        let (before, after) = (moving(&file), moving(&cleaned.bytes));
        moved += before.0.len() + before.1.len();
        if before != after {
            complaints.push(format!("{before:?}\n{after:?}"));
        }
    }
    assert!(moved > 20, "only {moved}");
    report(&complaints);
}
