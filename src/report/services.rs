//! Online services that values in files refer to. Cleaning the file does not change the account.

use serde::Serialize;

use crate::model::{Finding, Value};

/// A service, or several services with the same advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// OneDrive and SharePoint.
    Microsoft,
    /// Google Drive, Docs, Photos and Maps.
    Google,
    /// iCloud.
    Apple,
    /// Dropbox.
    Dropbox,
    /// Facebook and Instagram.
    Facebook,
    /// Fitness services that publish routes: Strava, Garmin Connect.
    Training,
    /// Live location sharing: Life360, Find My, Snap Map.
    Sharing,
}

/// Parts of addresses in lower case, and the service of each.
const ADDRESSES: [(&str, Service); 21] = [
    (".sharepoint.com", Service::Microsoft),
    ("onedrive.live.com", Service::Microsoft),
    ("1drv.ms/", Service::Microsoft),
    ("d.docs.live.net", Service::Microsoft),
    ("drive.google.com", Service::Google),
    ("docs.google.com", Service::Google),
    ("photos.google.com", Service::Google),
    ("photos.app.goo.gl", Service::Google),
    ("maps.app.goo.gl", Service::Google),
    ("www.icloud.com/", Service::Apple),
    ("share.icloud.com", Service::Apple),
    ("dropbox.com/", Service::Dropbox),
    ("dropboxusercontent.com", Service::Dropbox),
    ("facebook.com/", Service::Facebook),
    ("instagram.com/", Service::Facebook),
    ("strava.com/", Service::Training),
    ("stravagpx", Service::Training),
    ("connect.garmin.com", Service::Training),
    ("life360.com", Service::Sharing),
    ("map.snapchat.com", Service::Sharing),
    ("icloud.com/find", Service::Sharing),
];

impl Service {
    /// All of them.
    #[cfg(test)]
    pub(super) const ALL: [Self; 7] = [
        Self::Microsoft,
        Self::Google,
        Self::Apple,
        Self::Dropbox,
        Self::Facebook,
        Self::Training,
        Self::Sharing,
    ];

    /// The services that the value of a finding refers to.
    pub(super) fn of(finding: &Finding) -> impl Iterator<Item = Self> {
        let text = match &finding.value {
            Some(Value::Text(text)) => text.raw(),
            _ => "",
        };
        // Facebook and Instagram write such a number into the IPTC data of each picture.
        let is_marked = text.starts_with("FBMD") && text.len() > 8;
        let text = text.to_ascii_lowercase();
        let named = ADDRESSES
            .iter()
            .filter(move |(address, _)| text.contains(address));
        let marked = is_marked.then_some(Self::Facebook);
        named.map(|(_, service)| *service).chain(marked)
    }

    /// The key of the advice about the account.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Microsoft => "service-microsoft",
            Self::Google => "service-google",
            Self::Apple => "service-apple",
            Self::Dropbox => "service-dropbox",
            Self::Facebook => "service-facebook",
            Self::Training => "service-training",
            Self::Sharing => "service-sharing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Category, Severity};
    use crate::report::{Lang, Words};

    fn named(text: &str) -> Vec<Service> {
        let finding = Finding::new("x", Category::History, Severity::High, "y", "z").text(text);
        Service::of(&finding).collect()
    }

    #[test]
    fn addresses_name_their_service() {
        for (text, service) in [
            (
                "https://kommun-my.SharePoint.com/personal/x",
                Service::Microsoft,
            ),
            (
                "https://d.docs.live.net/0123456789abcdef/",
                Service::Microsoft,
            ),
            ("https://1drv.ms/w/s!abc", Service::Microsoft),
            ("https://docs.google.com/document/d/abc", Service::Google),
            ("https://share.icloud.com/photos/abc", Service::Apple),
            ("https://www.dropbox.com/s/abc", Service::Dropbox),
            ("FBMD01000a9d0d0000", Service::Facebook),
            ("StravaGPX Android", Service::Training),
            ("https://connect.garmin.com/modern", Service::Training),
            ("https://www.life360.com/x", Service::Sharing),
        ] {
            assert_eq!(named(text), [service], "{text}");
        }
        // Names of standards, and words in a text.
        for text in [
            "http://ns.google.com/photos/1.0/container/",
            "http://schemas.microsoft.com/office/2006",
            "FBMD",
            "min dropbox",
        ] {
            assert_eq!(named(text), [], "{text}");
        }
    }

    #[test]
    fn each_says_what_to_do() {
        for words in [Lang::Sv, Lang::En].map(Words::new) {
            let texts = Service::ALL.map(|it| words.get(it.key()));
            for (n, text) in texts.iter().enumerate() {
                assert!(text.matches('.').count() >= 2, "{text}");
                assert!(texts.iter().skip(n + 1).all(|it| it != text), "{text}");
            }
        }
    }
}
