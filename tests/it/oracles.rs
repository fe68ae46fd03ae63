//! Other people's programs look at our copies. Where one is not installed, that is said; with `CI=true`
//! it is a failure.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use rayon::prelude::*;
use sparlos::pipeline::Job;
use tempfile::TempDir;

use crate::support::judge::clean;
use crate::support::report;
use crate::support::samples::all;

/// A sample and its cleaned copy as files on the disk.
struct Pair {
    name: String,
    format: &'static str,
    original: PathBuf,
    copy: PathBuf,
}

struct Pairs {
    _dir: TempDir,
    pairs: Vec<Pair>,
}

fn pairs() -> &'static [Pair] {
    static PAIRS: LazyLock<Pairs> = LazyLock::new(|| {
        let dir = tempfile::tempdir().unwrap();
        let pairs = all()
            .iter()
            .enumerate()
            .filter_map(|(number, sample)| {
                let cleaned = clean(&sample.source(), &Job::default()).ok()?;
                let info = cleaned.cleaning.format.info();
                let file = |which: &str, bytes: &[u8]| {
                    let path = dir
                        .path()
                        .join(format!("{number}-{which}.{}", info.extensions[0]));
                    std::fs::write(&path, bytes).unwrap();
                    path
                };
                Some(Pair {
                    name: sample.name.clone(),
                    format: info.id,
                    original: file("original", &sample.bytes),
                    copy: file("copy", &cleaned.bytes),
                })
            })
            .collect();
        Pairs { _dir: dir, pairs }
    });
    &PAIRS.pairs
}

/// Whether a program is there to be asked.
fn installed(program: &str) -> bool {
    // Whatever it makes of the flag, that it starts is the answer.
    if Command::new(program).arg("-version").output().is_ok() {
        return true;
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{program} is not installed"
    );
    eprintln!("SKIPPED: {program} is not installed");
    false
}

fn ask(program: &str, arguments: &[&str], file: &Path) -> Output {
    Command::new(program)
        .args(arguments)
        .arg(file)
        .output()
        .unwrap()
}

fn complaints_about(of: &[&str], check: impl Fn(&Pair) -> Option<String> + Sync) {
    let complaints: Vec<String> = pairs()
        .par_iter()
        .filter(|pair| of.is_empty() || of.contains(&pair.format))
        .filter_map(|pair| check(pair).map(|what| format!("{}: {what}", pair.name)))
        .collect();
    report(&complaints);
}

/// Tags of TIFF that say how a picture is to be read.
const TIFF_TAGS: &str = "SubfileType OldSubfileType ImageWidth ImageHeight BitsPerSample Compression \
     PhotometricInterpretation FillOrder StripOffsets Orientation SamplesPerPixel RowsPerStrip \
     StripByteCounts XResolution YResolution PlanarConfiguration ResolutionUnit PageNumber Predictor \
     WhitePoint PrimaryChromaticities ColorMap TileWidth TileLength TileOffsets TileByteCounts \
     ExtraSamples SampleFormat JPEGTables YCbCrCoefficients YCbCrSubSampling YCbCrPositioning \
     ReferenceBlackWhite PreviewImage PreviewImageStart PreviewImageLength";

