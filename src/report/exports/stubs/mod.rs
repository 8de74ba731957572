//! WireMock stub mappings (its documentation: "Stubbing", "Request Matching") that answer as the mock does.
//!
//! WireMock takes the first stub that matches, by priority, where the mock compares cases. So what makes the mock choose a case
//! is written out: the case's name, all of its values, some of them, none.

mod matchers;
mod replies;
mod routes;
mod values;

use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::{Note, Notes};
use crate::case::{Answer, Case, Reply};
use crate::eval::SecretValues;
use crate::eval::oauth2::default_token_reply;
use crate::mock::derive::{BodyShape, CASE_PARAMETER, ChosenBy, Mocked, Prepared, Site};
use crate::plan::Authentication;
use matchers::Matchers;
use routes::Routes;

/// Stub mappings, by action.
#[derive(Debug)]
pub struct WireMock {
    pub files: Vec<StubFile>,
    /// Bodies that the stubs name, where files were asked for.
    pub bodies: Vec<FileBody>,
    pub notes: Vec<Note>,
}

/// The stubs of one action.
#[derive(Debug)]
pub struct StubFile {
    /// Below `mappings`: `opendialog/create_ticket.json`.
    pub name: String,
    pub mappings: Vec<Json>,
}

/// A body with a file of its own.
#[derive(Debug)]
pub struct FileBody {
    /// Below `__files`.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Below `mappings` and `__files`: the folder that is an export's own.
pub const FOLDER: &str = "hookwright";

impl FileBody {
    fn add(bodies: &mut Vec<FileBody>, action: &Mocked, case: &Case, reply: &Reply, bytes: Vec<u8>) -> String {
        let content_type = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let extension = match content_type.map(|(_, value)| value.as_str()).unwrap_or_default() {
            value if value.contains("json") => "json",
            value if value.contains("xml") => "xml",
            value if value.starts_with("text/") => "txt",
            _ => "bin",
        };
        let name = format!("{FOLDER}/{}/{}.{extension}", file_name(&action.id), case.slug);
        if !bodies.iter().any(|known| known.name == name) {
            bodies.push(FileBody { name: name.clone(), bytes });
        }
        name
    }
}

impl WireMock {
    /// All stubs as one document.
    pub fn document(&self) -> Json {
        json!({"mappings": self.files.iter().flat_map(|file| &file.mappings).collect::<Vec<_>>()})
    }
}

/// An id as the path of a file that stays below its folder.
fn file_name(id: &str) -> String {
    let safe = |segment: &str| {
        if segment.chars().all(|c| c == '.') { "_".repeat(segment.len().max(1)) } else { segment.to_string() }
    };
    id.split(['/', '\\']).map(safe).collect::<Vec<_>>().join("/")
}

/// Stubs that answer as the mock does. With files, bodies that are long or no text are files.
pub fn wiremock(site: &Site, with_files: bool) -> WireMock {
    let mut notes = Notes::default();
    let mut bodies = Vec::new();
    let answers: Vec<Vec<Stub>> = site
        .actions
        .iter()
        .map(|action| Stubs { action, net: net(action), bodies: with_files.then_some(&mut bodies), notes: &mut notes }.all())
        .collect();
    let routes = Routes::new(site, answers.iter().map(Vec::len).max().unwrap_or_default());
    let mut files = Vec::new();
    for (index, (action, stubs)) in site.actions.iter().zip(&answers).enumerate() {
        let mappings = routes.of(index, stubs, &mut notes);
        files.push(StubFile { name: format!("{FOLDER}/{}.json", file_name(&action.id)), mappings });
    }
    WireMock { files, bodies, notes: notes.0 }
}

/// The secrets in play in any case.
fn net(action: &Mocked) -> SecretValues {
    let mut net = SecretValues::default();
    action.cases.iter().for_each(|prepared| net.extend(&prepared.exchange.net()));
    net
}

/// A stub before it has its place.
struct Stub {
    /// What it is there for: `opens a ticket (forced)`.
    name: String,
    matchers: Matchers,
    response: Json,
    metadata: Json,
    /// The states that a sequence leads from and to.
    states: Option<(String, String)>,
    is_token: Option<usize>,
}

struct Stubs<'a> {
    action: &'a Mocked,
    net: SecretValues,
    bodies: Option<&'a mut Vec<FileBody>>,
    notes: &'a mut Notes,
}

