//! A reply of which a part is merged into a context.

use crate::case::Reply;
use crate::eval::{Outcome, Record};
use crate::plan::{Merged, Plan};

/// The outcome of a reply.
pub fn of_reply(_plan: &Plan, merged: &Merged, reply: &Reply, _record: &Record) -> Outcome {
    let exit = if reply.status / 100 == 2 { "ok" } else { "http-error" };
    Outcome { exit: exit.into(), directive: directive(merged), ..Outcome::default() }
}

/// The outcome without one.
pub fn of_failure(merged: &Merged) -> Outcome {
    Outcome { exit: "error".into(), directive: directive(merged), ..Outcome::default() }
}

/// What the language model is told, if it reads replies.
fn directive(merged: &Merged) -> Option<String> {
    merged.directive.as_ref().filter(|_| merged.is_interpreted).map(|directive| directive.value.clone())
}
