//! What is mocked, derived from plans: where each action is served, what a request says, which case answers it, and in what
//! it is other than the action's own. Pure: nothing here listens, waits or knows what time it is.

mod arrived;
mod authenticate;
mod choose;
mod pattern;
mod recover;
mod report;
mod shape;
mod values;
mod verify;

pub use arrived::{Arrived, CASE_HEADER, CASE_PARAMETER, forced_case};
pub use authenticate::{Facts, TokenRefusal, TokenStanding, bearer, challenge, token_refusal, verify_token_request};
pub use choose::{ChosenBy, best, named};
pub use pattern::{Hole, Pattern, PatternPart, Reads};
pub use recover::{Recovered, recover, recover_from_planned};
pub use report::{Part, Row, RowVerdict, refusal};
pub use shape::{BodyShape, JsonShape, PathPattern, RequestShape};

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use authenticate::OwnCertificate;

use crate::assumption::id;
use crate::case::{Answer, Case, Given, Spec};
use crate::eval::oauth2::{TokenKey, token_request};
use crate::eval::{Exchange, Hosts, Inputs, Record, answer, of_reply, planned};
use crate::mock::ReceivedRequest;
use crate::plan::{Authentication, Plan};
use crate::run::wire_target;

/// Everything that is served.
#[derive(Debug, Default)]
pub struct Site {
    pub actions: Vec<Mocked>,
    by_id: HashMap<String, usize>,
    by_host: HashMap<String, Vec<usize>>,
    /// The most segments that an id has.
    depth: usize,
}

/// One action, ready to be served.
#[derive(Debug)]
pub struct Mocked {
    /// The spec's id: its path below the specs folder without extension.
    pub id: String,
    /// The spec's file.
    pub path: String,
    pub plan: Plan,
    /// The cases, or the defaults alone where there are none.
    pub cases: Vec<Prepared>,
    /// What the defaults alone give and answer.
    pub defaults: Option<Case>,
    /// The cases that answer one after the other, by their place in `cases`.
    pub sequence: Vec<usize>,
    pub declared_secrets: Vec<String>,
    pub shape: RequestShape,
    /// The headers of the authentication.
    pub authentication_headers: Vec<(String, Pattern)>,
    /// The hosts that the action's requests are for, with their ports, in lower case.
    pub hosts: Vec<String>,
    /// Where tokens are asked for.
    pub token_endpoints: Vec<TokenEndpoint>,
}

/// A token endpoint's host and path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenEndpoint {
    pub host: String,
    pub segments: Vec<String>,
}

/// A case rendered forward.
#[derive(Debug)]
pub struct Prepared {
    pub case: Case,
    /// Up to the request.
    pub exchange: Exchange,
    /// Whether its reply leads to success.
    pub succeeds: bool,
    /// What comes over the wire: path and query, headers by lower-case names, body.
    wire: Option<Wire>,
    /// Under what a token for it is kept, with OAuth2.
    pub token_key: Option<TokenKey>,
    /// The client certificate, read once it is needed: that may take work on purpose.
    certificate: OnceLock<OwnCertificate>,
}

#[derive(Debug)]
struct Wire {
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Webhook,
    Token,
}

impl Purpose {
    pub fn name(self) -> &'static str {
        match self {
            Purpose::Webhook => "webhook",
            Purpose::Token => "token",
        }
    }
}

/// Where a request belongs.
#[derive(Debug)]
pub struct Found<'s, 'r> {
    pub action: &'s Mocked,
    /// The action's place in the site.
    pub index: usize,
    pub purpose: Purpose,
    /// Without the prefix.
    pub arrived: Arrived<'r>,
}

impl Site {
    /// What is served of these specs: all that can run.
    pub fn new(specs: Vec<Spec>) -> Site {
        let mut site = Site::default();
        for spec in specs {
            if let Some(mocked) = Mocked::new(spec) {
                site.add(mocked);
            }
        }
        site
    }

    fn add(&mut self, mocked: Mocked) {
        let index = self.actions.len();
        self.depth = self.depth.max(mocked.id.split('/').count());
        self.by_id.entry(mocked.id.clone()).or_insert(index);
        let token_hosts = mocked.token_endpoints.iter().map(|endpoint| &endpoint.host);
        for host in mocked.hosts.iter().chain(token_hosts) {
            let actions = self.by_host.entry(host.clone()).or_default();
            if actions.last() != Some(&index) {
                actions.push(index);
            }
        }
        self.actions.push(mocked);
    }

