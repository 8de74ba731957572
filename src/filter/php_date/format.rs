//! The letters of PHP's `date()`.
//!
//! Source: the PHP manual, `DateTimeInterface::format`, "Parameters".

use super::Moment;
use super::civil::{CivilTime, SECONDS_PER_DAY, days_in_month, is_leap_year};
use super::zone::{LocalOffset, Zone, hours_and_minutes};

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Formats a moment in a zone by PHP's `date()` letters; a backslash takes the
/// next character as it is, and letters without a meaning stand for themselves.
///
/// Source: the PHP manual, `DateTimeInterface::format`.
pub fn format(moment: Moment, format: &str, zone: &Zone) -> String {
    let view = View::new(moment, zone);
    let mut output = String::with_capacity(format.len() * 2);
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        match letter {
            // PHP reads the terminating zero byte after a last backslash.
            '\\' => output.push(letters.next().unwrap_or('\0')),
            letter => view.push_code(letter, &mut output),
        }
    }
    output
}

/// A moment as seen on the clocks and calendars of a zone.
struct View<'zone> {
    moment: Moment,
    zone: &'zone Zone,
    offset: LocalOffset,
    civil: CivilTime,
}

impl View<'_> {
    fn new(moment: Moment, zone: &Zone) -> View<'_> {
        let offset = zone.at(moment.seconds);
        let local = moment.seconds.saturating_add(i64::from(offset.seconds));
        View { moment, zone, offset, civil: CivilTime::from_seconds(local) }
    }

    fn push_code(&self, letter: char, output: &mut String) {
        let text = match letter {
            'd' | 'D' | 'j' | 'l' | 'N' | 'S' | 'w' | 'z' => self.day_code(letter),
            'W' | 'o' | 'F' | 'm' | 'M' | 'n' | 't' => self.week_or_month_code(letter),
            'L' | 'X' | 'x' | 'Y' | 'y' => self.year_code(letter),
            'a' | 'A' | 'B' | 'g' | 'G' | 'h' | 'H' | 'i' | 's' | 'u' | 'v' => self.time_code(letter),
            'e' | 'I' | 'O' | 'P' | 'p' | 'T' | 'Z' => self.zone_code(letter),
            'c' | 'r' | 'U' => self.whole_code(letter),
            other => return output.push(other),
        };
        output.push_str(&text);
    }

    fn day_code(&self, letter: char) -> String {
        let civil = &self.civil;
        match letter {
            'd' => format!("{:02}", civil.day),
            'D' => self.weekday_name()[..3].to_owned(),
            'j' => civil.day.to_string(),
            'l' => self.weekday_name().to_owned(),
            'N' => ((civil.weekday() + 6) % 7 + 1).to_string(),
            'S' => ordinal_suffix(civil.day).to_owned(),
            'w' => civil.weekday().to_string(),
            _ => civil.day_of_year().to_string(),
        }
    }

    fn week_or_month_code(&self, letter: char) -> String {
        let civil = &self.civil;
        match letter {
            'W' => format!("{:02}", civil.iso_year_and_week().1),
            'o' => civil.iso_year_and_week().0.to_string(),
            'F' => self.month_name().to_owned(),
            'm' => format!("{:02}", civil.month),
            'M' => self.month_name()[..3].to_owned(),
            'n' => civil.month.to_string(),
            _ => days_in_month(civil.year, civil.month).to_string(),
        }
    }

    fn year_code(&self, letter: char) -> String {
        let year = self.civil.year;
        let sign = match letter {
            _ if year < 0 => "-",
            'X' => "+",
            'x' if year >= 10_000 => "+",
            _ => "",
        };
        match letter {
            'L' => u8::from(is_leap_year(year)).to_string(),
            'y' => format!("{:02}", year % 100),
            _ => format!("{sign}{:04}", year.unsigned_abs()),
        }
    }

    fn time_code(&self, letter: char) -> String {
        let civil = &self.civil;
        let hour_of_twelve = (civil.hour + 11) % 12 + 1;
        match letter {
            'a' if civil.hour < 12 => "am".to_owned(),
            'a' => "pm".to_owned(),
            'A' if civil.hour < 12 => "AM".to_owned(),
            'A' => "PM".to_owned(),
            'B' => format!("{:03}", swatch_beat(self.moment.seconds)),
            'g' => hour_of_twelve.to_string(),
            'G' => civil.hour.to_string(),
            'h' => format!("{hour_of_twelve:02}"),
            'H' => format!("{:02}", civil.hour),
            'i' => format!("{:02}", civil.minute),
            's' => format!("{:02}", civil.second),
            'u' => format!("{:06}", self.moment.microseconds),
            _ => format!("{:03}", self.moment.microseconds / 1000),
        }
    }

    fn zone_code(&self, letter: char) -> String {
        let offset = &self.offset;
        match letter {
            'e' => self.zone.identifier().into_owned(),
            'I' => u8::from(offset.is_daylight).to_string(),
            'O' => hours_and_minutes(offset.seconds, ""),
            // PHP decides by the abbreviation, so `GMT` is not `Z`.
            'p' if ["UTC", "Z", "GMT+0000"].contains(&offset.abbreviation.as_str()) => "Z".to_owned(),
            'P' | 'p' => hours_and_minutes(offset.seconds, ":"),
            'T' => offset.abbreviation.clone(),
            _ => offset.seconds.to_string(),
        }
    }

    /// The codes `c` and `r` count the sign of a year among its four places,
    /// unlike the code `Y`.
    fn whole_code(&self, letter: char) -> String {
        let civil = &self.civil;
        let clock = format!("{:02}:{:02}:{:02}", civil.hour, civil.minute, civil.second);
        let offset = |separator| hours_and_minutes(self.offset.seconds, separator);
        match letter {
            'c' => {
                let (year, month, day) = (civil.year, civil.month, civil.day);
                format!("{year:04}-{month:02}-{day:02}T{clock}{}", offset(":"))
            }
            'r' => {
                let (weekday, month) = (&self.weekday_name()[..3], &self.month_name()[..3]);
                let (year, day) = (civil.year, civil.day);
                format!("{weekday}, {day:02} {month} {year:04} {clock} {}", offset(""))
            }
            _ => self.moment.seconds.to_string(),
        }
    }

    fn weekday_name(&self) -> &'static str {
        name_at(&WEEKDAYS, self.civil.weekday())
    }

    fn month_name(&self) -> &'static str {
        name_at(&MONTHS, self.civil.month - 1)
    }
}

