//! One case against the stand-in of its worker.
#![allow(clippy::disallowed_methods, reason = "how long an exchange took is reported, and changes nothing")]

use std::io;

use super::action::{Action, Errand, Wire, run_action};
use crate::case::{Answer, Case, Fault};
use crate::eval::oauth2;
use crate::eval::{Exchange, Inputs, Record, Request};
use crate::mock::Backend;
use crate::plan::Plan;
use crate::run::{Client, Destination, Limits, Sent, TokenCache};

/// What one worker thread needs: a client, and the server that stands in for every backend.
pub struct Worker {
    client: Client,
    backend: Backend,
}

impl Worker {
    /// # Errors
    /// When the system gives no event queue or no port.
    pub fn start() -> io::Result<Worker> {
        Ok(Worker { client: Client::new()?, backend: Backend::start()? })
    }

    /// Runs a case: token request if the action needs one, request, reply, outcome.
    ///
    /// # Errors
    /// When the stand-in cannot do what the case asks, or the request did not arrive as it was planned.
    pub fn exchange(&mut self, plan: &Plan, case: &Case, declared_secrets: &[String]) -> Result<Exchange, String> {
        self.exchange_keeping(plan, case, declared_secrets, &TokenCache::default())
    }

    /// The same for one of several that keep their tokens together: a token that one has got serves the next, until the
    /// case's clock comes close to its expiry.
    ///
    /// # Errors
    /// As [`Worker::exchange`].
    pub fn exchange_keeping(
        &mut self,
        plan: &Plan,
        case: &Case,
        declared_secrets: &[String],
        tokens: &TokenCache,
    ) -> Result<Exchange, String> {
        let inputs = Inputs::of_case(case, declared_secrets);
        let record = Record::of(&case.given);
        let started = std::time::Instant::now();
        let mut exchange =
            run_action(Action { plan, inputs: &inputs }, record, tokens, &mut StandIn { worker: self, case })?;
        exchange.duration_milliseconds = started.elapsed().as_secs_f64() * 1000.0;
        exchange.fault = match case.answer {
            Answer::Fault(fault) if exchange.request.is_some() => Some(fault),
            _ => None,
        };
        Ok(exchange)
    }

    fn send(&mut self, request: &Request, answer: &Answer, limits: &Limits) -> Result<Sent, String> {
        let address = self.backend.prepare(answer).map_err(|error| format!("the mock cannot give this reply: {error}"))?;
        let sent = self.client.send(request, &Destination { address, answer }, limits);
        let differences = self.backend.received().map(|received| received.differences(request)).unwrap_or_default();
        // Over TLS nothing readable arrives.
        let is_comparable = !matches!(answer, Answer::Fault(Fault::Tls));
        match differences.is_empty() || !is_comparable {
            true => Ok(sent),
            false => Err(format!("the request did not arrive as planned: {}", differences.join("; "))),
        }
    }
}

/// The backend of one case, and its clock, which stands still.
struct StandIn<'a> {
    worker: &'a mut Worker,
    case: &'a Case,
}

impl Wire for StandIn<'_> {
    fn send(&mut self, request: &Request, errand: Errand, limits: &Limits) -> Result<Sent, String> {
        match (errand, &self.case.token_answer) {
            (Errand::Webhook, _) => self.worker.send(request, &self.case.answer, limits),
            (Errand::Token, None | Some(Answer::Unspecified)) => {
                self.worker.send(request, &Answer::Reply(oauth2::default_token_reply()), limits)
            }
            (Errand::Token, Some(answer)) => self.worker.send(request, answer, limits),
        }
    }

    fn now_milliseconds(&self) -> u64 {
        let seconds = u64::try_from(self.case.now).unwrap_or_default();
        seconds.saturating_mul(1000).saturating_add(u64::from(self.case.microseconds / 1000))
    }
}
