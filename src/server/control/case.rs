//! An exchange as a case of its spec.

use serde_json::Value as Json;

use super::copies::{pairs, received};
use crate::case::{Answer, Case, Fault, Given, GivenAttribute, slug};
use crate::eval::{Hosts, planned};
use crate::mock::derive::{CASE_PARAMETER, Found, Recovered, Site};
use crate::plan::AttributeName;
use crate::run::wire_target;
use crate::spec::new_case::{self, NewAnswer, NewBody, NewCase};
use crate::spec::{given_value, parse_time};
use crate::value::MASK;

/// The case of an exchange, as the control API shows it: what it does not show is not in the case. `Err` says why there is none.
pub fn of(whole: &Json, site: &Site) -> Result<NewCase, String> {
    let spec = whole["spec"].as_str().ok_or("no action is served there, so there is no spec to have the case")?;
    if whole["purpose"] == "token" {
        return Err("the request asks for a token; a case is about a webhook".to_string());
    }
    let request = received(whole)?;
    let found = site.find(&request).filter(|found| found.action.id == spec);
    let found = found.ok_or_else(|| format!("`{spec}` is not served there any more"))?;
    let action = found.action;
    let named = |name: &str| action.cases.iter().find(|prepared| prepared.case.name.value == name);
    let answered = whole["case"].as_str().and_then(named).or(action.cases.first());
    let base = answered.map(|prepared| &prepared.case).ok_or("the spec has nothing that a case could be made of")?;
    Exchange { whole, recovered: action.recover(&found.arrived), base, found }.case()
}

struct Exchange<'e> {
    whole: &'e Json,
    /// The case that answered.
    base: &'e Case,
    found: Found<'e, 'e>,
    recovered: Recovered,
}

