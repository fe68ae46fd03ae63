//! Packages: what formats that are ZIP files share. What the container gives away, its members as files
//! of their own, and the way back into a copy.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::bytes::{Context, Scratchpad, Source, for_each_of_plan, is_identity};
use crate::containers::zip::{Archive, Gap, GapKind, Head, Member, Method, Writer};
use crate::metadata::text;
use crate::model::{
    Category, Error, Finding, Found, Plan, Result, Role, Scratch, Severity, Span, Step, Untrusted,
    Value, len_u64,
};

/// Where findings about the container itself are located.
const PLACE: &str = "ZIP";
/// Maximum number of gaps and texts that are reported one by one.
const MAXIMUM_REPORTED: usize = 64;
/// How much of a gap is read for traces, in bytes.
const MAXIMUM_TRACED: u64 = 64 << 10;

/// Adds what headers contain beside names and lengths, and what is located between the members.
///
/// # Errors
/// Those of the budget; reading.
pub(in crate::formats) fn report(
    archive: &Archive,
    source: &Source<'_>,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    let traces = &archive.traces;
    let finding = |id, category, severity, what| Finding::new(id, category, severity, PLACE, what);
    if traces.timed > 0 {
        let what = "date and time of the files inside";
        let times = finding("zip.times", Category::Time, Severity::Medium, what);
        let times = times.role(Role::OtherTime);
        // The date is written as a number: there is no text to search for.
        found.findings.push(match moment(traces.newest) {
            Some(moment) => times.value(Value::Time(Untrusted::new(moment))),
            None => times,
        });
    }
    if traces.owned > 0 {
        let what = "user and group on the computer that made the archive";
        let owner = finding("zip.owner", Category::Person, Severity::Medium, what);
        found.findings.push(match traces.owner {
            Some((user, group)) => owner.text(format!("{user}:{group}")),
            None => owner,
        });
    }
    if traces.systems > 0 {
        let what = "attributes of files and the system that made the archive";
        found
            .findings
            .push(finding("zip.system", Category::Device, Severity::Low, what));
    }
    for (id, what, role, texts) in [
        ("zip.comment", "a comment", Role::Text, &traces.comments),
        (
            "zip.names",
            "another name of a file inside",
            Role::Path,
            &traces.other_names,
        ),
    ] {
        for value in texts.iter().take(MAXIMUM_REPORTED) {
            let comment = finding(id, Category::Person, Severity::High, what);
            found.add(comment.text(value.clone()).role(role));
            text::mentions(id, value, PLACE, cx, found)?;
        }
    }
    if traces.extra_len > 0 {
        found.secrets.harvest(&traces.extra);
        let extra = finding(
            "zip.extra",
            Category::Unknown,
            Severity::Medium,
            "extra fields",
        );
        found.add(extra.bytes(traces.extra_len));
    }
    for gap in archive.gaps.iter().take(MAXIMUM_REPORTED) {
        self::gap(gap, source, cx, found)?;
    }
    Ok(())
}

fn gap(gap: &Gap, source: &Source<'_>, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let (what, category) = match &gap.kind {
        GapKind::Prefix => ("data in front of the archive", Category::Unknown),
        GapKind::Between => ("data between the files inside", Category::Unknown),
        GapKind::Trailer => ("data behind the archive", Category::Unknown),
        GapKind::Ghost(..) => ("a removed file that is still there", Category::History),
    };
    let finding = Finding::new("zip.ghost", category, Severity::High, PLACE, what);
    match &gap.kind {
        GapKind::Ghost(name, data) => {
            found.add(finding.text(name.clone()).role(Role::Path));
            if let Some(data) = data {
                found.merge(PLACE, cx.inspect_nested(&source.sub(*data)?)?);
            }
        }
        _ => found.add(finding.bytes(gap.span.len())),
    }
    found
        .secrets
        .harvest(&source.peek(gap.span.start(), gap.span.len().min(MAXIMUM_TRACED))?);
    Ok(())
}

