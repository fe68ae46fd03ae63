//! Secrets: invented, unique for each structure of each file, and easy to search for.

/// How a secret is spelled where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// One byte for each character.
    Ascii,
    /// Two bytes for each character, low byte first.
    Utf16Le,
    /// Two bytes for each character, high byte first.
    Utf16Be,
    /// No text: the marker is written as hexadecimal digits in the list.
    Bytes,
}

impl Spelling {
    /// The word in `PROVENANCE.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ascii => "ascii",
            Self::Utf16Le => "utf16le",
            Self::Utf16Be => "utf16be",
            Self::Bytes => "bytes",
        }
    }
}

/// One secret in one structure of one file.
#[derive(Clone, Debug)]
pub struct Secret {
    /// Path to the structure, outermost first.
    pub place: String,
    /// What to search for: text, or hexadecimal digits for [`Spelling::Bytes`].
    pub marker: String,
    /// How it is spelled.
    pub spelling: Spelling,
    /// What it is wrapped in, outermost first: `deflate`, `hex`, `base64`.
    pub wrapped: Vec<&'static str>,
}

impl Secret {
    /// The bytes to search for, wrappings taken off.
    pub fn needle(&self) -> Vec<u8> {
        match self.spelling {
            Spelling::Ascii => self.marker.clone().into_bytes(),
            Spelling::Utf16Le => utf16le(&self.marker),
            Spelling::Utf16Be => utf16be(&self.marker),
            Spelling::Bytes => (0..self.marker.len() / 2)
                .map(|i| u8::from_str_radix(&self.marker[2 * i..2 * i + 2], 16).unwrap())
                .collect(),
        }
    }
}

/// `text` in UTF-16, low byte first.
pub fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// `text` in UTF-16, high byte first.
pub fn utf16be(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// A point in the open Baltic Sea, where nobody lives.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// Minutes, in ten-thousandths, north of 57° N.
    lat: u32,
    /// Minutes, in ten-thousandths, east of 19° E.
    lon: u32,
}

impl Position {
    fn triple(degrees: u32, minutes: u32) -> [(u32, u32); 3] {
        let seconds = minutes % 10_000 * 60;
        [(degrees, 1), (minutes / 10_000, 1), (seconds, 10_000)]
    }

    /// Degrees, minutes, seconds north as in `GPSLatitude`.
    pub fn latitude(self) -> [(u32, u32); 3] {
        Self::triple(57, self.lat)
    }

    /// Degrees, minutes, seconds east as in `GPSLongitude`.
    pub fn longitude(self) -> [(u32, u32); 3] {
        Self::triple(19, self.lon)
    }

    /// Decimal degrees north.
    pub fn lat(self) -> f64 {
        57.0 + f64::from(self.lat) / 600_000.0
    }

    /// Decimal degrees east.
    pub fn lon(self) -> f64 {
        19.0 + f64::from(self.lon) / 600_000.0
    }

    /// Decimal degrees with seven places, as vendors write them.
    pub fn decimal(self) -> (String, String) {
        (format!("{:.7}", self.lat()), format!("{:.7}", self.lon()))
    }

    /// `57,23.4567N` as in XMP.
    pub fn xmp(self) -> (String, String) {
        let minutes = |m: u32| format!("{}.{:04}", m / 10_000, m % 10_000);
        (
            format!("57,{}N", minutes(self.lat)),
            format!("19,{}E", minutes(self.lon)),
        )
    }

    /// ISO 6709 as in QuickTime.
    pub fn iso6709(self) -> String {
        format!("+{:08.5}+{:09.5}+003.000/", self.lat(), self.lon())
    }
}

/// A moment, of which time zone and year are the same everywhere.
#[derive(Clone, Debug)]
pub struct Moment {
    /// `2019:05:12 14:30:07` as in Exif.
    pub exif: String,
    /// `2019-05-12T14:30:07+02:00` as in XMP.
    pub iso: String,
}

/// Makes the secrets of one file and remembers them.
#[derive(Debug)]
pub struct Seeds {
    file: String,
    path: Vec<String>,
    wrapped: Vec<&'static str>,
    secrets: Vec<Secret>,
}

const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

