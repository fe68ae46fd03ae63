//! SVG and SVGZ samples.

use super::deflate;
use super::png::{Png, chunk};
use super::seed::Seeds;
use super::{Expect, Sample, xmp};

const NAMESPACES: &str =
    "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"";

/// A house, as all samples show it.
const HOUSE: &str = "<linearGradient id=\"sky\" x2=\"0\" y2=\"1\"><stop offset=\"0\" stop-color=\"#8ac\"/>\
    <stop offset=\"1\" stop-color=\"#def\"/></linearGradient><rect width=\"48\" height=\"32\" fill=\"url(#sky)\"/>\
    <g id=\"house\" stroke=\"#333\"><path d=\"M10 28V14l10-8 10 8v14z\" fill=\"#c33\"/>\
    <rect x=\"17\" y=\"18\" width=\"6\" height=\"10\" fill=\"#532\"/></g>";

/// A drawing with more attributes of its root, and this inside.
fn svg(attributes: &str, inside: &str) -> String {
    format!(
        "<svg {NAMESPACES} width=\"96\" height=\"64\" viewBox=\"0 0 48 32\"{attributes}>{inside}</svg>\n"
    )
}

/// A house as this program spells it.
const PLAIN: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" height=\"64\" viewBox=\"0 0 48 32\" width=\"96\">\
    <linearGradient id=\"i1\" x2=\"0\" y2=\"1\"><stop offset=\"0\" stop-color=\"#8ac\"/><stop offset=\"1\" \
    stop-color=\"#def\"/></linearGradient><rect fill=\"url(#i1)\" height=\"32\" width=\"48\"/><g id=\"i2\" \
    stroke=\"#333\"><path d=\"M10 28V14l10-8 10 8v14z\" fill=\"#c33\"/><rect fill=\"#532\" height=\"10\" \
    width=\"6\" x=\"17\" y=\"18\"/></g>";

/// The same with this behind the house.
fn plain(inside: &str) -> String {
    format!("{PLAIN}{inside}</svg>\n")
}

/// Names of all kinds, and where they are used.
fn names(s: &mut Seeds) -> String {
    let id = s.text("id", "Annas_");
    let class = s.text("class", "n");
    let result = s.text("result", "n");
    let keyframes = s.text("@keyframes", "n");
    let property = s.text("custom property", "n");
    let family = s.text("font-family of a font inside", "n");
    let glyph = s.text("glyph-name", "n");
    let profile = s.text("color-profile name", "n");
    let unused = s.text("selector of nothing", "n");
    svg(
        "",
        &format!(
            "<style>#{id},.{class},{unused}{{fill:var(--{property},#c33)}}\
             @keyframes {keyframes}{{from{{opacity:.5}}to{{opacity:1}}}}\
             .{class}{{animation:{keyframes} 2s;--{property}:#a22}}</style>{HOUSE}\
             <font><font-face font-family=\"{family}\" units-per-em=\"9\"/>\
             <glyph glyph-name=\"{glyph}\" unicode=\"a\" d=\"M0 0h5v5z\"/></font>\
             <color-profile name=\"{profile}\"/>\
             <filter id=\"f\"><feOffset dx=\"1\" result=\"{result}\"/>\
             <feMerge><feMergeNode in=\"{result}\"/><feMergeNode in=\"SourceGraphic\"/></feMerge></filter>\
             <g id=\"{id}\" class=\"{class}\" filter=\"url(#f)\"><circle cx=\"9\" cy=\"9\" r=\"3\">\
             <animate attributeName=\"r\" begin=\"{id}.click+1s\" dur=\"2s\" values=\"3;4;3\"/></circle></g>\
             <use href=\"#{id}\" x=\"12\"/><text font-family=\"{family}, serif\" y=\"30\">a</text>"
        ),
    )
}

