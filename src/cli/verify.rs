//! `hookwright verify jwt`: whether the token of a signed request holds. The secret is never shown.
#![allow(clippy::disallowed_methods, reason = "a token's age is told by the clock")]

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Subcommand, ValueEnum};
use hookwright::assumption::parse_duration;
use hookwright::eval::SecretValues;
use hookwright::eval::json_web_token::{Check, DEFAULT_MAX_AGE_SECONDS, Received, Verdict, verify};
use hookwright::report::{verification_json, verification_text};
use hookwright::source::MAX_FILE_BYTES;
use hookwright::spec::parse_time;
use zeroize::Zeroizing;

use super::output::{pretty, print};
use super::project::Project;
use super::secrets::{RealSecrets, from_environment};
use super::{Ending, Refusal, ask, input};

#[derive(Args, Debug)]
pub struct Verify {
    #[command(subcommand)]
    pub what: VerifyWhat,
}

#[derive(Subcommand, Debug)]
pub enum VerifyWhat {
    /// The JSON Web Token that a signed webhook carries in Authorization
    #[command(after_help = "\
Examples:
  hookwright verify jwt \"$TOKEN\" --secret-env SIGNATURE_SECRET --body request.json
  hookwright verify jwt \"$TOKEN\" --secret signature_secret --query 'phone=14155550100&src=studio'
  pbpaste | hookwright verify jwt --secret-file secret.txt --body request.json --format json

A secret is never taken from the command line, where others and the shell's history see it.
Without an option it is asked for on a terminal. --secret NAME looks where send does: in the
environment (HOOKWRIGHT_SECRET_NAME), then in the secrets file.

Only HS256 is taken. The payload hash may be that of the raw body or of its compact JSON.

Exit codes: 0 all holds; 1 something does not hold; 2 wrong use.")]
    Jwt(Jwt),
}

