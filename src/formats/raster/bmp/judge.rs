//! What becomes of each part of a BMP.

use super::layout::{
    COLOUR_SPACE, Coding, END_OF_RUNS, FILE, HARVEST, LINKED, Layout, MAGIC, PROFILE_DATA,
    PROFILE_SIZE, SIZE_IMAGE, for_each_row, put,
};
use super::{
    DIB_HEADER, EMBEDDED, FILE_HEADER, MASKS, NAME, PADDING, PALETTE, PIXELS, PROFILE, pixels,
};
use crate::bytes::{Context, Source, is_identity};
use crate::formats::common::{Parts, unused_colours};
use crate::metadata::{appended, icc};
use crate::model::{
    Category, Error, Examined, Fate, Finding, Found, Plan, Result, Role, Secrets, Severity, Span,
    len_u64,
};

struct Judge<'a> {
    source: &'a Source<'a>,
    cx: &'a Context<'a>,
    layout: Layout,
    parts: Parts,
    found: Found,
    residue: Vec<Finding>,
}

/// Decides on every byte of the file.
///
/// # Errors
/// [`Error::Malformed`] when a cleaned copy might look different.
pub(super) fn judge(source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
    Judge {
        source,
        cx,
        layout: Layout::parse(source, cx)?,
        parts: Parts::default(),
        found: Found::default(),
        residue: Vec::new(),
    }
    .judge()
}

