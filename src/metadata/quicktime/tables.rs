//! What the names of boxes, items and keys say about their values (leak catalogue §1, §15, §32).

use crate::model::Category::{self, Device, History, Image, Location, Person, Time, Unknown};
use crate::model::Role::{
    self, LinkId, Make, Model, Other, OtherTime, PersonName, PlaceName, Serial, Software, TakenAt,
    Text,
};
use crate::model::Severity::{self, Critical, High, Low, Medium};

/// What a named value is to a reader.
pub(super) type Meaning = (Category, Severity, Role);

/// `udta` and `ilst` items. Some makers write `@` for `©`, which is looked up as `©`.
pub(super) static ITEMS: &[(&[u8; 4], Meaning)] = &[
    (b"\xA9xyz", (Location, Critical, PlaceName)),
    (b"\xA9day", (Time, Medium, TakenAt)),
    (b"date", (Time, Medium, TakenAt)),
    (b"IDIT", (Time, Medium, TakenAt)),
    (b"purd", (Time, Medium, OtherTime)),
    (b"rldt", (Time, Medium, OtherTime)),
    (b"\xA9TIM", (Time, Medium, Other)),
    (b"\xA9mak", (Device, Medium, Make)),
    (b"manu", (Device, Medium, Make)),
    (b"\xA9mod", (Device, Medium, Model)),
    (b"\xA9mdl", (Device, Medium, Model)),
    (b"modl", (Device, Medium, Model)),
    (b"cmnm", (Device, Medium, Model)),
    (b"CNMN", (Device, Medium, Model)),
    (b"\xA9swr", (Device, Medium, Software)),
    (b"\xA9too", (Device, Medium, Software)),
    (b"\xA9enc", (Device, Medium, Software)),
    (b"\xA9fmt", (Device, Medium, Software)),
    (b"FIRM", (Device, Medium, Software)),
    (b"CNFV", (Device, Medium, Software)),
    (b"CNCV", (Device, Medium, Software)),
    (b"vndr", (Device, Medium, Software)),
    (b"cver", (Device, Medium, Software)),
    (b"GoPr", (Device, Medium, Software)),
    (b"slno", (Device, High, Serial)),
    (b"SNum", (Device, High, Serial)),
    (b"CAME", (Device, High, Serial)),
    (b"LENS", (Device, High, Serial)),
    (b"cmid", (Device, High, Serial)),
    (b"MUID", (History, High, LinkId)),
    (b"GUMI", (History, High, LinkId)),
    (b"clid", (History, High, LinkId)),
    (b"ccid", (History, High, LinkId)),
    (b"\xA9uid", (History, High, LinkId)),
    (b"clfn", (History, High, Role::Path)),
    (b"\xA9ART", (Person, High, PersonName)),
    (b"aART", (Person, High, PersonName)),
    (b"albr", (Person, High, PersonName)),
    (b"\xA9aut", (Person, High, PersonName)),
    (b"auth", (Person, High, PersonName)),
    (b"perf", (Person, High, PersonName)),
    (b"\xA9prf", (Person, High, PersonName)),
    (b"\xA9prd", (Person, High, PersonName)),
    (b"\xA9dir", (Person, High, PersonName)),
    (b"\xA9wrt", (Person, High, PersonName)),
    (b"\xA9com", (Person, High, PersonName)),
    (b"\xA9cpy", (Person, High, PersonName)),
    (b"cprt", (Person, High, PersonName)),
    (b"\xA9phg", (Person, High, PersonName)),
    (b"\xA9src", (Person, High, PersonName)),
    (b"apID", (Person, High, PersonName)),
    (b"ownr", (Person, High, PersonName)),
    (b"cnID", (Person, High, LinkId)),
    (b"plID", (Person, Medium, LinkId)),
    (b"atID", (Person, Medium, LinkId)),
];

/// Items that only say how the film is to be played or sorted.
pub(super) static HARMLESS_ITEMS: &[&[u8; 4]] = &[
    b"WLOC", b"LOOP", b"SelO", b"AllF", b"stik", b"pgap", b"cpil", b"tmpo", b"hdvd", b"rtng",
    b"trkn", b"disk", b"gnre", b"\xA9xsp", b"\xA9ysp", b"\xA9zsp", b"\xA9res", b"hinv",
];

