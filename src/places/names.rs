//! Names of countries, and of towns that have another name in Swedish.

use super::Language;

/// Code, English name, Swedish name; sorted by code.
static COUNTRIES: &str = include_str!("../../assets/places/countries.tsv");
/// Code of the country, name in the table of towns, Swedish name.
static SWEDISH: &str = include_str!("../../assets/places/swedish.tsv");

/// Name of a country.
pub(super) fn country(code: &str, language: Language) -> Option<&'static str> {
    let mut fields = fields(COUNTRIES).find(|fields| fields.clone().next() == Some(code))?;
    fields.nth(match language {
        Language::En => 1,
        Language::Sv => 2,
    })
}

/// Name of a town: in Swedish where there is one, and as GeoNames has it otherwise.
pub(super) fn town<'a>(country: &str, name: &'a str, language: Language) -> &'a str {
    // Towns of Sweden have their own names in every language.
    if language == Language::En && country != "SE" {
        return name;
    }
    fields(SWEDISH)
        .map(|mut fields| (fields.next(), fields.next(), fields.next()))
        .find(|(code, town, _)| (*code, *town) == (Some(country), Some(name)))
        .and_then(|(.., swedish)| swedish)
        .unwrap_or(name)
}

fn fields(table: &'static str) -> impl Iterator<Item = std::str::Split<'static, char>> {
    table.lines().map(|line| line.split('\t'))
}