impl Seeds {
    /// For the file of this name.
    pub fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            path: Vec::new(),
            wrapped: Vec::new(),
            secrets: Vec::new(),
        }
    }

    /// All of them.
    pub fn into_secrets(self) -> Vec<Secret> {
        self.secrets
    }

    /// Makes secrets inside a structure.
    pub fn at<T>(&mut self, place: &str, f: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(place.to_owned());
        let made = f(self);
        self.path.pop();
        made
    }

    /// Makes secrets that are about to be wrapped.
    pub fn within<T>(&mut self, wrapping: &'static str, f: impl FnOnce(&mut Self) -> T) -> T {
        self.wrapped.push(wrapping);
        let made = f(self);
        self.wrapped.pop();
        made
    }

    /// A number that depends on file, structure and field only.
    fn hash(&self, field: &str) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let order = self.secrets.len().to_string();
        for text in [self.file.as_str(), &self.path.join("/"), field, &order] {
            for byte in text.bytes().chain([0]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        hash = (hash ^ (hash >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^ (hash >> 29)
    }

    fn remember(&mut self, field: &str, marker: String, spelling: Spelling) {
        let mut path = self.path.clone();
        path.push(field.to_owned());
        self.secrets.push(Secret {
            place: path.join("/").replace(char::is_control, "."),
            marker,
            spelling,
            wrapped: self.wrapped.clone(),
        });
    }

    fn token(&mut self, field: &str, spelling: Spelling) -> String {
        let hash = self.hash(field);
        let token: String = (0..10)
            .map(|i| char::from(LETTERS[(hash >> (5 * i)) as usize % 32]))
            .collect();
        self.remember(field, token.clone(), spelling);
        token
    }

    /// A text with a unique ending.
    pub fn text(&mut self, field: &str, text: &str) -> String {
        format!("{text}{}", self.token(field, Spelling::Ascii))
    }

    /// The same in UTF-16, low byte first, with a terminating zero.
    pub fn utf16le(&mut self, field: &str, text: &str) -> Vec<u8> {
        utf16le(&format!("{text}{}\0", self.token(field, Spelling::Utf16Le)))
    }

    /// The same in UTF-16, high byte first, without a terminating zero.
    pub fn utf16be(&mut self, field: &str, text: &str) -> Vec<u8> {
        utf16be(&format!("{text}{}", self.token(field, Spelling::Utf16Be)))
    }

    /// A unique moment.
    pub fn moment(&mut self, field: &str) -> Moment {
        let hash = self.hash(field);
        let part = |shift: u32, n: u64| (hash >> shift) % n;
        let (month, day) = (part(0, 12) + 1, part(8, 28) + 1);
        let (hour, minute, second) = (part(16, 24), part(24, 60), part(32, 60));
        Moment {
            exif: format!("2019:{month:02}:{day:02} {hour:02}:{minute:02}:{second:02}"),
            iso: format!("2019-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+02:00"),
        }
    }

    /// A unique moment as Exif spells it.
    pub fn exif_date(&mut self, field: &str) -> String {
        let moment = self.moment(field).exif;
        self.remember(field, moment.clone(), Spelling::Ascii);
        moment
    }

    /// A unique moment as XMP spells it.
    pub fn iso_date(&mut self, field: &str) -> String {
        let moment = self.moment(field).iso;
        self.remember(field, moment.clone(), Spelling::Ascii);
        moment
    }

    /// A unique position; whoever writes it says with [`Seeds::spelled`] how.
    pub fn position(&mut self, field: &str) -> Position {
        let hash = self.hash(field);
        Position {
            lat: 50_000 + (hash % 450_000) as u32,
            lon: 250_000 + ((hash >> 24) % 340_000) as u32,
        }
    }

    /// Remembers a text that is unique already.
    pub fn spelled(&mut self, field: &str, text: &str) {
        self.remember(field, text.to_owned(), Spelling::Ascii);
    }

    /// Remembers bytes that are unique already.
    pub fn spelled_bytes(&mut self, field: &str, bytes: &[u8]) {
        let hex = bytes.iter().map(|b| format!("{b:02x}")).collect();
        self.remember(field, hex, Spelling::Bytes);
    }
}
