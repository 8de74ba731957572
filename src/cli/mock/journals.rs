//! The journal that is written, and the one that the log is filled from.

use std::path::Path;

use hookwright::server::Server;
use hookwright::server::journal::{Journal, JournalError, ReadBack, is_exchange};
use hookwright::server::ring::MAX_ENTRIES;

use crate::cli::Refusal;
use crate::cli::output::note;

/// How many lines at the end of a journal are looked at for the last id: exchanges that end side by side are not in order.
const LOOKED_AT: usize = 256;

/// A journal that is open for writing.
pub struct Opened {
    journal: Journal,
    file: String,
    last_id: u64,
}

/// Opens a journal for writing, and says what was set right in it.
pub fn open(file: &Path, rotate_at: u64) -> Result<Opened, Refusal> {
    let (journal, recovered) = Journal::open(file, rotate_at).map_err(refused)?;
    let shown = file.display().to_string();
    if recovered.torn_bytes > 0 {
        note(&format!("the journal `{shown}` ended within a line; {} bytes of it were cut off", recovered.torn_bytes));
    }
    let before = if recovered.kept_bytes > 0 { last(file, LOOKED_AT)? } else { ReadBack::default() };
    let last_id =
        before.lines.iter().filter(|line| is_exchange(line)).filter_map(|line| line["id"].as_u64()).max().unwrap_or(0);
    Ok(Opened { journal, file: shown, last_id })
}

impl Opened {
    pub fn put_into(self, server: &Server) {
        server.write_to(self.journal, self.file, self.last_id);
    }
}

/// The last lines of a journal.
pub struct Read {
    lines: ReadBack,
    file: String,
}

/// Reads the exchanges of a journal that a log can hold.
pub fn read(file: &Path) -> Result<Read, Refusal> {
    let (lines, shown) = (last(file, MAX_ENTRIES)?, file.display().to_string());
    let is_empty = lines.lines.is_empty() && lines.skipped == 0 && !lines.is_cut;
    if !is_empty && !lines.lines.iter().any(is_exchange) {
        return Err(format!("the file `{shown}` is not a journal: no line of it is an exchange").into());
    }
    Ok(Read { lines, file: shown })
}

impl Read {
    pub fn put_into(self, server: &Server) {
        let left_out = self.lines.skipped + server.fill(self.lines.lines);
        if left_out > 0 {
            note(&format!("lines of the journal `{}` that hold no exchange of their own: {left_out}", self.file));
        }
    }
}

fn last(file: &Path, lines: usize) -> Result<ReadBack, Refusal> {
    hookwright::server::journal::read(file, lines).map_err(refused)
}

fn refused(error: JournalError) -> Refusal {
    let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{error}{help}").into()
}
