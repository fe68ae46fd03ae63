//! Pictures of embedded objects on slides. Office 2007 has them only in a VML drawing, which shapes refer to by
//! `spid` (ISO/IEC 29500-4 §19.3.2.4); copies have them in the object, as later programs write them.

use crate::bytes::{Context, Source};
use crate::containers::xml::stream::Piece;
use crate::containers::xml::tree::{Attribute, Element, Node, Space};
use crate::containers::zip::Archive;
use crate::model::Result;

use super::names::{self, child, is, value};
use super::open;
use super::package::{self, Relationship};

/// In front of the id of a shape, in the id of the relationship that is made for its picture.
const MADE: &str = "vml ";
const IMAGE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image";

/// Relationships to the pictures in the VML drawings of a slide.
pub(super) fn relationships(
    archive: &Archive,
    source: &Source<'_>,
    part: &str,
    own: &[Relationship],
    cx: &Context<'_>,
) -> Result<Vec<Relationship>> {
    let mut out = Vec::new();
    if !part.to_lowercase().contains("/slide") {
        return Ok(out);
    }
    let drawings = own
        .iter()
        .filter(|it| it.name() == "vmlDrawing" && !it.is_external);
    for drawing in drawings {
        let target = package::resolve(part, &drawing.target);
        let member = target.and_then(|target| archive.member(&target));
        let Some(member) = member else { continue };
        let images = open::relationships(archive, source, &member.name, cx)?;
        let read = open::read_xml(source, member, cx, &mut |piece| {
            if let Piece::Node(Node::Element(element)) = piece {
                shapes(&element, &mut |shape, image| {
                    let mut images = images.iter().filter(|it| !it.is_external);
                    let target = images.find(|it| it.id == image);
                    let target = target.and_then(|it| package::resolve(&member.name, &it.target));
                    out.extend(target.map(|target| Relationship {
                        id: format!("{MADE}{shape}"),
                        kind: IMAGE.to_owned(),
                        target: format!("/{target}"),
                        is_external: false,
                    }));
                });
            }
            Ok(())
        });
        // What cannot be read shows nothing.
        if let Err(error) = read
            && !open::is_about_file(&error)
        {
            return Err(error);
        }
    }
    Ok(out)
}

/// Whether a relationship was made here.
pub(super) fn is_made(relationship: &Relationship) -> bool {
    relationship.id.starts_with(MADE)
}

/// Ids of shapes, with the relationships of their pictures.
fn shapes(element: &Element, f: &mut dyn FnMut(&str, &str)) {
    if is(element, "v", "shape")
        && let Some(data) = child(element, "v", "imagedata")
        && let Some(image) = value(data, "o", "relid")
    {
        let ids = [element.get("id"), value(element, "o", "spid")];
        ids.into_iter().flatten().for_each(|id| f(id, image));
    }
    for inner in element.elements() {
        shapes(inner, f);
    }
}

/// Gives embedded objects their pictures: one object in each frame, without an alternative for programs that
/// read VML. `knows` says whether there is a relationship with an id.
pub(super) fn complete(node: &mut Node, knows: &dyn Fn(&str) -> bool) {
    if let Node::Element(element) = node
        && names::has(element, "p", "oleObj")
    {
        frames(element, knows);
    }
}

fn frames(element: &mut Element, knows: &dyn Fn(&str) -> bool) {
    if is(element, "p", "graphicFrame") {
        frame(element, knows);
        return;
    }
    for node in &mut element.children {
        if let Node::Element(inner) = node {
            frames(inner, knows);
        }
    }
}

fn frame(frame: &mut Element, knows: &dyn Fn(&str) -> bool) {
    let mut objects = Vec::new();
    collect(frame, &mut objects);
    let shape = objects
        .iter()
        .find_map(|it| it.get("spid"))
        .map(str::to_owned);
    let has_picture = |it: &&&Element| child(it, "p", "pic").is_some();
    let mut object = match objects.iter().find(has_picture) {
        Some(object) => (*object).clone(),
        None => {
            let id = format!("{MADE}{}", shape.unwrap_or_default());
            let (Some(object), true) = (objects.first(), knows(&id)) else {
                return;
            };
            let mut object = (*object).clone();
            let picture = picture(frame, &object, &id);
            object.children.extend(picture);
            object
        }
    };
    object.attributes.retain(|it| it.name != "spid");
    let data = frame.children.iter_mut().find_map(|node| match node {
        Node::Element(inner) if is(inner, "a", "graphic") => {
            inner.children.iter_mut().find_map(|node| match node {
                Node::Element(inner) if is(inner, "a", "graphicData") => Some(inner),
                _ => None,
            })
        }
        _ => None,
    });
    if let Some(data) = data {
        data.children = vec![Node::Element(object)];
    }
}

fn collect<'e>(element: &'e Element, out: &mut Vec<&'e Element>) {
    if is(element, "p", "oleObj") {
        out.push(element);
    }
    for inner in element.elements() {
        collect(inner, out);
    }
}

/// A picture in the place of a frame (§19.3.1.37).
fn picture(frame: &Element, object: &Element, id: &str) -> Option<Node> {
    let place = child(frame, "p", "xfrm")?;
    let (p, a) = (
        frame.space.clone(),
        child(frame, "a", "graphic")?.space.clone(),
    );
    let plain = |name: &str, value: &str| Attribute {
        space: Space::None,
        name: name.to_owned(),
        value: value.to_owned(),
    };
    let made =
        |space: &Space, name: &str, attributes: Vec<Attribute>, children: Vec<Element>| Element {
            space: space.clone(),
            name: name.to_owned(),
            attributes,
            children: children.into_iter().map(Node::Element).collect(),
        };
    let empty = |space: &Space, name: &str| made(space, name, Vec::new(), Vec::new());
    let number = child(frame, "p", "nvGraphicFramePr")
        .and_then(|it| child(it, "p", "cNvPr"))
        .and_then(|it| it.get("id"))
        .unwrap_or("0");
    let properties = made(
        &p,
        "nvPicPr",
        Vec::new(),
        vec![
            made(
                &p,
                "cNvPr",
                vec![plain("id", number), plain("name", "")],
                Vec::new(),
            ),
            empty(&p, "cNvPicPr"),
            empty(&p, "nvPr"),
        ],
    );
    let mut ids = object.attributes.iter();
    let space = ids
        .find(|it| names::prefix(it.space.uri()) == Some("r"))?
        .space
        .clone();
    let embed = Attribute {
        space,
        name: "embed".to_owned(),
        value: id.to_owned(),
    };
    let fill = made(
        &p,
        "blipFill",
        Vec::new(),
        vec![
            made(&a, "blip", vec![embed], Vec::new()),
            made(&a, "stretch", Vec::new(), vec![empty(&a, "fillRect")]),
        ],
    );
    let mut transform = place.clone();
    transform.space = a.clone();
    let rectangle = made(
        &a,
        "prstGeom",
        vec![plain("prst", "rect")],
        vec![empty(&a, "avLst")],
    );
    let shape = made(&p, "spPr", Vec::new(), vec![transform, rectangle]);
    Some(Node::Element(made(
        &p,
        "pic",
        Vec::new(),
        vec![properties, fill, shape],
    )))
}
