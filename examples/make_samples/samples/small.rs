//! Small raster formats: for each a dirty and a clean one.

use super::scene::Scene;
use super::seed::Seeds;
use super::{Expect, Sample};

const WIDTH: usize = 21;
const HEIGHT: usize = 16;

fn scene() -> Scene {
    Scene::house(WIDTH, HEIGHT, 45)
}

fn make(
    format: &'static str,
    name: &str,
    how: &str,
    expect: Expect,
    bytes: impl FnOnce(&mut Seeds) -> Vec<u8>,
) -> Sample {
    Sample::new(format, name, "a small program", how, expect, bytes)
}

fn le16(n: usize) -> [u8; 2] {
    (n as u16).to_le_bytes()
}

fn le32(n: usize) -> [u8; 4] {
    (n as u32).to_le_bytes()
}

fn qoi(tail: &[u8]) -> Vec<u8> {
    let mut out = b"qoif".to_vec();
    out.extend((WIDTH as u32).to_be_bytes());
    out.extend((HEIGHT as u32).to_be_bytes());
    out.extend([3, 0]);
    for pixel in scene().rgb.chunks_exact(3) {
        out.push(0xFE);
        out.extend(pixel);
    }
    out.extend([0, 0, 0, 0, 0, 0, 0, 1]);
    out.extend(tail);
    out
}

fn pgm(comment: &str, tail: &[u8]) -> Vec<u8> {
    let mut out = format!("P5\n{comment}{WIDTH} {HEIGHT}\n255\n").into_bytes();
    out.extend(scene().grey());
    out.extend(tail);
    out
}

/// A plain bitmap of three rows.
fn pbm(before: &str, between: &str, tail: &str) -> Vec<u8> {
    format!("P1\n{before}5 3\n0 1 1 1 0\n1 1 0 1 1\n{between}1 0 0 0 1\n{tail}").into_bytes()
}

/// A bitmap in which bits at the ends of the rows stand for nothing.
fn bits(hidden: bool) -> Vec<u8> {
    let mut out = b"P4\n5 3\n".to_vec();
    let noise: &[u8] = if hidden { &[5, 2, 7] } else { &[0, 0, 0] };
    out.extend([0x70 | noise[0], 0xD8 | noise[1], 0x88 | noise[2]]);
    out
}

fn pam(comment: &str) -> Vec<u8> {
    let head =
        format!("WIDTH {WIDTH}\nHEIGHT {HEIGHT}\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n");
    let mut out = format!("P7\n{comment}{head}").into_bytes();
    out.extend(scene().rgb);
    out
}

fn hdr(lines: &str, tail: &[u8]) -> Vec<u8> {
    let head = "FORMAT=32-bit_rle_rgbe\nEXPOSURE=1.25\n";
    let mut out = format!("#?RADIANCE\n{lines}{head}\n-Y {HEIGHT} +X {WIDTH}\n").into_bytes();
    for row in scene().rgb.chunks_exact(3 * WIDTH) {
        out.extend([2, 2, 0, WIDTH as u8]);
        for channel in 0..3 {
            out.push(WIDTH as u8);
            out.extend(row.iter().skip(channel).step_by(3));
        }
        out.extend([128 + WIDTH as u8, 128]);
    }
    out.extend(tail);
    out
}

fn dds(reserved: &[u8], masks: &[u8], tail: &[u8]) -> Vec<u8> {
    let mut out = b"DDS \x7C\0\0\0\x07\x10\0\0".to_vec();
    out.extend(le32(16));
    out.extend(le32(16));
    out.resize(32, 0);
    out.extend(reserved);
    out.resize(76, 0);
    out.extend([32, 0, 0, 0, 4, 0, 0, 0]);
    out.extend(b"DXT1");
    out.extend(masks);
    out.resize(108, 0);
    out.extend([0, 0x10, 0, 0]);
    out.resize(128, 0);
    for block in 0..16_u8 {
        // Two colours of five, six and five bits, and which pixel has which.
        out.extend([block * 15, 0x60 + block, 0x1F, block * 3]);
        out.extend([0xE4, 0x1B, block * 16, 0xFF]);
    }
    out.extend(tail);
    out
}

