//! What a spec's cases answer, mounted on somebody's own `wiremock::MockServer`.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

use super::ReceivedRequest;
use super::derive::{
    CASE_HEADER, Facts, Found, Mocked, Prepared, Purpose, Row, RowVerdict, Site, best, forced_case, named,
    verify_token_request,
};
use super::reply::{nothing, received, template};
use crate::assumption::id;
use crate::case::{Answer, Case, Fault, Given, Spec};
use crate::eval::answer;
use crate::eval::json_web_token::printable;
use crate::eval::oauth2::default_token_reply;

/// So many requests that differ are kept; of more, the newest.
const DIFFERENT_KEPT: usize = 1_000;

/// No client waits as long.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

/// Mounts everything that specs say on a server: the same routes, choice of the case and replies as `hookwright mock`, with
/// delays and with faults as far as the server has them: a connection that breaks is closed without a reply.
///
/// ```
/// use hookwright::dialect::compile;
/// use hookwright::source::Sources;
/// use hookwright::spec::Manifest;
/// use wiremock::MockServer;
///
/// const SPEC: &str = r#"
/// [action]
/// name = "Get user"
/// method = "GET"
/// url = "https://crm.example.com/users/{user_id}"
/// [[case]]
/// name = "Ada"
/// given.user.user_id = 42
/// reply.json = { name = "Ada" }
/// [[case]]
/// name = "nobody"
/// given.user.user_id = 7
/// reply.status = 404
/// "#;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let _ = rustls::crypto::ring::default_provider().install_default();
/// let sources = Sources::in_memory();
/// sources.add("specs/crm/get_user.toml", SPEC);
/// let spec = compile("specs/crm/get_user.toml", &Manifest::default(), &sources).unwrap();
///
/// let server = MockServer::start().await;
/// let mounted = hookwright::mock::mount(&server, [spec]).await.unwrap();
///
/// // Below the spec's id, or with the action's own path alone.
/// let ada = reqwest::get(format!("{}/crm/get_user/users/42", server.uri())).await.unwrap();
/// assert_eq!(ada.text().await.unwrap(), r#"{"name":"Ada"}"#);
/// let nobody = reqwest::get(format!("{}/users/7", server.uri())).await.unwrap();
/// assert_eq!(nobody.status(), 404);
///
/// assert_eq!(mounted.requests("crm/get_user", "Ada"), 1);
/// assert_eq!(mounted.differences(), Vec::<String>::new());
/// # });
/// ```
///
/// # Errors
/// When a reply cannot be sent: a status outside 200 to 599, a header with a line break.
pub async fn mount(server: &MockServer, specs: impl IntoIterator<Item = Spec>) -> io::Result<Mounted> {
    let site = Site::new(specs.into_iter().collect());
    let templates = site.actions.iter().map(templates).collect::<io::Result<_>>()?;
    let tokens = site.actions.iter().map(tokens).collect::<io::Result<_>>()?;
    let seen = Mutex::new(Seen::of(&site));
    let mounted = Mounted(Arc::new(Shared { site, templates, tokens, seen }));
    // What ends without a reply comes first: the rest is answered by the second.
    let broken = Mock::given(IsBroken(mounted.clone()))
        .respond_with_err(|_: &Request| io::Error::from(io::ErrorKind::ConnectionReset));
    server.register(broken).await;
    server.register(Mock::given(IsServed(mounted.clone())).respond_with(mounted.clone())).await;
    Ok(mounted)
}

/// What is mounted, and what it has seen.
#[derive(Clone)]
pub struct Mounted(Arc<Shared>);

struct Shared {
    site: Site,
    /// By action and case; `None` for a fault.
    templates: Vec<Vec<Option<ResponseTemplate>>>,
    /// The same for what the token endpoint answers.
    tokens: Vec<Vec<Option<ResponseTemplate>>>,
    seen: Mutex<Seen>,
}

/// What has come so far.
struct Seen {
    /// By action and case.
    counts: Vec<Vec<usize>>,
    /// By action.
    steps: Vec<usize>,
    differences: VecDeque<String>,
}

impl Seen {
    fn of(site: &Site) -> Seen {
        let counts = site.actions.iter().map(|action| vec![0; action.cases.len()]).collect();
        Seen { counts, steps: vec![0; site.actions.len()], differences: VecDeque::new() }
    }

    fn differs(&mut self, line: String) {
        if self.differences.len() == DIFFERENT_KEPT {
            self.differences.pop_front();
        }
        self.differences.push_back(line);
    }
}

impl Mounted {
    /// In what requests were other than their actions send them, one line each without secrets; of very many the newest.
    pub fn differences(&self) -> Vec<String> {
        self.seen().differences.iter().cloned().collect()
    }

