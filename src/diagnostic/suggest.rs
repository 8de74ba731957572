//! Did-you-mean for names from a closed set.

/// So many names are compared with a misspelt one: sets that a user fills, such as the keys of a reply, know no limit.
pub const MOST_COMPARED: usize = 1_000;

/// The name of `known` that `written` was probably meant to be: near by edits (a third of its length, at least one), by
/// letter case, or by being the beginning of exactly one (`upper` for `uppercase`). No more than [`MOST_COMPARED`] are looked
/// at.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 64;
    if written.is_empty() || written.len() > LONGEST {
        return None;
    }
    let lower = written.to_lowercase();
    let limit = (written.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for name in known.into_iter().take(MOST_COMPARED) {
        if name == written {
            continue;
        }
        let candidate = name.to_lowercase();
        let mut distance = strsim::osa_distance(&lower, &candidate);
        if lower.len() >= 3 && candidate.starts_with(&lower) {
            distance = distance.min(limit);
        }
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// A help line for the nearest name, if there is one.
pub fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, known).map(|name| format!("did you mean `{name}`?"))
}

/// A message with the nearest name as help behind it, where there is one.
pub fn suggesting<'a>(message: String, written: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match did_you_mean(written, known) {
        Some(help) => format!("{message}; {help}"),
        None => message,
    }
}

/// Names in backticks, joined as in a sentence: `a`, `b` and `c`.
pub fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [firsts @ .., last] => format!("{} and {last}", firsts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{listed, nearest, suggesting};

    #[test]
    fn names_are_joined_as_in_a_sentence() {
        assert_eq!(listed(&[]), "");
        assert_eq!(listed(&["a"]), "`a`");
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
    }

    #[test]
    fn help_stands_apart_from_the_message() {
        let message = |written: &str| suggesting(format!("no `{written}`"), written, ["staging"]);
        assert_eq!(message("stagin"), "no `stagin`; did you mean `staging`?");
        assert_eq!(message("other"), "no `other`");
    }

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let filters = ["uppercase", "uppercase_first", "lowercase", "base64"];
        assert_eq!(nearest("upper", filters), Some("uppercase"));
        assert_eq!(nearest("uppercas", filters), Some("uppercase"));
        assert_eq!(nearest("Base64", filters), Some("base64"));
        assert_eq!(nearest("shout", filters), None);
        assert_eq!(nearest("", filters), None);
    }
}
