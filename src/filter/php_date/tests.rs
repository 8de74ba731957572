//! Examples of the formats in the PHP manual, and texts of no format at all.

use super::{Moment, Zone, format, parse};

/// Wednesday, 2025-07-23 14:05:06.789012 UTC.
const NOW: Moment = Moment { seconds: 1_753_279_506, microseconds: 789_012 };
/// The time of day of `NOW`.
const CLOCK: &str = "14:05:06.789012";

/// Reads a text and prints the moment; whole seconds without their fraction.
fn read(text: &str) -> String {
    let Some(moment) = parse(text, NOW) else {
        return "unreadable".to_owned();
    };
    let pattern = match moment.microseconds {
        0 => "Y-m-d H:i:s",
        _ => "Y-m-d H:i:s.u",
    };
    format(moment, pattern, &Zone::utc())
}

fn assert_read(examples: &[(&str, &str)]) {
    for (text, expected) in examples {
        assert_eq!(read(text), *expected, "{text:?}");
    }
}

fn assert_day(examples: &[(&str, &str)]) {
    for (text, expected) in examples {
        assert_eq!(read(text), format!("{expected} 00:00:00"), "{text:?}");
    }
}

fn assert_unreadable(texts: &[&str]) {
    for text in texts {
        assert_eq!(read(text), "unreadable", "{text:?}");
    }
}

#[test]
fn dates_in_digits() {
    assert_day(&[
        ("5/17/2006", "2006-05-17"),
        ("5/17/06", "2006-05-17"),
        ("5/17", "2025-05-17"),
        ("2008/06/30", "2008-06-30"),
        ("2008/6/3", "2008-06-03"),
        ("2008-6", "2008-06-01"),
        ("08-06-30", "2008-06-30"),
        ("78-12-22", "1978-12-22"),
        ("8-6-21", "2008-06-21"),
        ("30-6-2008", "2008-06-30"),
        ("22.12.1978", "1978-12-22"),
        ("22\t12.78", "1978-12-22"),
        ("31.12.25", "2025-12-31"),
        ("20080630", "2008-06-30"),
        ("2008.197", "2008-07-15"),
        ("2008197", "2008-07-15"),
        ("2008-197", "2008-07-15"),
        ("2008W27", "2008-06-30"),
        ("2008-W28-3", "2008-07-09"),
        ("2008W273", "2008-07-02"),
        ("2009-W01-0", "2008-12-28"),
    ]);
}

#[test]
fn dates_in_words() {
    assert_day(&[
        ("30-June 2008", "2008-06-30"),
        ("22DEC78", "1978-12-22"),
        ("14 III 1879", "1879-03-14"),
        ("June 2008", "2008-06-01"),
        ("DEC1978", "1978-12-01"),
        ("March 1879", "1879-03-01"),
        ("1978 dec", "1978-12-01"),
        ("July 1st, 2008", "2008-07-01"),
        ("April 17, 1790", "1790-04-17"),
        ("May.9,78", "1978-05-09"),
        ("July 1st,", "2025-07-01"),
        ("Apr 17", "2025-04-17"),
        ("May.9", "2025-05-09"),
        ("1 July", "2025-07-01"),
        ("17th Apr", "2025-04-17"),
        ("9.May", "2025-05-09"),
        ("May-09-78", "1978-05-09"),
        ("Apr-17-1790", "1790-04-17"),
        ("78-Dec-22", "1978-12-22"),
        ("1814-MAY-17", "1814-05-17"),
        ("sept 9 2025", "2025-09-09"),
        ("feb", "2025-02-23"),
    ]);
}

#[test]
fn years_of_any_length() {
    assert_day(&[
        ("69-01-01", "2069-01-01"),
        ("70-01-01", "1970-01-01"),
        ("5-1-1", "2005-01-01"),
        ("0005-01-01", "0005-01-01"),
        ("-0001-01-01", "-0001-01-01"),
        ("+12345-06-07", "12345-06-07"),
        ("-12345-06-07", "-12345-06-07"),
    ]);
    assert_read(&[
        ("10000-01-01", "2000-01-01 10:00:00"),
        ("2460", "2460-07-23 14:05:06"),
        ("10:30 2460", "2460-07-23 10:30:00"),
        ("10:30 2025", "2025-07-23 10:30:00"),
    ]);
    assert_unreadable(&["+9999999999999-01-01", "-9999999999999999999-01-01"]);
}

