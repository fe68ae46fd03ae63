//! IPTC IIM 4.2 records.

use std::collections::BTreeMap;

use crate::bytes::{Context, Cursor, Order, Source};
use crate::metadata::text;
use crate::model::{Category, Finding, Found, Result, Role, Severity, len_u64};

/// So many values of one dataset are told one by one; the others are counted.
const MOST: usize = 32;
/// Longer texts are shown in part, in characters.
const LONGEST: usize = 4096;

/// What a dataset says.
struct Row {
    record: u8,
    dataset: u8,
    name: &'static str,
    id: &'static str,
    category: Category,
    severity: Severity,
    role: Role,
    /// The dataset of the same record that has the time to this date.
    time: Option<u8>,
}

const fn row(record: u8, dataset: u8, name: &'static str, kind: Kind) -> Row {
    let (id, category, severity, role) = kind;
    Row {
        record,
        dataset,
        name,
        id,
        category,
        severity,
        role,
        time: None,
    }
}

const fn date(record: u8, dataset: u8, time: u8, name: &'static str, role: Role) -> Row {
    Row {
        record,
        dataset,
        name,
        id: "iptc.time",
        category: Category::Time,
        severity: Severity::Medium,
        role,
        time: Some(time),
    }
}

type Kind = (&'static str, Category, Severity, Role);

const PLACE: Kind = (
    "iptc.location",
    Category::Location,
    Severity::Critical,
    Role::PlaceName,
);
const PERSON: Kind = (
    "iptc.person",
    Category::Person,
    Severity::High,
    Role::PersonName,
);
const TEXT: Kind = ("iptc.text", Category::Person, Severity::High, Role::Text);
const TIME: Kind = (
    "iptc.time",
    Category::Time,
    Severity::Medium,
    Role::OtherTime,
);
const SOFTWARE: Kind = (
    "iptc.device",
    Category::Device,
    Severity::Medium,
    Role::Software,
);
const LINK: Kind = (
    "iptc.history",
    Category::History,
    Severity::High,
    Role::LinkId,
);
const EDIT: Kind = (
    "iptc.history",
    Category::History,
    Severity::Medium,
    Role::Text,
);
const PICTURE: Kind = (
    "iptc.preview",
    Category::Image,
    Severity::High,
    Role::Thumbnail,
);

/// IIM 4.2 chapters 5 and 6, with what ExifTool has seen beside them.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    row(1, 5, "Destination", PERSON),
    row(1, 30, "ServiceIdentifier", EDIT),
    row(1, 40, "EnvelopeNumber", EDIT),
    row(1, 50, "ProductID", EDIT),
    date(1, 70, 80, "DateSent", Role::OtherTime),
    row(1, 80, "TimeSent", TIME),
    row(1, 100, "UniqueObjectName", LINK),
    row(2, 3, "ObjectTypeReference", EDIT),
    row(2, 4, "ObjectAttributeReference", EDIT),
    row(2, 5, "ObjectName", TEXT),
    row(2, 7, "EditStatus", EDIT),
    row(2, 12, "SubjectReference", TEXT),
    row(2, 15, "Category", TEXT),
    row(2, 20, "SupplementalCategories", TEXT),
    row(2, 22, "FixtureIdentifier", LINK),
    row(2, 25, "Keywords", TEXT),
    row(2, 26, "ContentLocationCode", PLACE),
    row(2, 27, "ContentLocationName", PLACE),
    date(2, 30, 35, "ReleaseDate", Role::OtherTime),
    row(2, 35, "ReleaseTime", TIME),
    date(2, 37, 38, "ExpirationDate", Role::OtherTime),
    row(2, 38, "ExpirationTime", TIME),
    row(2, 40, "SpecialInstructions", TEXT),
    row(2, 45, "ReferenceService", EDIT),
    date(2, 47, 0, "ReferenceDate", Role::OtherTime),
    row(2, 50, "ReferenceNumber", EDIT),
    date(2, 55, 60, "DateCreated", Role::TakenAt),
    row(2, 60, "TimeCreated", ("iptc.time", Category::Time, Severity::Medium, Role::Other)),
    date(2, 62, 63, "DigitalCreationDate", Role::TakenAt),
    row(2, 63, "DigitalCreationTime", ("iptc.time", Category::Time, Severity::Medium, Role::Other)),
    row(2, 65, "OriginatingProgram", SOFTWARE),
    row(2, 70, "ProgramVersion", SOFTWARE),
    row(2, 80, "By-line", PERSON),
    row(2, 85, "By-lineTitle", PERSON),
    row(2, 90, "City", PLACE),
    row(2, 92, "Sub-location", PLACE),
    row(2, 95, "Province-State", PLACE),
    row(2, 100, "Country-PrimaryLocationCode", PLACE),
    row(2, 101, "Country-PrimaryLocationName", PLACE),
    row(2, 103, "OriginalTransmissionReference", LINK),
    row(2, 105, "Headline", TEXT),
    row(2, 110, "Credit", PERSON),
    row(2, 115, "Source", PERSON),
    row(2, 116, "CopyrightNotice", PERSON),
    row(2, 118, "Contact", PERSON),
    row(2, 120, "Caption-Abstract", TEXT),
    row(2, 121, "LocalCaption", TEXT),
    row(2, 122, "Writer-Editor", PERSON),
    row(2, 125, "RasterizedCaption", PICTURE),
    row(2, 184, "JobID", LINK),
    row(2, 185, "MasterDocumentID", LINK),
    row(2, 186, "ShortDocumentID", LINK),
    row(2, 187, "UniqueDocumentID", LINK),
    row(2, 188, "OwnerID", PERSON),
    row(2, 202, "ObjectPreviewData", PICTURE),
    row(2, 221, "Prefs", EDIT),
    row(2, 225, "ClassifyState", EDIT),
    row(2, 228, "SimilarityIndex", EDIT),
    row(2, 230, "DocumentNotes", TEXT),
    row(2, 231, "DocumentHistory", EDIT),
    row(2, 232, "ExifCameraInfo", SOFTWARE),
    row(2, 255, "CatalogSets", TEXT),
    row(8, 10, "SubFile", PICTURE),
];

