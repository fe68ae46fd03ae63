//! Files for what is inflated and too large for memory.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

use super::input;
use crate::bytes::{ReadAt, Spill, SpillFile};
use crate::model::len_u64;

/// Makes files without a name: no other process can open them, and they vanish with this one.
#[derive(Clone, Copy, Debug)]
pub(in crate::batch) struct Disk;

impl Spill for Disk {
    fn create(&self) -> io::Result<Box<dyn SpillFile>> {
        let file = tempfile::tempfile()?;
        Ok(Box::new(Spilled { file, len: 0 }))
    }
}

struct Spilled {
    file: File,
    len: u64,
}

impl SpillFile for Spilled {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Some systems move the position when they read.
        self.file.seek(SeekFrom::Start(self.len))?;
        self.file.write_all(bytes)?;
        self.len = self.len.saturating_add(len_u64(bytes.len()));
        Ok(())
    }
}

impl ReadAt for Spilled {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        input::read_exact_at(&self.file, buf, offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_is_read_at_any_place() {
        let mut file = Disk.create().unwrap();
        file.append(b"abcd").unwrap();
        let mut two = [0; 2];
        file.read_exact_at(&mut two, 1).unwrap();
        file.append(b"efgh").unwrap();
        let mut all = [0; 8];
        file.read_exact_at(&mut all, 0).unwrap();
        assert_eq!((two, all, file.len()), (*b"bc", *b"abcdefgh", 8));
        assert!(file.read_exact_at(&mut all, 1).is_err());
    }
}
