//! A reply whose status picks one of several ways out.

use crate::case::Reply;
use crate::eval::{Outcome, Record};
use crate::plan::{ExitPattern, Exits, Plan};

const DEFAULT: &str = "default";
const FAILED: &str = "failed";

/// The outcome of a reply.
pub fn of_reply(_plan: &Plan, exits: &Exits, reply: &Reply, _record: &Record) -> Outcome {
    Outcome { exit: exit(exits, reply.status), ..Outcome::default() }
}

/// The outcome without one.
pub fn of_failure(exits: &Exits, _record: &Record) -> Outcome {
    let exit = if exits.is_asynchronous { DEFAULT } else { FAILED };
    Outcome { exit: exit.into(), ..Outcome::default() }
}

/// The way out for a status: the code itself, then its class, then the default for 2xx.
fn exit(exits: &Exits, status: u16) -> String {
    let listed = |pattern: ExitPattern| exits.listed.iter().find(|listed| listed.value == pattern);
    let class = (status / 100) as u8;
    match listed(ExitPattern::Status(status)).or_else(|| listed(ExitPattern::Class(class))) {
        Some(pattern) => pattern.value.to_string(),
        None if class == 2 => DEFAULT.into(),
        None => FAILED.into(),
    }
}