/// What ExifTool may see in a copy: group, and the tags in it. `*` stands for all: the format's own header
/// fields, which the contract tests keep to the allowlist.
const ALLOWED: &[(&str, &str)] = &[
    ("", "SourceFile"),
    ("ExifTool", "ExifToolVersion Warning"),
    ("System", "*"),
    (
        "File",
        "FileType FileTypeExtension MIMEType PageCount ImageWidth ImageHeight ImageLength EncodingProcess \
         BitsPerSample ColorComponents YCbCrSubSampling ExifByteOrder BMPVersion Planes BitDepth \
         Compression NumColors NumImportantColors PixelsPerMeterX PixelsPerMeterY RedMask GreenMask \
         BlueMask AlphaMask ColorSpace RedEndpoint GreenEndpoint BlueEndpoint GammaRed GammaGreen \
         GammaBlue RenderingIntent ProfileDataOffset ProfileSize ImageCount ColorPlanes BitsPerPixel \
         HotspotX HotspotY MaxVal BytesPerLine ColorMode Encoding LeftMargin TopMargin Manufacturer \
         Software XResolution YResolution ByteOrderMark LineCount MIMEEncoding Newlines WordCount",
    ),
    (
        "Composite",
        "ImageSize Megapixels AvgBitrate Rotation Duration HDRGain HDRHeadroom",
    ),
    ("JFIF", "JFIFVersion ResolutionUnit XResolution YResolution"),
    (
        "Adobe",
        "DCTEncodeVersion APP14Flags0 APP14Flags1 ColorTransform",
    ),
    (
        "IFD0",
        "Orientation XResolution YResolution ResolutionUnit YCbCrPositioning",
    ),
    ("IFD0", TIFF_TAGS),
    ("IFD1", TIFF_TAGS),
    ("SubIFD", TIFF_TAGS),
    ("ExifIFD", "ColorSpace Gamma ExifVersion"),
    ("InteropIFD", "InteropIndex InteropVersion"),
    ("ICC-header", "*"),
    ("ICC_Profile", "*"),
    (
        "PNG",
        "ImageWidth ImageHeight BitDepth ColorType Compression Filter Interlace Palette Transparency \
             BackgroundColor Gamma SRGBRendering SignificantBits WhitePointX WhitePointY RedX RedY GreenX \
             GreenY BlueX BlueY ProfileName AnimationFrames AnimationPlays ColorPrimaries \
             TransferCharacteristics MatrixCoefficients VideoFullRangeFlag",
    ),
    ("PNG-pHYs", "PixelsPerUnitX PixelsPerUnitY PixelUnits"),
    ("PNG-cICP", "*"),
    (
        "RIFF",
        "AvgBytesPerSec BitsPerSample Encoding NumChannels SampleRate DataSize64 NumberOfSamples64 \
              RIFFSize64 ImageWidth ImageHeight VP8Version HorizontalScale VerticalScale AlphaIsUsed WebP_Flags \
              BackgroundColor AnimationLoopCount FrameCount Duration AlphaPreprocessing AlphaFiltering \
              AlphaCompression Unknown_LIST_fram Unknown_anih Unknown_rate Unknown_seq",
    ),
    (
        "GIF",
        "GIFVersion ImageWidth ImageHeight HasColorMap ColorResolutionDepth BitsPerPixel \
             BackgroundColor AnimationIterations FrameCount Duration TransparentColor PixelAspectRatio",
    ),
    (
        "Jpeg2000",
        "MajorBrand MinorVersion CompatibleBrands JXLCodestream ImageHeight ImageWidth NumberOfComponents \
         BitsPerComponent Compression ColorSpecMethod ColorSpecPrecedence ColorSpecApproximation ColorSpace \
         CaptureXResolution CaptureYResolution CaptureXResolutionUnit CaptureYResolutionUnit \
         DisplayXResolution DisplayYResolution DisplayXResolutionUnit DisplayYResolutionUnit",
    ),
    ("Meta", "PrimaryItemReference MetaImageSize Unknown_grpl"),
    (
        "SVG",
        "Xmlns XmlnsXlink ImageWidth ImageHeight ViewBox SVGVersion Version Style Space Id Class",
    ),
    // The header of gzip, which this program calls so.
    ("ZIP", "Compression ExtraFlags Flags OperatingSystem"),
    (
        "Photoshop",
        "NumChannels ImageWidth ImageHeight BitDepth ColorMode LayerCount LayerRectangles \
         LayerBlendModes LayerOpacities LayerVisible LayerNames LayerSections Compression \
         XResolution YResolution DisplayedUnitsX DisplayedUnitsY PixelAspectRatio GlobalAngle \
         GlobalAltitude AlphaChannelsNames UnicodeAlphaNames AlphaIdentifiers DisplayInfo \
         ICC_Untagged EffectsVisible TransparencyIndex IndexedColorTableCount HasRealMergedData",
    ),
    ("OpenEXR", "*"),
    (
        "Radiance",
        "Exposure Format Orientation ColorCorrection PixelAspectRatio Primaries",
    ),
    ("XMP-hdrgm", "*"),
    ("XMP-GPano", "*"),
    ("XMP-GContainer", "*"),
    ("XMP-Container", "*"),
    ("XMP-apdi", "AuxiliaryImageType"),
    ("Apple", "HDRHeadroom HDRGain"),
    ("XMP-HDRGainMap", "*"),
    ("MPF0", "*"),
    ("MPImage1", "*"),
    ("MPImage2", "*"),
    (
        "PDF",
        "EmbeddedImage EmbeddedImageColorSpace EmbeddedImageFilter EmbeddedImageHeight \
         EmbeddedImageWidth HasXFA Language Linearized PDFVersion PageCount PageLayout PageMode \
         TaggedPDF",
    ),
];

