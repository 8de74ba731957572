//! The journal: a file with a line of JSON for every exchange, each on disk before it is acknowledged.
//!
//! One thread writes. It takes all lines that wait, writes them at once and has the system put them on disk, and only then
//! wakes all who wait: the more come at a time, the fewer waits for the disk a line costs. A process that is killed loses no
//! line whose append has resolved; what it was writing may be torn, and is cut off when the journal is opened again.

mod backwards;
#[cfg(test)]
mod crash_tests;
mod error;
mod file;
mod queue;
mod read;
#[cfg(test)]
mod properties;
mod rotation;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

pub use backwards::is_exchange;
pub use error::{JournalError, JournalFailure};
use file::JournalFile;
pub use file::Recovered;
use queue::{Entry, Queue};
pub use read::{MAX_READ_BACK_BYTES, MAX_SCANNED_BYTES, ReadBack, read};
pub use rotation::KEPT_FILES;

/// The size at which a journal is rotated unless told otherwise.
pub const ROTATE_AT_BYTES: u64 = 64 * 1024 * 1024;

/// The longest line that is written, and that is read back. An exchange whose bodies are cut at a megabyte stays below it
/// even when every byte of them is escaped.
pub const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;

/// A journal that is open for writing. Dropping it writes what waits, as [`Journal::close`] does.
pub struct Journal {
    queue: Arc<Queue>,
    rotation_failure: Arc<Mutex<Option<String>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Journal {
    /// Opens a journal, or makes one that only its owner may read, since it holds what clients send.
    ///
    /// Only the first line and the end are read. A last line that is no JSON object is cut off; one that only lacks its line
    /// break is given it. A file whose first line is not an exchange is refused, so that none but a journal is ever cut.
    ///
    /// # Errors
    ///
    /// The file cannot be opened or locked, is open in another process, or is no journal.
    pub fn open(path: &Path, rotate_at_bytes: u64) -> Result<(Journal, Recovered), JournalError> {
        let (file, recovered) = JournalFile::open(path, rotate_at_bytes)?;
        let (queue, rotation_failure) = (Arc::new(Queue::default()), Arc::new(Mutex::new(None)));
        let writer = Writer { queue: Arc::clone(&queue), rotation_failure: Arc::clone(&rotation_failure), file };
        let thread = thread::Builder::new().name("journal".to_string()).spawn(move || writer.run());
        let thread = thread.map_err(|error| JournalError::at(path, error))?;
        Ok((Journal { queue, rotation_failure, writer: Mutex::new(Some(thread)) }, recovered))
    }

    /// Adds a line, a JSON object without a line break. Resolves once it is on disk, or will not come there.
    ///
    /// Lines come in the order in which the futures are first polled. While too much waits to be written, the future waits
    /// too, and the line is given up if the future is dropped then; later it is written even if nobody waits for it.
    pub fn append(&self, line: String) -> impl Future<Output = Result<(), JournalFailure>> + Send + use<> {
        let queue = Arc::clone(&self.queue);
        async move { queue.append(line).await }
    }

    /// Why the journal was not rotated when it should have been, if it was not the last time. It then grows on, so that no
    /// line is lost, and is rotated when it has grown by the same size again.
    pub fn rotation_failure(&self) -> Option<String> {
        self.rotation_failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes what waits, and ends; appends that come later fail. Waits for the disk.
    pub fn close(&self) {
        self.queue.close();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            // Had it panicked, its guard would have let go all who wait.
            let _ = writer.join();
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.close();
    }
}

/// The thread that writes.
struct Writer {
    queue: Arc<Queue>,
    rotation_failure: Arc<Mutex<Option<String>>>,
    file: JournalFile,
}

impl Writer {
    fn run(mut self) {
        let queue = Arc::clone(&self.queue);
        let _end = queue.end_guard();
        let mut waiting = Vec::new();
        while queue.take_all(&mut waiting) {
            self.write(&mut waiting);
        }
    }

    /// In pieces where a rotation comes between.
    fn write(&mut self, waiting: &mut Vec<Entry>) {
        let mut entries = waiting.drain(..).peekable();
        let mut piece = Vec::with_capacity(entries.len());
        while let Some(first) = entries.next() {
            if let Some(rotated) = self.file.rotate_before(first.line.len()) {
                let failure = rotated.err().map(|error| error.to_string());
                *self.rotation_failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
            }
            self.file.add(&first.line);
            piece.push(first);
            while let Some(entry) = entries.next_if(|entry| self.file.has_room_for(entry.line.len())) {
                self.file.add(&entry.line);
                piece.push(entry);
            }
            let result = self.file.commit().map_err(JournalFailure::from);
            self.queue.answer(piece.drain(..), &result);
        }
    }
}
