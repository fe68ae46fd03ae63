//! What stays, in which form, and what goes.

mod data;

use std::collections::{BTreeMap, BTreeSet};

use super::codec::{self, Coding, Told};
use super::parse::{File, Item, Meta};
use super::pool::Pool;
use super::props::{self, Property};
use super::reach::{self, Reached};
use super::report::Report;
use super::resolve::{self, Store};
use super::texts::hides_text;
use super::write::{self, MetaBox, NewItem};
use super::{NAME, brands};
use crate::bytes::{Context, Source, is_identity};
use crate::model::{Category, Error, Finding, Found, Plan, Result, Role, Severity, fit};

/// What came of a file.
pub(super) struct Judged {
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    pub(super) plan: Plan,
}

/// So many printable characters in a row are no numbers.
const TEXT_IN_NUMBERS: usize = 8;
const TEXT_IN_FRACTIONS: usize = 12;
/// A crop of less than this in both directions is what encoders need to fill their blocks.
const BLOCK: u32 = 16;

/// Decides on everything in the file.
///
/// # Errors
/// When the file cannot be understood so far that a copy is sure to look the same.
pub(super) fn judge(source: &Source<'_>, cx: &Context<'_>) -> Result<Judged> {
    let file = File::parse(source, cx)?;
    let sequence = file.moov.is_some() && brands::is_sequence(&file.ftyp);
    let mut judge = Judge {
        source,
        cx,
        media: Pool::default(),
        idat: Pool::default(),
        properties: BTreeMap::new(),
        told: Told::default(),
        found: Found::default(),
        residue: Vec::new(),
        refused: BTreeSet::new(),
    };
    let mut reached = Reached::default();
    let mut new_meta = None;
    if let Some(meta) = &file.meta {
        if meta.handler.0 != *b"pict" {
            return Err(Error::malformed(
                NAME,
                meta.span.start(),
                "its items are no pictures",
            ));
        }
        let mut new = MetaBox::default();
        if let Some(primary) = meta.primary {
            reached = reach::reach(meta, primary, source, cx)?;
            new = judge.items(meta, primary, &reached)?;
            if reached.alpha {
                let what = "transparent areas, under which nobody has looked";
                judge.stays("heif.alpha.hidden", "alpha plane", what);
            }
        }
        new_meta = Some(new);
    }
    let has_picture = file
        .meta
        .as_ref()
        .is_some_and(|meta| meta.primary.is_some());
    if !has_picture && file.others.iter().any(|header| header.is(b"mini")) {
        return Err(Error::unsupported(
            "pictures with a short header (mini); open it where it is \
            shown, save it as JPEG, and clean that",
        ));
    }
    if !has_picture && !sequence {
        return Err(Error::malformed(NAME, 0, "no picture in the file"));
    }
    let mut movie = None;
    if let Some(moov) = file.moov.filter(|_| sequence) {
        let is_still = has_picture && !brands::is_sequence_first(&file.ftyp);
        movie = judge.sequence(&moov, is_still)?;
    }
    let sequence = movie.is_some();
    if judge.told.text_stays {
        let what = "text that somebody hid inside the coded picture";
        judge.stays("heif.coded.text", "coded picture", what);
    }
    let (major, compatible) = brands::kept(&file.ftyp, sequence, reached.tone_map);
    let Judge {
        media,
        idat,
        told,
        found,
        residue,
        refused,
        ..
    } = judge;
    let (media, idat) = (media.finish(cx)?, idat.finish(cx)?);
    let mut report = Report {
        file: &file,
        source,
        cx,
        found,
        spans: media.spans().chain(idat.spans()).collect(),
    };
    report.file_type(major, &compatible);
    if let (Some(meta), Some(new)) = (&file.meta, &new_meta) {
        report.names(meta, new);
        report.items(meta, new)?;
        report.properties(meta, &refused)?;
        report.boxes(&meta.others, "meta")?;
        report.excess(meta);
    }
    report.file_boxes(sequence)?;
    if let Some(movie) = &movie {
        report.movie(movie)?;
    }
    report.gaps()?;
    let mut found = report.found;
    found.extend(told.found);
    let plan = write::write(
        (major, &compatible),
        new_meta.as_ref(),
        movie.as_ref(),
        media,
        idat,
    )?;
    if found.findings.is_empty() && !is_identity(&plan, source)? {
        found.add(Finding::new(
            "heif.layout",
            Category::Device,
            Severity::Low,
            "boxes",
            "the way in which the file is written",
        ));
    }
    Ok(Judged {
        found,
        residue,
        plan,
    })
}