/// What ExifTool sees of the members of a package; their names are those of the standard, or neutral.
const ZIP: &[&str] = &[
    "ZipBitFlag",
    "ZipCRC",
    "ZipCompressedSize",
    "ZipCompression",
    "ZipFileName",
    "ZipRequiredVersion",
    "ZipUncompressedSize",
];

/// A date that says nothing.
const NO_DATE: &str = "0000:00:00 00:00:00";

fn allowed(tag: &str, value: &serde_json::Value) -> bool {
    let (group, name) = tag.rsplit_once(':').unwrap_or(("", tag));
    // Some formats it does not know.
    if tag == "ExifTool:Error" && value == "Unknown file type" {
        return true;
    }
    // Older versions do not know the segment of ISO 21496-1.
    if tag == "ExifTool:Warning" && value == "[minor] Unknown APP2 segment" {
        return true;
    }
    if group == "ZIP" && (ZIP.contains(&name) || value == "1980:01:01 00:00:00") {
        return true;
    }
    // The time of gzip.
    if tag == "ZIP:ModifyDate" && value == NO_DATE {
        return true;
    }
    // The groups of films are numbered, and what matters there is spelled out by the samples' secrets.
    let technical = ["QuickTime", "Track", "Matroska", "Info"]
        .iter()
        .any(|prefix| group.starts_with(prefix));
    if technical {
        return !name.contains("Date") && !name.contains("GPS") || value == NO_DATE;
    }
    ALLOWED
        .iter()
        .any(|(g, names)| *g == group && (*names == "*" || names.split(' ').any(|n| n == name)))
}

#[test]
fn exiftool_finds_nothing_but_the_picture() {
    if !installed("exiftool") {
        return;
    }
    complaints_about(&[], |pair| {
        // Of these something always stays.
        if ["dng", "raw"].contains(&pair.format) {
            return None;
        }
        let output = ask("exiftool", &["-a", "-u", "-ee", "-G1", "-j"], &pair.copy);
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
        let left: Vec<String> = json[0]
            .as_object()?
            .iter()
            .filter(|(tag, value)| !allowed(tag, value))
            // All of a flat OpenDocument file is XML: what the document shows, and what was written about it.
            .filter(|(tag, _)| {
                let is_content = tag.starts_with("XMP-")
                    && !["XMP-meta:", "XMP-dc:"]
                        .iter()
                        .any(|it| tag.starts_with(it));
                !(is_content && pair.name.ends_with(".fodt"))
            })
            // The picture itself, where it is a JPEG inside.
            .filter(|(tag, _)| pair.format != "heif" || *tag != "File:PreviewImage")
            .map(|(tag, value)| format!("{tag} = {value}"))
            .collect();
        (!left.is_empty()).then(|| format!("exiftool sees {}", left.join(", ")))
    });
}

/// Parts of the names of tags whose value must be blank in a raw photo.
const TELLING: &[&str] = &[
    "GPS",
    "Serial",
    "Date",
    "Artist",
    "Copyright",
    "Owner",
    "Description",
    "Comment",
    "UniqueID",
    "Location",
    "City",
    "ShutterCount",
    "ImageCount",
    "HostComputer",
    "Software",
    "Author",
    "Creator",
];

#[test]
fn exiftool_finds_no_place_time_or_person_in_raw_photos() {
    if !installed("exiftool") {
        return;
    }
    complaints_about(&["dng", "raw"], |pair| {
        let output = ask("exiftool", &["-a", "-u", "-ee", "-G1", "-j"], &pair.copy);
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
        let blank = |value: &serde_json::Value| {
            let text = value.as_str().map_or(value.to_string(), str::to_owned);
            text.chars().all(|c| "0 :.".contains(c)) || text == "n/a" || text == "c"
        };
        let left: Vec<String> = json[0]
            .as_object()?
            .iter()
            .filter(|(tag, _)| !tag.starts_with("System:") && !tag.starts_with("ICC"))
            .filter(|(tag, value)| TELLING.iter().any(|part| tag.contains(part)) && !blank(value))
            .map(|(tag, value)| format!("{tag} = {value}"))
            .collect();
        (!left.is_empty()).then(|| format!("exiftool sees {}", left.join(", ")))
    });
}