fn name_at(names: &[&'static str], index: i64) -> &'static str {
    let name = usize::try_from(index).ok().and_then(|at| names.get(at));
    name.copied().unwrap_or("???")
}

fn ordinal_suffix(day: i64) -> &'static str {
    match (day, day % 10) {
        (10..=19, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

/// The Swatch beat, a thousandth of the day on a clock one hour east of UTC.
fn swatch_beat(seconds: i64) -> i64 {
    // PHP divides towards zero, so beats of moments before 1970 can differ by one
    // from those of a clock; the remainder below is signed on purpose.
    let tenths = (seconds % SECONDS_PER_DAY + 3600) * 10;
    let tenths = if tenths < 0 { tenths + 864_000 } else { tenths };
    tenths / 864 % 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64, text: &str, zone: &str) -> String {
        let moment = Moment { seconds, microseconds: 123_456 };
        format(moment, text, &Zone::find(zone).expect("a zone"))
    }

    #[test]
    fn every_letter_of_a_known_moment() {
        let date = at(1_753_279_506, "d D j l N S w z W F m M n t L o", "UTC");
        assert_eq!(date, "23 Wed 23 Wednesday 3 rd 3 203 30 July 07 Jul 7 31 0 2025");
        let time = at(1_753_279_506, "X x Y y a A B g G h H i s u v U", "UTC");
        assert_eq!(time, "+2025 2025 2025 25 pm PM 628 2 14 02 14 05 06 123456 123 1753279506");
        let zone = at(1_753_279_506, "e|I|O|P|p|T|Z|c|r", "America/New_York");
        assert_eq!(
            zone,
            "America/New_York|1|-0400|-04:00|-04:00|EDT|-14400|\
             2025-07-23T10:05:06-04:00|Wed, 23 Jul 2025 10:05:06 -0400"
        );
    }

    #[test]
    fn backslashes_and_other_characters_are_kept() {
        assert_eq!(at(0, r"\Y Y\\ é日 Q", "UTC"), r"Y 1970\ é日 Q");
        assert_eq!(at(0, r"\éY", "UTC"), "é1970");
        assert_eq!(at(0, "Y\\", "UTC"), "1970\0");
    }

    #[test]
    fn only_utc_itself_is_printed_as_z() {
        for (zone, printed) in [("UTC", "Z"), ("Z", "Z"), ("+00:00", "Z")] {
            assert_eq!(at(0, "p", zone), printed, "{zone}");
        }
        assert_eq!(at(0, "p", "GMT"), "+00:00");
        assert_eq!(at(0, "e T", "-05:30"), "-05:30 GMT-0530");
    }

    #[test]
    fn years_outside_four_digits() {
        let year_before_one = -62_198_755_200;
        assert_eq!(at(year_before_one, "Y X x y c", "UTC"), "-0001 -0001 -0001 -1 -001-01-01T00:00:00+00:00");
        assert_eq!(at(253_402_300_800, "Y X x", "UTC"), "10000 +10000 +10000");
        assert_eq!(at(i64::MAX, "Y", "Asia/Tokyo"), "292277026596");
        assert_eq!(at(i64::MIN, "Y", "America/New_York"), "-292277022657");
    }

    #[test]
    fn ordinals() {
        let suffixes: Vec<_> = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30].map(ordinal_suffix).into();
        assert_eq!(suffixes.join(" "), "st nd rd th th th th st nd rd th");
    }
}
