//! A request that arrived against the one that the action sends: each part, and what differs.

use serde_json::Value as Json;

use super::Mocked;
use super::arrived::Arrived;
use super::pattern::{Hole, Pattern, Reads};
use super::recover::{Recovered, leaves_out, sent_items};
use super::report::{Part, Row, RowVerdict};
use super::shape::{BodyShape, JsonShape};
use super::values::{attribute_type, can_be};
use crate::case::Case;
use crate::eval::{Inputs, Request, planned_with};
use crate::plan::{AttributeName, Plan};
use crate::value::{MASK, TaintedText, json_kind, key_path};

/// Everything that is compared with.
pub(super) struct Comparison<'a> {
    pub action: &'a Mocked,
    pub arrived: &'a Arrived<'a>,
    pub recovered: &'a Recovered,
    pub rows: Vec<Row>,
}

/// What the case sends when it is given what the request says; `None` where nothing could be rendered.
pub(super) fn rendered(action: &Mocked, case: &Case, recovered: &Recovered) -> Option<Request> {
    let given = recovered.over(&case.given);
    let mut inputs = Inputs { given: &given, ..Inputs::of_case(case, &action.declared_secrets) };
    if let Some(uuid) = &recovered.uuid {
        inputs.uuid = uuid;
    }
    if let Some(seconds) = recovered.timestamp_seconds {
        inputs.now = seconds;
    }
    planned_with(&action.plan, &inputs).request
}

/// Method, path, query, headers but those of the authentication, Content-Type, body.
pub(super) fn verify(action: &Mocked, case: &Case, recovered: &Recovered, arrived: &Arrived<'_>) -> Vec<Row> {
    let request = rendered(action, case, recovered);
    let mut comparison = Comparison { action, arrived, recovered, rows: Vec::new() };
    comparison.method();
    comparison.path(request.as_ref());
    comparison.query(request.as_ref());
    comparison.headers(request.as_ref());
    comparison.content_type(request.as_ref());
    comparison.body(request.as_ref());
    comparison.required();
    comparison.rows
}

