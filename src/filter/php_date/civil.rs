//! Arithmetic of the proleptic Gregorian calendar, over every year PHP can hold.
//!
//! The formulas are the usual era-based ones; they never look anything up, so
//! they hold far outside the range of the time zone database.

/// Seconds in a day that has no leap second; PHP knows no others.
pub(super) const SECONDS_PER_DAY: i64 = 86_400;
/// Days in the 400 years after which the calendar repeats.
pub(super) const DAYS_PER_CYCLE: i64 = 146_097;

/// A calendar date and time of day, each field in its usual range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CivilTime {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
}

impl CivilTime {
    /// The civil time so many seconds after 1970-01-01T00:00:00.
    pub(super) fn from_seconds(seconds: i64) -> CivilTime {
        let (year, month, day) = date_from_days(seconds.div_euclid(SECONDS_PER_DAY));
        let second_of_day = seconds.rem_euclid(SECONDS_PER_DAY);
        CivilTime {
            year,
            month,
            day,
            hour: second_of_day / 3600,
            minute: second_of_day / 60 % 60,
            second: second_of_day % 60,
        }
    }

    /// 0 for Sunday to 6 for Saturday.
    pub(super) fn weekday(&self) -> i64 {
        weekday(days_from_date(self.year, self.month, self.day))
    }

    /// 0 for the first of January.
    pub(super) fn day_of_year(&self) -> i64 {
        days_from_date(self.year, self.month, self.day) - days_from_date(self.year, 1, 1)
    }

    /// The ISO 8601 year and week number: weeks start on Monday, and a week
    /// belongs to the year that holds its Thursday.
    pub(super) fn iso_year_and_week(&self) -> (i64, i64) {
        let days = days_from_date(self.year, self.month, self.day);
        let days_since_monday = (weekday(days) + 6) % 7;
        let thursday = days - days_since_monday + 3;
        let (year, _, _) = date_from_days(thursday);
        let week = (thursday - days_from_date(year, 1, 1)) / 7 + 1;
        (year, week)
    }
}

/// Whether the year has a 29 February.
pub(super) fn is_leap_year(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The number of days of a month, 1 to 12.
pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// 0 for Sunday to 6 for Saturday, of the day so many days after 1970-01-01.
pub(super) fn weekday(days: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (days.rem_euclid(7) + 4) % 7
}

/// Days from 1970-01-01 to a date whose month is in 1 to 12; the day may be any.
pub(super) fn days_from_date(year: i64, month: i64, day: i64) -> i64 {
    // Years counted from March put the leap day last.
    let (year, month_from_march) = match month {
        1 | 2 => (year - 1, month + 9),
        _ => (year, month - 3),
    };
    let cycle = year.div_euclid(400);
    let year_of_cycle = year.rem_euclid(400);
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    cycle * DAYS_PER_CYCLE + day_of_cycle - 719_468
}

/// The year, month and day so many days after 1970-01-01.
pub(super) fn date_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let cycle = days.div_euclid(DAYS_PER_CYCLE);
    let day_of_cycle = days.rem_euclid(DAYS_PER_CYCLE);
    let year_of_cycle = (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let (month, year_shift) = match month_from_march {
        0..=9 => (month_from_march + 3, 0),
        _ => (month_from_march - 9, 1),
    };
    (cycle * 400 + year_of_cycle + year_shift, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for days in (-1_000_000..1_000_000).step_by(997) {
            let (year, month, day) = date_from_days(days);
            assert_eq!(days_from_date(year, month, day), days);
            assert!((1..=days_in_month(year, month)).contains(&day));
        }
        assert_eq!(days_from_date(1970, 1, 1), 0);
        assert_eq!(date_from_days(-1), (1969, 12, 31));
        assert_eq!(date_from_days(11_016), (2000, 2, 29));
    }

    #[test]
    fn the_widest_moments_have_a_date() {
        assert_eq!(CivilTime::from_seconds(i64::MAX).year, 292_277_026_596);
        assert_eq!(CivilTime::from_seconds(i64::MIN).year, -292_277_022_657);
    }

    #[test]
    fn iso_weeks_belong_to_the_year_of_their_thursday() {
        let of = |year, month, day| {
            CivilTime::from_seconds(days_from_date(year, month, day) * SECONDS_PER_DAY).iso_year_and_week()
        };
        assert_eq!(of(2021, 1, 3), (2020, 53));
        assert_eq!(of(2018, 12, 31), (2019, 1));
        assert_eq!(of(2025, 7, 23), (2025, 30));
    }
}
