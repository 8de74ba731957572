//! One run of an action from its token to its outcome, wherever its requests go.

use crate::assumption::{id, parse_duration};
use crate::eval::oauth2::{self, Token, TokenKey, TokenRequest};
use crate::eval::{
    ErrorKind, Exchange, Failure, Inputs, Record, Renewal, Request, TokenExchange, of_failure, of_reply, request,
};
use crate::plan::{Authentication, OAuth2, Plan};
use crate::run::{Freshness, Limits, Origin, Sent, TokenCache};

/// An action with what it is given.
#[derive(Clone, Copy)]
pub struct Action<'a> {
    pub plan: &'a Plan,
    pub inputs: &'a Inputs<'a>,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    Token,
    Webhook,
}

/// Where requests go, and the clock there.
pub trait Wire {
    /// # Errors
    /// What went wrong on our own side; what the other side did is in [`Sent`].
    fn send(&mut self, request: &Request, errand: Errand, limits: &Limits) -> Result<Sent, String>;

    /// Unix time.
    fn now_milliseconds(&self) -> u64;
}

/// Runs the action: token request if it needs one, request, reply, outcome.
///
/// # Errors
/// Those of the wire.
pub fn run_action(action: Action<'_>, record: Record, tokens: &TokenCache, wire: &mut dyn Wire) -> Result<Exchange, String> {
    let mut running = Running { action, record: &record, tokens, wire, exchange: Exchange::default() };
    let failure = running.run()?;
    let exchange = running.exchange;
    Ok(conclude(action.plan, failure, record, exchange))
}

struct Running<'a> {
    action: Action<'a>,
    record: &'a Record,
    tokens: &'a TokenCache,
    wire: &'a mut dyn Wire,
    exchange: Exchange,
}

/// A token, under what it is kept, and where it came from.
struct Obtained {
    token: Token,
    key: TokenKey,
    origin: Origin,
}

impl Running<'_> {
    /// The failure, if there was one.
    fn run(&mut self) -> Result<Option<Failure>, String> {
        let plan = self.action.plan;
        let Authentication::OAuth2(oauth) = &plan.authentication else { return self.call(None) };
        let obtained = match self.token(oauth)? {
            Ok(obtained) => obtained,
            Err(failure) => return Ok(Some(failure)),
        };
        let failure = self.call(Some(&obtained.token))?;
        if failure.is_some() || !self.is_worth_another_token(&obtained) {
            return Ok(failure);
        }
        self.tokens.forget(&obtained.key, &obtained.token);
        let fresh = self.token(oauth)?;
        self.note_renewal(Some(Renewal::Refused));
        match fresh {
            Ok(fresh) => self.call(Some(&fresh.token)),
            Err(failure) => Ok(Some(failure)),
        }
    }

    /// A kept token may have been revoked; a fresh one that is refused would be refused again.
    fn is_worth_another_token(&self, obtained: &Obtained) -> bool {
        const UNAUTHORIZED: u16 = 401;
        let is_refused = self.exchange.reply.as_ref().is_some_and(|reply| reply.status == UNAUTHORIZED);
        is_refused
            && obtained.origin == Origin::Cache
            && self.record.assume(&self.action.plan.assumptions, id::OAUTH_RETRY_AFTER_401) == "once"
    }

    /// Builds and sends the webhook's request.
    fn call(&mut self, token: Option<&Token>) -> Result<Option<Failure>, String> {
        let request = match request(self.action.plan, self.action.inputs, token, self.record) {
            Ok(request) => request,
            Err(failure) => return Ok(Some(failure)),
        };
        let sent = self.send(&request, Errand::Webhook)?;
        self.exchange.request = Some(request);
        self.exchange.sent = sent.reached;
        self.exchange.reply = sent.reply;
        Ok(sent.failure)
    }

    fn token(&mut self, oauth: &OAuth2) -> Result<Result<Obtained, Failure>, String> {
        let TokenRequest { key, request } =
            match oauth2::token_request(oauth, self.action.plan, self.action.inputs, self.record) {
                Ok(request) => request,
                Err(failure) => return Ok(Err(failure)),
            };
        let freshness = self.freshness();
        let (mut broken, tokens) = (None, self.tokens);
        let (token, origin) = tokens.token(&key, freshness, || self.ask(request, &mut broken));
        if let Some(broken) = broken {
            return Err(broken);
        }
        if origin == Origin::Cache {
            self.exchange.token = Some(TokenExchange { cached: true, ..TokenExchange::default() });
        }
        if origin == Origin::Renewed {
            self.record.assume(&self.action.plan.assumptions, id::OAUTH_REFRESH_BEFORE);
        }
        self.note_renewal(match origin {
            Origin::Renewed => Some(Renewal::AboutToExpire),
            Origin::RenewedLate => Some(Renewal::Expired),
            Origin::Cache | Origin::Endpoint => None,
        });
        Ok(token.map(|token| {
            token.register(self.record);
            Obtained { token, key, origin }
        }))
    }

    /// Asks the token endpoint. What breaks on our own side is put in `broken`.
    fn ask(&mut self, request: Request, broken: &mut Option<String>) -> Result<Token, Failure> {
        let sent = match self.send(&request, Errand::Token) {
            Ok(sent) => sent,
            Err(why) => {
                *broken = Some(why.clone());
                return Err(token_failure(why));
            }
        };
        let token = match (&sent.reply, sent.failure) {
            (Some(reply), None) => oauth2::token(reply, &self.action.plan.assumptions, self.record),
            (_, Some(failure)) if failure.kind == ErrorKind::NetworkBlocked => Err(failure),
            (_, failure) => Err(token_failure(failure.map_or("no reply".to_string(), |failure| failure.message))),
        };
        let asked =
            TokenExchange { request: Some(request), sent: sent.reached, reply: sent.reply, ..TokenExchange::default() };
        self.exchange.token = Some(asked);
        token
    }

    fn note_renewal(&mut self, renewal: Option<Renewal>) {
        if let Some(token) = &mut self.exchange.token {
            token.renewal = token.renewal.or(renewal);
        }
    }

    fn send(&mut self, request: &Request, errand: Errand) -> Result<Sent, String> {
        let assumptions = &self.action.plan.assumptions;
        let timeout = parse_duration(assumptions.get(id::TIMEOUT)).unwrap_or(Limits::default().timeout_milliseconds);
        let limits = Limits { timeout_milliseconds: timeout, ..Limits::default() };
        let sent = self.wire.send(request, errand, &limits)?;
        if sent.failure.as_ref().is_some_and(|failure| failure.kind == ErrorKind::Timeout) {
            self.record.assume(assumptions, id::TIMEOUT);
        }
        Ok(sent)
    }

    fn freshness(&self) -> Freshness {
        let margin = parse_duration(self.action.plan.assumptions.get(id::OAUTH_REFRESH_BEFORE)).unwrap_or_default();
        Freshness { now_milliseconds: self.wire.now_milliseconds(), margin_milliseconds: margin }
    }
}

fn token_failure(why: String) -> Failure {
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
