//! What a profile says beside colours.

use super::names::{known, texts};
use super::profile::{Profile, Tag};
use super::{HEADER, KEPT, is_profile, scrub, types};
use crate::bytes::{Context, Cursor, Order};
use crate::model::{
    Category, Error, Finding, Found, Result, Role, Severity, Untrusted, Value, len_u64,
};

/// Adds what a profile gives away to `found`. A profile that [`scrub`] leaves as it is adds nothing.
///
/// # Errors
/// Those of the budget.
pub fn read(bytes: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let clean = forgive(scrub(bytes, cx))?;
    if clean.as_deref() == Some(bytes) {
        return Ok(());
    }
    let before = found.findings.len();
    match forgive(Profile::parse(bytes, cx))? {
        Some(profile) => {
            let standard = profile
                .tags
                .iter()
                .filter(|tag| tag.name == *b"desc")
                .flat_map(|tag| texts(tag.data))
                .any(|text| known(&text).is_some());
            let mut reader = Reader {
                place,
                cx,
                found,
                standard,
            };
            reader.profile(&profile, bytes)?;
        }
        None => {
            found.secrets.harvest(bytes);
            let what = if is_profile(bytes) {
                "damaged ICC profile"
            } else {
                "not an ICC profile"
            };
            let finding = Finding::new("icc.broken", Category::Unknown, Severity::Low, place, what);
            found.add(finding.bytes(len_u64(bytes.len())));
        }
    }
    if found.findings.len() == before {
        let what = "fingerprint of the program that wrote the profile";
        found.add(Finding::new(
            "icc.header",
            Category::Device,
            Severity::Low,
            place,
            what,
        ));
    }
    Ok(())
}

