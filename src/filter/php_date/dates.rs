//! How the words of a text that name a date, alone or with a time, are read.
//!
//! Source: the PHP manual, "Date Formats" and "Compound Formats".

use super::civil::{days_from_date, weekday};
use super::reading::Reading;
use super::times::{rest_as_zone, time_12};
use super::token::Token;

pub(super) fn american(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_date()?;
    reading.month = token.number(2);
    reading.day = token.number(2);
    if token.peek() == Some(b'/') {
        reading.year = token.year();
    }
    Some(())
}

pub(super) fn signed_year_date(reading: &mut Reading, token: &mut Token, digits: usize) -> Option<()> {
    reading.claim_date()?;
    reading.year = Some(token.signed_number(digits)?);
    reading.month = token.number(2);
    reading.day = token.number(2);
    Some(())
}

pub(super) fn year_month_day(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_date()?;
    reading.year = token.year();
    reading.month = token.number(2);
    reading.day = token.number(2);
    Some(())
}

pub(super) fn year_month(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_date()?;
    reading.year = token.year();
    reading.month = token.number(2);
    reading.day = Some(1);
    Some(())
}

pub(super) fn date_full(reading: &mut Reading, token: &mut Token) -> Option<()> {
    day_and_month(reading, token)?;
    reading.year = token.year();
    Some(())
}

pub(super) fn day_month_year(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_date()?;
    reading.day = token.number(2);
    reading.month = token.number(2);
    reading.year = token.year();
    Some(())
}

pub(super) fn month_and_year(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_date()?;
    reading.month = Some(token.month()?);
    reading.year = token.year();
    reading.day = Some(1);
    Some(())
}

pub(super) fn year_and_month_text(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_date()?;
    reading.year = token.year();
    reading.month = Some(token.month()?);
    reading.day = Some(1);
    Some(())
}

/// The year is left open when the text has none, even if it was known before.
pub(super) fn month_day_year(reading: &mut Reading, token: &mut Token) -> Option<()> {
    month_day(reading, token)?;
    reading.year = token.year();
    Some(())
}

fn month_day(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_date()?;
    reading.month = Some(token.month()?);
    reading.day = token.number(2);
    Some(())
}

pub(super) fn day_and_month(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_date()?;
    reading.day = token.number(2);
    token.skip_day_suffix();
    reading.month = Some(token.month()?);
    Some(())
}

pub(super) fn month_word(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_date()?;
    reading.month = Some(token.month()?);
    Some(())
}

pub(super) fn year_month_text_day(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_date()?;
    reading.year = token.year();
    reading.month = Some(token.month()?);
    reading.day = token.number(2);
    Some(())
}

/// A day of the year is a day of January that runs over.
pub(super) fn year_and_day(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_date()?;
    reading.year = token.year();
    reading.month = Some(1);
    reading.day = token.number(3);
    Some(())
}

/// Weeks are counted from the one that holds the first Thursday of the year.
pub(super) fn iso_week(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_date()?;
    let year = token.number(4)?;
    let week = token.number(2)?;
    let day = token.number(1).unwrap_or(1);
    let new_year = weekday(days_from_date(year, 1, 1));
    let first_week = if new_year > 4 { 7 - new_year } else { -new_year };
    reading.year = Some(year);
    reading.month = Some(1);
    reading.day = Some(1);
    reading.relative.days = first_week + (week - 1) * 7 + day;
    Some(())
}

pub(super) fn year(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.year = token.number(4);
    Some(())
}

pub(super) fn date_and_time(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_time()?;
    year_month_day(reading, token)?;
    reading.hour = token.number(2);
    reading.minute = token.number(2);
    reading.second = token.number(2);
    if token.peek() == Some(b'.') {
        reading.microsecond = token.microseconds();
        rest_as_zone(reading, token)?;
    }
    Some(())
}

pub(super) fn common_log(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_time()?;
    date_full(reading, token)?;
    reading.hour = token.number(2);
    reading.minute = token.number(2);
    reading.second = token.number(2);
    token.skip_blanks();
    reading.zone = Some(token.zone()?);
    Some(())
}

pub(super) fn day_with_time_12(reading: &mut Reading, token: &mut Token) -> Option<()> {
    month_day(reading, token)?;
    time_12(reading, token)
}

pub(super) fn day_with_time_24(reading: &mut Reading, token: &mut Token) -> Option<()> {
    month_day(reading, token)?;
    reading.claim_time()?;
    reading.hour = token.number(2);
    reading.minute = token.number(2);
    // Here PHP takes only a colon before the seconds.
    if token.peek() == Some(b':') {
        reading.second = token.number(2);
    }
    rest_as_zone(reading, token)
}