#[test]
fn times_of_the_day() {
    let today = |text: &str| read(text).replace("2025-07-23 ", "");
    let examples = [
        ("4 am", "04:00:00"),
        ("4:08 am", "04:08:00"),
        ("7:19 P.M.", "19:19:00"),
        ("4:08:37 am", "04:08:37"),
        ("12am", "00:00:00"),
        ("12.30 pm", "12:30:00"),
        ("4\u{202f}pm", "16:00:00"),
        ("4:08:39:12313am", "04:08:39.123130"),
        ("04.08", "04:08:00"),
        ("T19:19", "19:19:00"),
        ("t0222", "02:22:00"),
        ("T9", "09:00:00"),
        ("23:43:59", "23:43:59"),
        ("040837", "04:08:37"),
        ("17:03:12.5", "17:03:12.500000"),
        ("17:03:12.1234567", "17:03:12.123456"),
        ("17:03:12 -0500", "22:03:12"),
        ("00:00:60", "00:01:00"),
        ("noon", "12:00:00"),
        ("midnight", "00:00:00"),
        ("back of 7pm", "19:15:00"),
        ("front of 5am", "04:45:00"),
        ("front of 20", "19:45:00"),
    ];
    for (text, expected) in examples {
        assert_eq!(today(text), expected, "{text:?}");
    }
    assert_read(&[("2025-07-23 24:00:00", "2025-07-24 00:00:00"), ("23.07.25", "2025-07-23 23:07:25")]);
}

#[test]
fn dates_with_times() {
    assert_read(&[
        ("10/Oct/2000:13:55:36 -0700", "2000-10-10 20:55:36"),
        ("2008:08:07 18:11:31", "2008-08-07 18:11:31"),
        ("2008-07-01T22:35:17.02", "2008-07-01 22:35:17.020000"),
        ("2008-07-01T22:35:17.123456789+02:00", "2008-07-01 20:35:17.123456"),
        ("20080701T22:38:07", "2008-07-01 22:38:07"),
        ("20080701t223807", "2008-07-01 22:38:07"),
        ("20080701223807", "2008-07-01 22:38:07"),
        ("2008-7-1T9:3:37", "2008-07-01 09:03:37"),
        ("Jul 23 14:05:06 UTC", "2025-07-23 14:05:06"),
        ("Jul 23 2:05pm", "2025-07-23 14:05:00"),
        ("Wed Jul 23 14:05:06 EDT 2025", "2025-07-23 18:05:06"),
        ("Wed, 23 Jul 2025 14:05:06 +0200 (CEST)", "2025-07-23 12:05:06"),
        ("@1215282385", "2008-07-05 18:26:25"),
        ("@-1.5", "1969-12-31 23:59:58.500000"),
        ("@1.25", "1970-01-01 00:00:01.250000"),
        ("@86400 +1 hour", "1970-01-02 01:00:00"),
    ]);
}

#[test]
fn zones_in_texts() {
    let noon_in = |zone: &str| read(&format!("2025-01-15 12:00:00{zone}"));
    let examples = [
        ("Z", "12:00:00"),
        (" +02:00", "10:00:00"),
        ("+0200", "10:00:00"),
        ("+2", "10:00:00"),
        (" GMT+1", "11:00:00"),
        ("-05:30:15", "17:30:15"),
        (" EST", "17:00:00"),
        (" (CEST)", "10:00:00"),
        (" Europe/London", "12:00:00"),
        (" America/Argentina/Buenos_Aires", "15:00:00"),
        (" +0200 (CEST)", "10:00:00"),
    ];
    for (zone, expected) in examples {
        assert_eq!(noon_in(zone), format!("2025-01-15 {expected}"), "{zone:?}");
    }
    for zone in [" Mars/Olympus", " XYZ", " UTC UTC UTC", " +99:00"] {
        assert_eq!(noon_in(zone), "unreadable", "{zone:?}");
    }
}

