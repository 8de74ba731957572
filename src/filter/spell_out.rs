//! English number words, as ICU's rule-based format "en" spells them: `one thousand two hundred thirty-four`.

const BELOW_TWENTY: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
/// ICU has no name beyond the quadrillion, and says `one million quadrillion`.
const SCALES: [(u128, &str); 6] = [
    (1_000_000_000_000_000, "quadrillion"),
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
    (100, "hundred"),
];
const IRREGULAR_ORDINALS: [(&str, &str); 7] = [
    ("one", "first"),
    ("two", "second"),
    ("three", "third"),
    ("five", "fifth"),
    ("eight", "eighth"),
    ("nine", "ninth"),
    ("twelve", "twelfth"),
];

/// `forty-two`.
pub(super) fn cardinal(number: i128) -> String {
    let words = magnitude(number.unsigned_abs());
    if number < 0 { format!("minus {words}") } else { words }
}

/// `forty-second`.
pub(super) fn ordinal(number: i128) -> String {
    let words = cardinal(number);
    let (front, last) = words.split_at(words.rfind([' ', '-']).map_or(0, |at| at + 1));
    format!("{front}{}", ordinal_word(last))
}

/// `one point five`. The digits are those of the shortest decimal that is the number.
pub(super) fn decimal(number: f64) -> Option<String> {
    let text = format!("{}", number.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut words = magnitude(whole.parse().ok()?);
    if !fraction.is_empty() {
        words.push_str(" point");
        for digit in fraction.bytes() {
            words.push(' ');
            words.push_str(BELOW_TWENTY[usize::from(digit.wrapping_sub(b'0') % 10)]);
        }
    }
    Some(if number < 0.0 { format!("minus {words}") } else { words })
}

fn magnitude(number: u128) -> String {
    for (scale, name) in SCALES {
        if number >= scale {
            let (front, rest) = (magnitude(number / scale), number % scale);
            return if rest == 0 { format!("{front} {name}") } else { format!("{front} {name} {}", magnitude(rest)) };
        }
    }
    let number = number as usize;
    match (number / 10, number % 10) {
        (0 | 1, _) => BELOW_TWENTY[number].to_string(),
        (tens, 0) => TENS[tens].to_string(),
        (tens, ones) => format!("{}-{}", TENS[tens], BELOW_TWENTY[ones]),
    }
}

fn ordinal_word(word: &str) -> String {
    if let Some((_, ordinal)) = IRREGULAR_ORDINALS.iter().find(|(cardinal, _)| *cardinal == word) {
        return ordinal.to_string();
    }
    match word.strip_suffix('y') {
        Some(stem) => format!("{stem}ieth"),
        None => format!("{word}th"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_icu_spells() {
        assert_eq!(cardinal(0), "zero");
        assert_eq!(cardinal(-1_200_034), "minus one million two hundred thousand thirty-four");
        assert_eq!(cardinal(10_i128.pow(21)), "one million quadrillion");
        assert_eq!(ordinal(112), "one hundred twelfth");
        assert_eq!(ordinal(1_000_020), "one million twentieth");
        assert_eq!(decimal(-10.01).as_deref(), Some("minus ten point zero one"));
        assert_eq!(decimal(f64::MAX), None);
    }
}
