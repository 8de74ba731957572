//! The replies that the cases record, as JSON.

use crate::case::{Answer, Case};
use crate::value::Json;

/// A recorded reply whose body is JSON.
pub struct Sample<'a> {
    pub case: &'a Case,
    pub document: Json,
}

/// The samples of one class of status codes (2 for 2xx), in the order of the cases.
pub fn samples(cases: &[Case], class: u8) -> Vec<Sample<'_>> {
    let replies = cases.iter().filter_map(|case| match &case.answer {
        Answer::Reply(reply) if reply.status / 100 == u16::from(class) => Some((case, reply)),
        _ => None,
    });
    replies.filter_map(|(case, reply)| Some(Sample { case, document: serde_json::from_slice(&reply.body).ok()? })).collect()
}
