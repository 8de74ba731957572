//! What each shape of the date grammar says about the moment.
//!
//! Source: timelib's scanner, which takes the longest shape, and of equally long
//! ones the first of its list; the order of the list below is therefore its order.

use super::pattern::Pattern;
use super::reading::{EdgeOfMonth, Reading, Special, TimeOfDay, WeekdayRule};
use super::token::Token;
use super::words::Unit;
use super::zone::Zone;
use super::{dates, shapes, times};

/// How a word of a known shape is read; `None` makes the text unreadable.
type Action = fn(&mut Reading, &mut Token) -> Option<()>;

const RULES: &[(Pattern, Action)] = &[
    (Pattern::Word("yesterday"), |reading, _| set_day(reading, -1)),
    (Pattern::Word("now"), |_, _| Some(())),
    (Pattern::Word("noon"), times::noon),
    (Pattern::AnyWord(&["midnight", "today"]), times::midnight),
    (Pattern::Word("tomorrow"), |reading, _| set_day(reading, 1)),
    (shapes::TIMESTAMP, timestamp),
    (shapes::TIMESTAMP_FRACTION, timestamp),
    (shapes::FIRST_OR_LAST_DAY_OF, first_or_last_day_of),
    (shapes::BACK_OR_FRONT_OF, times::back_or_front_of),
    (shapes::WEEKDAY_OF, weekday_of),
    (shapes::TIME_12, times::time_12),
    (shapes::MSSQL_TIME, times::time_12),
    (shapes::TIME_24, times::time_24),
    (shapes::HOUR_AND_MINUTE, times::hour_and_minute_or_year),
    (shapes::HOUR_MINUTE_SECOND, times::hour_minute_second),
    (shapes::AMERICAN, dates::american),
    (shapes::ISO_DATE, |reading, token| dates::signed_year_date(reading, token, 4)),
    (shapes::ISO_DATE_SHORT_YEAR, dates::year_month_day),
    (shapes::ISO_DATE_LONG_YEAR, |reading, token| dates::signed_year_date(reading, token, 19)),
    (shapes::YEAR_AND_MONTH, dates::year_month),
    (shapes::GNU_DATE, dates::year_month_day),
    (shapes::DATE_FULL, dates::date_full),
    (shapes::POINTED_DATE, dates::day_month_year),
    (shapes::POINTED_DATE_SHORT_YEAR, dates::day_month_year),
    (shapes::MONTH_AND_YEAR, dates::month_and_year),
    (shapes::YEAR_AND_MONTH_TEXT, dates::year_and_month_text),
    (shapes::DATE_TEXTUAL, dates::month_day_year),
    (shapes::DAY_AND_MONTH, dates::day_and_month),
    (shapes::EIGHT_DIGITS, dates::year_month_day),
    (shapes::DATE_AND_TIME, dates::date_and_time),
    (shapes::YEAR_AND_DAY, dates::year_and_day),
    (shapes::ISO_WEEK_DAY, dates::iso_week),
    (shapes::ISO_WEEK, dates::iso_week),
    (shapes::SHORT_MONTH_DATE, dates::month_day_year),
    (shapes::SHORT_MONTH_DATE_REVERSED, dates::year_month_text_day),
    (shapes::COMMON_LOG, dates::common_log),
    (shapes::YEAR_4, dates::year),
    (Pattern::Word("ago"), |reading, _| reading.relative.negate()),
    (shapes::DAY_TEXT, day_text),
    (shapes::RELATIVE_WEEK, relative_week),
    (shapes::RELATIVE_TEXT, relative_text),
    (shapes::MONTH_WORD, dates::month_word),
    (shapes::ZONE, zone_word),
    (shapes::DAY_WITH_TIME_12, dates::day_with_time_12),
    (shapes::DAY_WITH_TIME_24, dates::day_with_time_24),
    (shapes::RELATIVE, relative),
    (Pattern::OneOf(b".,\n\0"), |_, _| Some(())),
    (shapes::BLANK, |_, _| Some(())),
];

/// Reads every word of a text; `None` when some part of it has no meaning.
pub(super) fn read(text: &[u8]) -> Option<Reading> {
    let mut reading = Reading::default();
    let mut place = 0;
    while place < text.len() {
        let (end, action) = longest_rule(text, place)?;
        let word = text.get(place..end.min(text.len()))?;
        action(&mut reading, &mut Token::new(word))?;
        place = end;
    }
    Some(reading)
}

