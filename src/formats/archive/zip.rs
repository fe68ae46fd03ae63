//! ZIP as an archive of files (PKWARE *APPNOTE.TXT* 6.3.10).

use super::inside::{self, Inside};
use super::names;
use crate::bytes::{Context, Hasher, Source, Streams};
use crate::containers::zip::{self, Archive, Kind, Member};
use crate::formats::common::package::{self, Opened, Packer};
use crate::formats::format::{Format, Info};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Digest, Error, Examined, Found, How, Result, Row};

/// ZIP.
#[derive(Debug)]
pub(in crate::formats) struct Zip;

static INFO: Info = Info {
    id: "zip",
    name: "ZIP",
    extensions: &["zip", "cbz"],
    noun: "archive",
    rows: &[FILES, HEADERS],
    vocabulary: &[],
};

const FILES: Row = Row {
    what: "files",
    when: "each can be cleaned by its own format; compressed again only where it changes",
    how: How::Verbatim,
    why: "the content of the archive",
    spec: "APPNOTE 6.3.10 §4.3.8, §4.4.5",
};
const HEADERS: Row = Row {
    what: "local headers, central directory and their end records",
    when: "always; neutral name, lengths, check sum, the date 1980-01-01",
    how: How::Rebuild,
    why: "they locate the files",
    spec: "APPNOTE 6.3.10 §4.3.7, §4.3.12 to §4.3.16",
};

/// A member by which a package is known that is no archive of files, and what is said of it.
static PACKAGES: &[(&str, &str)] = &[
    ("Index/Document.iwa", APPLE),
    ("Index.zip", APPLE),
    ("index.apxl", APPLE),
    ("index.apxl.gz", APPLE),
    ("presentation.apxl", APPLE),
    ("buildVersionHistory.plist", APPLE),
    ("index.xml.gz", APPLE),
    ("[Content_Types].xml", OFFICE),
    ("mimetype", OFFICE),
    ("META-INF/MANIFEST.MF", PROGRAM),
    ("AndroidManifest.xml", PROGRAM),
];
const APPLE: &str = "a document of Pages, Numbers or Keynote; export it as PDF and clean that";
const OFFICE: &str = "a document of an unknown kind; export it as PDF and clean that";
const PROGRAM: &str = "a program and no document; do not hand it on";

fn read(source: &Source<'_>, cx: &Context<'_>) -> Result<Archive> {
    let archive = zip::read(source, cx)?;
    for (name, what) in PACKAGES {
        if archive.member(name).is_some() {
            return Err(Error::unsupported(*what));
        }
    }
    Ok(archive)
}

/// Whether a member is one whose content is looked at.
fn is_kept(member: &Member) -> bool {
    member.kind == Kind::File && member.size > 0 && !names::is_left_behind(&member.name)
}

impl Format for Zip {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        let fits = head.starts_with(b"PK\x03\x04")
            || head.starts_with(b"PK\x05\x06")
            || head.starts_with(b"PK00PK\x03\x04")
            || head.starts_with(b"PK\x07\x08PK\x03\x04");
        Confidence::Signature.when(fits)
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let archive = read(source, cx)?;
        let mut found = Found::default();
        let mut residue = Vec::new();
        package::report(&archive, source, cx, &mut found)?;
        let mut packer = Packer::new(cx);
        let mut kept = Vec::new();
        for member in &archive.members {
            cx.item()?;
            if member.kind == Kind::Link {
                let what = "it is a link to another file";
                inside::left_out(&member.name, what, cx, &mut found, &mut residue)?;
                continue;
            }
            let opened = Opened::new(source, member, cx)?;
            opened.report(member, &mut found);
            let content = opened.source();
            if !is_kept(member) {
                if names::is_left_behind(&member.name) {
                    inside::left_behind(&content, &member.name, cx, &mut found)?;
                } else {
                    inside::empty(&member.name, &mut found);
                }
                continue;
            }
            let place = names::shown(&member.name);
            match inside::examine(&content, &place, cx, &mut found, &mut residue)? {
                Inside::Kept(kind, plan) => {
                    packer.planned("", member, &opened, &plan)?;
                    kept.push((member.name.as_str(), kind));
                }
                Inside::Uncleanable(what) => {
                    inside::left_out(&member.name, &what, cx, &mut found, &mut residue)?;
                }
            }
        }
        if kept.is_empty() && !archive.members.is_empty() {
            return Err(inside::nothing_left());
        }
        let names = names::neutral(&kept);
        let pairs = kept.iter().zip(&names);
        names::report(
            pairs.map(|((path, _), name)| (*path, name.as_str())),
            &mut found,
        );
        packer.rename(names);
        let plan = packer.finish()?;
        package::account_for_headers(&plan, source, cx, &mut found)?;
        Ok(Examined::rebuilt(found, residue, plan))
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let archive = read(source, cx)?;
        let mut hasher = Hasher::new();
        for member in archive.members.iter().filter(|member| is_kept(member)) {
            let opened = Opened::unchecked(source, member, cx)?;
            inside::payload(&opened.source(), cx, &mut hasher)?;
        }
        Ok(hasher.finish())
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        let archive = read(source, cx)?;
        for member in &archive.members {
            sink.structure("name", member.name.as_bytes())?;
        }
        for member in &archive.members {
            let opened = Opened::unchecked(source, member, cx)?;
            let content = opened.source();
            sink.structure("member", &[])?;
            if !opened.is_stored() {
                content.for_each(content.whole(), |piece| sink.structure("member", piece))?;
            }
            cx.streams_nested(&content, sink)?;
        }
        Ok(())
    }
}
