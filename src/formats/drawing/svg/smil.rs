//! Moments and durations of animations (SMIL Animation §3.2.1, SVG Animations 2).

use super::names::holds;
use super::tree::is_space;

/// Events that happen without a script.
const EVENTS: &str = "begin end click mousedown mouseup mouseover mouseout mousemove mouseenter mouseleave \
    dblclick auxclick contextmenu wheel focus blur focusin focusout DOMFocusIn DOMFocusOut DOMActivate activate \
    keydown keyup keypress input load unload abort error resize scroll zoom select \
    beginEvent endEvent repeatEvent repeat SVGLoad SVGUnload SVGAbort SVGError SVGResize SVGScroll SVGZoom \
    touchstart touchend touchmove touchcancel pointerdown pointerup pointermove pointerover \
    pointerout pointerenter pointerleave pointercancel gotpointercapture lostpointercapture \
    transitionend animationstart animationend animationiteration";

/// What begins or ends an animation at no time. Programs ignore an unknown moment, and so never begin.
const NEVER: &str = "indefinite";

/// The value of `begin` or `end` with the ids in it mapped. What is no moment, or a time of day, becomes
/// `indefinite`.
pub(super) fn moments(value: &str, map: &mut dyn FnMut(&str) -> String) -> String {
    let moments = value.split(';').map(|one| one.trim_matches(is_space));
    let moments = moments.filter(|one| !one.is_empty());
    let written: Vec<String> = moments.map(|one| moment(one, map)).collect();
    written.join(";")
}

/// An id as moments spell it.
pub(super) fn escape(id: &str) -> String {
    let mut out = String::new();
    for c in id.chars() {
        if matches!(c, '.' | '-' | '+' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn moment(one: &str, map: &mut dyn FnMut(&str) -> String) -> String {
    if one == NEVER {
        return one.to_owned();
    }
    let signed = one.strip_prefix(['+', '-']).unwrap_or(one);
    if is_clock(signed.trim_start_matches(is_space)) {
        return one.chars().filter(|c| !is_space(*c)).collect();
    }
    let (start, offset) = split_offset(one);
    let known = match dot(start) {
        Some((id, event)) if is_event(event) => Some(format!("{}.{event}", map(&unescape(id)))),
        None if is_event(start) || is_access_key(start) => Some(start.to_owned()),
        _ => None,
    };
    known.map_or_else(|| NEVER.to_owned(), |known| known + &offset)
}

/// What stands before an offset, and the offset.
fn split_offset(one: &str) -> (&str, String) {
    for (at, sign) in one.char_indices().rev() {
        if !matches!(sign, '+' | '-') {
            continue;
        }
        let (start, offset) = one.split_at(at);
        let clock = offset.get(1..).unwrap_or_default().trim_matches(is_space);
        if is_clock(clock) {
            return (start.trim_matches(is_space), format!("{sign}{clock}"));
        }
    }
    (one, String::new())
}

/// The id before the first dot that no backslash escapes, and the event behind it.
fn dot(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == '.' && !escaped {
            let (id, event) = text.split_at(at);
            return Some((
                id.trim_matches(is_space),
                event.get(1..)?.trim_matches(is_space),
            ));
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

fn unescape(id: &str) -> String {
    let mut out = String::new();
    let mut chars = id.chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

fn is_event(event: &str) -> bool {
    let count = event
        .strip_prefix("repeat(")
        .and_then(|rest| rest.strip_suffix(')'));
    match count {
        Some(count) => !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit()),
        None => holds(EVENTS, event),
    }
}

fn is_access_key(text: &str) -> bool {
    let key = text
        .strip_prefix("accessKey(")
        .and_then(|rest| rest.strip_suffix(')'));
    key.is_some_and(|key| key.chars().count() == 1)
}

/// The value of an attribute that is a duration or a count; `None` where it is none.
pub(super) fn is_duration(name: &str, value: &str) -> bool {
    match name {
        "repeatCount" => value == NEVER || is_number(value),
        "min" | "max" => value == "media" || is_clock(value),
        _ => value == NEVER || value == "media" || is_clock(value),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_number(text: &str) -> bool {
    match text.split_once('.') {
        Some((whole, part)) => (whole.is_empty() || is_digits(whole)) && is_digits(part),
        None => is_digits(text),
    }
}

/// `02:30:03.25`, `02:33`, `3.2h`, `45min`, `30s`, `5ms`, `12.467`
fn is_clock(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    if let [first @ .., last] = parts.as_slice()
        && !first.is_empty()
    {
        return first.len() <= 2 && first.iter().all(|part| is_digits(part)) && is_number(last);
    }
    let units = ["min", "ms", "h", "s", ""];
    units
        .iter()
        .any(|unit| text.strip_suffix(unit).is_some_and(is_number))
}
