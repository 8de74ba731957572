//! `hookwright certificate`: what stands in a certificate file, and whether it can be used. Its private key is never shown.
#![allow(
    clippy::disallowed_methods,
    reason = "the password comes from the environment, and a certificate's days from the clock"
)]

use std::io::IsTerminal;
use std::time::{SystemTime, UNIX_EPOCH};

use hookwright::certificate::{Given, Inspection, Invalid, MAX_BYTES, Problem, inspect};
use hookwright::report::{certificate_json, certificate_text};
use zeroize::Zeroizing;

use super::arguments::{Certificate, CertificateFormat};
use super::output::{pretty, print};
use super::{Ending, Refusal, input};

pub fn run(certificate: &Certificate) -> Result<Ending, Refusal> {
    let file = certificate.file.display().to_string();
    let bytes = Zeroizing::new(input::bytes(&certificate.file, MAX_BYTES as u64)?);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs().cast_signed());
    let found = match &certificate.password_env {
        Some(name) => look(&bytes, &from_environment(name)?, now),
        None => look_and_ask(&file, &bytes, now)?,
    };
    let found = found.map_err(|invalid| format!("`{file}`: {invalid}"))?;
    print(&match certificate.format {
        CertificateFormat::Human => certificate_text(&found, now),
        CertificateFormat::Json => pretty(&certificate_json(&file, &found, now)),
    });
    Ok(if found.problems.is_empty() { Ending::Well } else { Ending::Findings })
}

fn look(bytes: &[u8], password: &str, now: i64) -> Result<Inspection, Invalid> {
    inspect(&Given { certificate: bytes, password, authorities: &[], now })
}

fn from_environment(name: &str) -> Result<Zeroizing<String>, String> {
    match std::env::var(name) {
        Ok(password) => Ok(Zeroizing::new(password)),
        Err(std::env::VarError::NotPresent) => Err(format!("the environment variable `{name}` is not set")),
        Err(std::env::VarError::NotUnicode(_)) => Err(format!("the environment variable `{name}` is not UTF-8")),
    }
}

/// Asks for a password only where one is needed, and never where nobody can answer.
fn look_and_ask(file: &str, bytes: &[u8], now: i64) -> Result<Result<Inspection, Invalid>, String> {
    match look(bytes, "", now) {
        Err(invalid) if invalid.problem == Problem::PasswordMissing => {}
        found => return Ok(found),
    }
    if !std::io::stdin().is_terminal() {
        return Err(format!("`{file}` needs a password: name the variable that holds it with `--password-env`"));
    }
    let asked = rpassword::prompt_password(format!("password of `{file}`: "));
    let password = Zeroizing::new(asked.map_err(|error| format!("the password cannot be read: {error}"))?);
    Ok(look(bytes, &password, now))
}
