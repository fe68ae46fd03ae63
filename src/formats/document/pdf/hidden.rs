//! What content draws on layers that are switched off, and what is left of the content without it.

use foldhash::{HashMap, HashSet};

use super::content::{self, Edit, Operation};
use super::layers::Layers;
use crate::containers::pdf::{Dict, File, Lexer, Object, Stream, decode};
use crate::model::Result;

/// What is left out of content streams.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// Operations to be left out, by the number of the content stream.
    edits: HashMap<u32, Vec<Edit>>,
    /// Streams of which nothing can be left out: visible text follows what is hidden, or what is hidden in
    /// one place is visible in another.
    whole: HashSet<u32>,
    /// Whether streams were added to `whole` since the last look at all of the content.
    has_grown: bool,
    /// Whether something that is hidden remains.
    pub(super) remains: bool,
}

impl Hidden {
    /// What is to be left out of a stream.
    pub(super) fn of(&self, stream: &Stream) -> &[Edit] {
        self.edits
            .get(&stream.id.number)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// The content of a stream without that.
    pub(super) fn without(&self, file: &File<'_>, stream: &Stream) -> Result<Vec<u8>> {
        let bytes = decode(file, stream)?;
        let edits = self.of(stream);
        let clean = (!edits.is_empty()).then(|| content::clean(&bytes, false, edits));
        Ok(clean.flatten().map_or(bytes, |clean| clean.bytes))
    }

    /// Whether all of the content must be looked at again, because a stream that was changed must stay as
    /// it is.
    pub(super) fn begins_again(&mut self) -> bool {
        if !self.has_grown {
            return false;
        }
        *self = Self {
            whole: std::mem::take(&mut self.whole),
            remains: true,
            ..Self::default()
        };
        true
    }

    /// Looks at the content of a stream as it is shown with these resources.
    pub(super) fn look(
        &mut self,
        file: &File<'_>,
        layers: &Layers,
        (stream, bytes): (&Stream, &[u8]),
        resources: &Dict,
        section: &mut Section,
    ) -> Result<()> {
        let number = stream.id.number;
        let mut edits = Vec::new();
        let mut follows = false;
        let mut lexer = Lexer::new(bytes, 0);
        let is_whole = content::operations(bytes, &mut lexer, &mut |operation| {
            let edit = section.step(file, layers, resources, &operation)?;
            follows |= section.moved && is_text(operation.operator) && edit.is_none();
            edits.extend(edit);
            Ok(())
        })?;
        self.remains |= !is_whole || section.is_unknown;
        if self.whole.contains(&number) {
            edits.clear();
        }
        let known = self.edits.get(&number);
        let differs = known.is_some_and(|known| *known != edits);
        if differs || (follows && !edits.is_empty()) {
            self.has_grown |= self.whole.insert(number);
        }
        self.edits.entry(number).or_insert(edits);
        Ok(())
    }
}

/// Marked content around an operation. Pages may divide it between their streams.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// Whether each marked content is on a layer that is switched off.
    open: Vec<bool>,
    /// A text was left out, and the next one begins where it ended.
    moved: bool,
    /// Whether some marked content is on a layer that the resources do not have.
    is_unknown: bool,
}

impl Section {
    /// Whether it depends on what comes before.
    pub(super) fn is_open(&self) -> bool {
        self.moved || !self.open.is_empty()
    }

    fn is_hidden(&self) -> bool {
        self.open.contains(&true)
    }

    /// What is left of an operation that draws something hidden; `None` when it stays as it is.
    fn step(
        &mut self,
        file: &File<'_>,
        layers: &Layers,
        resources: &Dict,
        operation: &Operation<'_>,
    ) -> Result<Option<Edit>> {
        let (start, end) = operation.span;
        let leave = |with: &[u8]| Some((start, end, with.to_vec()));
        match operation.operator {
            b"BMC" => self.open.push(false),
            b"BDC" => {
                let is_off = match operation.operands.as_slice() {
                    [.., tag, Object::Name(name)] if tag.is_name("OC") => {
                        let layer = resource(file, resources, "Properties", name)?;
                        self.is_unknown |= layer.is_none();
                        layers.hides(file, &layer.unwrap_or(Object::Null))?
                    }
                    _ => false,
                };
                self.open.push(is_off);
            }
            b"EMC" => {
                self.open.pop();
            }
            b"BT" | b"ET" | b"Td" | b"TD" | b"Tm" | b"T*" => self.moved = false,
            b"Do" => {
                if self.is_hidden() {
                    return Ok(leave(b""));
                }
                let Some(Object::Name(name)) = operation.operands.last() else {
                    return Ok(None);
                };
                let value = resource(file, resources, "XObject", name)?;
                let object = file.resolve(value.as_ref().unwrap_or(&Object::Null))?;
                if let Some(stream) = object.as_stream()
                    && layers.leave_out(file, &stream.dict)?
                {
                    return Ok(leave(b""));
                }
            }
            _ if !self.is_hidden() => {
                if matches!(operation.operator, b"'" | b"\"") {
                    self.moved = false;
                }
            }
            b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => {
                return Ok(leave(b"n"));
            }
            b"sh" | b"BI" => return Ok(leave(b"")),
            b"Tj" | b"TJ" => {
                self.moved = true;
                return Ok(leave(b""));
            }
            b"'" => {
                self.moved = true;
                return Ok(leave(b"T*"));
            }
            b"\"" => {
                self.moved = true;
                let spacing = match operation.operands.as_slice() {
                    [.., word, char, _] => word.number().zip(char.number()),
                    _ => None,
                };
                let (word, char) = spacing.unwrap_or_default();
                return Ok(leave(format!("{word} Tw {char} Tc T*").as_bytes()));
            }
            _ => {}
        }
        Ok(None)
    }
}

/// An entry of one category of resources.
fn resource(
    file: &File<'_>,
    resources: &Dict,
    category: &str,
    name: &[u8],
) -> Result<Option<Object>> {
    let map = file.entry(resources, category)?;
    let mut entries = map.as_dict().into_iter().flat_map(Dict::iter);
    let found = entries.find(|(key, _)| *key == name);
    Ok(found.map(|(_, value)| value.clone()))
}

fn is_text(operator: &[u8]) -> bool {
    matches!(operator, b"Tj" | b"TJ")
}