fn pcx(colours: &[u8], filler: &[u8], tail: &[u8]) -> Vec<u8> {
    let mut out = vec![10, 5, 1, 8, 0, 0, 0, 0];
    out.extend(le16(WIDTH - 1));
    out.extend(le16(HEIGHT - 1));
    out.extend([72, 0, 72, 0]);
    out.extend(colours);
    out.resize(65, 0);
    out.push(1);
    out.extend(le16(WIDTH + 1));
    out.extend([1, 0, 0, 0, 0, 0]);
    out.extend(filler);
    out.resize(128, 0);
    for row in scene().grey().chunks_exact(WIDTH) {
        for grey in row.iter().chain([&0]) {
            if *grey >= 0xC0 {
                out.push(0xC1);
            }
            out.push(*grey);
        }
    }
    out.push(0x0C);
    out.extend((0..=255).flat_map(|n| [n, n, n]));
    out.extend(tail);
    out
}

/// What stands around the pixels of a TGA.
#[derive(Default)]
struct Tga {
    id: String,
    developer: String,
    texts: Vec<(usize, String)>,
    date: Option<[u16; 6]>,
    has_extension: bool,
    tail: String,
}

fn tga(parts: &Tga) -> Vec<u8> {
    let mut out = vec![parts.id.len() as u8, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    out.extend(le16(WIDTH));
    out.extend(le16(HEIGHT));
    out.extend([24, 0x20]);
    out.extend(parts.id.as_bytes());
    for row in scene().rgb.chunks_exact(3 * WIDTH) {
        out.push(WIDTH as u8 - 1);
        out.extend(row.chunks_exact(3).flat_map(|p| [p[2], p[1], p[0]]));
    }
    out.extend(parts.developer.as_bytes());
    if parts.has_extension {
        let at = out.len();
        let mut area = vec![0; 495];
        area[..2].copy_from_slice(&le16(495));
        for (at, text) in &parts.texts {
            area[*at..at + text.len()].copy_from_slice(text.as_bytes());
        }
        for (n, number) in parts.date.iter().flatten().enumerate() {
            area[367 + 2 * n..][..2].copy_from_slice(&number.to_le_bytes());
        }
        area[478..482].copy_from_slice(&[22, 0, 10, 0]);
        out.extend(area);
        out.extend(parts.tail.as_bytes());
        out.extend(le32(at));
        out.extend([0; 4]);
        out.extend(b"TRUEVISION-XFILE.\0");
    }
    out
}

fn attribute(name: &str, kind: &str, value: &[u8]) -> Vec<u8> {
    [
        name.as_bytes(),
        b"\0",
        kind.as_bytes(),
        b"\0",
        &le32(value.len()),
        value,
    ]
    .concat()
}

/// One channel of halves, a row a chunk.
fn exr(name: &str, reserved: [u8; 3], more: &[Vec<u8>], gap: &[u8], tail: &[u8]) -> Vec<u8> {
    let window: Vec<u8> = [0, 0, WIDTH - 1, HEIGHT - 1].map(le32).concat();
    let mut channels = name.as_bytes().to_vec();
    channels.extend([0, 1, 0, 0, 0, 0]);
    channels.extend(reserved);
    channels.extend([1, 0, 0, 0, 1, 0, 0, 0, 0]);
    let one = 1_f32.to_le_bytes();
    let mut out = [0x76, 0x2F, 0x31, 1, 2, 0, 0, 0].to_vec();
    for (name, kind, value) in [
        ("channels", "chlist", &channels[..]),
        ("compression", "compression", &[0]),
        ("dataWindow", "box2i", &window),
        ("displayWindow", "box2i", &window),
        ("lineOrder", "lineOrder", &[0]),
        ("pixelAspectRatio", "float", &one),
        ("screenWindowCenter", "v2f", &[0; 8]),
        ("screenWindowWidth", "float", &one),
    ] {
        out.extend(attribute(name, kind, value));
    }
    out.extend(more.concat());
    out.push(0);
    let chunk = 8 + 2 * WIDTH;
    let start = out.len() + 8 * HEIGHT;
    for row in 0..HEIGHT {
        let shift = if row == 0 { 0 } else { gap.len() };
        out.extend(((start + row * chunk + shift) as u64).to_le_bytes());
    }
    for (y, row) in scene().grey().chunks_exact(WIDTH).enumerate() {
        out.extend(le32(y));
        out.extend(le32(2 * WIDTH));
        // Halves between one half and one.
        out.extend(
            row.iter()
                .flat_map(|grey| (0x3800 + u16::from(*grey) * 4).to_le_bytes()),
        );
        if y == 0 {
            out.extend(gap);
        }
    }
    out.extend(tail);
    out
}

fn xbm(name: &str, comment: &str, tail: &str) -> Vec<u8> {
    format!(
        "{comment}#define {name}_width 8\n#define {name}_height 4\nstatic char {name}_bits[] = {{\n \
         0x18, 0x3c, 0x7e, 0x66\n}};\n{tail}"
    )
    .into_bytes()
}

fn xpm(name: &str, symbol: &str, comment: &str, extension: &str, tail: &str) -> Vec<u8> {
    let asks = if extension.is_empty() { "" } else { " XPMEXT" };
    format!(
        "/* XPM */\n{comment}static char *{name}[] = {{\n\"4 2 2 1{asks}\",\n\"  c None\",\n\
         \"o{symbol} c #AA3322\",\n\" oo \",\n\"oooo\"{extension}\n}};\n{tail}"
    )
    .into_bytes()
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    use Expect::{AlreadyClean, Cleaned, Reduced};
    vec![
        make("qoi", "tail.qoi", "bytes behind the end", Cleaned, |s| {
            qoi(s.text("behind the end", "tail ").as_bytes())
        }),
        make(
            "qoi",
            "clean.qoi",
            "header and pixels",
            AlreadyClean,
            |_| qoi(&[]),
        ),
        make(
            "pnm",
            "comment.pgm",
            "a comment, and bytes behind the end",
            Cleaned,
            |s| {
                let comment = format!("# {}\n", s.text("comment", "made by Anna Exempel "));
                pgm(&comment, s.text("behind the end", "tail ").as_bytes())
            },
        ),
        make(
            "pnm",
            "plain.pbm",
            "comments before and between the pixels",
            Cleaned,
            |s| {
                let before = format!("# {}\n", s.text("comment", "made by Anna "));
                let between = format!("# {}\n", s.text("comment between rows", "here "));
                pbm(&before, &between, &s.text("behind the end", "tail "))
            },
        ),
        make(
            "pnm",
            "bits.pbm",
            "bits at the ends of the rows",
            Cleaned,
            |_| bits(true),
        ),
        make("pnm", "comment.pam", "a comment", Cleaned, |s| {
            pam(&format!(
                "# {}\n",
                s.text("comment", "made by Anna Exempel ")
            ))
        }),
        make(
            "pnm",
            "clean.pgm",
            "header and pixels",
            AlreadyClean,
            |_| pgm("", &[]),
        ),
        make(
            "pnm",
            "clean.pbm",
            "header and pixels",
            AlreadyClean,
            |_| pbm("", "", ""),
        ),
        make(
            "hdr",
            "render.hdr",
            "comments, commands, view, date and owner; bytes behind the end",
            Cleaned,
            |s| {
                let lines = [
                    format!("# {}\n", s.text("comment", "made by Anna Exempel ")),
                    format!("SOFTWARE= {}\n", s.text("SOFTWARE", "RADIANCE ")),
                    format!("CAPDATE= {}\n", s.exif_date("CAPDATE")),
                    format!("VIEW= -vp 57.1 19.2 {}\n", s.text("VIEW", "-vtv ")),
                    format!("OWNER= {}\n", s.text("OWNER", "Anna Exempel ")),
                    format!("pfilt -x 512 {}\n", s.text("command", "/home/anna/")),
                ];
                hdr(
                    &lines.concat(),
                    s.text("behind the end", "tail ").as_bytes(),
                )
            },
        ),
        make(
            "hdr",
            "clean.hdr",
            "header and pixels",
            AlreadyClean,
            |_| hdr("", &[]),
        ),
        make(
            "dds",
            "texture.dds",
            "reserved fields, masks that are not used, bytes behind the end",
            Cleaned,
            |s| {
                let reserved = s.text("dwReserved1", "by Anna ");
                let masks = s.text("masks", "");
                dds(
                    reserved.as_bytes(),
                    masks.as_bytes(),
                    s.text("behind the end", "tail ").as_bytes(),
                )
            },
        ),
        make(
            "dds",
            "clean.dds",
            "header and pixels",
            AlreadyClean,
            |_| dds(&[], &[], &[]),
        ),
        make(
            "pcx",
            "scan.pcx",
            "sixteen colours that are not used, filler bytes, bytes behind the palette",
            Cleaned,
            |s| {
                let colours = s.text("EGA palette", "Anna ");
                let filler = s.text("filler", "made by Anna ");
                pcx(
                    colours.as_bytes(),
                    filler.as_bytes(),
                    s.text("behind the palette", "tail ").as_bytes(),
                )
            },
        ),
        make(
            "pcx",
            "clean.pcx",
            "header, pixels, palette",
            AlreadyClean,
            |_| pcx(&[], &[], &[]),
        ),
        make(
            "tga",
            "render.tga",
            "image id, developer area, every text of the extension area, bytes before the footer",
            Cleaned,
            |s| {
                let texts = [
                    (2, "author", "Anna Exempel "),
                    (43, "comments", "at home "),
                    (379, "job", "kitchen "),
                    (426, "software", "renderer "),
                ]
                .map(|(at, name, text)| (at, s.text(name, text)));
                tga(&Tga {
                    id: s.text("image id", "made by Anna "),
                    developer: s.text("developer area", "tool "),
                    texts: texts.to_vec(),
                    date: Some([5, 12, 2019, 14, 30, 7]),
                    has_extension: true,
                    tail: s.text("before the footer", "tail "),
                })
            },
        ),
        make(
            "tga",
            "clean.tga",
            "header and pixels",
            AlreadyClean,
            |_| tga(&Tga::default()),
        ),
        make(
            "exr",
            "render.exr",
            "owner, comments, date, place, preview, unknown attributes; bytes between and behind the chunks",
            Cleaned,
            |s| {
                let here = s.position("latitude, longitude");
                let [lat, lon] = [here.lat(), here.lon()].map(|n| (n as f32).to_le_bytes());
                let mut text = |name: &'static str, kind: &str, start: &str| {
                    attribute(name, kind, s.text(name, start).as_bytes())
                };
                let more = [
                    text("owner", "string", "Anna Exempel "),
                    text("comments", "string", "at home "),
                    text("capDate", "string", "2019:05:12 "),
                    text("preview", "preview", "picture "),
                    text("cameraSerialNumber", "string", "s "),
                    text("unknown", "unknown", "x "),
                    attribute("latitude", "float", &lat),
                    attribute("longitude", "float", &lon),
                ];
                let gap = s.text("between chunks", "gap ");
                let tail = s.text("behind the chunks", "tail ");
                exr("Y", *b"ann", &more, gap.as_bytes(), tail.as_bytes())
            },
        ),
        make(
            "exr",
            "layer.exr",
            "a channel that somebody named",
            Reduced,
            |s| {
                let owner = attribute("owner", "string", s.text("owner", "Anna ").as_bytes());
                exr("Annas rum.Y", [0; 3], &[owner], &[], &[])
            },
        ),
        make(
            "exr",
            "clean.exr",
            "header and chunks",
            AlreadyClean,
            |_| exr("Y", [0; 3], &[], &[], &[]),
        ),
        make(
            "xbm",
            "icon.xbm",
            "a name, a comment, text behind the end",
            Cleaned,
            |s| {
                let comment = format!("/* {} */\n", s.text("comment", "made by Anna "));
                let tail = s.text("behind the end", "tail ");
                xbm(&s.text("name", "annas_rum_"), &comment, &tail)
            },
        ),
        make("xbm", "clean.xbm", "a bitmap", AlreadyClean, |_| {
            xbm("image", "", "")
        }),
        make(
            "xpm",
            "icon.xpm",
            "a name, a comment, a symbol, an extension, text behind the end",
            Cleaned,
            |s| {
                let comment = format!("/* {} */\n", s.text("comment", "made by Anna "));
                let symbol = format!(" s {}", s.text("symbol", "Annas wall "));
                let author = s.text("extension", "Anna Exempel ");
                let extension = format!(",\n\"XPMEXT author\",\n\"{author}\",\n\"XPMENDEXT\"");
                let tail = s.text("behind the end", "tail ");
                xpm(
                    &s.text("name", "annas_rum_"),
                    &symbol,
                    &comment,
                    &extension,
                    &tail,
                )
            },
        ),
        make("xpm", "clean.xpm", "a pixmap", AlreadyClean, |_| {
            xpm("image", "", "", "", "")
        }),
    ]
}