#[test]
fn dcraw_sees_the_same_numbers_and_colours() {
    if !installed("dcraw") {
        return;
    }
    complaints_about(&["dng", "raw"], |pair| {
        for how in ["-D", "-w"] {
            let decoded = |file: &Path| ask("dcraw", &["-c", how], file).stdout;
            let before = decoded(&pair.original);
            if before != decoded(&pair.copy) {
                return Some(format!("other pixels with {how}"));
            }
        }
        None
    });
}

#[test]
fn exiv2_finds_nothing_but_the_picture() {
    if !installed("exiv2") {
        return;
    }
    const KEPT: [&str; 8] = [
        // Apple's, with the two numbers of its HDR pictures.
        "Photo.MakerNote",
        "Orientation",
        "XResolution",
        "YResolution",
        "ResolutionUnit",
        "ColorSpace",
        "ExifTag",
        "InteroperabilityTag",
    ];
    complaints_about(&["jpeg", "png", "webp"], |pair| {
        let output = ask("exiv2", &["-q", "-PEIXk"], &pair.copy);
        let left: Vec<String> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|key| !key.is_empty())
            .filter(|key| {
                let groups = ["Xmp.hdrgm", "Xmp.Container", "Xmp.GPano", "Exif.Iop"];
                !groups.iter().any(|group| key.starts_with(group))
            })
            .filter(|key| !KEPT.iter().any(|kept| key.ends_with(kept)))
            .collect();
        (!left.is_empty()).then(|| format!("exiv2 sees {}", left.join(", ")))
    });
}

#[test]
fn imagemagick_sees_the_same_picture() {
    if !installed("identify") {
        return;
    }
    let known = [
        "jpeg", "png", "webp", "gif", "bmp", "tiff", "psd", "psb", "ico", "jp2", "pnm", "tga",
        "pcx", "hdr", "dds", "exr", "xbm", "xpm",
    ];
    complaints_about(&known, |pair| {
        // Browsers do not listen to an `eXIf` behind the picture; ImageMagick does.
        let asked = match pair.format {
            "png" => "%# %w %h\n",
            _ => "%# %w %h %[orientation]\n",
        };
        let signature = |file: &Path| {
            // Of a TIFF the first page is asked: pages with smaller pictures go.
            let file = match pair.format {
                "tiff" | "dng" => PathBuf::from(format!("{}[0]", file.display())),
                _ => file.to_path_buf(),
            };
            let output = ask("identify", &["-quiet", "-format", asked], &file);
            // Upright is upright, whether somebody says so or not.
            let text = String::from_utf8_lossy(&output.stdout).replace("TopLeft", "Undefined");
            (output.status.success() && !text.is_empty()).then_some(text)
        };
        let before = signature(&pair.original)?;
        (signature(&pair.copy)? != before).then(|| "another picture".to_owned())
    });
}

/// The pixels of all pictures that libheif finds in a file, auxiliary ones included.
fn libheif(file: &Path) -> Option<Vec<(String, Vec<u8>)>> {
    let dir = tempfile::tempdir().unwrap();
    let output = Command::new("heif-convert")
        .arg("--with-aux")
        .arg(file)
        .arg(dir.path().join("picture.png"))
        .output()
        .unwrap();
    let mut pictures = Vec::new();
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name()?.to_string_lossy().into_owned();
        let pixels = image::load_from_memory(&std::fs::read(&path).unwrap()).ok()?;
        pictures.push((name, pixels.into_bytes()));
    }
    pictures.sort();
    (output.status.success() && !pictures.is_empty()).then_some(pictures)
}

