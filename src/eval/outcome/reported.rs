//! A reply that says itself whether the action succeeded.

use super::defaults;
use crate::case::Reply;
use crate::eval::{Outcome, Record};
use crate::plan::{Plan, Reported};

/// The outcome of a reply.
pub fn of_reply(plan: &Plan, _reported: &Reported, reply: &Reply, record: &Record) -> Outcome {
    let class = (reply.status / 100) as u8;
    let mut outcome = Outcome { exit: format!("{class}xx"), ..Outcome::default() };
    defaults(plan, false, None, &mut outcome, record);
    outcome
}