/// Keys of `mdta` metadata, the prefix `com.apple.quicktime.` left out. The longest beginning counts.
pub(super) static KEYS: &[(&str, Meaning)] = &[
    ("location.ISO6709", (Location, Critical, PlaceName)),
    ("location.accuracy", (Location, Medium, Other)),
    ("location.date", (Time, Medium, OtherTime)),
    ("location.role", (Location, Low, Other)),
    ("location", (Location, Critical, PlaceName)),
    ("direction.", (Location, Medium, Other)),
    ("creationdate", (Time, Medium, TakenAt)),
    ("creation_time", (Time, Medium, OtherTime)),
    ("year", (Time, Medium, OtherTime)),
    ("samsung.android.utc_offset", (Time, Medium, Other)),
    ("make", (Device, Medium, Make)),
    ("com.android.manufacturer", (Device, Medium, Make)),
    ("model", (Device, Medium, Model)),
    ("com.android.model", (Device, Medium, Model)),
    ("software", (Device, Medium, Software)),
    ("version", (Device, Medium, Software)),
    ("encoder", (Device, Medium, Software)),
    ("Encoded_With", (Device, Medium, Software)),
    ("com.android.version", (Device, Medium, Software)),
    ("com.android.", (Device, Medium, Other)),
    ("camera.identifier", (Device, High, Serial)),
    ("camera.", (Device, Medium, Other)),
    ("content.identifier", (History, High, LinkId)),
    ("live-photo", (History, High, Other)),
    ("com.apple.photos.", (History, High, LinkId)),
    ("apple.photos.", (History, High, LinkId)),
    ("author", (Person, High, PersonName)),
    ("artist", (Person, High, PersonName)),
    ("displayname", (Person, High, PersonName)),
    ("director", (Person, High, PersonName)),
    ("producer", (Person, High, PersonName)),
    ("publisher", (Person, High, PersonName)),
    ("copyright", (Person, High, PersonName)),
    ("collection.user", (Person, High, PersonName)),
    ("detected-face", (Person, High, Other)),
    ("player.", (Unknown, Low, Other)),
];

/// Any other named text.
pub(super) const FREE_TEXT: Meaning = (Person, High, Text);

/// Boxes that only describe the tracks.
pub(super) static STRUCTURE: &[&[u8; 4]] = &[
    b"ftyp", b"styp", b"iods", b"vmhd", b"smhd", b"sthd", b"nmhd", b"gmhd", b"gmin", b"dref",
    b"stts", b"ctts", b"cslg", b"stss", b"stps", b"stz2", b"sdtp", b"sbgp", b"sgpd", b"subs",
    b"padb", b"stsh", b"stdp", b"elst", b"tref", b"tapt", b"clef", b"prof", b"enof", b"load",
    b"elng", b"mehd", b"trex", b"leva", b"mfhd", b"tfhd", b"tfdt", b"trun", b"senc", b"saiz",
    b"saio", b"sidx", b"mfra", b"pdin", b"pssh", b"trgr", b"hmhd", b"pasp", b"trep", b"csgp",
];

/// Boxes of makers that somebody has looked into.
pub(super) static VENDOR: &[(&[u8; 4], &str, Category)] = &[
    (b"gps ", "index of GPS blocks", Location),
    (b"GPS ", "GPS track", Location),
    (b"gps0", "GPS track", Location),
    (b"gsen", "acceleration track", Location),
    (b"gdat", "GPS track", Location),
    (b"3gf ", "acceleration track", Location),
    (
        b"nbmt",
        "Nextbase data with serial number and Wi-Fi password",
        Person,
    ),
    (b"udat", "GPS log", Location),
    (b"prrt", "drone telemetry", Location),
    (b"ardt", "drone telemetry", Location),
    (b"inst", "Insta360 data", Location),
    (b"kvar", "Kandao data", Location),
    (b"kfix", "Kandao data", Location),
    (b"kstb", "Kandao data", Location),
    (b"htka", "HTC data", Device),
    (b"_htc", "HTC data", Device),
    (b"Seri", "serial number", Person),
    (b"SEAL", "SEAL signature", Person),
    (b"prft", "wall clock of the producer", Time),
    (b"emsg", "event message", Unknown),
    (b"thum", "thumbnail", Image),
    (b"thm ", "thumbnail", Image),
    (b"pnot", "preview", Image),
    (b"PICT", "preview", Image),
    (b"pict", "preview", Image),
    (b"cmov", "compressed movie header", Unknown),
    (b"NCDT", "Nikon maker data", Location),
    (b"PENT", "Pentax maker data", Location),
    (b"RDTL", "Ricoh maker data", Location),
    (b"smta", "Samsung maker data", Device),
    (b"TTMD", "TomTom data", Location),
    (b"TAGS", "maker data", Device),
    (b"SETT", "GoPro settings", Device),
    (b"AMBA", "Ambarella settings", Device),
    (b"Xtra", "Windows tags", Person),
    (b"ID32", "ID3 tags", Person),
    (b"chpl", "chapters", Person),
];

