//! What parts say that a copy does not have: who wrote the document, where, with what, and who changed it.

use crate::bytes::Order;
use crate::bytes::{Context, Source};
use crate::containers::xml::stream::Piece;
use crate::containers::xml::tree::{Element, Node};
use crate::containers::zip::Member;
use crate::model::Result;

use super::open;
use super::paths::paths;
use super::report::{self as kind, Kind, Report};
use super::said::all_text;

/// How much of an object is searched for paths, in bytes.
const MAXIMUM_OBJECT: u64 = 1 << 20;

/// Reports a part that is removed.
pub(super) fn report(
    what: &'static Kind,
    part: &str,
    source: &Source<'_>,
    member: &Member,
    cx: &Context<'_>,
    report: &mut Report,
) -> Result<()> {
    report.tell(what, part, "");
    let opened = match open::content(source, member, cx) {
        Ok(opened) => opened,
        Err(error) if open::is_about_file(&error) => return Ok(()),
        Err(error) => return Err(error),
    };
    let content = opened.source();
    if what == kind::PRINTER {
        // DEVMODEW (MS-RPRN §2.2.2.1): the name of the printer in 32 characters.
        let head = content.peek(0, 64)?;
        let units = head
            .chunks_exact(2)
            .filter_map(|pair| Order::Little.u16(pair));
        let name: String = char::decode_utf16(units.take_while(|unit| *unit != 0))
            .filter_map(Result::ok)
            .collect();
        if !name.chars().any(char::is_control) {
            report.tell(what, part, &name);
        }
        return Ok(());
    }
    if !part.to_lowercase().ends_with(".xml") {
        if what == kind::OBJECT {
            for path in paths(&content.peek(0, MAXIMUM_OBJECT)?) {
                report.tell(kind::PATH, part, &path);
            }
        }
        let found = cx.inspect_nested(&content)?;
        report.inside.merge(part, found);
        return Ok(());
    }
    let mut seen = Seen { what, part, report };
    let read = open::read_source(&content, cx, &mut |piece| {
        match piece {
            Piece::Open(element, _) => seen.attributes(element),
            Piece::Node(Node::Element(element)) => seen.element(&element),
            _ => {}
        }
        Ok(())
    });
    match read {
        Err(error) if !open::is_about_file(&error) => Err(error),
        _ => Ok(()),
    }
}

struct Seen<'s> {
    what: &'static Kind,
    part: &'s str,
    report: &'s mut Report,
}

impl Seen<'_> {
    fn element(&mut self, element: &Element) {
        self.attributes(element);
        let text = all_text(element);
        if let Some(what) = self.kind_of(&element.name)
            && element.elements().next().is_none()
        {
            self.report.tell(what, self.part, &text);
        }
        // One comment is one text.
        if self.what == kind::COMMENT
            && matches!(element.name.as_str(), "comment" | "threadedComment" | "cm")
        {
            self.report.tell(kind::COMMENT, self.part, &text);
        } else if self.what == kind::CONNECTION && element.name == "v" {
            self.report.tell(kind::CACHED, self.part, &text);
        } else if element.name == "property" {
            let name = element.get("name").unwrap_or_default();
            self.report.tell(kind::CUSTOM, self.part, name);
            self.report.tell(kind::CUSTOM, self.part, &text);
        }
        for inner in element.elements() {
            self.element(inner);
        }
    }

    fn attributes(&mut self, element: &Element) {
        for attribute in &element.attributes {
            let name = attribute.name.as_str();
            let is_name = name == "name"
                && matches!(
                    element.name.as_str(),
                    "cmAuthor" | "author" | "person" | "userInfo" | "docChgMkLst" | "chgData"
                );
            let is_pivot = self.what == kind::PIVOT && matches!(name, "name" | "caption" | "sheet");
            let what = match element.name.as_str() {
                _ if is_name => Some(kind::PEOPLE),
                _ if is_pivot => Some(kind::PIVOT),
                "sheetName" if self.what == kind::CONNECTION && name == "val" => Some(kind::CACHED),
                _ => self.kind_of(name),
            };
            if let Some(what) = what {
                self.report.tell(what, self.part, &attribute.value);
            }
        }
    }

    /// What an element or attribute of this name says.
    fn kind_of(&self, name: &str) -> Option<&'static Kind> {
        let is_comment = self.what == kind::COMMENT;
        let is_properties = self.what == kind::PROPERTIES;
        Some(match name {
            "creator" | "lastModifiedBy" | "Manager" if is_properties => kind::PERSON,
            "Company" if is_properties => kind::COMPANY,
            "Application" | "AppVersion" if is_properties => kind::PROGRAM,
            "created" | "modified" | "lastPrinted" if is_properties => kind::TIMES,
            "Template" if is_properties => kind::TEMPLATE,
            "HyperlinkBase" if is_properties => kind::PATH,
            "title" | "subject" | "description" | "keywords" | "category" | "contentStatus"
            | "identifier"
                if is_properties =>
            {
                kind::TEXTS
            }
            "author" | "initials" | "authors" if is_comment => kind::COMMENT_PERSON,
            "date" | "dT" | "dt" | "dateUtc" if is_comment => kind::TIMES,
            "displayName" | "userId" | "userName" | "lastEditedBy" | "author" => kind::PEOPLE,
            "dateTime" | "dt" if self.what == kind::HISTORY => kind::TIMES,
            "connection" | "connectionString" | "sourceFile" | "command" | "odcFile" | "url" => {
                kind::CONNECTION
            }
            "siteId" => kind::LABELS,
            "v" if self.what == kind::PIVOT => kind::PIVOT,
            "val" if self.what == kind::HISTORY => kind::HISTORY,
            "refreshedBy" if self.what == kind::PIVOT => kind::PIVOT_PERSON,
            "refreshedDate" | "refreshedDateIso" if self.what == kind::PIVOT => kind::TIMES,
            _ => return None,
        })
    }
}