impl Comparison<'_> {
    fn plan(&self) -> &Plan {
        &self.action.plan
    }

    pub fn method(&mut self) {
        let (expected, got) = (&self.plan().request.method.value, &self.arrived.request.method);
        let row = Row::new(Part::Method, "", verdict(expected == got)).expected(expected).got(got);
        self.rows.push(row);
    }

    /// The pattern fitted, or this would not be the action; what is rendered says more of filtered values.
    pub fn path(&mut self, request: Option<&Request>) {
        let shape = &self.action.shape.path;
        let got: String = self.arrived.segments.iter().map(|segment| format!("/{segment}")).collect();
        let expected = shape.shown();
        if !shape.matches(&self.arrived.segments) {
            self.rows.push(Row::new(Part::Path, "", RowVerdict::Differs).expected(expected).got(got));
            return;
        }
        let rendered = request.and_then(|request| url::Url::parse(request.url.reveal()).ok());
        let rendered = rendered.map(|url| super::shape::wire_segments(url.path()));
        let verdict = self.of_path(rendered.as_deref());
        let refused = self.path_values().find_map(|(pattern, got)| self.type_refused(pattern, got));
        let shown = |segments: Vec<String>| segments.iter().map(|segment| format!("/{segment}")).collect();
        let is_secret = self.carries_secret(request.map(|request| &request.url));
        let expected = rendered.filter(|_| !is_secret && refused.is_none()).map_or(expected, shown);
        let row = Row::new(Part::Path, "", verdict).expected(expected).got(got);
        self.rows.push(row.of_type(refused));
    }

    /// The patterns of the path, and what stands in them.
    fn path_values(&self) -> impl Iterator<Item = (&Pattern, &String)> {
        let path = &self.action.shape.path;
        path.segments.iter().zip(path.aligned(&self.arrived.segments).unwrap_or_default())
    }

    fn of_path(&self, rendered: Option<&[String]>) -> RowVerdict {
        let path = &self.action.shape.path;
        let expected = rendered.and_then(|segments| path.aligned(segments));
        let segment = |(index, (pattern, got)): (usize, (&Pattern, &String))| {
            let expected = expected.and_then(|expected| expected.get(index));
            self.of_text(pattern, expected.map(String::as_str), got)
        };
        let verdicts: Vec<RowVerdict> = self.path_values().enumerate().map(segment).collect();
        match () {
            () if verdicts.contains(&RowVerdict::Differs) => RowVerdict::Differs,
            () if rendered == Some(&self.arrived.segments) => RowVerdict::Holds,
            () if path.has_open_start || verdicts.contains(&RowVerdict::Varies) => RowVerdict::Varies,
            () => RowVerdict::Holds,
        }
    }

    fn carries_secret(&self, text: Option<&TaintedText>) -> bool {
        text.is_some_and(TaintedText::carries_secret)
    }

    fn query(&mut self, request: Option<&Request>) {
        let rendered = request.and_then(|request| url::Url::parse(request.url.reveal()).ok());
        let rendered: Vec<(String, String)> =
            rendered.map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default();
        let is_secret = self.carries_secret(request.map(|request| &request.url));
        let (action, mut got) = (self.action, self.arrived.query.clone());
        let own = if action.shape.path.has_open_start { self.of_prefix(&rendered, &mut got) } else { 0 };
        self.pairs(Part::Query, &action.shape.query, &rendered[own..], &got, is_secret);
    }

    /// Names and values of a query or a form, in any order of the names.
    fn pairs(
        &mut self,
        part: Part,
        patterns: &[(Pattern, Pattern)],
        rendered: &[(String, String)],
        got: &[(String, String)],
        is_secret: bool,
    ) {
        let mut taken = vec![false; got.len()];
        for (index, (name, pattern)) in patterns.iter().enumerate() {
            let expected = rendered.get(index).filter(|_| rendered.len() == patterns.len()).map(|(_, value)| value.as_str());
            let shown = if is_secret { pattern.shown() } else { expected.map_or(pattern.shown(), str::to_string) };
            let found = got.iter().enumerate().find(|(index, (known, _))| !taken[*index] && name.matches(known));
            let Some((index, (known, value))) = found else {
                self.rows.push(Row::new(part, name.shown(), RowVerdict::Differs).expected(shown).note("it is missing"));
                continue;
            };
            taken[index] = true;
            let verdict = self.of_text(pattern, expected, value);
            let has_secret = pattern.holes().any(|hole| matches!(hole.reads, Reads::Secret(_)));
            let refused = self.type_refused(pattern, value);
            let value = if has_secret { MASK } else { value };
            self.rows.push(Row::new(part, known, verdict).expected(shown).got(value).of_type(refused));
        }
        for ((name, value), _) in got.iter().zip(taken).filter(|(_, taken)| !taken) {
            self.rows.push(Row::new(part, name, RowVerdict::Differs).got(value).note("the action does not send it"));
        }
    }

    fn headers(&mut self, request: Option<&Request>) {
        let action = self.action;
        for (name, pattern) in &action.shape.headers {
            if name.eq_ignore_ascii_case("content-type") || action.takes_header(name) {
                continue;
            }
            let expected =
                request.and_then(|request| request.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)));
            let expected = expected.map(|(_, value)| value);
            // A wrong secret there is refused as one of the authentication.
            let carries_secret = expected.is_some_and(TaintedText::carries_secret);
            let part = if carries_secret { Part::Authentication } else { Part::Header };
            let row = self.header(part, name, pattern, expected);
            self.rows.push(row);
        }
    }

    /// One header that the action sends.
    fn header(&self, part: Part, name: &str, pattern: &Pattern, expected: Option<&TaintedText>) -> Row {
        let shown = expected.map_or(pattern.shown(), |expected| expected.masked().into_owned());
        let Some(got) = self.arrived.header(name) else {
            return Row::new(part, name, RowVerdict::Differs).expected(shown).note("it is missing");
        };
        let verdict = self.of_text(pattern, expected.map(|expected| expected.reveal().trim()), got.trim());
        let is_secret = expected.is_some_and(TaintedText::carries_secret);
        let got = if is_secret { masked_like(expected, got) } else { got.to_string() };
        Row::new(part, name, verdict).expected(shown).got(got)
    }

    /// Media types ignore case, and their parameters say how, not what.
    fn content_type(&mut self, request: Option<&Request>) {
        let is_content_type = |name: &str| name.eq_ignore_ascii_case("content-type");
        let expected = match request {
            Some(request) => request.headers.iter().find(|(name, _)| is_content_type(name)).map(|(_, value)| value.clone()),
            None => self.planned_content_type().map(TaintedText::plain),
        };
        let Some(expected) = expected else { return };
        let row = Row::new(Part::ContentType, "", RowVerdict::Differs).expected(expected.masked());
        let row = match self.arrived.header("content-type") {
            None => row.note("it is missing"),
            Some(got) => {
                let is_same = media_type(got).eq_ignore_ascii_case(media_type(expected.reveal()));
                Row { verdict: verdict(is_same), ..row.got(got) }
            }
        };
        self.rows.push(row);
    }

    fn body(&mut self, request: Option<&Request>) {
        let (action, arrived) = (self.action, self.arrived);
        let rendered = request.and_then(|request| request.body.as_ref());
        match &action.shape.body {
            BodyShape::None if arrived.request.body.is_empty() => {}
            BodyShape::None => {
                let got = format!("{} bytes", arrived.request.body.len());
                self.rows.push(Row::new(Part::Body, "", RowVerdict::Differs).expected("nothing").got(got));
            }
            // A body that the platform leaves out in this method.
            _ if request.is_some() && rendered.is_none() && arrived.request.body.is_empty() => {}
            BodyShape::Json(shape) => self.json_body(shape, rendered),
            BodyShape::Form(pairs) => {
                let read = |body: &TaintedText| url::form_urlencoded::parse(body.reveal().as_bytes()).into_owned().collect();
                let expected: Option<Vec<(String, String)>> = rendered.map(read);
                let is_secret = self.carries_secret(rendered);
                self.pairs(Part::Body, pairs, &expected.unwrap_or_default(), &arrived.form(), is_secret);
            }
            BodyShape::Xml(pattern) | BodyShape::Text(pattern) => self.text_body(pattern, rendered),
        }
    }

    /// An action whose inputs are not all there does not run.
    fn required(&mut self) {
        let is_null = |name: &AttributeName| self.recovered.attributes.get(name).is_some_and(|known| known.value.is_null());
        let missing = self.plan().request.required.iter().filter(|name| is_null(&name.value));
        let row = |name: &AttributeName| Row::new(Part::Body, name.to_string(), RowVerdict::Differs).expected("a value");
        let rows: Vec<Row> = missing.map(|name| row(&name.value).note("without it the action does not run")).collect();
        self.rows.extend(rows);
    }

    fn text_body(&mut self, pattern: &Pattern, rendered: Option<&TaintedText>) {
        let expected = rendered.map_or(pattern.shown(), |body| body.masked().into_owned());
        let row = Row::new(Part::Body, "", RowVerdict::Differs).expected(expected);
        let row = match self.arrived.text() {
            None => row.note("it is not UTF-8"),
            Some(got) => {
                let verdict = self.of_text(pattern, rendered.map(TaintedText::reveal), got);
                let got = if self.carries_secret(rendered) { MASK } else { got };
                Row { verdict, ..row.got(got) }
            }
        };
        self.rows.push(row);
    }

    fn json_body(&mut self, shape: &JsonShape, rendered: Option<&TaintedText>) {
        let Some(got) = self.arrived.json() else {
            // What the platform makes of some texts is no JSON.
            if rendered.is_some_and(|body| body.reveal().as_bytes() == self.arrived.request.body) {
                let row = Row::new(Part::Body, "", RowVerdict::Holds);
                return self.rows.push(row.note("it is no JSON, and nor is what the action sends"));
            }
            let what = if self.arrived.request.body.is_empty() { "nothing" } else { "no JSON" };
            self.rows.push(Row::new(Part::Body, "", RowVerdict::Differs).expected("JSON").got(what));
            return;
        };
        let real = rendered.and_then(|body| serde_json::from_str(body.reveal()).ok());
        let masked = rendered.and_then(|body| serde_json::from_str(&body.masked()).ok());
        let seen = Seen { real: real.as_ref(), masked: masked.as_ref() };
        self.json(shape, seen, got, String::new());
    }

    /// Nested as deep as the parser allows.
    fn json(&mut self, shape: &JsonShape, expected: Seen<'_>, got: &Json, path: String) {
        match (shape, got) {
            (JsonShape::Object(shapes), Json::Object(entries)) => self.object(shapes, expected, entries, &path),
            (JsonShape::Array(shapes), Json::Array(items)) => self.list(shapes, expected, items, path),
            (JsonShape::Object(_), got) => self.of_another_type("an object", got, path),
            (JsonShape::Array(_), got) => self.of_another_type("a list", got, path),
            (JsonShape::Constant(constant), got) => {
                let row = Row::new(Part::Body, path, verdict(same(constant, got)));
                self.rows.push(row.expected(constant.to_string()).got(got.to_string()));
            }
            (JsonShape::Text(pattern), Json::String(text)) => {
                let verdict = self.of_text(pattern, expected.real.and_then(Json::as_str), text);
                let row = Row::new(Part::Body, path, verdict).expected(expected.shown(&pattern.shown()));
                self.rows.push(row.got(expected.got(got)));
            }
            (JsonShape::Text(_), got) => self.of_another_type("a string", got, path),
            (JsonShape::Value(hole), got) => self.json_value(hole, expected, got, path),
        }
    }

    /// The platform leaves items out that it does not have.
    fn list(&mut self, shapes: &[JsonShape], expected: Seen<'_>, items: &[Json], path: String) {
        if let Some((kept, _)) = sent_items(self.plan(), shapes, items.len()) {
            let expected = expected.of_length(items.len());
            for (index, (shape, item)) in kept.into_iter().zip(items).enumerate() {
                self.json(shape, expected.item(index), item, format!("{path}[{index}]"));
            }
            return;
        }
        let fewest = shapes.iter().filter(|shape| !matches!(shape, JsonShape::Value(_))).count();
        let can_be = leaves_out(self.plan()) && (fewest..shapes.len()).contains(&items.len());
        let verdict = if can_be { RowVerdict::Varies } else { RowVerdict::Differs };
        let (all, got) = (format!("a list of {}", shapes.len()), format!("a list of {}", items.len()));
        self.rows.push(Row::new(Part::Body, path, verdict).expected(all).got(got));
    }

    fn object(
        &mut self,
        shapes: &[(Pattern, JsonShape)],
        expected: Seen<'_>,
        entries: &serde_json::Map<String, Json>,
        path: &str,
    ) {
        let mut known = Vec::with_capacity(shapes.len());
        for (key, shape) in shapes {
            let found = match key.as_literal() {
                Some(key) => entries.get_key_value(key),
                None => entries.iter().find(|(name, _)| !known.contains(&name.as_str()) && key.matches(name)),
            };
            match found {
                Some((name, value)) => {
                    known.push(name.as_str());
                    self.json(shape, expected.entry(name), value, key_path(path, name));
                }
                // The platform leaves a value out that it does not have.
                None if expected.real.is_some_and(|real| key.as_literal().is_some_and(|key| real.get(key).is_none())) => {}
                None => {
                    let row = Row::new(Part::Body, key_path(path, &key.shown()), RowVerdict::Differs);
                    self.rows.push(row.expected(shape.shown()).note("it is missing"));
                }
            }
        }
        for (name, value) in entries.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let row = Row::new(Part::Body, key_path(path, name), RowVerdict::Differs).got(value.to_string());
            self.rows.push(row.note("the action does not send it"));
        }
    }

    fn of_another_type(&mut self, expected: &str, got: &Json, path: String) {
        let row = Row::new(Part::Body, path, RowVerdict::Differs).expected(expected);
        self.rows.push(row.got(json_kind(got)));
    }

    /// A value with its type: one that the attribute can have, or null where it has none.
    fn json_value(&mut self, hole: &Hole, expected: Seen<'_>, got: &Json, path: String) {
        let row = Row::new(Part::Body, path, RowVerdict::Holds).got(expected.got(got));
        let name = if let Reads::Attribute(name) = &hole.reads { Some(name) } else { None };
        let declared = name.and_then(|name| attribute_type(self.plan(), name));
        let refused = declared.filter(|declared| !got.is_null() && !can_be(*declared, got));
        let row = match name {
            _ if refused.is_some() => Row { verdict: RowVerdict::Differs, ..row }.of_type(refused),
            _ if expected.real.is_some_and(|real| same(real, got)) => row.expected(expected.shown("")),
            Some(name) if !self.is_secret(hole) && self.is_source_of(name, got) => row.expected(hole.shown()),
            _ => {
                let verdict = self.of_value(hole, expected.real.is_some());
                Row { verdict, ..row.expected(expected.shown(&hole.shown())) }
            }
        };
        self.rows.push(row);
    }
}

