//! The values that decide how a picture is shown: taken out of a packet, and written as a new one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::walk::Step;
use super::{Facts, Item};
use crate::model::{Category, Finding, Found, Severity};

/// What a value must look like to be written again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// A decimal number; in `hdrgm:` also one for each channel.
    Number,
    /// Digits.
    Integer,
    /// `1.0`.
    Version,
    /// One of these words.
    Word(&'static [&'static str]),
}

const BOOLEAN: Shape = Shape::Word(&["True", "False", "true", "false"]);

/// Adobe's gain map specification 1.0, in the order in which they are written.
const GAIN_MAP: &[(&str, Shape)] = &[
    ("Version", Shape::Version),
    ("BaseRenditionIsHDR", BOOLEAN),
    ("GainMapMin", Shape::Number),
    ("GainMapMax", Shape::Number),
    ("Gamma", Shape::Number),
    ("OffsetSDR", Shape::Number),
    ("OffsetHDR", Shape::Number),
    ("HDRCapacityMin", Shape::Number),
    ("HDRCapacityMax", Shape::Number),
];

/// How Apple's pictures say that another picture is their gain map.
const APPLE: &[(&str, &str, Shape)] = &[
    ("HDRGainMap", "HDRGainMapVersion", Shape::Integer),
    ("HDRGainMap", "HDRGainMapHeadroom", Shape::Number),
    (
        "apdi",
        "AuxiliaryImageType",
        Shape::Word(&["urn:com:apple:photo:2020:aux:hdrgainmap"]),
    ),
    ("apdi", "NativeFormat", Shape::Integer),
    ("apdi", "StoredFormat", Shape::Integer),
];

/// Photo Sphere XMP: how the picture is laid on the sphere. Headings are compass directions and go.
const PANORAMA: &[(&str, Shape)] = &[
    (
        "ProjectionType",
        Shape::Word(&["equirectangular", "cylindrical"]),
    ),
    ("UsePanoramaViewer", BOOLEAN),
    ("PosePitchDegrees", Shape::Number),
    ("PoseRollDegrees", Shape::Number),
    ("CroppedAreaImageWidthPixels", Shape::Integer),
    ("CroppedAreaImageHeightPixels", Shape::Integer),
    ("FullPanoWidthPixels", Shape::Integer),
    ("FullPanoHeightPixels", Shape::Integer),
    ("CroppedAreaLeftPixels", Shape::Integer),
    ("CroppedAreaTopPixels", Shape::Integer),
];

/// Items of a container that are shown, and the types they may have.
const SEMANTICS: &[&str] = &["Primary", "GainMap"];
const MIMES: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/heic",
    "image/heif",
    "image/avif",
    "image/webp",
];
/// A directory of more is none.
const MOST_ITEMS: usize = 64;

impl Shape {
    fn fits(self, value: &str) -> bool {
        match self {
            Self::Number => is_number(value),
            Self::Integer => is_integer(value),
            Self::Version => {
                matches!(value.as_bytes(), [a, b'.', b] if a.is_ascii_digit() && b.is_ascii_digit())
            }
            Self::Word(words) => words.contains(&value),
        }
    }
}

fn is_integer(value: &str) -> bool {
    (1..=10).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
}

/// Sign, digits, point, digits, exponent; short enough to be a number and nothing else.
fn is_number(value: &str) -> bool {
    let unsigned = value.strip_prefix(['-', '+']).unwrap_or(value);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    value.len() <= 24
        && digits(whole)
        && digits(fraction)
        && digits(exponent)
        && exponent.len() <= 3
}

/// Gathers facts while a packet is read.
#[derive(Debug, Default)]
pub(super) struct Collector {
    gain_map: BTreeMap<usize, Vec<String>>,
    apple: BTreeMap<usize, String>,
    pano: BTreeMap<usize, String>,
    items: BTreeMap<usize, Item>,
    micro_video_offset: Option<u64>,
    extended: Option<String>,
}

