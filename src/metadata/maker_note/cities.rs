//! The cities of the cameras' world clocks: a traveller sets them by hand.

/// Canon TimeInfo (0x0035), third value.
#[rustfmt::skip]
static CANON: &[&str] = &[
    "", "Chatham Islands", "Wellington", "Solomon Islands", "Sydney", "Adelaide", "Tokyo", "Hong Kong",
    "Bangkok", "Yangon", "Dhaka", "Kathmandu", "Delhi", "Karachi", "Kabul", "Dubai", "Tehran", "Moscow",
    "Cairo", "Paris", "London", "Azores", "Fernando de Noronha", "Sao Paulo", "Newfoundland", "Santiago",
    "Caracas", "New York", "Chicago", "Denver", "Los Angeles", "Anchorage", "Honolulu", "Samoa",
];

/// Pentax HometownCity (0x0023) and DestinationCity (0x0024).
#[rustfmt::skip]
static PENTAX: &[&str] = &[
    "Pago Pago", "Honolulu", "Anchorage", "Vancouver", "San Francisco", "Los Angeles", "Calgary",
    "Denver", "Mexico City", "Chicago", "Miami", "Toronto", "New York", "Santiago", "Caracas", "Halifax",
    "Buenos Aires", "Sao Paulo", "Rio de Janeiro", "Madrid", "London", "Paris", "Milan", "Rome",
    "Berlin", "Johannesburg", "Istanbul", "Cairo", "Jerusalem", "Moscow", "Jeddah", "Tehran", "Dubai",
    "Karachi", "Kabul", "Male", "Delhi", "Colombo", "Kathmandu", "Dhaka", "Yangon", "Bangkok",
    "Kuala Lumpur", "Vientiane", "Singapore", "Phnom Penh", "Ho Chi Minh", "Jakarta", "Hong Kong",
    "Perth", "Beijing", "Shanghai", "Manila", "Taipei", "Seoul", "Adelaide", "Tokyo", "Guam", "Sydney",
    "Noumea", "Wellington", "Auckland", "Lima", "Dakar", "Algiers", "Helsinki", "Athens", "Nairobi",
    "Amsterdam", "Stockholm", "Lisbon", "Copenhagen", "Warsaw", "Prague", "Budapest",
];

pub(super) fn canon(index: u64) -> Option<&'static str> {
    city(CANON, index)
}

pub(super) fn pentax(index: u64) -> Option<&'static str> {
    city(PENTAX, index)
}

fn city(cities: &[&'static str], index: u64) -> Option<&'static str> {
    let city = cities.get(usize::try_from(index).ok()?)?;
    (!city.is_empty()).then_some(city)
}

#[cfg(test)]
mod tests {
    #[test]
    fn ends_of_the_tables() {
        assert_eq!(super::canon(0), None);
        assert_eq!(super::canon(33), Some("Samoa"));
        assert_eq!(super::canon(32766), None);
        assert_eq!(super::pentax(0), Some("Pago Pago"));
        assert_eq!(super::pentax(69), Some("Stockholm"));
        assert_eq!(super::pentax(74), Some("Budapest"));
        assert_eq!(super::pentax(75), None);
    }
}
