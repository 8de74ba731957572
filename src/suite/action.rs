//! One run of an action from its token to its outcome, wherever its requests go.

use crate::assumption::{id, parse_duration};
use crate::certificate::{Certificate, Identity};
use crate::eval::oauth2::{self, Token, TokenKey, TokenRequest};
use crate::eval::{
    ClientCertificate, ErrorKind, Exchange, Failure, Inputs, Record, Renewal, Request, TokenExchange, adds_to_trust,
    certificate_fields, of_failure, of_inactive, of_reply, request,
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

/// What the connections of an action with mutual TLS show and trust.
#[derive(Clone, Debug)]
pub struct Presented {
    /// `None`: the certificate is a secret without a value, and something made up stands in its place.
    pub identity: Option<Identity>,
    /// The CA certificates of the action.
    pub authorities: Vec<Certificate>,
    /// Whether they are trusted besides the machine's own, and not in their place.
    pub adds_to_trust: bool,
}

impl Presented {
    /// What may be told of the identity.
    fn certificate(&self) -> ClientCertificate {
        match self.identity.as_ref().map(Identity::certificate) {
            Some(own) => ClientCertificate::Own { subject: own.subject.clone(), fingerprint: own.fingerprint.clone() },
            None => ClientCertificate::ThrowAway,
        }
    }
}

/// Over plain HTTP no certificate is shown.
pub(super) fn is_encrypted(request: &Request) -> bool {
    const SCHEME: &str = "https://";
    request.url.reveal().get(..SCHEME.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
}

/// A request on its way.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    pub request: &'a Request,
    pub errand: Errand,
    pub limits: &'a Limits,
    /// `None`: the action has no mutual TLS.
    pub presented: Option<&'a Presented>,
}

/// Where requests go, and the clock there.
pub trait Wire {
    /// # Errors
    /// What went wrong on our own side; what the other side did is in [`Sent`].
    fn send(&mut self, delivery: Delivery<'_>) -> Result<Sent, String>;

    /// Unix time.
    fn now_milliseconds(&self) -> u64;

    /// Whether real services are there, which have to show who they are.
    fn is_real(&self) -> bool;
}

/// Runs the action: token request if it needs one, request, reply, outcome.
///
/// # Errors
/// Those of the wire.
pub fn run_action(action: Action<'_>, record: Record, tokens: &TokenCache, wire: &mut dyn Wire) -> Result<Exchange, String> {
    let mut running = Running { action, record: &record, tokens, wire, exchange: Exchange::default() };
    let failure = running.run()?;
    let exchange = running.exchange;
    Ok(conclude(action, failure, record, exchange))
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
        if !plan.outcome.is_active() {
            return Ok(None);
        }
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
        let presented = match self.presented() {
            Ok(presented) => presented,
            Err(failure) => {
                self.exchange.request = Some(request);
                return Ok(Some(failure));
            }
        };
        let sent = self.send(&request, Errand::Webhook, presented.as_ref())?;
        self.exchange.client_certificate =
            presented.filter(|_| sent.reached && is_encrypted(&request)).map(|presented| presented.certificate());
        self.exchange.request = Some(request);
        self.exchange.sent |= sent.reached;
        self.exchange.reply = sent.reply;
        Ok(sent.failure)
    }

    /// The client certificate, checked before any connection is made.
    fn presented(&self) -> Result<Option<Presented>, Failure> {
        let Action { plan, inputs } = self.action;
        let Authentication::MutualTls(tls) = &plan.authentication else { return Ok(None) };
        let fields = certificate_fields(tls, plan, inputs, self.record)?;
        let authorities = fields.authorities()?;
        let now = i64::try_from(self.wire.now_milliseconds() / 1000).unwrap_or(i64::MAX);
        let identity = if fields.is_stand_in { None } else { Some(fields.identity(&authorities, now)?) };
        let is_verified = self.wire.is_real() && !authorities.is_empty();
        Ok(Some(Presented { identity, adds_to_trust: is_verified && adds_to_trust(plan, self.record), authorities }))
    }

    fn token(&mut self, oauth: &OAuth2) -> Result<Result<Obtained, Failure>, String> {
        let TokenRequest { key, request } =
            match oauth2::token_request(oauth, self.action.plan, self.action.inputs, self.record) {
                Ok(request) => request,
                Err(failure) => return Ok(Err(failure)),
            };
        let (mut broken, slot) = (None, self.tokens.slot(&key));
        let turn = slot.turn();
        let freshness = self.freshness();
        let (token, origin) = turn.token(freshness, || self.ask(request, &mut broken));
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
        let sent = match self.send(&request, Errand::Token, None) {
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

    fn send(&mut self, request: &Request, errand: Errand, presented: Option<&Presented>) -> Result<Sent, String> {
        let assumptions = &self.action.plan.assumptions;
        let limits = Limits { timeout_milliseconds: self.timeout_milliseconds(), ..Limits::default() };
        let sent = self.wire.send(Delivery { request, errand, limits: &limits, presented })?;
        let is_late = sent.failure.as_ref().is_some_and(|failure| failure.kind == ErrorKind::Timeout);
        if is_late && self.action.plan.request.timeout_milliseconds.is_none() {
            self.record.assume(assumptions, id::TIMEOUT);
        }
        Ok(sent)
    }

    fn timeout_milliseconds(&self) -> u64 {
        let Action { plan, .. } = self.action;
        let assumed = || parse_duration(plan.assumptions.get(id::TIMEOUT)).unwrap_or(Limits::default().timeout_milliseconds);
        plan.request.timeout_milliseconds.unwrap_or_else(assumed)
    }

    fn freshness(&self) -> Freshness {
        let margin = parse_duration(self.action.plan.assumptions.get(id::OAUTH_REFRESH_BEFORE)).unwrap_or_default();
        Freshness { now_milliseconds: self.wire.now_milliseconds(), margin_milliseconds: margin }
    }
}

fn token_failure(why: String) -> Failure {
    Failure::new(ErrorKind::TokenRequestFailed, format!("the token request failed: {why}"))
}

fn conclude(action: Action<'_>, failure: Option<Failure>, record: Record, mut exchange: Exchange) -> Exchange {
    let Action { plan, inputs } = action;
    exchange.outcome = match (&failure, &exchange.reply) {
        _ if !plan.outcome.is_active() => Some(of_inactive(plan, &record)),
        (Some(failure), _) => Some(of_failure(plan, failure, &record)),
        (None, Some(reply)) => Some(of_reply(plan, reply, inputs.given, &record)),
        (None, None) => None,
    };
    exchange.error = failure;
    record.into_exchange(plan, exchange)
}