/// A profile that is not understood is a finding, never an error.
fn forgive<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Malformed { .. } | Error::Unsupported { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the texts of a tag mean.
struct TextTag {
    tag: [u8; 4],
    what: &'static str,
    severity: Severity,
    role: Role,
}

const fn text_tag(tag: &[u8; 4], what: &'static str, severity: Severity, role: Role) -> TextTag {
    TextTag {
        tag: *tag,
        what,
        severity,
        role,
    }
}

const TEXT_TAGS: &[TextTag] = &[
    text_tag(b"desc", "profileDescription", Severity::Medium, Role::Text),
    text_tag(
        b"dscm",
        "localised profile description",
        Severity::Medium,
        Role::Text,
    ),
    text_tag(b"dmnd", "deviceMfgDesc", Severity::Medium, Role::Make),
    text_tag(b"dmdd", "deviceModelDesc", Severity::Medium, Role::Model),
    text_tag(b"cprt", "copyright", Severity::Low, Role::Text),
    text_tag(b"vued", "viewingCondDesc", Severity::Low, Role::Text),
    text_tag(
        b"targ",
        "charTarget: measuring instrument and file",
        Severity::High,
        Role::Text,
    ),
    text_tag(
        b"CIED",
        "measurements of the device",
        Severity::High,
        Role::Text,
    ),
    text_tag(
        b"DevD",
        "measurements of the device",
        Severity::High,
        Role::Text,
    ),
    text_tag(
        b"CxF ",
        "measurements of the device",
        Severity::High,
        Role::Text,
    ),
];

const OTHER_TEXT: TextTag = text_tag(b"    ", "text", Severity::Medium, Role::Text);

struct Reader<'a, 'b> {
    place: &'a str,
    cx: &'a Context<'b>,
    found: &'a mut Found,
    /// The profile is one that everybody has: what it says of devices is of a committee's.
    standard: bool,
}

impl Reader<'_, '_> {
    fn add(
        &mut self,
        id: &'static str,
        category: Category,
        severity: Severity,
        what: &'static str,
        detail: impl FnOnce(Finding) -> Finding,
    ) {
        let finding = Finding::new(id, category, severity, self.place, what);
        self.found.add(detail(finding));
    }

    fn profile(&mut self, profile: &Profile<'_>, whole: &[u8]) -> Result<()> {
        self.header(profile.header);
        let mut others = Vec::new();
        for tag in &profile.tags {
            self.cx.item()?;
            if !self.tag(tag)? && !KEPT.iter().any(|kept| kept.tag == tag.name) {
                others.push(tag);
            }
        }
        self.others(&others);
        self.slack(profile, whole)
    }

    fn header(&mut self, header: &[u8]) {
        let severity = if self.standard {
            Severity::Low
        } else {
            Severity::Medium
        };
        if let Some(time) = header.get(24..36).and_then(date_time) {
            self.add(
                "icc.header",
                Category::Time,
                severity,
                "profile creation date",
                |f| {
                    f.value(Value::Time(Untrusted::new(time)))
                        .role(Role::OtherTime)
                },
            );
        }
        let signatures: Vec<String> = [4..8, 40..44, 48..52, 52..56, 80..84]
            .into_iter()
            .filter_map(|field| header.get(field).map(printable))
            .filter(|text| !text.is_empty())
            .collect();
        if !signatures.is_empty() {
            let what = "CMM, platform, manufacturer, model, creator";
            let finding = Finding::new(
                "icc.header",
                Category::Device,
                Severity::Low,
                self.place,
                what,
            )
            .text(signatures.join(" "));
            // Four letters stand in any file by chance, and some in the name that is kept.
            self.found.findings.push(finding);
        }
        if header
            .get(84..100)
            .is_some_and(|id| id.iter().any(|b| *b != 0))
        {
            self.add(
                "icc.header",
                Category::Device,
                Severity::Low,
                "profile ID",
                |f| f.bytes(16).role(Role::LinkId),
            );
        }
        if header
            .get(100..HEADER)
            .is_some_and(|r| r.iter().any(|b| *b != 0))
        {
            self.add(
                "icc.header",
                Category::Unknown,
                Severity::Low,
                "reserved bytes",
                |f| f.bytes(28),
            );
        }
    }

    /// Whether the tag says something that is reported on its own.
    fn tag(&mut self, tag: &Tag<'_>) -> Result<bool> {
        match &tag.name {
            b"mmod" => self.make_and_model(tag.data),
            b"meta" => self.dictionary(tag.data)?,
            b"calt" => {
                let time = tag.data.get(8..20).and_then(date_time);
                self.add(
                    "icc.targ",
                    Category::Time,
                    Severity::Medium,
                    "calibrationDateTime",
                    |f| match time {
                        Some(time) => f
                            .value(Value::Time(Untrusted::new(time)))
                            .role(Role::OtherTime),
                        None => f,
                    },
                );
            }
            name => {
                let row = TEXT_TAGS.iter().find(|row| row.tag == *name);
                let texts = texts(tag.data);
                if row.is_none() && texts.is_empty() {
                    return Ok(false);
                }
                let row = row.unwrap_or(&OTHER_TEXT);
                // What millions of profiles say is counted and not shown.
                let (severity, role) = if self.standard {
                    (Severity::Low, Role::Other)
                } else {
                    (row.severity, row.role)
                };
                for text in texts.iter().filter(|text| known(text).is_none()) {
                    self.cx.item()?;
                    self.add("icc.text", Category::Device, severity, row.what, |f| {
                        f.text(text.clone()).role(role)
                    });
                }
            }
        }
        Ok(true)
    }

    /// Apple's `mmod`: the display by its EDID.
    fn make_and_model(&mut self, data: &[u8]) {
        let mut cursor = Cursor::new(data.get(8..).unwrap_or_default());
        let mut next = || cursor.u32(Order::Big).unwrap_or_default();
        let (maker, model, serial, built) = (next(), next(), next(), next());
        // Three letters of five bits each, A is 1 (VESA EDID §3.4.1).
        let letters: String = [10, 5, 0]
            .into_iter()
            .filter_map(|shift| char::from_u32((maker >> shift & 31).saturating_add(64)))
            .collect();
        let what = "manufacturer and model of the display";
        self.add("icc.mmod", Category::Device, Severity::High, what, |f| {
            f.text(format!("{letters} 0x{model:04X}")).role(Role::Model)
        });
        if serial != 0 {
            self.add(
                "icc.mmod",
                Category::Device,
                Severity::High,
                "serial number of the display",
                |f| f.text(format!("0x{serial:08X}")).role(Role::Serial),
            );
        }
        if built != 0 {
            self.add(
                "icc.mmod",
                Category::Device,
                Severity::Medium,
                "build date of the display",
                |f| {
                    f.value(Value::Time(Untrusted::new(since_1904(built))))
                        .role(Role::OtherTime)
                },
            );
        }
        if let Some(identity) = data.get(8..24) {
            self.found.secrets.bytes(identity);
        }
    }

    /// `meta` of type `dict` (ICC.1:2022 §10.5): pairs of UTF-16 texts.
    fn dictionary(&mut self, data: &[u8]) -> Result<()> {
        let mut cursor = Cursor::new(data.get(8..).unwrap_or_default());
        let count = cursor.u32(Order::Big).unwrap_or_default();
        let size = cursor.u32(Order::Big).and_then(|n| usize::try_from(n).ok());
        let mut any = false;
        for _ in 0..count {
            self.cx.item()?;
            let Some(record) = size.filter(|n| *n >= 16).and_then(|n| cursor.take(n)) else {
                break;
            };
            let mut record = Cursor::new(record);
            let mut text = || {
                let at = usize::try_from(record.u32(Order::Big)?).ok()?;
                let len = usize::try_from(record.u32(Order::Big)?).ok()?.min(8192);
                let units: Vec<u16> = data
                    .get(at..at.checked_add(len)?)?
                    .chunks_exact(2)
                    .filter_map(|pair| Order::Big.u16(pair))
                    .collect();
                Some(String::from_utf16_lossy(&units))
            };
            let (name, value) = (text().unwrap_or_default(), text().unwrap_or_default());
            let role = if name.to_ascii_lowercase().contains("serial") {
                Role::Serial
            } else {
                Role::Text
            };
            let what = format!("meta {}", Untrusted::new(name).for_terminal(40));
            let finding = Finding::new(
                "icc.meta",
                Category::Device,
                Severity::High,
                self.place,
                what,
            );
            self.found.add(finding.text(value).role(role));
            any = true;
        }
        if !any {
            self.found.secrets.harvest(data);
            self.add("icc.meta", Category::Device, Severity::High, "meta", |f| {
                f.bytes(len_u64(data.len()))
            });
        }
        Ok(())
    }

    /// All tags that nobody needs to see the picture, in one finding.
    fn others(&mut self, tags: &[&Tag<'_>]) {
        if tags.is_empty() {
            return;
        }
        let names: Vec<String> = tags.iter().map(|tag| printable(&tag.name)).collect();
        for tag in tags {
            self.found.secrets.harvest(tag.data);
        }
        let what = format!("other tags: {}", names.join(" "));
        let len = tags
            .iter()
            .map(|tag| len_u64(tag.data.len()))
            .fold(0, u64::saturating_add);
        let finding = Finding::new(
            "icc.unknown",
            Category::Device,
            Severity::Low,
            self.place,
            what,
        );
        self.found.add(finding.bytes(len));
    }

    /// Bytes that no tag claims, and bytes behind what a tag declares.
    fn slack(&mut self, profile: &Profile<'_>, whole: &[u8]) -> Result<()> {
        let mut claimed: Vec<(usize, usize)> = profile
            .tags
            .iter()
            .filter_map(|tag| {
                let at = usize::try_from(tag.at).ok()?;
                Some((at, at.checked_add(tag.data.len())?))
            })
            .collect();
        claimed.push((
            0,
            HEADER
                .saturating_add(4)
                .saturating_add(profile.tags.len().saturating_mul(12)),
        ));
        claimed.push((whole.len(), whole.len()));
        claimed.sort_unstable();
        let mut loose: Vec<&[u8]> = Vec::new();
        let mut at = 0;
        for (start, end) in claimed {
            loose.extend(whole.get(at..start));
            at = at.max(end);
        }
        let major = profile.header.get(8).copied().unwrap_or_default();
        for tag in &profile.tags {
            let Some(kept) = KEPT.iter().find(|kept| kept.tag == tag.name) else {
                continue;
            };
            let normal = types::normal_form(kept.kind, tag.data, major, self.cx)?;
            loose.extend(normal.and_then(|normal| tag.data.strip_prefix(normal.as_slice())));
        }
        loose.retain(|bytes| bytes.iter().any(|b| *b != 0));
        let len = loose
            .iter()
            .map(|bytes| len_u64(bytes.len()))
            .fold(0, u64::saturating_add);
        if len > 0 {
            for bytes in loose {
                self.found.secrets.harvest(bytes);
            }
            self.add(
                "icc.slack",
                Category::Unknown,
                Severity::Medium,
                "bytes that no tag claims",
                |f| f.bytes(len),
            );
        }
        Ok(())
    }
}

/// The letters of a signature, or its number.
fn printable(signature: &[u8]) -> String {
    if signature.iter().all(|b| *b == 0) {
        return String::new();
    }
    if signature.iter().all(|b| matches!(b, 0x20..=0x7E | 0)) {
        let text: String = signature
            .iter()
            .filter(|b| **b != 0)
            .map(|b| char::from(*b))
            .collect();
        return text.trim().to_owned();
    }
    signature.iter().map(|b| format!("{b:02X}")).collect()
}

/// A dateTimeNumber, ICC.1 §4.2, unless it is zero.
fn date_time(bytes: &[u8]) -> Option<String> {
    let mut cursor = Cursor::new(bytes);
    let mut next = || cursor.u16(Order::Big);
    let [year, month, day, hour, minute, second] =
        [next()?, next()?, next()?, next()?, next()?, next()?];
    ((year, month, day) != (0, 0, 0))
        .then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

/// The day of a Macintosh time stamp: seconds since 1904.
fn since_1904(seconds: u32) -> String {
    let (mut year, mut day) = (1904_u32, seconds / 86_400);
    let leap = |year: u32| year.is_multiple_of(4) && year != 2100;
    loop {
        let len = if leap(year) { 366 } else { 365 };
        if day < len {
            break;
        }
        day = day.saturating_sub(len);
        year = year.saturating_add(1);
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 1_u32;
    for len in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if day < len {
            break;
        }
        day = day.saturating_sub(len);
        month = month.saturating_add(1);
    }
    format!("{year:04}-{month:02}-{:02}", day.saturating_add(1))
}