    /// How many requests a case answered. `spec` is the spec's id.
    pub fn requests(&self, spec: &str, case: &str) -> usize {
        let seen = self.seen();
        let of = |(action, counts): (&Mocked, &Vec<usize>)| {
            (action.id == spec).then(|| named(action, case).map_or(0, |index| counts[index]))
        };
        self.0.site.actions.iter().zip(&seen.counts).find_map(of).unwrap_or(0)
    }

    /// Forgets all requests, and begins sequences anew.
    pub fn reset(&self) {
        *self.seen() = Seen::of(&self.0.site);
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The case that answers: by name, by the sequence, by what the request says.
    fn choose(&self, found: &Found<'_, '_>) -> Option<usize> {
        let action = found.action;
        if let Some(name) = forced_case(found.arrived.request) {
            return named(action, &name);
        }
        let exact = || {
            let exact: Vec<usize> = found.exact().collect();
            exact.iter().find(|index| action.cases[**index].succeeds).or(exact.first()).copied()
        };
        let by_values = || best(action, &action.recover(&found.arrived)).map(|(index, _)| index);
        self.in_sequence(found.index).or_else(exact).or_else(by_values)
    }

    fn in_sequence(&self, action: usize) -> Option<usize> {
        let sequence = &self.0.site.actions[action].sequence;
        let last = sequence.len().checked_sub(1)?;
        Some(sequence[self.seen().steps[action].min(last)])
    }

    /// Action and case whose token is asked for. An endpoint may be that of several: it is the one that the request fits best.
    fn token_case(&self, found: &Found<'_, '_>) -> (usize, Option<usize>) {
        let site = &self.0.site;
        let forced = forced_case(found.arrived.request);
        let best = site.sharing_token_endpoint(found).into_iter().min_by_key(|index| {
            let action = &site.actions[*index];
            let is_forced = forced.as_ref().is_some_and(|name| named(action, name).is_some());
            (!is_forced, differing(action, self.turn(*index, forced.as_deref()), found))
        });
        let index = best.unwrap_or(found.index);
        (index, self.turn(index, forced.as_deref()))
    }

    /// The case that is named, the one that is to come, or the first.
    fn turn(&self, action: usize, forced: Option<&str>) -> Option<usize> {
        let cases = &self.0.site.actions[action];
        let named = forced.and_then(|name| named(cases, name));
        named.or_else(|| self.in_sequence(action)).or_else(|| (!cases.cases.is_empty()).then_some(0))
    }

    fn fault(&self, found: &Found<'_, '_>) -> Option<Fault> {
        let answer = match found.purpose {
            Purpose::Webhook => self.choose(found).map(|case| &found.action.cases[case].case.answer),
            Purpose::Token => {
                let (action, case) = self.token_case(found);
                case.and_then(|case| self.0.site.actions[action].cases[case].case.token_answer.as_ref())
            }
        };
        match answer {
            Some(Answer::Fault(fault)) => Some(*fault),
            _ => None,
        }
    }

    fn token(&self, found: &Found<'_, '_>) -> ResponseTemplate {
        let (action, case) = self.token_case(found);
        case.and_then(|case| self.0.tokens[action][case].clone()).unwrap_or_else(nothing)
    }

    /// What is said to a request for a case that the action does not have; it differs.
    fn no_such_case(&self, action: &Mocked, name: &str) -> ResponseTemplate {
        let known: Vec<&str> = action.cases.iter().map(|prepared| prepared.case.name.value.as_str()).collect();
        let (known, why) = (known.join(", "), "there is no such case");
        self.seen().differs(format!(
            "{}: header {CASE_HEADER}, expected {known}, got {}, {why}",
            action.id,
            printable(name)
        ));
        let row = json!({"part": "header", "place": CASE_HEADER, "expected": known, "got": name, "verdict": "differs", "note": why});
        let said = json!({"error": "the request is not what the action sends", "spec": action.id, "differs": [row]});
        ResponseTemplate::new(400).set_body_json(said)
    }

    /// A reply that uses values of the request.
    fn of_request(&self, found: &Found<'_, '_>, case: usize) -> Option<ResponseTemplate> {
        let case = &found.action.cases[case].case;
        case.reply_template.as_ref()?;
        let attributes = found.action.recover(&found.arrived).attributes;
        let answered = answer(&found.action.plan, case, &Given { attributes, secrets: Vec::new() });
        let made =
            answered.map_err(|failure| failure.message).and_then(|answer| of_answer(&answer).map_err(|why| why.to_string()));
        made.unwrap_or_else(|why| Some(ResponseTemplate::new(500).set_body_string(why)))
    }

    /// Counts a request and says in what it differs.
    fn note(&self, found: &Found<'_, '_>, case: usize) {
        let action = found.action;
        let recovered = action.recover(&found.arrived);
        let own = &action.cases[case];
        let mut rows = action.verify(&own.case, &recovered, &found.arrived);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs().cast_signed());
        // Over plain HTTP no certificate is shown; tokens are not told apart.
        rows.extend(action.authenticate(own, &recovered, &found.arrived, &Facts { now, ..Facts::default() }));
        let is_forced = forced_case(found.arrived.request).is_some();
        let mut seen = self.seen();
        seen.counts[found.index][case] += 1;
        if !is_forced {
            seen.steps[found.index] += 1;
        }
        for row in rows.iter().filter(|row| row.verdict == RowVerdict::Differs) {
            seen.differs(difference(action, &own.case, row));
        }
    }
}

