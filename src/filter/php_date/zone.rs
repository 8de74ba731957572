//! Time zones as PHP's `DateTimeZone` knows them.
//!
//! Source: the PHP manual, "List of Supported Timezones", and timelib's reading
//! of zone texts, which `DateTimeZone` and the date parser share.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::abbreviations;
use super::civil::{DAYS_PER_CYCLE, SECONDS_PER_DAY};
use super::daylight;

/// What PHP's `DateTimeZone` accepts: identifiers, abbreviations and offsets.
///
/// Identifiers are found in any letter case; the `e` code prints them as they
/// were written, as PHP does on a system time zone database.
///
/// Source: the PHP manual, `DateTimeZone::__construct` and "List of Supported
/// Timezones".
#[derive(Clone, Debug)]
pub struct Zone {
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// Seconds east of UTC, from a text like `+02:00`.
    Offset(i32),
    /// A name like `CEST`, in capitals, which keeps its offset all year.
    Abbreviation { name: String, offset: i32, is_daylight: bool },
    /// A name like `Europe/London`, whose rules the database holds.
    Identifier { name: String, rules: TimeZone },
}

/// The state of a zone at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LocalOffset {
    /// Seconds east of UTC.
    pub seconds: i32,
    /// What the `T` code prints.
    pub abbreviation: String,
    pub is_daylight: bool,
}

/// `DateTimeZone` refuses offsets of this many seconds and beyond.
const OFFSET_LIMIT: i32 = 100 * 3600;
/// Seconds after which calendar and daylight saving rules repeat.
const CYCLE: i64 = DAYS_PER_CYCLE * SECONDS_PER_DAY;
/// 9000-01-01: later moments are looked up some cycles earlier, because the
/// database ends with the year 9999 and by then only yearly rules are left.
const LAST_LOOKUP: i64 = 221_845_392_000;
/// -9000-01-01: before this every zone is on its first offset.
const FIRST_LOOKUP: i64 = -346_179_744_000;

impl Zone {
    /// Finds a zone by the text `DateTimeZone`'s constructor takes: an
    /// identifier, an abbreviation or an offset below 100 hours.
    ///
    /// Source: the PHP manual, `DateTimeZone::__construct`.
    pub fn find(name: &str) -> Option<Zone> {
        let (zone, length) = Zone::read(name.as_bytes())?;
        let offset_is_allowed = match zone.kind {
            Kind::Offset(seconds) => seconds.abs() < OFFSET_LIMIT,
            _ => true,
        };
        (length == name.len() && offset_is_allowed).then_some(zone)
    }

    /// Coordinated Universal Time, which PHP prints as `UTC`.
    pub fn utc() -> Zone {
        Zone { kind: Kind::Abbreviation { name: "UTC".to_owned(), offset: 0, is_daylight: false } }
    }

    /// Reads a zone at the start of a text, and says how many bytes it took.
    ///
    /// Leading blanks, brackets around the zone and `GMT` before an offset are
    /// part of the zone, as in timelib.
    pub(super) fn read(text: &[u8]) -> Option<(Zone, usize)> {
        let mut start = count(text, |byte| matches!(byte, b' ' | b'\t' | b'('));
        if let [b'G', b'M', b'T', b'+' | b'-', ..] = text[start..] {
            start += 3;
        }
        let (zone, length) = match text.get(start) {
            Some(b'+') => read_offset(&text[start + 1..], 1)?,
            Some(b'-') => read_offset(&text[start + 1..], -1)?,
            _ => read_name(&text[start..])?,
        };
        let end = start + length;
        Some((zone, end + count(&text[end..], |byte| byte == b')')))
    }

    /// The offset in force at a moment, given in seconds since 1970 UTC.
    pub(super) fn at(&self, seconds: i64) -> LocalOffset {
        match &self.kind {
            Kind::Offset(offset) => LocalOffset {
                seconds: *offset,
                abbreviation: format!("GMT{}", hours_and_minutes(*offset, "")),
                is_daylight: false,
            },
            Kind::Abbreviation { name, offset, is_daylight } => {
                LocalOffset { seconds: *offset, abbreviation: name.clone(), is_daylight: *is_daylight }
            }
            Kind::Identifier { rules, .. } => look_up(rules, seconds),
        }
    }

    /// What the `e` code prints.
    pub(super) fn identifier(&self) -> Cow<'_, str> {
        match &self.kind {
            Kind::Offset(offset) => Cow::Owned(hours_and_minutes(*offset, ":")),
            Kind::Abbreviation { name, .. } | Kind::Identifier { name, .. } => Cow::Borrowed(name),
        }
    }

    /// Turns the seconds of a wall clock reading into seconds since 1970 UTC.
    ///
    /// `is_written_alone` says that the zone was a word of its own in the text;
    /// only then does PHP look ahead for the end of daylight saving time, and so
    /// takes the second of two equal readings in zones west of Greenwich.
    pub(super) fn to_utc(&self, local: i64, is_written_alone: bool) -> Option<i64> {
        match &self.kind {
            Kind::Offset(offset) | Kind::Abbreviation { offset, .. } => local.checked_sub(i64::from(*offset)),
            Kind::Identifier { rules, .. } => reading_to_utc(rules, local, is_written_alone),
        }
    }
}

