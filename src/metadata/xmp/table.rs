//! Which property says what: leak catalogue §1, by namespace.

use crate::model::{Category, Role, Severity};

/// What the value of a property is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    pub id: &'static str,
    pub category: Category,
    pub severity: Severity,
    pub role: Role,
}

/// A namespace and what we know of it.
pub(super) struct Space {
    /// The prefix that everybody uses.
    pub prefix: &'static str,
    /// Without scheme and final `/` or `#`, which writers mix up.
    uris: &'static [&'static str],
    /// What properties say that are not listed; `None`: they are counted together.
    pub others: Option<Meaning>,
    listed: &'static [(&'static str, Meaning)],
}

/// `rdf:` of RDF/XML.
pub(super) const RDF: &str = "rdf";
/// `x:` of the packet wrapper.
pub(super) const WRAPPER: &str = "x";

/// Longer ones are not compared.
pub(super) const LONGEST_URI: usize = 256;

/// The namespace of this URI.
pub(super) fn space(uri: &str) -> Option<&'static Space> {
    if uri.len() > LONGEST_URI {
        return None;
    }
    let uri = uri.trim().trim_end_matches(['/', '#']);
    let uri = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    SPACES.iter().find(|space| space.uris.contains(&uri))
}

/// What a property of a namespace with this prefix says, if it is listed.
pub(super) fn listed(prefix: &str, local: &str) -> Option<Meaning> {
    let space = SPACES.iter().find(|space| space.prefix == prefix)?;
    let row = space.listed.iter().find(|(name, _)| *name == local)?;
    Some(row.1)
}

/// What any property of the namespace with this prefix says.
pub(super) fn others(prefix: &str) -> Option<Meaning> {
    SPACES.iter().find(|space| space.prefix == prefix)?.others
}

const fn means(id: &'static str, category: Category, severity: Severity, role: Role) -> Meaning {
    Meaning {
        id,
        category,
        severity,
        role,
    }
}

use Category as C;
use Severity as S;

const POINT: Meaning = means("xmp.gps", C::Location, S::Critical, Role::Coordinates);
const GPS: Meaning = means("xmp.gps", C::Location, S::Critical, Role::Text);
const DIRECTION: Meaning = means("xmp.location", C::Location, S::Medium, Role::Text);
const PLACE: Meaning = means("xmp.location", C::Location, S::Critical, Role::PlaceName);
const CELL: Meaning = means("xmp.location", C::Location, S::Critical, Role::Text);
const TAKEN: Meaning = means("xmp.time", C::Time, S::Medium, Role::TakenAt);
const TIME: Meaning = means("xmp.time", C::Time, S::Medium, Role::OtherTime);
const ZONE: Meaning = means("xmp.time", C::Time, S::Medium, Role::Other);
const MAKE: Meaning = means("xmp.device", C::Device, S::Medium, Role::Make);
const MODEL: Meaning = means("xmp.device", C::Device, S::Medium, Role::Model);
const SOFTWARE: Meaning = means("xmp.device", C::Device, S::Medium, Role::Software);
const SERIAL: Meaning = means("xmp.device", C::Device, S::High, Role::Serial);
const COUNTER: Meaning = means("xmp.device", C::Device, S::High, Role::Other);
const DEVICE: Meaning = means("xmp.device", C::Device, S::Medium, Role::Text);
const PERSON: Meaning = means("xmp.person", C::Person, S::High, Role::PersonName);
const TEXT: Meaning = means("xmp.person", C::Person, S::High, Role::Text);
const FACE: Meaning = means("xmp.regions", C::Person, S::High, Role::PersonName);
const REGION: Meaning = means("xmp.regions", C::Person, S::High, Role::Text);
const LINK: Meaning = means("xmp.history", C::History, S::High, Role::LinkId);
const PATH: Meaning = means("xmp.history", C::History, S::High, Role::Path);
const EDIT: Meaning = means("xmp.history", C::History, S::Medium, Role::Text);
const DEVELOP: Meaning = means("xmp.crs", C::History, S::Medium, Role::Text);
const PICTURE: Meaning = means("xmp.binary", C::Image, S::High, Role::Picture);
const THUMBNAIL: Meaning = means("xmp.binary", C::Image, S::High, Role::Thumbnail);
const BLOB: Meaning = means("xmp.binary", C::Unknown, S::High, Role::Other);
const FILM: Meaning = means("xmp.motion", C::Image, S::Low, Role::Other);
const PANORAMA: Meaning = means("xmp.pano", C::Device, S::Low, Role::Text);

