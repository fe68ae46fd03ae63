//! How a copy names its parts and relationships, and which content types they have: the names that Office
//! gives them, in the order in which the parts are reached. Names of the original can name a person or a
//! file, and random ids connect it with other copies.

use std::collections::{BTreeMap, HashMap};

use super::graph::{self, App};

/// Where relationships of Office itself are described, in the classes Transitional and Strict.
const STANDARD: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";
const MICROSOFT: &str = "http://schemas.microsoft.com/office";

/// A kind of part.
struct Row {
    /// Last segment of the type of the relationship.
    class: &'static str,
    /// Name without number; `@` is the folder of the program, `#` the number.
    name: &'static str,
    content_type: &'static str,
    /// Year of the namespace of Microsoft; 0 for the standard.
    year: u16,
}

macro_rules! rows {
    ($($class:literal $name:literal $kind:literal $year:literal;)*) => {
        &[$(Row { class: $class, name: $name, content_type: $kind, year: $year },)*]
    };
}

/// Prefixes of content types: `w:`, `x:` and `p:` for Word, Excel and PowerPoint, `d:` for drawings,
/// `o:` for all of them, `m:` for Microsoft.
const ROWS: &[Row] = rows! {
    "styles" "@/styles.xml" "*:styles+xml" 0;
    "stylesWithEffects" "@/stylesWithEffects.xml" "m:ms-word.stylesWithEffects+xml" 2007;
    "numbering" "@/numbering.xml" "w:numbering+xml" 0;
    "fontTable" "@/fontTable.xml" "w:fontTable+xml" 0;
    "settings" "@/settings.xml" "w:settings+xml" 0;
    "footnotes" "@/footnotes.xml" "w:footnotes+xml" 0;
    "endnotes" "@/endnotes.xml" "w:endnotes+xml" 0;
    "header" "@/header#.xml" "w:header+xml" 0;
    "footer" "@/footer#.xml" "w:footer+xml" 0;
    "theme" "@/theme/theme#.xml" "o:theme+xml" 0;
    "themeOverride" "@/theme/themeOverride#.xml" "o:themeOverride+xml" 0;
    "sharedStrings" "@/sharedStrings.xml" "x:sharedStrings+xml" 0;
    "worksheet" "@/worksheets/sheet#.xml" "x:worksheet+xml" 0;
    "chartsheet" "@/chartsheets/sheet#.xml" "x:chartsheet+xml" 0;
    "dialogsheet" "@/dialogsheets/sheet#.xml" "x:dialogsheet+xml" 0;
    "xlMacrosheet" "@/macrosheets/sheet#.xml" "m:ms-excel.macrosheet+xml" 2006;
    "xlIntlMacrosheet" "@/macrosheets/intlsheet#.xml" "m:ms-excel.intlmacrosheet+xml" 2006;
    "table" "@/tables/table#.xml" "x:table+xml" 0;
    "tableSingleCells" "@/tables/tableSingleCells#.xml" "x:tableSingleCells+xml" 0;
    "ctrlProp" "@/ctrlProps/ctrlProp#.xml" "m:ms-excel.controlproperties+xml" 0;
    "drawing" "@/drawings/drawing#.xml" "o:drawing+xml" 0;
    "vmlDrawing" "@/drawings/vmlDrawing#.vml" "o:vmlDrawing" 0;
    "chart" "@/charts/chart#.xml" "d:chart+xml" 0;
    "chartUserShapes" "@/drawings/userShapes#.xml" "d:chartshapes+xml" 0;
    "chartEx" "@/charts/chartEx#.xml" "m:ms-office.chartex+xml" 2014;
    "chartStyle" "@/charts/style#.xml" "m:ms-office.chartstyle+xml" 2011;
    "chartColorStyle" "@/charts/colors#.xml" "m:ms-office.chartcolorstyle+xml" 2011;
    "diagramData" "@/diagrams/data#.xml" "d:diagramData+xml" 0;
    "diagramLayout" "@/diagrams/layout#.xml" "d:diagramLayout+xml" 0;
    "diagramQuickStyle" "@/diagrams/quickStyle#.xml" "d:diagramStyle+xml" 0;
    "diagramColors" "@/diagrams/colors#.xml" "d:diagramColors+xml" 0;
    "diagramDrawing" "@/diagrams/drawing#.xml" "m:ms-office.drawingml.diagramDrawing+xml" 2007;
    "slide" "@/slides/slide#.xml" "p:slide+xml" 0;
    "slideLayout" "@/slideLayouts/slideLayout#.xml" "p:slideLayout+xml" 0;
    "slideMaster" "@/slideMasters/slideMaster#.xml" "p:slideMaster+xml" 0;
    "notesMaster" "@/notesMasters/notesMaster#.xml" "p:notesMaster+xml" 0;
    "notesSlide" "@/notesSlides/notesSlide#.xml" "p:notesSlide+xml" 0;
    "presProps" "@/presProps.xml" "p:presProps+xml" 0;
    "tableStyles" "@/tableStyles.xml" "p:tableStyles+xml" 0;
    "vbaProject" "@/vbaProject.bin" "m:ms-office.vbaProject" 2006;
    "image" "@/media/image#" "" 0;
    "audio" "@/media/media#" "" 0;
    "video" "@/media/media#" "" 0;
    "media" "@/media/media#" "" 2007;
    "package" "@/embeddings/document#" "" 0;
    "oleObject" "@/embeddings/document#" "" 0;
    "hyperlink" "" "" 0;
    "officeDocument" "" "" 0;
    "extended-properties" "" "o:extended-properties+xml" 0;
};

