//! Puts small files together.

/// A box.
pub(super) fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len() + 8).unwrap();
    [&len.to_be_bytes(), &kind[..], body].concat()
}

/// A FullBox.
pub(super) fn full(kind: &[u8; 4], version_flags: u32, body: &[u8]) -> Vec<u8> {
    boxed(kind, &[&version_flags.to_be_bytes(), body].concat())
}

pub(super) fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|n| n.to_be_bytes()).collect()
}

pub(super) fn halves(halves: &[u16]) -> Vec<u8> {
    halves.iter().flat_map(|n| n.to_be_bytes()).collect()
}

/// A NAL unit of this type behind its length.
pub(super) fn nal(kind: u8, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len() + 2).unwrap();
    [&len.to_be_bytes()[..], &[kind << 1, 1], payload].concat()
}

/// What stands for a coded picture.
pub(super) fn picture(content: &[u8]) -> Vec<u8> {
    nal(20, content)
}

/// `hvcC` without parameter sets.
pub(super) fn record() -> Vec<u8> {
    let mut body = vec![1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 30, 0xF0, 0];
    body.extend([0xFC, 0xFD, 0xF8, 0xF8, 0, 0, 0x0F, 0]);
    boxed(b"hvcC", &body)
}

pub(super) fn ispe(width: u32, height: u32) -> Vec<u8> {
    full(b"ispe", 0, &words(&[width, height]))
}

/// How an item says where its data stands.
#[derive(Clone, Debug)]
pub(super) enum Stands {
    /// In `mdat`, in one piece.
    Media,
    /// In `mdat`, in two pieces with something between.
    Pieces(Vec<u8>),
    Idat,
    /// At these places of the item that it points to with `iloc`, or of the file: method, offset and
    /// length.
    At(u16, u32, u32),
}

#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) id: u16,
    pub(super) kind: [u8; 4],
    pub(super) flags: u32,
    pub(super) protection: u16,
    /// Name, and content type for `mime`, with their zero bytes.
    pub(super) texts: Vec<u8>,
    pub(super) data: Vec<u8>,
    pub(super) stands: Stands,
    pub(super) properties: Vec<u8>,
    pub(super) data_reference: u16,
}

/// A file.
#[derive(Clone, Debug)]
pub(super) struct Heif {
    pub(super) brands: Vec<u8>,
    pub(super) primary: u16,
    pub(super) items: Vec<Item>,
    pub(super) references: Vec<u8>,
    pub(super) properties: Vec<Vec<u8>>,
    pub(super) inside: Vec<u8>,
    pub(super) behind: Vec<u8>,
}

impl Heif {
    /// With one coded picture as item 1; its record is property 1, its size property 2.
    pub(super) fn new() -> Self {
        let file = Self {
            brands: b"heic\0\0\0\0mif1heic".to_vec(),
            primary: 1,
            items: Vec::new(),
            references: Vec::new(),
            properties: vec![record(), ispe(64, 64)],
            inside: Vec::new(),
            behind: Vec::new(),
        };
        file.item(1, b"hvc1", &picture(b"the picture"), &[0x81, 2])
    }

    pub(super) fn item(mut self, id: u16, kind: &[u8; 4], data: &[u8], properties: &[u8]) -> Self {
        self.items.push(Item {
            id,
            kind: *kind,
            flags: 0,
            protection: 0,
            texts: vec![0],
            data: data.to_vec(),
            stands: Stands::Media,
            properties: properties.to_vec(),
            data_reference: 0,
        });
        self
    }

    pub(super) fn last(mut self, change: impl FnOnce(&mut Item)) -> Self {
        change(self.items.last_mut().unwrap());
        self
    }

    pub(super) fn refer(mut self, kind: &[u8; 4], from: u16, to: &[u16]) -> Self {
        let count = u16::try_from(to.len()).unwrap();
        let body = [halves(&[from, count]), halves(to)].concat();
        self.references.extend(boxed(kind, &body));
        self
    }

    pub(super) fn property(mut self, property: Vec<u8>) -> Self {
        self.properties.push(property);
        self
    }

    pub(super) fn build(&self) -> Vec<u8> {
        let ftyp = boxed(b"ftyp", &self.brands);
        let start = ftyp.len() + self.meta(0).len() + 8;
        let mut media = Vec::new();
        for item in &self.items {
            match &item.stands {
                Stands::Media => media.extend(&item.data),
                Stands::Pieces(between) => {
                    let (first, second) = item.data.split_at(item.data.len() / 2);
                    media.extend([first, between, second].concat());
                }
                Stands::Idat | Stands::At(..) => {}
            }
        }
        let mdat = boxed(b"mdat", &media);
        [ftyp, self.meta(start), mdat, self.behind.clone()].concat()
    }

    fn meta(&self, start: usize) -> Vec<u8> {
        let count = u16::try_from(self.items.len()).unwrap();
        let (mut at, mut at_idat) = (start, 0);
        let mut idat = Vec::new();
        let mut entries = count.to_be_bytes().to_vec();
        let mut locations = vec![0x44, 0];
        locations.extend(count.to_be_bytes());
        let mut table = words(&[count.into()]);
        let n = |n: usize| u32::try_from(n).unwrap();
        for item in &self.items {
            let len = item.data.len();
            let (method, extents) = match &item.stands {
                Stands::Media => (0, vec![(n(at), n(len))]),
                Stands::Pieces(between) => {
                    let half = len / 2;
                    let second = at + half + between.len();
                    (0, vec![(n(at), n(half)), (n(second), n(len - half))])
                }
                Stands::Idat => (1, vec![(n(at_idat), n(len))]),
                Stands::At(method, offset, len) => (*method, vec![(*offset, *len)]),
            };
            match &item.stands {
                Stands::Media => at += len,
                Stands::Pieces(between) => at += len + between.len(),
                Stands::Idat => {
                    at_idat += len;
                    idat.extend(&item.data);
                }
                Stands::At(..) => {}
            }
            let pieces = u16::try_from(extents.len()).unwrap();
            locations.extend(halves(&[item.id, method, item.data_reference, pieces]));
            for (offset, len) in extents {
                locations.extend(words(&[offset, len]));
            }
            let head = halves(&[item.id, item.protection]);
            let entry = [&head, &item.kind[..], &item.texts].concat();
            entries.extend(full(b"infe", 0x0200_0000 | item.flags, &entry));
            table.extend(item.id.to_be_bytes());
            table.push(u8::try_from(item.properties.len()).unwrap());
            table.extend(&item.properties);
        }
        let ipco = boxed(b"ipco", &self.properties.concat());
        let iprp = [ipco, full(b"ipma", 0, &table)].concat();
        let body = [
            full(b"hdlr", 0, b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"),
            full(b"pitm", 0, &self.primary.to_be_bytes()),
            full(b"iloc", 0x0100_0000, &locations),
            full(b"iinf", 0, &entries),
            full(b"iref", 0, &self.references),
            boxed(b"iprp", &iprp),
            boxed(b"idat", &idat),
            self.inside.clone(),
        ];
        full(b"meta", 0, &body.concat())
    }
}
