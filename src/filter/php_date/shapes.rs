//! The shapes of PHP's date and time formats.
//!
//! Source: the PHP manual, "Supported Date and Time Formats" (the pages on time,
//! date, compound and relative formats), whose symbols these constants carry.

use super::pattern::Pattern::{
    self, AnyWord, Capital, Digits, Either, Exactly, Letter, Maybe, Number, OneOf, Repeat, Sequence, Small, Word,
};

const ANY: usize = usize::MAX;

const fn number(least: usize, most: usize, from: u32, to: u32) -> Pattern {
    Number { digits: (least, most), range: (from, to) }
}

// Blanks and marks. The no-break spaces count as blanks since PHP 8.2.9.
pub(super) const BLANK: Pattern =
    Either(&[Repeat(&OneOf(b" \t"), 1, ANY), Repeat(&Exactly("\u{a0}"), 1, ANY), Repeat(&Exactly("\u{202f}"), 1, ANY)]);
const MAYBE_BLANK: Pattern = Maybe(&BLANK);
const JOINT: Pattern = Repeat(&OneOf(b" \t.-"), 0, ANY);
const AFTER_DAY: Pattern = Repeat(&OneOf(b",.stndrh\t "), 1, ANY);
const COLON: Pattern = OneOf(b":.");
const MAYBE_T: Pattern = Maybe(&OneOf(b"tT"));
const MAYBE_DASH: Pattern = Maybe(&Exactly("-"));
const DASH: Pattern = Exactly("-");
const SLASH: Pattern = Exactly("/");
const DOT: Pattern = Exactly(".");

// Parts of a time.
const HOUR_24: Pattern = number(1, 2, 0, 24);
const HOUR_24_PADDED: Pattern = number(2, 2, 0, 24);
const HOUR_12: Pattern = number(1, 2, 1, 12);
const MINUTE: Pattern = number(1, 2, 0, 59);
const MINUTE_PADDED: Pattern = number(2, 2, 0, 59);
const SECOND: Pattern = number(1, 2, 0, 60);
const SECOND_PADDED: Pattern = number(2, 2, 0, 60);
const FRACTION: Pattern = Sequence(&[DOT, Digits(1, ANY)]);
// The byte after it belongs to a meridian; zero stands for the end of the text.
const MERIDIAN: Pattern = Sequence(&[OneOf(b"AaPp"), Maybe(&DOT), OneOf(b"Mm"), Maybe(&DOT), OneOf(b"\0\t ")]);

// Zones.
const ZONE_WORD: Pattern = Sequence(&[Maybe(&Exactly("(")), Repeat(&Letter, 1, 6), Maybe(&Exactly(")"))]);
const ZONE_IDENTIFIER: Pattern =
    Sequence(&[Capital, Repeat(&Small, 1, ANY), Repeat(&Sequence(&[OneOf(b"_/-"), Repeat(&Letter, 1, ANY)]), 1, ANY)]);
const ZONE_OFFSET: Pattern = Sequence(&[
    Maybe(&Exactly("GMT")),
    OneOf(b"+-"),
    Either(&[
        Sequence(&[HOUR_24, Maybe(&Sequence(&[Maybe(&Exactly(":")), MINUTE]))]),
        Sequence(&[HOUR_24_PADDED, MINUTE_PADDED, SECOND_PADDED]),
        CLOCK_PADDED,
    ]),
]);
pub(super) const ZONE: Pattern = Either(&[ZONE_OFFSET, ZONE_WORD, ZONE_IDENTIFIER]);

// Parts of a date.
const MONTH: Pattern = number(1, 2, 0, 12);
const MONTH_PADDED: Pattern = number(2, 2, 0, 12);
const DAY: Pattern =
    Sequence(&[number(1, 2, 0, 31), Maybe(&Either(&[Exactly("st"), Exactly("nd"), Exactly("rd"), Exactly("th")]))]);
const DAY_PADDED: Pattern = number(2, 2, 0, 31);
const DAY_OF_YEAR: Pattern = number(3, 3, 1, 366);
const WEEK_OF_YEAR: Pattern = number(2, 2, 1, 53);
const YEAR: Pattern = Digits(1, 4);
pub(super) const YEAR_4: Pattern = Digits(4, 4);
const MONTH_FULL: Pattern = AnyWord(&[
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
]);
const MONTH_SHORT: Pattern =
    AnyWord(&["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"]);
const MONTH_ROMAN: Pattern = Either(&[
    Exactly("I"),
    Exactly("II"),
    Exactly("III"),
    Exactly("IV"),
    Exactly("V"),
    Exactly("VI"),
    Exactly("VII"),
    Exactly("VIII"),
    Exactly("IX"),
    Exactly("X"),
    Exactly("XI"),
    Exactly("XII"),
]);
pub(super) const MONTH_WORD: Pattern = Either(&[MONTH_FULL, MONTH_SHORT]);
const MONTH_TEXT: Pattern = Either(&[MONTH_FULL, MONTH_SHORT, MONTH_ROMAN]);

