//! What a request tells of the clock, the id and the variables that its authentication is made of, and what it does not.

use std::collections::HashSet;

use super::super::arrived::Arrived;
use super::super::pattern::Pattern;
use super::super::recover::Recovered;
use super::header::Parts;
use super::{Mocked, same};
use crate::case::{Case, Given};
use crate::eval::{Inputs, authentication_headers_of};
use crate::filter::seconds_of_date;
use crate::plan::{
    AttributeName, AuthValue, Expression, FilterUse, HeaderAuthentication, HeaderPlan, LONGEST_CHAIN, RequestPart, Text,
    TextPiece, ValueSource,
};

/// Longer texts are no dates.
const LONGEST_DATE: usize = 64;

/// What a request tells.
pub(super) struct Told<'a> {
    pub action: &'a Mocked,
    case: &'a Case,
    given: Given,
    recovered: &'a Recovered,
    uuid: Option<String>,
    seconds: Option<i64>,
    microseconds: Option<u32>,
    /// Variables that are told themselves, while what they are made of is not.
    pub variables: Vec<(String, String)>,
    has_headers: bool,
}

/// What stands in a header in the place of a value.
struct Capture<'a> {
    expression: &'a Expression,
    text: String,
    /// Whether there is no other value in the header, so that its ends are certain.
    is_alone: bool,
}

