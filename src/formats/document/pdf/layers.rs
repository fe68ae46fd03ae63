//! Layers (optional content, ISO 32000-1 §8.11): which of them are switched off.

use foldhash::{HashMap, HashSet};

use crate::containers::pdf::{Dict, File, Object};
use crate::model::{Category, Error, Finding, Result, Severity};

/// Maximum depth of expressions of visibility.
const DEPTH: u32 = 32;

/// The layers of a document, as it is opened.
#[derive(Debug, Default)]
pub(super) struct Layers {
    /// Places in the list of layers, by object number.
    places: HashMap<u32, u64>,
    /// Object numbers of those that are switched off.
    off: HashSet<u32>,
    /// Whether some are switched on, and hidden on the screen by what they are used for (§8.11.4.5). Not
    /// all viewers do so.
    off_by_usage: bool,
    /// Whether the policy removes what is on layers that are switched off.
    is_strict: bool,
}

impl Layers {
    pub(super) fn read(file: &File<'_>) -> Result<Self> {
        let mut out = Self {
            is_strict: file.cx().policy().strict,
            ..Self::default()
        };
        let root = file.entry(file.trailer(), "Root")?;
        let Some(root) = root.as_dict() else {
            return Ok(out);
        };
        let properties = file.entry(root, "OCProperties")?;
        let Some(properties) = properties.as_dict() else {
            return Ok(out);
        };
        let list = file.entry(properties, "OCGs")?;
        let mut place = 0_u64;
        let mut by_usage = Vec::new();
        for layer in list.as_array().unwrap_or_default() {
            let resolved = file.resolve(layer)?;
            let Some(dict) = resolved.as_dict() else {
                continue;
            };
            if let Some(number) = file.last_id(layer)? {
                if is_off_on_screen(file, dict)? {
                    by_usage.push(number);
                }
                out.places.entry(number).or_insert(place);
            }
            place = place.saturating_add(1);
        }
        let config = file.entry(properties, "D")?;
        let Some(config) = config.as_dict() else {
            out.off_by_usage = !by_usage.is_empty();
            return Ok(out);
        };
        if file.entry(config, "BaseState")?.is_name("OFF") {
            out.off.extend(out.places.keys());
        }
        for layer in file.entry(config, "ON")?.as_array().unwrap_or_default() {
            if let Some(number) = file.last_id(layer)? {
                out.off.remove(&number);
            }
        }
        for layer in file.entry(config, "OFF")?.as_array().unwrap_or_default() {
            out.off.extend(file.last_id(layer)?);
        }
        out.off_by_usage = by_usage.iter().any(|number| !out.off.contains(number));
        Ok(out)
    }

    /// Whether any is switched off.
    pub(super) fn any_off(&self) -> bool {
        self.off_by_usage || !self.off.is_empty()
    }

    /// Whether all that is hidden can be removed, and is to be removed.
    pub(super) fn are_removed(&self) -> bool {
        self.is_strict && !self.off_by_usage
    }

    /// Whether content is to be looked at for what is hidden and is to be removed.
    pub(super) fn hide(&self) -> bool {
        self.is_strict && !self.off.is_empty()
    }

    /// Whether an annotation, or an object that is drawn, is on a layer that is switched off and is to be
    /// removed.
    pub(super) fn leave_out(&self, file: &File<'_>, dict: &Dict) -> Result<bool> {
        match dict.get("OC").filter(|_| self.is_strict) {
            Some(layer) => self.hides(file, layer),
            None => Ok(false),
        }
    }

    /// The place of a layer in the list.
    pub(super) fn place(&self, file: &File<'_>, layer: &Object) -> Result<Option<u64>> {
        let number = file.last_id(layer)?;
        Ok(number.and_then(|number| self.places.get(&number).copied()))
    }

    /// Whether what belongs to this group or membership dictionary is not shown.
    pub(super) fn hides(&self, file: &File<'_>, value: &Object) -> Result<bool> {
        let number = file.last_id(value)?;
        if number.is_some_and(|number| self.off.contains(&number)) {
            return Ok(true);
        }
        let value = file.resolve(value)?;
        let Some(dict) = value.as_dict() else {
            return Ok(false);
        };
        if !file.entry(dict, "Type")?.is_name("OCMD") {
            return Ok(false);
        }
        if let Some(expression) = dict.get("VE")
            && file.resolve(expression)?.as_array().is_some()
        {
            return Ok(!self.is_true(file, expression, DEPTH)?);
        }
        let Some(of) = dict.get("OCGs") else {
            return Ok(false);
        };
        let resolved = file.resolve(of)?;
        let (mut on, mut off) = (0_usize, 0_usize);
        for layer in resolved.as_array().unwrap_or(std::slice::from_ref(of)) {
            let Some(number) = file.last_id(layer)? else {
                continue;
            };
            let count = if self.off.contains(&number) {
                &mut off
            } else {
                &mut on
            };
            *count = count.saturating_add(1);
        }
        let policy = file.entry(dict, "P")?;
        Ok(match policy.as_name().unwrap_or_default() {
            _ if on == 0 && off == 0 => false,
            b"AllOn" => off > 0,
            b"AnyOff" => off == 0,
            b"AllOff" => on > 0,
            _ => on == 0,
        })
    }

    /// An expression of visibility (§8.11.2.2).
    fn is_true(&self, file: &File<'_>, value: &Object, depth: u32) -> Result<bool> {
        file.cx().item()?;
        let depth = depth
            .checked_sub(1)
            .ok_or(Error::LimitExceeded { limit: "depth" })?;
        let resolved = file.resolve(value)?;
        let Some((operator, of)) = resolved.as_array().and_then(<[Object]>::split_first) else {
            let number = file.last_id(value)?;
            return Ok(!number.is_some_and(|number| self.off.contains(&number)));
        };
        let operator = file.resolve(operator)?;
        let mut any = false;
        let mut all = true;
        for item in of {
            let is_on = self.is_true(file, item, depth)?;
            any |= is_on;
            all &= is_on;
        }
        Ok(match operator.as_name().unwrap_or_default() {
            b"Not" => !any,
            b"Or" => any,
            _ => all,
        })
    }
}

/// Whether viewers that look at the usage of a layer do not show it on the screen.
fn is_off_on_screen(file: &File<'_>, layer: &Dict) -> Result<bool> {
    let usage = file.entry(layer, "Usage")?;
    let view = match usage.as_dict() {
        Some(usage) => file.entry(usage, "View")?.clone(),
        None => Object::Null,
    };
    match view.as_dict() {
        Some(view) => Ok(file.entry(view, "ViewState")?.is_name("OFF")),
        None => Ok(false),
    }
}

/// What is said of something that is left out for its layer.
pub(super) fn removed(place: String) -> Finding {
    let what = "what is on layers that are switched off";
    Finding::new(
        "pdf.ocg.hidden",
        Category::Image,
        Severity::High,
        place,
        what,
    )
}