// Times.
const CLOCK_PADDED: Pattern = Sequence(&[HOUR_24_PADDED, Exactly(":"), MINUTE_PADDED, Exactly(":"), SECOND_PADDED]);
const SHORT_12: Pattern = Sequence(&[HOUR_12, COLON, MINUTE_PADDED, MAYBE_BLANK, MERIDIAN]);
const LONG_12: Pattern = Sequence(&[HOUR_12, COLON, MINUTE, COLON, SECOND_PADDED, MAYBE_BLANK, MERIDIAN]);
pub(super) const TIME_12: Pattern = Either(&[Sequence(&[HOUR_12, MAYBE_BLANK, MERIDIAN]), SHORT_12, LONG_12]);
pub(super) const MSSQL_TIME: Pattern =
    Sequence(&[HOUR_12, Exactly(":"), MINUTE_PADDED, Exactly(":"), SECOND_PADDED, COLON, Digits(1, ANY), MERIDIAN]);
const SHORT_24: Pattern = Sequence(&[MAYBE_T, HOUR_24, COLON, MINUTE]);
const LONG_24: Pattern = Sequence(&[SHORT_24, COLON, SECOND]);
pub(super) const TIME_24: Pattern =
    Either(&[Sequence(&[OneOf(b"tT"), HOUR_24]), SHORT_24, LONG_24, Sequence(&[LONG_24, FRACTION])]);
pub(super) const HOUR_AND_MINUTE: Pattern = Sequence(&[MAYBE_T, HOUR_24_PADDED, MINUTE_PADDED]);
pub(super) const HOUR_MINUTE_SECOND: Pattern = Sequence(&[HOUR_AND_MINUTE, SECOND_PADDED]);

// Dates.
pub(super) const AMERICAN: Pattern = Sequence(&[MONTH, SLASH, DAY, Maybe(&Sequence(&[SLASH, YEAR]))]);
pub(super) const ISO_DATE: Pattern = Either(&[
    Sequence(&[Maybe(&OneOf(b"+-")), YEAR_4, DASH, MONTH_PADDED, DASH, DAY_PADDED]),
    Sequence(&[YEAR_4, SLASH, MONTH_PADDED, SLASH, DAY_PADDED, Maybe(&SLASH)]),
    Sequence(&[YEAR_4, SLASH, MONTH, SLASH, DAY]),
]);
pub(super) const ISO_DATE_SHORT_YEAR: Pattern = Sequence(&[Digits(2, 2), DASH, MONTH_PADDED, DASH, DAY_PADDED]);
pub(super) const ISO_DATE_LONG_YEAR: Pattern =
    Sequence(&[OneOf(b"+-"), Digits(5, 19), DASH, MONTH_PADDED, DASH, DAY_PADDED]);
pub(super) const YEAR_AND_MONTH: Pattern = Sequence(&[YEAR_4, DASH, MONTH]);
pub(super) const GNU_DATE: Pattern = Sequence(&[YEAR, DASH, MONTH, DASH, DAY]);
pub(super) const DATE_FULL: Pattern = Sequence(&[DAY, JOINT, MONTH_TEXT, JOINT, YEAR]);
pub(super) const POINTED_DATE: Pattern = Sequence(&[DAY, OneOf(b".\t-"), MONTH, OneOf(b".-"), YEAR_4]);
pub(super) const POINTED_DATE_SHORT_YEAR: Pattern = Sequence(&[DAY, OneOf(b".\t"), MONTH, DOT, Digits(2, 2)]);
pub(super) const MONTH_AND_YEAR: Pattern = Sequence(&[MONTH_TEXT, JOINT, YEAR_4]);
pub(super) const YEAR_AND_MONTH_TEXT: Pattern = Sequence(&[YEAR_4, JOINT, MONTH_TEXT]);
const MONTH_AND_DAY: Pattern = Sequence(&[
    MONTH_TEXT,
    JOINT,
    DAY,
    // Zero stands for the end of the text.
    Either(&[AFTER_DAY, OneOf(b"\0")]),
]);
pub(super) const DATE_TEXTUAL: Pattern = Either(&[Sequence(&[MONTH_TEXT, JOINT, DAY, AFTER_DAY, YEAR]), MONTH_AND_DAY]);
pub(super) const DAY_AND_MONTH: Pattern = Sequence(&[DAY, JOINT, MONTH_TEXT]);
pub(super) const EIGHT_DIGITS: Pattern = Sequence(&[YEAR_4, MONTH_PADDED, DAY_PADDED]);
pub(super) const YEAR_AND_DAY: Pattern = Sequence(&[YEAR_4, Maybe(&OneOf(b".-")), DAY_OF_YEAR]);
pub(super) const ISO_WEEK: Pattern = Sequence(&[YEAR_4, MAYBE_DASH, Exactly("W"), WEEK_OF_YEAR]);
pub(super) const ISO_WEEK_DAY: Pattern = Sequence(&[ISO_WEEK, MAYBE_DASH, number(1, 1, 0, 7)]);
pub(super) const SHORT_MONTH_DATE: Pattern = Sequence(&[MONTH_SHORT, DASH, DAY_PADDED, DASH, YEAR]);
pub(super) const SHORT_MONTH_DATE_REVERSED: Pattern = Sequence(&[YEAR, DASH, MONTH_SHORT, DASH, DAY_PADDED]);