/// A date and time of MS-DOS in ISO 8601.
fn moment((date, time): (u16, u16)) -> Option<String> {
    let (year, month, day) = ((date >> 9).checked_add(1980)?, date >> 5 & 15, date & 31);
    let (hour, minute, second) = (time >> 11, time >> 5 & 63, (time & 31).checked_mul(2)?);
    (date != 0).then(|| format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

/// Adds a finding about the headers where nothing else says why the copy differs.
///
/// # Errors
/// Reading.
pub(in crate::formats) fn account_for_headers(
    plan: &Plan,
    source: &Source<'_>,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    if cx.wants_plan() && found.findings.is_empty() && !is_identity(plan, source)? {
        let what = "how the archive is written: order, versions, flags";
        found.add(Finding::new(
            "zip.header",
            Category::Device,
            Severity::Low,
            PLACE,
            what,
        ));
    }
    Ok(())
}

/// The content of a member as a file of its own.
#[derive(Debug)]
pub(in crate::formats) struct Opened<'a> {
    content: Content<'a>,
    /// The compressed content without bytes behind its end.
    used: Span,
}

#[derive(Debug)]
enum Content<'a> {
    Stored(Source<'a>),
    Inflated(Scratch),
}

impl<'a> Opened<'a> {
    /// Inflates a member into scratch, or checks the one that is stored.
    ///
    /// # Errors
    /// As [`Member::for_each`].
    pub(in crate::formats) fn new(
        source: &Source<'a>,
        member: &Member,
        cx: &Context<'_>,
    ) -> Result<Self> {
        if member.method == Method::Stored {
            member.for_each(source, cx, |_| Ok(()))?;
        }
        Self::unchecked(source, member, cx)
    }

    /// The same for a member whose check sum was compared before.
    ///
    /// # Errors
    /// As [`Member::for_each`].
    pub(in crate::formats) fn unchecked(
        source: &Source<'a>,
        member: &Member,
        cx: &Context<'_>,
    ) -> Result<Self> {
        match member.method {
            Method::Stored => Ok(Self {
                content: Content::Stored(source.sub(member.data)?),
                used: member.data,
            }),
            Method::Deflated => {
                let mut pad = cx.scratch();
                let extracted = member.for_each(source, cx, |piece| pad.append(piece))?;
                Ok(Self {
                    content: Content::Inflated(pad.finish()),
                    used: extracted.used,
                })
            }
        }
    }

    /// The content.
    pub(in crate::formats) fn source(&self) -> Source<'_> {
        match &self.content {
            Content::Stored(source) => *source,
            Content::Inflated(scratch) => scratch.source(),
        }
    }

    /// Whether its bytes are a part of the file as they are.
    pub(in crate::formats) fn is_stored(&self) -> bool {
        matches!(self.content, Content::Stored(_))
    }

    /// Adds a finding when bytes follow the end of the compressed content.
    pub(in crate::formats) fn report(&self, member: &Member, found: &mut Found) {
        let hidden = member.data.end().saturating_sub(self.used.end());
        if hidden > 0 {
            let what = "data behind the compressed content of a file inside";
            let finding = Finding::new("zip.ghost", Category::Unknown, Severity::High, PLACE, what);
            found.add(finding.bytes(hidden));
        }
    }
}

/// The bytes of a source, one after another.
#[derive(Debug)]
pub(in crate::formats) struct Reading<'a> {
    source: Source<'a>,
    at: u64,
    window: Vec<u8>,
    used: usize,
}

/// How much is read at a time, in bytes.
const WINDOW: u64 = 64 << 10;

impl<'a> Reading<'a> {
    /// At the beginning.
    pub(in crate::formats) fn new(source: &Source<'a>) -> Self {
        Self {
            source: *source,
            at: 0,
            window: Vec::new(),
            used: 0,
        }
    }
}

impl std::io::Read for Reading<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let bytes = std::io::BufRead::fill_buf(self)?;
        let len = bytes.len().min(out.len());
        for (to, byte) in out.iter_mut().zip(bytes) {
            *to = *byte;
        }
        std::io::BufRead::consume(self, len);
        Ok(len)
    }
}

impl std::io::BufRead for Reading<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.used >= self.window.len() {
            let piece = self
                .source
                .peek(self.at, WINDOW)
                .map_err(std::io::Error::other)?;
            self.at = self.at.saturating_add(len_u64(piece.len()));
            self.window = piece.into_owned();
            self.used = 0;
        }
        Ok(self.window.get(self.used..).unwrap_or_default())
    }

    fn consume(&mut self, len: usize) {
        self.used = self.used.saturating_add(len);
    }
}

/// A copy in the making. Members that change are compressed into one scratch.
#[derive(Debug)]
pub(in crate::formats) struct Packer<'a> {
    cx: Context<'a>,
    pad: Scratchpad<'a>,
    len: u64,
    members: Vec<Pending>,
}