impl<'a> Told<'a> {
    pub fn of(
        action: &'a Mocked,
        case: &'a Case,
        recovered: &'a Recovered,
        arrived: &Arrived<'_>,
        parts: &Parts<'_>,
        header: &'a HeaderAuthentication,
    ) -> Told<'a> {
        let mut told = Told {
            action,
            case,
            given: recovered.over(&case.given),
            recovered,
            uuid: None,
            seconds: None,
            microseconds: None,
            variables: Vec::new(),
            has_headers: parts.has_headers,
        };
        let captures: Vec<Capture<'a>> = header.headers.iter().flat_map(|plan| captures(plan, arrived)).collect();
        captures.iter().for_each(|capture| told.take(capture));
        told.read_dates(arrived, parts, header);
        told.free_variables(&captures);
        told
    }

    pub fn inputs(&self) -> Inputs<'_> {
        let own = Inputs::of_case(self.case, &self.action.declared_secrets);
        Inputs {
            given: &self.given,
            uuid: self.uuid.as_deref().unwrap_or(own.uuid),
            now: self.seconds.unwrap_or(own.now),
            microseconds: self.microseconds.unwrap_or(own.microseconds),
            ..own
        }
    }

    /// Takes an id or a time that stands there as it is, under its own name or that of a variable.
    fn take(&mut self, capture: &Capture<'a>) {
        let Some(source) = self.lone_source(capture.expression) else { return };
        let text = capture.text.as_str();
        match source {
            ValueSource::Uuid if self.uuid.is_none() && (capture.is_alone || is_uuid(text)) => {
                self.uuid = Some(text.to_string());
            }
            ValueSource::TimestampSeconds if self.seconds.is_none() => self.seconds = text.parse().ok(),
            ValueSource::TimestampMicroseconds => self.take_microseconds(text),
            _ => {}
        }
    }

    /// Microseconds since 1970, or seconds with six digits behind the point.
    fn take_microseconds(&mut self, text: &str) {
        const IN_A_SECOND: i64 = 1_000_000;
        let Ok(all) = text.replacen('.', "", 1).parse::<i64>() else { return };
        self.seconds = self.seconds.or(Some(all.div_euclid(IN_A_SECOND)));
        self.microseconds = u32::try_from(all.rem_euclid(IN_A_SECOND)).ok();
    }

    /// What an expression without filters stands for in the end: variables may name other variables.
    fn lone_source(&self, expression: &'a Expression) -> Option<&'a ValueSource> {
        let mut expression = expression;
        for _ in 0..LONGEST_CHAIN {
            if !expression.path.is_empty() || !expression.filters.is_empty() {
                return None;
            }
            let Some(variable) = self.variable_of(&expression.source) else { return Some(&expression.source) };
            let AuthValue::Text(text) = &self.action.plan.variable(variable)?.value else { return None };
            expression = text.lone()?;
        }
        None
    }

    /// The variable that a source is: one may hide a value that is built in.
    fn variable_of<'s>(&self, source: &'s ValueSource) -> Option<&'s str> {
        let name = match source {
            ValueSource::Variable(name) => return Some(name),
            ValueSource::Uuid => "uuid",
            ValueSource::TimestampSeconds => "timestamp",
            ValueSource::TimestampMicroseconds => "timestamp_micro",
            _ => return None,
        };
        self.action.plan.variable(name).map(|_| name)
    }

    /// A time that stands in a header by itself in some form, to the second: it is the one that gives the same text.
    fn read_dates(&mut self, arrived: &Arrived<'_>, parts: &Parts<'_>, header: &'a HeaderAuthentication) {
        let Some(url) = parts.urls.first().filter(|_| self.seconds.is_none()) else { return };
        for (index, plan) in header.headers.iter().enumerate() {
            let (Some(capture), Some(got)) = (alone(plan, arrived), arrived.header(&plan.name.value)) else { continue };
            if capture.text.len() > LONGEST_DATE || self.unknown_of(&plan.value) != [CLOCK] {
                continue;
            }
            let Some(seconds) = seconds_of_date(&capture.text) else { continue };
            let is_told_by = |seconds: i64| {
                let inputs = Inputs { now: seconds, ..self.inputs() };
                let made = authentication_headers_of(&self.action.plan, &inputs, &parts.with_url(url), &[]);
                made.get(index)
                    .is_some_and(|made| made.as_ref().is_ok_and(|(_, value)| same(value.reveal().trim(), got.trim())))
            };
            if is_told_by(seconds) && !is_told_by(seconds.saturating_add(1)) {
                self.seconds = Some(seconds);
                return;
            }
        }
    }

    /// Takes the variables that nothing else gives, those first that others are made of.
    fn free_variables(&mut self, captures: &[Capture<'a>]) {
        let candidates: Vec<(&'a str, &str)> = captures
            .iter()
            .filter(|capture| capture.expression.path.is_empty() && capture.expression.filters.is_empty())
            .filter_map(|capture| Some((self.variable_of(&capture.expression.source)?, capture.text.as_str())))
            .collect();
        // One in each round, and no more rounds than there are.
        for _ in 0..candidates.len() {
            let is_open = |name: &str| {
                let mut walk = Walk::default();
                self.walk_variable(name, &mut walk);
                let needs_another = candidates.iter().any(|(other, _)| {
                    *other != name && walk.variables.contains(other) && !self.unknown_of_variable(other).is_empty()
                });
                !walk.unknown.is_empty() && !needs_another
            };
            let Some((name, text)) = candidates.iter().find(|(name, _)| !self.is_taken(name) && is_open(name)) else {
                return;
            };
            self.variables.push((name.to_string(), text.to_string()));
        }
    }

    fn is_taken(&self, name: &str) -> bool {
        self.variables.iter().any(|(known, _)| known == name)
    }

    /// Whether a header holds nothing but what was taken from it, so that it proves nothing.
    pub fn takes_from(&self, plan: &HeaderPlan) -> bool {
        let mut expressions = plan.value.expressions().peekable();
        let is_taken =
            |expression: &Expression| self.variable_of(&expression.source).is_some_and(|name| self.is_taken(name));
        expressions.any(is_taken)
    }

    /// What a text is made of that the request does not tell, each once.
    pub fn unknown_of(&self, text: &Text) -> Vec<String> {
        let mut walk = Walk::default();
        self.walk_text(text, &mut walk);
        // What a taken variable is made of is still not known.
        for expression in text.expressions() {
            if let Some(name) = self.variable_of(&expression.source).filter(|name| self.is_taken(name)) {
                walk.unknown.extend(self.unknown_of_variable(name));
            }
        }
        walk.unknown.sort();
        walk.unknown.dedup();
        walk.unknown
    }

    fn unknown_of_variable(&self, name: &str) -> Vec<String> {
        let mut walk = Walk::default();
        self.walk_variable(name, &mut walk);
        walk.unknown
    }

    /// The parts of the request that a text is made of, in words.
    pub fn made_of(&self, text: &Text) -> Option<String> {
        let mut walk = Walk::default();
        self.walk_text(text, &mut walk);
        walk.parts.sort_unstable();
        walk.parts.dedup();
        (!walk.parts.is_empty())
            .then(|| format!("it is made anew of the secret and of what arrived: {}", walk.parts.join(", ")))
    }

    fn walk_text<'t>(&'t self, text: &'t Text, walk: &mut Walk<'t>) {
        for expression in text.expressions().flat_map(Expression::with_arguments) {
            if expression.filters.iter().any(has_zone_of_user) {
                walk.unknown.push("the end user's time zone".to_string());
            }
            self.walk_source(&expression.source, walk);
        }
    }

    fn walk_source<'t>(&'t self, source: &'t ValueSource, walk: &mut Walk<'t>) {
        if let Some(name) = self.variable_of(source) {
            if !self.is_taken(name) && walk.variables.insert(name) {
                self.walk_variable(name, walk);
            }
            return;
        }
        match source {
            ValueSource::Attribute(name) => self.walk_attribute(name, walk),
            ValueSource::UnknownContext { attribute, .. } => {
                self.walk_attribute(&AttributeName::new(self.action.plan.default_context, attribute), walk);
            }
            ValueSource::Uuid if self.uuid.is_none() => walk.unknown.push("`_auth.uuid`".to_string()),
            ValueSource::TimestampSeconds if self.seconds.is_none() => walk.unknown.push(CLOCK.to_string()),
            ValueSource::TimestampMicroseconds if self.microseconds.is_none() => {
                walk.unknown.push("`_auth.timestamp_micro`".to_string());
            }
            ValueSource::Request(RequestPart::Headers) if !self.has_headers => {
                walk.unknown.push("`_webhook.headers`".to_string());
            }
            ValueSource::Request(part) => walk.parts.push(part.name()),
            _ => {}
        }
    }

    fn walk_attribute(&self, name: &AttributeName, walk: &mut Walk<'_>) {
        let plan = &self.action.plan;
        let is_known = self.recovered.attributes.get(name).is_some() || plan.trusted_contexts.contains(&name.context());
        if !is_known && !plan.secret_attributes.contains(name) {
            walk.unknown.push(format!("`{name}`"));
        }
    }

    /// Each variable once, so cycles and long chains end.
    fn walk_variable<'t>(&'t self, name: &str, walk: &mut Walk<'t>) {
        if walk.depth >= LONGEST_CHAIN {
            return;
        }
        walk.depth += 1;
        let texts = self.action.plan.variable(name).map(|variable| variable.value.texts()).unwrap_or_default();
        texts.into_iter().for_each(|text| self.walk_text(text, walk));
        walk.depth -= 1;
    }
}

