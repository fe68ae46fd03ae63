//! The first walk through a book: which files it shows, which names are referred to, and whether its pages name
//! its authors.

use std::collections::HashSet;

use super::book::{Book, Item};
use super::look::{Links, Look, Outcome};
use super::page::{self, Page, Shown};
use super::{paths, style};
use crate::bytes::{Context, Source};
use crate::containers::zip::Kind;
use crate::formats::common::is_path_like;
use crate::model::Result;

/// How much text is searched at a time, in bytes.
const BATCH: usize = 64 << 10;
/// Longer than a name or title that is searched for, in characters.
const OVERLAP: usize = 512;
/// The title of a book whose own title cannot be retained.
const UNTITLED: &str = "Untitled";

/// What the first walk brings.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) links: Links,
    /// The files that the book shows: in the order of the manifest, and those that it does not list behind them.
    pub(super) items: Vec<Item>,
    /// The authors whom its pages name.
    pub(super) authors: Vec<String>,
}

impl Survey {
    /// Follows the references from the pages and tables of contents.
    ///
    /// # Errors
    /// As [`page::filter`].
    pub(super) fn run(book: &Book, source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let title = book.values("title").next();
        let mut links = Links {
            title: title
                .filter(|title| !is_path_like(title))
                .unwrap_or_else(|| UNTITLED.to_owned()),
            ..Links::default()
        };
        let mut authors = Seen::new(book.values("creator").collect());
        let mut reached = Reached::default();
        for (_, item) in book.spine() {
            reached.add(&item.path);
        }
        let is_nav = |item: &&Item| item.properties.iter().any(|it| it == "nav");
        let others = book.items.iter().filter(is_nav);
        for item in others.chain(book.ncx()).chain(book.cover()) {
            reached.add(&item.path);
        }
        for reference in book.guide() {
            let href = reference.get("href").unwrap_or_default();
            if let Some(path) = paths::inside(href, &book.path) {
                reached.add(&path);
            }
            links.ids.extend(paths::resolve(href, &book.path).1);
        }
        let mut extra = Vec::new();
        let mut next = 0;
        while let Some(path) = reached.order.get(next).cloned() {
            cx.item()?;
            next = next.saturating_add(1);
            let item = match book.by_path(&path) {
                Some(item) => item.clone(),
                None => match unlisted(book, &path) {
                    Some(item) => {
                        extra.push(item.clone());
                        item
                    }
                    None => continue,
                },
            };
            let fallback = item.fallback.as_deref().and_then(|id| book.by_id(id));
            if let Some(fallback) = fallback {
                reached.add(&fallback.path);
            }
            if !item.is_text() {
                continue;
            }
            let Some(opened) = book.open(source, &path, cx)? else {
                continue;
            };
            let content = opened.source();
            let outcome = if item.is_style() {
                let mut look = Look::new(&path, &links, cx);
                style::sheet(&style::decoded(&content, cx)?, &mut look)?;
                look.out
            } else {
                let (outcome, is_titled) = read(&content, &item, &links, &mut authors, cx)?;
                if is_titled {
                    links.titled.insert(path);
                }
                outcome
            };
            links.ids.extend(outcome.ids);
            links.classes.extend(outcome.classes);
            links.any_id |= outcome.any_id;
            links.any_class |= outcome.any_class;
            for path in outcome.used {
                reached.add(&path);
            }
        }
        let listed = book.items.iter();
        let items = listed.filter(|item| reached.known.contains(&item.path));
        let mut names = HashSet::new();
        Ok(Self {
            items: items
                .cloned()
                .chain(extra)
                .filter(|item| names.insert(item.path.clone()))
                .collect(),
            authors: authors.found(),
            links,
        })
    }
}