impl Collector {
    /// Whether the value is one that [`minimal`] writes, so that it gives nothing away.
    pub(super) fn take(&mut self, path: &[Step], value: &str) -> bool {
        match path {
            [property] => self.take_property(property, None, value),
            [property, Step::Item(index)] => self.take_property(property, Some(*index), value),
            _ => self.take_item(path, value).is_some(),
        }
    }

    fn take_property(&mut self, property: &Step, index: Option<usize>, value: &str) -> bool {
        if property.is("xmpNote", "HasExtendedXMP") {
            self.extended = Some(value.to_owned());
        } else if property.is("GCamera", "MicroVideoOffset") {
            self.micro_video_offset = value.parse().ok();
        } else if let Some(name) = property.of("hdrgm") {
            return row(GAIN_MAP, name).is_some_and(|(row, shape)| {
                let values = self.gain_map.entry(row).or_default();
                let next = index.is_none_or(|_| shape == Shape::Number)
                    && index.unwrap_or(0) == values.len();
                let fits = next && values.len() < 3 && shape.fits(value);
                if fits {
                    values.push(value.to_owned());
                }
                fits
            });
        } else if let (Some(name), None) = (property.of("GPano"), index) {
            return row(PANORAMA, name)
                .filter(|(_, shape)| shape.fits(value))
                .is_some_and(|(row, _)| once(&mut self.pano, row, value));
        } else if let (Step::Property(prefix, name), None) = (property, index) {
            let row = APPLE
                .iter()
                .position(|(p, n, shape)| p == prefix && n == name && shape.fits(value));
            return row.is_some_and(|row| once(&mut self.apple, row, value));
        }
        false
    }

    /// A field of a `Container:Item`.
    fn take_item(&mut self, path: &[Step], value: &str) -> Option<()> {
        let directory = path
            .iter()
            .position(|step| step.is("Container", "Directory"))?;
        let Step::Item(index) = path.get(directory.checked_add(1)?)? else {
            return None;
        };
        let field = path.last()?.of("Item")?;
        if *index >= MOST_ITEMS {
            return None;
        }
        let item = self.items.entry(*index).or_default();
        match field {
            "Mime" if item.mime.is_empty() => item.mime = value.to_owned(),
            "Semantic" if item.semantic.is_empty() => item.semantic = value.to_owned(),
            "Length" => item.length = value.parse().ok()?,
            "Padding" => item.padding = value.parse().ok()?,
            _ => return None,
        }
        Some(())
    }

    /// The facts, in the order in which [`minimal`] writes them; what names other items is added to
    /// `found`.
    pub(super) fn facts(self, place: &str, found: &mut Found) -> Facts {
        for item in self.items.values() {
            if !is_shown(item) {
                let what = "file named in the container directory";
                let finding =
                    Finding::new("xmp.container", Category::Image, Severity::Low, place, what);
                found.add(finding.text(format!("{} {}", item.semantic, item.mime)));
            }
        }
        let name = |table: &[(&str, Shape)], row: usize| {
            table
                .get(row)
                .map(|(name, _)| (*name).to_owned())
                .unwrap_or_default()
        };
        Facts {
            gain_map: self
                .gain_map
                .into_iter()
                .filter(|(_, values)| matches!(values.len(), 1 | 3))
                .map(|(row, values)| (name(GAIN_MAP, row), values))
                .collect(),
            apple_gain_map: self
                .apple
                .into_iter()
                .filter_map(|(row, value)| Some((APPLE.get(row)?.1.to_owned(), value)))
                .collect(),
            items: self.items.into_values().collect(),
            pano: self
                .pano
                .into_iter()
                .map(|(row, value)| (name(PANORAMA, row), value))
                .collect(),
            micro_video_offset: self.micro_video_offset,
            extended: self.extended,
        }
    }
}

fn row(table: &[(&str, Shape)], name: &str) -> Option<(usize, Shape)> {
    let row = table.iter().position(|(known, _)| *known == name)?;
    Some((row, table.get(row)?.1))
}

/// A second value is something else.
fn once(values: &mut BTreeMap<usize, String>, row: usize, value: &str) -> bool {
    let new = !values.contains_key(&row);
    if new {
        values.insert(row, value.to_owned());
    }
    new
}

