//! User data (`udta`), item lists (`ilst`) and keys (`keys`): values that have names.

use super::{Reader, SAMPLE, spelling, tables};
use crate::bytes::{Cursor, Order};
use crate::containers::isobmff::{BoxHeader, Boxes, full_box};
use crate::metadata::text::{self, coordinates_finding};
use crate::metadata::{exif, makers, xmp};
use crate::model::{Category, Finding, Place, Result, Role, Severity, Span, len_u64};

/// A longer text is read so far.
const LONGEST_TEXT: usize = 4096;
/// Keys beyond are not looked at.
const MOST_KEYS: usize = 4096;

impl Reader<'_, '_> {
    /// The children of `udta`.
    pub(super) fn user_data(&mut self, span: Span, path: &str, level: u8) -> Result<()> {
        let mut boxes = Boxes::new(&self.film, span);
        while let Some(header) = boxes.next(self.cx)?.filter(|_| !self.is_full()) {
            let path = format!("{path}/{}", header.kind);
            let mut kind = header.kind.0;
            if let [first @ b'@', _, _, _] = &mut kind {
                *first = 0xA9;
            }
            match &kind {
                b"meta" => self.meta(&header, &path)?,
                b"loci" => self.loci(&header, &path)?,
                b"XMP_" => {
                    let packet = header.read(&self.film, self.cx)?;
                    xmp::read(&packet, &path, self.cx, self.found)?;
                    self.report("mp4.xmp", &header, &path, "XMP", Category::Unknown)?;
                }
                b"GPMF" => {
                    let body = header.read(&self.film, self.cx)?;
                    makers::gpmf::read("mp4.udta", &body, &path, self.cx, self.found)?;
                    self.report(
                        "mp4.udta",
                        &header,
                        &path,
                        "GoPro settings",
                        Category::Device,
                    )?;
                }
                b"QVMI" | b"MVTG" | b"RMKN" => {
                    let body = header.read(&self.film, self.cx)?;
                    exif::read(&body, &path, self.cx, self.found)?;
                    self.report("mp4.udta", &header, &path, "maker data", Category::Device)?;
                }
                b"sefd" | b"uuid" | b"free" | b"skip" => self.one(&header, &path, level)?,
                kind if tables::HARMLESS_ITEMS.contains(&kind) => {}
                _ => self.user_item(&header, kind, &path)?,
            }
        }
        Ok(())
    }

    /// One named value of `udta`: a text, a picture, or something of a vendor.
    fn user_item(&mut self, header: &BoxHeader, kind: [u8; 4], path: &str) -> Result<()> {
        let body = header.peek(&self.film, SAMPLE)?;
        if body.get(4..8) == Some(b"data") {
            return self.item(header, kind, path);
        }
        if self.picture(header, 0, &body, path)? {
            return Ok(());
        }
        let texts = user_texts(kind, &body);
        if texts.is_empty() {
            if body.iter().all(|b| *b == 0) {
                return Ok(());
            }
            let meaning = tables::item(kind);
            if !meaning.is_some_and(|(_, _, role)| matches!(role, Role::Serial | Role::LinkId)) {
                return self.block(header, path);
            }
            let id = body.iter().take(64).map(|b| format!("{b:02x}")).collect();
            self.found.secrets.bytes(&body);
            self.named("mp4.udta", path, meaning, id)?;
        }
        for text in texts {
            self.named("mp4.udta", path, tables::item(kind), text)?;
        }
        Ok(())
    }

    /// `meta`: with handler `mdta` the items are numbered after `keys`, with `mdir` they are named.
    pub(super) fn meta(&mut self, header: &BoxHeader, path: &str) -> Result<()> {
        let children = header.meta_children(&self.film)?;
        let mut keys = Vec::new();
        let mut boxes = Boxes::new(&self.film, children);
        while let Some(child) = boxes.next(self.cx)? {
            let path = format!("{path}/{}", child.kind);
            match &child.kind.0 {
                b"keys" => keys = self.keys(&child)?,
                b"ilst" => self.item_list(&child, &keys, &path)?,
                b"hdlr" | b"ctry" | b"lang" | b"iinf" | b"iloc" | b"pitm" | b"iprp" | b"iref"
                | b"idat" => {}
                b"free" | b"skip" => self.padding(&child, &path)?,
                b"uuid" => self.uuid(&child, &path)?,
                _ => self.block(&child, &path)?,
            }
        }
        Ok(())
    }

    /// The names in `keys`: count, then size, namespace and name of each.
    fn keys(&mut self, header: &BoxHeader) -> Result<Vec<String>> {
        let body = header.peek(&self.film, SAMPLE.saturating_mul(4))?;
        let mut cursor = Cursor::new(body.get(8..).unwrap_or_default());
        let mut keys = Vec::new();
        while keys.len() < MOST_KEYS {
            self.cx.item()?;
            let key = cursor
                .u32(Order::Big)
                .and_then(|size| usize::try_from(size).ok()?.checked_sub(4))
                .and_then(|size| cursor.take(size));
            match key {
                Some(key) => keys.push(spelling::text(key.get(4..).unwrap_or_default())),
                None => break,
            }
        }
        Ok(keys)
    }

