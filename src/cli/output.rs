//! Text to standard output and error.
#![allow(clippy::disallowed_methods, reason = "the width of the terminal is the reader's own")]

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;

use super::Refusal;

/// Why standard output could not be written, the first time.
static FAILURE: OnceLock<io::Error> = OnceLock::new();

/// Prints a report. What comes of it is told by [`check`]: work that is half done goes on to its end.
pub fn print(text: &str) {
    let mut out = anstream::stdout().lock();
    printed(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// Keeps what came of printing. A reader that has gone away (`| head`) is no error.
pub fn printed(done: io::Result<()>) {
    if let Err(error) = done
        && error.kind() != ErrorKind::BrokenPipe
    {
        // The first one says most.
        let _ = FAILURE.set(error);
    }
}

/// # Errors
/// When something could not be printed.
pub fn check() -> Result<(), Refusal> {
    match FAILURE.get() {
        Some(error) => Err(format!("standard output cannot be written: {error}").into()),
        None => Ok(()),
    }
}

/// Prints why the program cannot go on.
pub fn complain(why: &str) {
    let mut out = anstream::stderr().lock();
    let (bold_red, plain) = ("\u{1b}[1;31m", "\u{1b}[0m");
    let _ = writeln!(out, "{bold_red}error{plain}: {why}");
}

/// Prints a frame beside a report.
pub fn show(frame: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{frame}");
}

/// Prints what the reader should know of a result.
pub fn note(what: &str) {
    let mut out = anstream::stderr().lock();
    let (bold, plain) = ("\u{1b}[1m", "\u{1b}[0m");
    let _ = writeln!(out, "{bold}note{plain}: {what}");
}

/// Whether a report to standard output should have colours.
pub fn wants_color() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}

/// The width that is asked for, that of the terminal, or one that is pleasant to read elsewhere.
pub fn width() -> usize {
    const ELSEWHERE: usize = 120;
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    let of_terminal = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
    asked.or_else(of_terminal).filter(|columns| *columns > 0).unwrap_or(ELSEWHERE)
}

/// Whether progress may be drawn.
pub fn wants_progress(quiet: bool) -> bool {
    !quiet && std::io::stderr().is_terminal()
}

/// A JSON value over several lines.
pub fn pretty(json: &serde_json::Value) -> String {
    let mut text = serde_json::to_string_pretty(json).unwrap_or_default();
    text.push('\n');
    text
}
