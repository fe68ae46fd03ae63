//! Other raster pictures, one file or folder each.

pub(super) mod ani;
pub(super) mod bmp;
pub(super) mod dds;
pub(super) mod exr;
pub(super) mod hdr;
pub(super) mod ico;
pub(super) mod jp2;
pub(super) mod pcx;
pub(super) mod pnm;
pub(super) mod qoi;
pub(super) mod tga;
pub(super) mod xbm;
pub(super) mod xpm;