    fn item_list(&mut self, header: &BoxHeader, keys: &[String], path: &str) -> Result<()> {
        let mut boxes = Boxes::new(&self.film, header.body);
        while let Some(item) = boxes.next(self.cx)?.filter(|_| !self.is_full()) {
            let number = usize::try_from(u32::from_be_bytes(item.kind.0)).unwrap_or(0);
            let key = number.checked_sub(1).and_then(|index| keys.get(index));
            match (&item.kind.0, key) {
                (b"----", _) => self.free_form(&item, path)?,
                (_, Some(key)) => {
                    let path = format!("{path}/{key}");
                    let short = key.strip_prefix("com.apple.quicktime.").unwrap_or(key);
                    self.values(&item, "mp4.meta.keys", Some(tables::key(short)), &path)?;
                }
                (kind, None) => self.item(&item, *kind, &format!("{path}/{}", item.kind))?,
            }
        }
        Ok(())
    }

    /// `----`: `mean` and `name` say what `data` is.
    fn free_form(&mut self, item: &BoxHeader, path: &str) -> Result<()> {
        let mut path = format!("{path}/----");
        let mut boxes = Boxes::new(&self.film, item.body);
        while let Some(part) = boxes.next(self.cx)? {
            if part.is(b"name") {
                let body = part.peek(&self.film, 256)?;
                path = format!(
                    "{path}/{}",
                    spelling::text(body.get(4..).unwrap_or_default())
                );
            }
        }
        self.values(item, "mp4.meta.keys", Some(tables::FREE_TEXT), &path)
    }

    /// An item with a four-character name.
    fn item(&mut self, item: &BoxHeader, kind: [u8; 4], path: &str) -> Result<()> {
        if tables::HARMLESS_ITEMS.contains(&&kind) {
            return Ok(());
        }
        self.values(item, "mp4.meta.keys", tables::item(kind), path)
    }

    /// The values (`data`: type, locale, value) of an item.
    fn values(
        &mut self,
        item: &BoxHeader,
        id: &'static str,
        meaning: Option<tables::Meaning>,
        path: &str,
    ) -> Result<()> {
        let mut boxes = Boxes::new(&self.film, item.body);
        while let Some(data) = boxes.next(self.cx)? {
            if !data.is(b"data") {
                continue;
            }
            let body = data.peek(&self.film, SAMPLE)?;
            let kind = Order::Big.u32(&body).unwrap_or(0);
            let value = body.get(8..).unwrap_or_default();
            if self.picture(&data, 8, value, path)? {
                continue;
            }
            match datum(kind, value) {
                Some(text) => self.named(id, path, meaning, text)?,
                None => {
                    self.found.secrets.harvest(value);
                    let (category, severity, role) = meaning.unwrap_or(tables::FREE_TEXT);
                    let finding = Finding::new(id, category, severity, path, last(path))
                        .bytes(len_u64(value.len()))
                        .role(role);
                    self.add(finding);
                }
            }
        }
        Ok(())
    }

    /// A named text. A text that is to tell a point is a point.
    pub(super) fn named(
        &mut self,
        id: &'static str,
        path: &str,
        meaning: Option<tables::Meaning>,
        mut text: String,
    ) -> Result<()> {
        if let Some((cut, _)) = text.char_indices().nth(LONGEST_TEXT) {
            text.truncate(cut);
        }
        let (category, severity, role) = meaning.unwrap_or(tables::FREE_TEXT);
        let point = (category == Category::Location || text.ends_with('/'))
            .then(|| spelling::point(&text))
            .flatten();
        if let Some(point) = point {
            self.found.secrets.text(&text);
            self.add(coordinates_finding(id, path, "coordinates", point));
            return Ok(());
        }
        if text.is_empty() {
            return Ok(());
        }
        let finding = Finding::new(id, category, severity, path, last(path)).role(role);
        match role {
            Role::TakenAt | Role::OtherTime => {
                self.found.secrets.text(&text);
                self.add(finding.value(text::time(&text)));
                Ok(())
            }
            _ => {
                let words = if role == Role::Text {
                    text.as_str()
                } else {
                    ""
                };
                self.add(finding.text(&*text));
                text::mentions(id, words, path, self.cx, self.found)
            }
        }
    }

