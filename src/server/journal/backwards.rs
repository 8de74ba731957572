//! The lines of a file from its end, read in blocks.

use std::io::{self, Read, Seek, SeekFrom};

use memchr::memrchr;
use serde_json::Value;

use super::MAX_LINE_BYTES;

/// How much is read at a time; for a long line as much again as is known of it, so that copying stays linear.
const BLOCK_BYTES: usize = 64 * 1024;

/// A line without its line break.
pub(super) struct Line {
    /// Where it begins in the file.
    pub(super) start: u64,
    /// `None` when it is longer than [`MAX_LINE_BYTES`].
    pub(super) text: Option<Vec<u8>>,
    pub(super) is_terminated: bool,
}

impl Line {
    /// The line as an entry of a journal: a JSON object.
    pub(super) fn object(&self) -> Option<Value> {
        object(self.text.as_deref()?)
    }
}

/// The greatest id: every number up to it stands in JSON for itself (RFC 8259, section 6).
const MAX_ID: u64 = 1 << 53;

/// Whether a line is an exchange: its number and its request.
pub fn is_exchange(line: &Value) -> bool {
    line["id"].as_u64().is_some_and(|id| id <= MAX_ID) && line["request"].is_object()
}

pub(super) fn object(text: &[u8]) -> Option<Value> {
    serde_json::from_slice(text).ok().filter(Value::is_object)
}

/// What was read and not yet handed out stands in `pending`; it begins at `position` in the file.
pub(super) struct Backwards<F> {
    file: F,
    position: u64,
    pending: Vec<u8>,
    /// Where in `pending` nobody has looked for a line break yet ends.
    unsearched: usize,
    is_too_long: bool,
    /// Whether a line break follows.
    is_terminated: bool,
    is_done: bool,
    budget: u64,
}

impl<F: Read + Seek> Backwards<F> {
    /// Reads not more than about `budget` bytes.
    pub(super) fn new(file: F, length: u64, budget: u64) -> Backwards<F> {
        Backwards {
            file,
            position: length,
            pending: Vec::new(),
            unsearched: 0,
            is_too_long: false,
            is_terminated: false,
            is_done: length == 0,
            budget,
        }
    }

    /// What is left of the budget; nothing when the file was not read to its beginning because of it.
    pub(super) fn budget(&self) -> u64 {
        self.budget
    }

    /// The line before the last one that was given. `None` at the beginning, and when the budget is spent.
    pub(super) fn line(&mut self) -> io::Result<Option<Line>> {
        while !self.is_done {
            let found = memrchr(b'\n', &self.pending[..self.unsearched]);
            if let Some(at) = found {
                let line = self.cut(at + 1);
                self.pending.truncate(at);
                self.unsearched = at;
                let is_end_of_file = !self.is_terminated && line.text.as_ref().is_some_and(Vec::is_empty);
                self.is_terminated = true;
                if !is_end_of_file {
                    return Ok(Some(line));
                }
            } else if self.position == 0 {
                self.is_done = true;
                return Ok(Some(self.cut(0)));
            } else if self.budget == 0 {
                self.is_done = true;
            } else {
                self.read_block()?;
            }
        }
        Ok(None)
    }

    fn cut(&mut self, start: usize) -> Line {
        let text = self.pending.split_off(start);
        let is_too_long = std::mem::take(&mut self.is_too_long) || text.len() > MAX_LINE_BYTES;
        Line { start: self.position + start as u64, text: (!is_too_long).then_some(text), is_terminated: self.is_terminated }
    }

    fn read_block(&mut self) -> io::Result<()> {
        if self.pending.len() > MAX_LINE_BYTES {
            self.is_too_long = true;
            self.pending = Vec::new();
        }
        let wanted = (BLOCK_BYTES.max(self.pending.len()) as u64).min(self.position);
        self.position -= wanted;
        self.budget = self.budget.saturating_sub(wanted);
        let wanted = usize::try_from(wanted).unwrap_or(BLOCK_BYTES);
        let mut block = Vec::with_capacity(wanted + self.pending.len());
        self.file.seek(SeekFrom::Start(self.position))?;
        self.file.by_ref().take(wanted as u64).read_to_end(&mut block)?;
        // If the file has become shorter in the meantime, what is not there is no line.
        block.resize(wanted, 0);
        self.unsearched = block.len();
        block.append(&mut self.pending);
        self.pending = block;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    /// Start, text and whether a line break follows.
    type Seen = (u64, Option<Vec<u8>>, bool);

    fn backwards(bytes: &[u8]) -> Vec<Seen> {
        let mut lines = Backwards::new(Cursor::new(bytes), bytes.len() as u64, u64::MAX);
        let mut seen = Vec::new();
        while let Some(line) = lines.line().unwrap() {
            seen.push((line.start, line.text, line.is_terminated));
        }
        seen
    }

    fn forwards(bytes: &[u8]) -> Vec<Seen> {
        let mut start = 0;
        let mut seen = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let text = piece.strip_suffix(b"\n").unwrap_or(piece);
            seen.push((start, Some(text.to_vec()), piece.ends_with(b"\n")));
            start += piece.len() as u64;
        }
        seen
    }

    #[test]
    fn lines_come_from_the_end() {
        for text in ["", "\n", "\n\n", "a", "a\n", "a\nb", "a\n\nb\n", "\na"] {
            let expected: Vec<Seen> = forwards(text.as_bytes()).into_iter().rev().collect();
            assert_eq!(backwards(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_over_the_limit_is_told_and_those_around_it_are_read() {
        for (length, is_read) in [(MAX_LINE_BYTES, true), (MAX_LINE_BYTES + 1, false), (MAX_LINE_BYTES * 3, false)] {
            let mut bytes = b"before\n".to_vec();
            bytes.resize(7 + length, b'x');
            bytes.extend(b"\nafter\n");
            let seen = backwards(&bytes);
            let texts: Vec<Option<usize>> = seen.iter().map(|(_, text, _)| text.as_ref().map(Vec::len)).collect();
            assert_eq!(texts, [Some(5), is_read.then_some(length), Some(6)], "{length}");
            assert_eq!(seen[1].0, 7);
        }
    }

    #[test]
    fn no_more_is_read_than_the_budget_allows() {
        let bytes = vec![0; 10 * BLOCK_BYTES];
        let mut lines = Backwards::new(Cursor::new(&bytes), bytes.len() as u64, 2 * BLOCK_BYTES as u64);
        assert!(lines.line().unwrap().is_none() && lines.budget() == 0);
        assert!(lines.position > 0);
    }

    #[test]
    fn a_file_that_became_shorter_ends() {
        let mut lines = Backwards::new(Cursor::new(b"{}\n{}\n"), 300_000, u64::MAX);
        let mut texts = Vec::new();
        while let Some(line) = lines.line().unwrap() {
            texts.extend(line.object());
        }
        assert_eq!(texts.len(), 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn backwards_is_forwards_reversed(
            lines in prop::collection::vec((any::<u8>(), 0..200_000usize), 0..8),
            ends_with_break in any::<bool>(),
        ) {
            let fill = |byte: u8| if byte == b'\n' { b' ' } else { byte };
            let texts: Vec<Vec<u8>> = lines.into_iter().map(|(byte, length)| vec![fill(byte); length]).collect();
            let mut bytes = texts.join(&b'\n');
            bytes.extend(ends_with_break.then_some(b'\n'));
            let expected: Vec<Seen> = forwards(&bytes).into_iter().rev().collect();
            prop_assert!(backwards(&bytes) == expected);
        }
    }
}