#[derive(Args, Debug)]
pub struct Jwt {
    /// The token, with or without `Bearer`; read from standard input when absent or -
    pub token: Option<String>,
    /// The environment variable that holds the secret
    #[arg(long, value_name = "NAME", group = "where_the_secret_is")]
    pub secret_env: Option<String>,
    /// The file that holds the secret, alone
    #[arg(long, value_name = "FILE", group = "where_the_secret_is")]
    pub secret_file: Option<PathBuf>,
    /// The name of a secret of the project
    #[arg(long, value_name = "NAME", group = "where_the_secret_is")]
    pub secret: Option<String>,
    /// The request's body, byte for byte; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    pub body: Option<PathBuf>,
    /// The query of a request without a body, or its whole URL; may be empty
    #[arg(long, value_name = "QUERY")]
    pub query: Option<String>,
    /// The time to check the age at: RFC 3339 or Unix seconds [default: now]
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub now: Option<String>,
    /// How old the token may be [default: 300s]
    #[arg(long, value_name = "DURATION")]
    pub max_age: Option<String>,
    /// How to print
    #[arg(long, default_value = "human")]
    pub format: VerifyFormat,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyFormat {
    Human,
    Json,
}

/// What stands for standard input.
const STANDARD_INPUT: &str = "-";

pub fn run(command: &Verify) -> Result<Ending, Refusal> {
    match &command.what {
        VerifyWhat::Jwt(jwt) => json_web_token(jwt),
    }
}

fn json_web_token(jwt: &Jwt) -> Result<Ending, Refusal> {
    let is_token_piped = jwt.token.as_deref().is_none_or(|token| token == STANDARD_INPUT);
    let is_body_piped = jwt.body.as_deref() == Some(Path::new(STANDARD_INPUT));
    if is_token_piped && is_body_piped {
        return Err("standard input can be the token or the body, not both".into());
    }
    let (now, max_age_seconds) = (now(jwt)?, max_age(jwt)?);
    let secret = secret(jwt)?;
    let token = match &jwt.token {
        Some(token) if !is_token_piped => Zeroizing::new(token.clone()),
        _ => input::standard_input()?,
    };
    let body = match &jwt.body {
        Some(_) if is_body_piped => Some(input::standard_input_bytes()?),
        Some(path) => Some(input::bytes(path, MAX_FILE_BYTES)?),
        None => None,
    };
    let parameters = jwt.query.as_deref().map(parameters);
    let received = match (&body, &parameters) {
        (Some(body), _) => Received::Body(body),
        (None, Some(parameters)) => Received::Query(parameters),
        (None, None) => Received::Unknown,
    };
    let found = verify(&Check { authorization: header_value(&token), secret: &secret, received, now, max_age_seconds });
    let text = match jwt.format {
        VerifyFormat::Human => verification_text(&found, max_age_seconds),
        VerifyFormat::Json => pretty(&verification_json(&found, max_age_seconds)),
    };
    print(&without_secret(&text, &secret));
    Ok(if found.verdict() == Verdict::Ok { Ending::Well } else { Ending::Findings })
}

/// A token may claim anything, the secret too.
fn without_secret(text: &str, secret: &[u8]) -> String {
    let mut net = SecretValues::default();
    if let Ok(secret) = std::str::from_utf8(secret) {
        net.insert(secret);
    }
    net.mask(text)
}

/// A whole header line is taken as well, as people copy it.
fn header_value(token: &str) -> &str {
    const NAME: &str = "authorization:";
    let token = token.trim();
    match token.get(..NAME.len()) {
        Some(name) if name.eq_ignore_ascii_case(NAME) => &token[NAME.len()..],
        _ => token,
    }
}

/// The parameters of a query, or of a whole URL.
fn parameters(query: &str) -> Vec<(String, String)> {
    let is_url = begins_with_scheme(query);
    let query = match query.split_once('?') {
        Some((before, query)) if is_url || before.is_empty() => query,
        _ if is_url => "",
        _ => query,
    };
    let query = query.split('#').next().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// RFC 3986, section 3.1. A URL further behind is a parameter's value.
fn begins_with_scheme(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once("://") else { return false };
    let others = |character: char| character.is_ascii_alphanumeric() || "+-.".contains(character);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.chars().all(others)
}

fn now(jwt: &Jwt) -> Result<i64, Refusal> {
    let Some(written) = &jwt.now else {
        return Ok(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs().cast_signed()));
    };
    let seconds = written.parse().ok().or_else(|| Some(parse_time(written)?.0));
    seconds.ok_or_else(|| format!("`{written}` is no time, such as 2026-01-15T10:00:00Z or Unix seconds").into())
}

fn max_age(jwt: &Jwt) -> Result<i64, Refusal> {
    let Some(written) = &jwt.max_age else { return Ok(DEFAULT_MAX_AGE_SECONDS) };
    let milliseconds = parse_duration(written).or_else(|| written.parse::<u64>().ok()?.checked_mul(1000));
    let seconds = milliseconds.and_then(|milliseconds| i64::try_from(milliseconds / 1000).ok());
    seconds.ok_or_else(|| format!("`{written}` is no duration, such as `300s` or `5m`").into())
}

/// The secret, from where it is said to be, else from the terminal.
fn secret(jwt: &Jwt) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let of_text = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
    if let Some(name) = &jwt.secret_env {
        let value = from_environment(name)?.ok_or(format!("the environment variable `{name}` is not set or empty"))?;
        return Ok(of_text(&value));
    }
    if let Some(path) = &jwt.secret_file {
        let mut bytes = input::bytes(path, MAX_FILE_BYTES)?;
        let line = bytes.strip_suffix(b"\n").map_or(bytes.len(), |line| line.strip_suffix(b"\r").unwrap_or(line).len());
        bytes.truncate(line);
        if bytes.is_empty() {
            return Err(format!("the secret file `{}` is empty", path.display()).into());
        }
        return Ok(bytes);
    }
    if let Some(name) = &jwt.secret {
        let secrets = RealSecrets::open(&Project::open()?)?;
        let value = secrets.value(name)?.ok_or_else(|| not_found(&secrets, name))?;
        return Ok(of_text(value.reveal()));
    }
    if !ask::somebody() {
        return Err("say where the secret is: `--secret-env`, `--secret-file` or `--secret`".into());
    }
    let typed = ask::secret("signature secret (not shown): ")?.ok_or("there is no secret")?;
    Ok(of_text(typed.reveal()))
}

fn not_found(secrets: &RealSecrets, name: &str) -> String {
    let places = secrets.places();
    format!(
        "no value for the secret `{name}`: looked at the environment variable `{}` and at {}",
        places.variable(name),
        places.file
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_may_be_a_url() {
        let expected = vec![("a".to_string(), "1 2".to_string()), ("b".to_string(), "x?y".to_string())];
        for query in ["a=1+2&b=x?y", "?a=1%202&b=x%3Fy", "https://api.example.com/c?a=1+2&b=x?y#top"] {
            assert_eq!(parameters(query), expected, "{query}");
        }
        let expected = vec![("callback".to_string(), "https://x.test/cb?v=2".to_string()), ("id".into(), "1".into())];
        for query in ["callback=https://x.test/cb?v=2&id=1", "?callback=https://x.test/cb?v=2&id=1"] {
            assert_eq!(parameters(query), expected, "{query}");
        }
        for none in ["", "?", "https://api.example.com/c", "https://api.example.com/c?"] {
            assert!(parameters(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn a_header_line_may_be_copied_whole() {
        for written in ["Bearer a.b.c", " Authorization: Bearer a.b.c\n", "AUTHORIZATION:Bearer a.b.c"] {
            assert_eq!(header_value(written).trim(), "Bearer a.b.c");
        }
        assert_eq!(header_value("a.b.é"), "a.b.é");
    }
}
