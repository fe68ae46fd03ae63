//! L6: what is at a pair of coordinates, found offline. Nothing is loaded before the first question.
//!
//! Towns: GeoNames (CC BY 4.0). Borders: OpenStreetMap (ODbL), by `country-boundaries`. Names of
//! countries: Unicode CLDR.

mod names;
mod towns;

use std::sync::LazyLock;

use country_boundaries::{BOUNDARIES_ODBL_180X90, CountryBoundaries, LatLon};

use towns::Towns;

/// Maximum distance at which a town says where something is, in kilometres.
const FAR: f64 = 60.0;
/// Maximum distance at which a town is named at all.
const VERY_FAR: f64 = 1_000.0;
/// Distance below which a point is said to be in the town.
const INSIDE: f64 = 1.0;

static TOWNS: LazyLock<Option<Towns>> = LazyLock::new(Towns::load);
static BORDERS: LazyLock<Option<CountryBoundaries>> =
    LazyLock::new(|| CountryBoundaries::from_reader(BOUNDARIES_ODBL_180X90).ok());

/// A language that names of towns and countries are wanted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Swedish.
    Sv,
}

/// A town near a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// Its name.
    pub town: String,
    /// Name of its country.
    pub country: Option<&'static str>,
    /// Distance from the point, in kilometres.
    pub km: f64,
}

/// Where a point is.
#[derive(Clone, Debug, PartialEq)]
pub enum Where {
    /// Latitude and longitude are zero: devices without a position write that.
    Nowhere,
    /// In this town, or at its edge.
    In(Near),
    /// Not far from this town.
    By(Near),
    /// Far from any town: the country, whose waters count as well, and the nearest town.
    Remote(Option<&'static str>, Option<Near>),
}

/// Says where a point is. `latitude` and `longitude` are in degrees, north and east positive. `None` where
/// they are no coordinates.
#[must_use]
pub fn locate(latitude: f64, longitude: f64, language: Language) -> Option<Where> {
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return None;
    }
    if latitude.abs() < 1e-3 && longitude.abs() < 1e-3 {
        return Some(Where::Nowhere);
    }
    let country = country(latitude, longitude);
    let towns = TOWNS.as_ref()?;
    // Across a border the nearest town would mislead, so that one in the same country comes first.
    let near = |country: Option<&str>, within: f64| {
        let (town, km) = towns.nearest(latitude, longitude, within, country)?;
        Some(Near {
            town: plain(names::town(town.country, town.name, language)).to_owned(),
            country: names::country(town.country, language),
            km,
        })
    };
    let nearest = near(country, FAR);
    Some(match nearest {
        Some(town) if town.km < INSIDE => Where::In(town),
        Some(town) => Where::By(town),
        None => {
            let name = country.and_then(|code| names::country(code, language));
            Where::Remote(name, near(country, VERY_FAR))
        }
    })
}

/// The name of a part of a town without the quarters that GeoNames adds: `Zürich (Kreis 5) / Escher-Wyss`.
fn plain(name: &str) -> &str {
    name.split(" / ").next().unwrap_or(name)
}