fn is_shown(item: &Item) -> bool {
    SEMANTICS.contains(&item.semantic.as_str()) && MIMES.contains(&item.mime.as_str())
}

/// A packet made anew that says how to show an HDR picture or a panorama, and nothing else: numbers
/// that parse as numbers and words that stand on a list. `None` when nothing needs to be said.
///
/// Of [`Facts::items`] the primary and gain map items are written, and only when there is a gain map:
/// their lengths must be those of the new file.
#[must_use]
pub fn minimal(facts: &Facts) -> Option<Vec<u8>> {
    let mut namespaces = String::new();
    let mut attributes = String::new();
    let mut elements = String::new();
    let write = |out: &mut String, text: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _ = out.write_fmt(text);
    };

    let before = (attributes.len(), elements.len());
    for (name, shape) in GAIN_MAP {
        let values = facts
            .gain_map
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, values)| values.as_slice());
        match values.unwrap_or_default() {
            [value] if shape.fits(value) => {
                write(&mut attributes, format_args!(" hdrgm:{name}=\"{value}\""))
            }
            [r, g, b] if *shape == Shape::Number && [r, g, b].iter().all(|v| shape.fits(v)) => {
                write(
                    &mut elements,
                    format_args!(
                        "<hdrgm:{name}><rdf:Seq><rdf:li>{r}</rdf:li><rdf:li>{g}</rdf:li><rdf:li>{b}</rdf:li></rdf:Seq></hdrgm:{name}>"
                    ),
                )
            }
            _ => {}
        }
    }
    if before != (attributes.len(), elements.len()) {
        namespaces.push_str(" xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\"");
    }

    for (wanted, uri) in [
        ("HDRGainMap", "http://ns.apple.com/HDRGainMap/1.0/"),
        ("apdi", "http://ns.apple.com/pixeldatainfo/1.0/"),
    ] {
        let before = elements.len();
        for (prefix, name, shape) in APPLE.iter().filter(|row| row.0 == wanted) {
            let value = facts
                .apple_gain_map
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, value)| value);
            if let Some(value) = value.filter(|value| shape.fits(value)) {
                write(
                    &mut elements,
                    format_args!("<{prefix}:{name}>{value}</{prefix}:{name}>"),
                );
            }
        }
        if elements.len() > before {
            write(&mut namespaces, format_args!(" xmlns:{wanted}=\"{uri}\""));
        }
    }

    let before = attributes.len();
    for (name, shape) in PANORAMA {
        let value = facts
            .pano
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value);
        if let Some(value) = value.filter(|value| shape.fits(value)) {
            write(&mut attributes, format_args!(" GPano:{name}=\"{value}\""));
        }
    }
    if attributes.len() > before {
        namespaces.push_str(" xmlns:GPano=\"http://ns.google.com/photos/1.0/panorama/\"");
    }

    if facts
        .items
        .iter()
        .any(|item| item.semantic == "GainMap" && is_shown(item))
    {
        namespaces.push_str(
            " xmlns:Container=\"http://ns.google.com/photos/1.0/container/\" xmlns:Item=\"http://ns.google.com/photos/1.0/container/item/\"",
        );
        elements.push_str("<Container:Directory><rdf:Seq>");
        for item in facts.items.iter().filter(|item| is_shown(item)) {
            let Item {
                mime,
                semantic,
                length,
                padding,
            } = item;
            write(
                &mut elements,
                format_args!(
                    "<rdf:li rdf:parseType=\"Resource\"><Container:Item Item:Semantic=\"{semantic}\" Item:Mime=\"{mime}\""
                ),
            );
            if *length > 0 {
                write(&mut elements, format_args!(" Item:Length=\"{length}\""));
            }
            if *padding > 0 {
                write(&mut elements, format_args!(" Item:Padding=\"{padding}\""));
            }
            elements.push_str("/></rdf:li>");
        }
        elements.push_str("</rdf:Seq></Container:Directory>");
    }

    if attributes.is_empty() && elements.is_empty() {
        return None;
    }
    let packet = format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\"{namespaces}{attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta>"
    );
    Some(packet.into_bytes())
}
