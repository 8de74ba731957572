//! Names of headers, parameters, keys and variables that say what stands under them is a credential.

/// What a name says of the text under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A credential, called this.
    Credential(&'static str),
    /// Perhaps a credential: only a text that looks random is one.
    Perhaps,
    /// The short word for a password, which has other meanings: only a text that looks like one is.
    Short,
    Other,
}

/// The last word of a name that says it alone.
const WORDS: [(&str, &str); 24] = [
    ("authorization", "a credential"),
    ("credential", "a credential"),
    ("credentials", "a credential"),
    ("password", "a password"),
    ("passwd", "a password"),
    ("pwd", "a password"),
    ("passphrase", "a password"),
    ("secret", "a secret"),
    ("clientsecret", "a secret"),
    ("token", "a token"),
    ("accesstoken", "a token"),
    ("authtoken", "a token"),
    ("apitoken", "a token"),
    ("bearer", "a token"),
    ("jwt", "a token"),
    ("apikey", "a key"),
    ("accesskey", "a key"),
    ("secretkey", "a key"),
    ("privatekey", "a key"),
    ("signingkey", "a key"),
    ("authkey", "a key"),
    ("masterkey", "a key"),
    ("hmackey", "a key"),
    ("encryptionkey", "a key"),
];

/// What stands before `key` in the name of a key that is kept secret.
const SECRET_KEYS: [&str; 22] = [
    "access",
    "account",
    "api",
    "app",
    "application",
    "auth",
    "authentication",
    "client",
    "encryption",
    "function",
    "functions",
    "hmac",
    "master",
    "private",
    "secret",
    "service",
    "shared",
    "signature",
    "signing",
    "storage",
    "subscription",
    "webhook",
];

/// What stands before `key` in the name of one that anybody may see.
const OPEN_KEYS: [&str; 4] = ["idempotency", "public", "publishable", "primary"];

/// What stands before `token` when it is a place in a list, or guards a form.
const OPEN_TOKENS: [&str; 9] =
    ["continuation", "cursor", "delta", "next", "page", "pagination", "previous", "sync", "idempotency"];

/// Names of other use that hold credentials too.
const PERHAPS: [&str; 7] = ["key", "auth", "code", "cookie", "session", "sid", "sig"];

/// Last words that say nothing: `password_confirmation` is a password.
const EMPTY_WORDS: [&str; 4] = ["again", "confirmation", "confirm", "value"];

/// What a name says. The last word decides: `api_key` is a key, `api_key_id` and `token_type` are not.
pub fn kind(name: &str) -> NameKind {
    let mut words = words(name);
    while words.last().is_some_and(|word| EMPTY_WORDS.contains(&word.as_str())) {
        words.pop();
    }
    let Some((last, before)) = words.split_last() else { return NameKind::Other };
    let before = before.last().map_or("", String::as_str);
    if last == "token" && OPEN_TOKENS.contains(&before) || last == "key" && OPEN_KEYS.contains(&before) {
        return NameKind::Other;
    }
    if last == "key" && SECRET_KEYS.contains(&before) {
        return NameKind::Credential("a key");
    }
    if let Some((_, called)) = WORDS.iter().find(|(word, _)| word == last) {
        return NameKind::Credential(called);
    }
    if last == "pass" {
        return NameKind::Short;
    }
    if PERHAPS.contains(&last.as_str()) { NameKind::Perhaps } else { NameKind::Other }
}

/// The words of a name in lower case: cut at anything but letters and digits, and where capitals begin a word.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let characters: Vec<char> = name.chars().collect();
    for (at, character) in characters.iter().enumerate() {
        let begins = character.is_uppercase()
            && at > 0
            && (characters[at - 1].is_lowercase() || characters.get(at + 1).is_some_and(|next| next.is_lowercase()));
        if begins || !character.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_decides() {
        for name in [
            "Authorization",
            "X-Api-Key",
            "apiKey",
            "APIKey",
            "apikey",
            "client_secret",
            "access_token",
            "Ocp-Apim-Subscription-Key",
            "password_confirmation",
        ] {
            assert!(matches!(kind(name), NameKind::Credential(_)), "{name}");
        }
        for name in ["key", "code", "X-Auth"] {
            assert_eq!(kind(name), NameKind::Perhaps, "{name}");
        }
        for name in [
            "X-Api-Key-Id",
            "token_type",
            "grant_type",
            "type",
            "page_token",
            "Idempotency-Key",
            "public_key",
            "token_url",
            "",
            "-",
        ] {
            assert_eq!(kind(name), NameKind::Other, "{name}");
        }
    }

    #[test]
    fn words_of_every_style() {
        assert_eq!(words("X-APIKey_idOf2"), ["x", "api", "key", "id", "of2"]);
    }
}