#[test]
fn relative_to_now() {
    assert_eq!(parse("", NOW), Some(NOW));
    assert_eq!(parse(" \n\t", NOW), Some(NOW));
    assert_eq!(parse("now", NOW), Some(NOW));
    let examples = [
        ("+1 day", "2025-07-24"),
        ("- 2 weeks", "2025-07-09"),
        ("--1 day", "2025-07-24"),
        ("+1 week 2 days ago", "2025-07-14"),
        ("1 fortnight ago", "2025-07-09"),
        ("next month", "2025-08-23"),
        ("last year", "2024-07-23"),
        ("+1 month -1 day", "2025-08-22"),
        ("third day", "2025-07-26"),
        ("first day of next month", "2025-08-01"),
        ("last day of", "2025-07-31"),
        ("Last day of previous month", "2025-06-30"),
        ("+3 weekdays", "2025-07-28"),
        ("-3 weekdays", "2025-07-18"),
        ("5 weekdays ago", "2025-07-16"),
        ("+1 monday", "2025-07-28"),
        ("next week", "2025-07-28"),
    ];
    for (text, expected) in examples {
        assert_eq!(read(text), format!("{expected} {CLOCK}"), "{text:?}");
    }
    assert_read(&[
        ("+90 min +30 sec", "2025-07-23 15:35:36.789012"),
        ("+2 µs -1 msec", "2025-07-23 14:05:06.788014"),
        ("-2 hours", "2025-07-23 12:05:06.789012"),
    ]);
}

#[test]
fn days_of_the_week() {
    assert_day(&[
        ("today", "2025-07-23"),
        ("tomorrow", "2025-07-24"),
        ("yesterday", "2025-07-22"),
        ("wednesday", "2025-07-23"),
        ("this wednesday", "2025-07-23"),
        ("next wednesday", "2025-07-30"),
        ("last wednesday", "2025-07-16"),
        ("previous mon", "2025-07-21"),
        ("sat", "2025-07-26"),
        ("saturday this week", "2025-07-26"),
        ("sunday this week", "2025-07-27"),
        ("monday next week", "2025-07-28"),
        ("second monday", "2025-08-04"),
        ("third friday of january 2025", "2025-01-17"),
        ("last fri of next month", "2025-08-29"),
        ("first sat of July 2008", "2008-07-05"),
        ("monday 2025-07-23", "2025-07-28"),
        ("last day of february 2024", "2024-02-29"),
        ("weekday", "2025-07-28"),
    ]);
    assert_read(&[
        ("tomorrow 11:00", "2025-07-24 11:00:00"),
        ("11:00 tomorrow", "2025-07-24 00:00:00"),
        ("tomorrow noon", "2025-07-24 12:00:00"),
        ("2025-07-23 10:00 +2 weekdays", "2025-07-25 10:00:00"),
    ]);
}

#[test]
fn overflow_runs_into_the_next_unit() {
    assert_day(&[
        ("2025-02-29", "2025-03-01"),
        ("2024-02-30", "2024-03-01"),
        ("2025-04-31", "2025-05-01"),
        ("2025-01-31 +1 month", "2025-03-03"),
        ("2025-00-10", "2024-12-10"),
        ("0000-00-00", "-0001-11-30"),
        ("2025-12-31 +1 day", "2026-01-01"),
        ("2025-01-01 +400 years", "2425-01-01"),
        ("2025-01-01 -14 months", "2023-11-01"),
    ]);
    assert_read(&[("2025-07-23 23:59:59 +1 sec", "2025-07-24 00:00:00")]);
}

#[test]
fn unreadable_texts() {
    assert_unreadable(&[
        "2025-13-01",
        "2025-07-32",
        "2025-07-23 25:00:00",
        "2025-07-23 12:60",
        "31/12/2025",
        "12",
        "1753228800",
        "２０２５-07-23",
        "2025-07-23 2025-07-24",
        "10:00 11:00",
        "july july",
        "garbage",
        "!",
        "@",
        "@1.",
        "@9223372036854775808",
        "+9999999999999 years",
        "é",
    ]);
    let long = " ".repeat(1020) + "now";
    assert!(parse(&long, NOW).is_some());
    assert!(parse(&(long + "   "), NOW).is_none());
}

#[test]
fn the_widest_moments() {
    for seconds in [i64::MIN, i64::MAX] {
        let moment = parse(&format!("@{seconds}"), NOW);
        assert_eq!(moment.map(|moment| moment.seconds), Some(seconds));
    }
    let edge = Moment { seconds: i64::MAX, microseconds: 999_999 };
    assert_eq!(parse("+1 sec", edge), None);
    assert_eq!(parse("+1 usec", edge), None);
    assert_eq!(parse("", edge), Some(edge));
}