    /// Where a request belongs: below an action's id; by the host that it was meant for; by its path alone.
    pub fn find<'s, 'r>(&'s self, request: &'r ReceivedRequest) -> Option<Found<'s, 'r>> {
        let arrived = Arrived::new(request);
        let mut prefix = arrived.segments.first().cloned().unwrap_or_default();
        let mut below: Vec<(usize, usize)> = Vec::new();
        for depth in 1..=self.depth.min(arrived.segments.len()) {
            if depth > 1 {
                prefix.push('/');
                prefix.push_str(&arrived.segments[depth - 1]);
            }
            below.extend(self.by_id.get(&prefix).map(|index| (*index, depth)));
        }
        // The longest id first.
        for (index, depth) in below.into_iter().rev() {
            let rest = &arrived.segments[depth..];
            let rest = if arrived::is_root(rest) { &[] } else { rest };
            if let Some(purpose) = self.actions[index].serves(rest, None, request) {
                return Some(self.found(index, purpose, arrived.below(depth)));
            }
        }
        let host = request.values("host").next().map(canonical_host);
        let of_host = host.and_then(|host| Some((self.by_host.get(&host)?, host)));
        let by_host = of_host.and_then(|(actions, host)| self.best(actions.iter().copied(), &arrived, Some(&host)));
        let (index, purpose) = by_host.or_else(|| self.best(0..self.actions.len(), &arrived, None))?;
        Some(self.found(index, purpose, arrived))
    }

    fn found<'s, 'r>(&'s self, index: usize, purpose: Purpose, arrived: Arrived<'r>) -> Found<'s, 'r> {
        Found { action: &self.actions[index], index, purpose, arrived }
    }

    /// The best of several that a path fits: by its method, then the most literal path, then its query.
    fn best(
        &self,
        actions: impl Iterator<Item = usize>,
        arrived: &Arrived<'_>,
        host: Option<&str>,
    ) -> Option<(usize, Purpose)> {
        let fitting =
            actions.filter_map(|index| Some((index, self.actions[index].serves(&arrived.segments, host, arrived.request)?)));
        let rank = |(index, purpose): &(usize, Purpose)| {
            let action = &self.actions[*index];
            let has_query =
                action.shape.query.iter().filter(|(name, _)| arrived.query.iter().any(|(known, _)| name.matches(known)));
            let is_method = *purpose == Purpose::Token || action.plan.request.method.value == arrived.request.method;
            (is_method, action.shape.path.specificity(), has_query.count(), std::cmp::Reverse(*index))
        };
        fitting.max_by_key(rank)
    }

    /// The actions whose token endpoint a token request is for: one found by its path may be that of several clients.
    pub fn sharing_token_endpoint(&self, found: &Found<'_, '_>) -> Vec<usize> {
        if found.arrived.is_below_prefix() {
            return vec![found.index];
        }
        let segments = &found.arrived.segments;
        let own = found.action.token_endpoints.iter().find(|endpoint| endpoint.segments == *segments);
        let shares = |action: &Mocked| own.is_some_and(|own| action.token_endpoints.contains(own));
        let actions = self.actions.iter().enumerate().filter(|(_, action)| shares(action));
        actions.map(|(index, _)| index).collect()
    }

    /// The actions that a request that belongs nowhere comes nearest to, with what differs.
    pub fn nearest(&self, request: &ReceivedRequest) -> Vec<(&Mocked, Vec<Row>)> {
        const MOST: usize = 3;
        // Anybody may send anything: only so much of it is looked at, and so many actions closely.
        const SEGMENTS: usize = 16;
        const CHARACTERS: usize = 200;
        const CLOSELY: usize = 32;
        let mut arrived = Arrived::new(request);
        arrived.segments.truncate(SEGMENTS);
        let path: String =
            arrived.segments.iter().flat_map(|segment| ["/", segment]).flat_map(str::chars).take(CHARACTERS).collect();
        let shared = |action: &&Mocked| arrived.segments.iter().filter(|segment| action.names_segment(segment)).count();
        let mut alike: Vec<(usize, &Mocked)> = self.actions.iter().map(|action| (shared(&action), action)).collect();
        alike.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
        alike.truncate(CLOSELY);
        let closeness = |action: &Mocked| strsim::normalized_levenshtein(&path, &action.served_path());
        let mut ranked: Vec<(f64, &Mocked)> = alike.into_iter().map(|(_, action)| (closeness(action), action)).collect();
        ranked.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let rows = |action: &Mocked| {
            let path = Row::new(Part::Path, "", RowVerdict::Differs).expected(action.served_path()).got(path.clone());
            let method = &action.plan.request.method.value;
            let verdict = if *method == request.method { RowVerdict::Holds } else { RowVerdict::Differs };
            vec![path, Row::new(Part::Method, "", verdict).expected(method).got(&request.method)]
        };
        ranked.into_iter().take(MOST).map(|(_, action)| (action, rows(action))).collect()
    }
}

/// RFC 6749, section 4.4.2.
fn asks_for_token(request: &ReceivedRequest) -> bool {
    request.method == "POST" && url::form_urlencoded::parse(&request.body).any(|(name, _)| name == "grant_type")
}

