//! One snapshot file: a YAML header between `---` lines, then the contents.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use insta::Snapshot;

use super::Owner;
use crate::diagnostic::is_printable;
use crate::value::Json;

/// A longer header is not one of ours.
const LONGEST_HEADER: usize = 8 * 1024;
/// As many characters of a case's name go into the header.
const LONGEST_NAME: usize = 500;

/// How the names of files begin that are not whole yet.
const TEMPORARY: &str = ".hookwright-";

/// What a snapshot file holds.
#[derive(Debug)]
pub(super) struct Stored {
    pub contents: String,
    /// The spec it belongs to.
    pub spec: Option<String>,
    /// The name of its case.
    pub case: Option<String>,
}

/// Reads a snapshot; `None` when there is none. An error says what is wrong, to stand after the path.
pub(super) fn read(path: &Path) -> Result<Option<Stored>, String> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("cannot be read: {error}")),
    };
    let mut start = Vec::new();
    let read = file.take(LONGEST_HEADER as u64).read_to_end(&mut start);
    read.map_err(|error| format!("cannot be read: {error}"))?;
    check_header(&String::from_utf8_lossy(&start))?;
    let snapshot = Snapshot::from_file(path).map_err(|error| format!("cannot be read: {error}"))?;
    let text = snapshot.contents().as_text().ok_or("cannot be read: it is not a text snapshot")?;
    Ok(Some(Stored {
        contents: normalize(&text.to_string()),
        spec: snapshot.metadata().source().map(str::to_string),
        case: snapshot.metadata().expression().map(str::to_string),
    }))
}

/// insta falls back to an older format where there is no header, and its YAML reader recurses: both are kept from it.
fn check_header(start: &str) -> Result<(), String> {
    const DEEPEST: usize = 32;
    let mut lines = start.lines();
    let opened = lines.next().is_some_and(|line| line.trim_end() == "---");
    let mut nested = 0;
    let closed = lines.any(|line| {
        nested += line.matches(['[', '{']).count() + line.matches("- ").count();
        line.trim_end() == "---"
    });
    match opened && closed {
        true if nested <= DEEPEST + LONGEST_NAME => Ok(()),
        _ => Err("is not a snapshot: it must begin with a header between two lines `---`".into()),
    }
}

/// Contents as they compare: without white space at the end, with `\n` as line end. insta reads and compares in the same way.
pub(super) fn normalize(contents: &str) -> String {
    let mut text = contents.trim_end().to_string();
    while text.contains("\r\n") {
        text = text.replace("\r\n", "\n");
    }
    text
}

/// The text of a snapshot file.
pub(super) fn contents(owner: &Owner<'_>, transcript: &str) -> String {
    let case: String = owner.case.chars().take(LONGEST_NAME).collect();
    format!("---\nsource: {}\nexpression: {}\n---\n{}\n", yaml(owner.spec), yaml(&case), normalize(transcript))
}

/// A text in YAML: plain where it is a path or plain words, in double quotes with JSON's escapes elsewhere.
fn yaml(text: &str) -> String {
    let path =
        text.contains('/') && text.ends_with(".toml") && text.starts_with(|first: char| first.is_ascii_alphanumeric());
    if path && text.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '/' | '.' | '_' | '-'))
    {
        return text.to_string();
    }
    let mut quoted = String::new();
    for character in Json::from(text).to_string().chars() {
        match character {
            character if is_printable(character) && character != '\u{feff}' => quoted.push(character),
            character => quoted.push_str(&format!("\\u{:04x}", character as u32)),
        }
    }
    quoted
}

/// Where the pending snapshot of an approved one stands.
pub(super) fn pending(approved: &Path) -> PathBuf {
    approved.with_extension("snap.new")
}

/// How the pending snapshot of an approved one is called.
pub(super) fn pending_label(approved: &str) -> String {
    format!("{approved}.new")
}

/// Writes a file whole or not at all.
pub(super) fn write(path: &Path, contents: &str) -> Result<(), String> {
    let folder = path.parent().ok_or("cannot be written: it has no folder")?;
    let written = fs::create_dir_all(folder).and_then(|()| {
        // Of a name that no program which was killed can have left behind.
        let mut beside = new_file().tempfile_in(folder)?;
        beside.write_all(contents.as_bytes())?;
        beside.persist(path).map_err(|error| error.error)
    });
    written.map(drop).map_err(|error| format!("cannot be written: {error}"))
}

/// As readable for others as any new file.
fn new_file() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY).suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Removes a file, if there is one.
pub(super) fn remove(path: &Path) -> Result<(), String> {
    match fs::remove_file(path) {
        Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Err(format!("cannot be removed: {error}"))
        }
        _ => Ok(()),
    }
}