#[test]
fn libheif_sees_the_same_pictures() {
    if !installed("heif-convert") {
        return;
    }
    complaints_about(&["heif", "avif"], |pair| {
        let before = libheif(&pair.original)?;
        let Some(after) = libheif(&pair.copy) else {
            return Some("the copy can no longer be read".to_owned());
        };
        // Depth maps, outlines of persons, and a gain map of another shape than its picture are removed.
        let other_shape = pair.name == "heif/iphone.heic";
        let goes = |name: &str| {
            name.contains("depth")
                || name.contains("matte")
                || other_shape && name.contains("hdrgainmap")
        };
        let stays: Vec<_> = before.into_iter().filter(|(name, _)| !goes(name)).collect();
        (stays != after).then(|| "other pictures".to_owned())
    });
}

#[test]
fn librsvg_draws_the_same() {
    if !installed("rsvg-convert") {
        return;
    }
    complaints_about(&["svg", "svgz"], |pair| {
        let drawn = |file: &Path| {
            let output = ask("rsvg-convert", &["--width", "300", "--height", "200"], file);
            output.status.success().then_some(output.stdout)
        };
        let before = drawn(&pair.original)?;
        (drawn(&pair.copy) != Some(before)).then(|| "another drawing".to_owned())
    });
}

#[test]
fn ffmpeg_sees_the_same_frames() {
    if !installed("ffmpeg") {
        return;
    }
    let kinds = ["mp4", "mov", "matroska", "mkv", "webm", "avif"];
    complaints_about(&kinds, |pair| {
        let hashes = |file: &Path| {
            let file = file.to_str()?;
            let output = Command::new("ffmpeg")
                .args(["-v", "error", "-i", file])
                .args(["-map", "0:v?", "-map", "0:a?", "-f", "framemd5", "-"])
                .output()
                .unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let frames: Vec<String> = text
                .lines()
                .filter(|l| !l.starts_with('#'))
                .map(Into::into)
                .collect();
            (output.status.success() && !frames.is_empty()).then_some(frames)
        };
        let before = hashes(&pair.original)?;
        (hashes(&pair.copy) != Some(before)).then(|| "other frames".to_owned())
    });
}

/// Decoders that write what they see: format, program, and the file names between which they translate.
const DECODERS: &[(&str, &str, &str)] = &[("jxl", "djxl", "ppm"), ("jp2", "opj_decompress", "ppm")];

#[test]
fn other_decoders_see_the_same_pixels() {
    for (format, program, extension) in DECODERS {
        if !installed(program) {
            continue;
        }
        complaints_about(&[format], |pair| {
            let pixels = |file: &Path| {
                let folder = tempfile::tempdir().unwrap();
                let decoded = folder.path().join(format!("pixels.{extension}"));
                let output = Command::new(program)
                    .args([file, &decoded])
                    .output()
                    .unwrap();
                // One file for each frame and channel.
                let mut files: Vec<_> = std::fs::read_dir(folder.path())
                    .unwrap()
                    .map(|entry| entry.unwrap().path())
                    .collect();
                files.sort();
                let all: Vec<u8> = files
                    .iter()
                    .flat_map(|file| std::fs::read(file).unwrap())
                    .collect();
                (output.status.success() && !all.is_empty()).then_some(all)
            };
            let before = pixels(&pair.original)?;
            (pixels(&pair.copy)? != before).then(|| format!("{program} sees another picture"))
        });
    }
}

/// Parsers that complain about what is not quite right: format, program, arguments.
const PARSERS: &[(&str, &str, &[&str])] = &[
    ("jpeg", "djpeg", &["-strict", "-outfile", "/dev/null"]),
    (
        "jpeg",
        "jpegtran",
        &["-copy", "all", "-strict", "-outfile", "/dev/null"],
    ),
    ("png", "pngcheck", &["-q"]),
    ("webp", "webpinfo", &["-quiet"]),
    ("gif", "gifsicle", &["--info"]),
];

#[test]
fn other_parsers_have_no_complaint() {
    for (format, program, arguments) in PARSERS {
        if !installed(program) {
            continue;
        }
        let content = |file: &Path| {
            let output = ask(program, arguments, file);
            output.status.success() && output.stderr.is_empty()
        };
        complaints_about(&[format], |pair| {
            // A picture that was not quite right before need not be afterwards.
            (content(&pair.original) && !content(&pair.copy))
                .then(|| format!("{program} complains about the copy only"))
        });
    }
}
