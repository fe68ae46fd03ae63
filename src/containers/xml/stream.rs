//! XML of any length: elements on a chosen path are handed out when they begin and end, everything below
//! the path as trees. Memory is bounded by the largest of these trees.

use std::io::{BufRead, Read};
use std::rc::Rc;

use quick_xml::events::Event;
use quick_xml::reader::Reader;

use super::encoding;
use super::tree::{Builder, Element, Node, malformed};
use crate::bytes::Context;
use crate::model::{Error, Result, len_u64};

/// What a stream consists of.
#[derive(Debug)]
pub enum Piece<'a> {
    /// An element on the path begins. It has no children yet. With it, the namespaces that are in scope,
    /// innermost last: prefix and namespace name.
    Open(&'a Element, &'a [(String, Rc<str>)]),
    /// Something directly inside the innermost open element.
    Node(Node),
    /// The innermost open element ends.
    Close,
}

/// Elements inside each other at most. Tables inside tables in office documents reach two hundred.
const DEEPEST: usize = 400;

/// How many events count as one structure: of a stream, few of them are held at a time.
const EVENTS_AN_ITEM: u64 = 3;

/// Whether an element is on the path: the open elements around it, and the element itself.
pub type OnPath<'a> = dyn Fn(&[Element], &Element) -> bool + 'a;