/// Files inside: id of their format or extension, extension in a copy, content type.
const INSIDE: &[(&str, &str, &str)] = &[
    ("jpeg", "jpeg", "image/jpeg"),
    ("png", "png", "image/png"),
    ("gif", "gif", "image/gif"),
    ("tiff", "tiff", "image/tiff"),
    ("bmp", "bmp", "image/bmp"),
    ("svg", "svg", "image/svg+xml"),
    ("webp", "webp", "image/webp"),
    ("ico", "ico", "image/x-icon"),
    ("pcx", "pcx", "image/x-pcx"),
    ("jp2", "jp2", "image/jp2"),
    ("heif", "heic", "image/heic"),
    ("avif", "avif", "image/avif"),
    ("emf", "emf", "image/x-emf"),
    ("wmf", "wmf", "image/x-wmf"),
    ("wav", "wav", "audio/wav"),
    ("odt", "odt", "application/vnd.oasis.opendocument.text"),
    (
        "ods",
        "ods",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    (
        "odp",
        "odp",
        "application/vnd.oasis.opendocument.presentation",
    ),
];

/// Folder of a program, and the name of its main part.
fn folder(app: App) -> (&'static str, &'static str) {
    match app {
        App::Word => ("word", "word/document.xml"),
        App::Excel => ("xl", "xl/workbook.xml"),
        App::PowerPoint => ("ppt", "ppt/presentation.xml"),
    }
}

fn row(class: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.class == class)
}

/// A content type without its abbreviation.
fn content_type(app: App, short: &str) -> String {
    let (family, name) = short.split_once(':').unwrap_or(("", short));
    let open = "application/vnd.openxmlformats-officedocument";
    let own = match app {
        App::Word => "wordprocessingml",
        App::Excel => "spreadsheetml",
        App::PowerPoint => "presentationml",
    };
    match family {
        "w" => format!("{open}.wordprocessingml.{name}"),
        "x" => format!("{open}.spreadsheetml.{name}"),
        "p" => format!("{open}.presentationml.{name}"),
        "d" => format!("{open}.drawingml.{name}"),
        "o" => format!("{open}.{name}"),
        "*" => format!("{open}.{own}.{name}"),
        _ => format!("application/vnd.{name}"),
    }
}

/// The type of a relationship as a copy writes it.
pub(super) fn relationship_type(class: &str, original: &str) -> String {
    match row(class).map_or(0, |row| row.year) {
        0 if original.starts_with(STRICT) => format!("{STRICT}/{class}"),
        0 => format!("{STANDARD}/{class}"),
        year => format!("{MICROSOFT}/{year}/relationships/{class}"),
    }
}

/// The file inside of a part: the extension and content type of a copy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    extension: &'static str,
    content_type: &'static str,
}

