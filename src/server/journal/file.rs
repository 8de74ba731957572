//! The file that a journal is written to: opened and locked, set right, written, rotated.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::backwards::{Backwards, is_exchange, object};
use super::{JournalError, MAX_LINE_BYTES, rotation};

/// How far back the last line break is looked for. What one write may leave torn is less.
const RECOVERY_BYTES: u64 = 64 * 1024 * 1024;

/// A buffer that has grown larger is given back.
const KEPT_BUFFER_BYTES: usize = 1024 * 1024;

/// How often and how long a process that only looks whether the new file is free is waited for.
const LOCK_ATTEMPTS: u32 = 50;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// What was found when a journal was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// The size of what was there and stays.
    pub kept_bytes: u64,
    /// The size of a torn last line, which was cut off.
    pub torn_bytes: u64,
}

pub(super) struct JournalFile {
    /// Without symbolic links, so that the files of a rotation stand beside the real one.
    path: PathBuf,
    file: File,
    /// Not a device such as `/dev/null`, which can neither be cut nor rotated.
    is_regular: bool,
    /// The end of the last whole line.
    length: u64,
    /// Whether there may be a part of a batch behind it that failed.
    has_remains: bool,
    rotate_at: u64,
    /// The size that the file may reach: `rotate_at`, or more after a rotation that failed.
    limit: u64,
    /// The lines of the next batch.
    buffer: Vec<u8>,
}

impl JournalFile {
    pub(super) fn open(path: &Path, rotate_at: u64) -> Result<(JournalFile, Recovered), JournalError> {
        refuse_special(path)?;
        let at = |error| JournalError::at(path, error);
        let file = open_or_create(path).map_err(at)?;
        let is_regular = file.metadata().map_err(at)?.is_file();
        let path = fs::canonicalize(path).map_err(at)?;
        let buffer = Vec::new();
        let mut journal =
            JournalFile { path, file, is_regular, length: 0, has_remains: false, rotate_at, limit: rotate_at, buffer };
        let recovered = if is_regular { journal.lock_and_recover()? } else { Recovered::default() };
        Ok((journal, recovered))
    }