/// One dataset of a run.
struct Dataset<'a> {
    record: u8,
    number: u8,
    value: &'a [u8],
}

/// Adds what a run of IIM datasets gives away to `found`.
///
/// # Errors
/// Those of the budget.
pub fn read(block: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let mut cursor = Cursor::new(block);
    let mut datasets = Vec::new();
    while let Some(dataset) = next(&mut cursor) {
        cx.item()?;
        datasets.push(dataset);
    }
    let mut reader = Reader {
        place,
        cx,
        found,
        datasets: &datasets,
        told: BTreeMap::new(),
    };
    let mut others: Vec<&Dataset<'_>> = Vec::new();
    for dataset in &datasets {
        if !reader.dataset(dataset)? {
            others.push(dataset);
        }
    }
    reader.others(&others);
    let rest = cursor.rest();
    if rest.iter().any(|b| *b != 0) {
        found.secrets.harvest(rest);
        let what = "bytes that are no dataset";
        let finding = Finding::new(
            "iptc.slack",
            Category::Unknown,
            Severity::Medium,
            place,
            what,
        );
        found.add(finding.bytes(len_u64(rest.len())));
    }
    Ok(())
}

/// The next dataset, IIM 4.2 §1.5: standard, or extended with the length of its length.
fn next<'a>(cursor: &mut Cursor<'a>) -> Option<Dataset<'a>> {
    let mut ahead = *cursor;
    (ahead.u8()? == 0x1C).then_some(())?;
    let (record, number) = (ahead.u8()?, ahead.u8()?);
    let short = ahead.u16(Order::Big)?;
    let len = if short & 0x8000 == 0 {
        usize::from(short)
    } else {
        let digits = ahead.take(usize::from(short & 0x7FFF))?;
        digits.iter().try_fold(0_usize, |len, digit| {
            len.checked_mul(256)?.checked_add(usize::from(*digit))
        })?
    };
    let value = ahead.take(len)?;
    *cursor = ahead;
    Some(Dataset {
        record,
        number,
        value,
    })
}

struct Reader<'a, 'b> {
    place: &'a str,
    cx: &'a Context<'b>,
    found: &'a mut Found,
    datasets: &'a [Dataset<'a>],
    /// Values told so far, by dataset.
    told: BTreeMap<(u8, u8), usize>,
}

impl Reader<'_, '_> {
    /// Whether the dataset is told on its own.
    fn dataset(&mut self, dataset: &Dataset<'_>) -> Result<bool> {
        let key = (dataset.record, dataset.number);
        let Some(row) = ROWS.iter().find(|row| (row.record, row.dataset) == key) else {
            return Ok(false);
        };
        let told = self.told.entry(key).or_default();
        *told = told.saturating_add(1);
        if dataset.value.is_empty() || *told > MOST {
            return Ok(dataset.value.is_empty());
        }
        let finding =
            Finding::new(row.id, row.category, row.severity, self.place, row.name).role(row.role);
        if row.role == Role::Thumbnail {
            self.found.add(finding.bytes(len_u64(dataset.value.len())));
            let inner = self.cx.inspect_nested(&Source::memory(dataset.value))?;
            self.found
                .merge(&format!("{}/{}", self.place, row.name), inner);
            return Ok(true);
        }
        let text = decode(dataset.value);
        if text.is_empty() {
            return Ok(false);
        }
        if let Some(time) = row.time {
            let time = self.first(row.record, time).map(decode).unwrap_or_default();
            let moment = format!("{text}T{time}");
            let whole =
                text::moment(&moment).map_or_else(|| text::time(&text), |_| text::time(&moment));
            self.found.add_as(finding.value(whole), &text);
        } else if row.role == Role::OtherTime {
            self.found.add_as(finding.value(text::time(&text)), &text);
        } else {
            let shown: String = text.chars().take(LONGEST).collect();
            self.found.add(finding.text(shown));
            if row.role == Role::Text {
                text::mentions(row.id, &text, self.place, self.cx, self.found)?;
            }
        }
        Ok(true)
    }

