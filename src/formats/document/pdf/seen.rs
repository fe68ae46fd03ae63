//! What a page paints and does not show: pictures of which a part lies outside the clip or the page, and
//! pictures and text below opaque boxes that are painted later.
//!
//! Clips are taken as their bounding boxes, text as narrow boxes along its base line, and only axis-parallel
//! rectangles in opaque colours count as boxes: an ordinary page must not be suspected.

use std::collections::HashMap;
use std::rc::Rc;

use super::content::{self, Operation};
use super::copy::Copier;
use super::facts::Page;
use super::hidden::Hidden;
use super::report::look_inside_bytes;
use crate::containers::pdf::{Dict, File, Got, Lexer, Object};
use crate::model::{Category, Error, Finding, Result, Severity, len_u64};

/// Maximum depth of forms inside each other.
const DEPTH: u32 = 12;
/// Maximum number of painted things and of boxes that are compared on one page.
const MARKS: usize = 6000;
const BOXES: usize = 1500;
/// Maximum number of forms that one page paints, those inside others included.
const FORMS: usize = 100_000;
/// The least part of a picture that must be shown, so that no reader misses the rest.
const SHOWN: f64 = 0.88;
/// The least part of a thing that a box must cover, so that nothing of it can be seen.
const COVERED: f64 = 0.9;
/// How many bytes of content are looked through: this many, and the given number for each byte of the file.
/// Pages and forms may refer to the same content again and again.
const WORK: u64 = 128 << 20;
const WORK_EACH: u64 = 64;
/// What the drawing of a form costs beside its bytes.
const FORM_WORK: u64 = 64;
/// Pictures of fewer pixels along one side are ornaments.
const SMALL: i64 = 40;

/// A rectangle: left, bottom, right, top.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rect([f64; 4]);

impl Rect {
    fn of(points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let start = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        Self(points.into_iter().fold(start, |[l, b, r, t], (x, y)| {
            [l.min(x), b.min(y), r.max(x), t.max(y)]
        }))
    }

    fn and(self, other: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Self([a.max(e), b.max(f), c.min(g), d.min(h)])
    }

    fn area(self) -> f64 {
        let [l, b, r, t] = self.0;
        (r - l).max(0.0) * (t - b).max(0.0)
    }

    /// How much of it lies inside another.
    fn part_in(self, other: Self) -> f64 {
        let area = self.area();
        if area > 0.0 {
            self.and(other).area() / area
        } else {
            1.0
        }
    }
}

/// A transformation matrix (ISO 32000-1 §8.3.3).
#[derive(Clone, Copy, Debug)]
struct Matrix([f64; 6]);

const IDENTITY: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

impl Matrix {
    /// First this one, then `other`.
    fn then(self, other: Self) -> Self {
        let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (self.0, other.0);
        Self([
            a * g + b * i,
            a * h + b * j,
            c * g + d * i,
            c * h + d * j,
            e * g + f * i + k,
            e * h + f * j + l,
        ])
    }

