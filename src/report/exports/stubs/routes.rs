//! Where stubs are served: below an action's id; by the path of its own, with its host where another action has that path, too.

use serde_json::{Map, Value as Json, json};

use super::super::Notes;
use super::super::expressions::{of_segment_text, quoted};
use super::{Stub, stable_id};
use crate::mock::derive::{Mocked, Pattern, Site};

/// The order of actions and of their stubs, as priorities.
pub struct Routes<'a> {
    site: &'a Site,
    /// How many priorities each group of actions has for itself.
    band: usize,
    /// The most segments that an id has.
    depth: usize,
    /// By action, where it comes among those that are found by their own paths.
    ranks: Vec<usize>,
}

impl<'a> Routes<'a> {
    pub fn new(site: &'a Site, most_stubs: usize) -> Routes<'a> {
        let band = most_stubs.max(1).next_power_of_two().max(10).to_string();
        // A round number, so that a file stays as it is when others grow a little.
        let band = 10_usize.pow(u32::try_from(band.len()).unwrap_or(1));
        let depth = site.actions.iter().map(depth).max().unwrap_or_default();
        let mut order: Vec<usize> = (0..site.actions.len()).collect();
        order.sort_by_key(|index| std::cmp::Reverse(site.actions[*index].shape.path.specificity()));
        let mut ranks = vec![0; order.len()];
        order.iter().enumerate().for_each(|(rank, index)| ranks[*index] = rank);
        Routes { site, band, depth, ranks }
    }

    /// The mappings of an action.
    pub fn of(&self, index: usize, stubs: &[Stub], notes: &mut Notes) -> Vec<Json> {
        let action = &self.site.actions[index];
        let mut mappings = Vec::new();
        let below: String = action.id.split('/').map(|segment| format!("/{}", of_segment_text(segment))).collect();
        let base = (self.depth - depth(action)) * self.band;
        for (place, stub) in stubs.iter().enumerate() {
            push(&mut mappings, mapping(action, stub, &below, None, base + place + 1));
        }
        let is_shared = self.is_shared(index);
        if is_shared && action.hosts.is_empty() {
            notes.add(action, "another action has its path, and no host is known: it is served below its id alone");
            return mappings;
        }
        let base = (self.depth + self.ranks[index]) * self.band;
        for (place, stub) in stubs.iter().enumerate() {
            let hosts = match stub.is_token {
                Some(endpoint) => vec![action.token_endpoints[endpoint].host.clone()],
                None if is_shared => action.hosts.clone(),
                None => Vec::new(),
            };
            push(&mut mappings, mapping(action, stub, "", Some(&hosts), base + place + 1));
        }
        mappings
    }

    /// Whether a request for another action could have the path and the method of this one.
    fn is_shared(&self, index: usize) -> bool {
        let action = &self.site.actions[index];
        let others = self.site.actions.iter().enumerate().filter(|(other, _)| *other != index);
        others
            .map(|(_, other)| other)
            .any(|other| other.plan.request.method.value == action.plan.request.method.value && can_be_equal(action, other))
    }
}

/// What demands the same as an earlier one would never be reached.
fn push(mappings: &mut Vec<Json>, mapping: Json) {
    if !mappings.iter().any(|known| known["id"] == mapping["id"]) {
        mappings.push(mapping);
    }
}

fn depth(action: &Mocked) -> usize {
    action.id.split('/').count()
}

fn can_be_equal(one: &Mocked, other: &Mocked) -> bool {
    let (one, other) = (&one.shape.path, &other.shape.path);
    if one.has_open_start || other.has_open_start {
        return true;
    }
    let can = |(one, other): (&Pattern, &Pattern)| match (one.as_literal(), other.as_literal()) {
        (Some(one), Some(other)) => one == other,
        (Some(literal), None) => other.matches(literal),
        (None, Some(literal)) => one.matches(literal),
        (None, None) => true,
    };
    one.segments.len() == other.segments.len() && one.segments.iter().zip(&other.segments).all(can)
}

fn mapping(action: &Mocked, stub: &Stub, below: &str, hosts: Option<&[String]>, priority: usize) -> Json {
    let mut request = Map::new();
    let method = stub.matchers.request.get("method").cloned();
    request.insert("method".into(), method.unwrap_or_else(|| json!("ANY")));
    let (kind, url) = url(action, stub, below);
    request.insert(kind.into(), json!(url));
    request.extend(stub.matchers.request.iter().filter(|(key, _)| *key != "method").map(|(k, v)| (k.clone(), v.clone())));
    if let Some(hosts) = hosts.filter(|hosts| !hosts.is_empty()) {
        let headers = request.entry("headers").or_insert_with(|| json!({}));
        headers["Host"] = json!({"matches": host(hosts)});
    }
    let request = Json::Object(request);
    let name = if hosts.is_some() { format!("{} [own path]", stub.name) } else { stub.name.clone() };
    let mut mapping = Map::new();
    mapping.insert("id".into(), json!(stable_id(&format!("{name}\n{:?}\n{request}", stub.states))));
    mapping.insert("name".into(), json!(name));
    mapping.insert("priority".into(), json!(priority));
    if let Some((from, to)) = &stub.states {
        mapping.insert("scenarioName".into(), json!(action.id));
        mapping.insert("requiredScenarioState".into(), json!(from));
        mapping.insert("newScenarioState".into(), json!(to));
    }
    mapping.insert("request".into(), request);
    mapping.insert("response".into(), stub.response.clone());
    mapping.insert("metadata".into(), json!({"hookwright": stub.metadata}));
    Json::Object(mapping)
}

/// The kind of matcher with what it says: a path as it is, where that says it all.
fn url(action: &Mocked, stub: &Stub, below: &str) -> (&'static str, String) {
    let open = if action.shape.path.has_open_start && stub.is_token.is_none() { "(?:/[^/]+)*" } else { "" };
    let segments: String = stub.matchers.segments.iter().map(|segment| format!("/{segment}")).collect();
    let expression = match (segments.is_empty(), below.is_empty()) {
        (false, _) => format!("{below}{open}{segments}"),
        (true, true) => format!("{open}/?"),
        (true, false) => format!("{below}{open}/?"),
    };
    match literal(&expression) {
        Some(path) => ("urlPath", path),
        None => ("urlPathPattern", expression),
    }
}

/// The text that alone fits an expression, if it is so simple.
fn literal(expression: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = expression.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.push(characters.next().filter(|escaped| !escaped.is_alphanumeric())?),
            _ if "^$.|?*+()[]{}".contains(character) => return None,
            _ => text.push(character),
        }
    }
    Some(text)
}

/// Any of the hosts, with the port that their scheme has anyway or without.
fn host(hosts: &[String]) -> String {
    let hosts: Vec<String> = hosts.iter().map(|host| quoted(host)).collect();
    format!("(?i)(?:{})(?::80|:443)?", hosts.join("|"))
}