const NOTHING: &[(&str, Meaning)] = &[];

const fn space_of(
    prefix: &'static str,
    uris: &'static [&'static str],
    others: Option<Meaning>,
    listed: &'static [(&'static str, Meaning)],
) -> Space {
    Space {
        prefix,
        uris,
        others,
        listed,
    }
}

#[rustfmt::skip]
const SPACES: &[Space] = &[
    space_of(RDF, &["www.w3.org/1999/02/22-rdf-syntax-ns"], None, &[("about", LINK), ("resource", LINK)]),
    space_of(WRAPPER, &["adobe:ns:meta"], None, &[("xmptk", SOFTWARE), ("xaptk", SOFTWARE)]),
    space_of("xml", &["www.w3.org/XML/1998/namespace"], None, NOTHING),
    space_of("exif", &["ns.adobe.com/exif/1.0"], None, &[
        ("GPSLatitude", POINT), ("GPSLongitude", POINT), ("GPSDestLatitude", POINT), ("GPSDestLongitude", POINT),
        ("GPSLatitudeRef", GPS), ("GPSLongitudeRef", GPS), ("GPSDestLatitudeRef", GPS), ("GPSDestLongitudeRef", GPS),
        ("GPSVersionID", GPS), ("GPSAltitude", GPS), ("GPSAltitudeRef", GPS), ("GPSSatellites", GPS),
        ("GPSStatus", GPS), ("GPSMeasureMode", GPS), ("GPSDOP", GPS), ("GPSSpeed", GPS), ("GPSSpeedRef", GPS),
        ("GPSTrack", GPS), ("GPSTrackRef", GPS), ("GPSImgDirection", GPS), ("GPSImgDirectionRef", GPS),
        ("GPSMapDatum", GPS), ("GPSDestBearing", GPS), ("GPSDestBearingRef", GPS), ("GPSDestDistance", GPS),
        ("GPSDestDistanceRef", GPS), ("GPSProcessingMethod", GPS), ("GPSAreaInformation", PLACE),
        ("GPSDifferential", GPS), ("GPSHPositioningError", GPS), ("GPSTimeStamp", TIME),
        ("DateTimeOriginal", TAKEN), ("DateTimeDigitized", TAKEN), ("SubSecTime", TIME),
        ("SubSecTimeOriginal", TIME), ("SubSecTimeDigitized", TIME),
        ("UserComment", TEXT), ("ImageUniqueID", SERIAL), ("RelatedSoundFile", PATH), ("MakerNote", BLOB),
        ("Lens", MODEL),
    ]),
    space_of("exifEX", &["cipa.jp/exif/1.0", "cipa.jp/exif/1.0/exifEX", "cipa.jp/exif/2.32"], None, &[
        ("BodySerialNumber", SERIAL), ("LensSerialNumber", SERIAL), ("SerialNumber", SERIAL), ("ImageUniqueID", SERIAL),
        ("CameraOwnerName", PERSON), ("OwnerName", PERSON), ("Photographer", PERSON), ("ImageEditor", PERSON),
        ("ImageTitle", TEXT), ("LensModel", MODEL), ("LensMake", MAKE), ("LensSpecification", DEVICE),
        ("CameraFirmware", SOFTWARE), ("RAWDevelopingSoftware", SOFTWARE), ("ImageEditingSoftware", SOFTWARE),
        ("MetadataEditingSoftware", SOFTWARE), ("OffsetTime", ZONE), ("OffsetTimeOriginal", ZONE),
        ("OffsetTimeDigitized", ZONE), ("SourceImageNumberOfCompositeImage", DEVICE),
    ]),
    space_of("aux", &["ns.adobe.com/exif/1.0/aux"], None, &[
        ("SerialNumber", SERIAL), ("LensSerialNumber", SERIAL), ("LensID", DEVICE), ("ImageNumber", COUNTER),
        ("OwnerName", PERSON), ("Lens", MODEL), ("LensInfo", DEVICE), ("Firmware", SOFTWARE),
    ]),
    space_of("tiff", &["ns.adobe.com/tiff/1.0"], None, &[
        ("Make", MAKE), ("Model", MODEL), ("Software", SOFTWARE), ("DateTime", TIME), ("Artist", PERSON),
        ("Copyright", PERSON), ("ImageDescription", TEXT),
    ]),
    space_of("xmp", &["ns.adobe.com/xap/1.0"], None, &[
        ("CreateDate", TAKEN), ("ModifyDate", TIME), ("MetadataDate", TIME), ("CreatorTool", SOFTWARE),
        ("Author", PERSON), ("Nickname", TEXT), ("Label", TEXT), ("Title", TEXT), ("Description", TEXT),
        ("Keywords", TEXT), ("Identifier", LINK), ("BaseURL", PATH), ("Advisory", EDIT), ("Thumbnails", THUMBNAIL),
        ("ThumbnailsTracks", THUMBNAIL), ("PageInfo", THUMBNAIL),
    ]),
    space_of("xmpGImg", &["ns.adobe.com/xap/1.0/g/img"], None, &[("image", THUMBNAIL)]),
    space_of("xmpMM", &["ns.adobe.com/xap/1.0/mm"], Some(EDIT), &[
        ("DocumentID", LINK), ("InstanceID", LINK), ("OriginalDocumentID", LINK), ("VersionID", LINK),
        ("RenditionOf", LINK), ("Manager", EDIT), ("LastURL", PATH), ("SaveID", LINK),
    ]),
    space_of("stEvt", &["ns.adobe.com/xap/1.0/sType/ResourceEvent"], Some(EDIT), &[
        ("when", TIME), ("softwareAgent", SOFTWARE), ("instanceID", LINK), ("parameters", EDIT), ("action", EDIT),
    ]),
    space_of("stRef", &["ns.adobe.com/xap/1.0/sType/ResourceRef"], Some(EDIT), &[
        ("documentID", LINK), ("instanceID", LINK), ("originalDocumentID", LINK), ("filePath", PATH),
        ("fromPart", EDIT), ("lastModifyDate", TIME), ("lastURL", PATH), ("manageTo", PATH),
    ]),
    space_of("stMfs", &["ns.adobe.com/xap/1.0/sType/ManifestItem"], Some(EDIT), &[("linkForm", EDIT), ("reference", LINK)]),
    space_of("stVer", &["ns.adobe.com/xap/1.0/sType/Version"], Some(EDIT), &[("modifyDate", TIME), ("modifier", PERSON), ("comments", TEXT)]),
    space_of("stJob", &["ns.adobe.com/xap/1.0/sType/Job"], Some(EDIT), &[("name", TEXT), ("id", LINK), ("url", PATH)]),
    space_of("xmpBJ", &["ns.adobe.com/xap/1.0/bj"], Some(EDIT), NOTHING),
    space_of("xmpRights", &["ns.adobe.com/xap/1.0/rights"], None, &[
        ("Owner", PERSON), ("UsageTerms", TEXT), ("WebStatement", PERSON), ("Certificate", PATH),
    ]),
    space_of("xmpNote", &["ns.adobe.com/xmp/note"], None, NOTHING),
    space_of("xmpDM", &["ns.adobe.com/xmp/1.0/DynamicMedia"], None, &[
        ("shotLocation", PLACE), ("shotDate", TAKEN), ("audioModDate", TIME), ("metadataModDate", TIME),
        ("videoModDate", TIME), ("releaseDate", TIME), ("artist", PERSON), ("composer", PERSON), ("copyright", PERSON),
        ("director", PERSON), ("directorPhotography", PERSON), ("client", PERSON), ("album", TEXT), ("comment", TEXT),
        ("shotName", TEXT), ("logComment", TEXT), ("cameraModel", MODEL), ("cameraLabel", MODEL),
        ("altTapeName", TEXT), ("tapeName", TEXT), ("projectName", TEXT), ("projectRef", PATH), ("absPeakAudioFilePath", PATH),
        ("relativePeakAudioFilePath", PATH), ("filePath", PATH), ("path", PATH),
    ]),
    space_of("dc", &["purl.org/dc/elements/1.1"], None, &[
        ("creator", PERSON), ("contributor", PERSON), ("publisher", PERSON), ("rights", PERSON), ("title", TEXT),
        ("description", TEXT), ("subject", TEXT), ("coverage", PLACE), ("date", TIME), ("source", PATH),
        ("identifier", LINK), ("relation", LINK),
    ]),
    space_of("dcterms", &["purl.org/dc/terms"], None, &[
        ("created", TIME), ("modified", TIME), ("date", TIME), ("spatial", PLACE), ("Location", PLACE),
        ("creator", PERSON), ("contributor", PERSON), ("provenance", LINK), ("title", TEXT), ("description", TEXT),
    ]),
    space_of("photoshop", &["ns.adobe.com/photoshop/1.0"], None, &[
        ("City", PLACE), ("State", PLACE), ("Country", PLACE), ("DateCreated", TAKEN), ("AuthorsPosition", PERSON),
        ("CaptionWriter", PERSON), ("Credit", PERSON), ("Source", PERSON), ("Headline", TEXT), ("Instructions", TEXT),
        ("TransmissionReference", TEXT), ("History", EDIT), ("DocumentAncestors", LINK), ("TextLayers", TEXT),
        ("LayerName", TEXT), ("LayerText", TEXT), ("SidecarForExtension", EDIT), ("SupplementalCategories", TEXT),
        ("EmbeddedXMPDigest", LINK), ("LegacyIPTCDigest", LINK),
    ]),
    space_of("Iptc4xmpCore", &["iptc.org/std/Iptc4xmpCore/1.0/xmlns"], None, &[
        ("Location", PLACE), ("CountryCode", PLACE), ("CiAdrExtadr", PLACE), ("CiAdrCity", PLACE),
        ("CiAdrRegion", PLACE), ("CiAdrPcode", PLACE), ("CiAdrCtry", PLACE), ("CiTelWork", PERSON),
        ("CiEmailWork", PERSON), ("CiUrlWork", PERSON), ("CreatorContactInfo", PERSON), ("AltTextAccessibility", TEXT),
        ("ExtDescrAccessibility", TEXT), ("SubjectCode", TEXT), ("Scene", TEXT), ("IntellectualGenre", TEXT),
    ]),
    space_of("Iptc4xmpExt", &["iptc.org/std/Iptc4xmpExt/2008-02-29", "iptc.org/std/Iptc4xmpExt/2008-02-19"], None, &[
        ("LocationCreated", PLACE), ("LocationShown", PLACE), ("City", PLACE), ("CountryCode", PLACE),
        ("CountryName", PLACE), ("ProvinceState", PLACE), ("Sublocation", PLACE), ("WorldRegion", PLACE),
        ("LocationId", PLACE), ("LocationName", PLACE), ("RatingRegion", PLACE), ("Event", TEXT), ("EventExt", TEXT),
        ("PersonInImage", PERSON), ("PersonInImageWDetails", PERSON), ("PersonHeard", PERSON), ("PersonName", PERSON),
        ("PersonId", PERSON), ("PersonDescription", PERSON), ("ModelAge", PERSON), ("AddlModelInfo", PERSON),
        ("Creator", PERSON), ("Contributor", PERSON), ("AIPromptWriterName", PERSON), ("AIPromptInformation", TEXT),
        ("AISystemUsed", SOFTWARE), ("AISystemVersionUsed", SOFTWARE), ("DigImageGUID", LINK), ("RegistryId", LINK),
        ("SerialNumber", SERIAL), ("OwnersDeviceId", SERIAL), ("ModelName", MODEL), ("Manufacturer", MAKE),
        ("RecDevice", DEVICE), ("OrganisationInImageName", PERSON), ("OrganisationInImageCode", PERSON),
        ("ImageRegion", REGION), ("RName", REGION), ("CircaDateCreated", TIME), ("ArtworkOrObject", TEXT),
    ]),
    space_of("drone-dji", &["www.dji.com/drone-dji/1.0"], Some(DIRECTION), &[
        ("GpsLatitude", POINT), ("GpsLongitude", POINT), ("GpsLongtitude", POINT), ("Latitude", POINT), ("Longitude", POINT),
        ("AbsoluteAltitude", GPS), ("RelativeAltitude", GPS), ("RtkFlag", GPS), ("RtkStdLat", GPS), ("RtkStdLon", GPS),
        ("RtkStdHgt", GPS), ("GpsStatus", GPS), ("AltitudeType", GPS), ("SelfData", TEXT), ("DroneModel", MODEL),
        ("Version", SOFTWARE), ("DroneSerialNumber", SERIAL), ("CameraSerialNumber", SERIAL), ("UTCAtExposure", TAKEN),
        ("CaptureUUID", LINK), ("ProductName", MODEL),
    ]),
    space_of("drone-parrot", &["www.parrot.com/drone-parrot/1.0", "www.parrot.com/drone-parrot/2.0"], Some(DIRECTION), &[
        ("SerialNumber", SERIAL), ("Copyright", PERSON), ("CameraSerialNumber", SERIAL),
    ]),
    space_of("Camera", &["pix4d.com/camera/1.0"], Some(DEVICE), &[
        ("GPSXYAccuracy", GPS), ("GPSZAccuracy", GPS), ("AboveGroundAltitude", GPS), ("Yaw", DIRECTION),
        ("Pitch", DIRECTION), ("Roll", DIRECTION), ("IMUYaw", DIRECTION), ("IMUPitch", DIRECTION), ("IMURoll", DIRECTION),
        ("SerialNumber", SERIAL), ("CaptureUUID", LINK), ("FlightUUID", LINK), ("CentralWavelength", DEVICE),
    ]),
    space_of("FLIR", &["ns.flir.com/xmp/1.0"], Some(DEVICE), NOTHING),
    space_of("skydio", &["www.skydio.com/drone-skydio/1.0", "skydio.com/camera/1.0"], Some(DIRECTION), &[
        ("Latitude", POINT), ("Longitude", POINT), ("AbsoluteAltitude", GPS), ("RelativeAltitude", GPS),
    ]),
    space_of("Device", &["ns.google.com/photos/dd/1.0/device"], Some(DEVICE), NOTHING),
    space_of("EarthPos", &["ns.google.com/photos/dd/1.0/earthpose"], Some(DIRECTION), &[
        ("Latitude", POINT), ("Longitude", POINT), ("Altitude", GPS), ("Timestamp", TIME),
    ]),
    space_of("Pose", &["ns.google.com/photos/dd/1.0/pose"], Some(DIRECTION), &[("Timestamp", TIME)]),
    space_of("VendorInfo", &["ns.google.com/photos/dd/1.0/vendorinfo"], Some(DEVICE), &[
        ("Manufacturer", MAKE), ("Model", MODEL), ("Notes", TEXT),
    ]),
    space_of("AppInfo", &["ns.google.com/photos/dd/1.0/appinfo"], Some(SOFTWARE), NOTHING),
    space_of("Profile", &["ns.google.com/photos/dd/1.0/profile"], None, NOTHING),
    space_of("Container", &["ns.google.com/photos/1.0/container", "ns.google.com/photos/dd/1.0/container"], None, NOTHING),
    space_of("Item", &["ns.google.com/photos/1.0/container/item", "ns.google.com/photos/dd/1.0/item"], None, &[("DataURI", PATH)]),
    space_of("hdrgm", &["ns.adobe.com/hdr-gain-map/1.0"], None, NOTHING),
    space_of("HDRGainMap", &["ns.apple.com/HDRGainMap/1.0"], None, NOTHING),
    space_of("apdi", &["ns.apple.com/pixeldatainfo/1.0"], None, NOTHING),
    space_of("GPano", &["ns.google.com/photos/1.0/panorama"], Some(PANORAMA), &[
        ("PoseHeadingDegrees", DIRECTION), ("InitialViewHeadingDegrees", DIRECTION), ("FirstPhotoDate", TAKEN),
        ("LastPhotoDate", TAKEN), ("StitchingSoftware", SOFTWARE), ("CaptureSoftware", SOFTWARE),
    ]),
    space_of("GSpherical", &["ns.google.com/videos/1.0/spherical"], Some(PANORAMA), &[
        ("StitchingSoftware", SOFTWARE), ("InitialViewHeadingDegrees", DIRECTION), ("TimeStamp", TIME),
    ]),
    space_of("GCamera", &["ns.google.com/photos/1.0/camera"], None, &[
        ("MicroVideoOffset", FILM), ("MicroVideo", FILM), ("MotionPhoto", FILM), ("MotionPhotoPresentationTimestampUs", FILM),
        ("MicroVideoPresentationTimestampUs", FILM), ("BurstID", LINK), ("hdrp_makernote", BLOB), ("HdrPlusMakernote", BLOB),
        ("shot_log_data", BLOB),
    ]),
    space_of("GCreations", &["ns.google.com/photos/1.0/creations"], None, &[("CameraBurstID", LINK)]),
    space_of("GDepth", &["ns.google.com/photos/1.0/depthmap"], None, &[("Data", PICTURE), ("Confidence", PICTURE), ("Software", SOFTWARE)]),
    space_of("GImage", &["ns.google.com/photos/1.0/image"], None, &[("Data", PICTURE)]),
    space_of("LImage", &["ns.leiainc.com/photos/1.0/image"], None, &[("Data", PICTURE)]),
    space_of("GAudio", &["ns.google.com/photos/1.0/audio"], None, &[("Data", BLOB)]),
    space_of("cell", &["developer.sonyericsson.com/cell/1.0"], Some(CELL), NOTHING),
    space_of("prism", &["prismstandard.org/namespaces/basic/2.0", "prismstandard.org/namespaces/basic/1.2"], None, &[
        ("location", PLACE), ("person", PERSON), ("creationDate", TIME), ("modificationDate", TIME), ("publicationDate", TIME),
    ]),
    space_of("pmi", &["prismstandard.org/namespaces/pmi/2.2"], None, &[("location", PLACE), ("personDescription", PERSON)]),
    space_of("prl", &["prismstandard.org/namespaces/prl/2.1"], None, &[("geography", PLACE)]),
    space_of("mediapro", &["ns.iview-multimedia.com/mediapro/1.0"], None, &[
        ("Location", PLACE), ("People", PERSON), ("CatalogSets", TEXT), ("Event", TEXT), ("UserFields", TEXT),
    ]),
    space_of("expressionmedia", &["ns.microsoft.com/expressionmedia/1.0"], None, &[
        ("People", PERSON), ("CatalogSets", TEXT), ("Event", TEXT),
    ]),
    space_of("dwc", &["rs.tdwg.org/dwc/index.htm", "rs.tdwg.org/dwc/terms"], Some(PLACE), &[
        ("decimalLatitude", POINT), ("decimalLongitude", POINT), ("eventDate", TAKEN), ("recordedBy", PERSON),
    ]),
    space_of("geo", &["www.w3.org/2003/01/geo/wgs84_pos"], Some(GPS), &[("lat", POINT), ("long", POINT)]),
    space_of("lr", &["ns.adobe.com/lightroom/1.0"], None, &[("hierarchicalSubject", TEXT), ("weightedFlatSubject", TEXT), ("privateRTKInfo", TEXT)]),
    space_of("digiKam", &["www.digikam.org/ns/1.0"], None, &[
        ("TagsList", TEXT), ("CaptionsAuthorNames", PERSON), ("CaptionsDateTimeStamps", TIME), ("ImageUniqueID", SERIAL),
        ("ImageHistory", EDIT), ("LensCorrectionSettings", EDIT),
    ]),
    space_of("acdsee", &["ns.acdsee.com/iptc/1.0"], None, &[
        ("categories", TEXT), ("author", PERSON), ("caption", TEXT), ("notes", TEXT), ("keywords", TEXT), ("datetime", TAKEN),
        ("collections", TEXT),
    ]),
    space_of("acdsee-rs", &["ns.acdsee.com/regions"], Some(REGION), &[("Name", FACE)]),
    space_of("MicrosoftPhoto", &["ns.microsoft.com/photo/1.0", "ns.microsoft.com/photo/1.1"], None, &[
        ("CameraSerialNumber", SERIAL), ("LensManufacturer", MAKE), ("LensModel", MODEL), ("FlashManufacturer", MAKE),
        ("FlashModel", MODEL), ("DateAcquired", TIME), ("LastKeywordXMP", TEXT), ("LastKeywordIPTC", TEXT),
    ]),
    space_of("MP", &["ns.microsoft.com/photo/1.2"], Some(REGION), NOTHING),
    space_of("MPRI", &["ns.microsoft.com/photo/1.2/t/RegionInfo"], Some(REGION), NOTHING),
    space_of("MPReg", &["ns.microsoft.com/photo/1.2/t/Region"], Some(REGION), &[
        ("PersonDisplayName", FACE), ("PersonEmailDigest", FACE), ("PersonLiveIdCID", FACE), ("PersonSourceID", FACE),
    ]),
    space_of("mwg-rs", &["www.metadataworkinggroup.com/schemas/regions"], Some(REGION), &[("Name", FACE), ("Description", REGION)]),
    space_of("mwg-kw", &["www.metadataworkinggroup.com/schemas/keywords"], Some(TEXT), NOTHING),
    space_of("mwg-coll", &["www.metadataworkinggroup.com/schemas/collections"], Some(TEXT), NOTHING),
    space_of("apple-fi", &["ns.apple.com/faceinfo/1.0"], Some(REGION), &[("FaceID", FACE), ("Timestamp", TIME)]),
    space_of("stArea", &["ns.adobe.com/xmp/sType/Area"], None, NOTHING),
    space_of("stDim", &["ns.adobe.com/xap/1.0/sType/Dimensions"], None, NOTHING),
    space_of("plus", &["ns.useplus.org/ldf/xmp/1.0"], Some(PERSON), NOTHING),
    space_of("GettyImagesGIFT", &["xmp.gettyimages.com/gift/1.0"], None, &[
        ("CameraSerialNumber", SERIAL), ("Personality", PERSON), ("AssetID", LINK), ("CameraFilename", PATH),
        ("OriginalFilename", PATH), ("OriginalCreateDateTime", TAKEN), ("Photographer", PERSON),
    ]),
    space_of("creatorAtom", &["ns.adobe.com/creatorAtom/1.0"], Some(PATH), NOTHING),
    space_of("crs", &["ns.adobe.com/camera-raw-settings/1.0"], Some(DEVELOP), &[
        ("RawFileName", PATH), ("UUID", LINK), ("LookUUID", LINK), ("DefaultsSpecificToSerial", SERIAL),
        ("CameraProfile", DEVELOP), ("CameraProfileDigest", LINK), ("LensProfileName", MODEL), ("LensProfileFilename", PATH),
        ("Name", DEVELOP), ("Copyright", PERSON), ("CameraModelRestriction", MODEL), ("Version", SOFTWARE), ("Group", DEVELOP),
    ]),
    space_of("pdf", &["ns.adobe.com/pdf/1.3"], None, &[
        ("Producer", SOFTWARE), ("Keywords", TEXT), ("Author", PERSON), ("Creator", SOFTWARE), ("CreationDate", TIME), ("ModDate", TIME),
        ("Title", TEXT), ("Subject", TEXT),
    ]),
    space_of("pdfx", &["ns.adobe.com/pdfx/1.3"], Some(TEXT), NOTHING),
    space_of("GIMP", &["www.gimp.org/xmp"], Some(SOFTWARE), &[("TimeStamp", TIME), ("API", SOFTWARE)]),
    space_of("DICOM", &["ns.adobe.com/DICOM"], Some(PERSON), NOTHING),
    space_of("cc", &["creativecommons.org/ns", "web.resource.org/cc"], None, &[("attributionName", PERSON), ("attributionURL", PERSON), ("morePermissions", PATH)]),
    space_of("foaf", &["xmlns.com/foaf/0.1"], Some(PERSON), NOTHING),
    space_of("ics", &["ns.idimager.com/ics/1.0"], Some(TEXT), NOTHING),
    space_of("extensis", &["ns.extensis.com/extensis/1.0"], Some(TEXT), NOTHING),
    space_of("xmpTPg", &["ns.adobe.com/xap/1.0/t/pg"], None, NOTHING),
    space_of("xmpG", &["ns.adobe.com/xap/1.0/g"], None, NOTHING),
    space_of("stFnt", &["ns.adobe.com/xap/1.0/sType/Font", "ns.adobe.com/xap/1.0/sType/font"], Some(EDIT), &[("fontFileName", PATH)]),
    space_of("xmpidq", &["ns.adobe.com/xmp/Identifier/qual/1.0"], None, NOTHING),
    space_of("crss", &["ns.adobe.com/camera-raw-saved-settings/1.0"], Some(DEVELOP), NOTHING),
    space_of("crlcp", &["ns.adobe.com/camera-raw-embedded-lens-profile/1.0"], Some(DEVELOP), NOTHING),
    space_of("stCamera", &["ns.adobe.com/photoshop/1.0/camera-profile"], Some(DEVICE), &[("Author", PERSON)]),
    space_of("sdc", &["ns.nikon.com/sdc/1.0"], None, NOTHING),
    space_of("ast", &["ns.nikon.com/asteroid/1.0"], Some(EDIT), NOTHING),
    space_of("nine", &["ns.nikon.com/nine/1.0"], Some(EDIT), NOTHING),
    space_of("hdr_metadata", &["ns.adobe.com/hdr-metadata/1.0"], None, NOTHING),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_namespace_and_property_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        for space in SPACES {
            assert!(seen.insert(space.prefix.to_owned()), "{}", space.prefix);
            for uri in space.uris {
                assert!(seen.insert((*uri).to_owned()), "{uri}");
                assert!(!uri.contains("://") && !uri.ends_with(['/', '#']), "{uri}");
            }
            for (name, _) in space.listed {
                assert!(
                    seen.insert(format!("{}:{name}", space.prefix)),
                    "{}:{name}",
                    space.prefix
                );
            }
        }
    }

    #[test]
    fn writers_mix_up_schemes_and_ends() {
        for uri in [
            "http://ns.adobe.com/exif/1.0/",
            "https://ns.adobe.com/exif/1.0",
            "ns.adobe.com/exif/1.0#",
        ] {
            assert_eq!(space(uri).unwrap().prefix, "exif");
        }
        assert!(space("http://example.org/").is_none());
    }
}
