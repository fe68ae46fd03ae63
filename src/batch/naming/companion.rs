//! Files that only exist beside others and tell about them (`leaks.md` §29, `fs.sidecar`, `fs.folder`):
//! advice for what no format knows.

use super::giveaway::matches;
use crate::model::{Category, FILE_NAME, Finding, Severity};

/// A kind of companion.
#[derive(Debug)]
pub(in crate::batch) struct Companion {
    /// What such files are called, in small letters: `#` is a digit, `*` is anything.
    names: &'static [&'static str],
    /// One word for it, also the key of the words for people.
    pub word: &'static str,
    /// Such files are never opened: they are of no use without the others. Other companions are what their
    /// bytes say, and only what no format knows is one.
    pub is_certain: bool,
    id: &'static str,
    category: Category,
    severity: Severity,
    what: &'static str,
}

impl Companion {
    /// What such a file gives away just by being there.
    #[must_use]
    pub(in crate::batch) fn finding(&self) -> Finding {
        Finding::new(self.id, self.category, self.severity, FILE_NAME, self.what)
    }
}

/// The first row whose pattern fits decides.
const COMPANIONS: &[Companion] = &[
    Companion {
        names: &[
            "._*",
            ".ds_store",
            "desktop.ini",
            ".directory",
            "thumbs.db",
            "ehthumbs.db",
            "zbthumbnail.info",
            ".picasa.ini",
            "picasa.ini",
            ".nomedia",
            ".bridgesort",
            ".bridgecache*",
            "album.json",
        ],
        word: "index",
        is_certain: true,
        id: "fs.folder",
        category: Category::History,
        severity: Severity::High,
        what: "a folder's own notes, with names or previews of other files",
    },
    Companion {
        names: &["~$*", ".~lock.*#", ".*.swp", ".*.swo", "*.swp"],
        word: "lock",
        is_certain: true,
        id: "fs.folder",
        category: Category::Person,
        severity: Severity::High,
        what: "the mark of an open file, with the name of user and computer",
    },
    Companion {
        names: &["*~", "*.bak", "*_original", "*.orig", "*.tmp"],
        word: "backup",
        is_certain: false,
        id: "fs.folder",
        category: Category::History,
        severity: Severity::High,
        what: "an earlier version of another file",
    },
    Companion {
        names: &[
            "*.xmp",
            "*.aae",
            "*.pp3",
            "*.dop",
            "*.cos",
            "*.comask",
            "*.vrd",
            "*.dr4",
            "*.on1",
            "*.acr",
            "*.lrtemplate",
            "*.arp",
            "*.nksc",
            "*.nka",
            "*.c2pa",
        ],
        word: "edits",
        is_certain: false,
        id: "fs.sidecar",
        category: Category::Location,
        severity: Severity::Critical,
        what: "edits and descriptions of another file",
    },
    Companion {
        names: &["*.json"],
        word: "takeout",
        is_certain: false,
        id: "fs.sidecar",
        category: Category::Location,
        severity: Severity::Critical,
        what: "what an online album knew about another file",
    },
    Companion {
        names: &[
            "*.gpx", "*.kml", "*.kmz", "*.nmea", "*.fit", "*.tcx", "*.srt", "*.log", "*.igc",
        ],
        word: "track",
        is_certain: false,
        id: "fs.sidecar",
        category: Category::Location,
        severity: Severity::Critical,
        what: "where a camera or a drone was",
    },
    Companion {
        names: &[
            "*.thm", "*.lrv", "*.ctg", "*.modd", "*.moff", "*.bdm", "*.cpi", "*.mpl",
        ],
        word: "camera",
        is_certain: false,
        id: "fs.sidecar",
        category: Category::Image,
        severity: Severity::High,
        what: "a camera's small copy or notes of another file",
    },
];

/// The kind of companion that a file of this name is.
#[must_use]
pub(in crate::batch) fn companion(name: &str) -> Option<&'static Companion> {
    let name = name.to_lowercase();
    COMPANIONS
        .iter()
        .find(|row| row.names.iter().any(|pattern| matches(pattern, &name)))
}

/// All words, for the test that people have words for them.
#[cfg(test)]
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    COMPANIONS.iter().map(|row| row.word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companions_are_known_by_name() {
        for (name, word) in [
            ("IMG_1.XMP", "edits"),
            ("IMG_1.AAE", "edits"),
            ("IMG_1.jpg.supplemental-metadata.json", "takeout"),
            (".DS_Store", "index"),
            ("._IMG_1.jpg", "index"),
            ("Thumbs.db", "index"),
            ("~$brev.docx", "lock"),
            (".~lock.brev.odt#", "lock"),
            ("IMG_1.jpg_original", "backup"),
            ("IMG_1.jpg~", "backup"),
            ("DJI_0001.SRT", "track"),
            ("MVI_1.THM", "camera"),
        ] {
            assert_eq!(companion(name).map(|c| c.word), Some(word), "{name}");
        }
        for name in ["IMG_1.jpg", "a.mov", "json", "xmp.png", ".foo.jpg"] {
            assert!(companion(name).is_none(), "{name}");
        }
    }
}