/// A rendered value and its masked twin.
#[derive(Clone, Copy)]
struct Seen<'a> {
    real: Option<&'a Json>,
    masked: Option<&'a Json>,
}

impl<'a> Seen<'a> {
    fn entry(self, key: &str) -> Seen<'a> {
        Seen { real: self.real.and_then(|real| real.get(key)), masked: self.masked.and_then(|masked| masked.get(key)) }
    }

    fn item(self, index: usize) -> Seen<'a> {
        Seen { real: self.real.and_then(|real| real.get(index)), masked: self.masked.and_then(|masked| masked.get(index)) }
    }

    /// Only a list of this length.
    fn of_length(self, length: usize) -> Seen<'a> {
        let is_long = |json: &&Json| json.as_array().is_some_and(|items| items.len() == length);
        Seen { real: self.real.filter(is_long), masked: self.masked.filter(is_long) }
    }

    fn shown(self, otherwise: &str) -> String {
        self.masked.map_or_else(|| otherwise.to_string(), Json::to_string)
    }

    /// What came in the place of a secret is not shown.
    fn got(self, got: &Json) -> String {
        if self.real == self.masked { got.to_string() } else { MASK.to_string() }
    }
}

impl JsonShape {
    /// The shape for people.
    fn shown(&self) -> String {
        match self {
            JsonShape::Constant(constant) => constant.to_string(),
            JsonShape::Text(pattern) => format!("\"{}\"", pattern.shown()),
            JsonShape::Value(hole) => hole.shown(),
            JsonShape::Array(items) => format!("a list of {}", items.len()),
            JsonShape::Object(_) => "an object".to_string(),
        }
    }
}

fn verdict(holds: bool) -> RowVerdict {
    if holds { RowVerdict::Holds } else { RowVerdict::Differs }
}

/// Numbers by their value.
pub(super) fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => {
            one == other || ((one.is_f64() || other.is_f64()) && one.as_f64() == other.as_f64())
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len() && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| same(one, other)))
        }
        _ => one == other,
    }
}

fn media_type(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

/// What came where a secret is expected: the plain text before it, and the mask.
pub(super) fn masked_like(expected: Option<&TaintedText>, got: &str) -> String {
    let plain = expected.and_then(|expected| expected.pieces().next()).filter(|(_, is_secret)| !is_secret);
    match plain {
        Some((plain, _)) if got.starts_with(plain) => format!("{plain}{MASK}"),
        _ => MASK.to_string(),
    }
}