fn inkscape(s: &mut Seeds) -> String {
    let comment = s.text("comment", "Created by ");
    let docname = s.text("sodipodi:docname", "");
    let export = s.text("inkscape:export-filename", "/home/anna/");
    let title = s.text("title", "Plan of ");
    let label = s.text("inkscape:label", "layer ");
    let creator = s.text("dc:creator", "Anna ");
    let date = s.iso_date("dc:date");
    let style = s.text("style comment", "by ");
    let font = s.text("-inkscape-font-specification", "");
    let extra = s.text("data-name", "anna ");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<!-- {comment} -->\n<svg {NAMESPACES}\n   \
         xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\"\n   \
         xmlns:sodipodi=\"http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd\"\n   \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"\n   \
         xmlns:cc=\"http://creativecommons.org/ns#\"\n   xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n   \
         viewBox=\"0 0 48 32\" sodipodi:docname=\"{docname}\" inkscape:export-filename=\"{export}.png\">\n  \
         <title>{title}</title>\n  <sodipodi:namedview id=\"base\" inkscape:zoom=\"1.4\"/>\n  \
         <metadata><rdf:RDF><cc:Work rdf:about=\"\"><dc:creator><cc:Agent><dc:title>{creator}</dc:title></cc:Agent>\
         </dc:creator><dc:date>{date}</dc:date></cc:Work></rdf:RDF></metadata>\n  \
         <g inkscape:groupmode=\"layer\" inkscape:label=\"{label}\" data-name=\"{extra}\"\n     \
         style=\"fill:red;/* {style} */-inkscape-font-specification:'{font}'\">{HOUSE}</g>\n</svg>\n"
    )
}

fn illustrator(s: &mut Seeds) -> String {
    let generator = s.text("comment", "Generator: Exempel ");
    let entity = s.text("entity", "http://ns.exempel/");
    let pgf = s.text("i:pgf", "whole document ");
    let instruction = s.text("processing instruction", "owner=");
    let packet = s.at("metadata", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
    let packet = String::from_utf8(packet).unwrap();
    let start = packet.find("<rdf:RDF").unwrap_or(0);
    let end = packet
        .find("</rdf:RDF>")
        .map_or(packet.len(), |end| end + 10);
    let body = &packet[start..end];
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- {generator} -->\n<!DOCTYPE svg PUBLIC \
         \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\" [\n\
         \t<!ENTITY ns_ai \"{entity}\">\n\t<!ENTITY ns_svg \"http://www.w3.org/2000/svg\">\n]>\n\
         <?exempel {instruction}?>\n\
         <svg version=\"1.1\" xmlns:i=\"&ns_ai;\" xmlns=\"&ns_svg;\" \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" viewBox=\"0 0 48 32\" \
         style=\"enable-background:new 0 0 48 32;\" xml:space=\"preserve\">\n\
         <metadata>{body}</metadata>\n\
         <switch><foreignObject requiredExtensions=\"&ns_ai;\" x=\"0\" y=\"0\" width=\"1\" height=\"1\">\
         <i:pgf id=\"doc\">{pgf}</i:pgf></foreignObject><g i:extraneous=\"self\">\n\
         <style type=\"text/css\"><![CDATA[ .st0{{fill:#FFFFFF;}} ]]></style>\n{HOUSE}</g></switch>\n</svg>\n"
    )
}

fn pictures(s: &mut Seeds) -> String {
    let png = |s: &mut Seeds, place: &str| {
        s.at(place, |s| {
            s.within("base64", |s| {
                let text = format!("Comment\0{}", s.text("tEXt", "home "));
                let png = Png::rgb(45).put("before PLTE", &chunk(b"tEXt", text.as_bytes()));
                xmp::base64(&png.build())
            })
        })
    };
    let (one, two) = (png(s, "image"), png(s, "feImage"));
    let inner = s.at("image of SVG", |s| {
        s.within("base64", |s| {
            let title = s.text("title", "inner ");
            xmp::base64(svg("", &format!("<title>{title}</title>{HOUSE}")).as_bytes())
        })
    });
    svg(
        "",
        &format!(
            "{HOUSE}<image x=\"2\" width=\"8\" height=\"8\" xlink:href=\"data:image/png;base64,{one}\"/>\
             <filter id=\"f\"><feImage href=\"data:image/png;base64,{two}\"/></filter>\
             <rect y=\"20\" width=\"9\" height=\"9\" filter=\"url(#f)\"/>\
             <image x=\"30\" width=\"8\" height=\"8\" href=\"data:image/svg+xml;base64,{inner}\"/>"
        ),
    )
}

