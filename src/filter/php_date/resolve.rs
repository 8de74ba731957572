//! Turns what a text said into the moment it names.
//!
//! Source: the PHP manual, "Relative Formats", in whose order the movements are
//! applied: the edges of a month, days of the week, units, then working days.

use super::Moment;
use super::civil::{CivilTime, SECONDS_PER_DAY, date_from_days, days_from_date, weekday};
use super::reading::{EdgeOfMonth, Reading, Relative, Special, WeekdayRule};
use super::zone::Zone;

const MICROSECONDS_PER_SECOND: i128 = 1_000_000;
/// No year beyond this fits the seconds of a moment.
const YEAR_LIMIT: i128 = 300_000_000_000;

/// A date and time whose fields may lie outside their usual ranges.
///
/// The fields are wide enough for any sum of the numbers of one text.
struct Fields {
    year: i128,
    month: i128,
    day: i128,
    second: i128,
    microsecond: i128,
}

/// The moment a reading names; `now`, seen in UTC, fills what it leaves open.
///
/// `None` when the moment lies outside the seconds PHP can count.
pub(super) fn resolve(reading: Reading, now: Moment) -> Option<Moment> {
    let mut fields = filled(&reading, now);
    let mut relative = reading.relative;
    start_from_month(&mut fields, &mut relative)?;
    if relative.has_weekday {
        move_to_weekday(&mut fields, &mut relative)?;
        fields.normalize()?;
    }
    add_units(&mut fields, &relative);
    move_to_edge(&mut fields, relative.edge_of_month);
    fields.normalize()?;
    if let Some(Special::WorkingDays(amount)) = relative.special {
        add_working_days(&mut fields, amount)?;
        fields.normalize()?;
    }
    let local = fields.seconds()?;
    let zone = reading.zone.unwrap_or_else(Zone::utc);
    Some(Moment {
        seconds: zone.to_utc(local, reading.zone_words > 0)?,
        microseconds: u32::try_from(fields.microsecond).ok()?,
    })
}

/// Fills the open fields: a date alone means midnight, everything else is now.
fn filled(reading: &Reading, now: Moment) -> Fields {
    let civil = CivilTime::from_seconds(now.seconds);
    let is_date_alone = reading.has_date && reading.time_words == 0;
    let time = |field: Option<i64>, current: i64| i128::from(if is_date_alone { 0 } else { field.unwrap_or(current) });
    let date = |field: Option<i64>, current: i64| i128::from(field.unwrap_or(current));
    let microsecond = match names_nothing(reading) {
        true => i64::from(now.microseconds),
        false => 0,
    };
    Fields {
        year: date(reading.year, civil.year),
        month: date(reading.month, civil.month),
        day: date(reading.day, civil.day),
        second: time(reading.hour, civil.hour) * 3600
            + time(reading.minute, civil.minute) * 60
            + time(reading.second, civil.second),
        microsecond: time(reading.microsecond, microsecond),
    }
}

/// Whether a text leaves the whole date and time of day open.
fn names_nothing(reading: &Reading) -> bool {
    let fields = [reading.year, reading.month, reading.day, reading.hour, reading.minute, reading.second];
    fields.iter().all(Option::is_none)
}

impl Fields {
    /// Carries every field into its usual range, day 31 of April to 1 May.
    fn normalize(&mut self) -> Option<()> {
        self.second += self.microsecond.div_euclid(MICROSECONDS_PER_SECOND);
        self.microsecond = self.microsecond.rem_euclid(MICROSECONDS_PER_SECOND);
        let seconds_per_day = i128::from(SECONDS_PER_DAY);
        self.day += self.second.div_euclid(seconds_per_day);
        self.second = self.second.rem_euclid(seconds_per_day);
        let (year, month, day) = date_from_days(self.days()?);
        (self.year, self.month, self.day) = (year.into(), month.into(), day.into());
        Some(())
    }