    /// The value of the first dataset of this number.
    fn first(&self, record: u8, number: u8) -> Option<&[u8]> {
        // A time stands near its date; a million datasets without one are not worth a search each.
        let mut datasets = self.datasets.iter().take(1024);
        datasets
            .find(|d| number != 0 && (d.record, d.number) == (record, number))
            .map(|d| d.value)
    }

    /// Versions, character sets, and what nobody has listed.
    fn others(&mut self, datasets: &[&Dataset<'_>]) {
        if datasets.is_empty() {
            return;
        }
        for dataset in datasets {
            self.found.secrets.harvest(dataset.value);
        }
        let mut numbers: Vec<String> = datasets
            .iter()
            .map(|dataset| format!("{}:{}", dataset.record, dataset.number))
            .collect();
        numbers.dedup();
        numbers.truncate(MOST);
        let what = format!("other datasets: {}", numbers.join(" "));
        let len = datasets.iter().map(|dataset| len_u64(dataset.value.len()));
        let finding = Finding::new(
            "iptc.any",
            Category::Unknown,
            Severity::Low,
            self.place,
            what,
        );
        self.found
            .add(finding.bytes(len.fold(0, u64::saturating_add)));
    }
}

/// UTF-8 where it is UTF-8, whatever 1:90 says of it; otherwise Latin-1.
fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.split(|b| *b == 0).next().unwrap_or_default();
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim().to_owned(),
        Err(_) => bytes
            .iter()
            .map(|b| char::from(*b))
            .collect::<String>()
            .trim()
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;
    use crate::model::Value;

    fn dataset(record: u8, number: u8, value: &[u8]) -> Vec<u8> {
        let len = u16::try_from(value.len()).unwrap().to_be_bytes();
        [&[0x1C, record, number], &len[..], value].concat()
    }

    fn reading(block: &[u8]) -> Found {
        let mut found = Found::default();
        with_context(|cx| read(block, "IPTC", cx, &mut found)).unwrap();
        found
    }

    #[test]
    fn datasets_say_what_they_say() {
        let block = [
            dataset(1, 90, b"\x1b%G"),
            dataset(2, 0, &[0, 4]),
            dataset(2, 55, b"20240512"),
            dataset(2, 60, b"143000+0200"),
            dataset(2, 80, "Åsa Berg".as_bytes()),
            dataset(2, 90, b"V\xE4xj\xF6"),
            dataset(2, 25, b"59.3293, 18.0686"),
            dataset(2, 231, b"saved by anna@example.org"),
        ]
        .concat();
        let found = reading(&block);
        for text in [
            "2024-05-12T14:30:00+02:00",
            "Åsa Berg",
            "Växjö",
            "anna@example.org",
        ] {
            assert!(found.has_text(text), "{text}: {:#?}", found.findings);
        }
        assert!(
            found
                .findings
                .iter()
                .any(|f| matches!(f.value, Some(Value::Place(_))))
        );
        let others = found.findings.iter().find(|f| f.id == "iptc.any").unwrap();
        assert_eq!(others.what, "other datasets: 1:90 2:0");
        assert!(found.secrets.texts().any(|text| text == "20240512"));
    }

    #[test]
    fn extended_lengths_and_slack() {
        let long = vec![b'x'; 40_000];
        let mut block = vec![0x1C, 2, 120, 0x80, 4, 0, 0, 0x9C, 0x40];
        block.extend_from_slice(&long);
        block.extend_from_slice(b"left over bytes");
        let found = reading(&block);
        assert_eq!(found.findings[0].what, "Caption-Abstract");
        assert_eq!(
            (found.findings[1].id, &found.findings[1].value),
            ("iptc.slack", &Some(Value::Bytes(15)))
        );
        assert!(found.secrets.traces().any(|text| text == "left over bytes"));
        assert!(reading(&[0; 9]).findings.is_empty(), "padding");
    }

    #[test]
    fn many_and_damaged_datasets() {
        let found = reading(&dataset(2, 25, b"keyword").repeat(10_000));
        assert!(found.findings.len() <= MOST + 1);
        let block = [dataset(2, 5, b"title"), dataset(2, 90, b"City")].concat();
        for at in 0..block.len() {
            reading(&block[..at]);
            let mut flipped = block.clone();
            flipped[at] ^= 0xFF;
            assert!(!reading(&flipped).findings.is_empty());
        }
        assert!(!reading(&[0x1C, 2, 5, 0xFF, 0xFF, 1]).findings.is_empty());
    }
}
