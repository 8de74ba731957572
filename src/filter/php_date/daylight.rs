//! Zones whose winter time counts as their daylight saving time.
//!
//! The database PHP reads says so, for Ireland since 1971 and a few others; the
//! bundled one carries the same clocks with the flag the other way round.
//!
//! Source: the files `europe` and `africa` of the IANA time zone database, and
//! its `ziguard.awk`, which makes the one form from the other.

/// Identifiers, and the seconds since 1970 UTC between which the flag is reversed.
const REVERSED: &[(&[&str], i64, i64)] = &[
    (&["Europe/Dublin", "Eire"], 57_722_400, i64::MAX),
    (&["Europe/Prague", "Europe/Bratislava"], -728_517_600, -721_260_000),
    // Until Morocco goes back to its old standard time.
    (&["Africa/Casablanca", "Africa/El_Aaiun"], 1_540_692_000, 1_789_866_000),
    (&["Africa/Windhoek"], 764_200_800, 1_508_796_000),
];

/// Whether PHP has the daylight saving flag of a zone the other way round.
pub(super) fn is_reversed(identifier: &str, seconds: i64) -> bool {
    REVERSED.iter().any(|(identifiers, from, until)| identifiers.contains(&identifier) && (*from..*until).contains(&seconds))
}
