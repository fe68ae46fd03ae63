//! TIFF structures: Exif blocks and maker notes.

/// Byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `MM`
    Big,
    /// `II`
    Little,
}

impl Order {
    /// Two bytes.
    pub fn u16(self, n: u16) -> [u8; 2] {
        match self {
            Self::Big => n.to_be_bytes(),
            Self::Little => n.to_le_bytes(),
        }
    }

    /// Four bytes.
    pub fn u32(self, n: u32) -> [u8; 4] {
        match self {
            Self::Big => n.to_be_bytes(),
            Self::Little => n.to_le_bytes(),
        }
    }

    /// RATIONALs.
    pub fn rationals(self, values: &[(u32, u32)]) -> Vec<u8> {
        values
            .iter()
            .flat_map(|&(a, b)| [self.u32(a), self.u32(b)].concat())
            .collect()
    }
}

/// The value of an entry.
#[derive(Clone, Debug)]
pub enum Value {
    /// BYTE
    Byte(Vec<u8>),
    /// ASCII; the terminating zero is added.
    Ascii(String),
    /// SHORT
    Short(Vec<u16>),
    /// LONG
    Long(Vec<u32>),
    /// RATIONAL
    Rational(Vec<(u32, u32)>),
    /// SRATIONAL, given as unsigned bit patterns.
    Srational(Vec<(u32, u32)>),
    /// UNDEFINED
    Undefined(Vec<u8>),
    /// LONG: offset of another directory.
    Ifd(Ifd),
    /// LONG: offset of these bytes.
    Blob(Vec<u8>),
    /// UNDEFINED: a heading and a directory whose offsets count from the beginning of the whole block.
    Note(Vec<u8>, Ifd),
    /// Any type, with its count, in bytes.
    Other(u16, u32, Vec<u8>),
}

/// A directory.
#[derive(Clone, Debug, Default)]
pub struct Ifd {
    entries: Vec<(u16, Value)>,
    next: Option<Box<Ifd>>,
    slack: Vec<u8>,
}

impl Ifd {
    /// With these entries.
    pub fn new(entries: Vec<(u16, Value)>) -> Self {
        Self {
            entries,
            ..Self::default()
        }
    }

    /// One more entry.
    pub fn with(mut self, tag: u16, value: Value) -> Self {
        self.entries.push((tag, value));
        self
    }

    /// With other values for ImageWidth and ImageLength.
    pub fn resized(mut self, width: u32, height: u32) -> Self {
        for (tag, value) in &mut self.entries {
            match *tag {
                0x0100 => *value = Value::Long(vec![width]),
                0x0101 | 0x0116 => *value = Value::Long(vec![height]),
                _ => {}
            }
        }
        self
    }

    /// Followed by another directory.
    pub fn next(mut self, next: Self) -> Self {
        match self.next.take() {
            Some(mut first) => {
                *first = first.next(next);
                self.next = Some(first);
            }
            None => self.next = Some(Box::new(next)),
        }
        self
    }

    /// With bytes behind its entries to which nothing points.
    pub fn slack(mut self, slack: &[u8]) -> Self {
        self.slack = slack.to_vec();
        self
    }

    /// The directory and all that it points to; `at` is the offset at which it will stand.
    pub fn write(&self, order: Order, at: usize) -> Vec<u8> {
        let mut entries = self.entries.clone();
        entries.sort_by_key(|(tag, _)| *tag);
        let mut head = order.u16(entries.len() as u16).to_vec();
        let start = at + 2 + entries.len() * 12 + 4;
        let mut data = self.slack.clone();
        if data.len() % 2 == 1 {
            data.push(0);
        }
        for (tag, value) in &entries {
            let here = start + data.len();
            let (kind, count, bytes, pointed) = spell(value, order, here);
            head.extend(order.u16(*tag));
            head.extend(order.u16(kind));
            head.extend(order.u32(count));
            if pointed {
                head.extend(order.u32(here as u32));
                data.extend(&bytes);
            } else if bytes.len() <= 4 {
                head.extend(&bytes);
                head.extend(vec![0; 4 - bytes.len()]);
            } else {
                head.extend(order.u32(here as u32));
                data.extend(&bytes);
            }
            if data.len() % 2 == 1 {
                data.push(0);
            }
        }
        let next = start + data.len();
        head.extend(order.u32(if self.next.is_some() { next as u32 } else { 0 }));
        head.extend(data);
        if let Some(ifd) = &self.next {
            head.extend(ifd.write(order, next));
        }
        head
    }

    /// A whole block: header, this directory, all that it points to.
    pub fn tiff(&self, order: Order) -> Vec<u8> {
        let mut out = match order {
            Order::Big => b"MM\0*\0\0\0\x08".to_vec(),
            Order::Little => b"II*\0\x08\0\0\0".to_vec(),
        };
        out.extend(self.write(order, 8));
        out
    }
}

/// Type, count, bytes, and whether the entry is a pointer to the bytes however few they are.
fn spell(value: &Value, order: Order, here: usize) -> (u16, u32, Vec<u8>, bool) {
    let counted = |kind, size: usize, bytes: Vec<u8>| {
        let count = (bytes.len() / size) as u32;
        (kind, count, bytes, false)
    };
    match value {
        Value::Byte(v) => counted(1, 1, v.clone()),
        Value::Ascii(v) => counted(2, 1, [v.as_bytes(), &[0]].concat()),
        Value::Short(v) => counted(3, 2, v.iter().flat_map(|&n| order.u16(n)).collect()),
        Value::Long(v) => counted(4, 4, v.iter().flat_map(|&n| order.u32(n)).collect()),
        Value::Rational(v) => counted(5, 8, order.rationals(v)),
        Value::Undefined(v) => counted(7, 1, v.clone()),
        Value::Srational(v) => counted(10, 8, order.rationals(v)),
        Value::Ifd(ifd) => (4, 1, ifd.write(order, here), true),
        Value::Blob(v) => (4, 1, v.clone(), true),
        Value::Note(heading, ifd) => {
            let mut bytes = heading.clone();
            bytes.extend(ifd.write(order, here + heading.len()));
            counted(7, 1, bytes)
        }
        Value::Other(kind, count, v) => (*kind, *count, v.clone(), false),
    }
}