/// Finds the moment of a wall clock reading in two steps, as timelib does: the
/// reading taken for UTC gives a first offset, and that one the actual offset.
fn reading_to_utc(rules: &TimeZone, local: i64, is_written_alone: bool) -> Option<i64> {
    let current = look_up(rules, local);
    let current_offset = i64::from(current.seconds);
    let mut probe = local.checked_sub(current_offset)?;
    let mut actual = i64::from(look_up(rules, probe).seconds);
    let may_look_ahead = is_written_alone && current.is_daylight && current_offset <= 0;
    if may_look_ahead && actual == current_offset {
        let ahead = probe.saturating_add(7200);
        let later = i64::from(look_up(rules, ahead).seconds);
        let has_changed =
            later != actual && last_transition(rules, ahead).is_some_and(|change| local.saturating_sub(later) >= change);
        if has_changed {
            (actual, probe) = (later, ahead);
        }
    }
    let reading = local.checked_sub(actual)?;
    let shift = current_offset - actual;
    let is_in_gap =
        last_transition(rules, probe).is_some_and(|change| reading >= change.saturating_add(shift) && reading < change);
    if is_in_gap {
        return local.checked_sub(current_offset);
    }
    Some(reading)
}

/// Whether the offset at the start of a text is well formed is decided by its
/// length, as in timelib: `H`, `HH`, `H:M`, `HHMM`, `HH:MM`, `HHMMSS`, `HH:MM:SS`.
fn read_offset(text: &[u8], sign: i32) -> Option<(Zone, usize)> {
    let length = count(text, |byte| byte.is_ascii_digit() || byte == b':');
    let digits = &text[..length];
    let colon_at = |index: usize| digits.get(index) == Some(&b':');
    let number = |from: usize| leading_number(&digits[from..]);
    let seconds = match length {
        1 | 2 => number(0) * 3600,
        3 | 4 if colon_at(1) => number(0) * 3600 + number(2) * 60,
        3 | 4 if colon_at(2) => number(0) * 3600 + number(3) * 60,
        3 | 4 => number(0) / 100 * 3600 + number(0) % 100 * 60,
        5 if colon_at(2) => number(0) * 3600 + number(3) * 60,
        6 => number(0) / 10_000 * 3600 + number(0) / 100 % 100 * 60 + number(0) % 100,
        8 if colon_at(2) && colon_at(5) => number(0) * 3600 + number(3) * 60 + number(6),
        _ => return None,
    };
    let kind = Kind::Offset(sign * seconds);
    Some((Zone { kind }, length + 1))
}

/// Reads an abbreviation, or else an identifier of the database.
fn read_name(text: &[u8]) -> Option<(Zone, usize)> {
    let length = count(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'+'));
    let name = std::str::from_utf8(&text[..length]).ok()?;
    let kind = match abbreviations::find(name) {
        Some(found) => {
            Kind::Abbreviation { name: name.to_ascii_uppercase(), offset: found.offset, is_daylight: found.is_daylight }
        }
        None => Kind::Identifier { name: name.to_owned(), rules: find_rules(name)? },
    };
    Some((Zone { kind }, length))
}

fn find_rules(name: &str) -> Option<TimeZone> {
    // Jiff has this placeholder of its own, which no database lists.
    if name.eq_ignore_ascii_case("Etc/Unknown") {
        return None;
    }
    TimeZoneDatabase::bundled().get(name).ok()
}

fn look_up(rules: &TimeZone, seconds: i64) -> LocalOffset {
    let found = rules.to_offset_info(lookup_timestamp(seconds));
    let is_reversed = daylight::is_reversed(rules.iana_name().unwrap_or_default(), seconds);
    LocalOffset {
        seconds: found.offset().seconds(),
        abbreviation: found.abbreviation().to_owned(),
        is_daylight: found.dst().is_dst() != is_reversed,
    }
}

/// When the offset in force at a moment began, if it ever did.
fn last_transition(rules: &TimeZone, seconds: i64) -> Option<i64> {
    let cycles_back = seconds.saturating_sub(lookup_second(seconds));
    // `preceding` leaves out the moment itself.
    let after = lookup_timestamp(seconds.saturating_add(1));
    let transition = rules.preceding(after).next()?;
    Some(transition.timestamp().as_second().saturating_add(cycles_back))
}