#[derive(Debug)]
struct Pending {
    name: String,
    method: Method,
    crc: u32,
    size: u64,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// In the coordinates of the package.
    Plan(Plan),
    /// A piece of the scratch.
    Pad(Span),
}

impl<'a> Packer<'a> {
    /// Nothing packed yet.
    pub(in crate::formats) fn new(cx: &Context<'a>) -> Self {
        Self {
            cx: *cx,
            pad: cx.scratch(),
            len: 0,
            members: Vec::new(),
        }
    }

    /// Adds a member as it is, without compressing it again.
    pub(in crate::formats) fn copy(&mut self, name: &str, member: &Member, opened: &Opened<'_>) {
        let mut body = Plan::new();
        body.push(Step::Copy(opened.used));
        self.members.push(Pending {
            name: name.to_owned(),
            method: member.method,
            crc: member.crc,
            size: member.size,
            body: Body::Plan(body),
        });
    }

    /// Adds a stored member made of these bytes.
    pub(in crate::formats) fn stored(&mut self, name: &str, bytes: Vec<u8>) {
        let (crc, size) = (crc32fast::hash(&bytes), len_u64(bytes.len()));
        let mut body = Plan::new();
        body.push(Step::bytes(bytes));
        self.members.push(Pending {
            name: name.to_owned(),
            method: Method::Stored,
            crc,
            size,
            body: Body::Plan(body),
        });
    }

    /// Adds a member with the content that `plan` makes of the one that it had.
    ///
    /// # Errors
    /// Reading, and those of the budget.
    pub(in crate::formats) fn planned(
        &mut self,
        name: &str,
        member: &Member,
        opened: &Opened<'_>,
        plan: &Plan,
    ) -> Result<()> {
        if !self.cx.wants_plan() {
            return Ok(());
        }
        let source = opened.source();
        if is_identity(plan, &source)? {
            self.copy(name, member, opened);
            return Ok(());
        }
        if !opened.is_stored() {
            return self.made(name, Method::Deflated, |sink| {
                for_each_of_plan(plan, &source, sink)
            });
        }
        let cx = self.cx;
        let mut hasher = crc32fast::Hasher::new();
        for_each_of_plan(plan, &source, &mut |piece| {
            cx.check_stop()?;
            hasher.update(piece);
            Ok(())
        })?;
        let mut body = Plan::new();
        body.splice(plan, member.data.start());
        self.members.push(Pending {
            name: name.to_owned(),
            method: Method::Stored,
            crc: hasher.finalize(),
            size: plan.len(),
            body: Body::Plan(body),
        });
        Ok(())
    }

