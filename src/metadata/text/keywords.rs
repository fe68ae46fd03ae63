//! What the name of a text says about its value.

use crate::model::{Category, Role, Severity};

/// What a name means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning {
    /// Lower case, letters and digits only.
    pub name: &'static str,
    pub category: Category,
    pub severity: Severity,
    pub role: Role,
}

const fn means(name: &'static str, category: Category, severity: Severity, role: Role) -> Meaning {
    Meaning {
        name,
        category,
        severity,
        role,
    }
}

use Category::{Device, History, Image, Location, Person, Time, Unknown};
use Severity::{Critical, High, Low, Medium};

/// Whole names: PNG's (§11.3.3.2 and usage), Vorbis comments, AI generators', ImageMagick's, thumbnailers'.
#[rustfmt::skip]
const WHOLE: &[Meaning] = &[
    means("author", Person, High, Role::PersonName),
    means("artist", Person, High, Role::PersonName),
    means("by", Person, High, Role::PersonName),
    means("byline", Person, High, Role::PersonName),
    means("creator", Person, High, Role::PersonName),
    means("contributor", Person, High, Role::PersonName),
    means("publisher", Person, High, Role::PersonName),
    means("performer", Person, High, Role::PersonName),
    means("organization", Person, High, Role::PersonName),
    means("copyright", Person, High, Role::PersonName),
    means("rights", Person, High, Role::PersonName),
    means("credit", Person, High, Role::PersonName),
    means("owner", Person, High, Role::PersonName),
    means("ownername", Person, High, Role::PersonName),
    means("contact", Person, High, Role::PersonName),
    means("email", Person, High, Role::PersonName),
    means("phone", Person, High, Role::PersonName),
    means("user", Person, High, Role::PersonName),
    means("username", Person, High, Role::PersonName),
    means("hostcomputer", Device, High, Role::PersonName),
    means("title", Person, High, Role::Text),
    means("description", Person, High, Role::Text),
    means("imagedescription", Person, High, Role::Text),
    means("subject", Person, High, Role::Text),
    means("caption", Person, High, Role::Text),
    means("comment", Person, High, Role::Text),
    means("usercomment", Person, High, Role::Text),
    means("keywords", Person, High, Role::Text),
    means("label", Person, High, Role::Text),
    means("disclaimer", Person, Medium, Role::Text),
    means("warning", Person, Medium, Role::Text),
    means("source", Device, Medium, Role::Model),
    means("software", Device, Medium, Role::Software),
    means("creatortool", Device, Medium, Role::Software),
    means("processingsoftware", Device, Medium, Role::Software),
    means("producer", Device, Medium, Role::Software),
    means("encoder", Device, Medium, Role::Software),
    means("vendor", Device, Medium, Role::Software),
    means("make", Device, Medium, Role::Make),
    means("manufacturer", Device, Medium, Role::Make),
    means("model", Device, Medium, Role::Model),
    means("camera", Device, Medium, Role::Model),
    means("device", Device, Medium, Role::Model),
    means("lens", Device, Medium, Role::Model),
    means("lensmodel", Device, Medium, Role::Model),
    means("lensmake", Device, Medium, Role::Make),
    means("imageuniqueid", Device, High, Role::LinkId),
    means("documentid", History, High, Role::LinkId),
    means("instanceid", History, High, Role::LinkId),
    means("originaldocumentid", History, High, Role::LinkId),
    means("uuid", History, High, Role::LinkId),
    means("creationtime", Time, Medium, Role::TakenAt),
    means("datetimeoriginal", Time, Medium, Role::TakenAt),
    means("datetimedigitized", Time, Medium, Role::TakenAt),
    means("datecreated", Time, Medium, Role::TakenAt),
    means("shotdate", Time, Medium, Role::TakenAt),
    means("thumbmtime", Time, Medium, Role::OtherTime),
    means("mtime", Time, Medium, Role::OtherTime),
    means("mtimeusec", Time, Medium, Role::OtherTime),
    means("offsettime", Time, Medium, Role::Other),
    means("offsettimeoriginal", Time, Medium, Role::Other),
    means("offsettimedigitized", Time, Medium, Role::Other),
    means("gpslatitude", Location, Critical, Role::Coordinates),
    means("gpslongitude", Location, Critical, Role::Coordinates),
    means("latitude", Location, Critical, Role::Coordinates),
    means("longitude", Location, Critical, Role::Coordinates),
    means("city", Location, Critical, Role::PlaceName),
    means("sublocation", Location, Critical, Role::PlaceName),
    means("address", Location, Critical, Role::PlaceName),
    means("state", Location, Critical, Role::PlaceName),
    means("provincestate", Location, Critical, Role::PlaceName),
    means("country", Location, Critical, Role::PlaceName),
    means("countryname", Location, Critical, Role::PlaceName),
    means("countrycode", Location, Critical, Role::PlaceName),
    means("venue", Location, Critical, Role::PlaceName),
    means("thumburi", History, High, Role::Path),
    means("uri", History, High, Role::Path),
    means("url", History, High, Role::Path),
    means("path", History, High, Role::Path),
    means("filename", History, High, Role::Path),
    means("file", History, High, Role::Path),
    means("document", History, High, Role::Path),
    means("documentname", History, High, Role::Path),
    means("thumbnail", Image, High, Role::Thumbnail),
    means("parameters", History, High, Role::Text),
    means("prompt", History, High, Role::Text),
    means("negativeprompt", History, High, Role::Text),
    means("workflow", History, High, Role::Text),
    means("dream", History, High, Role::Text),
    means("sdmetadata", History, High, Role::Text),
    means("invokeaimetadata", History, High, Role::Text),
    means("invokeaiworkflow", History, High, Role::Text),
    means("invokeaigraph", History, High, Role::Text),
    means("generationdata", History, High, Role::Text),
    means("generationtime", History, Medium, Role::Other),
    means("aigc", History, High, Role::Text),
    means("mxfile", History, High, Role::Text),
    means("svgbaseuri", History, High, Role::Path),
    means("history", History, High, Role::Text),
    means("signature", Unknown, Low, Role::Other),
    means("exposuretime", Unknown, Low, Role::Other),
];