/// The clock in messages.
const CLOCK: &str = "`_auth.timestamp`";

/// What a text is made of.
#[derive(Default)]
struct Walk<'t> {
    unknown: Vec<String>,
    parts: Vec<&'static str>,
    variables: HashSet<&'t str>,
    depth: usize,
}

/// `format_date` without a zone takes that of the end user's browser.
fn has_zone_of_user(filter: &FilterUse) -> bool {
    matches!(filter, FilterUse::Known { filter, arguments, .. } if filter.name == "format_date" && arguments.len() < 2)
}

fn captures<'a>(plan: &'a HeaderPlan, arrived: &Arrived<'_>) -> Vec<Capture<'a>> {
    let pattern = Pattern::of_text(&plan.value).trimmed();
    let captures = arrived.header(&plan.name.value).and_then(|got| pattern.captures(got.trim())).unwrap_or_default();
    let is_alone = captures.len() == 1;
    let values = plan.value.pieces.iter().filter(|piece| piece.literal().is_none());
    let capture = |(piece, (_, text)): (&'a TextPiece, (_, Option<&str>))| match piece {
        TextPiece::Value(expression) => Some(Capture { expression, text: text?.to_string(), is_alone }),
        _ => None,
    };
    values.zip(captures).filter_map(capture).collect()
}

fn alone<'a>(plan: &'a HeaderPlan, arrived: &Arrived<'_>) -> Option<Capture<'a>> {
    captures(plan, arrived).into_iter().next().filter(|capture| capture.is_alone)
}

/// RFC 9562, section 4.
fn is_uuid(text: &str) -> bool {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let groups: Vec<&str> = text.split('-').collect();
    let is_hex = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.iter().map(|group| group.len()).eq(GROUPS) && groups.iter().all(is_hex)
}