// Dates with times.
pub(super) const DATE_AND_TIME: Pattern = Either(&[XMLRPC, XMLRPC_COMPACT, SOAP, WDDX, EXIF]);
const XMLRPC: Pattern =
    Sequence(&[EIGHT_DIGITS, Exactly("T"), HOUR_24, Exactly(":"), MINUTE_PADDED, Exactly(":"), SECOND_PADDED]);
const XMLRPC_COMPACT: Pattern = Sequence(&[EIGHT_DIGITS, OneOf(b"tT"), HOUR_24, MINUTE_PADDED, SECOND_PADDED]);
const SOAP: Pattern =
    Sequence(&[YEAR_4, DASH, MONTH_PADDED, DASH, DAY_PADDED, Exactly("T"), CLOCK_PADDED, FRACTION, Maybe(&ZONE_OFFSET)]);
const WDDX: Pattern =
    Sequence(&[YEAR_4, DASH, MONTH, DASH, DAY, Exactly("T"), HOUR_24, Exactly(":"), MINUTE, Exactly(":"), SECOND]);
const EXIF: Pattern = Sequence(&[YEAR_4, Exactly(":"), MONTH_PADDED, Exactly(":"), DAY_PADDED, Exactly(" "), CLOCK_PADDED]);
pub(super) const COMMON_LOG: Pattern =
    Sequence(&[DAY, SLASH, MONTH_SHORT, SLASH, YEAR_4, Exactly(":"), CLOCK_PADDED, BLANK, ZONE_OFFSET]);
pub(super) const DAY_WITH_TIME_12: Pattern = Sequence(&[MONTH_AND_DAY, Either(&[SHORT_12, LONG_12])]);
pub(super) const DAY_WITH_TIME_24: Pattern =
    Sequence(&[MONTH_AND_DAY, Either(&[SHORT_24, LONG_24, Sequence(&[SHORT_24, COLON, SECOND_PADDED, MAYBE_BLANK, ZONE])])]);
pub(super) const TIMESTAMP: Pattern = Sequence(&[Exactly("@"), MAYBE_DASH, Digits(1, ANY)]);
pub(super) const TIMESTAMP_FRACTION: Pattern = Sequence(&[TIMESTAMP, DOT, Digits(0, 6)]);

// Relative texts.
pub(super) const FIRST_OR_LAST_DAY_OF: Pattern = AnyWord(&["first day of", "last day of"]);
pub(super) const BACK_OR_FRONT_OF: Pattern =
    Sequence(&[AnyWord(&["back of ", "front of "]), HOUR_24, Maybe(&Sequence(&[MAYBE_BLANK, MERIDIAN]))]);
const WEEKDAY_NAME: Pattern =
    Either(&[Sequence(&[WEEKDAY_FULL, Maybe(&Word("s"))]), AnyWord(&["sun", "mon", "tue", "wed", "thu", "fri", "sat"])]);
const WEEKDAY_FULL: Pattern = AnyWord(&["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]);
pub(super) const DAY_TEXT: Pattern = Either(&[WEEKDAY_NAME, AnyWord(&["weekday", "weekdays"])]);
const ORDINAL: Pattern = AnyWord(&[
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eight", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
]);
const DIRECTION: Pattern = AnyWord(&["next", "last", "previous", "this"]);
const UNIT_WITH_PLURAL: Pattern = AnyWord(&[
    "msec",
    "millisecond",
    "µsec",
    "microsecond",
    "usec",
    "sec",
    "second",
    "min",
    "minute",
    "hour",
    "day",
    "fortnight",
    "forthnight",
    "month",
    "year",
]);
const UNIT: Pattern = Either(&[AnyWord(&["ms", "µs", "weeks"]), Sequence(&[UNIT_WITH_PLURAL, Maybe(&Word("s"))]), DAY_TEXT]);
const AMOUNT_WORD: Pattern = Either(&[ORDINAL, DIRECTION]);
pub(super) const WEEKDAY_OF: Pattern = Sequence(&[AMOUNT_WORD, BLANK, WEEKDAY_NAME, BLANK, Word("of")]);
pub(super) const RELATIVE_TEXT: Pattern = Sequence(&[AMOUNT_WORD, BLANK, UNIT]);
pub(super) const RELATIVE_WEEK: Pattern = Sequence(&[DIRECTION, BLANK, Word("week")]);
pub(super) const RELATIVE: Pattern = Sequence(&[
    Repeat(&OneOf(b"+-"), 0, ANY),
    Repeat(&OneOf(b" \t"), 0, ANY),
    Digits(1, 13),
    MAYBE_BLANK,
    Either(&[UNIT, Word("week")]),
]);
