//! A file and its objects, found through the cross-reference or by a scan of the whole file.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use foldhash::{HashMap, HashSet};

use super::crypt::Crypt;
use super::indirect::{Ends, parse_at};
use super::lexer::{Lexer, Token};
use super::object::{Dict, Id, Object, Stream};
use super::{NAME, filter, rebuild, xref};
use crate::bytes::{Context, Source};
use crate::model::{Error, Result, len_u64};

/// Where an object is located.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// It does not exist.
    Free,
    /// At this offset of the file, with this generation.
    At(u64, u16),
    /// In an object stream, with this index.
    In(u32, u32),
}

/// What the cross-reference says.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) entries: HashMap<u32, Entry>,
    pub(super) trailer: Dict,
    /// Trailers of earlier revisions.
    pub(super) older: Vec<Dict>,
    /// Number of cross-reference sections that belong to different revisions.
    pub(super) sections: u32,
}

/// An object stream, inflated.
#[derive(Debug)]
struct Bundle {
    bytes: Vec<u8>,
    /// Object number and offset.
    objects: Vec<(u32, usize)>,
}

/// Maximum number of parsed objects that are held.
const HELD: usize = 60_000;
/// Maximum number of objects of a file.
const OBJECTS: usize = 500_000;
/// Maximum size of all inflated object streams that are held, in bytes.
const HELD_BUNDLES: usize = 24 << 20;
/// Maximum number of objects of earlier versions that are looked at.
const SUPERSEDED: usize = 2000;
/// Maximum length of a chain of references to references.
const CHAIN: u32 = 32;

/// A PDF file.
pub struct File<'a> {
    source: Source<'a>,
    cx: &'a Context<'a>,
    /// Offset of `%PDF-`.
    header: u64,
    version: (u8, u8),
    table: Table,
    crypt: Option<Crypt>,
    is_rebuilt: bool,
    is_broken: Cell<bool>,
    /// Parsed objects, with their generation.
    objects: RefCell<HashMap<u32, (u16, Rc<Object>)>>,
    bundles: RefCell<HashMap<u32, Rc<Bundle>>>,
    open: RefCell<Vec<u32>>,
    ends: Ends,
}

/// An object that was looked up.
#[derive(Debug)]
pub enum Got<'o> {
    /// It is a part of another object.
    Here(&'o Object),
    /// It is an object of its own.
    There(Rc<Object>),
}

impl Deref for Got<'_> {
    type Target = Object;
    fn deref(&self) -> &Object {
        match self {
            Self::Here(object) => object,
            Self::There(object) => object,
        }
    }
}

impl<'a> File<'a> {
    /// Reads header and cross-reference.
    ///
    /// # Errors
    /// [`Error::Malformed`] when there is no document in it, [`Error::Unsupported`] when it needs a
    /// password.
    pub fn open(source: &Source<'a>, cx: &'a Context<'a>) -> Result<Self> {
        let (header, version) = header(source)?;
        match xref::read(source, header, cx) {
            Ok(table) if table.trailer.has("Root") => {
                let file = Self::with(source, cx, header, version, table, false)?;
                if file.has_pages()? {
                    return Ok(file);
                }
            }
            Ok(_) | Err(Error::Malformed { .. }) => {}
            Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {}
            Err(error) => return Err(error),
        }
        Self::rebuilt(source, cx)
    }

    /// Finds all objects by a scan of the whole file, as viewers do when the cross-reference is wrong.
    ///
    /// # Errors
    /// As [`File::open`].
    pub fn rebuilt(source: &Source<'a>, cx: &'a Context<'a>) -> Result<Self> {
        let (header, version) = header(source)?;
        let table = rebuild::scan(source, cx)?;
        let mut file = Self::with(source, cx, header, version, table, true)?;
        file.add_bundled()?;
        if !file.has_pages()? {
            file.find_root()?;
        }
        if !file.has_pages()? {
            return Err(Error::malformed(NAME, 0, "it has no pages"));
        }
        Ok(file)
    }

    fn with(
        source: &Source<'a>,
        cx: &'a Context<'a>,
        header: u64,
        version: (u8, u8),
        table: Table,
        is_rebuilt: bool,
    ) -> Result<Self> {
        if table.entries.len() > OBJECTS {
            return Err(Error::LimitExceeded { limit: "objects" });
        }
        let mut file = Self {
            source: *source,
            cx,
            header,
            version,
            table,
            crypt: None,
            is_rebuilt,
            is_broken: Cell::new(false),
            objects: RefCell::default(),
            bundles: RefCell::default(),
            open: RefCell::default(),
            ends: Ends::default(),
        };
        if let Some(entry) = file.table.trailer.get("Encrypt").cloned()
            && entry != Object::Null
        {
            let encrypt = file.resolve(&entry)?;
            if let Some(dict) = encrypt.as_dict() {
                let crypt = Crypt::new(&file, dict, entry.as_ref())?;
                file.crypt = Some(crypt);
                file.objects.borrow_mut().clear();
                file.bundles.borrow_mut().clear();
            }
        }
        Ok(file)
    }

