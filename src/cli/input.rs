//! What a user hands over besides a project's files: standard input, and the files that a command line names.
#![allow(clippy::disallowed_methods, reason = "reads the files that a command line names")]

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use hookwright::source::MAX_FILE_BYTES;
use zeroize::Zeroizing;

/// All of standard input.
pub fn standard_input() -> Result<Zeroizing<String>, String> {
    read("standard input", std::io::stdin().lock())
}

/// All bytes of standard input.
pub fn standard_input_bytes() -> Result<Zeroizing<Vec<u8>>, String> {
    read_all(std::io::stdin().lock(), MAX_FILE_BYTES).map_err(|why| format!("standard input {why}"))
}

/// A file anywhere.
pub fn file(path: &Path) -> Result<Zeroizing<String>, String> {
    read(&format!("`{}`", path.display()), open(path)?)
}

/// A file of bytes anywhere.
pub fn bytes(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, String> {
    read_all(open(path)?, limit).map_err(|why| format!("`{}` {why}", path.display()))
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

fn read(name: &str, input: impl Read) -> Result<Zeroizing<String>, String> {
    let mut bytes = read_all(input, MAX_FILE_BYTES).map_err(|why| format!("{name} {why}"))?;
    if let Err(error) = std::str::from_utf8(&bytes) {
        return Err(format!("{name} is not UTF-8: the byte at offset {} is invalid", error.valid_up_to()));
    }
    let text = String::from_utf8(std::mem::take(&mut *bytes));
    text.map(Zeroizing::new).map_err(|_| format!("{name} is not UTF-8"))
}

/// All that there is to read. Any of it may be secret: a buffer that is too small is wiped before a larger one takes its place.
pub fn read_all(mut input: impl Read, limit: u64) -> Result<Zeroizing<Vec<u8>>, String> {
    const FIRST: usize = 16 * 1024;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut bytes = Zeroizing::new(vec![0; FIRST]);
    let mut length = 0;
    loop {
        if length > limit {
            return Err(format!("is too large: the limit is {limit} bytes"));
        }
        if length == bytes.len() {
            let mut larger = Zeroizing::new(vec![0; length * 2]);
            larger[..length].copy_from_slice(&bytes);
            bytes = larger;
        }
        match input.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(format!("cannot be read: {error}")),
        }
    }
    bytes.truncate(length);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, and is interrupted before each.
    struct Slow<'a>(&'a [u8], bool);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(ErrorKind::Interrupted.into());
            }
            let length = into.len().min(1000);
            self.0.read(&mut into[..length])
        }
    }

    #[test]
    fn all_is_read_up_to_the_limit() {
        let whole: Vec<u8> = (0..100_000u32).map(|number| (number % 251) as u8).collect();
        for length in [0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 99_999, 100_000] {
            let read = |limit| read_all(Slow(&whole[..length], false), limit);
            assert_eq!(read(100_000).as_deref().map(Vec::as_slice), Ok(&whole[..length]));
            assert_eq!(read(length as u64).map(|bytes| bytes.len()), Ok(length));
            if length > 0 {
                assert!(read(length as u64 - 1).is_err_and(|why| why.starts_with("is too large")));
            }
        }
    }
}
