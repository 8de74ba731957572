//! The command line: arguments, files, progress, exit codes. One file for each subcommand.

mod arguments;
mod ask;
mod batch;
mod cautions;
mod certificate;
mod changes;
mod choice;
mod differing;
mod directory;
mod eval;
mod explain;
mod export;
mod files;
mod given;
mod input;
mod keep;
mod levels;
mod lint;
mod live;
mod mend;
mod migrate;
mod mock;
mod output;
mod project;
mod query;
mod rehearsal;
mod render;
mod review;
mod rewrite;
mod secrets;
mod send;
mod side_by_side;
mod target;
mod test;
mod verify;
mod watch;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Command};

/// Findings of severity error, a failed, new or changed case, a fault.
const FINDINGS: u8 = 1;
/// Wrong use, nothing to do, an unreadable file.
const WRONG_USE: u8 = 2;

/// How a command ended.
pub enum Ending {
    Well,
    Findings,
    /// Some files could not be read; the others were not lost.
    Unreadable,
}

/// Why a command could not do its work: exit code 2.
#[derive(Debug)]
pub struct Refusal(String);

impl<T: std::fmt::Display> From<T> for Refusal {
    fn from(why: T) -> Refusal {
        Refusal(why.to_string())
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let done = match Arguments::try_parse() {
        Ok(arguments) => {
            arguments.color.write_global();
            run(&arguments)
        }
        Err(wrong) if wrong.use_stderr() => wrong.exit(),
        Err(help) => {
            output::printed(help.print().and_then(|()| std::io::stdout().flush()));
            Ok(Ending::Well)
        }
    };
    match done.and_then(|ending| output::check().map(|()| ending)) {
        Ok(Ending::Well) => ExitCode::SUCCESS,
        Ok(Ending::Findings) => ExitCode::from(FINDINGS),
        Ok(Ending::Unreadable) => ExitCode::from(WRONG_USE),
        Err(Refusal(why)) => {
            output::complain(&why);
            ExitCode::from(WRONG_USE)
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "`-C` changes the working directory before anything else happens")]
fn run(arguments: &Arguments) -> Result<Ending, Refusal> {
    if let Some(directory) = &arguments.directory {
        std::env::set_current_dir(directory)
            .map_err(|error| format!("cannot change to `{}`: {error}", directory.display()))?;
    }
    match &arguments.command {
        Command::Lint(lint) => lint::run(lint, arguments),
        Command::Test(test) => test::run(test, arguments),
        Command::Review(review) => review::run(review),
        Command::Render(render) => render::run(render, arguments),
        Command::Send(send) => send::run(send, arguments),
        Command::Eval(eval) => eval::run(eval),
        Command::Query(query) => query::run(query),
        Command::Certificate(certificate) => certificate::run(certificate),
        Command::Mock(command) => mock::run(command, arguments),
        Command::Export(export) => export::run(export),
        Command::Verify(command) => verify::run(command),
        Command::Migrate(migrate) => migrate::run(migrate, arguments),
        Command::Explain(explain) => explain::run(explain),
        Command::Completions { shell } => Ok(completions(*shell)),
    }
}

/// Written to memory first: the generator panics where its reader has gone away (`| head`).
fn completions(shell: clap_complete::Shell) -> Ending {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "hookwright", &mut script);
    output::print(&String::from_utf8_lossy(&script));
    Ending::Well
}