impl Stubs<'_> {
    /// In the order in which they are to be tried.
    fn all(mut self) -> Vec<Stub> {
        let mut stubs = Vec::new();
        for index in 0..self.action.token_endpoints.len() {
            stubs.push(self.token(index));
        }
        let responses: Vec<Json> = self.action.cases.iter().map(|prepared| self.response(&prepared.case)).collect();
        let named = self.action.cases.iter().zip(&responses).filter(|(prepared, _)| !prepared.case.name.value.is_empty());
        stubs.extend(named.flat_map(|(prepared, response)| self.forced(prepared, response)));
        match self.action.sequence.as_slice() {
            [] => stubs.extend(self.chosen(&responses)),
            sequence => stubs.extend(self.in_sequence(sequence, &responses)),
        }
        self.note_authentication();
        stubs.iter_mut().for_each(|stub| self.mask(stub));
        stubs
    }

    /// A secret may have been written elsewhere, too.
    fn mask(&mut self, stub: &mut Stub) {
        let mut request = Json::Object(std::mem::take(&mut stub.matchers.request));
        let is_changed = mask(&mut request, &self.net);
        if let Json::Object(request) = request {
            stub.matchers.request = request;
        }
        for segment in &mut stub.matchers.segments {
            *segment = self.net.mask(segment);
        }
        stub.name = self.net.mask(&stub.name);
        mask(&mut stub.metadata, &self.net);
        if is_changed {
            self.notes.add(self.action, "the request repeats a secret in plain text, in whose place bullets are written");
        }
    }

    fn response(&mut self, case: &Case) -> Json {
        replies::response(self.action, case, &self.net, self.bodies.as_deref_mut(), self.notes)
    }

    fn stub(&self, prepared: &Prepared, by: &str, matchers: Matchers, response: &Json) -> Stub {
        let name = &prepared.case.name.value;
        let metadata = json!({"spec": self.action.path, "case": name, "chosen_by": by});
        let name = format!("{}: {name} ({by})", self.action.id);
        Stub { name, matchers, response: response.clone(), metadata, states: None, is_token: None }
    }

    /// By header and by query, as the exact name or as its slug.
    fn forced(&self, prepared: &Prepared, response: &Json) -> [Stub; 2] {
        let (name, slug) = (&prepared.case.name.value, &prepared.case.slug);
        let encoded = replies::header_text(name);
        let with = |part: &str, key: &str, names: Vec<&String>| {
            let mut matchers = Matchers::bare(self.action);
            matchers.request.insert(part.into(), json!({key: one_of(names)}));
            matchers
        };
        let by_name = ChosenBy::Forced.name();
        [
            self.stub(prepared, by_name, with("headers", "X-Hookwright-Case", vec![&encoded, name, slug]), response),
            self.stub(prepared, by_name, with("queryParameters", CASE_PARAMETER, vec![name, slug]), response),
        ]
    }

    /// By what the request says.
    fn chosen(&mut self, responses: &[Json]) -> Vec<Stub> {
        let action = self.action;
        if action.cases.is_empty() {
            return Vec::new();
        }
        let telling = values::telling(action, &self.net);
        self.note_telling(&telling);
        let shapes: Vec<Matchers> =
            action.cases.iter().map(|prepared| Matchers::of_shape(action, prepared, self.notes)).collect();
        let is_told = telling.untold.is_empty() && !telling.has_null && !telling.is_cut;
        let mut stubs = Vec::new();
        // Where each request proves itself anew, an equal one is no proof.
        let is_wanted = |index: &usize| !(action.proves_itself_anew() || is_told && self.is_found(*index));
        for index in (0..action.cases.len()).filter(is_wanted) {
            stubs.extend(Matchers::exact(action, &action.cases[index], &self.net).map(|matchers| (index, matchers)));
        }
        // Of cases that send the same, one that leads to success answers.
        stubs.sort_by_key(|(index, _)| !action.cases[*index].succeeds);
        let told = telling.stubs.iter().map(|(conditions, index)| (*index, shapes[*index].with(conditions)));
        stubs.extend(told);
        let mut stubs: Vec<Stub> = stubs
            .into_iter()
            .map(|(index, matchers)| {
                self.stub(&action.cases[index], ChosenBy::Agreement.name(), matchers, &responses[index])
            })
            .collect();
        let otherwise = values::otherwise(action);
        let prepared = &action.cases[otherwise];
        let by = if prepared.succeeds { ChosenBy::FirstSuccess } else { ChosenBy::First };
        stubs.push(self.stub(prepared, by.name(), shapes[otherwise].clone(), &responses[otherwise]));
        stubs
    }

    /// Whether the values of the case's own request lead to the case that answers it anyway.
    fn is_found(&self, index: usize) -> bool {
        let action = self.action;
        let Some(request) = &action.cases[index].exchange.request else { return true };
        let is_json = |body: &crate::value::TaintedText| serde_json::from_str::<Json>(body.reveal()).is_ok();
        let is_readable = match (&action.shape.body, &request.body) {
            (BodyShape::Json(_), Some(body)) => is_json(body),
            _ => true,
        };
        // White space at the ends of a header is lost on its way.
        let is_readable = is_readable && matchers::headers_fit(action, request);
        let same = |other: &&Prepared| other.exchange.request.as_ref() == Some(request);
        let mut equals = action.cases.iter().enumerate().filter(|(_, other)| same(other));
        let first = equals.clone().find(|(_, other)| other.succeeds).or_else(|| equals.next()).map(|(index, _)| index);
        is_readable && first == action.best_of_own(index).map(|(index, _)| index)
    }

    /// One after the other, as a scenario; the last stays.
    fn in_sequence(&mut self, sequence: &[usize], responses: &[Json]) -> Vec<Stub> {
        let state = |step: usize| if step == 0 { "Started".to_string() } else { format!("request {}", step + 1) };
        let last = sequence.len() - 1;
        let step = |(step, index): (usize, &usize)| {
            let prepared = &self.action.cases[*index];
            let matchers = Matchers::of_shape(self.action, prepared, self.notes);
            let name = prepared.case.name.value.clone();
            let metadata = json!({"spec": self.action.path, "case": name, "chosen_by": ChosenBy::Sequence.name()});
            Stub {
                name: format!("{}: {name} ({} {})", self.action.id, ChosenBy::Sequence.name(), step + 1),
                matchers,
                response: responses[*index].clone(),
                metadata,
                states: Some((state(step), state((step + 1).min(last)))),
                is_token: None,
            }
        };
        sequence.iter().enumerate().map(step).collect()
    }

    /// A POST of client credentials (RFC 6749, section 4.4.2).
    fn token(&mut self, index: usize) -> Stub {
        let answers = self.action.cases.iter().map(|prepared| (&prepared.case, prepared.case.token_answer.as_ref()));
        let written = answers.clone().find_map(|(case, answer)| match answer {
            Some(Answer::Reply(reply)) if (200..300).contains(&reply.status) => Some((case, reply.clone())),
            _ => None,
        });
        if answers.filter(|(_, answer)| answer.is_some()).count() > usize::from(written.is_some()) {
            self.notes
                .add(self.action, "a token request does not say for which case it is: WireMock gives all the same token");
        }
        let mut request = Map::new();
        request.insert("method".into(), json!("POST"));
        request.insert("formParameters".into(), json!({"grant_type": {"equalTo": "client_credentials"}}));
        let segments = self.action.token_endpoints[index].segments.iter();
        let segments = segments.map(|segment| super::expressions::of_segment_text(segment)).collect();
        let none = SecretValues::default();
        let mut response = match (&written, self.action.cases.first()) {
            // A token is there to be given away.
            (Some((case, reply)), _) => replies::of_reply(self.action, case, reply, &none, None, self.notes),
            (None, Some(prepared)) => {
                replies::of_reply(self.action, &prepared.case, &default_token_reply(), &none, None, self.notes)
            }
            (None, None) => json!({"status": 204}),
        };
        if let Some(Json::Object(headers)) = response.get_mut("headers") {
            headers.remove("X-Hookwright-Case");
        }
        Stub {
            name: format!("{}: token", self.action.id),
            matchers: Matchers { request, segments },
            response,
            metadata: json!({"spec": self.action.path, "case": null, "chosen_by": "token"}),
            states: None,
            is_token: Some(index),
        }
    }

    fn note_telling(&mut self, telling: &values::Telling) {
        if !telling.untold.is_empty() {
            let names: Vec<String> = telling.untold.iter().map(|name| format!("`{name}`")).collect();
            let text = format!(
                "cases are not told apart by {}: a secret, or nothing that a matcher can look for",
                names.join(", ")
            );
            self.notes.add(self.action, text);
        }
        if telling.is_cut {
            let text = format!(
                "cases differ in more than {} values: a request in which some of them agree, but not all and not only one, may \
                 meet another case than with `hookwright mock`",
                values::MOST_COMBINED
            );
            self.notes.add(self.action, text);
        }
    }

    fn note_authentication(&mut self) {
        let text = match &self.action.plan.authentication {
            Authentication::None => return,
            Authentication::Header(_) => {
                "WireMock checks that the headers of the authentication are there, not what they prove"
            }
            Authentication::OAuth2(_) => "WireMock gives one token to everybody, and takes any",
            Authentication::SignedToken(_) => "WireMock checks that there is a token, not its signature",
            Authentication::MutualTls(_) => {
                "WireMock demands a client certificate for all stubs or for none: start it with `--https-require-client-cert`"
            }
        };
        self.notes.add(self.action, text);
    }
}

/// Masks every text in JSON, which is nested as deep as the parsers allow; whether there was something to mask.
fn mask(json: &mut Json, net: &SecretValues) -> bool {
    match json {
        Json::String(text) => {
            let masked = net.mask(text);
            let is_changed = masked != *text;
            *text = masked;
            is_changed
        }
        Json::Array(items) => items.iter_mut().map(|item| mask(item, net)).filter(|changed| *changed).count() > 0,
        Json::Object(entries) => entries.values_mut().map(|entry| mask(entry, net)).filter(|changed| *changed).count() > 0,
        _ => false,
    }
}

/// A matcher of any of several texts.
fn one_of(mut texts: Vec<&String>) -> Json {
    texts.sort();
    texts.dedup();
    match texts.as_slice() {
        [one] => json!({"equalTo": one}),
        several => json!({"or": several.iter().map(|text| json!({"equalTo": text})).collect::<Vec<_>>()}),
    }
}

/// The same id for the same stub in every export: the form of UUID version 8 (RFC 9562, section 5.8).
fn stable_id(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}