    fn has_pages(&self) -> Result<bool> {
        let root = self.entry(&self.table.trailer, "Root")?;
        let Some(root) = root.as_dict() else {
            return Ok(false);
        };
        Ok(self.entry(root, "Pages")?.as_dict().is_some())
    }

    /// Objects in object streams, for a file whose cross-reference is not used.
    fn add_bundled(&mut self) -> Result<()> {
        let mut numbers: Vec<(u64, u32)> = Vec::new();
        for (number, entry) in &self.table.entries {
            if let Entry::At(at, _) = entry {
                numbers.push((*at, *number));
            }
        }
        numbers.sort_unstable();
        for (at, number) in numbers {
            self.cx.item()?;
            let head = self.source.peek(at, 1024)?;
            if memchr::memmem::find(&head, b"/ObjStm").is_none() {
                continue;
            }
            let Ok(bundle) = self.bundle(number) else {
                continue;
            };
            for (index, (inner, _)) in bundle.objects.iter().enumerate() {
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                let known = self.table.entries.get(inner);
                if !matches!(known, Some(Entry::At(other, _)) if *other > at) {
                    self.table.entries.insert(*inner, Entry::In(number, index));
                }
            }
        }
        self.objects.borrow_mut().clear();
        Ok(())
    }

    /// Takes the last catalogue that there is.
    fn find_root(&mut self) -> Result<()> {
        let mut numbers: Vec<u32> = self.table.entries.keys().copied().collect();
        numbers.sort_unstable();
        for number in numbers {
            let object = self.get(number)?;
            if let Some(dict) = object.as_dict()
                && dict.get("Type").is_some_and(|t| t.is_name("Catalog"))
                && dict.has("Pages")
            {
                let id = Id {
                    number,
                    generation: self.generation(number),
                };
                self.table.trailer.set(*b"Root", Object::Ref(id));
            }
        }
        Ok(())
    }

    fn generation(&self, number: u32) -> u16 {
        match self.table.entries.get(&number) {
            Some(Entry::At(_, generation)) => *generation,
            _ => 0,
        }
    }

