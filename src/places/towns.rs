//! The towns of `assets/places/towns.bin`, whose layout `scripts/make_places.py` describes.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use crate::model::Place;

static DATA: &[u8] = include_bytes!("../../assets/places/towns.bin");
/// Steps in a degree.
const STEPS: f64 = 10_000.0;
/// Height of a band, in steps.
const BAND: u32 = 5_000;
const BAND_STEPS: f64 = 5_000.0;
/// Mean radius of the earth, in kilometres.
const EARTH: f64 = 6_371.0;

/// A town.
#[derive(Clone, Copy, Debug)]
pub(super) struct Town<'a> {
    pub(super) name: &'a str,
    /// ISO 3166-1 code.
    pub(super) country: &'a str,
}

/// A row of the table: latitude and longitude in steps from the south pole and from -180.
#[derive(Clone, Copy, Debug)]
struct Row {
    latitude: u32,
    longitude: u32,
    country: u8,
    /// Where its name begins in `names`.
    name: u32,
}

impl Row {
    fn band(&self) -> u32 {
        self.latitude / BAND
    }

    /// Southern edge of its band, in steps.
    fn edge(&self) -> f64 {
        f64::from(self.band()) * BAND_STEPS
    }
}

/// All towns, sorted by band and longitude.
#[derive(Debug)]
pub(super) struct Towns {
    rows: Vec<Row>,
    countries: String,
    names: String,
}

impl Towns {
    /// Inflates the table.
    pub(super) fn load() -> Option<Self> {
        let mut data = Vec::new();
        ZlibDecoder::new(DATA).read_to_end(&mut data).ok()?;
        let (count, rest) = data.split_first_chunk::<4>()?;
        let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
        let (countries, rest) = rest.split_first_chunk::<2>()?;
        let countries = usize::from(u16::from_le_bytes(*countries)).checked_mul(2)?;
        let (countries, rest) = rest.split_at_checked(countries)?;
        let (latitudes, mut rest) = rest.split_at_checked(count.checked_mul(2)?)?;
        let bands = varints(&mut rest, count)?;
        let longitudes = varints(&mut rest, count)?;
        let (country, names) = rest.split_at_checked(count)?;
        let names = String::from_utf8(names.to_vec()).ok()?;
        let mut rows = Vec::with_capacity(count);
        let (mut band, mut longitude, mut name) = (0u32, 0u32, 0u32);
        let lines = names.split_inclusive('\n');
        let columns = latitudes
            .chunks_exact(2)
            .zip(bands)
            .zip(longitudes)
            .zip(country);
        for ((((latitude, step), difference), country), line) in columns.zip(lines) {
            if step > 0 {
                longitude = 0;
            }
            band = band.checked_add(step)?;
            longitude = longitude.checked_add(difference)?;
            let above = u32::from(u16::from_le_bytes(*latitude.first_chunk()?));
            rows.push(Row {
                latitude: band.checked_mul(BAND)?.checked_add(above)?,
                longitude,
                country: *country,
                name,
            });
            name = name.checked_add(u32::try_from(line.len()).ok()?)?;
        }
        Some(Self {
            rows,
            countries: String::from_utf8(countries.to_vec()).ok()?,
            names,
        })
    }

    /// The nearest town within so many kilometres, in this country if one is given, and its distance.
    pub(super) fn nearest(
        &self,
        latitude: f64,
        longitude: f64,
        within: f64,
        country: Option<&str>,
    ) -> Option<(Town<'_>, f64)> {
        let mut best: Option<(&Row, f64)> = None;
        let reach = within * 1000.0 / Place::DEGREE;
        let south = ((latitude - reach + 90.0) * STEPS).max(0.0);
        let north = ((latitude + reach + 90.0) * STEPS).min(180.0 * STEPS);
        // Meridians meet at the poles; the widest circle of the reach counts.
        let narrow = (latitude.abs() + reach).min(89.9).to_radians().cos();
        let wide = (reach / narrow).min(180.0);
        let spans = [
            (longitude - wide, longitude + wide),
            (longitude - wide + 360.0, longitude + wide + 360.0),
            (longitude - wide - 360.0, longitude + wide - 360.0),
        ];
        let first = self
            .rows
            .partition_point(|row| row.edge() + BAND_STEPS < south);
        let mut rest = self.rows.get(first..).unwrap_or_default();
        while let Some(head) = rest.first() {
            let band = head.band();
            if head.edge() > north {
                break;
            }
            let end = rest.partition_point(|row| row.band() == band);
            let (of_band, behind) = rest.split_at(end);
            for (west, east) in spans {
                let (west, east) = ((west + 180.0) * STEPS, (east + 180.0) * STEPS);
                let from = of_band.partition_point(|row| f64::from(row.longitude) < west);
                let inside = of_band
                    .iter()
                    .skip(from)
                    .take_while(|row| f64::from(row.longitude) <= east);
                for row in inside {
                    let km = distance(latitude, longitude, row);
                    let is_nearer = best.is_none_or(|(_, least)| km < least) && km <= within;
                    if is_nearer && country.is_none_or(|code| self.country(row) == Some(code)) {
                        best = Some((row, km));
                    }
                }
            }
            rest = behind;
        }
        let (row, km) = best?;
        let start = usize::try_from(row.name).ok()?;
        let town = Town {
            name: self.names.get(start..)?.lines().next()?,
            country: self.country(row)?,
        };
        Some((town, km))
    }

    fn country(&self, row: &Row) -> Option<&str> {
        let at = usize::from(row.country).checked_mul(2)?;
        self.countries.get(at..at.checked_add(2)?)
    }
}

/// Kilometres along the surface (haversine).
fn distance(latitude: f64, longitude: f64, row: &Row) -> f64 {
    let its_latitude = f64::from(row.latitude) / STEPS - 90.0;
    let its_longitude = f64::from(row.longitude) / STEPS - 180.0;
    let half = |a: f64, b: f64| ((a - b).to_radians() / 2.0).sin().powi(2);
    let cosines = latitude.to_radians().cos() * its_latitude.to_radians().cos();
    let chord = half(latitude, its_latitude) + cosines * half(longitude, its_longitude);
    2.0 * EARTH * chord.sqrt().min(1.0).asin()
}

/// So many numbers of seven bits a byte, least significant first.
fn varints(rest: &mut &[u8], count: usize) -> Option<Vec<u32>> {
    let mut numbers = Vec::with_capacity(count);
    while numbers.len() < count {
        let (mut number, mut shift) = (0u32, 0u32);
        loop {
            let (byte, behind) = rest.split_first()?;
            *rest = behind;
            number |= u32::from(byte & 0x7F).checked_shl(shift)?;
            shift = shift.checked_add(7)?;
            if byte & 0x80 == 0 {
                break;
            }
        }
        numbers.push(number);
    }
    Some(numbers)
}
