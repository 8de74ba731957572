//! What may stand in a header (RFC 9110).

use crate::value::TaintedText;

use super::{ErrorKind, Failure};

/// RFC 9110 section 5.5: CR, LF and NUL would end the header or the request; other control characters but the tab are no
/// part of a header either, and clients refuse them.
pub fn check_header_value(name: &str, value: &TaintedText) -> Result<(), Failure> {
    check_value(&format!("the value of the header `{name}`"), value)
}

/// The same for a value that `called` names in messages.
pub fn check_value(called: &str, value: &TaintedText) -> Result<(), Failure> {
    let bad = value.reveal().chars().find(|character| character.is_ascii_control() && *character != '\t');
    let what = match bad {
        None => return Ok(()),
        Some('\r') => "a carriage return (CR)",
        Some('\n') => "a line feed (LF)",
        Some('\0') => "a NUL",
        Some(_) => "a control character",
    };
    Err(Failure::new(ErrorKind::InvalidHeader, format!("{called} holds {what}")))
}