/// XMP (Adobe XMP Specification part 3).
pub(super) const XMP: [u8; 16] =
    *b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";
/// Content credentials (C2PA 2.x §A.5.1).
pub(super) const C2PA: [u8; 16] =
    *b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81";
/// FLIR, where the film was taken.
pub(super) const FLIR_GPS: [u8; 16] =
    *b"\x7f\x2e\x21\x00\x8b\x46\x49\x18\xaf\xb1\xde\x70\x9a\x74\xf6\xf5";

/// Extended types that somebody has looked into.
pub(super) static UUIDS: &[([u8; 16], &str, Category)] = &[
    (C2PA, "content credentials", Person),
    (FLIR_GPS, "FLIR GPS", Location),
    (
        *b"\x57\xf5\xb9\x3e\x51\xe4\x48\xaf\xa0\xd9\xc3\xef\x1b\x37\xf7\x12",
        "FLIR serial numbers",
        Person,
    ),
    (
        *b"\x9b\x63\x0f\x8d\x63\x74\x40\xec\x82\x04\xbc\x5f\xf5\x09\x17\x28",
        "Garmin GPS",
        Location,
    ),
    (
        *b"\xef\xe1\x58\x9a\xbb\x77\x49\xef\x80\x95\x27\x75\x9e\xb1\xdc\x6f",
        "360Fly GPS",
        Location,
    ),
    (
        *b"\x11\x6e\x40\xdc\xb1\x86\x46\xe4\x84\x7c\xd9\xc0\xc3\x49\x10\x81",
        "Garmin thumbnail",
        Image,
    ),
    (
        *b"\x4a\xb0\x3b\x0f\x61\x8d\x40\x75\x82\xb2\xd9\xfa\xce\xd3\x5f\xf5",
        "Flip camera data with serial number",
        Person,
    ),
    (
        *b"\xf7\x6c\xd7\x6a\x07\x5b\x4a\x1e\xb3\x1c\x0e\x7f\xab\x7e\x09\xd4",
        "Garmin model",
        Device,
    ),
    (
        *b"\xff\xcc\x82\x63\xf8\x55\x4a\x93\x88\x14\x58\x7a\x02\x52\x1f\xdd",
        "spherical video description",
        Time,
    ),
    (
        *b"PROF\x21\xd2\x4f\xce\xbb\x88\x69\x5c\xfa\xc9\xc7\x40",
        "Sony profile",
        Device,
    ),
    (
        *b"USMT\x21\xd2\x4f\xce\xbb\x88\x69\x5c\xfa\xc9\xc7\x40",
        "Sony user data",
        Device,
    ),
];

/// Formats of samples in tracks that are neither picture nor sound.
pub(super) static TIMED: &[(&[u8; 4], &str)] = &[
    (b"gpmd", "GoPro telemetry"),
    (b"camm", "camera motion metadata"),
    (b"mebx", "Apple timed metadata"),
    (b"rtmd", "Sony timed metadata"),
    (b"mett", "text metadata"),
    (b"urim", "timed metadata"),
    (b"djmd", "DJI timed metadata"),
    (b"dbgi", "DJI debug metadata"),
    (b"priv", "private metadata"),
    (b"CTMD", "Canon timed metadata"),
    (b"fdsc", "GoPro file description"),
    (b"nrtm", "Sony metadata"),
    (b"RVMI", "GPS and sensor data"),
    (b"marl", "GM drive recorder data"),
    (b"ssmd", "Rove GPS data"),
    (b"tmcd", "time code"),
    (b"auxv", "disparity map"),
];

/// Formats of subtitles and captions.
pub(super) static SUBTITLES: &[&[u8; 4]] = &[
    b"tx3g", b"text", b"sbtl", b"stpp", b"wvtt", b"sbtt", b"stxt", b"c608", b"c708",
];

/// The value of the first row whose key begins `name`.
pub(super) fn key(name: &str) -> Meaning {
    KEYS.iter()
        .find(|(prefix, _)| name.starts_with(prefix))
        .map_or(FREE_TEXT, |(_, meaning)| *meaning)
}

/// What an item of this type means.
pub(super) fn item(kind: [u8; 4]) -> Option<Meaning> {
    ITEMS
        .iter()
        .find(|(known, _)| **known == kind)
        .map(|(_, meaning)| *meaning)
}
