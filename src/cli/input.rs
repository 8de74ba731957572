//! What a user hands over besides a project's files: standard input, and the files that a command line names.
#![allow(clippy::disallowed_methods, reason = "reads the files that a command line names")]

use std::fs::File;
use std::io::Read;
use std::path::Path;

use hookwright::source::MAX_FILE_BYTES;

/// All of standard input.
pub fn standard_input() -> Result<String, String> {
    read("standard input", std::io::stdin().lock())
}

/// A file anywhere; it may be a pipe, as in `<(curl …)`.
pub fn file(path: &Path) -> Result<String, String> {
    let name = format!("`{}`", path.display());
    let file = File::open(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
    read(&name, file)
}

/// A file of bytes anywhere.
pub fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let name = format!("`{}`", path.display());
    let file = File::open(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
    read_bytes(&name, file)
}

fn read(name: &str, input: impl Read) -> Result<String, String> {
    let bytes = read_bytes(name, input)?;
    let why = |error: std::string::FromUtf8Error| {
        format!("{name} is not UTF-8: the byte at offset {} is invalid", error.utf8_error().valid_up_to())
    };
    String::from_utf8(bytes).map_err(why)
}

fn read_bytes(name: &str, input: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    input.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| format!("{name} cannot be read: {error}"))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("{name} is too large: the limit is {MAX_FILE_BYTES} bytes"));
    }
    Ok(bytes)
}
