//! Blocks built in code.

use crate::bytes::Order;
use crate::containers::tiff::ifd::field;

/// A directory.
#[derive(Clone, Default)]
pub(in crate::metadata) struct Dir(Vec<(u16, u16, u32, Val)>);

#[derive(Clone)]
enum Val {
    Bytes(Vec<u8>),
    Numbers(Vec<u32>),
    Dir(Dir),
}

impl Dir {
    pub(in crate::metadata) fn raw(
        mut self,
        tag: u16,
        kind: u16,
        count: u32,
        bytes: &[u8],
    ) -> Self {
        self.0.push((tag, kind, count, Val::Bytes(bytes.to_vec())));
        self
    }

    pub(in crate::metadata) fn ascii(self, tag: u16, text: &str) -> Self {
        let bytes = [text.as_bytes(), b"\0"].concat();
        let count = bytes.len() as u32;
        self.raw(tag, field::ASCII, count, &bytes)
    }

    pub(in crate::metadata) fn undefined(self, tag: u16, bytes: &[u8]) -> Self {
        self.raw(tag, field::UNDEFINED, bytes.len() as u32, bytes)
    }

    fn numbers(mut self, tag: u16, kind: u16, count: usize, numbers: Vec<u32>) -> Self {
        self.0
            .push((tag, kind, count as u32, Val::Numbers(numbers)));
        self
    }

    pub(in crate::metadata) fn short(self, tag: u16, number: u16) -> Self {
        self.numbers(tag, field::SHORT, 1, vec![u32::from(number)])
    }

    pub(in crate::metadata) fn long(self, tag: u16, numbers: &[u32]) -> Self {
        self.numbers(tag, field::LONG, numbers.len(), numbers.to_vec())
    }

    pub(in crate::metadata) fn rational(self, tag: u16, numbers: &[(u32, u32)]) -> Self {
        let flat = numbers.iter().flat_map(|(n, d)| [*n, *d]).collect();
        self.numbers(tag, field::RATIONAL, numbers.len(), flat)
    }

    pub(in crate::metadata) fn srational(self, tag: u16, numbers: &[(i32, i32)]) -> Self {
        let flat = numbers.iter().flat_map(|(n, d)| [*n as u32, *d as u32]);
        let flat = flat.collect();
        self.numbers(tag, field::SRATIONAL, numbers.len(), flat)
    }

    pub(in crate::metadata) fn dir(mut self, tag: u16, dir: Self) -> Self {
        self.0.push((tag, field::LONG, 1, Val::Dir(dir)));
        self
    }

    /// Appends the directory and its values; offsets count from `base`. Returns where the link stands.
    pub(in crate::metadata) fn write(&self, out: &mut Vec<u8>, base: usize, order: Order) -> usize {
        order.put_u16(out, self.0.len() as u16);
        let mut later = Vec::new();
        for (tag, kind, count, val) in &self.0 {
            order.put_u16(out, *tag);
            order.put_u16(out, *kind);
            order.put_u32(out, *count);
            let mut bytes = Vec::new();
            match val {
                Val::Bytes(value) => bytes.extend_from_slice(value),
                Val::Numbers(numbers) => {
                    for number in numbers {
                        match *kind {
                            field::SHORT => order.put_u16(&mut bytes, *number as u16),
                            _ => order.put_u32(&mut bytes, *number),
                        }
                    }
                }
                Val::Dir(dir) => {
                    later.push((out.len(), Err(dir)));
                    bytes.resize(4, 0);
                }
            }
            if bytes.len() > 4 {
                later.push((out.len(), Ok(bytes)));
                bytes = vec![0; 4];
            }
            bytes.resize(4, 0);
            out.extend(bytes);
        }
        let link = out.len();
        order.put_u32(out, 0);
        for (at, what) in later {
            if out.len() % 2 == 1 {
                out.push(0);
            }
            let offset = out.len() - base;
            set(out, at, offset, order);
            match what {
                Ok(bytes) => out.extend(bytes),
                Err(dir) => {
                    dir.write(out, base, order);
                }
            }
        }
        link
    }
}

pub(in crate::metadata) fn set(out: &mut [u8], at: usize, offset: usize, order: Order) {
    let mut bytes = Vec::new();
    order.put_u32(&mut bytes, offset as u32);
    out[at..at + 4].copy_from_slice(&bytes);
}

/// A block with a chain of directories.
pub(in crate::metadata) fn block(order: Order, chain: &[Dir]) -> Vec<u8> {
    let mut out = match order {
        Order::Little => b"II*\0".to_vec(),
        Order::Big => b"MM\0*".to_vec(),
    };
    let mut link = out.len();
    out.extend([0; 4]);
    for dir in chain {
        if out.len() % 2 == 1 {
            out.push(0);
        }
        let offset = out.len();
        set(&mut out, link, offset, order);
        link = dir.write(&mut out, 0, order);
    }
    out
}