/// Reads a file without document type, UTF-8 piece by piece and other encodings at once.
///
/// # Errors
/// [`Error::Malformed`] when it is not well-formed, [`Error::Unsupported`] when it has a document type,
/// the budget's, and those of `sink`.
pub fn read(
    input: impl BufRead,
    cx: &Context<'_>,
    on_path: &OnPath<'_>,
    sink: &mut dyn FnMut(Piece<'_>) -> Result<()>,
) -> Result<()> {
    decoded(input, cx, false, on_path, sink)
}

/// The same for XHTML: with a document type, and with the named characters of HTML. Every element is handed
/// out when it begins and ends.
///
/// # Errors
/// As [`read`], but for the document type.
pub fn read_html(
    input: impl BufRead,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(Piece<'_>) -> Result<()>,
) -> Result<()> {
    decoded(input, cx, true, &|_, _| true, &mut |piece| match piece {
        // Out of an entity.
        Piece::Node(Node::Element(element)) => hand_out(element, sink),
        piece => sink(piece),
    })
}

fn hand_out(mut element: Element, sink: &mut dyn FnMut(Piece<'_>) -> Result<()>) -> Result<()> {
    let children = std::mem::take(&mut element.children);
    sink(Piece::Open(&element, &[]))?;
    for child in children {
        match child {
            Node::Element(element) => hand_out(element, sink)?,
            node => sink(Piece::Node(node))?,
        }
    }
    sink(Piece::Close)
}

fn decoded(
    mut input: impl BufRead,
    cx: &Context<'_>,
    is_html: bool,
    on_path: &OnPath<'_>,
    sink: &mut dyn FnMut(Piece<'_>) -> Result<()>,
) -> Result<()> {
    let head = input.fill_buf()?;
    let is_utf8 = encoding::is_utf8(head);
    let mark = if head.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    input.consume(mark);
    if is_utf8 {
        return run(input, cx, is_html, on_path, sink);
    }
    let mut bytes = Vec::new();
    let most = cx.limits().block;
    input.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if len_u64(bytes.len()) > most {
        return Err(Error::LimitExceeded { limit: "block" });
    }
    cx.memory(len_u64(bytes.len()))?;
    run(
        encoding::decode(&bytes)?.as_bytes(),
        cx,
        is_html,
        on_path,
        sink,
    )
}

fn run(
    input: impl BufRead,
    cx: &Context<'_>,
    is_html: bool,
    on_path: &OnPath<'_>,
    sink: &mut dyn FnMut(Piece<'_>) -> Result<()>,
) -> Result<()> {
    let mut reader = Reader::from_reader(input);
    reader.config_mut().check_comments = false;
    let mut builder = Builder::new(cx);
    builder.is_stream = true;
    builder.is_html = is_html;
    builder.deepest = Some(DEEPEST);
    let mut state = State {
        builder,
        on_path,
        sink,
        path: 0,
        had_root: false,
    };
    let mut buffer = Vec::new();
    for event in 0u64.. {
        if event.is_multiple_of(EVENTS_AN_ITEM) {
            cx.item()?;
        }
        let at = reader.buffer_position();
        buffer.clear();
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|error| failed(error, at))?;
        match event {
            Event::Start(element) => {
                state.builder.start(&element, at)?;
                state.opened()?;
            }
            Event::Empty(element) => {
                state.builder.start(&element, at)?;
                state.opened()?;
                state.ended(at)?;
            }
            Event::End(_) => state.ended(at)?,
            event => {
                if !state.builder.event(event, 0, 0, at)? {
                    break;
                }
            }
        }
    }
    let at = reader.buffer_position();
    if !state.builder.open.is_empty() {
        return Err(malformed(at, "an element has no end"));
    }
    for node in std::mem::take(&mut state.builder.around) {
        (state.sink)(Piece::Node(node))?;
    }
    match state.builder.root.take() {
        Some(root) => (state.sink)(Piece::Node(Node::Element(root))),
        None if state.had_root => Ok(()),
        None => Err(malformed(at, "there is no element")),
    }
}

fn failed(error: quick_xml::Error, at: u64) -> Error {
    match error {
        quick_xml::Error::Io(error) => std::io::Error::new(error.kind(), error.to_string()).into(),
        _ => malformed(at, "this is not well-formed XML"),
    }
}

struct State<'a, 'b, 'f> {
    builder: Builder<'a, 'b>,
    on_path: &'f OnPath<'f>,
    sink: &'f mut dyn FnMut(Piece<'_>) -> Result<()>,
    /// How many of the open elements are on the path.
    path: usize,
    /// Whether the outermost element was on the path and has ended.
    had_root: bool,
}

impl State<'_, '_, '_> {
    /// An element has begun.
    fn opened(&mut self) -> Result<()> {
        let Some((element, around)) = self.builder.open.split_last() else {
            return Ok(());
        };
        if around.len() != self.path || !(self.on_path)(around, element) {
            return Ok(());
        }
        self.flush()?;
        if let Some(element) = self.builder.open.last() {
            (self.sink)(Piece::Open(element, &self.builder.bound))?;
        }
        self.path = self.path.saturating_add(1);
        Ok(())
    }

    /// An element ends.
    fn ended(&mut self, at: u64) -> Result<()> {
        let is_on_path = self.path > 0 && self.builder.open.len() == self.path;
        if is_on_path {
            self.flush()?;
            (self.sink)(Piece::Close)?;
        }
        self.builder.end(at)?;
        if !is_on_path {
            if self.builder.open.len() == self.path {
                self.flush()?;
            }
            return Ok(());
        }
        self.path = self.path.saturating_sub(1);
        match self.builder.open.last_mut() {
            Some(parent) => {
                parent.children.pop();
            }
            None => {
                self.builder.root = None;
                self.had_root = true;
            }
        }
        Ok(())
    }

    /// Hands out what the innermost element on the path holds so far.
    fn flush(&mut self) -> Result<()> {
        let innermost = self.path.checked_sub(1);
        let Some(element) = innermost.and_then(|index| self.builder.open.get_mut(index)) else {
            return Ok(());
        };
        for node in std::mem::take(&mut element.children) {
            (self.sink)(Piece::Node(node))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;

    fn pieces(text: &[u8]) -> Result<Vec<String>> {
        let mut out = Vec::new();
        with_context(|cx| {
            let on_path = |around: &[Element], element: &Element| {
                around.is_empty() || around.len() == 1 && element.name == "body"
            };
            read(text, cx, &on_path, &mut |piece| {
                out.push(match piece {
                    Piece::Open(element, _) => format!("<{}", element.name),
                    Piece::Node(Node::Element(element)) => {
                        format!("{}:{}", element.name, element.text())
                    }
                    Piece::Node(node) => format!("{node:?}"),
                    Piece::Close => ">".to_owned(),
                });
                Ok(())
            })
        })
        .map(|()| out)
    }

    #[test]
    fn line_ends_are_one_character() {
        let text = b"<doc><p>a\r\nb\rc&#13;d<![CDATA[\r\n]]></p></doc>";
        assert_eq!(pieces(text).unwrap(), ["<doc", "p:a\nb\nc\rd\n", ">"]);
    }

    #[test]
    fn trees_below_the_path() {
        let text =
            b"<?xml version='1.0'?>\n<doc><head/><body>x<p>a&amp;b<i>i</i></p><p/>y</body></doc>";
        let expected = [
            "<doc",
            "head:",
            "<body",
            "Text(\"x\")",
            "p:a&b",
            "p:",
            "Text(\"y\")",
            ">",
            ">",
        ];
        assert_eq!(pieces(text).unwrap(), expected);
        let utf16: Vec<u8> = [0xFEFF]
            .into_iter()
            .chain(str::from_utf8(text).unwrap().encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(pieces(&utf16).unwrap(), expected);
        let marked = [b"\xEF\xBB\xBF", &text[..]].concat();
        assert_eq!(pieces(&marked).unwrap(), expected);
    }

    #[test]
    fn pages_have_a_document_type_and_named_characters() {
        let text = "<!--a--><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.1//EN' 'x' [<!ENTITY e '<b>&nbsp;</b>'>]>\
            <html title='&eacute;'>&e;&amp;</html>";
        let mut out = String::new();
        with_context(|cx| {
            read_html(text.as_bytes(), cx, &mut |piece| {
                match piece {
                    Piece::Open(element, _) => {
                        out.push_str(&element.name);
                        out.push_str(element.get("title").unwrap_or_default());
                    }
                    Piece::Node(node) => out.push_str(&format!("{node:?}")),
                    Piece::Close => out.push('/'),
                }
                Ok(())
            })
        })
        .unwrap();
        assert_eq!(out, "htmlébText(\"\\u{a0}\")/Text(\"&\")/Comment(\"a\")");
        for text in ["<html>&unknown;</html>", "<html>&nbsp</html>"] {
            let read = with_context(|cx| read_html(text.as_bytes(), cx, &mut |_| Ok(())));
            assert!(read.is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        for text in [
            &b"<doc><body></doc>"[..],
            b"<doc>",
            b"<doc/><doc/>",
            b"",
            b"<!DOCTYPE doc [<!ENTITY a 'b'>]><doc>&a;</doc>",
            b"<doc>&a;</doc>",
        ] {
            assert!(pieces(text).is_err(), "{}", String::from_utf8_lossy(text));
        }
    }
}
