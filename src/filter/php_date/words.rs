//! The words of the date grammar and what they mean.
//!
//! Source: the PHP manual, "Date Formats" and "Relative Formats".

/// What a unit of a relative text moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// So many microseconds.
    Microseconds(i64),
    Second,
    Minute,
    Hour,
    /// So many days.
    Days(i64),
    Month,
    Year,
    /// A day of the week, 0 for Sunday.
    Weekday(i64),
    /// Days from Monday to Friday.
    WorkingDay,
}

const UNITS: &[(&str, Unit)] = &[
    ("ms", Unit::Microseconds(1000)),
    ("msec", Unit::Microseconds(1000)),
    ("msecs", Unit::Microseconds(1000)),
    ("millisecond", Unit::Microseconds(1000)),
    ("milliseconds", Unit::Microseconds(1000)),
    ("µs", Unit::Microseconds(1)),
    ("µsec", Unit::Microseconds(1)),
    ("µsecs", Unit::Microseconds(1)),
    ("usec", Unit::Microseconds(1)),
    ("usecs", Unit::Microseconds(1)),
    ("microsecond", Unit::Microseconds(1)),
    ("microseconds", Unit::Microseconds(1)),
    ("sec", Unit::Second),
    ("secs", Unit::Second),
    ("second", Unit::Second),
    ("seconds", Unit::Second),
    ("min", Unit::Minute),
    ("mins", Unit::Minute),
    ("minute", Unit::Minute),
    ("minutes", Unit::Minute),
    ("hour", Unit::Hour),
    ("hours", Unit::Hour),
    ("day", Unit::Days(1)),
    ("days", Unit::Days(1)),
    ("week", Unit::Days(7)),
    ("weeks", Unit::Days(7)),
    ("fortnight", Unit::Days(14)),
    ("fortnights", Unit::Days(14)),
    ("forthnight", Unit::Days(14)),
    ("forthnights", Unit::Days(14)),
    ("month", Unit::Month),
    ("months", Unit::Month),
    ("year", Unit::Year),
    ("years", Unit::Year),
    ("weekday", Unit::WorkingDay),
    ("weekdays", Unit::WorkingDay),
];

const WEEKDAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const ROMAN_MONTHS: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];

const AMOUNTS: &[(&str, i64)] = &[
    ("first", 1),
    ("next", 1),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eight", 8),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
    ("eleventh", 11),
    ("twelfth", 12),
    ("last", -1),
    ("previous", -1),
    ("this", 0),
];

/// The unit a word names, in any letter case.
pub(super) fn unit(word: &[u8]) -> Option<Unit> {
    let named = UNITS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
    named.map(|(_, unit)| *unit).or_else(|| weekday(word).map(Unit::Weekday))
}

/// Full names, names in the plural, and names of three letters.
fn weekday(word: &[u8]) -> Option<i64> {
    let is_named = |name: &&str| {
        let plural = [name.as_bytes(), b"s"].concat();
        [name.as_bytes(), &plural, &name.as_bytes()[..3]].iter().any(|form| word.eq_ignore_ascii_case(form))
    };
    position(&WEEKDAYS, is_named)
}

/// The month a word names: a full name, three letters, `sept` or a Roman numeral.
pub(super) fn month(word: &[u8]) -> Option<i64> {
    if word.eq_ignore_ascii_case(b"sept") {
        return Some(9);
    }
    let is_named =
        |name: &&str| word.eq_ignore_ascii_case(name.as_bytes()) || word.eq_ignore_ascii_case(&name.as_bytes()[..3]);
    let is_numeral = |name: &&str| word.eq_ignore_ascii_case(name.as_bytes());
    let index = position(&MONTHS, is_named).or_else(|| position(&ROMAN_MONTHS, is_numeral));
    index.map(|index| index + 1)
}

/// The amount a word like `third` or `last` stands for.
pub(super) fn amount(word: &[u8]) -> Option<i64> {
    let named = AMOUNTS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
    named.map(|(_, amount)| *amount)
}

fn position(names: &[&str], matches: impl Fn(&&str) -> bool) -> Option<i64> {
    let index = names.iter().position(matches)?;
    i64::try_from(index).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case() {
        assert_eq!(unit(b"FortNight"), Some(Unit::Days(14)));
        assert_eq!(unit(b"Tuesdays"), Some(Unit::Weekday(2)));
        assert_eq!(unit(b"weekdays"), Some(Unit::WorkingDay));
        assert_eq!(unit("µs".as_bytes()), Some(Unit::Microseconds(1)));
        assert_eq!(unit(b"tues"), None);
        assert_eq!(month(b"SEPT"), Some(9));
        assert_eq!(month(b"viii"), Some(8));
        assert_eq!(month(b"ma"), None);
        assert_eq!(amount(b"Eight"), Some(8));
        assert_eq!(amount(b""), None);
    }
}
