//! Texts that nobody would write must neither panic nor take long.
#![allow(clippy::disallowed_methods, reason = "a test that must end soon")]

use std::time::{Duration, Instant};

use super::{Moment, Zone, format, parse};

const NOW: Moment = Moment { seconds: 1_753_279_506, microseconds: 789_012 };

/// A plain generator of pseudo-random numbers (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % limit
    }
}

const SEEDS: &[&str] = &[
    "2025-07-23T14:05:06.789+02:00",
    "Wed, 23 Jul 2025 14:05:06 +0000 (UTC)",
    "third friday of january 2025 +3 weekdays",
    "10/Oct/2000:13:55:36 -0700",
    "last day of next month noon Europe/Paris",
    "@-1753228800.123456",
    "2025W303 back of 7pm",
    "-12345-06-07 23:59:60 EST",
    "+1 week 2 days ago 4\u{202f}pm",
];

#[test]
fn mutated_texts_do_not_panic() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let zone = Zone::find("America/New_York").expect("a zone");
    for _ in 0..4_000 {
        let mut bytes = SEEDS[random.below(SEEDS.len())].as_bytes().to_vec();
        let other = SEEDS[random.below(SEEDS.len())].as_bytes();
        for _ in 0..random.below(6) {
            let place = random.below(bytes.len());
            match random.below(4) {
                0 => bytes[place] = random.below(256) as u8,
                1 => drop(bytes.remove(place)),
                2 => bytes.insert(place, b" +-0123456789:.@/T,"[random.below(19)]),
                _ => bytes.extend(&other[random.below(other.len())..]),
            }
            bytes.push(b'1');
        }
        let text = String::from_utf8_lossy(&bytes);
        if let Some(moment) = parse(&text, NOW) {
            format(moment, &text, &zone);
        }
        Zone::find(&text);
    }
}

#[test]
fn random_bytes_do_not_panic() {
    let mut random = Random(88_172_645_463_325_252);
    let letters = b"0123456789 +-:./@TWagojnmdsuy\0\t\xc2\xa0";
    for _ in 0..4_000 {
        let length = random.below(40);
        let bytes: Vec<u8> = (0..length).map(|_| letters[random.below(letters.len())]).collect();
        let text = String::from_utf8_lossy(&bytes);
        let now = Moment { seconds: (random.0 as i64).wrapping_mul(3), microseconds: 999_999 };
        if let Some(moment) = parse(&text, now) {
            format(moment, "c r U e T B o W z", &Zone::utc());
        }
        format(now, &text, &Zone::utc());
        if let Some(zone) = Zone::find(&text) {
            format(now, "c e T", &zone);
        }
    }
}

#[test]
fn long_texts_are_quick() {
    let started = Instant::now();
    for part in ["1 ", "+", "1.", "may ", "+1 day ", ",", "@1 ", "T", "1st ", "a", "\u{a0}"] {
        parse(&part.repeat(1024 / part.len()), NOW);
        parse(&part.repeat(1_000_000 / part.len()), NOW);
        Zone::find(&part.repeat(1_000_000 / part.len()));
    }
    parse(&("may 1".to_owned() + &", ".repeat(500) + "10:00"), NOW);
    format(NOW, &"Y-m-d \\".repeat(20_000), &Zone::utc());
    assert!(started.elapsed() < Duration::from_secs(20));
}
