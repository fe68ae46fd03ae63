//! Writes a file from members that are given one after another: fixed date, no extra fields but ZIP64
//! where lengths need it, no comments, no attributes.

use super::{CENTRAL, DATE, END, END64, LOCAL, LOCATOR64, Method, UTF8};
use crate::model::{Error, Plan, Result, Step, len_u64};

/// What the headers of a member say. A name that ends with a slash is a folder.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Its path.
    pub name: &'a str,
    /// How `body` is compressed.
    pub method: Method,
    /// CRC-32 of the content.
    pub crc: u32,
    /// Length of the content, in bytes.
    pub size: u64,
}

/// A file in the making.
#[derive(Debug, Default)]
pub struct Writer {
    plan: Plan,
    len: u64,
    directory: Vec<u8>,
    members: u64,
}

/// Version 2.0 on MS-DOS; 4.5 for ZIP64.
const VERSION: u16 = 20;
const VERSION64: u16 = 45;

impl Writer {
    /// Nothing written yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a member whose compressed content is `body`.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when the name is longer than a header can say.
    pub fn member(&mut self, head: &Head<'_>, body: &Plan) -> Result<()> {
        let packed = body.len();
        let start = self.len;
        let wide = is_wide(packed) || is_wide(head.size);
        let mut extra = Vec::new();
        if wide {
            // Both lengths, as the local header requires (§4.5.3).
            extra.extend([1, 0, 16, 0]);
            extra.extend(head.size.to_le_bytes());
            extra.extend(packed.to_le_bytes());
        }
        let mut local = LOCAL.to_vec();
        common(&mut local, head, packed, wide, &extra)?;
        local.extend(head.name.as_bytes());
        local.extend(&extra);

        if is_wide(start) {
            if extra.is_empty() {
                extra.extend([1, 0, 0, 0]);
            }
            extra.extend(start.to_le_bytes());
            let len = u8::try_from(extra.len().saturating_sub(4)).unwrap_or(0);
            if let Some(byte) = extra.get_mut(2) {
                *byte = len;
            }
        }
        self.directory.extend(CENTRAL);
        let version = if extra.is_empty() { VERSION } else { VERSION64 };
        self.directory.extend(version.to_le_bytes());
        common(&mut self.directory, head, packed, !extra.is_empty(), &extra)?;
        // Comment, disk, internal attributes.
        self.directory.extend([0; 6]);
        let attributes: u32 = if head.name.ends_with('/') { 0x10 } else { 0 };
        self.directory.extend(attributes.to_le_bytes());
        self.directory.extend(narrow(start).to_le_bytes());
        self.directory.extend(head.name.as_bytes());
        self.directory.extend(&extra);

        self.len = self
            .len
            .saturating_add(len_u64(local.len()))
            .saturating_add(packed);
        self.plan.push(Step::bytes(local));
        for step in body.steps() {
            self.plan.push(step.clone());
        }
        self.members = self.members.saturating_add(1);
        Ok(())
    }

    /// Adds a stored member that is made of these bytes.
    ///
    /// # Errors
    /// As [`Writer::member`].
    pub fn stored(&mut self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let head = Head {
            name,
            method: Method::Stored,
            crc: crc32fast::hash(&bytes),
            size: len_u64(bytes.len()),
        };
        let mut body = Plan::new();
        if !bytes.is_empty() {
            body.push(Step::bytes(bytes));
        }
        self.member(&head, &body)
    }

    /// Ends the file with its directory.
    #[must_use]
    pub fn finish(mut self) -> Plan {
        let start = self.len;
        let size = len_u64(self.directory.len());
        let mut end = self.directory;
        let is_many = self.members >= u64::from(u16::MAX);
        if is_many || is_wide(size) || is_wide(start) {
            end.extend(END64);
            end.extend(44u64.to_le_bytes());
            end.extend(VERSION64.to_le_bytes());
            end.extend(VERSION64.to_le_bytes());
            end.extend([0; 8]);
            for number in [self.members, self.members, size, start] {
                end.extend(number.to_le_bytes());
            }
            end.extend(LOCATOR64);
            end.extend([0; 4]);
            end.extend(start.saturating_add(size).to_le_bytes());
            end.extend(1u32.to_le_bytes());
        }
        end.extend(END);
        end.extend([0; 4]);
        let members = u16::try_from(self.members).unwrap_or(u16::MAX);
        end.extend(members.to_le_bytes());
        end.extend(members.to_le_bytes());
        end.extend(narrow(size).to_le_bytes());
        end.extend(narrow(start).to_le_bytes());
        end.extend([0; 2]);
        self.plan.push(Step::bytes(end));
        self.plan
    }
}

/// The fields that both headers have: from the needed version to the length of the extra fields.
fn common(
    out: &mut Vec<u8>,
    head: &Head<'_>,
    packed: u64,
    is_wide: bool,
    extra: &[u8],
) -> Result<()> {
    let too_long = || Error::LimitExceeded { limit: "name" };
    let lengths_are_wide = self::is_wide(packed) || self::is_wide(head.size);
    out.extend(if is_wide { VERSION64 } else { VERSION }.to_le_bytes());
    out.extend(if head.name.is_ascii() { 0 } else { UTF8 }.to_le_bytes());
    let method: u16 = match head.method {
        Method::Stored => 0,
        Method::Deflated => 8,
    };
    out.extend(method.to_le_bytes());
    out.extend([0, 0]);
    out.extend(DATE.to_le_bytes());
    out.extend(head.crc.to_le_bytes());
    for len in [packed, head.size] {
        let len = if lengths_are_wide {
            u32::MAX
        } else {
            narrow(len)
        };
        out.extend(len.to_le_bytes());
    }
    let name = u16::try_from(head.name.len()).map_err(|_| too_long())?;
    let extra = u16::try_from(extra.len()).map_err(|_| too_long())?;
    out.extend(name.to_le_bytes());
    out.extend(extra.to_le_bytes());
    Ok(())
}

fn is_wide(number: u64) -> bool {
    number >= u64::from(u32::MAX)
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
