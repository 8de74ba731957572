//! One case against the stand-in of its worker.
#![allow(clippy::disallowed_methods, reason = "how long an exchange took is reported, and changes nothing")]

use std::io;

use crate::assumption::{id, parse_duration};
use crate::case::{Answer, Case, Fault};
use crate::eval::oauth2::{self, Token};
use crate::eval::{ErrorKind, Exchange, Failure, Inputs, Record, Request, TokenExchange, of_failure, of_reply, request};
use crate::mock::Backend;
use crate::plan::{Authentication, OAuth2, Plan};
use crate::run::{Client, Destination, Limits, Sent};

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
        let record = Record::of(&case.given);
        let inputs = Inputs::of_case(case, declared_secrets);
        let mut exchange = Exchange::default();
        let started = std::time::Instant::now();
        let failure = self.run(plan, case, &inputs, &record, &mut exchange)?;
        exchange.duration_milliseconds = started.elapsed().as_secs_f64() * 1000.0;
        Ok(conclude(plan, failure, record, exchange))
    }

    /// The failure, if there was one.
    fn run(
        &mut self,
        plan: &Plan,
        case: &Case,
        inputs: &Inputs<'_>,
        record: &Record,
        exchange: &mut Exchange,
    ) -> Result<Option<Failure>, String> {
        let token = match &plan.authentication {
            Authentication::OAuth2(oauth) => match self.token(oauth, plan, case, inputs, record, exchange)? {
                Ok(token) => Some(token),
                Err(failure) => return Ok(Some(failure)),
            },
            _ => None,
        };
        let request = match request(plan, inputs, token.as_ref(), record) {
            Ok(request) => request,
            Err(failure) => return Ok(Some(failure)),
        };
        let sent = self.send(&request, &case.answer, plan, record)?;
        exchange.request = Some(request);
        exchange.sent = sent.reached;
        exchange.reply = sent.reply;
        exchange.fault = match case.answer {
            Answer::Fault(fault) => Some(fault),
            _ => None,
        };
        Ok(sent.failure)
    }

    fn send(&mut self, request: &Request, answer: &Answer, plan: &Plan, record: &Record) -> Result<Sent, String> {
        let address = self.backend.prepare(answer).map_err(|error| format!("the mock cannot give this reply: {error}"))?;
        let timeout = parse_duration(plan.assumptions.get(id::TIMEOUT)).unwrap_or(Limits::default().timeout_milliseconds);
        let limits = Limits { timeout_milliseconds: timeout, ..Limits::default() };
        let sent = self.client.send(request, &Destination { address, answer }, &limits);
        if sent.failure.as_ref().is_some_and(|failure| failure.kind == ErrorKind::Timeout) {
            record.assume(&plan.assumptions, id::TIMEOUT);
        }
        let differences = self.backend.received().map(|received| received.differences(request)).unwrap_or_default();
        // Over TLS nothing readable arrives.
        let is_comparable = !matches!(answer, Answer::Fault(Fault::Tls));
        match differences.is_empty() || !is_comparable {
            true => Ok(sent),
            false => Err(format!("the request did not arrive as planned: {}", differences.join("; "))),
        }
    }

    fn token(
        &mut self,
        oauth: &OAuth2,
        plan: &Plan,
        case: &Case,
        inputs: &Inputs<'_>,
        record: &Record,
        exchange: &mut Exchange,
    ) -> Result<Result<Token, Failure>, String> {
        let request = match oauth2::token_request(oauth, plan, inputs, record) {
            Ok(request) => request,
            Err(failure) => return Ok(Err(failure)),
        };
        let answer = match &case.token_answer {
            None | Some(Answer::Unspecified) => Answer::Reply(oauth2::default_token_reply()),
            Some(answer) => answer.clone(),
        };
        let sent = self.send(&request, &answer, plan, record)?;
        let token = match (&sent.reply, sent.failure) {
            (Some(reply), None) => oauth2::token(reply, record),
            (_, failure) => Err(token_failure(failure)),
        };
        exchange.token = Some(TokenExchange { request: Some(request), reply: sent.reply, cached: false });
        Ok(token)
    }
}

fn token_failure(failure: Option<Failure>) -> Failure {
    let why = failure.map_or("no reply".to_string(), |failure| failure.message);
    Failure::new(ErrorKind::TokenRequestFailed, format!("the token request failed: {why}"))
}

fn conclude(plan: &Plan, failure: Option<Failure>, record: Record, mut exchange: Exchange) -> Exchange {
    exchange.outcome = match (&failure, &exchange.reply) {
        (Some(failure), _) => Some(of_failure(plan, failure, &record)),
        (None, Some(reply)) => Some(of_reply(plan, reply, &record)),
        (None, None) => None,
    };
    exchange.error = failure;
    record.into_exchange(plan, exchange)
}
