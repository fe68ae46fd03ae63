//! What a file gives away.

use std::borrow::Cow;

use serde::Serialize;

use super::Untrusted;

/// What kind of thing is given away (`leaks.md` §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Where.
    Location,
    /// When.
    Time,
    /// With which device or program.
    Device,
    /// Who.
    Person,
    /// Another picture, hidden pixels, sound.
    Image,
    /// Edit history, paths, earlier content, ids that link files.
    History,
    /// Nobody knows, and therefore it goes.
    Unknown,
}

/// How bad it is (`leaks.md` §0.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Fingerprint-grade.
    Low,
    /// Time, model, software, coarse region.
    Medium,
    /// Identity, serial number, hidden picture or content.
    High,
    /// A precise location.
    Critical,
}

/// What a finding is to a reader: reports build their sentences from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Coordinates ([`Value::Place`]).
    Coordinates,
    /// The name of a place: city, street, venue, country.
    PlaceName,
    /// When the picture was taken ([`Value::Time`]).
    TakenAt,
    /// Any other moment: edited, digitised, last saved.
    OtherTime,
    /// Who built the device.
    Make,
    /// Which device.
    Model,
    /// Serial number of camera, lens, battery, phone.
    Serial,
    /// Program or firmware.
    Software,
    /// A person's name or account.
    PersonName,
    /// A smaller or older picture of the same scene.
    Thumbnail,
    /// Another whole picture.
    Picture,
    /// A film, mostly with sound.
    Video,
    /// An id that links this file with others.
    LinkId,
    /// A path or file name of another computer.
    Path,
    /// Free text, comment, keyword.
    Text,
    /// None of these.
    #[default]
    Other,
}

/// A point on the earth, as one block of metadata tells it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Place {
    /// Degrees, north is positive.
    pub latitude: f64,
    /// Degrees, east is positive.
    pub longitude: f64,
    /// Metres above sea level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altitude: Option<f64>,
    /// Where the lens looked, degrees from north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<f64>,
    /// Radius of uncertainty in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
}

impl Place {
    /// Mean length of a degree of latitude, in metres.
    pub const DEGREE: f64 = 111_195.0;

    /// A point without further details; `None` when it is not on the earth.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some(Self {
            latitude,
            longitude,
            altitude: None,
            direction: None,
            accuracy: None,
        })
    }
}

/// The value that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Value {
    /// Coordinates.
    Place(Place),
    /// A moment as ISO 8601 as far as it is known: `2024-05-12T14:30:00+02:00`, or the original text
    /// where it is no valid date.
    Time(Untrusted),
    /// Text out of the file.
    Text(Untrusted),
    /// Size of a block whose content is not shown, in bytes.
    Bytes(u64),
}

/// Maximum length of a text value in a report, in bytes.
pub(super) const LONGEST_TEXT: usize = 64 << 10;

/// One thing that a file gives away.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// Stable id `format.structure.detail` of the leak catalogue, such as `exif.gps`.
    pub id: &'static str,
    /// What kind of thing.
    pub category: Category,
    /// How bad.
    pub severity: Severity,
    /// Path to the structure, outermost first: `APP1 Exif/GPS`.
    #[serde(rename = "where")]
    pub place: String,
    /// The standard's own name of the field, or a short English description.
    pub what: Cow<'static, str>,
    /// What it says, where that can be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What it is to a reader.
    #[serde(skip)]
    pub role: Role,
}

impl Finding {
    /// A finding without value.
    pub fn new(
        id: &'static str,
        category: Category,
        severity: Severity,
        place: impl Into<String>,
        what: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            id,
            category,
            severity,
            place: place.into(),
            what: what.into(),
            value: None,
            role: Role::Other,
        }
    }

    /// The same with a value.
    #[must_use]
    pub fn value(mut self, value: Value) -> Self {
        self.value = Some(value);
        self
    }

    /// The same with a text value; empty text is no value. Of a text longer than [`LONGEST_TEXT`] the
    /// beginning is kept, with the length of the whole.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.len() > LONGEST_TEXT {
            let end = (0..=LONGEST_TEXT)
                .rev()
                .find(|at| text.is_char_boundary(*at));
            let note = format!("… ({} B)", text.len());
            text.truncate(end.unwrap_or(0));
            text.push_str(&note);
        }
        if text.trim().is_empty() {
            self
        } else {
            self.value(Value::Text(Untrusted::new(text)))
        }
    }

    /// The same with the size of the block as value.
    #[must_use]
    pub fn bytes(self, len: u64) -> Self {
        self.value(Value::Bytes(len))
    }

    /// Whether it is a curiosity that leads to no place, person, device, time or other file. In what is left
    /// it does not change the outcome.
    #[must_use]
    pub fn is_note(&self) -> bool {
        self.severity == Severity::Low
    }

    /// Whether it is about what the file, or a folder around it, is called.
    #[must_use]
    pub fn is_about_name(&self) -> bool {
        [super::FILE_NAME, super::FOLDER_NAME].contains(&self.place.as_str())
    }

    /// The same with a role.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }
}