impl Exchange<'_> {
    fn case(&self) -> Result<NewCase, String> {
        let action = self.found.action;
        let (secrets, mut comments) = self.secrets();
        let clock = self.clock();
        let case = self.rendered(clock.now);
        let given = self.given(&case.given, &mut comments);
        let defaults = action.defaults.as_ref();
        if !clock.is_reproduced {
            comments.push("the request is another: not every value can be read back from it".to_string());
        }
        Ok(NewCase {
            name: self.name(),
            comments,
            now: time_text(clock.now),
            uuid: self.recovered.uuid.clone(),
            timezone: defaults.filter(|known| known.timezone != case.timezone).map(|_| case.timezone.clone()),
            given,
            naming: action.plan.naming,
            secrets,
            answer: self.answer()?,
            ..NewCase::default()
        })
    }

    /// Another than those that there are: cases are told apart by their slugs.
    fn name(&self) -> String {
        let id = &self.whole["id"];
        let base = match self.whole["case"].as_str() {
            Some(case) => format!("{case}, exchange {id}"),
            None => format!("exchange {id}"),
        };
        let is_free = |name: &String| {
            let new = slug(name);
            self.found.action.cases.iter().all(|prepared| prepared.case.slug != new)
        };
        let numbered = (2..).map(|number| format!("{base} ({number})"));
        std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or(base)
    }

    /// The secrets that nothing gives a value for tests, and what is to be said of all.
    fn secrets(&self) -> (Vec<String>, Vec<String>) {
        let action = self.found.action;
        let attributes = action.plan.secret_attributes.iter().map(|name| name.full().to_string());
        let used = action.plan.used_secrets();
        let named: Vec<String> = used.iter().map(|name| format!("`secret.{name}`")).collect();
        let named: Vec<String> = named.into_iter().chain(attributes.map(|name| format!("`{name}`"))).collect();
        let given = |name: &str| action.defaults.as_ref().is_some_and(|defaults| defaults.given.secret(name).is_some());
        let is_declared = |name: &str| action.declared_secrets.iter().any(|known| known == name);
        let lacking = used.into_iter().filter(|name| !is_declared(name) && !given(name)).map(str::to_string);
        let comment = format!("the values of secrets are not those of the exchange: {}", named.join(", "));
        (lacking.collect(), if named.is_empty() { Vec::new() } else { vec![comment] })
    }

    /// What the case that answered gives, with what the request says in its place.
    fn given(&self, given: &Given, comments: &mut Vec<String>) -> Vec<(AttributeName, Json)> {
        let action = self.found.action;
        let mut written = Vec::new();
        for attribute in given.attributes.iter() {
            let (name, json) = (&attribute.name, attribute.value.to_json());
            let is_default =
                action.defaults.as_ref().and_then(|defaults| defaults.given.attribute(name)) == Some(&attribute.value);
            if is_default || self.is_secret(attribute) {
                continue;
            }
            match json.is_null() || new_case::can_hold(&json) {
                true => written.push((name.clone(), json)),
                false => comments.push(format!("the value of `{name}` cannot be written in TOML")),
            }
        }
        written
    }

    fn is_secret(&self, attribute: &GivenAttribute) -> bool {
        attribute.value.is_secret()
            || self.found.action.plan.secret_attributes.contains(&attribute.name)
            || attribute.value.to_json().to_string().contains(MASK)
    }

    /// The case as it would be rendered at a time.
    fn rendered(&self, (now, microseconds): (i64, u32)) -> Case {
        let mut case = self.base.clone();
        (case.now, case.microseconds) = (now, microseconds);
        case.uuid = self.recovered.uuid.clone().unwrap_or(case.uuid);
        for attribute in self.recovered.attributes.iter().filter(|attribute| !self.is_secret(attribute)) {
            let declared = self.found.action.plan.attribute_type(&attribute.name);
            let value = given_value(declared, attribute.value.to_json());
            case.given.attributes.put(GivenAttribute { value, ..attribute.clone() });
        }
        case
    }

    /// The time at which the case makes the request: what it says, the case's own, or when it came.
    fn clock(&self) -> Clock {
        let own = (self.base.now, self.base.microseconds);
        let came = self.whole["at"].as_str().and_then(parse_time);
        let said = self.recovered.timestamp_seconds.map(|seconds| (seconds, 0));
        let times: Vec<(i64, u32)> = said.into_iter().chain([own]).chain(came).collect();
        match times.iter().find(|now| self.is_reproduced_at(**now)) {
            Some(now) => Clock { now: *now, is_reproduced: true },
            None => Clock { now: times.first().copied().unwrap_or_default(), is_reproduced: false },
        }
    }

    /// Whether the case makes the request that came, but for what is masked.
    fn is_reproduced_at(&self, now: (i64, u32)) -> bool {
        let action = self.found.action;
        let exchange = planned(&action.plan, &self.rendered(now), &action.declared_secrets, Hosts::AsWritten);
        let Some(request) = &exchange.request else { return false };
        let net = exchange.net();
        let target = wire_target(request.url.reveal()).map(|target| net.mask(&target)).unwrap_or_default();
        let body = request.body.as_ref().map(|body| net.mask(body.reveal())).unwrap_or_default();
        let came = self.found.arrived.request;
        request.method == came.method
            && target == without_case(self.found.arrived.target())
            && same_body(body.as_bytes(), &came.body)
    }

    /// What was answered; `None` where the case has no reply.
    fn answer(&self) -> Result<Option<NewAnswer>, String> {
        let defaults = self.found.action.defaults.as_ref();
        let over_defaults = defaults.is_some_and(|defaults| !matches!(defaults.answer, Answer::Unspecified));
        let over_template = defaults.is_some_and(|defaults| defaults.reply_template.is_some());
        if let Some(name) = self.whole["fault"].as_str() {
            let fault = Fault::NAMES.iter().find(|(known, _)| *known == name).map(|(_, fault)| *fault);
            return fault.map(|fault| Some(NewAnswer::Fault(fault))).ok_or(format!("no case can have the fault `{name}`"));
        }
        let reply = &self.whole["reply"];
        let is_nothing = matches!(self.base.answer, Answer::Unspecified);
        if reply.is_null() || (is_nothing && self.whole["status"] == 204) {
            return Ok(None);
        }
        if reply["cut"] == true {
            return Err("the reply's body is longer than the log keeps".to_string());
        }
        let Some(body) = reply["body"].as_str() else {
            return Err("the reply's body is not text, and belongs into a file beside the spec".to_string());
        };
        let status = self.whole["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        let status = status.filter(|status| (200..600).contains(status)).ok_or("no case can have the reply's status")?;
        let body_written = NewBody::of(body.as_bytes()).unwrap_or_else(|| NewBody::Text(body.to_string()));
        let headers = new_case::kept_headers(&pairs(&reply["headers"]), &body_written, body.as_bytes());
        Ok(Some(NewAnswer::Reply { status, headers, body: body_written, over_defaults, over_template }))
    }
}

struct Clock {
    now: (i64, u32),
    is_reproduced: bool,
}

/// RFC 3339.
fn time_text((seconds, microseconds): (i64, u32)) -> Option<String> {
    let nanoseconds = i32::try_from(microseconds).ok()?.checked_mul(1000)?;
    jiff::Timestamp::new(seconds, nanoseconds).ok().map(|timestamp| timestamp.to_string())
}

/// The target without the parameter that chose the case.
pub fn without_case(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else { return target.to_string() };
    let is_other = |pair: &&str| pair.split('=').next() != Some(CASE_PARAMETER);
    let kept: Vec<&str> = query.split('&').filter(is_other).collect();
    if kept.is_empty() { path.to_string() } else { format!("{path}?{}", kept.join("&")) }
}

/// Byte for byte, or as JSON.
fn same_body(planned: &[u8], came: &[u8]) -> bool {
    let json = |bytes: &[u8]| serde_json::from_slice::<Json>(bytes).ok();
    planned == came || json(planned).is_some_and(|planned| json(came) == Some(planned))
}
