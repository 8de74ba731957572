//! Why a JSON text could not be read.

/// What is wrong with a JSON text, to stand behind what it is: "the reply … is not JSON".
///
/// RFC 8259 lets a reader set limits to the range of numbers (section 6) and to nesting (section 9). A text beyond ours may be
/// JSON all the same: PHP reads a number beyond the range of floats as INF, which no JSON value can hold.
pub fn why_unread(error: &serde_json::Error) -> &'static str {
    if is_number_too_large(error) {
        return "has a number that is too large to be held";
    }
    match error.to_string().starts_with("recursion limit exceeded") {
        true => "is nested too deep to be read",
        false => "is not JSON",
    }
}

/// Whether it has a number beyond the range of floats.
pub fn is_number_too_large(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("number out of range")
}

#[cfg(test)]
mod tests {
    use super::why_unread;

    #[test]
    fn what_is_beyond_a_limit_is_not_called_wrong() {
        let why = |text: &str| serde_json::from_str::<serde_json::Value>(text).map_err(|error| why_unread(&error));
        for number in ["1e400", "-1e400", "[{\"a\":1e309}]"] {
            assert_eq!(why(number), Err("has a number that is too large to be held"), "{number}");
        }
        assert!(why("1e308").is_ok() && why("1e-400").is_ok());
        assert_eq!(why(&format!("{}1{}", "[".repeat(200), "]".repeat(200))), Err("is nested too deep to be read"));
        for text in ["", "<p>", "{\"a\":1,}", "1e", "01"] {
            assert_eq!(why(text), Err("is not JSON"), "{text}");
        }
    }
}