struct Judge<'a, 's, 'c> {
    source: &'a Source<'s>,
    cx: &'a Context<'c>,
    media: Pool,
    idat: Pool,
    /// What becomes of each property of an item that stays.
    properties: BTreeMap<u16, Property>,
    told: Told,
    found: Found,
    residue: Vec<Finding>,
    /// Properties of items that stay which go.
    refused: BTreeSet<u16>,
}

/// The same numbers, each of them once.
pub(super) fn once(numbers: Vec<u32>) -> Vec<u32> {
    let mut seen = BTreeSet::new();
    numbers.into_iter().filter(|it| seen.insert(*it)).collect()
}

fn bad(what: &'static str) -> Error {
    Error::malformed(NAME, 0, what)
}

impl<'s> Judge<'_, 's, '_> {
    /// The items that stay, and all that is said of them.
    fn items(&mut self, meta: &Meta, primary: u32, reached: &Reached) -> Result<MetaBox> {
        let mut new = MetaBox {
            primary: Some(primary),
            ..MetaBox::default()
        };
        // Numbers of properties are new ones.
        let mut numbers: BTreeMap<u16, u16> = BTreeMap::new();
        let mut kept: Vec<(NewItem, Vec<(u16, bool)>)> = Vec::new();
        for item in &meta.items {
            self.cx.item()?;
            if reached.pictures.contains(&item.id) {
                kept.push(self.picture(meta, item)?);
            } else if let Some(item) = self.metadata(meta, item, primary, reached)? {
                kept.push((item, Vec::new()));
            }
        }
        let all_used: BTreeSet<u16> = kept
            .iter()
            .flat_map(|(_, used)| used.iter().map(|(index, _)| *index))
            .collect();
        for (index, header) in (1_u16..).zip(&meta.properties) {
            let body = match self.properties.get(&index) {
                Some(Property::Kept(body) | Property::Coding(body, _))
                    if all_used.contains(&index) =>
                {
                    body.clone()
                }
                _ => continue,
            };
            new.properties.push((header.kind, body));
            numbers.insert(index, fit(new.properties.len())?);
        }
        for (mut item, used) in kept {
            item.properties = used
                .iter()
                .filter_map(|(index, essential)| Some((*numbers.get(index)?, *essential)))
                .collect();
            new.items.push(item);
        }
        self.references(meta, reached, &mut new)?;
        Ok(new)
    }

    /// References and groups between items that stay.
    fn references(&self, meta: &Meta, reached: &Reached, new: &mut MetaBox) -> Result<()> {
        let all: BTreeSet<u32> = new.items.iter().map(|item| item.id).collect();
        for reference in &meta.references {
            let stays = match &reference.kind.0 {
                b"dimg" | b"prem" => reached.pictures.contains(&reference.from),
                b"auxl" => {
                    reached.pictures.contains(&reference.from)
                        && reach::is_auxiliary(meta, reference.from, self.source)?
                }
                b"cdsc" => {
                    all.contains(&reference.from) && !reached.pictures.contains(&reference.from)
                }
                _ => false,
            };
            if !stays {
                continue;
            }
            let mut to: Vec<u32> = reference
                .to
                .iter()
                .copied()
                .filter(|id| reached.pictures.contains(id))
                .collect();
            if reference.kind.0 != *b"dimg" {
                to = once(to);
            }
            if !to.is_empty() {
                new.references.push((reference.kind, reference.from, to));
            }
        }
        for group in meta.groups.iter().filter(|group| group.kind.0 == *b"altr") {
            let members = group.members.iter().copied();
            let members = once(members.filter(|id| reached.pictures.contains(id)).collect());
            if members.len() > 1 {
                new.groups.push(members);
            }
        }
        Ok(())
    }

    fn pool(&mut self, store: Store) -> &mut Pool {
        match store {
            Store::Media => &mut self.media,
            Store::Idat => &mut self.idat,
        }
    }

