//! Texts that look like credentials.
//!
//! Sources of the shapes: the issuers' own documentation of their prefixes (Stripe: API keys; GitHub: token formats; GitLab:
//! token prefixes; Slack: token types; AWS: IAM identifiers; Google Cloud: API keys; Twilio SendGrid: API keys; OpenAI and
//! Anthropic: API keys; Shopify: access tokens; HashiCorp Vault: tokens), RFC 7519 (JWT), RFC 7468 (PEM), RFC 6750 (Bearer)
//! and RFC 7617 (Basic).

use std::ops::Range;

use super::name::words;

/// A credential's bytes in a text, and what it is in a user's words.
pub type Found = (Range<usize>, &'static str);

/// Prefixes that an issuer gives its credentials, the least that follows, and what it is.
const PREFIXES: [(&str, usize, &str); 33] = [
    ("sk_live_", 6, "a secret key of Stripe"),
    ("sk_test_", 6, "a secret key of Stripe"),
    ("rk_live_", 6, "a restricted key of Stripe"),
    ("rk_test_", 6, "a restricted key of Stripe"),
    ("whsec_", 16, "a webhook secret"),
    ("ghp_", 16, "a token of GitHub"),
    ("gho_", 16, "a token of GitHub"),
    ("ghu_", 16, "a token of GitHub"),
    ("ghs_", 16, "a token of GitHub"),
    ("ghr_", 16, "a token of GitHub"),
    ("github_pat_", 16, "a token of GitHub"),
    ("glpat-", 10, "a token of GitLab"),
    ("xoxb-", 8, "a token of Slack"),
    ("xoxp-", 8, "a token of Slack"),
    ("xoxa-", 8, "a token of Slack"),
    ("xoxr-", 8, "a token of Slack"),
    ("xoxs-", 8, "a token of Slack"),
    ("xoxe-", 8, "a token of Slack"),
    ("xapp-", 8, "a token of Slack"),
    ("AKIA", 16, "an access key of AWS"),
    ("ASIA", 16, "an access key of AWS"),
    ("AIza", 20, "an API key of Google"),
    ("ya29.", 16, "a token of Google"),
    ("GOCSPX-", 16, "a client secret of Google"),
    ("SG.", 30, "an API key of SendGrid"),
    ("npm_", 30, "a token of npm"),
    ("sk-ant-", 16, "an API key of Anthropic"),
    ("sk-proj-", 16, "an API key of OpenAI"),
    ("sk-", 24, "an API key"),
    ("shpat_", 16, "a token of Shopify"),
    ("shpss_", 16, "a secret of Shopify"),
    ("dop_v1_", 16, "a token of DigitalOcean"),
    ("hvs.", 16, "a token of Vault"),
];

/// A part of a text that looks like a credential wherever it stands.
pub fn by_shape(text: &str) -> Option<Found> {
    private_key(text)
        .or_else(|| tokens(text).find_map(|word| token(text, word)))
        .or_else(|| scheme_shape(text))
        .or_else(|| hook(text))
}

/// A path that lets whoever knows it post (Slack: Incoming webhooks; Discord: Execute webhook), or act as a bot (Telegram:
/// Making requests).
fn hook(text: &str) -> Option<Found> {
    let parts = |path: &str, least: [usize; 3]| -> Option<Range<usize>> {
        let start = text.find(path)? + path.len();
        let end = text[start..].find(['?', '#', ' ', '"']).map_or(text.len(), |length| start + length);
        let all: Vec<&str> = text[start..end].split('/').collect();
        let is_part = |(part, least): (&&str, usize)| {
            part.len() >= least && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let fits = all.iter().zip(least).all(is_part) && all.len() >= least.iter().filter(|least| **least > 0).count();
        (fits && !all.iter().any(|part| is_placeholder(part))).then_some(start..end)
    };
    let bot = || {
        let start = text.find("/bot")? + 4;
        let (id, rest) = text[start..].split_once(':')?;
        let key = rest.split('/').next()?;
        let is_bot = id.len() >= 6 && id.bytes().all(|byte| byte.is_ascii_digit()) && key.len() >= 20;
        (is_bot && !is_placeholder(key)).then(|| (start..start + id.len() + 1 + key.len(), "a token of Telegram"))
    };
    let slack = || parts("/services/T", [6, 6, 16]).map(|range| (range, "a webhook's address of Slack"));
    let discord = || parts("/api/webhooks/", [12, 20, 0]).map(|range| (range, "a webhook's address of Discord"));
    slack().or_else(discord).or_else(bot)
}

/// RFC 7468: a private key in its frame, perhaps behind a certificate.
fn private_key(text: &str) -> Option<Found> {
    const BEGIN: &str = "-----BEGIN ";
    const END: &str = "-----END ";
    let (start, label) = text.match_indices(BEGIN).find_map(|(start, _)| {
        let label = text[start + BEGIN.len()..].split("-----").next()?;
        label.ends_with("PRIVATE KEY").then_some((start, label))
    })?;
    let closing = format!("{END}{label}-----");
    let end = text[start..].find(&closing).map_or(text.len(), |at| start + at + closing.len());
    Some((start..end, "a private key"))
}

/// Runs of the characters that tokens are made of.
fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let is_part = |character: char| character.is_ascii_alphanumeric() || "_-.~".contains(character);
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_part)?;
        let end = text[start..].find(|character| !is_part(character)).map_or(text.len(), |length| start + length);
        at = end;
        Some(start..end)
    })
}

