//! Whether two names may be meant to be one.

/// How far apart two names are that may be meant to be one; `None` when they are two names.
pub fn slip_distance(written: &str, known: &str) -> Option<usize> {
    /// A name longer than this is not compared.
    const LONGEST: usize = 64;
    if written.len() > LONGEST || known.len() > LONGEST || written.len().abs_diff(known.len()) > LONGEST / 2 {
        return None;
    }
    let (written, known) = (written.to_lowercase(), known.to_lowercase());
    let joined = |name: &str| name.replace(['_', '-'], "");
    if joined(&written) == joined(&known) {
        return Some(0);
    }
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    if digits(&written) != digits(&known) {
        return None;
    }
    let distance = strsim::osa_distance(&written, &known);
    let words: (Vec<&str>, Vec<&str>) = (written.split('_').collect(), known.split('_').collect());
    let is_near = match words.0.len() == words.1.len() {
        true => words.0.iter().zip(&words.1).all(|(one, other)| words_are_near(one, other)),
        false => distance <= 1,
    };
    (is_near && distance <= 2).then_some(distance)
}

/// One letter apart, or two in a long word. Short words are words of their own: of them one may only lack a letter.
fn words_are_near(one: &str, other: &str) -> bool {
    /// From this many letters on, two may be wrong.
    const LONG: usize = 8;
    const SHORT: usize = 4;
    let lengths = (one.chars().count(), other.chars().count());
    let distance = strsim::osa_distance(one, other);
    match lengths.0.max(lengths.1) {
        _ if one == other => true,
        length if length >= LONG => distance <= 2,
        length if length > SHORT => distance <= 1,
        length => length == SHORT && distance <= 1 && lengths.0 != lengths.1 && !is_plural(one, other),
    }
}

fn is_plural(one: &str, other: &str) -> bool {
    one.strip_suffix('s') == Some(other) || other.strip_suffix('s') == Some(one)
}

#[cfg(test)]
mod tests {
    use super::slip_distance;

    #[test]
    fn slips_are_near_and_other_names_are_not() {
        for (written, known) in [
            ("custmer_id", "customer_id"),
            ("costumer_id", "customer_id"),
            ("oder_number", "order_number"),
            ("has_related_attacks", "has_related_attack"),
            ("customerId", "customer_id"),
            ("emial", "email"),
            ("orders", "order"),
            ("usr_id", "user_id"),
        ] {
            assert!(slip_distance(written, known).is_some(), "{written} {known}");
        }
        for (written, known) in [
            ("line_1", "line_2"),
            ("address1", "address2"),
            ("ticket_id", "ticket_no"),
            ("first_order", "last_order"),
            ("order_id", "user_id"),
            ("order", "order_id"),
            ("start_date", "end_date"),
            ("mail", "male"),
            ("data", "date"),
            ("code", "mode"),
            ("day", "pay"),
            ("days", "day"),
            ("from", "form"),
            ("city", "pity"),
            ("state", "status"),
            ("order_ids", "order_id"),
        ] {
            assert!(slip_distance(written, known).is_none(), "{written} {known}");
        }
    }
}
