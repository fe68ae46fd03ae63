//! Events that a batch reports while it runs.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Record;

/// Something that happened. Files are numbered in the order of the walk; events of different files come
/// in any order, those of one file in the order of this list.
#[derive(Debug)]
pub enum Event {
    /// The walk met a file.
    Found {
        /// Its number.
        index: u64,
        /// Its path, beginning with what the user typed.
        path: PathBuf,
    },
    /// The walk is over, whether it met all files or was cancelled.
    Walked,
    /// A worker opens the file.
    Started {
        /// Its number.
        index: u64,
    },
    /// A worker got on with a file that is too large for memory. It is sent where no other event waits.
    Progress {
        /// Its number.
        index: u64,
        /// Bytes that are done, of several passes through the file.
        done: u64,
        /// Bytes that there are to do, estimated.
        total: u64,
    },
    /// The file is done.
    Finished {
        /// Its number.
        index: u64,
        /// What became of it.
        record: Box<Record>,
    },
    /// Nothing more happens.
    Ended(Ended),
}

/// How a batch ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Files that the walk met.
    pub found: u64,
    /// Files that are done.
    pub finished: u64,
    /// The walk met all files that there are.
    pub walked: bool,
}

impl Ended {
    /// Files that were met and not looked at.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.found.saturating_sub(self.finished)
    }

    /// Whether every file is done.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.walked && self.left() == 0
    }
}

/// A handle with which a batch is stopped, from any thread.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Stops everything that was given this handle.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