fn lookup_timestamp(seconds: i64) -> Timestamp {
    Timestamp::from_second(lookup_second(seconds)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// An equal moment for the rules of a zone, inside the range of the database.
fn lookup_second(seconds: i64) -> i64 {
    if seconds > LAST_LOOKUP { LAST_LOOKUP - CYCLE + (seconds - LAST_LOOKUP) % CYCLE } else { seconds.max(FIRST_LOOKUP) }
}

/// `+HH:MM` with the given separator; seconds are left out, as PHP does.
pub(super) fn hours_and_minutes(offset: i32, separator: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.unsigned_abs() / 60;
    format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
}

fn count(text: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    text.iter().take_while(|byte| belongs(**byte)).count()
}

/// The number a text starts with, 0 when it starts with none; at most 6 digits
/// ever reach this.
fn leading_number(text: &[u8]) -> i32 {
    text.iter().take_while(|byte| byte.is_ascii_digit()).fold(0, |number, digit| number * 10 + i32::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offset(name: &str) -> Option<i32> {
        Zone::find(name).map(|zone| zone.at(0).seconds)
    }

    #[test]
    fn offsets_are_read_by_their_length() {
        assert_eq!(offset("+5"), Some(18_000));
        assert_eq!(offset("+05"), Some(18_000));
        assert_eq!(offset("-5:3"), Some(-18_180));
        assert_eq!(offset("+123"), Some(4_980));
        assert_eq!(offset("+0530"), Some(19_800));
        assert_eq!(offset("GMT-05:30"), Some(-19_800));
        assert_eq!(offset("+01:02:03"), Some(3_723));
        assert_eq!(offset("+010203"), Some(3_723));
        assert_eq!(offset("+99:59"), Some(359_940));
        assert_eq!(offset("+99:60"), None);
        assert_eq!(offset("+"), None);
        assert_eq!(offset("+12345"), None);
        assert_eq!(offset("+1:2:3"), None);
    }

    #[test]
    fn identifiers_keep_the_case_they_were_written_in() {
        let zone = Zone::find("europe/LONDON").expect("a zone");
        assert_eq!(zone.identifier(), "europe/LONDON");
        assert_eq!(zone.at(1_753_228_800).abbreviation, "BST");
        assert_eq!(zone.at(1_753_228_800).seconds, 3600);
    }

    #[test]
    fn unknown_names_are_refused() {
        for name in ["", "..", "Mars/Olympus", "UTC+2", "Local", "Etc/Unknown"] {
            assert!(Zone::find(name).is_none(), "{name}");
        }
        for name in ["../../etc/passwd", "Europe/London\n", "UTC x", "\0", "Ж"] {
            assert!(Zone::find(name).is_none(), "{name}");
        }
    }

    #[test]
    fn abbreviations_keep_their_offset_all_year() {
        let zone = Zone::find("pst").expect("a zone");
        assert_eq!(zone.identifier(), "PST");
        assert_eq!(zone.at(1_753_228_800).seconds, -28_800);
    }

    #[test]
    fn the_lookup_bounds_are_the_years_they_name() {
        let start_of = |year| super::super::civil::days_from_date(year, 1, 1) * SECONDS_PER_DAY;
        assert_eq!(LAST_LOOKUP, start_of(9000));
        assert_eq!(FIRST_LOOKUP, start_of(-9000));
    }

    #[test]
    fn far_moments_follow_the_last_rules() {
        let zone = Zone::find("America/New_York").expect("a zone");
        assert_eq!(zone.at(i64::MIN).abbreviation, "LMT");
        let july = 1_753_228_800 + 1_000 * CYCLE;
        assert_eq!(zone.at(july).abbreviation, "EDT");
        assert_eq!(zone.to_utc(july - 4 * 3600, false), Some(july));
        assert_eq!(zone.to_utc(i64::MAX, true), None);
        assert!(zone.to_utc(i64::MIN, true).is_some());
    }

    #[test]
    fn readings_in_a_gap_move_on() {
        let paris = Zone::find("Europe/Paris").expect("a zone");
        // 2021-03-28 02:30 does not exist; it becomes 03:30 +02:00.
        assert_eq!(paris.to_utc(1_616_898_600, true), Some(1_616_895_000));
    }

    #[test]
    fn doubled_readings_are_chosen_as_php_does() {
        let paris = Zone::find("Europe/Paris").expect("a zone");
        // 2021-10-31 02:30: PHP takes the second one east of Greenwich.
        assert_eq!(paris.to_utc(1_635_647_400, true), Some(1_635_643_800));
        let new_york = Zone::find("America/New_York").expect("a zone");
        // 2021-11-07 01:30: the second one only for a zone that is written alone.
        assert_eq!(new_york.to_utc(1_636_248_600, false), Some(1_636_263_000));
        assert_eq!(new_york.to_utc(1_636_248_600, true), Some(1_636_266_600));
    }

    #[test]
    fn irish_winters_are_daylight_saving_time() {
        let dublin = Zone::find("europe/dublin").expect("a zone");
        assert!(!dublin.at(1_753_228_800).is_daylight);
        assert!(dublin.at(1_767_225_600).is_daylight);
        assert!(!dublin.at(-1).is_daylight);
    }
}