fn active(s: &mut Seeds) -> String {
    let script = s.text("script", "// ");
    let handler = s.text("onclick", "go");
    let path = s.text("image href", "file:///home/anna/");
    let remote = s.text("use href", "http://example.org/");
    let import = s.text("@import", "http://example.org/");
    let foreign = s.text("foreignObject", "text of ");
    let base = s.text("xml:base", "file:///home/");
    svg(
        &format!(" onclick=\"{handler}()\" xml:base=\"{base}/\""),
        &format!(
            "<script>{script}</script><style>@import url({import});.a{{fill:red}}</style>{HOUSE}\
             <image width=\"4\" height=\"4\" href=\"{path}.png\"/><use href=\"{remote}.svg#a\"/>\
             <foreignObject width=\"9\" height=\"9\"><p xmlns=\"http://www.w3.org/1999/xhtml\">{foreign}</p>\
             </foreignObject>"
        ),
    )
}

fn gzip(header: &[u8], content: &[u8], tail: &[u8]) -> Vec<u8> {
    let zlib = deflate::zlib(content, &[]);
    let stream = &zlib[2..zlib.len() - 4];
    let mut out = [header, stream].concat();
    out.extend(deflate::crc32(content).to_le_bytes());
    out.extend((content.len() as u32).to_le_bytes());
    out.extend(tail);
    out
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    use Expect::{AlreadyClean, Cleaned, Reduced, Refused};
    let svg_file =
        |name: &str, imitates: &str, how: &str, expect, make: fn(&mut Seeds) -> String| {
            Sample::new("svg", name, imitates, how, expect, |s| make(s).into_bytes())
        };
    vec![
        svg_file(
            "inkscape.svg",
            "a drawing program",
            "comment, title, RDF, names and paths in attributes of the editor, style comments",
            Cleaned,
            inkscape,
        ),
        svg_file(
            "illustrator.svg",
            "a drawing program",
            "entities, XMP, a processing instruction, the whole document of the editor in foreignObject",
            Cleaned,
            illustrator,
        ),
        svg_file(
            "pictures.svg",
            "a drawing with photos",
            "PNG with text in image and feImage, a drawing in the drawing",
            Reduced,
            pictures,
        ),
        svg_file(
            "names.svg",
            "a drawing by hand",
            "names of ids, classes, filters, key frames, properties, fonts, glyphs, profiles",
            Reduced,
            names,
        ),
        svg_file(
            "active.svg",
            "a page of the web",
            "script, handler, foreignObject, references to other files",
            Reduced,
            active,
        ),
        svg_file(
            "hidden.svg",
            "a drawing with layers",
            "a layer that is not shown",
            Reduced,
            |s| {
                let text = s.text("hidden layer", "");
                svg(
                    "",
                    &format!("{HOUSE}<g display=\"none\"><text>{text}</text></g>"),
                )
            },
        ),
        svg_file(
            "external.svg",
            "an attack",
            "an entity that stands in another file",
            Refused,
            |s| {
                let path = s.text("entity", "file:///home/anna/");
                let inside = svg("", &format!("{HOUSE}<text>&e;</text>"));
                format!("<!DOCTYPE svg [<!ENTITY e SYSTEM \"{path}\">]>{inside}")
            },
        ),
        svg_file(
            "clean.svg",
            "a drawing without anything",
            "elements, attributes, text",
            AlreadyClean,
            |_| plain("<text font-size=\"4\" x=\"2\" y=\"8\">Hej</text>"),
        ),
        Sample::new(
            "svgz",
            "named.svgz",
            "a web server",
            "name, time, comment, extra field, data behind the end, a comment inside",
            Cleaned,
            |s| {
                let name = s.text("FNAME", "/home/anna/");
                let comment = s.text("FCOMMENT", "for ");
                let extra = s.text("FEXTRA", "XX");
                let tail = s.text("behind the end", "left ");
                let inside = s.within("deflate", |s| s.text("comment", "drawn by "));
                let mut header = vec![0x1F, 0x8B, 8, 0x1C, 7, 9, 0x11, 0x5D, 2, 3];
                header.extend((extra.len() as u16).to_le_bytes());
                header.extend(extra.as_bytes());
                for text in [name, comment] {
                    header.extend(text.as_bytes());
                    header.push(0);
                }
                let file = svg("", &format!("<!--{inside}-->{HOUSE}"));
                gzip(&header, file.as_bytes(), tail.as_bytes())
            },
        ),
        Sample::new(
            "svgz",
            "clean.svgz",
            "a drawing without anything",
            "a plain header and a plain drawing, packed by another program",
            Cleaned,
            |_| {
                let header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
                gzip(&header, plain("").as_bytes(), &[])
            },
        ),
    ]
}