impl Judge<'_> {
    fn judge(mut self) -> Result<Examined> {
        let header = Span::sized(FILE, len_u64(self.layout.header.len()));
        let header = header.unwrap_or(Span::new(FILE, FILE));
        let (masks, palette) = (self.layout.masks, self.layout.palette);
        let (pixels, profile) = (self.layout.pixels, self.layout.profile);

        self.parts.push(
            Span::new(0, FILE),
            FILE_HEADER.what,
            Fate::rebuild(&FILE_HEADER, vec![]),
        );
        self.parts
            .push(header, "DIB header", Fate::rebuild(&DIB_HEADER, vec![]));
        self.parts.push(masks, MASKS.what, Fate::Keep(&MASKS));
        self.palette(palette)?;
        let mut apart = vec![(pixels, false)];
        apart.extend(profile.map(|span| (span, true)));
        apart.sort_unstable();
        let mut at = palette.end();
        let (mut shown, mut colours) = (0, None);
        for (span, is_profile) in apart {
            self.gap(Span::new(at, span.start()))?;
            if is_profile {
                colours = self.profile(span)?;
            } else {
                let before = self.parts.count();
                self.pixels(span)?;
                shown = self.parts.len_since(before);
            }
            at = span.end();
        }
        self.trailer(Span::new(at, self.source.len()))?;
        if let Some(profile) = &colours {
            let end = Span::new(self.source.len(), self.source.len());
            self.parts
                .push(end, PROFILE.what, Fate::rebuild(&PROFILE, profile.clone()));
        }
        self.headers(shown, colours.map(|profile| len_u64(profile.len())))?;
        let unseen = pixels::unseen(&self.layout, self.source, self.cx)?;
        self.residue.extend(unseen);

        let parts = self.parts.map(self.source.len(), NAME)?;
        if self.found.findings.is_empty() && !is_identity(&parts.plan(), self.source)? {
            self.found.add(Finding::new(
                "bmp.gap",
                Category::Unknown,
                Severity::Low,
                FILE_HEADER.what,
                "lengths that are not exact",
            ));
        }
        Ok(Examined::spliced(self.found, self.residue, parts))
    }

    /// Says that bytes or bits go which show nothing.
    fn hidden(&mut self, place: &'static str, what: &'static str, bytes: &[u8], len: u64) {
        self.found.secrets.harvest(bytes);
        let severity = match (bytes.iter().all(|b| *b == 0), len) {
            // Some programs round the length of the file up.
            (true, _) => Severity::Low,
            (false, 0..=3) => Severity::Medium,
            (false, _) => Severity::High,
        };
        let finding = Finding::new("bmp.gap", Category::Unknown, severity, place, what);
        self.found.add(finding.bytes(len));
    }

    /// Makes both headers, when all else is known.
    fn headers(&mut self, pixels: u64, profile: Option<u64>) -> Result<()> {
        let file = self.source.read(Span::new(0, FILE))?;
        let reserved = file.get(6..10).unwrap_or_default();
        if reserved.iter().any(|b| *b != 0) {
            self.hidden(FILE_HEADER.what, "reserved fields", reserved, 4);
        }
        let old = &self.layout.header;
        // Lengths and offsets aside.
        let fields = |header: &[u8]| {
            let mut header = header.to_vec();
            for at in [SIZE_IMAGE, PROFILE_DATA, PROFILE_SIZE, COLOUR_SPACE] {
                put(&mut header, at, 0);
            }
            header
        };
        let new = self.layout.clean_header(pixels, profile);
        let (before, after) = (fields(old), fields(&new));
        let differ = before.iter().zip(&after).filter(|(a, b)| a != b);
        let hidden: Vec<u8> = differ.map(|(before, _)| *before).collect();
        if !hidden.is_empty() {
            let len = len_u64(hidden.len());
            self.hidden("DIB header", "fields that no program reads", &hidden, len);
        }
        let offset = self.layout.palette.end();
        let total = offset
            .saturating_add(pixels)
            .saturating_add(profile.unwrap_or(0));
        let too_long = |_| Error::LimitExceeded { limit: "block" };
        let mut file = MAGIC.to_vec();
        file.extend(u32::try_from(total).map_err(too_long)?.to_le_bytes());
        file.extend([0; 4]);
        file.extend(u32::try_from(offset).map_err(too_long)?.to_le_bytes());
        // The first two parts.
        self.parts.rewrite(0, &FILE_HEADER, file);
        self.parts.rewrite(1, &DIB_HEADER, new);
        Ok(())
    }

    fn gap(&mut self, span: Span) -> Result<()> {
        if !span.is_empty() {
            let bytes = self.source.peek(span.start(), span.len().min(HARVEST))?;
            let what = "bytes that belong to nothing";
            self.hidden("gap", what, &bytes, span.len());
            self.parts.push(span, "gap", Fate::Drop("bmp.gap"));
        }
        Ok(())
    }

    fn trailer(&mut self, span: Span) -> Result<()> {
        if !span.is_empty() {
            let place = "behind the pixels";
            let tail = self.source.sub(span)?;
            let bytes = tail.peek(0, HARVEST)?;
            if bytes.iter().any(|b| *b != 0) {
                appended::read(&tail, place, self.cx, &mut self.found)?;
            }
            let what = "data behind the end of the picture";
            self.hidden(place, what, &bytes, span.len());
            self.parts.push(span, "trailer", Fate::Drop("bmp.gap"));
        }
        Ok(())
    }

    fn pixels(&mut self, span: Span) -> Result<()> {
        match self.layout.coding {
            Coding::Rows => self.rows(span),
            Coding::Runs(_) => {
                self.runs(span)?;
                if self.layout.runs_are_cut {
                    let end = Span::new(span.end(), span.end());
                    let bytes = END_OF_RUNS.to_vec();
                    self.parts
                        .push(end, PIXELS.what, Fate::rebuild(&PIXELS, bytes));
                }
                Ok(())
            }
            Coding::File(format) => {
                let inside = self.source.sub(span)?;
                let inside = self.cx.examine_as(format, &inside)?;
                let clean = inside.told(EMBEDDED.what, &mut self.found, &mut self.residue);
                let mut plan = Plan::new();
                plan.splice(&clean, span.start());
                self.parts
                    .push(span, EMBEDDED.what, Fate::Inside(&EMBEDDED, plan));
                Ok(())
            }
        }
    }

    /// Colours, without those that no pixel has.
    fn palette(&mut self, span: Span) -> Result<()> {
        let old = self.source.read(span)?;
        let new = pixels::palette(&self.layout, self.source, self.cx)?;
        let mut lost = Secrets::default();
        lost.harvest_lost(&old, &new);
        // ImageMagick and FFmpeg read palettes of OS/2 in entries of three bytes: a colour that is not used is
        // part of one that is. Only text is removed from there.
        let is_used = self.layout.is_os2 && lost.traces().next().is_none();
        if *old == *new || is_used {
            self.parts.push(span, PALETTE.what, Fate::Keep(&PALETTE));
            return Ok(());
        }
        self.found.secrets.merge(lost);
        let finding = unused_colours("bmp.palette", PALETTE.what);
        self.found.add(finding);
        self.parts
            .push(span, PALETTE.what, Fate::rebuild(&PALETTE, new));
        Ok(())
    }

    /// Runs, with their filling bytes unset.
    fn runs(&mut self, span: Span) -> Result<()> {
        let mut at = span.start();
        let mut hidden = Vec::new();
        for (place, clean) in std::mem::take(&mut self.layout.fillings) {
            let byte = Span::new(place, place.saturating_add(1));
            hidden.extend_from_slice(&self.source.read(byte)?);
            self.parts
                .push(Span::new(at, place), PIXELS.what, Fate::Keep(&PIXELS));
            self.parts
                .push(byte, PADDING.what, Fate::rebuild(&PADDING, vec![clean]));
            at = byte.end();
        }
        self.parts
            .push(Span::new(at, span.end()), PIXELS.what, Fate::Keep(&PIXELS));
        if !hidden.is_empty() {
            let len = len_u64(hidden.len());
            self.hidden(PADDING.what, "bytes that fill runs up", &hidden, len);
        }
        Ok(())
    }

    /// Rows, and what stands in their padding.
    fn rows(&mut self, span: Span) -> Result<()> {
        let (used, bits) = self.layout.used_in_row();
        let mut at = span.start();
        let mut hidden = Vec::new();
        let mut parts = Vec::new();
        for_each_row(&self.layout, self.source, self.cx, |start, row| {
            let padding = row.get(used..).unwrap_or_default();
            let Some((last, rest)) = padding.split_first() else {
                return Ok(());
            };
            if last & !bits == 0 && rest.iter().all(|b| *b == 0) {
                return Ok(());
            }
            self.cx.item()?;
            hidden.push(last & !bits);
            hidden.extend_from_slice(rest);
            let from = start.saturating_add(len_u64(used));
            let end = start.saturating_add(len_u64(row.len()));
            let mut clean = vec![0; padding.len()];
            if let Some(first) = clean.first_mut() {
                *first = last & bits;
            }
            parts.push((Span::new(at, from), Fate::Keep(&PIXELS)));
            parts.push((Span::new(from, end), Fate::rebuild(&PADDING, clean)));
            at = end;
            Ok(())
        })?;
        parts.push((Span::new(at, span.end()), Fate::Keep(&PIXELS)));
        for (span, fate) in parts {
            let name = match &fate {
                Fate::Keep(_) => PIXELS.what,
                _ => PADDING.what,
            };
            self.parts.push(span, name, fate);
        }
        if !hidden.is_empty() {
            let len = len_u64(hidden.len());
            self.hidden(PADDING.what, "bytes at the ends of the rows", &hidden, len);
        }
        Ok(())
    }

    /// The profile as it will be written, at the end of the file.
    fn profile(&mut self, span: Span) -> Result<Option<Vec<u8>>> {
        self.cx.memory(span.len())?;
        let profile = self.source.read(span)?;
        if self.layout.colour_space() == Some(LINKED) {
            let path = profile.split(|b| *b == 0).next().unwrap_or_default();
            let path: String = path.iter().copied().map(char::from).collect();
            let finding = Finding::new(
                "bmp.v5.link",
                Category::Person,
                Severity::High,
                PROFILE.what,
                "path of a colour profile",
            );
            self.found.add(finding.text(path).role(Role::Path));
            self.parts
                .push(span, PROFILE.what, Fate::Drop("bmp.v5.link"));
            return Ok(None);
        }
        if !icc::is_profile(&profile) {
            let what = "a colour profile that is none";
            self.hidden(PROFILE.what, what, &profile, span.len());
            self.parts.push(span, PROFILE.what, Fate::Drop("bmp.gap"));
            return Ok(None);
        }
        let since = self.found.findings.len();
        icc::read(&profile, PROFILE.what, self.cx, &mut self.found)?;
        let clean = icc::scrub(&profile, self.cx)?;
        if clean != *profile && self.found.findings.len() == since {
            self.found.add(Finding::new(
                "bmp.v5.mbed",
                Category::Device,
                Severity::Low,
                PROFILE.what,
                "colour profile in an unusual form",
            ));
        }
        self.parts
            .push(span, PROFILE.what, Fate::rebuild(&PROFILE, Vec::new()));
        Ok(Some(clean))
    }
}
