//! `--batch`: one JSON object a line, answered in order.

use std::io::{BufRead, BufReader, Read, Write};

use super::{Ending, Refusal, output};
use hookwright::value::{Json, why_unread};

/// A longer line is refused, and the rest of it skipped.
pub const LONGEST_LINE: u64 = 16 << 20;

/// Answers every line of standard input. A line that is not JSON is answered with `broken` of what is wrong, and the ending
/// tells of it. Empty lines are skipped.
pub fn run(answer: impl Fn(&Json) -> Json, broken: impl Fn(String) -> Json) -> Result<Ending, Refusal> {
    let mut input = BufReader::new(std::io::stdin().lock());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut ending = Ending::Well;
    while let Some(line) = next_line(&mut input)? {
        if is_empty(&line) {
            continue;
        }
        let answered = match read(&line) {
            Ok(request) => answer(&request),
            Err(why) => {
                ending = Ending::Findings;
                broken(why)
            }
        };
        // Whoever waits for an answer before writing the next line must get it.
        let nothing_waits = input.buffer().is_empty();
        let written = writeln!(out, "{answered}").and_then(|()| if nothing_waits { out.flush() } else { Ok(()) });
        if written.is_err() {
            output::printed(written);
            return Ok(ending);
        }
    }
    output::printed(out.flush());
    Ok(ending)
}

fn is_empty(line: &[u8]) -> bool {
    line.len() as u64 <= LONGEST_LINE && line.iter().all(u8::is_ascii_whitespace)
}

fn read(line: &[u8]) -> Result<Json, String> {
    if line.len() as u64 > LONGEST_LINE {
        return Err(format!("the line is longer than {} MiB", LONGEST_LINE >> 20));
    }
    let text = std::str::from_utf8(line)
        .map_err(|error| format!("the line is not UTF-8: the byte at offset {} is invalid", error.valid_up_to()))?;
    serde_json::from_str(text).map_err(|error| format!("the line {}: {error}", why_unread(&error)))
}

/// The next line without its end, cut a byte past the limit; `None` at the end of the input.
fn next_line(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, Refusal> {
    let failed = |error: std::io::Error| Refusal::from(format!("standard input: {error}"));
    let mut line = Vec::new();
    if input.take(LONGEST_LINE + 1).read_until(b'\n', &mut line).map_err(failed)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() as u64 > LONGEST_LINE {
        input.skip_until(b'\n').map_err(failed)?;
    }
    Ok(Some(line))
}
