//! A case held against a real service: the provider's side of the contract.
//!
//! A case runs twice. Once against the stand-in, with its own clock, ids and secrets: its rehearsal, whose request must be the
//! one that was approved and that `expect` asks for. Then against the service, with real ones: what comes back is held against
//! the rest of `expect`, and by shape against the reply that the case records.

use std::time::Duration;

use super::exchange::answer_to;
use super::expect::{Failed, failures};
use super::shape::reply_differences;
use crate::case::{Answer, Case, Expect, Reply};
use crate::eval::{ErrorKind, Exchange};
use crate::plan::Plan;
use crate::source::Span;

/// Why a case cannot be met by a service, going by its rehearsal: something goes wrong in it that is made for the test.
pub fn cannot_be_met(case: &Case, rehearsal: &Exchange) -> Option<String> {
    if let Answer::Fault(fault) = case.answer {
        return Some(format!("the fault `{}` stands in its reply's place", fault.name()));
    }
    let error = rehearsal.error.as_ref().map(|error| error.kind)?;
    match rehearsal.sent || error == ErrorKind::TokenRequestFailed {
        true => Some(format!("it is made to end with `{}`", error.name())),
        false => None,
    }
}

/// Where `expect.sent` says that nothing is sent.
fn nothing_sent(expect: &Expect) -> Option<Span> {
    expect.sent.filter(|(sent, _)| !sent).map(|(_, span)| span)
}

/// Whether the case says that nothing is sent, so that a service must hear nothing of it.
pub fn must_not_send(case: &Case) -> bool {
    nothing_sent(&case.expect).is_some()
}

/// What does not hold of the request that the case sends by itself.
pub fn request_failures(expect: &Expect, rehearsal: &Exchange) -> Vec<Failed> {
    let leaving = nothing_sent(expect).filter(|_| rehearsal.sent);
    let message = "expected that no request is sent, but one would be";
    let leaving = leaving.map(|span| Failed { message: message.to_string(), span });
    let Expect { request, token_request, .. } = expect.clone();
    let others = failures(&Expect { request, token_request, ..Expect::default() }, rehearsal);
    leaving.into_iter().chain(others).collect()
}

/// What does not hold of the exchange with the service.
pub fn reply_failures(plan: &Plan, case: &Case, live: &Exchange) -> Vec<Failed> {
    let expect = Expect { request: None, token_request: None, ..case.expect.clone() };
    let net = live.net();
    let failed = |message: String| Failed { message: net.mask(&message), span: case.name.span };
    let mut failed: Vec<Failed> = unexpected_error(case, live).into_iter().map(failed).collect();
    failed.extend(failures(&expect, live));
    if let (Some(recorded), Some(reply)) = (recorded(plan, case, live), &live.reply) {
        let told = reply_differences(&recorded, reply).into_iter();
        failed.extend(told.map(|message| Failed { message: net.mask(&message), span: case.name.span }));
    }
    failed
}

/// The reply that the case has for the request that was sent.
fn recorded(plan: &Plan, case: &Case, live: &Exchange) -> Option<Reply> {
    match answer_to(plan, case, live.request.as_ref()?).ok()?.into_owned() {
        Answer::Reply(reply) => Some(reply),
        Answer::Unspecified | Answer::Fault(_) => None,
    }
}

/// No snapshot tells of an error that nobody expected, so this does. Where nothing is to be sent, something keeps it from that.
fn unexpected_error(case: &Case, live: &Exchange) -> Option<String> {
    let error = live.error.as_ref()?;
    let is_looked_at = case.expect.error.is_some() || (must_not_send(case) && !live.sent);
    (!is_looked_at).then(|| format!("`{}`: {}", error.kind.name(), error.message))
}

/// Whether the service, or the way to it, may do better next time: the network failed, or the service says so itself (429, 5xx)
/// where another reply was recorded.
pub fn is_transient(case: &Case, live: &Exchange) -> bool {
    const TOO_MANY_REQUESTS: u16 = 429;
    if let Some(error) = &live.error {
        return matches!(error.kind, ErrorKind::Timeout | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset);
    }
    let Some(reply) = &live.reply else { return false };
    let is_recorded = matches!(&case.answer, Answer::Reply(recorded) if recorded.status == reply.status);
    !is_recorded && (reply.status == TOO_MANY_REQUESTS || (500..600).contains(&reply.status))
}

/// How long to wait before sending again: longer each time, and as long as the service asks for (`Retry-After` in seconds,
/// RFC 9110, 10.2.3) if that is bearable.
pub fn pause(again: u32, live: &Exchange) -> Duration {
    const FIRST: Duration = Duration::from_millis(200);
    const LONGEST: Duration = Duration::from_secs(5);
    const BEARABLE: Duration = Duration::from_secs(60);
    let growing = FIRST.saturating_mul(2_u32.saturating_pow(again)).min(LONGEST);
    let headers = live.reply.iter().flat_map(|reply| &reply.headers);
    let asked = headers.filter(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
    let asked = asked.filter_map(|(_, value)| value.trim().parse().ok()).map(Duration::from_secs).next();
    growing.max(asked.unwrap_or_default().min(BEARABLE))
}

#[cfg(test)]
#[path = "provider_tests.rs"]
mod tests;