/// A host in lower case without the port that its scheme has anyway.
fn canonical_host(host: &str) -> String {
    let host = host.trim().to_ascii_lowercase();
    host.strip_suffix(":443").or_else(|| host.strip_suffix(":80")).unwrap_or(&host).to_string()
}

fn host_of(url: &url::Url) -> Option<String> {
    let host = url.host_str()?.to_ascii_lowercase();
    Some(url.port().map_or_else(|| host.clone(), |port| canonical_host(&format!("{host}:{port}"))))
}

impl Mocked {
    /// `None` when there is nothing to run.
    pub fn new(spec: Spec) -> Option<Mocked> {
        if spec.not_runnable.is_some() {
            return None;
        }
        let plan = spec.plan?;
        let shape = RequestShape::of(&plan.request);
        let authentication_headers = match &plan.authentication {
            Authentication::Header(header) => shape::headers(&header.headers),
            _ => Vec::new(),
        };
        let cases = if spec.cases.is_empty() { spec.bare_case.map(|case| *case).into_iter().collect() } else { spec.cases };
        let cases: Vec<Prepared> =
            cases.into_iter().map(|case| Prepared::new(&plan, case, &spec.declared_secrets)).collect();
        let urls = cases.iter().filter_map(|prepared| prepared.exchange.request.as_ref());
        let urls = urls.filter_map(|request| url::Url::parse(request.url.reveal()).ok());
        let written = plan.request.url.written_authority().and_then(|written| url::Url::parse(&written).ok());
        let mut hosts: Vec<String> = written.into_iter().chain(urls).filter_map(|url| host_of(&url)).collect();
        hosts.sort();
        hosts.dedup();
        let mut mocked = Mocked {
            id: spec.id,
            path: spec.path,
            plan,
            cases,
            defaults: spec.defaults.map(|case| *case),
            sequence: spec.sequence.iter().map(|step| step.value).collect(),
            declared_secrets: spec.declared_secrets,
            shape,
            authentication_headers,
            hosts,
            token_endpoints: Vec::new(),
        };
        mocked.token_endpoints = mocked.find_token_endpoints();
        Some(mocked)
    }

    fn find_token_endpoints(&self) -> Vec<TokenEndpoint> {
        let requests = self.cases.iter().filter_map(|prepared| prepared.exchange.token.as_ref()?.request.as_ref());
        let mut endpoints: Vec<TokenEndpoint> = Vec::new();
        for url in requests.filter_map(|request| url::Url::parse(request.url.reveal()).ok()) {
            let endpoint = host_of(&url).map(|host| TokenEndpoint { host, segments: shape::wire_segments(url.path()) });
            endpoints.extend(endpoint.filter(|endpoint| !endpoints.contains(endpoint)));
        }
        endpoints
    }

    /// What a path is for here, if anything. With a host, the action's own or its token endpoint's must be that.
    fn serves(&self, segments: &[String], host: Option<&str>, request: &ReceivedRequest) -> Option<Purpose> {
        let is_host = |own: &str| host.is_none_or(|host| own == host);
        let is_action = self.hosts.iter().any(|own| is_host(own)) || (self.hosts.is_empty() && host.is_none());
        let is_token = |endpoint: &TokenEndpoint| is_host(&endpoint.host) && endpoint.segments == segments;
        let is_action = is_action && self.shape.path.matches(segments);
        match self.token_endpoints.iter().any(is_token) {
            // Both may have one path.
            true if !is_action || asks_for_token(request) => Some(Purpose::Token),
            _ => is_action.then_some(Purpose::Webhook),
        }
    }

    /// Where the mock serves it: `/crm/open_ticket/tickets/{user.id}`.
    pub fn served_path(&self) -> String {
        format!("/{}{}", self.id, self.shape.path.shown())
    }

    /// Whether a segment of a path is one of those below which it is served.
    fn names_segment(&self, segment: &str) -> bool {
        self.id.split('/').any(|known| known == segment)
            || self.shape.path.segments.iter().any(|known| known.as_literal() == Some(segment))
    }

