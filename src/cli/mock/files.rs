//! The files that a mock leaves for others: where it is, and whom to trust.
#![allow(clippy::disallowed_methods, reason = "writes the files that a command line names")]

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use hookwright::server::{Encryption, Event, Ready};
use serde_json::Value as Json;
use tempfile::{Builder, TempPath};

use crate::cli::Refusal;

/// The longest file that could be one of this program's: a ready file lists all actions.
const MAX_OWN_BYTES: u64 = 64 * 1024 * 1024;

/// A place for a file of this program's: nothing is there, or such a file from before.
pub struct Place<'p> {
    file: &'p Path,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Ready,
    Authority,
}

impl Kind {
    /// Whether what a file holds was written by this program for the same purpose.
    fn is_own(self, text: &[u8]) -> bool {
        match self {
            Kind::Ready => serde_json::from_slice(text).is_ok_and(|json: Json| json["event"] == "ready"),
            Kind::Authority => text.starts_with(b"-----BEGIN CERTIFICATE-----") && is_one_certificate(text),
        }
    }

    fn help(self) -> &'static str {
        match self {
            Kind::Ready => "`--ready-file` replaces only a ready file of a mock; name a file that does not exist",
            Kind::Authority => "`--ca-file` replaces only a certificate in PEM; name a file that does not exist",
        }
    }
}

/// A key beside it would be lost.
fn is_one_certificate(text: &[u8]) -> bool {
    pem::parse_many(text).is_ok_and(|sections| matches!(sections.as_slice(), [only] if only.tag() == "CERTIFICATE"))
}

impl<'p> Place<'p> {
    /// For the ready file.
    pub fn of_ready(file: &'p Path) -> Result<Place<'p>, Refusal> {
        Place { file, kind: Kind::Ready }.checked()
    }

    /// For the CA certificate.
    pub fn of_authority(file: &'p Path) -> Result<Place<'p>, Refusal> {
        Place { file, kind: Kind::Authority }.checked()
    }

    fn checked(self) -> Result<Place<'p>, Refusal> {
        self.check()?;
        Ok(self)
    }

    /// Refuses what is not this program's. Links are not followed, and only a regular file is opened: opening a pipe would
    /// wait, and a device may have no end.
    fn check(&self) -> Result<(), Refusal> {
        let (file, help) = (self.file.display(), self.kind.help());
        let unreadable = |error: std::io::Error| format!("`{file}` cannot be read: {error}; {help}");
        let found = match fs::symlink_metadata(self.file) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(unreadable(error).into()),
        };
        if !found.is_file() {
            return Err(format!("`{file}` exists and is no regular file; {help}").into());
        }
        if found.len() > MAX_OWN_BYTES || !self.kind.is_own(&fs::read(self.file).map_err(unreadable)?) {
            return Err(format!("`{file}` exists and was not written by a mock; {help}").into());
        }
        Ok(())
    }

    /// Looks again, since something may have come there meanwhile.
    fn write(&self, bytes: &[u8]) -> Result<(), Refusal> {
        self.check()?;
        write_whole(self.file, bytes).map_err(|why| format!("`{}` {why}", self.file.display()).into())
    }
}

/// Where the CA certificate is. A temporary file is removed when this is dropped.
pub enum AuthorityFile<'p> {
    Named { place: Place<'p>, path: PathBuf, certificate: String },
    Temporary(TempPath),
}

impl<'p> AuthorityFile<'p> {
    /// Where the CA certificate will be: a place for [`AuthorityFile::write`], or a temporary file that has it already.
    pub fn prepare(encryption: &Encryption, file: Option<&'p Path>) -> Result<Option<AuthorityFile<'p>>, Refusal> {
        let Some(authority) = encryption.authority() else { return Ok(None) };
        let failed = |error: std::io::Error| format!("the CA certificate cannot be written: {error}");
        if let Some(file) = file {
            let (place, path) = (Place::of_authority(file)?, std::path::absolute(file).map_err(failed)?);
            return Ok(Some(AuthorityFile::Named { place, path, certificate: authority.to_string() }));
        }
        let mut temporary = Builder::new().prefix("hookwright-ca-").suffix(".pem").tempfile().map_err(failed)?;
        temporary.write_all(authority.as_bytes()).map_err(failed)?;
        Ok(Some(AuthorityFile::Temporary(temporary.into_temp_path())))
    }

    /// Writes the CA certificate where it was wanted, once nothing else keeps the mock from starting.
    pub fn write(&self) -> Result<(), Refusal> {
        match self {
            AuthorityFile::Named { place, certificate, .. } => place.write(certificate.as_bytes()),
            AuthorityFile::Temporary(_) => Ok(()),
        }
    }

    pub fn path(&self) -> &Path {
        match self {
            AuthorityFile::Named { path, .. } => path,
            AuthorityFile::Temporary(path) => path,
        }
    }
}

/// A file that is there while the mock answers; removed when this is dropped, if it is still the one that was written.
pub struct ReadyFile {
    path: PathBuf,
    text: String,
}

impl ReadyFile {
    /// Writes the event with which a mock says that it is ready.
    pub fn write(place: &Place<'_>, ready: &Ready) -> Result<ReadyFile, Refusal> {
        let text = format!("{}\n", Event::Ready(ready.clone()).to_json());
        place.write(text.as_bytes())?;
        Ok(ReadyFile { path: place.file.to_path_buf(), text })
    }

    fn is_still_there(&self) -> bool {
        let is_alike = |found: fs::Metadata| found.is_file() && found.len() == self.text.len() as u64;
        fs::symlink_metadata(&self.path).is_ok_and(is_alike)
            && fs::read(&self.path).is_ok_and(|text| text == self.text.as_bytes())
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        if self.is_still_there() {
            // Somebody else may have removed it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Written beside and renamed, so that nobody ever sees a part of it.
fn write_whole(file: &Path, bytes: &[u8]) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot be written: {error}");
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = Builder::new().prefix(".hookwright-").tempfile_in(folder).map_err(failed)?;
    beside.write_all(bytes).map_err(failed)?;
    readable_to_all(beside.as_file()).map_err(failed)?;
    beside.persist(file).map_err(|error| failed(error.error))?;
    Ok(())
}

/// As a file that is written directly: temporary ones are their owner's alone.
fn readable_to_all(file: &fs::File) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    let _ = file;
    Ok(())
}
