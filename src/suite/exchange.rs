//! One case against the stand-in of its worker.
#![allow(clippy::disallowed_methods, reason = "how long an exchange took is reported, and changes nothing")]

use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;

use super::action::{Action, Delivery, Errand, Presented, Wire, is_encrypted, run_action};
use crate::case::{Answer, Case, Fault, Given};
use crate::certificate::Identity;
use crate::eval::oauth2;
use crate::eval::{Exchange, Inputs, Record, Request, answer};
use crate::mock::derive::recover_from_planned;
use crate::mock::{Backend, TlsBackend, throw_away_identity};
use crate::plan::Plan;
use crate::run::{Client, Destination, Secured, Sent, TokenCache};

/// What one worker thread needs: a client, and the server that stands in for every backend.
pub struct Worker {
    client: Client,
    backend: Backend,
    /// Started when it is first needed.
    tls: Option<TlsSide>,
}

/// What stands in for mutual TLS: a server that demands a certificate, and one for those who have none.
struct TlsSide {
    backend: TlsBackend,
    throw_away: Identity,
}

impl TlsSide {
    fn start(behind: SocketAddr) -> io::Result<TlsSide> {
        Ok(TlsSide { backend: TlsBackend::start(behind)?, throw_away: throw_away_identity()? })
    }
}

impl Worker {
    /// # Errors
    /// When the system gives no event queue or no port.
    pub fn start() -> io::Result<Worker> {
        Ok(Worker { client: Client::new()?, backend: Backend::start()?, tls: None })
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
            run_action(Action { plan, inputs: &inputs }, record, tokens, &mut StandIn { worker: self, plan, case })?;
        exchange.duration_milliseconds = started.elapsed().as_secs_f64() * 1000.0;
        exchange.fault = match case.answer {
            Answer::Fault(fault) if exchange.request.is_some() => Some(fault),
            _ => None,
        };
        Ok(exchange)
    }

    fn send(&mut self, delivery: Delivery<'_>, answer: &Answer) -> Result<Sent, String> {
        let Delivery { request, limits, .. } = delivery;
        let address = self.backend.prepare(answer).map_err(|error| format!("the mock cannot give this reply: {error}"))?;
        let sent = match delivery.presented.filter(|_| is_encrypted(request) && reaches_a_server(answer)) {
            Some(presented) => self.send_over_tls(delivery, presented, answer, address)?,
            None => self.client.send(request, &Destination { address, answer, secured: None }, limits),
        };
        let differences = self.backend.received().map(|received| received.differences(request)).unwrap_or_default();
        // Over TLS nothing readable arrives.
        let is_comparable = !matches!(answer, Answer::Fault(Fault::Tls));
        match differences.is_empty() || !is_comparable {
            true => Ok(sent),
            false => Err(format!("the request did not arrive as planned: {}", differences.join("; "))),
        }
    }

    /// Sends to a server that demands a client certificate and passes on what comes to the stand-in at the address.
    fn send_over_tls(
        &mut self,
        delivery: Delivery<'_>,
        presented: &Presented,
        answer: &Answer,
        behind: SocketAddr,
    ) -> Result<Sent, String> {
        let side = match &mut self.tls {
            Some(side) => side,
            none => none.insert(TlsSide::start(behind).map_err(|error| format!("the TLS mock cannot start: {error}"))?),
        };
        side.backend.prepare(behind);
        let identity = presented.identity.as_ref().unwrap_or(&side.throw_away);
        let secured = Some(Secured { identity, trusted: side.backend.certificate() });
        let destination = Destination { address: side.backend.address(), answer, secured };
        let sent = self.client.send(delivery.request, &destination, delivery.limits);
        let shown = side.backend.shown();
        match sent.reply.is_none() || shown.as_ref() == Some(identity.certificate()) {
            true => Ok(sent),
            false => Err("another client certificate than the planned one was shown".to_string()),
        }
    }
}

/// What a case answers to a request: a reply with values of the request has those that can be recovered from it, as when a
/// mock receives it.
///
/// # Errors
/// When the reply cannot be made.
pub(super) fn answer_to<'c>(plan: &Plan, case: &'c Case, request: &Request) -> Result<Cow<'c, Answer>, String> {
    if case.reply_template.is_none() {
        return Ok(Cow::Borrowed(&case.answer));
    }
    let recovered = recover_from_planned(plan, request, &case.given);
    let values = Given { attributes: recovered.attributes, secrets: Vec::new() };
    answer(plan, case, &values).map_err(|failure| format!("the mock cannot give this reply: {}", failure.message))
}

/// Whether the handshake ends well.
fn reaches_a_server(answer: &Answer) -> bool {
    !matches!(answer, Answer::Fault(Fault::ConnectionRefused | Fault::Tls))
}

/// The backend of one case, and its clock, which stands still.
struct StandIn<'a> {
    worker: &'a mut Worker,
    plan: &'a Plan,
    case: &'a Case,
}

impl Wire for StandIn<'_> {
    fn send(&mut self, delivery: Delivery<'_>) -> Result<Sent, String> {
        match (delivery.errand, &self.case.token_answer) {
            (Errand::Webhook, _) => {
                let answer = answer_to(self.plan, self.case, delivery.request)?;
                self.worker.send(delivery, &answer)
            }
            (Errand::Token, None | Some(Answer::Unspecified)) => {
                self.worker.send(delivery, &Answer::Reply(oauth2::default_token_reply()))
            }
            (Errand::Token, Some(answer)) => self.worker.send(delivery, answer),
        }
    }

    fn is_real(&self) -> bool {
        false
    }

    fn now_milliseconds(&self) -> u64 {
        let seconds = u64::try_from(self.case.now).unwrap_or_default();
        seconds.saturating_mul(1000).saturating_add(u64::from(self.case.microseconds / 1000))
    }
}
