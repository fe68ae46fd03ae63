//! How far a worker got with a file that is too large for memory.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::bytes::ReadAt;

/// How many bytes are read between two reports.
const STEP: u64 = 8 << 20;
/// How often the bytes of a file are read before its copy is certain: they are examined, copied, and the copy
/// is read back. It is an estimate.
const PASSES: u64 = 3;

/// Counts the bytes that are read of a file and of its copy, and reports them from time to time.
pub(super) struct Progress<'a> {
    total: AtomicU64,
    read: AtomicU64,
    reported: AtomicU64,
    report: &'a (dyn Fn(u64, u64) + Sync),
}

impl<'a> Progress<'a> {
    /// `report` is called with the bytes that are done and the bytes that there are to do.
    pub(super) fn new(report: &'a (dyn Fn(u64, u64) + Sync)) -> Self {
        Self {
            total: AtomicU64::new(0),
            read: AtomicU64::new(0),
            reported: AtomicU64::new(0),
            report,
        }
    }

    /// A file of `len` bytes is opened, to be cleaned or only to be scanned.
    pub(super) fn begin(&self, len: u64, cleans: bool) {
        let passes = if cleans { PASSES } else { 1 };
        self.total.store(len.saturating_mul(passes), Relaxed);
    }

    fn count(&self, len: usize) {
        let len = crate::model::len_u64(len);
        let read = self.read.fetch_add(len, Relaxed).saturating_add(len);
        if read.saturating_sub(self.reported.load(Relaxed)) >= STEP {
            self.reported.store(read, Relaxed);
            let total = self.total.load(Relaxed);
            (self.report)(read.min(total), total);
        }
    }
}

/// A file whose reading is counted.
pub(super) struct Counted<'a, R> {
    pub(super) file: &'a R,
    pub(super) progress: &'a Progress<'a>,
}

impl<R: ReadAt> ReadAt for Counted<'_, R> {
    fn len(&self) -> u64 {
        self.file.len()
    }

    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        self.progress.count(buf.len());
        self.file.read_exact_at(buf, offset)
    }
}
