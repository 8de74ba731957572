//! Reads the parts of one word of a date text, whose shape is already known.

use super::words::{self, Unit};
use super::zone::Zone;

/// A word of a date text and the place up to which it has been read.
#[derive(Debug)]
pub(super) struct Token<'text> {
    text: &'text [u8],
    place: usize,
}

impl<'text> Token<'text> {
    pub(super) fn new(text: &'text [u8]) -> Token<'text> {
        Token { text, place: 0 }
    }

    /// What is left to read; a zero byte ends a word early.
    fn rest(&self) -> &'text [u8] {
        let rest = self.text.get(self.place..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == 0);
        &rest[..end.unwrap_or(rest.len())]
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    /// Whether the whole word starts so, wherever reading has come to.
    pub(super) fn starts_with(&self, start: &[u8]) -> bool {
        self.text.starts_with(start)
    }

    pub(super) fn is_at_colon(&self) -> bool {
        matches!(self.peek(), Some(b':' | b'.'))
    }

    fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> &'text [u8] {
        let rest = self.rest();
        let length = rest.iter().take_while(|byte| belongs(**byte)).count();
        self.place += length;
        &rest[..length]
    }

    fn take(&mut self, belongs: impl Fn(u8) -> bool) -> bool {
        let is_there = self.peek().is_some_and(belongs);
        self.place += usize::from(is_there);
        is_there
    }

    /// The next run of digits, cut after so many.
    fn digits(&mut self, most: usize) -> &'text [u8] {
        self.take_while(|byte| !byte.is_ascii_digit());
        let rest = self.rest();
        let length = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        self.place += length;
        &rest[..length]
    }

    /// The next number of at most so many digits, if any is left.
    pub(super) fn number(&mut self, most: usize) -> Option<i64> {
        number_from(self.digits(most))
    }

    /// The next number as a year: up to three digits below 100 mean 1970 to 2069.
    pub(super) fn year(&mut self) -> Option<i64> {
        let digits = self.digits(4);
        let year = number_from(digits)?;
        let century = match year {
            _ if digits.len() == 4 => 0,
            0..70 => 2000,
            70..100 => 1900,
            _ => 0,
        };
        Some(year + century)
    }

    /// The next number with all its signs; `None` when it is too large.
    pub(super) fn signed_number(&mut self, most: usize) -> Option<i64> {
        self.take_while(|byte| !byte.is_ascii_digit() && byte != b'+' && byte != b'-');
        let signs = self.take_while(|byte| byte == b'+' || byte == b'-');
        let is_negative = signs.iter().filter(|sign| **sign == b'-').count() % 2 == 1;
        let digits = std::str::from_utf8(self.digits(most)).ok()?;
        // The sign is part of the number so that the lowest integer is in range.
        let sign = if is_negative { "-" } else { "" };
        format!("{sign}{digits}").parse().ok()
    }

    /// The digits after a point or colon, as microseconds.
    pub(super) fn microseconds(&mut self) -> Option<i64> {
        let digits = std::str::from_utf8(self.digits(usize::MAX)).ok()?;
        let exponent = 6_i64.checked_sub(i64::try_from(digits.len()).ok()?)?;
        // PHP works in floating point here, and cuts what is finer.
        let value = digits.parse::<f64>().ok()? * format!("1e{exponent}").parse::<f64>().ok()?;
        Some(value as i64)
    }

    /// The number of the month whose name comes next.
    pub(super) fn month(&mut self) -> Option<i64> {
        self.take_while(|byte| matches!(byte, b' ' | b'\t' | b'-' | b'.' | b'/'));
        words::month(self.take_while(|byte| byte.is_ascii_alphabetic()))
    }

    /// The amount of a word like `third`, 0 for `this`.
    pub(super) fn amount(&mut self) -> Option<i64> {
        words::amount(self.take_while(|byte| byte.is_ascii_alphabetic()))
    }

    /// The unit of a relative text.
    pub(super) fn unit(&mut self) -> Option<Unit> {
        self.skip_blanks();
        words::unit(self.take_while(|byte| !b" ,\t;:/.-()".contains(&byte)))
    }

    pub(super) fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            self.place += match rest {
                [b' ' | b'\t', ..] => 1,
                [0xc2, 0xa0, ..] => 2,
                [0xe2, 0x80, 0xaf, ..] => 3,
                _ => return,
            };
        }
    }

    /// Skips the `st`, `nd`, `rd` or `th` after a day.
    pub(super) fn skip_day_suffix(&mut self) {
        let suffix = self.rest().get(..2).map(<[u8]>::to_ascii_lowercase);
        if let Some(b"st" | b"nd" | b"rd" | b"th") = suffix.as_deref() {
            self.place += 2;
        }
    }

    /// The hours `am` or `pm` adds to an hour of the clock.
    pub(super) fn meridian(&mut self, hour: i64) -> i64 {
        self.take_while(|byte| !b"AaPp".contains(&byte));
        let is_morning = matches!(self.peek(), Some(b'A' | b'a'));
        self.place += 1;
        self.take(|byte| byte == b'.');
        self.take(|byte| matches!(byte, b'M' | b'm'));
        self.take(|byte| byte == b'.');
        match (is_morning, hour == 12) {
            (true, true) => -12,
            (true, false) | (false, true) => 0,
            (false, false) => 12,
        }
    }

    /// The zone that comes next; `None` when there is no such zone.
    pub(super) fn zone(&mut self) -> Option<Zone> {
        let (zone, length) = Zone::read(self.rest())?;
        self.place += length;
        Some(zone)
    }
}

/// The value of some digits, if there are any and it is in range.
fn number_from(digits: &[u8]) -> Option<i64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_past_other_bytes() {
        let mut token = Token::new(b"T14:05.5x");
        assert_eq!(token.number(2), Some(14));
        assert!(token.is_at_colon());
        assert_eq!(token.number(2), Some(5));
        assert_eq!(token.microseconds(), Some(500_000));
        assert_eq!(token.number(2), None);
    }

    #[test]
    fn fractions_are_cut_to_microseconds() {
        assert_eq!(Token::new(b".1234567").microseconds(), Some(123_456));
        assert_eq!(Token::new(b".123456789").microseconds(), Some(123_456));
        assert_eq!(Token::new(b".000001").microseconds(), Some(1));
        let long = format!(".{}", "9".repeat(900));
        assert!(Token::new(long.as_bytes()).microseconds().is_some());
    }

    #[test]
    fn signs_are_counted_and_range_is_checked() {
        assert_eq!(Token::new(b"--5").signed_number(24), Some(5));
        assert_eq!(Token::new(b"-+ 5").signed_number(24), Some(-5));
        let lowest = b"@-9223372036854775808";
        assert_eq!(Token::new(lowest).signed_number(24), Some(i64::MIN));
        let too_large = b"@9223372036854775808";
        assert_eq!(Token::new(too_large).signed_number(24), None);
    }

    #[test]
    fn short_years_are_in_the_years_around_2000() {
        let years = [b"69".as_slice(), b"70", b"100", b"0069", b"5"];
        let read = years.map(|year| Token::new(year).year());
        assert_eq!(read, [2069, 1970, 100, 69, 2005].map(Some));
    }
}