    fn point(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    fn rect(self, [l, b, r, t]: [f64; 4]) -> Rect {
        Rect::of([(l, b), (r, b), (l, t), (r, t)].map(|(x, y)| self.point(x, y)))
    }

    /// Whether rectangles stay parallel to the axes.
    fn is_straight(self) -> bool {
        let [a, b, c, d, ..] = self.0;
        let near = |value: f64| value.abs() < 1e-6;
        (near(b) && near(c)) || (near(a) && near(d))
    }
}

/// The graphics state, as far as it matters.
#[derive(Clone, Debug)]
struct State {
    matrix: Matrix,
    clip: Rect,
    has_color: bool,
    alpha: bool,
    size: f64,
    leading: f64,
    wide: bool,
    mode: i64,
}

/// Something painted.
#[derive(Debug)]
struct Mark {
    what: What,
    rect: Rect,
    covered: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Text,
    Picture(u32),
}

struct Painter<'f, 'a> {
    hidden: &'f Hidden,
    file: &'f File<'a>,
    marks: Vec<Mark>,
    boxes: usize,
    forms: usize,
    /// By object number of the picture: the sum of the parts that are shown.
    shown: HashMap<u32, f64>,
    inline: Vec<Vec<u8>>,
    /// What is left of the work.
    left: u64,
}

/// Looks at all pages.
pub(super) fn look(copier: &mut Copier<'_, '_>) -> Result<()> {
    let facts = copier.facts;
    let len = copier.file.source().len();
    let mut left = WORK.saturating_add(len.saturating_mul(WORK_EACH));
    for (number, page) in (1usize..).zip(&facts.pages) {
        copier.file.cx().check_stop()?;
        left = look_at(copier, number, page, left)?;
    }
    Ok(())
}

/// Looks at a page. Returns what is left of the work.
fn look_at(copier: &mut Copier<'_, '_>, number: usize, page: &Page, left: u64) -> Result<u64> {
    let file = copier.file;
    let mut painter = Painter {
        file,
        hidden: &copier.facts.hidden,
        marks: Vec::new(),
        boxes: 0,
        forms: 0,
        shown: HashMap::new(),
        inline: Vec::new(),
        left,
    };
    let Some(dict) = page.dict() else {
        return Ok(left);
    };
    let media = numbers(file, page.value("MediaBox"))?;
    let visible = match numbers(file, page.value("CropBox"))?.first_chunk::<4>() {
        Some(crop) => Some(*crop),
        None => media.first_chunk::<4>().copied(),
    };
    let [a, b, c, d] = visible.unwrap_or([0.0, 0.0, 612.0, 792.0]);
    let mut state = State {
        matrix: IDENTITY,
        clip: Rect::of([(a, b), (c, d)]),
        has_color: true,
        alpha: true,
        size: 0.0,
        leading: 0.0,
        wide: false,
        mode: 0,
    };
    let mut bytes = Vec::new();
    for stream in page.contents(file)? {
        bytes.extend_from_slice(&painter.hidden.without(file, &stream)?);
        bytes.push(b'\n');
    }
    let resources = match page.value("Resources") {
        Some(value) => file.resolve(value)?.clone(),
        None => Object::Null,
    };
    painter.paint(&bytes, resources.as_dict(), &mut state, DEPTH)?;
    for annot in file.entry(dict, "Annots")?.as_array().unwrap_or_default() {
        let annot = file.resolve(annot)?;
        if let Some(annot) = annot.as_dict() {
            painter.annotation(annot)?;
        }
    }
    let left = painter.left;
    report(copier, number, painter)?;
    Ok(left)
}

fn report(copier: &mut Copier<'_, '_>, number: usize, painter: Painter<'_, '_>) -> Result<()> {
    let page = format!("page {number}");
    let mut note = |id, what: &'static str| {
        let finding = Finding::new(id, Category::Image, Severity::High, page.clone(), what);
        copier.report.note(finding);
    };
    if painter.shown.values().any(|part| *part < SHOWN) {
        note(
            "pdf.hidden.crop",
            "a picture of which the page shows only a part: the rest is still there",
        );
    }
    let is_covered = |wanted: &dyn Fn(What) -> bool| {
        painter
            .marks
            .iter()
            .any(|mark| mark.covered && wanted(mark.what))
    };
    if is_covered(&|what| what == What::Text) {
        note(
            "pdf.hidden.text",
            "text under an opaque box: it is still there and can be copied",
        );
    }
    // A picture that is painted again above the box is seen.
    let open = |number: u32| {
        let mut marks = painter.marks.iter();
        marks.any(|mark| mark.what == What::Picture(number) && !mark.covered)
    };
    if is_covered(&|what| matches!(what, What::Picture(number) if !open(number))) {
        note(
            "pdf.hidden.picture",
            "a picture under an opaque box: it is still there",
        );
    }
    for data in painter.inline {
        let found = look_inside_bytes(copier.file, &data)?;
        if !found.findings.is_empty() {
            copier.report.note(Finding::new(
                "pdf.images.inline",
                Category::Image,
                Severity::High,
                page.clone(),
                "a picture inside the drawing commands, with metadata",
            ));
        }
    }
    Ok(())
}

fn numbers(file: &File<'_>, object: Option<&Object>) -> Result<Vec<f64>> {
    let Some(object) = object else {
        return Ok(Vec::new());
    };
    let array = file.resolve(object)?;
    let mut out = Vec::new();
    for item in array.as_array().unwrap_or_default() {
        out.push(file.resolve(item)?.number().unwrap_or(0.0));
    }
    Ok(out)
}