/// Places in which a secret can stand, one each.
const PLACES: &[(&str, &str)] = &[
    ("title in a shape", "<path d='M0 0'><title>%</title></path>"),
    (
        "desc with markup",
        "<desc><b xmlns='http://www.w3.org/1999/xhtml'>%</b></desc>",
    ),
    ("aria-label", "<g aria-label='%'/>"),
    ("role", "<g role='%'/>"),
    ("attribute content", "<g content='%'/>"),
    (
        "foreign attribute",
        "<g xmlns:x='http://ns.exempel/' x:y='%'/>",
    ),
    ("foreign namespace", "<g xmlns:x='http://%/'/>"),
    ("foreign element", "<x xmlns='http://ns.exempel/'>%</x>"),
    ("unknown element", "<unknown a='%'>x</unknown>"),
    ("text outside of text", "<g>%</g>"),
    ("CDATA outside of text", "<g><![CDATA[%]]></g>"),
    ("end of a path", "<path d='M0 0h1 %'/>"),
    ("word as colour", "<g fill='%'/>"),
    ("word as number", "<rect width='%'/>"),
    ("string in fill", "<g style='fill:\"%\"'/>"),
    ("unknown property", "<g style='-x-y:%'/>"),
    ("comment in style attribute", "<g style='fill:red/*%*/'/>"),
    ("comment in style sheet", "<style>.a{fill:red}/*%*/</style>"),
    (
        "unknown at-rule",
        "<style>@owner \"%\";.a{fill:red}</style>",
    ),
    ("at-rule charset", "<style>@charset \"%\";</style>"),
    ("link", "<a href='https://example.org/%'><rect/></a>"),
    ("xlink:title", "<a xlink:title='%'><rect/></a>"),
    ("xlink:role", "<a xlink:role='%'><rect/></a>"),
    ("xml:base", "<g xml:base='file:///%/'/>"),
    ("handler", "<g onmouseover='%'/>"),
    ("comment in text", "<text>a<!--%-->b</text>"),
    ("processing instruction in text", "<text>a<?x %?>b</text>"),
    (
        "media type",
        "<image href='data:image/%;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs='/>",
    ),
    (
        "parameter of data",
        "<image href='data:image/gif;name=%;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs='/>",
    ),
    (
        "metadata without RDF",
        "<metadata><a b='%'>x</a>x</metadata>",
    ),
    (
        "required extension",
        "<switch><g requiredExtensions='http://%/'/><g/></switch>",
    ),
    ("name of a path", "<path name='%' d='M0 0'/>"),
    ("result of a path", "<path result='%' d='M0 0'/>"),
    ("xml:space", "<g xml:space='%'/>"),
    ("media query", "<style>@media %{.a{fill:red}}</style>"),
    (
        "question of supports",
        "<style>@supports (a:\"%\"){.a{fill:red}}</style>",
    ),
    ("content property", "<style>.a{content:\"%\"}</style>"),
    (
        "feature",
        "<g requiredFeatures='http://www.w3.org/TR/SVG11/feature#%'/>",
    ),
    (
        "fragment behind data",
        "<image href='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs=#%'/>",
    ),
    ("language", "<g xml:lang='%_'/>"),
    ("id", "<g id='%'/>"),
    ("xml:id", "<g xml:id='%'/>"),
    ("class", "<g class='a %'/>"),
    ("dangling reference", "<use href='#%'/>"),
    ("dangling url", "<rect fill='url(#%) red'/>"),
    ("selector of an id", "<style>#%{fill:red}</style>"),
    ("selector of a class", "<style>.%{fill:red}</style>"),
    ("selector of an element", "<style>%{fill:red}</style>"),
    ("selector of an attribute", "<style>[%]{fill:red}</style>"),
    ("pseudo-class", "<style>g:%{fill:red}</style>"),
    ("custom property", "<g style='--%:red'/>"),
    ("value of a custom property", "<g style='--a:%'/>"),
    ("text of a custom property", "<g style='--a:\"%\"'/>"),
    ("key frames", "<style>@keyframes %{to{fill:red}}</style>"),
    ("animation-name", "<g style='animation-name:%'/>"),
    ("content", "<style>g::before{content:\"%\"}</style>"),
    ("counter-reset", "<g style='counter-reset:%'/>"),
    ("will-change", "<g style='will-change:%'/>"),
    (
        "media type of a rule",
        "<style>@media %{g{fill:red}}</style>",
    ),
    (
        "media of a style sheet",
        "<style media='%'>g{fill:red}</style>",
    ),
    (
        "type of a style sheet",
        "<style type='text/%'>g{fill:red}</style>",
    ),
    ("layer", "<style>@layer %{g{fill:red}}</style>"),
    (
        "namespace rule",
        "<style>@namespace % url(http://%/);g{fill:red}</style>",
    ),
    ("page rule", "<style>@page %{margin:0}</style>"),
    (
        "result",
        "<filter id='f'><feFlood result='%'/><feMerge><feMergeNode in='%'/></feMerge></filter>",
    ),
    ("result elsewhere", "<g result='%' in='%' name='%'/>"),
    (
        "command of a path without numbers",
        "<path d='M0 0L10 10 C%'/>",
    ),
    ("end of points", "<polygon points='0,0 1,1 %'/>"),
    ("end of a transform", "<g transform='translate(1) %'/>"),
    ("end of a view box", "<symbol viewBox='0 0 1 1 %'/>"),
    ("begin of no animation", "<g begin='%'/>"),
    ("begin", "<set attributeName='x' to='1' begin='%'/>"),
    (
        "begin with an id",
        "<set attributeName='x' to='1' begin='%.click+1s'/>",
    ),
    (
        "begin with an unknown event",
        "<set attributeName='x' to='1' begin='a.%'/>",
    ),
    ("dur", "<set attributeName='x' to='1' dur='%'/>"),
    (
        "prefix of attributeName",
        "<set attributeName='%:x' to='1'/>",
    ),
    ("animated class", "<set attributeName='class' to='%'/>"),
    ("private language", "<text xml:lang='sv-x-%'>a</text>"),
    (
        "system language",
        "<switch><g systemLanguage='%'/><g/></switch>",
    ),
    ("xml:space", "<g xml:space='%'/>"),
    (
        "glyph-name",
        "<font><glyph glyph-name='%'/><hkern g1='%'/></font>",
    ),
    (
        "color-profile",
        "<color-profile name='%'/><g fill='red icc-color(%, 1)'/>",
    ),
    (
        "format of a font",
        "<style>@font-face{font-family:a;src:local(Arial) format('%')}</style>",
    ),
    ("text in a shape", "<rect><text>%</text></rect>"),
    ("text in a group in a text", "<text>a<g>%</g></text>"),
    ("text in an animation", "<text>a<set>%</set></text>"),
    ("text in a text", "<text>a<text>%</text></text>"),
    ("tspan outside of text", "<tspan>%</tspan>"),
    ("text in a link", "<a>%</a>"),
    (
        "data behind a link",
        "<a href='data:text/plain,%'><rect/></a>",
    ),
    ("range of a font", "<g style='unicode-range:%'/>"),
    (
        "word as font feature",
        "<g style='font-feature-settings:%'/>",
    ),
    ("font feature", "<g style='font-feature-settings:\"%\"'/>"),
    (
        "required feature",
        "<g requiredFeatures='http://example.org/%'/>",
    ),
];

/// One secret in each place.
pub fn attacks() -> Vec<Sample> {
    PLACES
        .iter()
        .map(|(what, inside)| {
            super::canaries::one("svg", what, "svg", |s| {
                let secret = s.text(what, "secret");
                svg("", &format!("{HOUSE}{}", inside.replace('%', &secret))).into_bytes()
            })
        })
        .collect()
}