impl Kind {
    /// Of a file of this format, whose content type is written as this.
    pub(super) fn of(id: &str, written: &str) -> Self {
        if let Some((content_type, extension)) = graph::embedded(id, written) {
            return Self {
                extension,
                content_type,
            };
        }
        let known = INSIDE.iter().find(|(known, ..)| *known == id);
        known.map_or(
            Self {
                extension: "bin",
                content_type: "application/octet-stream",
            },
            |(_, extension, content_type)| Self {
                extension,
                content_type,
            },
        )
    }
}

/// Names of parts in a copy.
#[derive(Debug)]
pub(super) struct Names {
    app: App,
    /// New names by old ones.
    given: BTreeMap<String, Given>,
    /// How many parts have each name.
    used: HashMap<&'static str, u64>,
}

#[derive(Debug)]
struct Given {
    name: String,
    content_type: String,
}

impl Names {
    /// Of a document with this main part.
    pub(super) fn new(app: App, main: &str, main_type: &str) -> Self {
        let given = Given {
            name: folder(app).1.to_owned(),
            content_type: main_type.to_owned(),
        };
        Self {
            app,
            given: BTreeMap::from([(main.to_owned(), given)]),
            used: HashMap::new(),
        }
    }

    /// Gives a part its name, where it has none yet.
    pub(super) fn give(&mut self, part: &str, class: &str, inside: Option<Kind>) {
        if self.given.contains_key(part) {
            return;
        }
        let Some(row) = row(class).filter(|row| !row.name.is_empty()) else {
            return;
        };
        let count = self.used.entry(row.name).or_insert(0);
        *count = count.saturating_add(1);
        let number = match (row.name.contains('#'), *count) {
            (false, 1) => String::new(),
            (_, count) => count.to_string(),
        };
        let name = row.name.replace('@', folder(self.app).0);
        let given = match inside {
            Some(kind) => Given {
                name: format!("{}.{}", name.replace('#', &number), kind.extension),
                content_type: kind.content_type.to_owned(),
            },
            None if name.contains('#') => Given {
                name: name.replace('#', &number),
                content_type: content_type(self.app, row.content_type),
            },
            None => {
                let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, "bin"));
                Given {
                    name: format!("{stem}{number}.{extension}"),
                    content_type: content_type(self.app, row.content_type),
                }
            }
        };
        self.given.insert(part.to_owned(), given);
    }

    /// Gives a part a name of its own.
    pub(super) fn own(&mut self, part: &str, name: &str, content_type: &str) {
        let given = Given {
            name: name.to_owned(),
            content_type: content_type.to_owned(),
        };
        self.given.insert(part.to_owned(), given);
    }

    /// The name of a part in the copy.
    pub(super) fn of(&self, part: &str) -> Option<&str> {
        self.given.get(part).map(|given| given.name.as_str())
    }

    /// Names and content types of the copy, in the order of the names.
    pub(super) fn types(&self) -> Vec<(String, String)> {
        let mut types: Vec<_> = self
            .given
            .values()
            .map(|given| (given.name.clone(), given.content_type.clone()))
            .collect();
        types.sort();
        types
    }

    /// Old names of all parts.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.given.keys().map(String::as_str)
    }
}

/// The target of a relationship of `part`, both named as in a copy.
pub(super) fn target(part: &str, to: &str) -> String {
    let here: Vec<&str> = part.split('/').collect();
    let there: Vec<&str> = to.split('/').collect();
    let here = here.split_last().map_or(&[][..], |(_, folders)| folders);
    let common = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
    let up = here.len().saturating_sub(common);
    let mut out = vec![".."; up];
    out.extend(there.iter().skip(common));
    out.join("/")
}

/// Whether a name, without its folder and extension, is one that Office gives.
pub(super) fn is_usual(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    let stem = last.split('.').next().unwrap_or_default();
    let stem = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let known = |row: &Row| {
        let last = row.name.rsplit('/').next().unwrap_or_default();
        last.split(['#', '.']).next() == Some(stem)
    };
    ROWS.iter().any(known)
        || ["document", "workbook", "presentation", "app"].contains(&stem)
        || stem.starts_with("Microsoft_") && !stem.contains(' ')
}