/// ISO 3166-1 code of the country that a point is in; `None` at sea.
fn country(latitude: f64, longitude: f64) -> Option<&'static str> {
    let borders = BORDERS.as_ref()?;
    let ids = borders.ids(LatLon::new(latitude, longitude).ok()?);
    ids.into_iter().find(|id| id.len() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said, in short.
    fn said(latitude: f64, longitude: f64) -> String {
        let name = |near: Near| format!("{}, {}", near.town, near.country.unwrap_or_default());
        match locate(latitude, longitude, Language::Sv) {
            None => "none".to_owned(),
            Some(Where::Nowhere) => "nowhere".to_owned(),
            Some(Where::In(town) | Where::By(town)) => name(town),
            Some(Where::Remote(country, _)) => format!("far, {}", country.unwrap_or_default()),
        }
    }

    /// Each row names the source of the truth: the article of English Wikipedia with these coordinates, or another.
    #[test]
    fn places_have_their_names() {
        let mut wrong = Vec::new();
        for (latitude, longitude, expected, source) in [
            (59.4032, 17.9448, "Kista, Sverige", "Wikipedia, Kista"),
            (
                59.3293,
                18.0686,
                "Stockholm, Sverige",
                "Wikipedia, Stockholm",
            ),
            (59.3879, 17.9290, "Rinkeby, Sverige", "Wikipedia, Rinkeby"),
            (55.6050, 13.0038, "Malmö, Sverige", "Wikipedia, Malmö"),
            (55.7047, 13.1910, "Lund, Sverige", "Wikipedia, Lund"),
            (
                57.7089,
                11.9746,
                "Göteborg, Sverige",
                "Wikipedia, Gothenburg",
            ),
            (63.8258, 20.2630, "Umeå, Sverige", "Wikipedia, Umeå"),
            (65.5848, 22.1547, "Luleå, Sverige", "Wikipedia, Luleå"),
            (67.8558, 20.2253, "Kiruna, Sverige", "Wikipedia, Kiruna"),
            (
                63.1767,
                14.6361,
                "Östersund, Sverige",
                "Wikipedia, Östersund",
            ),
            (57.6348, 18.2948, "Visby, Sverige", "Wikipedia, Visby"),
            (56.6634, 16.3568, "Kalmar, Sverige", "Wikipedia, Kalmar"),
            (
                65.8354,
                24.1368,
                "Haparanda, Sverige",
                "Wikipedia, Haparanda; west of the Torne river, which is the border",
            ),
            (
                65.8481,
                24.1466,
                "Tornio, Finland",
                "Wikipedia, Tornio; east of the Torne river, which is the border",
            ),
            (
                68.05,
                18.9,
                "Kiruna, Sverige",
                "Lantmäteriet, between Kiruna and Riksgränsen, municipality of Kiruna",
            ),
            (
                56.0361,
                12.6136,
                "Helsingör, Danmark",
                "Wikipedia, Helsingør; 4 km of sea to Helsingborg",
            ),
            (
                56.0465,
                12.6945,
                "Helsingborg, Sverige",
                "Wikipedia, Helsingborg; 4 km of sea to Helsingør",
            ),
            (
                55.6761,
                12.5683,
                "Köpenhamn, Danmark",
                "Wikipedia, Copenhagen",
            ),
            (
                55.1000,
                14.7000,
                "Rønne, Danmark",
                "Wikipedia, Rønne on Bornholm",
            ),
            (59.9139, 10.7522, "Oslo, Norge", "Wikipedia, Oslo"),
            (60.3913, 5.3221, "Bergen, Norge", "Wikipedia, Bergen"),
            (
                78.2232,
                15.6267,
                "Longyearbyen, Svalbard",
                "Wikipedia, Longyearbyen",
            ),
            (
                60.1699,
                24.9384,
                "Helsingfors, Finland",
                "Wikipedia, Helsinki",
            ),
            (60.0973, 19.9348, "Mariehamn, Åland", "Wikipedia, Mariehamn"),
            (
                64.1466,
                -21.9426,
                "Reykjavík, Island",
                "Wikipedia, Reykjavík",
            ),
            (
                62.0107,
                -6.7741,
                "Torshavn, Färöarna",
                "Wikipedia, Tórshavn",
            ),
            (
                57.5000,
                19.9000,
                "far, ",
                "no town of 500 people within 50 km in GeoNames; open sea on the chart",
            ),
            (
                57.9000,
                20.5000,
                "far, ",
                "no town of 500 people within 50 km in GeoNames; open sea on the chart",
            ),
            (
                -33.8688,
                151.2093,
                "Sydney, Australien",
                "Wikipedia, Sydney",
            ),
            (
                -34.6037,
                -58.3816,
                "Buenos Aires, Argentina",
                "Wikipedia, Buenos Aires",
            ),
            (
                40.7128,
                -74.0060,
                "New York, USA",
                "Wikipedia, New York City",
            ),
            (
                -16.7867,
                179.9869,
                "far, Fiji",
                "Wikipedia, 180th meridian on Taveuni, west of it",
            ),
            (
                -16.8000,
                -179.9900,
                "far, Fiji",
                "Wikipedia, 180th meridian on Taveuni, east of it",
            ),
            (-18.1416, 178.4419, "Suva, Fiji", "Wikipedia, Suva"),
            (
                51.8860,
                -176.6581,
                "far, USA",
                "Wikipedia, Adak, whose people are fewer than 500",
            ),
            (
                47.6973,
                8.6910,
                "Büsingen",
                "Wikipedia, Büsingen am Hochrhein: a part of Germany inside Switzerland",
            ),
            (33.3152, 44.3661, "Bagdad, Irak", "Wikipedia, Baghdad"),
            (33.5138, 36.2765, "Damaskus, Syrien", "Wikipedia, Damascus"),
            (34.5553, 69.2075, "Kabul, Afghanistan", "Wikipedia, Kabul"),
            (
                2.0469,
                45.3182,
                "Mogadishu, Somalia",
                "Wikipedia, Mogadishu",
            ),
            (
                80.0,
                -40.0,
                "far, Grönland",
                "inland ice; no town within 50 km",
            ),
            (
                -75.0,
                0.0,
                "far, ",
                "Antarctica, which belongs to no country",
            ),
            (
                47.3881,
                8.5180,
                "Zürich",
                "Wikipedia, Escher-Wyss, a quarter of Zürich",
            ),
            (
                0.0,
                0.0,
                "nowhere",
                "the point that devices write without a position",
            ),
            (
                0.0,
                -140.0,
                "far, ",
                "no town of 500 people within 50 km in GeoNames; open sea on the chart",
            ),
            (
                0.0,
                180.0,
                "far, ",
                "no town of 500 people within 50 km in GeoNames; open sea on the chart",
            ),
            (89.9, 10.0, "far, ", "the Arctic Ocean near the pole"),
            (91.0, 0.0, "none", "no latitude"),
        ] {
            let said = said(latitude, longitude);
            if !said.starts_with(expected) {
                wrong.push(format!(
                    "{latitude} {longitude}: {said}, not {expected} ({source})"
                ));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
