//! PHP 8.2's date functions: `date()`, `new DateTime()` and `new DateTimeZone()`.
//!
//! The module follows the PHP manual, and where the manual is silent timelib, the
//! library behind PHP's functions. It reads no clock and no files: `now` is given
//! by the caller, and the time zone database is part of the program.

mod abbreviations;
mod civil;
mod dates;
mod daylight;
mod format;
mod parse;
mod pattern;
mod reading;
mod resolve;
#[cfg(test)]
mod robustness;
mod rules;
mod shapes;
#[cfg(test)]
mod tests;
mod times;
mod token;
mod words;
mod zone;

pub use format::format;
pub use parse::parse;
pub use zone::Zone;

/// A moment in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Seconds since 1970-01-01T00:00:00 UTC, without leap seconds.
    pub seconds: i64,
    /// Microseconds after the second, below one million.
    pub microseconds: u32,
}
