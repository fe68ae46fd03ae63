//! `docProps/app.xml` of a copy: that Office wrote the document, and whether it was Office 2007. Other programs
//! lay out such documents differently (LibreOffice: column widths, defaults in charts). Everything else in it is
//! removed (ISO/IEC 29500-1 §22.2).

use crate::bytes::Context;
use crate::model::Result;

use super::graph::App;
use super::package;

/// The part, and its content type.
pub(super) const PART: &str = "docProps/app.xml";
pub(super) const CONTENT_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.extended-properties+xml";
/// The type of its relationship.
pub(super) const RELATIONSHIP: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties";

/// The part of a copy; `None` where another program wrote the document.
pub(super) fn properties(app: App, original: &[u8], cx: &Context<'_>) -> Result<Option<Vec<u8>>> {
    let children = package::children(original, cx)?;
    let value = |name: &str| {
        let found = children.iter().find(|it| it.name == name);
        found.map(|it| it.text()).unwrap_or_default()
    };
    if !value("Application").trim().starts_with("Microsoft") {
        return Ok(None);
    }
    let program = match app {
        App::Word => "Microsoft Office Word",
        App::Excel => "Microsoft Excel",
        App::PowerPoint => "Microsoft Office PowerPoint",
    };
    let version = match value("AppVersion").trim().starts_with("12.") {
        true => "<AppVersion>12.0000</AppVersion>",
        false => "",
    };
    Ok(Some(
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Properties \
             xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
             <Application>{program}</Application>{version}</Properties>"
        )
        .into_bytes(),
    ))
}