/// Whether a copy names a part so.
pub(super) fn is_ours(name: &str) -> bool {
    let name = match name.split_once("_rels/") {
        Some((folder, name)) => format!("{folder}{}", name.trim_end_matches(".rels")),
        None => name.to_owned(),
    };
    let apps = [App::Word, App::Excel, App::PowerPoint];
    name.is_empty()
        || name == super::package::TYPES_PART
        || name == super::program::PART
        || apps.into_iter().any(|app| {
            let (folder, main) = folder(app);
            let fits = |row: &Row| {
                let pattern = row.name.replace('@', folder);
                let (start, end) = match pattern.split_once('#') {
                    Some(halves) => halves,
                    None => pattern.rsplit_once('.').unwrap_or((&pattern, "")),
                };
                let Some(rest) = name.strip_prefix(start) else {
                    return false;
                };
                let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
                let is_inside = rest.strip_prefix('.').is_some_and(is_extension);
                match end {
                    "" => is_inside,
                    end => rest.trim_start_matches('.') == end.trim_start_matches('.'),
                }
            };
            name == main || ROWS.iter().filter(|row| !row.name.is_empty()).any(fits)
        })
}

fn is_extension(text: &str) -> bool {
    text == "bin"
        || INSIDE.iter().any(|(_, extension, _)| *extension == text)
        || graph::is_extension(text)
}

/// Whether a copy writes this content type or type of a relationship.
pub(super) fn is_our_type(text: &str) -> bool {
    let apps = [App::Word, App::Excel, App::PowerPoint];
    let is_type = |row: &Row| {
        let types = [
            relationship_type(row.class, STANDARD),
            relationship_type(row.class, STRICT),
        ];
        types.iter().any(|it| it == text)
            || apps
                .into_iter()
                .any(|app| content_type(app, row.content_type) == text)
    };
    matches!(
        text,
        "application/xml"
            | "application/octet-stream"
            | "application/vnd.openxmlformats-package.relationships+xml"
    ) || graph::is_type(text)
        || INSIDE
            .iter()
            .any(|(.., content_type)| *content_type == text)
        || ROWS.iter().any(is_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_office() {
        let mut names = Names::new(App::Word, "x/anna.xml", "t");
        names.give("x/a.xml", "styles", None);
        names.give("x/b.xml", "styles", None);
        names.give("x/header-anna.xml", "header", None);
        let photo = Kind::of("jpeg", "");
        names.give("x/IMG_1.JPG", "image", Some(photo));
        assert_eq!(names.of("x/anna.xml"), Some("word/document.xml"));
        assert_eq!(names.of("x/a.xml"), Some("word/styles.xml"));
        assert_eq!(names.of("x/b.xml"), Some("word/styles2.xml"));
        assert_eq!(names.of("x/header-anna.xml"), Some("word/header1.xml"));
        assert_eq!(names.of("x/IMG_1.JPG"), Some("word/media/image1.jpeg"));
        for (name, _) in names.types() {
            assert!(is_ours(&name) && is_usual(&name), "{name}");
        }
        assert!(is_ours("word/_rels/document.xml.rels") && is_ours("_rels/.rels"));
        assert!(!is_ours("word/anna.xml") && !is_ours("word/media/anna1.jpeg"));
        assert!(!is_usual("word/media/IMG_1.JPG"));
    }

    #[test]
    fn targets_are_relative() {
        let part = "ppt/slides/slide1.xml";
        assert_eq!(target(part, "ppt/media/image1.png"), "../media/image1.png");
        assert_eq!(target(part, "ppt/slides/slide2.xml"), "slide2.xml");
        assert_eq!(target("", "word/document.xml"), "word/document.xml");
        assert_eq!(target("xl/workbook.xml", "xl/styles.xml"), "styles.xml");
    }

    #[test]
    fn types_are_those_of_the_standard() {
        assert_eq!(
            content_type(App::Excel, "*:styles+xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
        );
        assert_eq!(
            relationship_type("image", "http://anna/image"),
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
        );
        assert!(is_our_type(&relationship_type("chartEx", "")));
        assert!(!is_our_type("application/vnd.ms-anna"));
    }
}