    /// The bytes of the file.
    #[must_use]
    pub fn source(&self) -> &Source<'a> {
        &self.source
    }

    /// Budget and policy.
    #[must_use]
    pub fn cx(&self) -> &'a Context<'a> {
        self.cx
    }

    /// Offset of `%PDF-`.
    #[must_use]
    pub fn header(&self) -> u64 {
        self.header
    }

    /// The version in the header.
    #[must_use]
    pub fn version(&self) -> (u8, u8) {
        self.version
    }

    /// The newest trailer.
    #[must_use]
    pub fn trailer(&self) -> &Dict {
        &self.table.trailer
    }

    /// Trailers of earlier revisions.
    #[must_use]
    pub fn older_trailers(&self) -> &[Dict] {
        &self.table.older
    }

    /// Number of revisions that the cross-reference sections show.
    #[must_use]
    pub fn revisions(&self) -> u32 {
        self.table.sections
    }

    /// Whether strings and streams are encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.crypt.is_some()
    }

    /// Whether an object was not where the cross-reference says, so that viewers scan the file.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.is_broken.get() && !self.is_rebuilt
    }

    /// Whether the cross-reference was not usable.
    #[must_use]
    pub fn is_rebuilt(&self) -> bool {
        self.is_rebuilt
    }

    /// Numbers of all objects that exist, in order.
    #[must_use]
    pub fn numbers(&self) -> Vec<u32> {
        let entries = self.table.entries.iter();
        let mut out: Vec<u32> = entries
            .filter(|(_, entry)| **entry != Entry::Free)
            .map(|(number, _)| *number)
            .collect();
        out.sort_unstable();
        out
    }

    /// Numbers of the streams that hold other objects.
    #[must_use]
    pub fn is_bundle(&self, number: u32) -> bool {
        let entries = self.table.entries.values();
        entries
            .into_iter()
            .any(|entry| matches!(entry, Entry::In(outer, _) if *outer == number))
    }

    /// Objects of the file that the newest version does not use any more.
    ///
    /// # Errors
    /// Reading, and the budget's.
    pub fn superseded(&self) -> Result<Vec<Rc<Object>>> {
        let current: HashSet<u64> = (self.table.entries.values())
            .filter_map(|entry| match entry {
                Entry::At(at, _) => Some(*at),
                _ => None,
            })
            .collect();
        let mut out = Vec::new();
        for (at, id) in rebuild::all(&self.source, self.cx)? {
            if current.contains(&at) || out.len() >= SUPERSEDED {
                continue;
            }
            self.cx.item()?;
            let found = match self.parse_at(at, Some(id)) {
                Ok(found) => found,
                Err(Error::Malformed { .. }) => None,
                Err(error) => return Err(error),
            };
            if let Some((_, object)) = found {
                out.push(Rc::new(object));
            }
        }
        Ok(out)
    }

    /// The object that a reference leads to; any other object itself.
    ///
    /// # Errors
    /// Reading, and the budget's.
    pub fn resolve<'o>(&self, object: &'o Object) -> Result<Got<'o>> {
        let Object::Ref(id) = object else {
            return Ok(Got::Here(object));
        };
        let mut id = *id;
        for _ in 0..CHAIN {
            let got = self.by_id(id)?;
            match &*got {
                Object::Ref(next) => id = *next,
                _ => return Ok(Got::There(got)),
            }
        }
        Ok(Got::Here(&Object::Null))
    }

    /// The number of the object that [`File::resolve`] leads to; `None` where that is no object of its own.
    ///
    /// # Errors
    /// As [`File::resolve`].
    pub fn last_id(&self, object: &Object) -> Result<Option<u32>> {
        let Object::Ref(id) = object else {
            return Ok(None);
        };
        let mut id = *id;
        for _ in 0..CHAIN {
            match &*self.by_id(id)? {
                Object::Ref(next) => id = *next,
                _ => break,
            }
        }
        Ok(Some(id.number))
    }

    /// The value of a key, `null` where there is none.
    ///
    /// # Errors
    /// As [`File::resolve`].
    pub fn entry<'o>(&self, dict: &'o Dict, key: &str) -> Result<Got<'o>> {
        dict.get(key)
            .map_or(Ok(Got::Here(&Object::Null)), |value| self.resolve(value))
    }

    /// The object with this id, `null` where there is none.
    ///
    /// # Errors
    /// As [`File::resolve`].
    pub fn by_id(&self, id: Id) -> Result<Rc<Object>> {
        if let Some((generation, object)) = self.objects.borrow().get(&id.number) {
            return Ok(match *generation == id.generation {
                true => Rc::clone(object),
                false => Rc::new(Object::Null),
            });
        }
        match self.table.entries.get(&id.number) {
            Some(Entry::At(_, generation)) if *generation != id.generation => {
                Ok(Rc::new(Object::Null))
            }
            Some(Entry::At(..)) => self.get(id.number),
            Some(Entry::In(..)) if id.generation == 0 => self.get(id.number),
            _ => Ok(Rc::new(Object::Null)),
        }
    }

    /// The object with this number, of whatever generation.
    ///
    /// # Errors
    /// As [`File::resolve`].
    pub fn get(&self, number: u32) -> Result<Rc<Object>> {
        if let Some((_, object)) = self.objects.borrow().get(&number) {
            return Ok(Rc::clone(object));
        }
        // A stream whose length is itself, and the like.
        if self.open.borrow().contains(&number) {
            return Ok(Rc::new(Object::Null));
        }
        self.cx.item()?;
        self.open.borrow_mut().push(number);
        let object = self.load(number);
        self.open.borrow_mut().pop();
        let object = Rc::new(object?);
        let mut objects = self.objects.borrow_mut();
        if objects.len() >= HELD {
            objects.clear();
        }
        objects.insert(number, (self.generation(number), Rc::clone(&object)));
        Ok(object)
    }

    fn load(&self, number: u32) -> Result<Object> {
        match self.table.entries.get(&number) {
            Some(Entry::At(at, generation)) => {
                let id = Id {
                    number,
                    generation: *generation,
                };
                let found = match self.parse_at(*at, Some(id)) {
                    Ok(found) => found,
                    Err(Error::Malformed { .. }) => None,
                    Err(error) => return Err(error),
                };
                let Some((_, object)) = found else {
                    self.is_broken.set(true);
                    return Ok(Object::Null);
                };
                Ok(match &self.crypt {
                    Some(crypt) => crypt.strings(object, id)?,
                    None => object,
                })
            }
            Some(Entry::In(stream, index)) => {
                let bundle = match self.bundle(*stream) {
                    Ok(bundle) => bundle,
                    Err(Error::Malformed { .. }) => {
                        self.is_broken.set(true);
                        return Ok(Object::Null);
                    }
                    Err(error) => return Err(error),
                };
                let index = usize::try_from(*index).unwrap_or(usize::MAX);
                let by_index = bundle.objects.get(index).filter(|(n, _)| *n == number);
                let found = by_index.or_else(|| bundle.objects.iter().find(|(n, _)| *n == number));
                let Some((_, at)) = found else {
                    self.is_broken.set(true);
                    return Ok(Object::Null);
                };
                Ok(Lexer::new(&bundle.bytes, *at)
                    .object()
                    .unwrap_or(Object::Null))
            }
            _ => Ok(Object::Null),
        }
    }

    /// The indirect object at an offset, and its id. `None` when there is none, or one of another number.
    pub(super) fn parse_at(&self, at: u64, expected: Option<Id>) -> Result<Option<(Id, Object)>> {
        parse_at(&self.source, at, expected, self.cx, &self.ends, &|length| {
            Ok(self.resolve(length)?.int())
        })
    }

    fn bundle(&self, number: u32) -> Result<Rc<Bundle>> {
        if let Some(bundle) = self.bundles.borrow().get(&number) {
            return Ok(Rc::clone(bundle));
        }
        let bad = |what: &'static str| Error::malformed(NAME, 0, what);
        if !matches!(self.table.entries.get(&number), Some(Entry::At(..))) {
            return Err(bad("an object stream inside another"));
        }
        let object = self.get(number)?;
        let stream = object
            .as_stream()
            .ok_or_else(|| bad("an object stream is missing"))?;
        let count = self.entry(&stream.dict, "N")?.int().unwrap_or(0);
        let first = self.entry(&stream.dict, "First")?.int().unwrap_or(0);
        let first = usize::try_from(first).map_err(|_| bad("an object stream is damaged"))?;
        let bytes = filter::decode(self, stream)?;
        let mut lexer = Lexer::new(&bytes, 0);
        let mut objects = Vec::new();
        for _ in 0..count {
            self.cx.item()?;
            let (Ok(Token::Object(Object::Int(inner))), Ok(Token::Object(Object::Int(offset)))) =
                (lexer.token(), lexer.token())
            else {
                break;
            };
            if let (Ok(inner), Ok(offset)) = (u32::try_from(inner), usize::try_from(offset)) {
                objects.push((inner, first.saturating_add(offset)));
            }
        }
        let bundle = Rc::new(Bundle { bytes, objects });
        let mut bundles = self.bundles.borrow_mut();
        let held: usize = bundles.values().map(|bundle| bundle.bytes.len()).sum();
        if held > HELD_BUNDLES {
            bundles.clear();
        }
        bundles.insert(number, Rc::clone(&bundle));
        Ok(bundle)
    }

    /// The coded bytes of a stream, decrypted.
    ///
    /// # Errors
    /// Reading, and the budget's.
    pub fn raw(&self, stream: &Stream) -> Result<std::borrow::Cow<'a, [u8]>> {
        let bytes = self.source.read(stream.data)?;
        match &self.crypt {
            Some(crypt) if crypt.covers(self, stream)? => {
                self.cx.memory(len_u64(bytes.len()))?;
                Ok(crypt.stream(&bytes, stream.id)?.into())
            }
            _ => Ok(bytes),
        }
    }

    /// Whether the coded bytes of a stream are encrypted in the file.
    ///
    /// # Errors
    /// As [`File::resolve`].
    pub fn is_ciphered(&self, stream: &Stream) -> Result<bool> {
        self.crypt
            .as_ref()
            .map_or(Ok(false), |crypt| crypt.covers(self, stream))
    }
}

impl std::fmt::Debug for File<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("File").finish_non_exhaustive()
    }
}

/// Where the header is located, and the version in it.
fn header(source: &Source<'_>) -> Result<(u64, (u8, u8))> {
    let head = source.peek(0, 1024 + 16)?;
    let at = memchr::memmem::find(&head, b"%PDF-")
        .ok_or_else(|| Error::malformed(NAME, 0, "it has no header"))?;
    let digits = head.get(at.saturating_add(5)..).unwrap_or_default();
    let digit = |index: usize| {
        let byte = digits.get(index).copied().unwrap_or_default();
        char::from(byte).to_digit(10)
    };
    let version = match (digit(0), digits.get(1), digit(2)) {
        (Some(major), Some(b'.'), Some(minor)) => (
            u8::try_from(major).unwrap_or(1),
            u8::try_from(minor).unwrap_or(4),
        ),
        _ => (1, 4),
    };
    Ok((len_u64(at), version))
}