/// Reads a page. Returns whether it shows its own title.
fn read(
    content: &Source<'_>,
    item: &Item,
    links: &Links,
    authors: &mut Seen,
    cx: &Context<'_>,
) -> Result<(Outcome, bool)> {
    let page = Page {
        path: &item.path,
        is_ncx: item.is_ncx(),
        links,
    };
    let mut title = String::new();
    let mut own = Seen::new(Vec::new());
    let outcome = page::filter(
        content,
        page,
        cx,
        &mut |shown| match shown {
            Shown::Title(text) => title.push_str(text),
            Shown::Text(text) => {
                if own.wanted.is_empty() && !title.is_empty() {
                    own = Seen::new(vec![std::mem::take(&mut title)]);
                }
                own.text(text);
                // Programs put the author into tables of contents without asking.
                if !page.is_ncx {
                    authors.text(text);
                }
            }
            Shown::Aside(_) => {}
        },
        &mut |_| Ok(()),
    )?;
    let title = own.wanted.first().map_or(title, |it| it.name.clone());
    let is_titled = normal(&title) == normal(&links.title) || !own.found().is_empty();
    authors.text("\n");
    Ok((outcome, is_titled))
}

/// A file that the manifest does not list, and that programs show all the same.
fn unlisted(book: &Book, path: &str) -> Option<Item> {
    let member = book.archive.member(path)?;
    let is_own = path.starts_with("META-INF/") || path == "mimetype" || path == book.path;
    if is_own || member.kind != Kind::File {
        return None;
    }
    let ending = path
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    Some(Item {
        path: path.to_owned(),
        media_type: match ending.as_str() {
            "xhtml" | "html" | "htm" => "application/xhtml+xml".to_owned(),
            "css" => "text/css".to_owned(),
            _ => String::new(),
        },
        ..Item::default()
    })
}

/// Paths in the order in which they are met.
#[derive(Debug, Default)]
struct Reached {
    order: Vec<String>,
    known: HashSet<String>,
}

impl Reached {
    fn add(&mut self, path: &str) {
        if self.known.insert(path.to_owned()) {
            self.order.push(path.to_owned());
        }
    }
}

/// Names that are searched for in the text of pages.
#[derive(Debug)]
struct Seen {
    wanted: Vec<Wanted>,
    window: String,
}

#[derive(Debug)]
struct Wanted {
    name: String,
    /// Its spellings: a name with a comma also the other way round.
    spellings: Vec<String>,
    is_found: bool,
}

impl Seen {
    fn new(names: Vec<String>) -> Self {
        let wanted = names.into_iter().map(|name| {
            let turned = name
                .split_once(',')
                .map(|(last, first)| format!("{} {}", first.trim(), last.trim()));
            let spellings = std::iter::once(normal(&name))
                .chain(turned.as_deref().map(normal))
                .filter(|it| it.chars().count() > 2 && it.len() < OVERLAP)
                .collect();
            Wanted {
                name,
                spellings,
                is_found: false,
            }
        });
        Self {
            wanted: wanted.collect(),
            window: String::new(),
        }
    }

    fn text(&mut self, text: &str) {
        if self.wanted.iter().all(|it| it.is_found) {
            return;
        }
        self.window.push_str(text);
        if self.window.len() > BATCH {
            self.search();
            let tail: Vec<char> = self.window.chars().rev().take(OVERLAP).collect();
            self.window = tail.into_iter().rev().collect();
        }
    }

    fn search(&mut self) {
        let text = normal(&self.window);
        for wanted in &mut self.wanted {
            wanted.is_found |= wanted.spellings.iter().any(|it| text.contains(it));
        }
    }

    /// The names that were found.
    fn found(mut self) -> Vec<String> {
        self.search();
        let found = self.wanted.into_iter().filter(|it| it.is_found);
        found.map(|it| it.name).collect()
    }
}

/// Small letters, and one space between words.
fn normal(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_pages() {
        let mut seen = Seen::new(vec!["Lindgren, Åsa".into(), "Anna Berg".into(), "B".into()]);
        for text in ["En bok av\n ÅSA", " \n", "LINDGREN", " Anna ", "Dahl B"] {
            seen.text(text);
        }
        assert_eq!(seen.found(), ["Lindgren, Åsa"]);
    }
}
