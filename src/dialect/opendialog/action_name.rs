//! The words that an action's name becomes in its default output attributes. The platform does not say how: assumption
//! `action_name`.

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
    use super::normalise;

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