/// `crm/get_user, Ada: header X-Channel: expected web, got app`
fn difference(action: &Mocked, case: &Case, row: &Row) -> String {
    let part = |name: &str, text: &Option<String>| text.as_ref().map(|text| format!(", {name} {text}")).unwrap_or_default();
    let place = if row.place.is_empty() { String::new() } else { format!(" {}", row.place) };
    let note = row.note.as_ref().map(|note| format!(", {note}")).unwrap_or_default();
    let (expected, got) = (part("expected", &row.expected), part("got", &row.got));
    format!("{}, {}: {}{place}{expected}{got}{note}", action.id, case.name.value, row.part.name())
}

fn templates(action: &Mocked) -> io::Result<Vec<Option<ResponseTemplate>>> {
    action.cases.iter().map(|prepared| of_answer(&prepared.case.answer)).collect()
}

/// RFC 6749, section 5.1, where a case says nothing else.
fn tokens(action: &Mocked) -> io::Result<Vec<Option<ResponseTemplate>>> {
    let token = |prepared: &Prepared| match &prepared.case.token_answer {
        Some(answer @ (Answer::Reply(_) | Answer::Fault(_))) => of_answer(answer),
        Some(Answer::Unspecified) | None => template(&default_token_reply()).map(Some),
    };
    action.cases.iter().map(token).collect()
}

/// In how many places a token request is other than that of the case.
fn differing(action: &Mocked, case: Option<usize>, found: &Found<'_, '_>) -> usize {
    let Some(key) = case.and_then(|case| action.cases[case].token_key.as_ref()) else { return 0 };
    let posts = action.plan.assumptions.get(id::OAUTH_CLIENT_AUTH) == "post";
    let rows = verify_token_request(key, posts, &found.arrived, &mut Vec::new());
    rows.iter().filter(|row| row.verdict == RowVerdict::Differs).count()
}

fn of_answer(answer: &Answer) -> io::Result<Option<ResponseTemplate>> {
    Ok(match answer {
        Answer::Unspecified => Some(nothing()),
        Answer::Fault(Fault::Timeout) => Some(nothing().set_delay(NEVER)),
        Answer::Fault(_) => None,
        Answer::Reply(reply) => Some(template(reply)?.set_delay(Duration::from_millis(reply.delay_milliseconds))),
    })
}

/// Requests whose connection is to break.
struct IsBroken(Mounted);

impl Match for IsBroken {
    fn matches(&self, request: &Request) -> bool {
        let request = received(request);
        let Some(found) = self.0.0.site.find(&request) else { return false };
        let is_broken = self.0.fault(&found).is_some_and(|fault| fault != Fault::Timeout);
        if !is_broken || found.purpose == Purpose::Token {
            return is_broken;
        }
        if let Some(case) = self.0.choose(&found) {
            self.0.note(&found, case);
        }
        is_broken
    }
}

/// Requests for any of the actions.
struct IsServed(Mounted);

impl Match for IsServed {
    fn matches(&self, request: &Request) -> bool {
        self.0.0.site.find(&received(request)).is_some()
    }
}

impl Respond for Mounted {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let request: ReceivedRequest = received(request);
        let Some(found) = self.0.site.find(&request) else { return ResponseTemplate::new(404) };
        if found.purpose == Purpose::Token {
            return self.token(&found);
        }
        if let Some(name) = forced_case(&request).filter(|name| named(found.action, name).is_none()) {
            return self.no_such_case(found.action, &name);
        }
        let Some(case) = self.choose(&found) else { return nothing() };
        self.note(&found, case);
        self.of_request(&found, case).or_else(|| self.0.templates[found.index][case].clone()).unwrap_or_else(nothing)
    }
}