    /// A picture, and the numbers of its properties in the old file.
    fn picture(&mut self, meta: &Meta, item: &Item) -> Result<(NewItem, Vec<(u16, bool)>)> {
        let mut coding = None;
        let mut used = Vec::new();
        let mut extents = None;
        let mut crop = None;
        let mut layered = false;
        let (store, data) = resolve::data(meta, item, self.source, self.cx)?;
        for association in &item.properties {
            self.cx.item()?;
            let header = meta
                .property(*association)
                .ok_or_else(|| bad("a property that does not exist"))?;
            let index = association.property;
            let head = header.peek(self.source, 16)?;
            if !props::is_about(header.kind.0, &head, item.kind.0, data.len()) {
                self.refused.insert(index);
                continue;
            }
            if !self.properties.contains_key(&index) {
                let body = header.read(self.source, self.cx)?;
                let before = self.found.findings.len();
                let form = props::normal_form(
                    header.kind.0,
                    &body,
                    self.cx,
                    &mut self.told,
                    &mut self.found,
                )?;
                if let Property::Kept(new) | Property::Coding(new, _) = &form
                    && *new != *body
                    && self.found.findings.len() == before
                {
                    let finding = Finding::new(
                        "heif.props",
                        Category::Device,
                        Severity::Low,
                        format!("ipco/{}", header.kind),
                        "a property in an unusual form",
                    );
                    self.found.findings.push(finding);
                }
                self.properties.insert(index, form);
            }
            match self.properties.get(&index) {
                Some(Property::Kept(body)) => match &header.kind.0 {
                    b"colr" | b"auxC" => {}
                    _ if hides_text(body, TEXT_IN_NUMBERS) => self.told.text_stays = true,
                    b"ispe" => extents = props::extents(body),
                    b"clap" => crop = Some(body.clone()),
                    b"a1lx" => layered = true,
                    // All layers and the first operating point say nothing.
                    b"lsel" | b"a1op" => {
                        layered = true;
                        let all: &[&[u8]] = &[&[0xFF, 0xFF], &[0]];
                        if !all.contains(&body.as_slice()) {
                            let what = "layers of the picture that are not shown";
                            self.stays("heif.layers", "coded picture", what);
                        }
                    }
                    _ => {}
                },
                Some(Property::Coding(_, how)) => coding = Some(*how),
                // What an auxiliary picture is for decides nothing where it is part of another one.
                // A profile that is none is used by no decoder.
                Some(Property::Unknown)
                    if association.essential && !header.is(b"auxC") && !header.is(b"colr") =>
                {
                    return Err(Error::unsupported(format!(
                        "pictures with the property {}; open it where it is shown, save it as \
                            JPEG, and clean that",
                        header.kind
                    )));
                }
                _ => {
                    self.refused.insert(index);
                    continue;
                }
            }
            used.push((index, association.essential));
        }
        if let Some(crop) = crop {
            self.crop(&crop, extents);
        }
        let spans = match &item.kind.0 {
            b"hvc1" | b"avc1" | b"av01" => {
                let fits = matches!(
                    (&item.kind.0, coding),
                    (b"hvc1", Some(Coding::Hevc(_)))
                        | (b"avc1", Some(Coding::Avc(_)))
                        | (b"av01", Some(Coding::Av1))
                );
                let coding = coding
                    .filter(|_| fits)
                    .ok_or_else(|| bad("a coded picture without its decoder's record"))?;
                if !layered && codec::pictures(&data, coding, self.cx)? > 1 {
                    let what = "more pictures than the one that is shown";
                    self.stays("heif.coded.pictures", "coded picture", what);
                }
                self.coded(store, &data, coding)?
            }
            b"jpeg" => self.jpeg(store, &data)?,
            _ => self.derived(meta, item, store, &data)?,
        };
        let new = NewItem {
            id: item.id,
            kind: item.kind,
            hidden: item.hidden,
            store,
            spans,
            properties: Vec::new(),
        };
        Ok((new, used))
    }

    /// Tells of a picture that is shown in part only.
    fn crop(&mut self, crop: &[u8], extents: Option<(u32, u32)>) {
        let hidden = extents.and_then(|extents| props::cut_off(crop, extents));
        if hidden.is_none_or(|(beside, above)| beside >= BLOCK || above >= BLOCK) {
            self.stays(
                "heif.clap",
                "clap",
                "a border that is cut off but still there",
            );
        }
    }

    /// Tells of something that cannot be taken out without coding the picture anew.
    fn stays(&mut self, id: &'static str, place: &'static str, what: &'static str) {
        if !self.residue.iter().any(|known| known.id == id) {
            let finding = Finding::new(id, Category::Image, Severity::High, place, what);
            self.residue.push(finding.role(Role::Picture));
        }
    }
}