/// Parts of names, in this order.
#[rustfmt::skip]
const PARTS: &[Meaning] = &[
    means("latitude", Location, Critical, Role::Coordinates),
    means("longitude", Location, Critical, Role::Coordinates),
    means("gps", Location, Critical, Role::Text),
    means("location", Location, Critical, Role::PlaceName),
    means("geo", Location, Critical, Role::PlaceName),
    means("serial", Device, High, Role::Serial),
    means("author", Person, High, Role::PersonName),
    means("artist", Person, High, Role::PersonName),
    means("owner", Person, High, Role::PersonName),
    means("copyright", Person, High, Role::PersonName),
    means("creationdate", Time, Medium, Role::TakenAt),
    means("date", Time, Medium, Role::OtherTime),
    means("time", Time, Medium, Role::OtherTime),
    means("software", Device, Medium, Role::Software),
    means("model", Device, Medium, Role::Model),
    means("filename", History, High, Role::Path),
    means("path", History, High, Role::Path),
    means("uuid", History, High, Role::LinkId),
    means("comment", Person, High, Role::Text),
    means("description", Person, High, Role::Text),
];

const OTHER: Meaning = means("", Unknown, Medium, Role::Text);

/// Longer names are cut before they are compared.
const LONGEST: usize = 64;

/// What a name means: as a whole, behind its prefix (`exif:`, `Thumb::`), by a part of it, or nothing.
pub(super) fn meaning(name: &str) -> Meaning {
    let whole = plain(name);
    let local = plain(name.rsplit(':').next().unwrap_or_default());
    let exact = |name: &str| WHOLE.iter().find(|row| row.name == name);
    exact(&whole)
        .or_else(|| exact(&local))
        .or_else(|| PARTS.iter().find(|row| whole.contains(row.name)))
        .copied()
        .unwrap_or(OTHER)
}

/// Whether the value may rightly stand in a cleaned file: names of colour profiles.
pub(super) fn stays(name: &str) -> bool {
    let name = plain(name);
    name.starts_with("icc") || name.ends_with("iccprofile") || name.ends_with("iccprofilename")
}

fn plain(name: &str) -> String {
    name.chars()
        .take(LONGEST)
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