impl Painter<'_, '_> {
    /// The content of a page or form.
    fn paint(
        &mut self,
        bytes: &[u8],
        resources: Option<&Dict>,
        state: &mut State,
        depth: u32,
    ) -> Result<()> {
        let Some(depth) = depth.checked_sub(1) else {
            return Ok(());
        };
        self.work(len_u64(bytes.len()).saturating_add(FORM_WORK))?;
        let mut run = Run {
            painter: self,
            resources,
            known: HashMap::new(),
            stack: Vec::new(),
            path: Vec::new(),
            rects: Vec::new(),
            is_simple: true,
            clips: false,
            text: IDENTITY,
            line: IDENTITY,
            depth,
        };
        let mut lexer = Lexer::new(bytes, 0);
        content::operations(bytes, &mut lexer, &mut |operation| {
            run.step(&operation, state)
        })?;
        Ok(())
    }

    fn work(&mut self, cost: u64) -> Result<()> {
        let left = self.left.checked_sub(cost);
        self.left = left.ok_or(Error::LimitExceeded {
            limit: "page content",
        })?;
        Ok(())
    }

    /// An opaque box, in page space.
    fn cover(&mut self, rect: Rect) -> Result<()> {
        if self.boxes >= BOXES || rect.area() < 1.0 {
            return Ok(());
        }
        self.boxes = self.boxes.saturating_add(1);
        self.work(len_u64(self.marks.len()))?;
        for mark in &mut self.marks {
            mark.covered |= mark.rect.part_in(rect) >= COVERED;
        }
        Ok(())
    }

    fn mark(&mut self, what: What, rect: Rect) {
        if self.marks.len() < MARKS && rect.area() > 0.0 {
            self.marks.push(Mark {
                what,
                rect,
                covered: false,
            });
        }
    }

    /// A filled rectangle, or a text with a background, over the page.
    fn annotation(&mut self, dict: &Dict) -> Result<()> {
        let kind = self.file.entry(dict, "Subtype")?;
        let color = match kind.as_name().unwrap_or_default() {
            b"Square" => "IC",
            b"FreeText" => "C",
            _ => return Ok(()),
        };
        let is_filled = !numbers(self.file, dict.get(color))?.is_empty();
        let alpha = self.file.entry(dict, "CA")?.number().unwrap_or(1.0);
        let flags = self.file.entry(dict, "F")?.int().unwrap_or(0);
        if let Some([a, b, c, d]) = numbers(self.file, dict.get("Rect"))?.first_chunk::<4>()
            && is_filled
            && alpha >= 1.0
            && flags & 2 == 0
        {
            self.cover(Rect::of([(*a, *b), (*c, *d)]))?;
        }
        Ok(())
    }
}

/// Resources of one category: number and object, where the object was looked at.
type Named = HashMap<Vec<u8>, (Object, Option<(u32, Rc<Object>)>)>;

/// One content stream as it is walked.
struct Run<'p, 'f, 'a, 'r> {
    painter: &'p mut Painter<'f, 'a>,
    resources: Option<&'r Dict>,
    /// Resources that were looked up, by category and name.
    known: HashMap<&'static str, Named>,
    stack: Vec<State>,
    /// Points of the path, in page space.
    path: Vec<(f64, f64)>,
    /// Its rectangles.
    rects: Vec<Rect>,
    /// Whether it consists of rectangles only.
    is_simple: bool,
    clips: bool,
    text: Matrix,
    line: Matrix,
    depth: u32,
}

