//! The objects of ISO 32000-1 §7.3.

use std::rc::Rc;

use crate::model::Span;

/// Number and generation of an indirect object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// Object number.
    pub number: u32,
    /// Generation number.
    pub generation: u16,
}

/// A name. Most are short, and are held in place.
pub(super) type Name = smallvec::SmallVec<[u8; 16]>;

/// One object. Numbers that are not integers keep their spelling, so that a copy has the same value.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a point, as it is spelt: digits, one point, one sign.
    Real(Rc<str>),
    /// A string, decoded and decrypted.
    String(Rc<[u8]>),
    /// A name without the slash, decoded.
    Name(Name),
    /// An array.
    Array(Vec<Object>),
    /// A dictionary.
    Dict(Dict),
    /// A reference to an indirect object.
    Ref(Id),
    /// A stream: its dictionary, and where its coded bytes are located.
    Stream(Rc<Stream>),
}

/// A stream object.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// The object it is, for decryption.
    pub id: Id,
    /// The stream dictionary.
    pub dict: Dict,
    /// Where the coded bytes are located in the file.
    pub data: Span,
}

/// A dictionary. Of keys that are given twice, the last one counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dict(Vec<(Name, Object)>);

/// Number of keys up to which each is compared with each.
const FEW: usize = 24;

impl Dict {
    /// Sets a key.
    pub fn set(&mut self, key: impl AsRef<[u8]>, value: Object) {
        let key = Name::from(key.as_ref());
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    /// Adds a key without looking for an earlier one.
    pub(super) fn push(&mut self, key: Name, value: Object) {
        self.0.push((key, value));
    }

    /// Leaves one value of each key: the last one.
    pub(super) fn settle(&mut self) {
        let mut keys = self.0.iter().enumerate();
        let is_few = self.0.len() <= FEW;
        if is_few && !keys.any(|(at, (key, _))| self.0.iter().take(at).any(|(k, _)| k == key)) {
            return;
        }
        let mut seen = std::collections::HashSet::new();
        let mut unique: Vec<_> = std::mem::take(&mut self.0)
            .into_iter()
            .rev()
            .filter(|(key, _)| seen.insert(key.clone()))
            .collect();
        unique.reverse();
        self.0 = unique;
    }

    /// The value of a key, as it is: a reference stays one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.bytes(key.as_bytes())
    }

    /// The value of a key.
    #[must_use]
    pub fn bytes(&self, key: &[u8]) -> Option<&Object> {
        let mut entries = self.0.iter().rev();
        entries.find(|(known, _)| **known == *key).map(|(_, v)| v)
    }

    /// Whether there is such a key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// All entries, in file order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0.iter().map(|(key, value)| (&**key, value))
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Object {
    /// A name.
    #[must_use]
    pub fn name(text: &str) -> Self {
        Self::Name(text.as_bytes().into())
    }

    /// The integer, also of a real without fraction.
    #[must_use]
    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            Self::Real(text) => text.split('.').next()?.parse().ok(),
            _ => None,
        }
    }

    /// The number.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Int(n) => i32::try_from(*n).ok().map(f64::from),
            Self::Real(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The bytes of a name.
    #[must_use]
    pub fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// Whether it is this name.
    #[must_use]
    pub fn is_name(&self, name: &str) -> bool {
        self.as_name() == Some(name.as_bytes())
    }

    /// The bytes of a string.
    #[must_use]
    pub fn as_string(&self) -> Option<&[u8]> {
        match self {
            Self::String(string) => Some(string),
            _ => None,
        }
    }

    /// The elements of an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(array) => Some(array),
            _ => None,
        }
    }

    /// The dictionary, also of a stream.
    #[must_use]
    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            Self::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    /// The stream.
    #[must_use]
    pub fn as_stream(&self) -> Option<&Rc<Stream>> {
        match self {
            Self::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    /// The reference.
    #[must_use]
    pub fn as_ref(&self) -> Option<Id> {
        match self {
            Self::Ref(id) => Some(*id),
            _ => None,
        }
    }
}