    /// What a case answers to its own request. A reply that cannot be made of it stays as it is written.
    pub fn answer_to_itself<'c>(&self, case: &'c Case) -> Cow<'c, Answer> {
        if case.reply_template.is_none() {
            return Cow::Borrowed(&case.answer);
        }
        // What stands in no reference of its own cannot be told from a request, not even from the case's.
        let request = planned(&self.plan, case, &self.declared_secrets, Hosts::AsWritten).request;
        let recovered = request.map(|request| recover_from_planned(&self.plan, &request, &case.given)).unwrap_or_default();
        let values = Given { attributes: recovered.attributes, secrets: Vec::new() };
        answer(&self.plan, case, &values).unwrap_or(Cow::Borrowed(&case.answer))
    }

    /// What a request says of the values it was made of.
    pub fn recover(&self, arrived: &Arrived<'_>) -> Recovered {
        let samples: Vec<&Given> = self.cases.iter().map(|prepared| &prepared.case.given).collect();
        let all = self.shape.headers.iter().chain(&self.authentication_headers);
        // There the authentication's own stands, whatever else is written.
        let is_taken = |name: &str| self.proves_itself_anew() && self.takes_header(name);
        let headers: Vec<(String, Pattern)> = all.filter(|(name, _)| !is_taken(name)).cloned().collect();
        recover(&self.plan, &self.shape, &headers, arrived, &samples)
    }

    /// The case that the values of a case's own request lead to, as [`best`] finds it.
    pub fn best_of_own(&self, case: usize) -> Option<(usize, ChosenBy)> {
        let request = self.cases.get(case)?.exchange.request.as_ref()?;
        let received = recover::received(request);
        best(self, &self.recover(&Arrived::new(&received)))
    }

    /// Method, path, query, headers, Content-Type and body of a request against the case.
    pub fn verify(&self, case: &Case, recovered: &Recovered, arrived: &Arrived<'_>) -> Vec<Row> {
        verify::verify(self, case, recovered, arrived)
    }

    /// The authentication of a request against that of the case.
    pub fn authenticate(
        &self,
        prepared: &Prepared,
        recovered: &Recovered,
        arrived: &Arrived<'_>,
        facts: &Facts<'_>,
    ) -> Vec<Row> {
        authenticate::authenticate(self, prepared, recovered, arrived, facts)
    }

    /// What stands in the place of a configured header of the same name: whether the authentication has it.
    fn takes_header(&self, name: &str) -> bool {
        let is_header = self.authentication_headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        let is_bearer = matches!(self.plan.authentication, Authentication::OAuth2(_) | Authentication::SignedToken(_));
        let is_taken = is_header || (is_bearer && name.eq_ignore_ascii_case("authorization"));
        is_taken && self.plan.assumptions.get(id::DUPLICATE_HEADER) != "headers-win"
    }

    /// Whether what proves a request true differs from one to the next: then an equal request is no proof.
    pub fn proves_itself_anew(&self) -> bool {
        !matches!(self.plan.authentication, Authentication::None | Authentication::Header(_))
    }
}

impl Found<'_, '_> {
    /// The cases that send exactly this, byte for byte.
    pub fn exact(&self) -> impl Iterator<Item = usize> {
        let cases = self.action.cases.iter().enumerate().filter(|_| !self.action.proves_itself_anew());
        let request = self.arrived.request;
        cases.filter(move |(_, prepared)| prepared.is(self.arrived.target(), request)).map(|(index, _)| index)
    }
}

impl Prepared {
    fn new(plan: &Plan, case: Case, declared_secrets: &[String]) -> Prepared {
        let exchange = planned(plan, &case, declared_secrets, Hosts::AsWritten);
        let wire = exchange.request.as_ref().and_then(|request| {
            let header = |(name, value): &(String, crate::value::TaintedText)| {
                (name.to_ascii_lowercase(), value.reveal().trim().to_string())
            };
            Some(Wire {
                target: wire_target(request.url.reveal()).ok()?,
                headers: request.headers.iter().map(header).collect(),
                body: request.body.as_ref().map_or_else(Vec::new, |body| body.reveal().as_bytes().to_vec()),
            })
        });
        let succeeds = succeeds(plan, &case);
        let token_key = match &plan.authentication {
            Authentication::OAuth2(oauth) => {
                let record = Record::of(&case.given);
                token_request(oauth, plan, &Inputs::of_case(&case, declared_secrets), &record)
                    .ok()
                    .map(|request| request.key)
            }
            _ => None,
        };
        Prepared { case, exchange, succeeds, wire, token_key, certificate: OnceLock::new() }
    }

    fn is(&self, target: &str, request: &ReceivedRequest) -> bool {
        let (Some(wire), Some(planned)) = (&self.wire, &self.exchange.request) else { return false };
        wire.target == target
            && planned.method == request.method
            && wire.body == request.body
            && wire.headers.iter().all(|(name, value)| request.values(name).any(|known| authenticate::same(known, value)))
    }
}

/// Whether the platform calls what comes of the case's reply a success; where it has no such word, whether the reply is 2xx.
fn succeeds(plan: &Plan, case: &Case) -> bool {
    let Answer::Reply(reply) = &case.answer else { return matches!(case.answer, Answer::Unspecified) };
    let outcome = of_reply(plan, reply, &case.given, &Record::of(&case.given));
    outcome.success.unwrap_or((200..300).contains(&reply.status))
}
