//! The files that a mock leaves for others: where it is, and whom to trust.
#![allow(clippy::disallowed_methods, reason = "writes the files that a command line names")]

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use hookwright::server::{Encryption, Event, Ready};
use tempfile::{Builder, TempPath};

use crate::cli::Refusal;

/// Where the CA certificate is. A temporary file is removed when this is dropped.
pub enum AuthorityFile {
    Named(PathBuf),
    Temporary(TempPath),
}

impl AuthorityFile {
    /// Writes the CA certificate to a file, or to a temporary one.
    pub fn write(encryption: &Encryption, file: Option<&Path>) -> Result<Option<AuthorityFile>, Refusal> {
        let Some(authority) = encryption.authority() else { return Ok(None) };
        let failed = |error: std::io::Error| format!("the CA certificate cannot be written: {error}");
        if let Some(file) = file {
            write_whole(file, authority.as_bytes()).map_err(|why| format!("`{}` {why}", file.display()))?;
            return Ok(Some(AuthorityFile::Named(std::path::absolute(file).map_err(failed)?)));
        }
        let mut temporary = Builder::new().prefix("hookwright-ca-").suffix(".pem").tempfile().map_err(failed)?;
        temporary.write_all(authority.as_bytes()).map_err(failed)?;
        Ok(Some(AuthorityFile::Temporary(temporary.into_temp_path())))
    }

    pub fn path(&self) -> &Path {
        match self {
            AuthorityFile::Named(path) => path,
            AuthorityFile::Temporary(path) => path,
        }
    }
}

/// A file that is there while the mock answers; removed when this is dropped.
pub struct ReadyFile(PathBuf);

impl ReadyFile {
    /// Removes what another one has left there: nobody is to read where that one was.
    pub fn forget(file: &Path) -> Result<(), Refusal> {
        match fs::remove_file(file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(format!("`{}` cannot be removed: {error}", file.display()).into())
            }
            _ => Ok(()),
        }
    }

    /// Writes the event with which a mock says that it is ready.
    pub fn write(file: &Path, ready: &Ready) -> Result<ReadyFile, Refusal> {
        let text = format!("{}\n", Event::Ready(ready.clone()).to_json());
        write_whole(file, text.as_bytes()).map_err(|why| format!("`{}` {why}", file.display()))?;
        Ok(ReadyFile(file.to_path_buf()))
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        // Somebody else may have removed it.
        let _ = fs::remove_file(&self.0);
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
