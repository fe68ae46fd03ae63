//! What the tags of TIFF and Exif mean (leak catalogue §1 and §2.1; names of Exif 3.0, TIFF 6.0, TIFF/EP,
//! DNG 1.7 and, for those of single vendors, ExifTool).

use super::moment::{Moment, Piece};
use crate::model::{Category, Role, Severity};

/// What a tag gives away.
#[derive(Clone, Copy, Debug)]
pub(in crate::metadata) struct Sort {
    pub(in crate::metadata) id: &'static str,
    pub(in crate::metadata) category: Category,
    pub(in crate::metadata) severity: Severity,
    pub(in crate::metadata) role: Role,
}

pub(in crate::metadata) const fn sort(
    id: &'static str,
    category: Category,
    severity: Severity,
    role: Role,
) -> Sort {
    Sort {
        id,
        category,
        severity,
        role,
    }
}

/// How a tag is to be read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Means {
    /// A number that a camera or a program sets: counted with the others, unless it holds text or is
    /// large.
    Setting,
    /// A value of its own.
    Says(Sort),
    /// The same, in UTF-16 (little endian, whatever the block is).
    SaysUtf16(Sort),
    /// The same, behind a character code.
    SaysCoded(Sort),
    /// Part of a moment.
    Time(Moment, Piece),
    /// Offset of another directory.
    Directory(Directory),
    /// Offset of coded image data, whose length the other tag holds.
    ImageAt(u16),
    /// A block of another standard.
    Block(Block),
    /// Values that decide how a picture looks.
    Fact,
}

/// Directories with tags of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directory {
    /// IFD0 and all that look like it.
    Image,
    Exif,
    Gps,
    Interop,
}

/// Blocks of other standards inside an Exif block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    MakerNote,
    Xmp,
    Iptc,
    Photoshop,
    Icc,
    C2pa,
    /// Left over by programs of Microsoft.
    Padding,
    /// Something else that nobody needs to see the picture.
    Other,
}

use Category::{Device, History, Image, Location, Person, Time, Unknown};
use Severity::{Critical, High, Low, Medium};

const MAKE: Sort = sort("exif.ifd0.text", Device, Medium, Role::Make);
const MODEL: Sort = sort("exif.ifd0.text", Device, Medium, Role::Model);
const SOFTWARE: Sort = sort("exif.ifd0.text", Device, Medium, Role::Software);
const LENS: Sort = sort("exif.lens", Device, Medium, Role::Other);
const SERIAL: Sort = sort("exif.serial", Device, High, Role::Serial);
const LINK: Sort = sort("exif.serial", Device, High, Role::LinkId);
const HOST: Sort = sort("exif.ifd0.text", Device, High, Role::Other);
const PERSON: Sort = sort("exif.ifd0.text", Person, High, Role::PersonName);
const TEXT: Sort = sort("exif.ifd0.text", Person, High, Role::Text);
const COMMENT: Sort = sort("exif.usercomment", Person, High, Role::Text);
const PATH: Sort = sort("exif.ifd0.text", History, High, Role::Path);
const HISTORY: Sort = sort("exif.embedded", History, High, Role::Text);
const PLACE: Sort = sort("exif.place", Location, Critical, Role::PlaceName);
const MAP: Sort = sort("exif.geotiff", Location, Critical, Role::Other);
const AROUND: Sort = sort("exif.environment", Location, Medium, Role::Other);
/// A moment that is none of the three.
pub(super) const WHEN: Sort = sort("exif.time", Time, Medium, Role::OtherTime);
const ZONE: Sort = sort("exif.time", Time, Medium, Role::Other);
const PREVIEW: Sort = sort("exif.preview", Image, High, Role::Picture);
/// A tag that no table knows.
pub(super) const UNKNOWN: Sort = sort("exif.unknown", Unknown, High, Role::Other);
/// A block that holds nothing but values which nobody needs.
pub(super) const NOTHING: Sort = sort("exif.settings", Device, Low, Role::Other);
/// A setting that turned out to be text.
pub(super) const STRAY_TEXT: Sort = sort("exif.ifd0.text", Unknown, Medium, Role::Text);

