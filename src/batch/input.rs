//! Opening and reading originals, without ever waiting for them or touching them.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use crate::bytes::ReadAt;
use crate::model::{Category, Finding, NotRegular, Severity, Why};

/// Files up to this length are read into memory, longer ones where and when they are needed.
pub(super) const IN_MEMORY: u64 = 64 << 20;
/// A buffer that grew beyond this is given back after the file.
const KEEP: usize = 16 << 20;

/// An original, open for reading only.
#[derive(Debug)]
pub(super) struct Input {
    file: File,
    metadata: Metadata,
}

impl Input {
    /// Opens a file. A pipe or a device is refused without waiting for it; the time of last access
    /// stays where the system allows that.
    ///
    /// # Errors
    /// [`Why::NotRegular`], [`Why::Read`].
    pub(super) fn open(path: &Path, follow_links: bool) -> Result<Self, Why> {
        let file = open(path, follow_links)?;
        let metadata = file.metadata().map_err(Why::Read)?;
        match not_regular(metadata.file_type()) {
            None => Ok(Self { file, metadata }),
            Some(kind) => Err(Why::NotRegular(kind)),
        }
    }

    /// The open file.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// When it was last changed.
    pub(super) fn modified(&self) -> Option<SystemTime> {
        self.metadata.modified().ok()
    }

    /// What the file system knows about it besides its content: where it was loaded down from, who
    /// sent it. Copies have none of it.
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    pub(super) fn attributes(&self) -> Vec<Finding> {
        // What the system itself needs: access lists, labels.
        const SYSTEM: [&str; 3] = ["system.", "security.", "trusted."];
        let mut names = [0; 4096];
        let len = rustix::fs::flistxattr(&self.file, &mut names[..]).unwrap_or(0);
        names
            .get(..len)
            .unwrap_or_default()
            .split(|byte| *byte == 0)
            .filter_map(|name| std::str::from_utf8(name).ok())
            .filter(|name| !name.is_empty() && !SYSTEM.iter().any(|s| name.starts_with(s)))
            .map(|name| {
                let mut value = [0; 1024];
                let len = rustix::fs::fgetxattr(&self.file, name, &mut value[..]).unwrap_or(0);
                let text = String::from_utf8_lossy(value.get(..len).unwrap_or_default());
                Finding::new(
                    "fs.xattr",
                    Category::History,
                    Severity::High,
                    "file system",
                    name.to_owned(),
                )
                .text(text)
            })
            .collect()
    }

    /// Other systems keep such things elsewhere.
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    pub(super) fn attributes(&self) -> Vec<Finding> {
        Vec::new()
    }

    /// Whether it is still as long and as old as when it was opened.
    ///
    /// # Errors
    /// [`Why::Changed`] when it is not.
    pub(super) fn require_unchanged(&self) -> Result<(), Why> {
        let now = self.file.metadata().map_err(Why::Read)?;
        let same = now.len() == self.metadata.len()
            && now.modified().ok() == self.metadata.modified().ok();
        if same { Ok(()) } else { Err(Why::Changed) }
    }
}

impl ReadAt for Input {
    fn len(&self) -> u64 {
        self.metadata.len()
    }

    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        read_exact_at(&self.file, buf, offset)
    }
}

#[cfg(unix)]
fn open(path: &Path, follow_links: bool) -> Result<File, Why> {
    use rustix::fs::{CWD, Mode, OFlags, openat};
    use rustix::io::Errno;

    let mut flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    if !follow_links {
        flags |= OFlags::NOFOLLOW;
    }
    // Only the owner may read without leaving a trace.
    #[cfg(target_os = "linux")]
    let opened = match openat(CWD, path, flags | OFlags::NOATIME, Mode::empty()) {
        Err(Errno::PERM) => openat(CWD, path, flags, Mode::empty()),
        other => other,
    };
    #[cfg(not(target_os = "linux"))]
    let opened = openat(CWD, path, flags, Mode::empty());
    match opened {
        Ok(fd) => Ok(File::from(fd)),
        Err(Errno::LOOP) => Err(Why::NotRegular(NotRegular::Link)),
        Err(Errno::NXIO) => Err(Why::NotRegular(NotRegular::Socket)),
        Err(errno) => Err(Why::Read(errno.into())),
    }
}

#[cfg(not(unix))]
fn open(path: &Path, follow_links: bool) -> Result<File, Why> {
    let metadata = if follow_links {
        std::fs::metadata(path)
    } else {
        std::fs::symlink_metadata(path)
    };
    match not_regular(metadata.map_err(Why::Read)?.file_type()) {
        None => File::open(path).map_err(Why::Read),
        Some(kind) => Err(Why::NotRegular(kind)),
    }
}

#[cfg(unix)]
pub(super) fn read_exact_at(file: &File, buf: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buf, offset)
}

#[cfg(windows)]
pub(super) fn read_exact_at(file: &File, mut buf: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buf.is_empty() {
        let n = std::os::windows::fs::FileExt::seek_read(file, buf, offset)?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buf = buf.get_mut(n..).unwrap_or_default();
        offset = offset.saturating_add(crate::model::len_u64(n));
    }
    Ok(())
}

/// Memory that one worker reads one file after another into.
#[derive(Debug, Default)]
pub(super) struct Buffer(Vec<u8>);

impl Buffer {
    /// The first `len` bytes of `file`.
    pub(super) fn load(&mut self, file: &File, len: u64) -> io::Result<&[u8]> {
        let len = usize::try_from(len).map_err(|_| io::ErrorKind::OutOfMemory)?;
        if self.0.len() < len || (self.0.len() > KEEP && len <= KEEP) {
            // Fresh zeros come from the system for nothing; growing would copy the old bytes.
            self.0 = Vec::new();
            self.0 = vec![0; len.checked_next_power_of_two().unwrap_or(len)];
        }
        let buf = self.0.get_mut(..len).unwrap_or_default();
        read_exact_at(file, buf, 0)?;
        Ok(buf)
    }
}

/// What kind of thing it is; `None` for a regular file.
pub(super) fn not_regular(kind: std::fs::FileType) -> Option<NotRegular> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Some(NotRegular::Pipe);
        }
        if kind.is_block_device() || kind.is_char_device() {
            return Some(NotRegular::Device);
        }
        if kind.is_socket() {
            return Some(NotRegular::Socket);
        }
    }
    match kind {
        kind if kind.is_file() => None,
        kind if kind.is_symlink() => Some(NotRegular::Link),
        _ => Some(NotRegular::Other),
    }
}
