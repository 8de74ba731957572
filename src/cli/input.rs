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

/// A file anywhere.
pub fn file(path: &Path) -> Result<String, String> {
    read(&format!("`{}`", path.display()), open(path)?)
}

/// A file of bytes anywhere.
pub fn bytes(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    read_bytes(&format!("`{}`", path.display()), open(path)?, limit)
}

/// Opens a file. Opening a pipe would wait for its writer, and a device may never end: of these, only what a shell or a caller
/// has opened already is read, as in `<(curl …)`.
fn open(path: &Path) -> Result<File, String> {
    const OPEN_ALREADY: [&str; 3] = ["/dev/fd", "/dev/stdin", "/proc/self/fd"];
    let failed = |error: std::io::Error| format!("`{}` cannot be read: {error}", path.display());
    let about = std::fs::metadata(path).map_err(failed)?;
    let may_be_pipe = OPEN_ALREADY.iter().any(|opened| path.starts_with(opened));
    if !about.is_file() && !about.is_dir() && !may_be_pipe {
        return Err(format!("`{}` cannot be read: it is not a file", path.display()));
    }
    File::open(path).map_err(failed)
}

fn read(name: &str, input: impl Read) -> Result<String, String> {
    let bytes = read_bytes(name, input, MAX_FILE_BYTES)?;
    let why = |error: std::string::FromUtf8Error| {
        format!("{name} is not UTF-8: the byte at offset {} is invalid", error.utf8_error().valid_up_to())
    };
    String::from_utf8(bytes).map_err(why)
}

fn read_bytes(name: &str, input: impl Read, limit: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    input.take(limit + 1).read_to_end(&mut bytes).map_err(|error| format!("{name} cannot be read: {error}"))?;
    if bytes.len() as u64 > limit {
        return Err(format!("{name} is too large: the limit is {limit} bytes"));
    }
    Ok(bytes)
}
