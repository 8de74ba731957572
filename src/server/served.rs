//! What is served at one moment: the site, its replies ready to be sent, and what is counted of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use percent_encoding::{CONTROLS, utf8_percent_encode};
use serde_json::{Value as Json, json};

use crate::case::{Answer, Fault, Reply};
use crate::eval::oauth2::token;
use crate::eval::{Record, SecretValues};
use crate::mock::derive::{Mocked, Site};
use crate::run::is_framing;

/// The site and what belongs to it.
pub struct Served {
    pub site: Site,
    /// By action and case.
    pub answers: Vec<Vec<Ready>>,
    /// The secrets of all actions, for the net that looks for them in finished text: a client may send one anywhere.
    pub secrets: Arc<SecretValues>,
    /// By action and case: how many requests it answered.
    pub counts: Vec<Vec<AtomicU64>>,
    /// By action: how many requests its sequence answered.
    pub steps: Vec<AtomicUsize>,
}

/// What a case answers, ready to be sent.
#[derive(Clone, Debug)]
pub struct Ready {
    pub answer: Result<Arc<ReadyReply>, Fault>,
    /// The case's name as a header value.
    pub name: HeaderValue,
}

/// A reply, ready to be sent.
#[derive(Debug)]
pub struct ReadyReply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub delay_milliseconds: u64,
}

impl ReadyReply {
    pub fn of(reply: &Reply) -> ReadyReply {
        let mut headers = HeaderMap::with_capacity(reply.headers.len() + 4);
        for (name, value) in reply.headers.iter().filter(|(name, _)| !is_framing(name)) {
            // Names and values were checked when the spec was read.
            if let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_bytes()))
            {
                headers.append(name, value);
            }
        }
        ReadyReply {
            status: StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers,
            body: Bytes::from(reply.body.clone()),
            delay_milliseconds: reply.delay_milliseconds,
        }
    }

    /// 204, where a case has no reply: as in tests.
    pub fn nothing() -> ReadyReply {
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        ReadyReply { status: StatusCode::NO_CONTENT, headers, body, delay_milliseconds: 0 }
    }

    pub fn json(status: StatusCode, json: &Json) -> ReadyReply {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        let mut body = serde_json::to_string_pretty(json).unwrap_or_default();
        body.push('\n');
        ReadyReply { status, headers, body: Bytes::from(body), delay_milliseconds: 0 }
    }
}

impl Served {
    pub fn new(site: Site) -> Served {
        let answers = site.actions.iter().map(|action| action.cases.iter().map(|prepared| ready(&prepared.case)).collect());
        let mut secrets = SecretValues::default();
        site.actions.iter().for_each(|action| secrets.extend(&secrets_of(action)));
        let counts = site.actions.iter().map(|action| action.cases.iter().map(|_| AtomicU64::new(0)).collect()).collect();
        let steps = site.actions.iter().map(|_| AtomicUsize::new(0)).collect();
        Served { answers: answers.collect(), secrets: Arc::new(secrets), counts, steps, site }
    }

    /// What was counted before, for the actions and cases that still have their names.
    pub fn take_counts(&mut self, before: &Served) {
        let names: HashMap<&str, usize> =
            before.site.actions.iter().enumerate().map(|(index, action)| (action.id.as_str(), index)).collect();
        for (index, action) in self.site.actions.iter().enumerate() {
            let Some(old) = names.get(action.id.as_str()).copied() else { continue };
            self.steps[index].store(before.steps[old].load(Ordering::Relaxed), Ordering::Relaxed);
            for (case, prepared) in action.cases.iter().enumerate() {
                let same = |known: &crate::mock::derive::Prepared| known.case.name.value == prepared.case.name.value;
                if let Some(known) = before.site.actions[old].cases.iter().position(same) {
                    let count = before.counts[old][known].load(Ordering::Relaxed);
                    self.counts[index][case].store(count, Ordering::Relaxed);
                }
            }
        }
    }

    pub fn forget_counts(&self) {
        self.counts.iter().flatten().for_each(|count| count.store(0, Ordering::Relaxed));
        self.steps.iter().for_each(|step| step.store(0, Ordering::Relaxed));
    }

    /// Every action with where it is served.
    pub fn actions(&self, url: &str) -> Vec<Json> {
        let action = |action: &Mocked| {
            let cases: Vec<&str> = action.cases.iter().map(|prepared| prepared.case.name.value.as_str()).collect();
            let first = action.cases.iter().find_map(|prepared| prepared.exchange.request.as_ref());
            json!({
                "spec": action.id,
                "file": action.path,
                "name": action.plan.name.value,
                "method": action.plan.request.method.value,
                "path": action.served_path(),
                "url": format!("{url}{}", action.served_path()),
                "original_url": first.map(|request| request.url.masked()),
                "cases": cases,
            })
        };
        self.site.actions.iter().map(action).collect()
    }
}

/// An answer, ready to be sent.
pub fn ready_answer(answer: &Answer) -> Result<Arc<ReadyReply>, Fault> {
    match answer {
        Answer::Reply(reply) => Ok(Arc::new(ReadyReply::of(reply))),
        Answer::Unspecified => Ok(Arc::new(ReadyReply::nothing())),
        Answer::Fault(fault) => Err(*fault),
    }
}

fn ready(case: &crate::case::Case) -> Ready {
    let name = utf8_percent_encode(&case.name.value, CONTROLS).to_string();
    Ready { answer: ready_answer(&case.answer), name: HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("")) }
}

fn secrets_of(action: &Mocked) -> SecretValues {
    let mut secrets = SecretValues::default();
    for prepared in &action.cases {
        secrets.extend(&prepared.exchange.net());
        if let Some(Answer::Reply(reply)) = &prepared.case.token_answer {
            let record = Record::default();
            // What it means is no matter here: the record learns the tokens in it.
            let _ = token(reply, &action.plan.assumptions, &record);
            secrets.extend(&record.secrets.borrow());
        }
    }
    secrets
}