use Means::{
    Block as B, Directory as D, Fact, ImageAt, Says, SaysCoded, SaysUtf16, Setting, Time as T,
};

/// Ascending by tag.
#[rustfmt::skip]
static TAGS: &[(u16, &str, Means)] = &[
    (0x0001, "InteroperabilityIndex", Setting),
    (0x0002, "InteroperabilityVersion", Setting),
    (0x000B, "ProcessingSoftware", Says(SOFTWARE)),
    (0x00FE, "NewSubfileType", Setting), (0x00FF, "SubfileType", Setting),
    (0x0100, "ImageWidth", Setting), (0x0101, "ImageLength", Setting),
    (0x0102, "BitsPerSample", Setting), (0x0103, "Compression", Setting),
    (0x0106, "PhotometricInterpretation", Setting), (0x0107, "Threshholding", Setting),
    (0x010A, "FillOrder", Setting),
    (0x010D, "DocumentName", Says(PATH)),
    (0x010E, "ImageDescription", Says(TEXT)),
    (0x010F, "Make", Says(MAKE)),
    (0x0110, "Model", Says(MODEL)),
    (0x0111, "StripOffsets", ImageAt(0x0117)),
    (0x0112, "Orientation", Fact),
    (0x0115, "SamplesPerPixel", Setting), (0x0116, "RowsPerStrip", Setting),
    (0x0117, "StripByteCounts", Setting), (0x0118, "MinSampleValue", Setting),
    (0x0119, "MaxSampleValue", Setting),
    (0x011A, "XResolution", Fact), (0x011B, "YResolution", Fact),
    (0x011C, "PlanarConfiguration", Setting),
    (0x011D, "PageName", Says(TEXT)),
    (0x011E, "XPosition", Setting), (0x011F, "YPosition", Setting),
    (0x0128, "ResolutionUnit", Fact),
    (0x0129, "PageNumber", Setting), (0x012D, "TransferFunction", Setting),
    (0x0131, "Software", Says(SOFTWARE)),
    (0x0132, "DateTime", T(Moment::Modified, Piece::Date)),
    (0x013B, "Artist", Says(PERSON)),
    (0x013C, "HostComputer", Says(HOST)),
    (0x013D, "Predictor", Setting), (0x013E, "WhitePoint", Setting),
    (0x013F, "PrimaryChromaticities", Setting), (0x0140, "ColorMap", Setting),
    (0x0142, "TileWidth", Setting), (0x0143, "TileLength", Setting),
    (0x0144, "TileOffsets", ImageAt(0x0145)),
    (0x0145, "TileByteCounts", Setting),
    (0x014A, "SubIFDs", D(Directory::Image)),
    (0x0151, "TargetPrinter", Says(HOST)),
    (0x0152, "ExtraSamples", Setting), (0x0153, "SampleFormat", Setting),
    (0x0190, "GlobalParametersIFD", D(Directory::Image)),
    (0x0201, "JPEGInterchangeFormat", ImageAt(0x0202)),
    (0x0202, "JPEGInterchangeFormatLength", Setting),
    (0x0211, "YCbCrCoefficients", Setting), (0x0212, "YCbCrSubSampling", Setting),
    (0x0213, "YCbCrPositioning", Setting), (0x0214, "ReferenceBlackWhite", Setting),
    (0x02BC, "XMP", B(Block::Xmp)),
    (0x0301, "Gamma (Microsoft)", Setting),
    (0x0302, "ICCProfileDescriptor", Says(sort("exif.colour", Device, Medium, Role::Other))),
    (0x0303, "SRGBRenderingIntent", Setting),
    (0x0320, "ImageTitle (Microsoft)", Says(TEXT)),
    (0x1000, "RelatedImageFileFormat", Setting),
    (0x1001, "RelatedImageWidth", Setting), (0x1002, "RelatedImageLength", Setting),
    (0x4746, "Rating", Setting), (0x4749, "RatingPercent", Setting),
    (0x501B, "ThumbnailData", Says(sort("exif.thumbnail", Image, High, Role::Thumbnail))),
    (0x5033, "ThumbnailDateTime", Says(WHEN)),
    (0x5034, "ThumbnailArtist", Says(PERSON)),
    (0x503B, "ThumbnailCopyright", Says(PERSON)),
    (0x5110, "PixelUnits", Setting), (0x5111, "PixelsPerUnitX", Setting),
    (0x5112, "PixelsPerUnitY", Setting), (0x5113, "PaletteHistogram", Setting),
    (0x800D, "ImageID", Says(PATH)),
    (0x80A4, "WangAnnotation", Says(HISTORY)),
    (0x827D, "Model2", Says(MODEL)),
    (0x828D, "CFARepeatPatternDim", Setting), (0x828E, "CFAPattern", Setting),
    (0x828F, "BatteryLevel", Setting),
    (0x8298, "Copyright", Says(PERSON)),
    (0x829A, "ExposureTime", Setting), (0x829D, "FNumber", Setting),
    (0x82A8, "MDLabName", Says(PERSON)), (0x82A9, "MDSampleInfo", Says(TEXT)),
    (0x82AA, "MDPrepDate", Says(WHEN)), (0x82AB, "MDPrepTime", Says(WHEN)),
    (0x830E, "ModelPixelScale", Says(MAP)),
    (0x83BB, "IPTC-NAA", B(Block::Iptc)),
    (0x8480, "IntergraphMatrix", Says(MAP)), (0x8482, "ModelTiePoint", Says(MAP)),
    (0x84E0, "Site", Says(PLACE)),
    (0x8546, "SEMInfo", Says(TEXT)),
    (0x85D7, "JPLCartoIFD", Says(MAP)), (0x85D8, "ModelTransformation", Says(MAP)),
    (0x8649, "Photoshop", B(Block::Photoshop)),
    (0x8769, "ExifIFD", D(Directory::Exif)),
    (0x8773, "ICCProfile", B(Block::Icc)),
    (0x87AF, "GeoKeyDirectory", Says(MAP)), (0x87B0, "GeoDoubleParams", Says(MAP)),
    (0x87B1, "GeoAsciiParams", Says(MAP)),
    (0x8822, "ExposureProgram", Setting), (0x8824, "SpectralSensitivity", Setting),
    (0x8825, "GPSInfoIFD", D(Directory::Gps)),
    (0x8827, "PhotographicSensitivity", Setting), (0x8828, "OECF", Setting),
    (0x8829, "Interlace", Setting),
    (0x882A, "TimeZoneOffset", Says(ZONE)),
    (0x882B, "SelfTimerMode", Setting), (0x8830, "SensitivityType", Setting),
    (0x8831, "StandardOutputSensitivity", Setting),
    (0x8832, "RecommendedExposureIndex", Setting), (0x8833, "ISOSpeed", Setting),
    (0x8834, "ISOSpeedLatitudeyyy", Setting), (0x8835, "ISOSpeedLatitudezzz", Setting),
    (0x885D, "FaxSubAddress", Says(PERSON)), (0x885E, "FaxRecvTime", Says(WHEN)),
    (0x9000, "ExifVersion", Setting),
    (0x9003, "DateTimeOriginal", T(Moment::Original, Piece::Date)),
    (0x9004, "DateTimeDigitized", T(Moment::Digitized, Piece::Date)),
    (0x9009, "GooglePlusUploadCode", Says(LINK)),
    (0x9010, "OffsetTime", T(Moment::Modified, Piece::Zone)),
    (0x9011, "OffsetTimeOriginal", T(Moment::Original, Piece::Zone)),
    (0x9012, "OffsetTimeDigitized", T(Moment::Digitized, Piece::Zone)),
    (0x9101, "ComponentsConfiguration", Setting), (0x9102, "CompressedBitsPerPixel", Setting),
    (0x9201, "ShutterSpeedValue", Setting), (0x9202, "ApertureValue", Setting),
    (0x9203, "BrightnessValue", Setting), (0x9204, "ExposureBiasValue", Setting),
    (0x9205, "MaxApertureValue", Setting), (0x9206, "SubjectDistance", Setting),
    (0x9207, "MeteringMode", Setting), (0x9208, "LightSource", Setting),
    (0x9209, "Flash", Setting), (0x920A, "FocalLength", Setting),
    (0x920B, "FlashEnergy", Setting), (0x920C, "SpatialFrequencyResponse", Setting),
    (0x920E, "FocalPlaneXResolution", Setting), (0x920F, "FocalPlaneYResolution", Setting),
    (0x9210, "FocalPlaneResolutionUnit", Setting),
    (0x9211, "ImageNumber", Says(sort("exif.serial", Device, Medium, Role::LinkId))),
    (0x9212, "SecurityClassification", Says(HISTORY)), (0x9213, "ImageHistory", Says(HISTORY)),
    (0x9214, "SubjectArea", Setting), (0x9215, "ExposureIndex", Setting),
    (0x9216, "TIFF/EPStandardID", Setting), (0x9217, "SensingMethod", Setting),
    (0x927C, "MakerNote", B(Block::MakerNote)),
    (0x9286, "UserComment", SaysCoded(COMMENT)),
    (0x9290, "SubSecTime", T(Moment::Modified, Piece::Fraction)),
    (0x9291, "SubSecTimeOriginal", T(Moment::Original, Piece::Fraction)),
    (0x9292, "SubSecTimeDigitized", T(Moment::Digitized, Piece::Fraction)),
    (0x932F, "MSDocumentText", Says(HISTORY)), (0x9330, "MSPropertySetStorage", B(Block::Other)),
    (0x9331, "MSDocumentTextPosition", B(Block::Other)),
    (0x935C, "ImageSourceData", B(Block::Other)),
    (0x9400, "Temperature", Says(AROUND)), (0x9401, "Humidity", Says(AROUND)),
    (0x9402, "Pressure", Says(AROUND)), (0x9403, "WaterDepth", Says(AROUND)),
    (0x9404, "Acceleration", Says(AROUND)), (0x9405, "CameraElevationAngle", Says(AROUND)),
    (0x9999, "XiaomiSettings", Says(sort("exif.usercomment", Device, Medium, Role::Text))),
    (0x9A00, "XiaomiModel", Says(MODEL)),
    (0x9C9B, "XPTitle", SaysUtf16(TEXT)), (0x9C9C, "XPComment", SaysUtf16(COMMENT)),
    (0x9C9D, "XPAuthor", SaysUtf16(PERSON)), (0x9C9E, "XPKeywords", SaysUtf16(TEXT)),
    (0x9C9F, "XPSubject", SaysUtf16(TEXT)),
    (0xA000, "FlashpixVersion", Setting),
    (0xA001, "ColorSpace", Fact),
    (0xA002, "PixelXDimension", Setting), (0xA003, "PixelYDimension", Setting),
    (0xA004, "RelatedSoundFile", Says(PATH)),
    (0xA005, "InteroperabilityIFD", D(Directory::Interop)),
    (0xA20B, "FlashEnergy", Setting), (0xA20C, "SpatialFrequencyResponse", Setting),
    (0xA20E, "FocalPlaneXResolution", Setting), (0xA20F, "FocalPlaneYResolution", Setting),
    (0xA210, "FocalPlaneResolutionUnit", Setting), (0xA214, "SubjectLocation", Setting),
    (0xA215, "ExposureIndex", Setting), (0xA217, "SensingMethod", Setting),
    (0xA300, "FileSource", Setting), (0xA301, "SceneType", Setting), (0xA302, "CFAPattern", Setting),
    (0xA401, "CustomRendered", Setting), (0xA402, "ExposureMode", Setting),
    (0xA403, "WhiteBalance", Setting), (0xA404, "DigitalZoomRatio", Setting),
    (0xA405, "FocalLengthIn35mmFilm", Setting), (0xA406, "SceneCaptureType", Setting),
    (0xA407, "GainControl", Setting), (0xA408, "Contrast", Setting), (0xA409, "Saturation", Setting),
    (0xA40A, "Sharpness", Setting), (0xA40B, "DeviceSettingDescription", Setting),
    (0xA40C, "SubjectDistanceRange", Setting),
    (0xA420, "ImageUniqueID", Says(LINK)),
    (0xA430, "CameraOwnerName", Says(sort("exif.serial", Person, High, Role::PersonName))),
    (0xA431, "BodySerialNumber", Says(SERIAL)),
    (0xA432, "LensSpecification", Says(LENS)), (0xA433, "LensMake", Says(LENS)),
    (0xA434, "LensModel", Says(LENS)), (0xA435, "LensSerialNumber", Says(SERIAL)),
    (0xA436, "ImageTitle", Says(TEXT)), (0xA437, "Photographer", Says(PERSON)),
    (0xA438, "ImageEditor", Says(PERSON)),
    (0xA439, "CameraFirmware", Says(SOFTWARE)), (0xA43A, "RAWDevelopingSoftware", Says(SOFTWARE)),
    (0xA43B, "ImageEditingSoftware", Says(SOFTWARE)),
    (0xA43C, "MetadataEditingSoftware", Says(SOFTWARE)),
    (0xA460, "CompositeImage", Setting), (0xA461, "SourceImageNumberOfCompositeImage", Setting),
    (0xA462, "SourceExposureTimesOfCompositeImage", Setting),
    (0xA480, "GDALMetadata", Says(MAP)), (0xA481, "GDALNoData", Setting),
    (0xA500, "Gamma", Fact),
    (0xC427, "OceScanjobDescription", Says(TEXT)), (0xC429, "OceIdentificationNumber", Says(LINK)),
    (0xC44F, "Annotations", Says(HISTORY)),
    (0xC4A5, "PrintImageMatching", Setting),
    (0xC573, "OriginalFileName", Says(PATH)),
    (0xC612, "DNGVersion", Setting), (0xC613, "DNGBackwardVersion", Setting),
    (0xC614, "UniqueCameraModel", Says(MODEL)), (0xC615, "LocalizedCameraModel", Says(MODEL)),
    (0xC62F, "CameraSerialNumber", Says(SERIAL)), (0xC630, "LensInfo", Says(LENS)),
    (0xC634, "DNGPrivateData", B(Block::Other)), (0xC635, "MakerNoteSafety", Setting),
    (0xC65D, "RawDataUniqueID", Says(LINK)),
    (0xC68B, "OriginalRawFileName", Says(PATH)), (0xC68C, "OriginalRawFileData", Says(PREVIEW)),
    (0xC6D2, "PanasonicTitle", Says(TEXT)), (0xC6D3, "PanasonicTitle2", Says(TEXT)),
    (0xC6F6, "AsShotProfileName", Says(SOFTWARE)), (0xC6F8, "ProfileName", Says(SOFTWARE)),
    (0xC6FE, "ProfileCopyright", Says(TEXT)),
    (0xC716, "PreviewApplicationName", Says(SOFTWARE)),
    (0xC717, "PreviewApplicationVersion", Says(SOFTWARE)),
    (0xC71B, "PreviewDateTime", Says(WHEN)),
    (0xC71C, "RawImageDigest", Says(LINK)), (0xC71D, "OriginalRawFileDigest", Says(LINK)),
    (0xC763, "TimeCodes", Says(WHEN)), (0xC789, "ReelName", Says(LINK)),
    (0xC7A1, "CameraLabel", Says(LINK)), (0xC7A7, "NewRawImageDigest", Says(LINK)),
    (0xCD41, "C2PA", B(Block::C2pa)),
    (0xCEA1, "SEAL", B(Block::Other)),
    (0xEA1C, "Padding", B(Block::Padding)), (0xEA1D, "OffsetSchema", Setting),
    (0xFDE8, "OwnerName", Says(PERSON)), (0xFDE9, "SerialNumber", Says(SERIAL)),
    (0xFDEA, "Lens", Says(LENS)),
    (0xFE4C, "RawFile", Says(PATH)), (0xFE4D, "Converter", Says(SOFTWARE)),
];

/// Name and meaning of a tag, wherever in TIFF or Exif it stands. GPS tags have a table of their own.
pub(super) fn tag(id: u16) -> Option<(&'static str, Means)> {
    let index = TAGS.binary_search_by_key(&id, |row| row.0).ok()?;
    TAGS.get(index).map(|(_, name, means)| (*name, *means))
}

#[cfg(test)]
mod tests {
    use super::TAGS;

    #[test]
    fn the_table_is_sorted() {
        assert!(TAGS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
