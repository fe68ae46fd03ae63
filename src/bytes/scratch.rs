//! Room for what was inflated: memory for a little, a private file for more.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Context, Source};
use crate::model::{Error, ReadAt, Result, Scratch, len_u64};

/// Makes files for what is too large for memory. Only a layer with a file system has one.
pub trait Spill: Sync {
    /// An empty file that no other process can open and that does not outlive this one.
    ///
    /// # Errors
    /// Whatever the operating system reports.
    fn create(&self) -> io::Result<Box<dyn SpillFile>>;
}

/// A file that grows and is read at offsets.
pub trait SpillFile: ReadAt {
    /// Writes behind what is there.
    ///
    /// # Errors
    /// Whatever the operating system reports.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// A scratch that is being written.
pub struct Scratchpad<'a> {
    cx: Context<'a>,
    memory: Held,
    file: Option<Box<dyn SpillFile>>,
}

impl<'a> Scratchpad<'a> {
    pub(super) fn new(cx: Context<'a>, held: Arc<AtomicU64>) -> Self {
        Self {
            cx,
            memory: Held {
                bytes: Vec::new(),
                held,
            },
            file: None,
        }
    }

    /// Writes behind what is there.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when memory is used up and there is no [`Spill`]; those of
    /// [`Context::memory`], and of the file.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.cx.memory(len_u64(bytes.len()))?;
        if let Some(file) = &mut self.file {
            return Ok(file.append(bytes)?);
        }
        let limits = self.cx.limits();
        let (spill, most) = match self.cx.spill() {
            Some(spill) => (Some(spill), limits.scratch),
            None => (None, limits.block),
        };
        if self.memory.grow(bytes, most) {
            return Ok(());
        }
        let spill = spill.ok_or(Error::LimitExceeded { limit: "scratch" })?;
        let mut file = spill.create()?;
        file.append(&self.memory.bytes)?;
        file.append(bytes)?;
        self.memory.clear();
        self.file = Some(file);
        Ok(())
    }

    /// What was written.
    #[must_use]
    pub fn finish(self) -> Scratch {
        match self.file {
            Some(file) => {
                let file: Arc<dyn SpillFile> = Arc::from(file);
                Scratch::new(file)
            }
            None => Scratch::new(Arc::new(self.memory)),
        }
    }
}

impl std::fmt::Debug for Scratchpad<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scratchpad")
    }
}

impl Scratch {
    /// The bytes as a file of their own.
    #[must_use]
    pub fn source(&self) -> Source<'_> {
        Source::random(self.bytes())
    }
}

/// Bytes in memory that are counted as long as they are held.
struct Held {
    bytes: Vec<u8>,
    /// Bytes that all scratches of one file hold together.
    held: Arc<AtomicU64>,
}

impl Held {
    /// Takes more bytes, unless all scratches together would then hold more than `most`.
    fn grow(&mut self, bytes: &[u8], most: u64) -> bool {
        let more = len_u64(bytes.len());
        let before = self.held.load(Ordering::Relaxed);
        if before.saturating_add(more) > most {
            return false;
        }
        self.held.fetch_add(more, Ordering::Relaxed);
        self.bytes.extend_from_slice(bytes);
        true
    }

    fn clear(&mut self) {
        let len = len_u64(self.bytes.len());
        self.held.fetch_sub(len, Ordering::Relaxed);
        self.bytes = Vec::new();
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.clear();
    }
}

impl ReadAt for Held {
    fn len(&self) -> u64 {
        len_u64(self.bytes.len())
    }

    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        let piece = usize::try_from(offset)
            .ok()
            .and_then(|start| self.bytes.get(start..start.checked_add(buf.len())?));
        buf.copy_from_slice(piece.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn in_memory(&self) -> Option<&[u8]> {
        Some(&self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::{Budget, NoNested, copy_in_memory};
    use crate::model::{Limits, Plan, Policy, Span, Step};
    use std::sync::Mutex;

    struct Disk(Arc<AtomicU64>);
    struct File(Mutex<Vec<u8>>);

    impl Spill for Disk {
        fn create(&self) -> io::Result<Box<dyn SpillFile>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(Box::new(File(Mutex::default())))
        }
    }

    impl SpillFile for File {
        fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(())
        }
    }

    impl ReadAt for File {
        fn len(&self) -> u64 {
            self.0.lock().unwrap().len() as u64
        }
        fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
            let bytes = self.0.lock().unwrap();
            let start = usize::try_from(offset).unwrap();
            buf.copy_from_slice(&bytes[start..start + buf.len()]);
            Ok(())
        }
    }

    fn budget(scratch: u64, block: u64) -> Budget {
        Budget::new(Limits {
            scratch,
            block,
            ..Limits::default()
        })
    }

    fn write(cx: &Context<'_>, len: usize) -> Result<Scratch> {
        let mut pad = cx.scratch();
        for piece in vec![7; len].chunks(10) {
            pad.append(piece)?;
        }
        Ok(pad.finish())
    }

    #[test]
    fn more_than_memory_may_hold_goes_to_a_file() {
        let files = Arc::new(AtomicU64::new(0));
        let disk = Disk(files.clone());
        let budget = budget(100, 1000);
        let cx = Context::new(&budget, &NoNested, &|| None, Policy::SHARE).with_spill(&disk);
        let small = write(&cx, 60).unwrap();
        assert_eq!(files.load(Ordering::Relaxed), 0);
        let large = write(&cx, 60).unwrap();
        assert_eq!(files.load(Ordering::Relaxed), 1, "60 and 60 are over 100");
        drop(small);
        let again = write(&cx, 100).unwrap();
        assert_eq!(files.load(Ordering::Relaxed), 1, "memory was given back");
        let mut plan = Plan::new();
        plan.push(Step::Scratch(large, Span::new(0, 60)));
        plan.push(Step::Scratch(again, Span::new(98, 100)));
        let out = copy_in_memory(&plan, &Source::memory(b""), &cx).unwrap();
        assert_eq!(out, [7; 62]);
    }

    #[test]
    fn without_files_memory_is_the_limit() {
        let budget = budget(100, 200);
        let cx = Context::new(&budget, &NoNested, &|| None, Policy::SHARE);
        assert!(write(&cx, 200).is_ok());
        let error = write(&cx, 201).unwrap_err();
        assert!(matches!(error, Error::LimitExceeded { limit: "scratch" }));
    }
}
