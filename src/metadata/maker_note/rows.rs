//! What the tags of the makers mean, as far as they name somebody, something or some place.

use super::super::exif::survey;
use super::super::exif::tags::{Sort, sort};
use super::super::exif::value::{look_like_text, parts};
use super::{cities, nikon};
use crate::containers::tiff::ifd::{Entry, Ifd};
use crate::model::{Category, Role, Severity};

use Category::{Device, History, Location, Person, Time};
use Severity::{Critical, High, Low, Medium};

/// One tag.
pub(super) struct Row {
    pub(super) tag: u16,
    pub(super) name: &'static str,
    pub(super) sort: Sort,
    pub(super) how: How,
}

/// How its value is to be read.
#[derive(Clone, Copy)]
pub(super) enum How {
    /// As its type says.
    Plain,
    /// Text out of a structure.
    Text(fn(&Entry<'_>) -> Vec<String>),
    /// In words of our own; `None` when it says nothing. Other entries of the directory may be needed.
    Words(fn(&Entry<'_>, &Ifd<'_>) -> Option<String>),
    /// Half of what Apple says about HDR.
    Hdr(usize),
    /// Another directory, so many bytes behind the place that the entry names.
    Directory { skip: u64, rows: &'static [Row] },
}

pub(super) const NOTE: Sort = sort("exif.makernote", Device, High, Role::Other);
pub(super) const TEXT: Sort = sort("exif.makernote", Device, Medium, Role::Text);
const SERIAL: Sort = sort("exif.makernote.serial", Device, High, Role::Serial);
const LINK: Sort = sort("exif.makernote.link", History, High, Role::LinkId);
const COUNTER: Sort = sort("exif.makernote.counter", Device, Medium, Role::Other);
const FIRMWARE: Sort = sort("exif.makernote.firmware", Device, Medium, Role::Software);
const MODEL: Sort = sort("exif.makernote.device", Device, Medium, Role::Model);
const LENS: Sort = sort("exif.makernote.device", Device, Medium, Role::Other);
const OWNER: Sort = sort("exif.makernote.person", Person, High, Role::PersonName);
const FACE: Sort = sort("exif.makernote.face", Person, High, Role::PersonName);
const WORDS: Sort = sort("exif.makernote.person", Person, High, Role::Text);
const PLACE: Sort = sort("exif.makernote.place", Location, Critical, Role::PlaceName);
const CITY: Sort = sort("exif.makernote.place", Location, Medium, Role::PlaceName);
const MOTION: Sort = sort("exif.makernote.motion", Location, Low, Role::Other);
const WHEN: Sort = sort("exif.makernote.time", Time, Medium, Role::OtherTime);
const ZONE: Sort = sort("exif.makernote.time", Time, Medium, Role::Other);

const fn row(tag: u16, name: &'static str, sort: Sort, how: How) -> Row {
    Row {
        tag,
        name,
        sort,
        how,
    }
}

use How::{Directory, Hdr, Plain, Text, Words};

#[rustfmt::skip]
pub(super) static APPLE: &[Row] = &[
    row(0x0003, "RunTime", COUNTER, Plain),
    row(0x0008, "AccelerationVector", MOTION, Plain),
    row(0x000B, "BurstUUID", LINK, Plain),
    row(0x0011, "ContentIdentifier", LINK, Plain),
    row(0x0015, "ImageUniqueID", LINK, Plain),
    row(0x0017, "LivePhotoVideoIndex", COUNTER, Plain),
    row(0x0020, "ImageCaptureRequestID", LINK, Plain),
    row(0x0021, "HDRHeadroom", COUNTER, Hdr(0)),
    row(0x002B, "PhotoIdentifier", LINK, Plain),
    row(0x0030, "HDRGain", COUNTER, Hdr(1)),
];

/// Settings of Canon's, with the number of the file or of all photos between them.
pub(super) const FILE_INFO: &str = "FileInfo";

#[rustfmt::skip]
pub(super) static CANON: &[Row] = &[
    row(0x0006, "ImageType", MODEL, Plain),
    row(0x0007, "FirmwareVersion", FIRMWARE, Plain),
    row(0x0008, "FileNumber", COUNTER, Plain),
    row(0x0009, "OwnerName", OWNER, Plain),
    row(0x000C, "SerialNumber", SERIAL, Words(canon_serial)),
    row(0x0028, "ImageUniqueID", LINK, Words(hex)),
    row(0x0035, "TimeZoneCity", CITY, Words(|e, _| cities::canon(e.uint(2)?).map(str::to_owned))),
    row(0x0093, FILE_INFO, COUNTER, Words(canon_file)),
    row(0x0095, "LensModel", LENS, Plain),
    row(0x0096, "InternalSerialNumber", SERIAL, Plain),
    row(0x4010, "CustomPictureStyleFileName", WORDS, Plain),
    row(0x4019, "LensSerialNumber", SERIAL, Words(canon_lens)),
];

#[rustfmt::skip]
pub(super) static NIKON: &[Row] = &[
    row(0x001D, "SerialNumber", SERIAL, Plain),
    row(0x0024, "WorldTime", ZONE, Words(nikon::world_time)),
    row(0x0037, "MechanicalShutterCount", COUNTER, Plain),
    row(0x0039, "LocationInfo", PLACE, Text(nikon::location)),
    row(0x0084, "Lens", LENS, Plain),
    row(0x0091, "FirmwareVersion", FIRMWARE, Words(nikon::firmware)),
    row(0x00A0, "SerialNumber", SERIAL, Plain),
    row(0x00A5, "ImageCount", COUNTER, Plain),
    row(0x00A6, "DeletedImageCount", COUNTER, Plain),
    row(0x00A7, "ShutterCount", COUNTER, Plain),
    row(0x00B6, "PowerUpTime", WHEN, Words(nikon::power_up)),
    row(0x0011, "PreviewIFD", LENS, Directory { skip: 0, rows: &[] }),
    row(0x0E09, "NikonCaptureVersion", FIRMWARE, Plain),
];

#[rustfmt::skip]
pub(super) static SONY: &[Row] = &[
    row(0x2031, "SerialNumber", SERIAL, Plain),
    row(0x9050, "Tag9050 (enciphered serial number and shutter count)", SERIAL, Plain),
    row(0xB001, "SonyModelID", MODEL, Plain),
    row(0xB02A, "LensSpec", LENS, Words(hex)),
];

#[rustfmt::skip]
pub(super) static PANASONIC: &[Row] = &[
    row(0x0002, "FirmwareVersion", FIRMWARE, Plain),
    row(0x0025, "InternalSerialNumber", SERIAL, Text(text)),
    row(0x0029, "TimeSincePowerOn", COUNTER, Plain),
    row(0x0033, "BabyAge", FACE, Plain),
    row(0x0036, "TravelDay", PLACE_DAY, Plain),
    row(0x0051, "LensType", LENS, Plain),
    row(0x0052, "LensSerialNumber", SERIAL, Plain),
    row(0x0054, "AccessorySerialNumber", SERIAL, Plain),
    row(0x0060, "LensFirmwareVersion", FIRMWARE, Plain),
    row(0x0061, "FaceRecInfo", FACE, Text(panasonic_faces)),
    row(0x0065, "Title", WORDS, Text(text)),
    row(0x0066, "BabyName", FACE, Text(text)),
    row(0x0067, "Location", PLACE, Text(text)),
    row(0x0069, "Country", PLACE, Text(text)),
    row(0x006B, "State", PLACE, Text(text)),
    row(0x006D, "City", PLACE, Text(text)),
    row(0x006F, "Landmark", PLACE, Text(text)),
    row(0x0080, "City2", PLACE, Text(text)),
    row(0x0086, "ManometerPressure", MOTION, Plain),
    row(0x00AF, "TimeStamp", WHEN, Plain),
    row(0x8010, "BabyAge", FACE, Plain),
];
/// How long a journey has lasted.
const PLACE_DAY: Sort = sort("exif.makernote.time", Time, Low, Role::Other);

#[rustfmt::skip]
pub(super) static LEICA: &[Row] = &[
    row(0x0303, "SerialNumber or lens", SERIAL, Plain),
    row(0x0305, "SerialNumber", SERIAL, Plain),
    row(0x0340, "ImageIDNumber", COUNTER, Plain),
    row(0x0407, "OriginalFileName", WORDS, Plain),
    row(0x0500, "InternalSerialNumber", SERIAL, Text(text)),
];

#[rustfmt::skip]
pub(super) static OLYMPUS: &[Row] = &[
    row(0x0104, "BodyFirmwareVersion", FIRMWARE, Plain),
    row(0x0207, "CameraType", MODEL, Plain),
    row(0x0208, "TextInfo", TEXT, Plain),
    row(0x0209, "CameraID", MODEL, Text(text)),
    row(0x020D, "EpsonSoftware", FIRMWARE, Plain),
    row(0x0404, "SerialNumber", SERIAL, Plain),
    row(0x0405, "Firmware", FIRMWARE, Plain),
    row(0x101A, "SerialNumber", SERIAL, Plain),
    row(0x2010, "Equipment", LENS, Directory { skip: 0, rows: OLYMPUS_EQUIPMENT }),
    row(0x2020, "CameraSettings", LENS, Directory { skip: 0, rows: &[] }),
    row(0x2030, "RawDevelopment", LENS, Directory { skip: 0, rows: &[] }),
    row(0x2040, "ImageProcessing", LENS, Directory { skip: 0, rows: &[] }),
    row(0x2050, "FocusInfo", LENS, Directory { skip: 0, rows: &[] }),
    row(0x3000, "RawInfo", LENS, Directory { skip: 0, rows: &[] }),
];

#[rustfmt::skip]
static OLYMPUS_EQUIPMENT: &[Row] = &[
    row(0x0100, "CameraType", MODEL, Plain),
    row(0x0101, "SerialNumber", SERIAL, Plain),
    row(0x0102, "InternalSerialNumber", SERIAL, Plain),
    row(0x0104, "BodyFirmwareVersion", FIRMWARE, Words(olympus_version)),
    row(0x0202, "LensSerialNumber", SERIAL, Plain),
    row(0x0203, "LensModel", LENS, Plain),
    row(0x0204, "LensFirmwareVersion", FIRMWARE, Words(olympus_version)),
    row(0x0302, "ExtenderSerialNumber", SERIAL, Plain),
    row(0x0303, "ExtenderModel", LENS, Plain),
    row(0x0403, "ConversionLens", LENS, Plain),
    row(0x1003, "FlashSerialNumber", SERIAL, Plain),
];

#[rustfmt::skip]
pub(super) static PENTAX: &[Row] = &[
    row(0x0006, "Date", WHEN, Words(pentax_date)),
    row(0x0007, "Time", WHEN, Words(pentax_time)),
    row(0x0022, "WorldTimeLocation", ZONE, Words(|e, _| (e.uint(0)? == 1).then(|| "destination".to_owned()))),
    row(0x0023, "HometownCity", CITY, Words(|e, _| cities::pentax(e.uint(0)?).map(str::to_owned))),
    row(0x0024, "DestinationCity", CITY, Words(|e, _| cities::pentax(e.uint(0)?).map(str::to_owned))),
    row(0x0029, "FrameNumber", COUNTER, Plain),
    row(0x005D, "ShutterCount (enciphered)", COUNTER, Words(hex)),
    row(0x0215, "CameraInfo", SERIAL, Words(pentax_camera)),
    row(0x0229, "SerialNumber", SERIAL, Plain),
    row(0x022E, "Artist", OWNER, Plain),
    row(0x022F, "Copyright", OWNER, Plain),
    row(0x0230, "FirmwareVersion", FIRMWARE, Plain),
    row(0x023F, "Model", MODEL, Plain),
];

#[rustfmt::skip]
pub(super) static SAMSUNG: &[Row] = &[
    row(0x0003, "SamsungModelID", MODEL, Plain),
    row(0x0030, "LocalLocationName", PLACE, Plain),
    row(0x0031, "LocationName", PLACE, Plain),
    row(0x0035, "PreviewIFD", LENS, Directory { skip: 0, rows: &[] }),
    row(0x0123, "FaceName", FACE, Plain),
    row(0xA001, "FirmwareName", FIRMWARE, Plain),
    row(0xA002, "SerialNumber", SERIAL, Plain),
    row(0xA004, "LensFirmware", FIRMWARE, Plain),
    row(0xA005, "InternalLensSerialNumber", SERIAL, Plain),
];

#[rustfmt::skip]
pub(super) static FUJIFILM: &[Row] = &[
    row(0x0010, "InternalSerialNumber", SERIAL, Plain),
    row(0x1438, "ImageCount", COUNTER, Plain),
    row(0x1447, "FujiModel", MODEL, Plain),
    row(0x1448, "FujiModel2", MODEL, Plain),
    row(0x4282, "FaceRecInfo", FACE, Text(fujifilm_faces)),
    row(0x8002, "OrderNumber", COUNTER, Plain),
    row(0x8003, "FrameNumber", COUNTER, Plain),
];

#[rustfmt::skip]
pub(super) static DJI: &[Row] = &[
    row(0x0003, "SpeedX", MOTION, Plain), row(0x0004, "SpeedY", MOTION, Plain),
    row(0x0005, "SpeedZ", MOTION, Plain), row(0x0006, "Pitch", MOTION, Plain),
    row(0x0007, "Yaw", MOTION, Plain), row(0x0008, "Roll", MOTION, Plain),
    row(0x0009, "CameraPitch", MOTION, Plain), row(0x000A, "CameraYaw", MOTION, Plain),
    row(0x000B, "CameraRoll", MOTION, Plain),
];

#[rustfmt::skip]
pub(super) static RICOH: &[Row] = &[
    row(0x0002, "FirmwareVersion", FIRMWARE, Plain),
    row(0x0005, "SerialNumber", SERIAL, Text(text)),
    // Behind `[Ricoh Camera Info]\0`.
    row(0x2001, "CameraInfo", LENS, Directory { skip: 20, rows: RICOH_INFO }),
];

#[rustfmt::skip]
static RICOH_INFO: &[Row] = &[
    row(0x0004, "ManufactureDate1", SERIAL, Plain),
    row(0x0005, "ManufactureDate2", SERIAL, Plain),
    row(0x0029, "FirmwareInfo", FIRMWARE, Text(text)),
    row(0x002C, "SerialInfo", SERIAL, Text(text)),
];

#[rustfmt::skip]
pub(super) static CASIO: &[Row] = &[
    row(0x0015, "FirmwareDate", FIRMWARE, Plain),
    row(0x2001, "FirmwareDate", FIRMWARE, Plain),
    row(0x3006, "HometownCity", CITY, Plain),
];

#[rustfmt::skip]
pub(super) static SIGMA: &[Row] = &[
    row(0x0002, "SerialNumber", SERIAL, Plain),
    row(0x0017, "Firmware", FIRMWARE, Plain),
    row(0x0018, "Software", FIRMWARE, Plain),
];

#[rustfmt::skip]
pub(super) static SANYO: &[Row] = &[
    row(0x0207, "SoftwareVersion", FIRMWARE, Plain),
    row(0x0209, "CameraID", MODEL, Text(text)),
];

#[rustfmt::skip]
pub(super) static MOTOROLA: &[Row] = &[
    row(0x5500, "BuildNumber", FIRMWARE, Plain),
    row(0x5501, "SerialNumber", SERIAL, Plain),
    row(0x6705, "ManufactureDate", SERIAL, Plain),
];

#[rustfmt::skip]
pub(super) static GE: &[Row] = &[
    row(0x0207, "Model", MODEL, Plain),
    row(0x0300, "Make", MODEL, Plain),
];

#[rustfmt::skip]
pub(super) static NINTENDO: &[Row] = &[
    row(0x1101, "CameraInfo (time and internal serial number)", SERIAL, Plain),
];

/// Text in bytes, whatever stands behind it.
fn text(entry: &Entry<'_>) -> Vec<String> {
    match look_like_text(entry.value) {
        Some(text) => text,
        None => parts(entry.value)
            .into_iter()
            .filter(|part| part.chars().count() >= 2 && !part.chars().any(char::is_control))
            .collect(),
    }
}

fn hex(entry: &Entry<'_>, _: &Ifd<'_>) -> Option<String> {
    hex_of(entry.value)
}

fn hex_of(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.get(..bytes.len().min(32))?;
    bytes
        .iter()
        .any(|byte| *byte != 0)
        .then(|| survey::hex(bytes))
}

/// Stamped on the body as ten decimal digits.
fn canon_serial(entry: &Entry<'_>, _: &Ifd<'_>) -> Option<String> {
    match entry.uint(0) {
        Some(0) => None,
        Some(number) => Some(format!("{number:010}")),
        None => parts(entry.value).into_iter().next(),
    }
}

/// Five bytes at the beginning of LensInfo.
fn canon_lens(entry: &Entry<'_>, _: &Ifd<'_>) -> Option<String> {
    hex_of(entry.value.get(..5)?)
}

/// FileNumber or ShutterCount: two words behind the length.
fn canon_file(entry: &Entry<'_>, _: &Ifd<'_>) -> Option<String> {
    let number = entry.order().u32(entry.value.get(2..6)?)?;
    (number != 0).then(|| number.to_string())
}

fn olympus_version(entry: &Entry<'_>, _: &Ifd<'_>) -> Option<String> {
    let version = entry.uint(0).filter(|version| *version != 0)?;
    Some(format!("{:x}.{:03x}", version >> 12, version & 0xFFF))
}

fn pentax_date(entry: &Entry<'_>, _: &Ifd<'_>) -> Option<String> {
    match entry.value {
        [a, b, month, day, ..] => {
            let year = u16::from_be_bytes([*a, *b]);
            (year != 0).then(|| format!("{year:04}-{month:02}-{day:02}"))
        }
        _ => None,
    }
}

fn pentax_time(entry: &Entry<'_>, _: &Ifd<'_>) -> Option<String> {
    match entry.value {
        [hour, minute, second, ..] => Some(format!("{hour:02}:{minute:02}:{second:02}")),
        _ => None,
    }
}

/// Model, day of manufacture as `yyyymmdd`, production code, internal serial number.
fn pentax_camera(entry: &Entry<'_>, _: &Ifd<'_>) -> Option<String> {
    let (made, serial) = (entry.uint(1)?, entry.uint(4)?);
    (serial != 0).then(|| format!("internal serial number {serial}, made {made}"))
}

/// Count, then for each face a name of 20 bytes, a rectangle of 8, an age of 20.
fn panasonic_faces(entry: &Entry<'_>) -> Vec<String> {
    let faces = entry.order().u16(entry.value).unwrap_or(0).min(3);
    let records = entry.value.get(4..).unwrap_or_default().chunks(48);
    records
        .take(usize::from(faces))
        .flat_map(|record| {
            let name = record.get(..20).map(parts);
            let age = record.get(28..48).map(parts);
            name.into_iter().chain(age).flatten()
        })
        .collect()
}

/// A table of offset and length for up to eight faces; in each record, length and offset of the name at
/// 30, of the birthday at 54. Offsets count from the value.
fn fujifilm_faces(entry: &Entry<'_>) -> Vec<String> {
    let bytes = entry.value;
    let number = |at: usize| {
        let n = entry.order().u32(bytes.get(at..)?)?;
        usize::try_from(n).ok()
    };
    let field = |record: usize, at: usize| {
        let at = record.checked_add(at)?;
        let (len, start) = (number(at)?, number(at.checked_add(4)?)?);
        Some(parts(bytes.get(start..start.checked_add(len.min(256))?)?))
    };
    (0..8_usize)
        .map(|face| face.saturating_mul(8))
        .map_while(|at| {
            number(at).filter(|_| number(at.saturating_add(4)).is_some_and(|len| len >= 62))
        })
        .flat_map(|record| [field(record, 30), field(record, 54)])
        .flatten()
        .flatten()
        .collect()
}