fn token(text: &str, range: Range<usize>) -> Option<Found> {
    let word = &text[range.clone()];
    let prefixed = |(prefix, least, what): &(&str, usize, &'static str)| {
        let rest = word.strip_prefix(prefix)?;
        let is_of_aws = what.ends_with("AWS");
        let fits = !is_of_aws
            || rest.len() == *least && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        (rest.len() >= *least && fits && !is_placeholder(rest)).then_some(*what)
    };
    let what = PREFIXES.iter().find_map(prefixed).or_else(|| is_json_web_token(word).then_some("a JSON Web Token"))?;
    Some((range, what))
}

/// RFC 7519 and RFC 7515: `header.payload.signature`, the first two base64url of JSON objects.
fn is_json_web_token(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    matches!(parts.as_slice(), [header, payload, signature]
        if header.len() >= 10 && header.starts_with("eyJ") && payload.len() >= 4 && payload.starts_with("ey") && signature.len() >= 4)
}

/// `Bearer` with a token or `Basic` with a user name and password, whatever the place is called.
fn scheme_shape(text: &str) -> Option<Found> {
    let (scheme, range) = scheme(text)?;
    let credential = &text[range.clone()];
    let is_one = match scheme {
        "basic" => is_name_and_password(credential),
        "bearer" => credential.len() >= 8 && credential.contains(|character: char| character.is_ascii_digit()),
        _ => false,
    };
    (is_one && !is_placeholder(credential)).then(|| (range, called(scheme)))
}

fn is_name_and_password(credential: &str) -> bool {
    use base64::Engine;
    let engine = base64::engine::general_purpose::STANDARD;
    credential.len() >= 8 && engine.decode(credential).is_ok_and(|bytes| bytes.contains(&b':') && bytes.is_ascii())
}

/// The scheme that a header value begins with, in lower case, and the one word behind it.
fn scheme(text: &str) -> Option<(&'static str, Range<usize>)> {
    const SCHEMES: [&str; 6] = ["bearer", "basic", "token", "apikey", "api-key", "key"];
    let start = text.len() - text.trim_start().len();
    let (first, rest) = text[start..].split_once(' ')?;
    let scheme = SCHEMES.into_iter().find(|scheme| first.eq_ignore_ascii_case(scheme))?;
    let credential = rest.trim();
    let at = start + first.len() + 1 + rest.len() - rest.trim_start().len();
    (!credential.is_empty() && !credential.contains(char::is_whitespace)).then_some((scheme, at..at + credential.len()))
}

