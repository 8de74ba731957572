//! The words that an action's name becomes in its default output attributes. The platform does not say how: assumption
//! `action_name`.

use crate::dialect::Lowering;
use crate::source::Spanned;
use crate::spec::Table;

/// The name that an action has. One that is no text is not missing: what stands there is taken as text.
pub fn read(action: &Table, lowering: &mut Lowering<'_, '_>) -> Spanned<String> {
    match (lowering.reading.text(action, "name"), action.get("name")) {
        (Some(text), _) => text.spanned(),
        (None, Some(node)) => Spanned::new(node.to_json().to_string(), node.span),
        (None, None) => Spanned::new(String::new(), action.span),
    }
}

/// `snake`: words by white space, punctuation and change of case (`GET User` is `get_user`, `getUser` is `get_user`).
/// `lower`: without the change of case (`getUser` is `getuser`).
pub fn normalise(name: &str, scheme: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let mut words = String::new();
    for (index, character) in characters.iter().enumerate() {
        if !character.is_alphanumeric() {
            break_word(&mut words);
            continue;
        }
        if scheme != "lower" && begins_word(&characters, index) {
            break_word(&mut words);
        }
        words.extend(character.to_lowercase());
    }
    words.trim_end_matches('_').to_string()
}

/// What the usual ways of forming an attribute's name make of an action's name, each once.
pub fn readings(name: &str) -> Vec<String> {
    let mut readings: Vec<String> = Vec::new();
    for reading in [normalise(name, "snake"), normalise(name, "lower"), at_every_capital(name), at_spaces(name)] {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

/// Laravel's `Str::snake`, which the platform's framework offers: every word is given a capital, spaces are taken out, and an
/// underscore is put before every capital but the first character.
fn at_every_capital(name: &str) -> String {
    let mut result = String::new();
    for word in name.split_whitespace() {
        for (index, character) in word.chars().enumerate() {
            // A word that begins with a digit has no capital, but is hardly meant to be joined to the one before.
            if !result.is_empty() && (index == 0 || character.is_ascii_uppercase()) {
                result.push('_');
            }
            result.extend(character.to_lowercase());
        }
    }
    result
}

/// Lower case, with an underscore for white space and everything else as it is.
fn at_spaces(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

fn break_word(words: &mut String) {
    if !words.is_empty() && !words.ends_with('_') {
        words.push('_');
    }
}

/// A capital behind a small letter or digit, or the last capital before a small letter (`HTTPServer` is `http_server`).
fn begins_word(characters: &[char], index: usize) -> bool {
    let Some(previous) = index.checked_sub(1).map(|before| characters[before]) else { return false };
    let next_is_small = characters.get(index + 1).is_some_and(|next| next.is_lowercase());
    characters[index].is_uppercase()
        && (previous.is_lowercase() || previous.is_ascii_digit() || previous.is_uppercase() && next_is_small)
}

#[cfg(test)]
mod tests {
    use super::{normalise, readings};

    #[test]
    fn plain_words_have_one_reading() {
        for name in ["Get Diagnosis", "Create ticket", "Look up order 2", "  Save   address "] {
            assert_eq!(readings(name).len(), 1, "{name}: {:?}", readings(name));
        }
        assert_eq!(readings("GET User"), ["get_user", "g_e_t_user"]);
        assert_eq!(readings("getUser"), ["get_user", "getuser"]);
        assert_eq!(readings("Quote-Lookup"), ["quote_lookup", "quote-_lookup", "quote-lookup"]);
    }

    #[test]
    fn names() {
        let snake = |name| normalise(name, "snake");
        assert_eq!(snake("Get Diagnosis"), "get_diagnosis");
        assert_eq!(snake("GET User"), "get_user");
        assert_eq!(snake("getUser"), "get_user");
        assert_eq!(snake("Fetch API v2"), "fetch_api_v2");
        assert_eq!(snake("Quote-Lookup"), "quote_lookup");
        assert_eq!(snake("HTTPServer!"), "http_server");
        assert_eq!(normalise("getUser", "lower"), "getuser");
        assert_eq!(normalise("Create  ticket", "lower"), "create_ticket");
    }
}
