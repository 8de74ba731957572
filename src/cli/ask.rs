//! Questions on a terminal, about what a request needs and nobody has given.

use std::io::{BufRead, IsTerminal, Write};

use hookwright::value::TaintedText;

use super::Refusal;

/// Whether somebody sits there: questions and answers go through a terminal.
pub fn somebody() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// The answer to a question; `None` when it is empty.
pub fn text(question: &str) -> Result<Option<String>, Refusal> {
    prompt(question);
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer).map_err(|error| format!("no answer can be read: {error}"))?;
    if read == 0 {
        prompt("\n");
    }
    Ok(Some(answer.trim_end_matches(['\r', '\n']).to_string()).filter(|answer| !answer.is_empty()))
}

/// The answer to a question, which is not shown while it is typed; `None` when it is empty.
pub fn secret(question: &str) -> Result<Option<TaintedText>, Refusal> {
    prompt(question);
    let answer = rpassword::read_password().map_err(|error| format!("no answer can be read: {error}"))?;
    let answer = zeroize::Zeroizing::new(answer);
    Ok((!answer.is_empty()).then(|| TaintedText::secret(answer.as_str())))
}

fn prompt(question: &str) {
    let mut out = anstream::stderr().lock();
    let _ = out.write_all(question.as_bytes()).and_then(|()| out.flush());
}
