//! The coded payload and what decides how it is shown, found without asking the allowlist.

use super::entropy::{self, Tails};
use super::facts::{self, Facts};
use super::judge::{self, Role};
use super::parse::{self, Image};
use super::{markers, trailer};
use crate::bytes::{Context, Hasher, Source};
use crate::model::{Digest, Result, Span, len_u64};

pub(super) fn of_file(source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
    let mut image = parse::image(source, 0, cx)?;
    let tails = entropy::tails(source, &mut image, cx)?;
    of_image(source, &image, &tails, &facts::read(&image, cx)?, cx)
}

/// The same of a file whose first image is known already.
pub(super) fn of_image(
    source: &Source<'_>,
    image: &Image<'_>,
    tails: &Tails,
    facts: &Facts,
    cx: &Context<'_>,
) -> Result<Digest> {
    let mut hasher = Hasher::new();
    image_digest(source, image, tails, facts, &Role::Alone, &mut hasher)?;
    if trailer::may_have_gain_map(facts, cx) {
        for (second, _) in trailer::further_images(source, image, facts, cx)? {
            if let Some((second, tails, facts)) = trailer::gain_map(source, second, image, cx)? {
                hasher.label("gain map", 0);
                image_digest(source, &second, &tails, &facts, &Role::GainMap, &mut hasher)?;
                break;
            }
        }
    }
    Ok(hasher.finish())
}

fn image_digest(
    source: &Source<'_>,
    image: &Image<'_>,
    tails: &Tails,
    facts: &Facts,
    role: &Role,
    hasher: &mut Hasher,
) -> Result<()> {
    let first_scan = image.first_scan();
    for (index, segment) in image.segments.iter().enumerate() {
        if facts.unread.contains(&index) {
            continue;
        }
        if index == first_scan && !facts.standard.is_empty() {
            table(markers::DHT, &facts.standard, hasher);
        }
        let payload = matches!(
            segment.marker,
            markers::DQT | markers::DHT | markers::DAC | markers::DRI | markers::DNL | markers::SOS
        ) || markers::is_frame(segment.marker);
        if payload {
            if let Some(used) = facts.tables.get(&index) {
                if !used.is_empty() {
                    table(segment.marker, used, hasher);
                }
                continue;
            }
            if matches!(segment.marker, markers::DQT | markers::DHT) {
                table(segment.marker, &segment.payload, hasher);
                continue;
            }
            hasher.label(markers::name(segment.marker), 0);
            let mut at = segment.span.start();
            for hidden in tails.excess(index) {
                hasher.span(source, Span::new(at, hidden.start()))?;
                at = hidden.end();
            }
            hasher.span(source, Span::new(at, segment.coded.end()))?;
        }
    }
    if let Some((_, jfif)) = facts.jfif {
        hasher.label("JFIF", 0);
        hasher.bytes(&jfif.payload());
    }
    if let Some((_, transform)) = facts.adobe {
        hasher.label("Adobe", u64::from(transform));
    }
    if let Some((_, profile)) = &facts.icc {
        hasher.label("ICC", len_u64(profile.len()));
        hasher.bytes(profile);
    }
    if let Some((_, exif)) = &facts.exif {
        let shown = judge::visible(exif, facts, role);
        let orientation = shown.orientation.filter(|o| *o != 1).unwrap_or(1);
        hasher.label("orientation", u64::from(orientation));
    } else {
        hasher.label("orientation", 1);
    }
    Ok(())
}

fn table(marker: u8, payload: &[u8], hasher: &mut Hasher) {
    hasher.label(markers::name(marker), len_u64(payload.len()));
    hasher.bytes(payload);
}
