//! The zone abbreviations PHP reads, each with the one meaning PHP gives it.
//!
//! Source: the first entry of each name in PHP's `timezone_abbreviations_list()`.

/// What an abbreviation stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Abbreviation {
    /// Seconds east of UTC, daylight saving included.
    pub offset: i32,
    /// Whether the abbreviation names daylight saving time.
    pub is_daylight: bool,
}

/// PHP looks for an abbreviation only in words shorter than this.
const LENGTH_LIMIT: usize = 6;

/// Finds an abbreviation, in any letter case.
pub(super) fn find(word: &str) -> Option<Abbreviation> {
    if word.len() >= LENGTH_LIMIT {
        return None;
    }
    if let [letter] = word.as_bytes() {
        return military(*letter);
    }
    let search = |names: &[(&str, i32)]| {
        let found = names.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
        found.map(|(_, offset)| *offset)
    };
    let standard = search(STANDARD).map(|offset| (offset, false));
    let (offset, is_daylight) = standard.or_else(|| search(DAYLIGHT).map(|found| (found, true)))?;
    Some(Abbreviation { offset, is_daylight })
}

/// The military letters: A to M east of UTC, N to Y west of it, Z is UTC; no J.
fn military(letter: u8) -> Option<Abbreviation> {
    let hours = match letter.to_ascii_lowercase() {
        letter @ b'a'..=b'i' => i32::from(letter - b'a') + 1,
        letter @ b'k'..=b'm' => i32::from(letter - b'k') + 10,
        letter @ b'n'..=b'y' => -i32::from(letter - b'n') - 1,
        b'z' => 0,
        _ => return None,
    };
    Some(Abbreviation { offset: hours * 3600, is_daylight: false })
}

const STANDARD: &[(&str, i32)] = &[
    ("utc", 0),
    ("gmt", 0),
    ("acst", 34_200),
    ("aest", 36_000),
    ("ahst", -36_000),
    ("akst", -32_400),
    ("amt", -13_840),
    ("ast", -14_400),
    ("awst", 28_800),
    ("bmt", -14_309),
    ("cast", 34_200),
    ("cat", 7_200),
    ("cet", 3_600),
    ("chst", 36_000),
    ("cmt", -15_408),
    ("cst", -21_600),
    ("dmt", -1_521),
    ("eat", 10_800),
    ("eet", 7_200),
    ("emt", -26_248),
    ("est", -18_000),
    ("ffmt", -14_660),
    ("fmt", -4_056),
    ("gst", 36_000),
    ("hkt", 28_800),
    ("hmt", -19_776),
    ("hst", -36_000),
    ("imt", 25_025),
    ("ist", 7_200),
    ("jmt", 8_440),
    ("jst", 32_400),
    ("kmt", 5_736),
    ("kst", 30_600),
    ("met", 3_600),
    ("mmt", 9_017),
    ("msk", 10_800),
    ("mst", -25_200),
    ("nst", -12_600),
    ("nzmt", 41_400),
    ("nzst", 43_200),
    ("pkt", 18_000),
    ("plmt", 25_590),
    ("pmt", -13_236),
    ("ppmt", -17_340),
    ("pst", -28_800),
    ("qmt", -18_840),
    ("rmt", 5_794),
    ("sast", 7_200),
    ("sdmt", -16_800),
    ("sjmt", -20_173),
    ("smt", -16_966),
    ("sst", -39_600),
    ("tbmt", 10_751),
    ("tmt", 12_344),
    ("wat", 3_600),
    ("wet", 0),
    ("wib", 25_200),
    ("wit", 32_400),
    ("wita", 28_800),
    ("wmt", 5_040),
    ("yst", -32_400),
];

const DAYLIGHT: &[(&str, i32)] = &[
    ("acdt", 37_800),
    ("addt", -7_200),
    ("adt", -10_800),
    ("aedt", 39_600),
    ("ahdt", -32_400),
    ("akdt", -28_800),
    ("apt", -10_800),
    ("awdt", 32_400),
    ("awt", -10_800),
    ("bdst", 7_200),
    ("bdt", -36_000),
    ("bst", 3_600),
    ("cddt", -14_400),
    ("cdt", -18_000),
    ("cemt", 10_800),
    ("cest", 7_200),
    ("cpt", -18_000),
    ("cwt", -18_000),
    ("edt", -14_400),
    ("eest", 10_800),
    ("ept", -14_400),
    ("ewt", -14_400),
    ("gdt", 39_600),
    ("hdt", -32_400),
    ("hkst", 32_400),
    ("hkwt", 30_600),
    ("hpt", -34_200),
    ("hwt", -34_200),
    ("iddt", 14_400),
    ("idt", 10_800),
    ("jdt", 36_000),
    ("kdt", 34_200),
    ("lst", 9_394),
    ("mddt", -18_000),
    ("mdst", 16_279),
    ("mdt", -21_600),
    ("mest", 7_200),
    ("mpt", -21_600),
    ("msd", 14_400),
    ("mwt", -21_600),
    ("nddt", -5_400),
    ("ndt", -9_052),
    ("npt", -9_000),
    ("nwt", -9_000),
    ("nzdt", 46_800),
    ("pddt", -21_600),
    ("pdt", -25_200),
    ("pkst", 21_600),
    ("ppt", -25_200),
    ("pwt", -25_200),
    ("wast", 7_200),
    ("wemt", 7_200),
    ("west", 3_600),
    ("yddt", -25_200),
    ("ydt", -28_800),
    ("ypt", -28_800),
    ("ywt", -28_800),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn offset(word: &str) -> Option<i32> {
        find(word).map(|found| found.offset)
    }

    #[test]
    fn letters_are_the_military_zones() {
        assert_eq!(offset("a"), Some(3600));
        assert_eq!(offset("I"), Some(9 * 3600));
        assert_eq!(offset("J"), None);
        assert_eq!(offset("M"), Some(12 * 3600));
        assert_eq!(offset("n"), Some(-3600));
        assert_eq!(offset("Y"), Some(-12 * 3600));
        assert_eq!(offset("z"), Some(0));
    }

    #[test]
    fn names_are_found_in_any_case_and_nothing_else_is() {
        assert_eq!(offset("Pst"), Some(-28_800));
        assert!(find("CEST").is_some_and(|found| found.is_daylight));
        assert_eq!(offset(""), None);
        assert_eq!(offset("europe"), None);
        assert_eq!(offset("é"), None);
    }
}