fn called(scheme: &str) -> &'static str {
    match scheme {
        "basic" => "a user name and password",
        "bearer" | "token" => "a token",
        _ => "a key",
    }
}

/// The credential in a text whose place is named after one.
pub fn under_name(name: &str, text: &str, what: &'static str) -> Option<Found> {
    const SHORTEST: usize = 6;
    /// Behind `Bearer` there is no doubt.
    const SHORTEST_AFTER_SCHEME: usize = 4;
    if let Some((scheme, range)) = scheme(text) {
        let credential = &text[range.clone()];
        let is_one = credential.len() >= SHORTEST_AFTER_SCHEME && !is_placeholder(credential);
        return is_one.then(|| (range, called(scheme)));
    }
    let credential = text.trim();
    if credential.len() < SHORTEST || credential.contains(char::is_whitespace) || is_placeholder(credential) {
        return None;
    }
    // `"password": "Password"` is the label of a field.
    if words(credential).concat() == words(name).concat() {
        return None;
    }
    let start = text.len() - text.trim_start().len();
    Some((start..start + credential.len(), what))
}

/// A text that looks random: long, of letters and digits, hardly any character more often than chance would have it.
pub fn random(text: &str) -> Option<Found> {
    const SHORTEST: usize = 20;
    let trimmed = text.trim();
    let is_encoded = trimmed.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-.".contains(&byte));
    let has = |is: fn(&u8) -> bool| trimmed.bytes().any(|byte| is(&byte));
    let longest_run = trimmed.split(|character: char| !character.is_ascii_alphanumeric()).map(str::len).max().unwrap_or(0);
    let looks_random = trimmed.len() >= SHORTEST
        && is_encoded
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && longest_run >= SHORTEST / 2
        && entropy(trimmed) >= LEAST_ENTROPY
        && !is_placeholder(trimmed);
    let start = text.len() - text.trim_start().len();
    looks_random.then(|| (start..start + trimmed.len(), "a key or token"))
}

/// In bits for each character: what random hexadecimal digits of this length reach.
const LEAST_ENTROPY: f64 = 3.0;