    /// A picture that begins near `head`, `skipped` bytes into a box: cover, preview, thumbnail.
    fn picture(
        &mut self,
        header: &BoxHeader,
        skipped: u64,
        head: &[u8],
        path: &str,
    ) -> Result<bool> {
        let near = head.get(..head.len().min(64)).unwrap_or_default();
        let start = [&b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1A\n"]
            .iter()
            .find_map(|magic| memchr::memmem::find(near, magic));
        let Some(start) = start else {
            return Ok(false);
        };
        let from = header
            .body
            .start()
            .saturating_add(skipped)
            .saturating_add(len_u64(start));
        self.add(
            Finding::new("mp4.udta", Category::Image, Severity::High, path, "picture")
                .bytes(header.body.len())
                .role(Role::Thumbnail),
        );
        let inner = self.film.sub(Span::new(from, header.body.end()))?;
        let found = self.cx.inspect_nested(&inner)?;
        self.found.merge(path, found);
        Ok(true)
    }

    /// `loci` (3GPP TS 26.244 §8.2.10): language, name, role, longitude, latitude and altitude as 16.16,
    /// astronomical body, notes.
    fn loci(&mut self, header: &BoxHeader, path: &str) -> Result<()> {
        let body = header.peek(&self.film, SAMPLE)?;
        let Some((_, _, rest)) = full_box(&body) else {
            return Ok(());
        };
        let mut cursor = Cursor::new(rest.get(2..).unwrap_or_default());
        let name = string(&mut cursor).unwrap_or_default();
        cursor.skip(1);
        self.found
            .secrets
            .bytes(cursor.rest().get(..8).unwrap_or_default());
        let mut fixed = || Some(f64::from(cursor.i32(Order::Big)?) / 65536.0);
        let numbers = (fixed(), fixed(), fixed());
        if let (Some(longitude), Some(latitude), altitude) = numbers
            && let Some(mut point) = Place::new(latitude, longitude)
        {
            point.altitude = altitude;
            self.add(coordinates_finding("mp4.udta", path, "loci", point));
        }
        let place = (Category::Location, Severity::Critical, Role::PlaceName);
        self.named("mp4.udta", path, Some(place), name)?;
        // The body is the earth, as a rule.
        string(&mut cursor);
        if let Some(notes) = string(&mut cursor) {
            self.named("mp4.udta", path, Some(place), notes)?;
        }
        Ok(())
    }
}

/// The last step of a path: what the value is called.
fn last(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// A string up to its NUL, in UTF-8, or in UTF-16 after a byte order mark.
fn string(cursor: &mut Cursor<'_>) -> Option<String> {
    let rest = cursor.rest();
    if let [0xFE, 0xFF, units @ ..] = rest {
        let units = units.chunks_exact(2).take_while(|unit| *unit != [0, 0]);
        let len = units.count().checked_mul(2)?.checked_add(4)?;
        return cursor.take(len.min(rest.len())).map(spelling::text);
    }
    cursor.until_nul().map(spelling::text)
}

/// The texts in an item of `udta`: in `©` items each is `u16` length, `u16` language and text; in 3GPP
/// items one follows version, flags and language; elsewhere it stands alone.
fn user_texts(kind: [u8; 4], body: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    if kind.first() == Some(&0xA9) {
        let mut cursor = Cursor::new(body);
        while let Some(len) = cursor.u16(Order::Big) {
            let text = cursor.skip(2).and_then(|()| cursor.take(usize::from(len)));
            match text {
                Some(text) if !text.is_empty() => texts.push(spelling::text(text)),
                _ => break,
            }
        }
        texts.retain(|text| !text.is_empty());
        if !texts.is_empty() {
            return texts;
        }
    }
    let alone = match body {
        [0, 0, 0, 0, _, _, rest @ ..] => rest,
        body => body,
    };
    let end = alone
        .iter()
        .rposition(|b| *b != 0)
        .map_or(0, |at| at.saturating_add(1));
    let trimmed = alone.get(..end).unwrap_or_default();
    if spelling::is_text(trimmed) || alone.starts_with(&[0xFE, 0xFF]) {
        texts.push(spelling::text(alone));
    }
    texts
}

/// The text of a `data` value of this well-known type (QuickTime File Format, table 3-5); `None` when it
/// is binary.
fn datum(kind: u32, value: &[u8]) -> Option<String> {
    let number = |bytes: &[u8]| {
        bytes.iter().try_fold(0i64, |sum, byte| {
            sum.checked_mul(256)?.checked_add(i64::from(*byte))
        })
    };
    match kind {
        1 | 4 => Some(spelling::text(value)),
        2 | 5 => Some(spelling::utf16(value, Order::Big)),
        23 => Some(Order::Big.f32(value)?.to_string()),
        24 => Some(Order::Big.f64(value)?.to_string()),
        21 | 22 | 65..=67 | 74..=78 if !value.is_empty() => Some(number(value)?.to_string()),
        _ if spelling::is_text(value) => Some(spelling::text(value)),
        _ => None,
    }
}