impl Run<'_, '_, '_, '_> {
    fn step(&mut self, operation: &Operation<'_>, state: &mut State) -> Result<()> {
        let operands = &operation.operands;
        let n = |index: usize| operands.get(index).and_then(Object::number).unwrap_or(0.0);
        let matrix = || Matrix([n(0), n(1), n(2), n(3), n(4), n(5)]);
        match operation.operator {
            b"q" if self.stack.len() < 256 => self.stack.push(state.clone()),
            b"Q" => {
                if let Some(old) = self.stack.pop() {
                    *state = old;
                }
            }
            b"cm" => state.matrix = matrix().then(state.matrix),
            b"gs" => self.gstate(operands, state)?,
            b"g" | b"rg" | b"k" => state.has_color = true,
            b"cs" => {
                let name = operands.first().and_then(Object::as_name);
                state.has_color = name.is_some_and(|name| name != b"Pattern");
            }
            b"sc" | b"scn" => {
                state.has_color = !operands.iter().any(|o| matches!(o, Object::Name(_)));
            }
            b"re" => {
                let rect = [n(0), n(1), n(0) + n(2), n(1) + n(3)];
                let made = state.matrix.rect(rect);
                self.is_simple &= state.matrix.is_straight();
                self.rects.push(made);
                let [l, b, r, t] = made.0;
                self.path.extend([(l, b), (r, t)]);
            }
            b"m" | b"l" => {
                if operation.operator == b"m" {
                    self.close_polygon();
                }
                self.path.push(state.matrix.point(n(0), n(1)));
            }
            b"c" | b"v" | b"y" => {
                self.is_simple = false;
                for pair in [(0, 1), (2, 3), (4, 5)] {
                    if operands.len() > pair.1 {
                        self.path.push(state.matrix.point(n(pair.0), n(pair.1)));
                    }
                }
            }
            b"W" | b"W*" => self.clips = true,
            b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => {
                self.fill(state)?;
                self.end_path(state);
            }
            b"n" | b"S" | b"s" => self.end_path(state),
            b"BT" => {
                self.text = IDENTITY;
                self.line = IDENTITY;
            }
            b"Tm" => {
                self.line = matrix();
                self.text = self.line;
            }
            b"Td" => self.move_line(n(0), n(1)),
            b"TD" => {
                state.leading = -n(1);
                self.move_line(n(0), n(1));
            }
            b"T*" => self.move_line(0.0, -state.leading),
            b"TL" => state.leading = n(0),
            b"Tr" => state.mode = operands.first().and_then(Object::int).unwrap_or(0),
            b"Tf" => {
                state.size = n(1);
                state.wide = self.is_wide(operands.first())?;
            }
            b"Tj" | b"TJ" => self.show(operands.first(), state),
            b"'" | b"\"" => {
                self.move_line(0.0, -state.leading);
                self.show(operands.last(), state);
            }
            b"Do" => self.object(operands.first(), state)?,
            b"BI" if self.painter.inline.len() < 64 => {
                let is_jpeg = operands
                    .iter()
                    .any(|o| o.is_name("DCT") || o.is_name("DCTDecode"));
                if is_jpeg {
                    self.painter.inline.push(operation.data.to_vec());
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A resource by name.
    fn resource(
        &mut self,
        category: &'static str,
        name: Option<&Object>,
    ) -> Result<Option<(u32, Rc<Object>)>> {
        let file = self.painter.file;
        let (Some(resources), Some(name)) = (self.resources, name.and_then(Object::as_name)) else {
            return Ok(None);
        };
        if !self.known.contains_key(category) {
            let map = file.entry(resources, category)?;
            let mut known = Named::new();
            for (name, value) in map.as_dict().into_iter().flat_map(Dict::iter) {
                file.cx().item()?;
                known.insert(name.to_vec(), (value.clone(), None));
            }
            self.known.insert(category, known);
        }
        let known = self.known.get_mut(category);
        let Some((value, found)) = known.and_then(|known| known.get_mut(name)) else {
            return Ok(None);
        };
        if found.is_none() {
            let number = value.as_ref().map_or(0, |id| id.number);
            let object = match file.resolve(value)? {
                Got::Here(object) => Rc::new(object.clone()),
                Got::There(object) => object,
            };
            *found = Some((number, object));
        }
        Ok(found.clone())
    }

    fn gstate(&mut self, operands: &[Object], state: &mut State) -> Result<()> {
        let Some((_, object)) = self.resource("ExtGState", operands.first())? else {
            return Ok(());
        };
        let Some(dict) = object.as_dict() else {
            return Ok(());
        };
        let file = self.painter.file;
        let alpha = file.entry(dict, "ca")?.number();
        let blend = file.entry(dict, "BM")?.clone();
        let mask = file.entry(dict, "SMask")?.clone();
        let is_plain = matches!(&blend, Object::Null)
            || blend.is_name("Normal")
            || blend.is_name("Compatible");
        if let Some(alpha) = alpha {
            state.alpha = alpha >= 1.0;
        }
        if !is_plain || matches!(mask, Object::Dict(_)) {
            state.alpha = false;
        }
        Ok(())
    }

    /// Whether characters of a font have two bytes.
    fn is_wide(&mut self, name: Option<&Object>) -> Result<bool> {
        let Some((_, font)) = self.resource("Font", name)? else {
            return Ok(false);
        };
        let dict = font.as_dict();
        Ok(dict
            .and_then(|dict| dict.get("Subtype"))
            .is_some_and(|kind| kind.is_name("Type0")))
    }

    /// Four points that are the corners of a rectangle are one.
    fn close_polygon(&mut self) {
        if self.path.is_empty() || !self.rects.is_empty() || !self.is_simple {
            return;
        }
        if self.path.len() > 5 {
            self.is_simple = false;
            return;
        }
        let rect = Rect::of(self.path.iter().copied());
        let [l, b, r, t] = rect.0;
        let near = |a: f64, b: f64| (a - b).abs() < 0.01;
        let is_corner =
            |(x, y): &(f64, f64)| (near(*x, l) || near(*x, r)) && (near(*y, b) || near(*y, t));
        if (4..=5).contains(&self.path.len()) && self.path.iter().all(is_corner) {
            self.rects.push(rect);
        } else {
            self.is_simple = false;
        }
    }

    fn fill(&mut self, state: &State) -> Result<()> {
        self.close_polygon();
        if !self.is_simple || !state.has_color || !state.alpha {
            return Ok(());
        }
        for rect in std::mem::take(&mut self.rects) {
            self.painter.cover(rect.and(state.clip))?;
        }
        Ok(())
    }

    fn end_path(&mut self, state: &mut State) {
        if self.clips && !self.path.is_empty() {
            state.clip = state.clip.and(Rect::of(self.path.iter().copied()));
        }
        self.clips = false;
        self.is_simple = true;
        self.path.clear();
        self.rects.clear();
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.line = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(self.line);
        self.text = self.line;
    }

    /// Text as a narrow box along its base line.
    fn show(&mut self, operand: Option<&Object>, state: &State) {
        let (mut count, mut shift) = (0usize, 0.0);
        match operand {
            Some(Object::String(text)) => count = text.len(),
            Some(Object::Array(array)) => {
                for item in array {
                    match item {
                        Object::String(text) => count = count.saturating_add(text.len()),
                        other => shift += other.number().unwrap_or(0.0),
                    }
                }
            }
            _ => return,
        }
        if state.wide {
            count = count.div_ceil(2);
        }
        let count = u32::try_from(count).map_or(0.0, f64::from);
        let wide = count * state.size * 0.5 - shift * state.size / 1000.0;
        let narrow = count * state.size * 0.35;
        // Invisible text is the text layer of a scan.
        if count > 1.0 && state.mode != 3 && state.mode != 7 {
            let text = [0.0, 0.05 * state.size, narrow.max(0.0), 0.55 * state.size];
            let rect = self.text.then(state.matrix).rect(text);
            if rect.part_in(state.clip) > 0.5 {
                self.painter.mark(What::Text, rect);
            }
        }
        self.text = Matrix([1.0, 0.0, 0.0, 1.0, wide, 0.0]).then(self.text);
    }

    fn object(&mut self, name: Option<&Object>, state: &State) -> Result<()> {
        let Some((number, object)) = self.resource("XObject", name)? else {
            return Ok(());
        };
        let Some(stream) = object.as_stream() else {
            return Ok(());
        };
        let file = self.painter.file;
        file.cx().item()?;
        let dict = &stream.dict;
        if file.entry(dict, "Subtype")?.is_name("Image") {
            let is_mask = *file.entry(dict, "ImageMask")? == Object::Bool(true);
            let side = |key: &str| Ok::<_, Error>(file.entry(dict, key)?.int().unwrap_or(0));
            if is_mask || side("Width")? < SMALL || side("Height")? < SMALL {
                return Ok(());
            }
            let rect = state.matrix.rect([0.0, 0.0, 1.0, 1.0]);
            let part = rect.part_in(state.clip);
            *self.painter.shown.entry(number).or_insert(0.0) += part;
            if part > 0.0 {
                self.painter
                    .mark(What::Picture(number), rect.and(state.clip));
            }
            return Ok(());
        }
        self.painter.forms = self.painter.forms.saturating_add(1);
        if self.painter.forms > FORMS {
            return Err(Error::LimitExceeded { limit: "items" });
        }
        let mut inner = state.clone();
        if let Some(matrix) = numbers(file, dict.get("Matrix"))?.first_chunk::<6>() {
            inner.matrix = Matrix(*matrix).then(state.matrix);
        }
        if let Some(bounds) = numbers(file, dict.get("BBox"))?.first_chunk::<4>() {
            inner.clip = inner.clip.and(inner.matrix.rect(*bounds));
        }
        let bytes = self.painter.hidden.without(file, stream)?;
        let own = file.entry(dict, "Resources")?.clone();
        let resources = own.as_dict().or(self.resources);
        self.painter
            .paint(&bytes, resources, &mut inner, self.depth)
    }
}