    /// Days from 1970-01-01.
    fn days(&self) -> Option<i64> {
        let months = self.month - 1;
        let year = self.year + months.div_euclid(12);
        if year.abs() > YEAR_LIMIT {
            return None;
        }
        let month = i64::try_from(months.rem_euclid(12) + 1).ok()?;
        let first_of_month = days_from_date(i64::try_from(year).ok()?, month, 1);
        let days = i128::from(first_of_month) + self.day - 1;
        // Beyond this the years would not fit either.
        let is_in_range = days.abs() <= YEAR_LIMIT * 366;
        i64::try_from(days).ok().filter(|_| is_in_range)
    }

    fn weekday(&self) -> Option<i128> {
        self.days().map(|days| i128::from(weekday(days)))
    }

    /// Seconds from 1970-01-01T00:00:00, on the same clock.
    fn seconds(&self) -> Option<i64> {
        let midnight = i128::from(self.days()?) * i128::from(SECONDS_PER_DAY);
        i64::try_from(midnight + self.second).ok()
    }
}

/// Goes to the month whose days are meant, before days are counted in it.
fn start_from_month(fields: &mut Fields, relative: &mut Relative) -> Option<()> {
    let months_on = match relative.special {
        Some(Special::WeekdayFromStart) => Some(0),
        // The last one is counted back from the month after.
        Some(Special::WeekdayFromEnd) => Some(1),
        _ => None,
    };
    if let Some(months_on) = months_on {
        fields.day = 1;
        fields.month += i128::from(relative.months) + months_on;
        relative.months = 0;
    }
    move_to_edge(fields, relative.edge_of_month);
    fields.normalize()
}

fn move_to_edge(fields: &mut Fields, edge: Option<EdgeOfMonth>) {
    match edge {
        Some(EdgeOfMonth::First) => fields.day = 1,
        Some(EdgeOfMonth::Last) => {
            fields.month += 1;
            fields.day = 0;
        }
        None => {}
    }
}

fn move_to_weekday(fields: &mut Fields, relative: &mut Relative) -> Option<()> {
    let current = fields.weekday()?;
    let wanted = i128::from(relative.weekday);
    if relative.weekday_rule == WeekdayRule::OfThisWeek {
        // Sunday ends the week here.
        fields.day += match (current, wanted) {
            (0, 0) => 0,
            (0, _) => wanted - 7,
            (_, 0) => 7 - current,
            _ => wanted - current,
        };
        return Some(());
    }
    let is_backwards = relative.days < 0;
    let mut difference = wanted - current;
    let is_too_early = match relative.weekday_rule {
        _ if is_backwards => difference < 0,
        WeekdayRule::SameOrAfter => difference < 0,
        _ => difference <= 0,
    };
    if is_too_early {
        difference += 7;
    }
    // A negative day is one that `ago` turned round.
    fields.day += if wanted >= 0 { difference } else { -(7 - (wanted.abs() - current)) };
    Some(())
}

fn add_units(fields: &mut Fields, relative: &Relative) {
    fields.microsecond += i128::from(relative.microseconds);
    fields.second += i128::from(relative.seconds) + i128::from(relative.minutes) * 60 + i128::from(relative.hours) * 3600;
    fields.day += i128::from(relative.days);
    fields.month += i128::from(relative.months);
    fields.year += i128::from(relative.years);
}

/// Adds days from Monday to Friday; five of them are a week.
fn add_working_days(fields: &mut Fields, amount: i64) -> Option<()> {
    let amount = i128::from(amount);
    let rest = amount % 5;
    let over_weekend = match (amount > 0, rest, fields.weekday()?) {
        // Stopping on a weekend means the Friday before, or the Monday after.
        (true, 0, 0) => -2,
        (true, 0, 6) => -1,
        (false, 0, 6) => 2,
        (false, 0, 0) => 1,
        (_, 0, _) => 0,
        // Starting on a weekend counts from its end.
        (true, _, 6) => 1,
        (false, _, 0) => -1,
        (true, _, weekday) if weekday + rest > 5 => 2,
        (false, _, weekday) if weekday + rest < 1 => -2,
        _ => 0,
    };
    fields.day += amount / 5 * 7 + over_weekend + rest;
    Some(())
}
