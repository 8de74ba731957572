//! `hookwright certificate`: what stands in a certificate file, and whether it can be used. Its private key is never shown.
#![allow(clippy::disallowed_methods, reason = "a certificate's days are told by the clock")]

use std::time::{SystemTime, UNIX_EPOCH};

use hookwright::certificate::{Given, Inspection, Invalid, MAX_BYTES, Problem, inspect};
use hookwright::report::{certificate_json, certificate_text};
use hookwright::value::TaintedText;

use super::arguments::{Certificate, CertificateFormat};
use super::output::{pretty, print};
use super::secrets::from_environment;
use super::{Ending, Refusal, ask, input};

pub fn run(certificate: &Certificate) -> Result<Ending, Refusal> {
    let file = certificate.file.display().to_string();
    let bytes = input::bytes(&certificate.file, MAX_BYTES as u64)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs().cast_signed());
    let found = match &certificate.password_env {
        Some(name) => {
            let password = from_environment(name)?;
            look(&bytes, &password.ok_or(format!("the environment variable `{name}` is not set or empty"))?, now)
        }
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

/// Asks for a password only where one is needed, and never where nobody can answer.
fn look_and_ask(file: &str, bytes: &[u8], now: i64) -> Result<Result<Inspection, Invalid>, Refusal> {
    match look(bytes, "", now) {
        Err(invalid) if invalid.problem == Problem::PasswordMissing => {}
        found => return Ok(found),
    }
    if !ask::somebody() {
        let help = "name the variable that holds it with `--password-env`";
        return Err(format!("`{file}` needs a password: {help}").into());
    }
    let password = ask::secret(&format!("password of `{file}`: "))?;
    Ok(look(bytes, password.as_ref().map_or("", TaintedText::reveal), now))
}