fn entropy(text: &str) -> f64 {
    let mut counts = [0_usize; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let length = text.len() as f64;
    let share = |count: &usize| *count as f64 / length;
    counts.iter().filter(|count| **count > 0).map(share).map(|share| -share * share.log2()).sum()
}

/// Words that stand for a credential and are none.
const STAND_INS: [&str; 30] = [
    "anonymous",
    "api_key",
    "apikey",
    "bearer",
    "code",
    "default",
    "empty",
    "false",
    "guest",
    "hidden",
    "key",
    "login",
    "none",
    "null",
    "oauth2",
    "optional",
    "passwd",
    "password",
    "public",
    "required",
    "secret",
    "string",
    "text",
    "token",
    "true",
    "undefined",
    "unknown",
    "value",
    "api-key",
    "your",
];

/// Words that make any text a stand-in.
const MARKS: [&str; 14] = [
    "changeme",
    "dummy",
    "example",
    "fake",
    "here",
    "insert",
    "placeholder",
    "redacted",
    "sample",
    "test",
    "testing",
    "tests",
    "todo",
    "xxx",
];

/// What a text that only shows where something goes begins with.
const OPENINGS: [&str; 7] = ["your", "insert", "enter", "replace", "paste", "put", "change"];

/// Whether a text only stands where a credential would: `changeme`, `<token>`, `your-api-key`, `xxxx`, bullets.
pub fn is_placeholder(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let mut letters = lower.chars().filter(|character| !"-_ .".contains(*character));
    let Some(first) = letters.next() else { return true };
    if letters.all(|other| other == first) || lower.contains(['<', '>', '{', '}', '[', ']', '•', '…']) {
        return true;
    }
    if lower.contains("...") || lower.contains("***") || STAND_INS.contains(&lower.as_str()) {
        return true;
    }
    let mut words = lower.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    if words.peek().is_some_and(|first| OPENINGS.contains(first)) {
        return true;
    }
    words.any(|word| MARKS.contains(&word) || word.len() >= 3 && word.bytes().all(|byte| byte == b'x'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Option<&str> {
        by_shape(text).map(|(range, _)| &text[range])
    }

    #[test]
    fn shapes_are_found_in_the_middle_of_text() {
        let slack = ["xox", "b-2948-5561-Ab9cD3eF"].concat();
        assert_eq!(shape(&format!("key={slack}, x")), Some(slack.as_str()));
        assert_eq!(shape("AKIAIOSFODNN7EXAMPLE/20260101"), Some("AKIAIOSFODNN7EXAMPLE"));
        assert_eq!(
            shape("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
            Some("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl")
        );
        assert_eq!(shape("Bearer abc12345"), Some("abc12345"));
        assert_eq!(shape("Basic dXNlcjpwYXNz"), Some("dXNlcjpwYXNz"));
        let pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----";
        assert_eq!(shape(&format!("a {pem} b")), Some(pem));
        let chain = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        assert_eq!(shape(&format!("{chain}{pem}")), Some(pem));
        assert_eq!(shape("-----BEGIN PRIVATE KEY-----\nMII"), Some("-----BEGIN PRIVATE KEY-----\nMII"));
    }

    #[test]
    fn paths_that_let_anybody_post() {
        let key = "Ab9cD3eF".repeat(3);
        assert_eq!(shape(&format!("/services/T12345678/B12345678/{key}")), Some(&*format!("12345678/B12345678/{key}")));
        assert_eq!(shape(&format!("/api/webhooks/123456789012345678/{key}")), Some(&*format!("123456789012345678/{key}")));
        assert_eq!(shape(&format!("/bot123456789:{key}/sendMessage")), Some(&*format!("123456789:{key}")));
        for path in [
            "/services/TICKETS/list",
            "/api/webhooks/order-created",
            "/bot/1:2",
            "/services/T00000000/B00000000/xxxxxxxxxxxxxxxxxxxxxxxx",
        ] {
            assert_eq!(shape(path), None, "{path}");
        }
    }

    #[test]
    fn words_are_no_credentials() {
        for text in [
            "Basic information",
            "Bearer of news",
            "sk-learn",
            "AKIA",
            "ghp_xxxxxxxxxxxxxxxxxxxx",
            "eyJ.a.b",
            "-----BEGIN CERTIFICATE-----",
            "sk_live_your-key",
        ] {
            assert_eq!(shape(text), None, "{text}");
        }
    }

    #[test]
    fn names_need_a_literal_that_could_be_one() {
        let under = |name: &str, text: &'static str| under_name(name, text, "a key").map(|(range, _)| &text[range]);
        assert_eq!(under("X-Api-Key", " a1b2c3 "), Some("a1b2c3"));
        assert_eq!(under("Authorization", "Token k-12"), Some("k-12"));
        for text in [
            "test",
            "changeme",
            "xxxxxxxx",
            "<token>",
            "your-api-key",
            "••••••••",
            "Choose a password",
            "api-key-for-tests",
            "",
        ] {
            assert_eq!(under("X-Api-Key", text), None, "{text}");
        }
        assert_eq!(under("current_password", "Current password"), None);
        assert_eq!(under("access_token", "accessToken"), None);
    }

    #[test]
    fn random_texts_are_long_and_even() {
        assert!(random("9f86d081884c7d659a2feaa0c55ad015").is_some());
        for text in ["order-2024-01-15-of-ada", "aaaaaaaaaaaaaaaaaaaaaaaa1", "correct horse battery staple 1"] {
            assert!(random(text).is_none(), "{text}");
        }
    }
}
