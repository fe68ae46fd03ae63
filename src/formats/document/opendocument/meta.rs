//! `meta.xml`: who made the document with what, when, and from which template. All of it is removed, but for
//! the family and version of the program: LibreOffice lays out documents of older versions as those did.

use super::spaces;
use crate::bytes::{Context, Source};
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::{Element, Node};
use crate::formats::common::package::Reading;
use crate::metadata::text;
use crate::model::{Category, Finding, Found, Result, Role, Severity};

/// The properties of a copy: the program, as far as the layout depends on it (`meta:generator`, ODF 1.3 part
/// 3 §4.3.2.1).
pub(super) fn written(generator: &str) -> Vec<u8> {
    let uri = |prefix| {
        let mut spaces = spaces::SPACES.iter();
        spaces
            .find(|(known, _)| *known == prefix)
            .map_or("", |(_, uri)| uri)
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<office:document-meta \
         xmlns:office=\"{}\" xmlns:meta=\"{}\" office:version=\"1.2\"><office:meta><meta:generator>{generator}\
         </meta:generator></office:meta></office:document-meta>",
        uri("office"),
        uri("meta"),
    )
    .into_bytes()
}

/// The same as an element of a flat file.
pub(super) fn element(generator: &str) -> Element {
    let named = |prefix, name: &str, child| Element {
        space: spaces::named(prefix),
        name: name.into(),
        attributes: Vec::new(),
        children: vec![child],
    };
    let inner = named("meta", "generator", Node::Text(generator.into()));
    named("office", "meta", Node::Element(inner))
}

/// Family, version and build of a program of the OpenOffice family; not the system.
pub(super) fn neutral(generator: &str) -> Option<String> {
    const FAMILIES: &[&str] = &[
        "LibreOffice/",
        "LibreOfficeDev/",
        "OpenOffice.org/",
        "OpenOffice/",
        "StarOffice/",
        "StarSuite/",
    ];
    let family = FAMILIES
        .iter()
        .find(|family| generator.starts_with(**family))?;
    let rest = generator.strip_prefix(family)?;
    let digits = |text: &str| -> String {
        text.chars()
            .take_while(char::is_ascii_digit)
            .take(4)
            .collect()
    };
    let major = digits(rest);
    let behind = rest.strip_prefix(&major)?;
    let minor = digits(behind.strip_prefix('.').unwrap_or("0"));
    let project = match family.starts_with("LibreOffice") {
        true => "LibreOffice_project/",
        false => "OpenOffice.org_project/",
    };
    let build = generator.split_once(project).map_or("", |(_, build)| build);
    let code_line = digits(build);
    let number = build.split_once("$Build-").map_or("", |(_, number)| number);
    let number = digits(number);
    let build = match build.get(code_line.len()..)?.starts_with('m') && !number.is_empty() {
        true => format!("{code_line}m1$Build-{number}"),
        false => "0".to_owned(),
    };
    (!major.is_empty() && !minor.is_empty())
        .then(|| format!("{family}{major}.{minor} {project}{build}"))
}

/// Adds what the properties of a document say. Returns the program, as a copy names it.
///
/// # Errors
/// Those of the budget; reading.
pub(super) fn report(
    source: &Source<'_>,
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<Option<String>> {
    let mut properties = Properties::default();
    let read = stream::read(Reading::new(source), cx, &|_, _| true, &mut |piece| {
        match piece {
            Piece::Open(element, _) => properties.open(element, place, cx, found)?,
            Piece::Node(Node::Text(text)) => properties.text(&text, place, cx, found)?,
            Piece::Node(_) => {}
            Piece::Close => properties.close(),
        }
        Ok(())
    });
    let len = source.len();
    let what = "properties of the document";
    found
        .findings
        .push(Finding::new("odf.meta", Category::Person, Severity::Medium, place, what).bytes(len));
    match read {
        // It is removed as a whole.
        Err(error) if error.is_refusal() => Ok(None),
        other => other.map(|()| properties.generator),
    }
}

/// Properties that are being read: the names of the open elements.
#[derive(Default)]
pub(super) struct Properties {
    open: Vec<String>,
    /// The program, as a copy names it.
    pub(super) generator: Option<String>,
}

impl Properties {
    /// Whether no element is open.
    pub(super) fn is_done(&self) -> bool {
        self.open.is_empty()
    }

    /// An element begins.
    ///
    /// # Errors
    /// Those of the budget.
    pub(super) fn open(
        &mut self,
        element: &Element,
        place: &str,
        cx: &Context<'_>,
        found: &mut Found,
    ) -> Result<()> {
        let prefix = spaces::prefix(&element.space);
        let mut name = format!("{prefix}:{}", element.name);
        let user = element.attributes.iter().find(|it| it.name == "name");
        if name == "meta:user-defined"
            && let Some(user) = user
        {
            name = user.value.clone();
        }
        if name == "meta:template" {
            for attribute in &element.attributes {
                if matches!(attribute.name.as_str(), "href" | "title" | "date")
                    && !attribute.value.is_empty()
                {
                    add("template", &attribute.value, place, cx, found)?;
                }
            }
        }
        self.open.push(name);
        Ok(())
    }

    /// Text of the innermost element.
    ///
    /// # Errors
    /// Those of the budget.
    pub(super) fn text(
        &mut self,
        text: &str,
        place: &str,
        cx: &Context<'_>,
        found: &mut Found,
    ) -> Result<()> {
        match self.open.last() {
            Some(name) if name == "meta:generator" && neutral(text.trim()).is_some() => {
                self.generator = neutral(text.trim());
                if self.generator.as_deref() == Some(text.trim()) {
                    return Ok(());
                }
                add(name, text.trim(), place, cx, found)
            }
            Some(name) if !text.trim().is_empty() => add(name, text.trim(), place, cx, found),
            _ => Ok(()),
        }
    }

    /// The innermost element ends.
    pub(super) fn close(&mut self) {
        self.open.pop();
    }
}

fn add(name: &str, value: &str, place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let finding = |category, severity, what: &'static str, role| {
        Finding::new("odf.meta", category, severity, place, what).role(role)
    };
    let high = Severity::High;
    let medium = Severity::Medium;
    let local = name.rsplit(':').next().unwrap_or(name);
    match local {
        "creator" | "initial-creator" | "printed-by" | "editor" => {
            let what = "who wrote or printed the document";
            found.add(finding(Category::Person, high, what, Role::PersonName).text(value));
        }
        "date" | "creation-date" | "print-date" => {
            let what = "when the document was written or printed";
            let it = finding(Category::Time, medium, what, Role::OtherTime);
            found.add_as(it.value(text::time(value)), value);
        }
        "generator" => {
            let what = "the program and system";
            found.add(finding(Category::Device, medium, what, Role::Software).text(value));
        }
        "template" => {
            let what = "the template that was used";
            found.add(finding(Category::History, high, what, Role::Path).text(value));
        }
        "editing-duration" | "editing-cycles" => {
            let what = "how long and how often the document was edited";
            let it = finding(Category::History, medium, what, Role::Other);
            found.findings.push(it.text(value));
        }
        _ if name.contains(':') => {
            let what = "title, subject, keywords or description";
            let it = finding(Category::Person, medium, what, Role::Text);
            found.add(it.text(value));
        }
        _ => return text::read("odf.meta", name, value, place, cx, found),
    }
    text::mentions("odf.meta", value, place, cx, found)
}
