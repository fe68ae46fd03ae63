//! What lies under other things: somebody who draws a box over a name or a face has not taken it out.

use std::collections::BTreeMap;

use super::super::cascade::Values;
use super::super::geometry::{self, Area};
use super::super::tree::Element;
use super::read::{length, shape};
use super::{Look, NOT_SHOWN, OUTSIDE};
use crate::bytes::Context;
use crate::model::Result;

const COVERED_TEXT: &str = "a text that is covered";
const COVERED: &str = "a picture of which a part may be covered";

/// Shapes of more pieces do not cover all that they surround.
const SIMPLE: usize = 12;

/// A text that was drawn.
struct Text {
    /// A point inside of its first letters.
    at: [f64; 2],
    size: f64,
}

/// Texts and pictures in the order in which they are drawn.
pub(super) struct Drawn {
    /// By ground and height.
    texts: BTreeMap<(usize, u64), Vec<Text>>,
    /// Size of the smallest text.
    least: f64,
    pictures: Vec<(usize, Area)>,
}

impl Default for Drawn {
    fn default() -> Self {
        Self {
            texts: BTreeMap::new(),
            least: f64::INFINITY,
            pictures: Vec::new(),
        }
    }
}

/// A number that is larger where `value` is.
fn order(value: f64) -> u64 {
    let bits = value.to_bits();
    if value.is_sign_negative() {
        !bits
    } else {
        bits | (1 << 63)
    }
}

impl Drawn {
    /// A text of this size that has a letter at this point.
    pub(super) fn text(&mut self, ground: usize, at: [f64; 2], size: f64) {
        let [_, y] = at;
        self.least = self.least.min(size);
        let row = self.texts.entry((ground, order(y))).or_default();
        row.push(Text { at, size });
    }

    /// A picture, and where it lies in the coordinates of `look`; what is to be said of it.
    ///
    /// # Errors
    /// The budget's.
    pub(super) fn picture(
        &mut self,
        element: &Element,
        area: Option<[f64; 4]>,
        look: &Look,
        cx: &Context<'_>,
    ) -> Result<Option<&'static str>> {
        let slices = element
            .get("preserveAspectRatio")
            .is_some_and(|value| value.contains("slice"));
        let Some(area) = area.map(|area| look.at.area(Area::sized(area))) else {
            return Ok((look.cuts || slices || look.clip != Area::ALL).then_some(COVERED));
        };
        if area.is_empty() {
            return Ok(Some(NOT_SHOWN));
        }
        if !area.meets(look.view) {
            return Ok(Some(OUTSIDE));
        }
        if look.cuts
            || slices
            || area.sticks_out(look.view, 0.05)
            || area.sticks_out(look.clip, 0.01)
            || self.covers_picture(area, look, cx)?
        {
            return Ok(Some(COVERED));
        }
        self.pictures.push((look.ground, area));
        Ok(None)
    }

    fn covers_picture(&self, area: Area, look: &Look, cx: &Context<'_>) -> Result<bool> {
        let mut covers = false;
        for pictures in self.pictures.chunks(1024) {
            cx.item()?;
            covers |= pictures.iter().any(|(ground, picture)| {
                let both = picture.both(area);
                *ground == look.ground
                    && both.width() * both.height() > 0.002 * picture.width() * picture.height()
            });
        }
        Ok(covers)
    }

    /// Looks at what lies under a shape; what is to be said of it.
    ///
    /// # Errors
    /// The budget's.
    pub(super) fn cover(
        &mut self,
        element: &Element,
        values: &Values<'_>,
        look: &Look,
        cx: &Context<'_>,
    ) -> Result<Option<&'static str>> {
        if self.texts.is_empty() && self.pictures.is_empty() {
            return Ok(None);
        }
        let fills = look.fill && look.fill_opacity * look.opacity >= 0.9;
        let width = values.of("stroke-width");
        let width = width.first().and_then(|width| length(width)).unwrap_or(1.0);
        let strokes = look.stroke && look.stroke_opacity * look.opacity >= 0.9;
        if !(fills || strokes) {
            return Ok(None);
        }
        let Some((area, pieces)) = shape(element) else {
            return Ok(None);
        };
        let area = look.at.area(area).both(look.clip);
        let fills = fills && element.name != "line" && !area.is_empty();
        let width = if strokes {
            width * look.at.scale()
        } else {
            0.0
        };
        let covers = fills && pieces <= SIMPLE;
        if (covers || width >= self.least / 2.0)
            && self.covers_text(area, covers, width, look.ground, cx)?
        {
            self.texts.clear();
            return Ok(Some(COVERED_TEXT));
        }
        if (fills && self.covers_picture(area, look, cx)?)
            || (strokes && self.strikes_picture(element, width, look, cx)?)
        {
            self.pictures.clear();
            return Ok(Some(COVERED));
        }
        Ok(None)
    }

    /// Whether a text lies inside of an area, or under a broad line.
    fn covers_text(
        &self,
        area: Area,
        covers: bool,
        width: f64,
        ground: usize,
        cx: &Context<'_>,
    ) -> Result<bool> {
        let grown = area.grown(width / 2.0);
        let [top, bottom] = grown.rows().map(order);
        if top > bottom {
            return Ok(false);
        }
        let rows = self.texts.range((ground, top)..=(ground, bottom));
        for (index, text) in rows.flat_map(|(_, texts)| texts).enumerate() {
            if index.is_multiple_of(1024) {
                cx.item()?;
            }
            if (covers && area.holds(text.at)) || (width >= text.size / 2.0 && grown.holds(text.at))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a broad line is drawn over a picture, and not around it.
    fn strikes_picture(
        &self,
        element: &Element,
        width: f64,
        look: &Look,
        cx: &Context<'_>,
    ) -> Result<bool> {
        let broad = |picture: &Area| width >= 0.02 * picture.width().min(picture.height());
        let mut pictures = self.pictures.iter();
        if !pictures.any(|(ground, picture)| *ground == look.ground && broad(picture)) {
            return Ok(false);
        }
        let lines = match element.name.as_str() {
            "path" => geometry::pieces(element.get("d").unwrap_or_default()),
            "polyline" => {
                geometry::pieces(&format!("M{}", element.get("points").unwrap_or_default()))
            }
            "line" => shape(element).map(|(area, _)| area).into_iter().collect(),
            _ => Vec::new(),
        };
        for line in lines {
            cx.item()?;
            let line = look.at.area(line);
            let struck = self.pictures.iter().take(1024).any(|(ground, picture)| {
                *ground == look.ground && broad(picture) && picture.inner().meets(line)
            });
            if struck {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