    fn lock_and_recover(&mut self) -> Result<Recovered, JournalError> {
        match self.file.try_lock() {
            Ok(()) if self.is_being_rotated() => return Err(JournalError::InUse { path: self.path.clone() }),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::InUse { path: self.path.clone() }),
            Err(TryLockError::Error(error)) => return Err(JournalError::at(&self.path, error)),
        }
        rotation::sync_folder_of(&self.path);
        let recovered = self.recover().map_err(|error| JournalError::at(&self.path, error))?;
        recovered.ok_or_else(|| JournalError::NotAJournal { path: self.path.clone() })
    }

    /// Whether another process has put another file in this one's place, or is about to: it then holds `FILE.1`.
    fn is_being_rotated(&self) -> bool {
        let Ok(own) = self.file.metadata() else { return true };
        if fs::metadata(&self.path).is_ok_and(|there| identity(&there) != identity(&own)) {
            return true;
        }
        let full = rotation::rotated(&self.path, 1);
        fs::metadata(&full).is_ok_and(|there| there.is_file())
            && File::open(full).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// Cuts off a torn last line. `None` when the file is no journal, and nothing has been touched.
    fn recover(&mut self) -> io::Result<Option<Recovered>> {
        let length = self.file.metadata()?.len();
        self.length = length;
        if length == 0 {
            return Ok(Some(Recovered::default()));
        }
        if !self.begins_as_a_journal(length)? {
            return Ok(None);
        }
        let Some(last) = Backwards::new(&self.file, length, RECOVERY_BYTES).line()? else { return Ok(None) };
        if last.object().is_none() {
            self.file.set_len(last.start)?;
            self.file.sync_data()?;
            self.length = last.start;
        } else if !last.is_terminated {
            self.buffer.push(b'\n');
            self.commit()?;
        }
        let kept_bytes = self.length.min(length);
        Ok(Some(Recovered { kept_bytes, torn_bytes: length - kept_bytes }))
    }

    /// A first line that is an exchange, or could become one.
    fn begins_as_a_journal(&mut self, length: u64) -> io::Result<bool> {
        let mut first = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        BufReader::new(&self.file).take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut first)?;
        Ok(match first.strip_suffix(b"\n") {
            Some(line) => object(line).is_some_and(|line| is_exchange(&line)),
            None if first.len() as u64 != length => false,
            None => object(&first).map_or_else(|| is_torn(&first), |line| is_exchange(&line)),
        })
    }

    /// Puts an empty file in the place of one that has no room for a line. `None` when it has.
    pub(super) fn rotate_before(&mut self, line: usize) -> Option<io::Result<()>> {
        // What could not be cut off yet would come into the middle of the journal.
        if self.length == 0 || self.has_remains || self.has_room_for(line) {
            return None;
        }
        let result = self.rotate();
        self.limit = if result.is_ok() { self.rotate_at } else { self.length.saturating_add(self.rotate_at) };
        Some(result)
    }

    /// Whether a line fits behind those that were added.
    pub(super) fn has_room_for(&self, line: usize) -> bool {
        let size = self.length.saturating_add(self.buffer.len() as u64).saturating_add(line as u64 + 1);
        !self.is_regular || size <= self.limit
    }

    /// The full file stays locked until the new one is, so that no other process comes in between.
    fn rotate(&mut self) -> io::Result<()> {
        rotation::shift(&self.path)?;
        let opened = open_or_create(&self.path).and_then(|file| {
            lock_patiently(&file)?;
            Ok((file.metadata()?.len(), file))
        });
        let (length, file) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                // Where even this fails, lines go on into the file under its new name, where they are found as well.
                let _ = rotation::shift_back(&self.path);
                return Err(error);
            }
        };
        rotation::sync_folder_of(&self.path);
        (self.length, self.file) = (length, file);
        Ok(())
    }

    /// Adds a line to the next batch.
    pub(super) fn add(&mut self, line: &str) {
        self.buffer.extend_from_slice(line.as_bytes());
        self.buffer.push(b'\n');
    }

    /// Writes what was added, and has the system put it on disk. When that fails, the file is as it was.
    pub(super) fn commit(&mut self) -> io::Result<()> {
        let result = self.write();
        if result.is_err() {
            // Where it cannot be done now, it is tried again before the next batch.
            let _ = self.remove_remains();
        }
        self.buffer.clear();
        if self.buffer.capacity() > KEPT_BUFFER_BYTES {
            self.buffer = Vec::new();
        }
        result
    }

    fn write(&mut self) -> io::Result<()> {
        self.remove_remains()?;
        self.has_remains = self.is_regular;
        self.file.write_all(&self.buffer)?;
        if self.is_regular {
            // What failed once is not tried again: the system may have dropped what it could not put on disk.
            self.file.sync_data()?;
            self.length += self.buffer.len() as u64;
        }
        self.has_remains = false;
        Ok(())
    }

    fn remove_remains(&mut self) -> io::Result<()> {
        if self.has_remains {
            self.file.set_len(self.length)?;
            self.has_remains = false;
        }
        Ok(())
    }
}

/// Whether the only line may be the torn one of an exchange: one that ends too early.
fn is_torn(line: &[u8]) -> bool {
    let read = serde_json::from_slice::<serde_json::Value>(line);
    line.starts_with(b"{") && read.is_err_and(|error| error.is_eof())
}

/// Opening a pipe would wait for its other end.
pub(super) fn refuse_special(path: &Path) -> Result<(), JournalError> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() && !is_character_device(&found) => {
            Err(JournalError::NotAFile { path: path.to_path_buf() })
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(JournalError::at(path, error)),
    }
}

fn is_character_device(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::FileTypeExt::is_char_device(&metadata.file_type());
    #[cfg(not(unix))]
    {
        let _ = metadata;
        false
    }
}

/// Which file it is, whatever its name: device and number.
pub(super) type Identity = Option<(u64, u64)>;

#[cfg(unix)]
pub(super) fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(super) fn identity(_: &Metadata) -> Identity {
    None
}

fn open_or_create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn lock_patiently(file: &File) -> io::Result<()> {
    for _ in 0..LOCK_ATTEMPTS {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::Error::new(ErrorKind::WouldBlock, "another process has locked the new file"))
}
