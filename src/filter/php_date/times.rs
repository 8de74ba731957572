//! How the words of a text that name a time of day are read.
//!
//! Source: the PHP manual, "Time Formats".

use super::reading::Reading;
use super::token::Token;

pub(super) fn noon(reading: &mut Reading, _: &mut Token) -> Option<()> {
    reading.reset_time();
    reading.claim_time()?;
    reading.hour = Some(12);
    Some(())
}

pub(super) fn midnight(reading: &mut Reading, _: &mut Token) -> Option<()> {
    reading.reset_time();
    Some(())
}

/// A quarter past the hour, and a quarter to it.
pub(super) fn back_or_front_of(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.reset_time();
    reading.claim_time()?;
    // PHP tells them apart by a small `b`, so `Back of` is read as `front of`.
    let is_back = token.peek() == Some(b'b');
    let mut hour = token.number(2)? - i64::from(!is_back);
    if token.peek().is_some() {
        hour += token.meridian(hour);
    }
    reading.hour = Some(hour);
    reading.minute = Some(if is_back { 15 } else { 45 });
    Some(())
}

pub(super) fn time_12(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_time()?;
    let hour = clock(reading, token)?;
    reading.hour = Some(hour + token.meridian(hour));
    Some(())
}

pub(super) fn time_24(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_time()?;
    let hour = clock(reading, token)?;
    reading.hour = Some(hour);
    rest_as_zone(reading, token)
}

/// Reads the hour, and as much after it as there is: minutes, seconds, fraction.
fn clock(reading: &mut Reading, token: &mut Token) -> Option<i64> {
    let hour = token.number(2)?;
    if token.is_at_colon() {
        reading.minute = token.number(2);
    }
    if token.is_at_colon() {
        reading.second = token.number(2);
    }
    if token.is_at_colon() {
        reading.microsecond = token.microseconds();
    }
    Some(hour)
}

pub(super) fn rest_as_zone(reading: &mut Reading, token: &mut Token) -> Option<()> {
    if token.peek().is_some() {
        reading.zone = Some(token.zone()?);
    }
    Some(())
}

/// Four digits are a time, or a year when the time is known already.
pub(super) fn hour_and_minute_or_year(reading: &mut Reading, token: &mut Token) -> Option<()> {
    match reading.time_words {
        0 => {
            reading.hour = token.number(2);
            reading.minute = token.number(2);
            reading.second = Some(0);
        }
        1 => reading.year = token.number(4),
        _ => return None,
    }
    reading.time_words += 1;
    Some(())
}

pub(super) fn hour_minute_second(reading: &mut Reading, token: &mut Token) -> Option<()> {
    reading.claim_time()?;
    reading.hour = token.number(2);
    reading.minute = token.number(2);
    reading.second = token.number(2);
    Some(())
}