    /// Adds a member with the content that `make` hands to its sink; one that had the same content before
    /// is copied instead. Returns whether it was the same.
    ///
    /// # Errors
    /// Those of `make` and of the budget; reading.
    pub(in crate::formats) fn rewritten(
        &mut self,
        name: &str,
        member: &Member,
        opened: &Opened<'_>,
        make: impl FnOnce(&mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()>,
    ) -> Result<bool> {
        let source = opened.source();
        let (mut at, mut same) = (0u64, true);
        self.made(name, member.method, |sink| {
            make(&mut |piece| {
                let end = at.saturating_add(len_u64(piece.len()));
                same = same && end <= source.len() && *source.read(Span::new(at, end))? == *piece;
                at = end;
                sink(piece)
            })
        })?;
        let same = same && at == source.len();
        if same {
            self.members.pop();
            self.copy(name, member, opened);
        }
        Ok(same)
    }

    /// Adds a member with the content that `make` hands to its sink.
    ///
    /// # Errors
    /// Those of `make` and of the budget.
    pub(in crate::formats) fn made(
        &mut self,
        name: &str,
        method: Method,
        make: impl FnOnce(&mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()>,
    ) -> Result<()> {
        let start = self.len;
        let wants_plan = self.cx.wants_plan();
        let mut hasher = crc32fast::Hasher::new();
        let mut size = 0u64;
        let mut out = Out {
            pad: &mut self.pad,
            len: 0,
            error: None,
        };
        let mut pack = match method {
            Method::Stored => Pack::Stored(&mut out),
            Method::Deflated => Pack::Deflated(encoder(&mut out)),
        };
        let result = make(&mut |piece| {
            hasher.update(piece);
            size = size.saturating_add(len_u64(piece.len()));
            if wants_plan {
                pack.write(piece)?;
            }
            Ok(())
        });
        let result = result.and_then(|()| pack.finish());
        out.outcome(result)?;
        self.len = start.saturating_add(out.len);
        self.members.push(Pending {
            name: name.to_owned(),
            method,
            crc: hasher.finalize(),
            size,
            body: Body::Pad(Span::new(start, self.len)),
        });
        Ok(())
    }

    /// Renames the members, and sorts them by their names; those that have no new name are removed.
    pub(in crate::formats) fn arrange(&mut self, name: impl Fn(&str) -> Option<String>) {
        self.members.retain_mut(|member| {
            let given = name(&member.name);
            let is_needed = given.is_some();
            member.name = given.unwrap_or_default();
            is_needed
        });
        self.members.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Names all members, in the order in which they were added.
    pub(in crate::formats) fn rename(&mut self, names: Vec<String>) {
        for (member, name) in self.members.iter_mut().zip(names) {
            member.name = name;
        }
    }

    /// The whole copy.
    ///
    /// # Errors
    /// As [`Writer::member`].
    pub(in crate::formats) fn finish(self) -> Result<Plan> {
        if !self.cx.wants_plan() {
            return Ok(Plan::new());
        }
        let scratch = self.pad.finish();
        let mut writer = Writer::new();
        for member in self.members {
            let head = Head {
                name: &member.name,
                method: member.method,
                crc: member.crc,
                size: member.size,
            };
            match member.body {
                Body::Plan(plan) => writer.member(&head, &plan)?,
                Body::Pad(span) => {
                    let mut body = Plan::new();
                    body.push(Step::Scratch(scratch.clone(), span));
                    writer.member(&head, &body)?;
                }
            }
        }
        Ok(writer.finish())
    }
}

/// The output of a plan, compressed, and the CRC-32 of what it was before.
///
/// # Errors
/// Reading, and those of the budget.
pub(in crate::formats) fn deflate(
    plan: &Plan,
    source: &Source<'_>,
    cx: &Context<'_>,
) -> Result<(Scratch, u32)> {
    let mut pad = cx.scratch();
    let mut hasher = crc32fast::Hasher::new();
    let mut out = Out {
        pad: &mut pad,
        len: 0,
        error: None,
    };
    let mut encoder = encoder(&mut out);
    let result = for_each_of_plan(plan, source, &mut |piece| {
        hasher.update(piece);
        Ok(encoder.write_all(piece)?)
    });
    let result = result.and_then(|()| Ok(encoder.finish().map(|_| ())?));
    out.outcome(result)?;
    Ok((pad.finish(), hasher.finalize()))
}

/// The level does not depend on the processor: lower ones hash with instructions that not all have.
fn encoder<W: Write>(out: W) -> DeflateEncoder<W> {
    DeflateEncoder::new(out, Compression::best())
}

enum Pack<'a, 'b, 'c> {
    Stored(&'c mut Out<'a, 'b>),
    Deflated(DeflateEncoder<&'c mut Out<'a, 'b>>),
}

impl Pack<'_, '_, '_> {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Self::Stored(out) => out.write_all(bytes)?,
            Self::Deflated(encoder) => encoder.write_all(bytes)?,
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        if let Self::Deflated(encoder) = self {
            encoder.finish()?;
        }
        Ok(())
    }
}

/// The scratch as a [`Write`].
struct Out<'a, 'b> {
    pad: &'a mut Scratchpad<'b>,
    len: u64,
    /// What really went wrong.
    error: Option<Error>,
}

impl Out<'_, '_> {
    /// The result, with the error of the scratch instead of the one of its disguise.
    fn outcome(&mut self, result: Result<()>) -> Result<()> {
        self.error.take().map_or(result, Err)
    }
}

impl Write for Out<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.pad.append(bytes) {
            Ok(()) => {
                self.len = self.len.saturating_add(len_u64(bytes.len()));
                Ok(bytes.len())
            }
            Err(error) => {
                self.error = Some(error);
                Err(std::io::ErrorKind::Other.into())
            }
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Whether a file is a font.
pub(in crate::formats) fn is_font(head: &[u8]) -> bool {
    [
        &b"\0\x01\0\0"[..],
        b"OTTO",
        b"ttcf",
        b"true",
        b"wOFF",
        b"wOF2",
    ]
    .iter()
    .any(|magic| head.starts_with(magic))
}

/// Whether an error is the fault of a file inside, which is then left out.
pub(in crate::formats) fn is_of_file(error: &Error) -> bool {
    match error {
        Error::Malformed { .. } | Error::Unsupported { .. } => true,
        Error::Io(error) => error.kind() == std::io::ErrorKind::UnexpectedEof,
        _ => false,
    }
}
