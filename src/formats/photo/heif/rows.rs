//! The allowlist.

use crate::model::{How, Row};

macro_rules! rows {
    ($($name:ident: $what:literal, $when:literal, $how:ident, $why:literal, $spec:literal;)*) => {
        $(const $name: Row =
            Row { what: $what, when: $when, how: How::$how, why: $why, spec: $spec };)*
        /// All of them, for the documents.
        pub(super) static ROWS: &[Row] = &[$($name),*];
    };
}

rows! {
    FTYP: "ftyp", "always; brands that standards name", Rebuild,
        "says what the file is", "ISO/IEC 14496-12 §4.3; ISO/IEC 23008-12 §10";
    META: "meta, hdlr, pitm", "always; without names", Rebuild,
        "which picture is shown", "ISO/IEC 14496-12 §8.11";
    ITEMS: "iinf, infe, iloc", "items that make up the picture; without names", Rebuild,
        "what the parts of the picture are and where they stand", "ISO/IEC 14496-12 §8.11.3, §8.11.6";
    REFERENCES: "iref: dimg, auxl, prem, cdsc; grpl: altr", "between items that stay", Rebuild,
        "how the picture is put together", "ISO/IEC 14496-12 §8.11.12, §8.18";
    CODING: "hvcC, avcC, av1C", "of pictures that stay; parameter sets only", Rebuild,
        "how to decode them", "ISO/IEC 14496-15 §5.3.3, §8.3.3; AV1-ISOBMFF §2.3";
    SIZES: "ispe, pixi, pasp, clap, irot, imir, iscl, rloc", "of pictures that stay", Rebuild,
        "size, depth, shape, crop and orientation", "ISO/IEC 23008-12 §6.5";
    COLOURS: "colr, clli, mdcv, amve", "of pictures that stay; profiles without names, dates and devices",
        Rebuild, "meaning of the colours", "ISO/IEC 14496-12 §12.1.5; ICC.1:2022";
    LAYERS: "lsel, a1op, a1lx", "of pictures that stay", Rebuild,
        "which layer is shown", "ISO/IEC 23008-12 §6.5.11; AVIF §2.3.2";
    AUXILIARY: "auxC", "alpha planes; HDR gain maps of Apple, Adobe and Samsung under policy share", Rebuild,
        "transparency and HDR", "ISO/IEC 23008-12 §6.5.8";
    PICTURES: "hvc1, avc1, av01", "what makes up the primary item; without messages that encoders write",
        Verbatim, "the pixels", "ISO/IEC 23008-12 annexes B and E; AVIF §2.1";
    JPEG: "jpeg", "what makes up the primary item; cleaned as a file of its own", Rebuild,
        "the pixels", "ISO/IEC 23008-12 annex H";
    DERIVED: "grid, iovl, iden", "what makes up the primary item", Rebuild,
        "how tiles are put together", "ISO/IEC 23008-12 §6.6";
    TONE_MAP: "tmap", "policy share", Rebuild,
        "numbers of the HDR gain map", "ISO/IEC 23008-12 §6.6.2.4; ISO 21496-1 C.4";
    EXIF: "Exif", "Apple's HDR gain map without a tmap, policy share: two numbers of the maker note", Rebuild,
        "brightness of the HDR picture", "ISO/IEC 23008-12 A.2; Apple maker note 0x0021, 0x0030";
    XMP: "mime application/rdf+xml", "numbers of HDR gain maps and of panoramas", Rebuild,
        "numbers without which the picture is shown flat", "ISO 16684-1";
    IDAT: "idat, mdat", "always; used bytes only", Rebuild,
        "hold the data of the items", "ISO/IEC 14496-12 §8.1.1, §8.11.11";
}