fn longest_rule(text: &[u8], place: usize) -> Option<(usize, Action)> {
    let mut best: Option<(usize, Action)> = None;
    for (pattern, action) in RULES {
        let Some(end) = pattern.longest(text, place) else {
            continue;
        };
        if best.is_none_or(|(longest, _)| end > longest) {
            best = Some((end, *action));
        }
    }
    best.filter(|(end, _)| *end > place)
}

/// `tomorrow` and `yesterday` set the day, whatever was added to it before.
fn set_day(reading: &mut Reading, days: i64) -> Option<()> {
    reading.reset_time();
    reading.relative.days = days;
    Some(())
}

fn timestamp(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.reset_time();
    reading.has_date = false;
    let counts = reading.claim_zone()?;
    let epoch = if counts { (1970, 1, 1) } else { (0, 0, 0) };
    (reading.year, reading.month, reading.day) = (Some(epoch.0), Some(epoch.1), Some(epoch.2));
    if !counts {
        return Some(());
    }
    let seconds = token.signed_number(24)?;
    if token.peek().is_some() {
        let microseconds = token.microseconds()?;
        // The fraction goes the way of its seconds, even past a `-0`.
        let is_negative = token.starts_with(b"@-");
        reading.relative.microseconds = if is_negative { -microseconds } else { microseconds };
    }
    reading.relative.seconds = reading.relative.seconds.checked_add(seconds)?;
    reading.zone = Some(Zone::utc());
    Some(())
}

fn first_or_last_day_of(reading: &mut Reading, token: &mut Token) -> Option<()> {
    let edge = match token.peek() {
        Some(b'l' | b'L') => EdgeOfMonth::Last,
        _ => EdgeOfMonth::First,
    };
    reading.relative.edge_of_month = Some(edge);
    Some(())
}

fn weekday_of(reading: &mut Reading, token: &mut Token) -> Option<()> {
    let amount = token.amount()?;
    let unit = token.unit();
    let (special, rule) = match amount {
        1.. => (Special::WeekdayFromStart, WeekdayRule::SameOrAfter),
        0 => (Special::WeekdayFromEnd, WeekdayRule::SameOrAfter),
        _ => (Special::WeekdayFromEnd, WeekdayRule::After),
    };
    reading.relative.special = Some(special);
    match unit {
        Some(unit) => reading.move_by(amount, unit, rule, TimeOfDay::Reset),
        None => Some(()),
    }
}

fn day_text(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.reset_time();
    let relative = &mut reading.relative;
    relative.has_weekday = true;
    relative.weekday = match token.unit()? {
        Unit::Weekday(weekday) => weekday,
        // PHP takes the bare word `weekday` for a Monday.
        _ => 1,
    };
    if relative.weekday_rule != WeekdayRule::OfThisWeek {
        relative.weekday_rule = WeekdayRule::SameOrAfter;
    }
    Some(())
}

/// `next week` and the like: the same day of that week when a day was named
/// before, else its Monday.
fn relative_week(reading: &mut Reading, token: &mut Token) -> Option<()> {
    relative_text(reading, token)?;
    let relative = &mut reading.relative;
    relative.weekday_rule = WeekdayRule::OfThisWeek;
    if !relative.has_weekday {
        relative.has_weekday = true;
        relative.weekday = 1;
    }
    Some(())
}

fn relative_text(reading: &mut Reading, token: &mut Token) -> Option<()> {
    let amount = token.amount()?;
    let rule = match amount {
        0 => WeekdayRule::SameOrAfter,
        _ => WeekdayRule::After,
    };
    match token.unit() {
        Some(unit) => reading.move_by(amount, unit, rule, TimeOfDay::Reset),
        None => Some(()),
    }
}

fn relative(reading: &mut Reading, token: &mut Token) -> Option<()> {
    let amount = token.signed_number(24)?;
    match token.unit() {
        Some(unit) => reading.move_by(amount, unit, WeekdayRule::SameOrAfter, TimeOfDay::Keep),
        None => Some(()),
    }
}

fn zone_word(reading: &mut Reading, token: &mut Token) -> Option<()> {
    if reading.claim_zone()? {
        reading.zone = Some(token.zone()?);
    }
    Some(())
}
