//! `settings.xml`: only what changes how the document looks.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::filter::{Sink, value};
use super::spaces;
use crate::bytes::{Context, Source};
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::{Attribute, Element, Node, Space};
use crate::containers::xml::write::Writer;
use crate::formats::common::package::Reading;
use crate::metadata::text;
use crate::model::{Category, Finding, Found, Result, Role, Severity};

/// Settings that programs use for the layout and for what is seen on opening.
static NAMES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("settings.txt").split_whitespace().collect());

/// Maximum number of settings that are reported one by one.
const MAXIMUM_REPORTED: usize = 64;

/// Reads settings and hands their copy to `sink`. What is removed and says something is reported.
///
/// # Errors
/// As [`stream::read`], and those of `sink`.
pub(super) fn filter(
    source: &Source<'_>,
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let config = spaces::SPACES
        .iter()
        .find(|(prefix, _)| *prefix == "config");
    let declared: Vec<_> = spaces::declared()
        .into_iter()
        .chain(config.map(|(_, uri)| std::rc::Rc::from(*uri)))
        .collect();
    let mut writer = Writer::new(&spaces::of_uri);
    let mut settings = Settings::default();
    stream::read(Reading::new(source), cx, &|_, _| true, &mut |piece| {
        match piece {
            Piece::Open(element, _) => {
                let first = if settings.is_done() {
                    &declared[..]
                } else {
                    &[]
                };
                settings.open(element, first, &mut writer);
            }
            Piece::Node(Node::Text(text)) => settings.text(&text),
            Piece::Node(_) => {}
            Piece::Close => settings.close(place, &mut writer, cx, found)?,
        }
        sink(&writer.take())
    })?;
    sink(&writer.take())
}

/// Settings in the making.
#[derive(Default)]
pub(super) struct Settings {
    /// Whether each open element is written.
    open: Vec<bool>,
    /// The open item: its name, the element, and its value.
    item: Option<(String, Element, String)>,
}

impl Settings {
    /// Whether no element is open.
    pub(super) fn is_done(&self) -> bool {
        self.open.is_empty()
    }

    /// An element begins; it gets these declarations of namespaces.
    pub(super) fn open(
        &mut self,
        element: &Element,
        declared: &[std::rc::Rc<str>],
        writer: &mut Writer<'_>,
    ) {
        let name = format!("{}:{}", spaces::prefix(&element.space), element.name);
        let named = value(element, "config:name").unwrap_or_default();
        if name == "config:config-item" {
            self.item = Some((named.to_owned(), bare(element), String::new()));
            self.open.push(false);
            return;
        }
        let is_structure = match name.as_str() {
            "office:document-settings" | "office:settings" => true,
            "config:config-item-set" => matches!(
                named,
                "ooo:view-settings"
                    | "ooo:configuration-settings"
                    | "view-settings"
                    | "configuration-settings"
            ),
            "config:config-item-map-indexed" => named == "Views",
            "config:config-item-map-named" => named == "Tables",
            "config:config-item-map-entry" => true,
            _ => false,
        };
        let is_written = is_structure && self.open.last().copied().unwrap_or(true);
        if is_written {
            writer.open(&bare(element), declared);
        }
        self.open.push(is_written);
    }

    /// Text of the innermost element.
    pub(super) fn text(&mut self, text: &str) {
        if let Some((.., value)) = &mut self.item {
            value.push_str(text);
        }
    }

    /// The innermost element ends.
    ///
    /// # Errors
    /// Those of the budget.
    pub(super) fn close(
        &mut self,
        place: &str,
        writer: &mut Writer<'_>,
        cx: &Context<'_>,
        found: &mut Found,
    ) -> Result<()> {
        let is_written = self.open.pop().unwrap_or(false);
        if let Some((name, element, value)) = self.item.take() {
            let is_inside = self.open.last().copied().unwrap_or(false);
            if is_inside && is_allowed(&name, &element, &value) {
                writer.open(&element, &[]);
                writer.node(&Node::Text(value));
                writer.close();
            } else {
                report(&name, &value, place, cx, found)?;
            }
        } else if is_written {
            writer.close();
        }
        Ok(())
    }
}

/// The element with its name and type only.
fn bare(element: &Element) -> Element {
    let keep = |attribute: &&Attribute| {
        matches!(spaces::prefix(&attribute.space), "config" | "office")
            && matches!(attribute.name.as_str(), "name" | "type" | "version")
    };
    Element {
        space: element.space.clone(),
        name: element.name.clone(),
        attributes: element.attributes.iter().filter(keep).cloned().collect(),
        children: Vec::new(),
    }
}

fn is_allowed(name: &str, element: &Element, value: &str) -> bool {
    let kind = element
        .attributes
        .iter()
        .find(|it| it.name == "type" && !matches!(it.space, Space::None));
    let value = value.trim();
    match kind.map(|it| it.value.as_str()) {
        Some("boolean") => NAMES.contains(name) && matches!(value, "true" | "false"),
        Some("int" | "short" | "long" | "double") => {
            NAMES.contains(name) && value.parse::<f64>().is_ok()
        }
        Some("string") => {
            name == "PrinterIndependentLayout"
                && matches!(
                    value,
                    "enabled" | "disabled" | "low-resolution" | "high-resolution"
                )
        }
        _ => false,
    }
}

fn report(name: &str, value: &str, place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let value = value.trim();
    let is_telling = matches!(
        name,
        "PrinterName"
            | "PrinterSetup"
            | "PrintFaxName"
            | "Rsid"
            | "RsidRoot"
            | "CurrentDatabaseDataSource"
            | "CurrentDatabaseCommand"
            | "EmbeddedDatabaseName"
            | "RedlineProtectionKey"
            | "TrackedChangesViewSettings"
    ) || name.ends_with("URL");
    if value.is_empty() || !is_telling || found.findings.len() > MAXIMUM_REPORTED {
        return Ok(());
    }
    let (category, what, role) = match name {
        "PrinterName" | "PrinterSetup" | "PrintFaxName" => {
            (Category::Device, "the printer", Role::Model)
        }
        "Rsid" | "RsidRoot" | "RedlineProtectionKey" => (
            Category::History,
            "numbers of editing sessions",
            Role::LinkId,
        ),
        _ => (
            Category::History,
            "a connection to another file or database",
            Role::Path,
        ),
    };
    let finding = Finding::new("odf.settings", category, Severity::Medium, place, what).role(role);
    match name {
        "PrinterSetup" | "RedlineProtectionKey" => {
            let size = crate::model::len_u64(value.len());
            found.findings.push(finding.bytes(size));
        }
        _ => found.add(finding.text(value)),
    }
    text::mentions("odf.settings", value, place, cx, found)
}
