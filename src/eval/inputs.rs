//! What an evaluation is given, and what it notes on its way.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeSet, HashSet};
use std::fmt;

use crate::assumption::Assumptions;
use crate::case::{Case, Given};
use crate::plan::{AttributeName, NameTable, Plan};
use crate::value::{Json, MASK, Value};

use super::{ErrorKind, Exchange, Failure, Outcome, SecretValues};

/// The values, the clock and the id of one run. Everything that could differ from run to run enters here.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    pub given: &'a Given,
    /// Unix time in seconds.
    pub now: i64,
    /// Microseconds past `now`.
    pub microseconds: u32,
    /// The end user's time zone.
    pub timezone: &'a str,
    pub uuid: &'a str,
    pub secrets: SecretPolicy<'a>,
    pub hosts: Hosts<'a>,
}

/// What stands in the place of the hosts that a spec names.
#[derive(Clone, Copy, Debug)]
pub enum Hosts<'a> {
    AsWritten,
    /// A host (with its port) of the specs, and the scheme, host and port in its place.
    Environment(&'a [(String, String)]),
    /// The scheme, host and port in the place of the action's host; the token endpoint goes there too where it has the same
    /// host.
    Base(&'a str),
}

/// What stands for a secret without a value.
#[derive(Clone, Copy, Debug)]
pub enum SecretPolicy<'a> {
    /// `test-<name>` for a declared one; any other is missing.
    Placeholders { declared: &'a [String] },
    /// Nothing: it is missing. Real values were looked for in these places.
    Real(&'a SecretPlaces),
    /// Nothing: a template on its own.
    Absent,
}

/// Where the real values of secrets were looked for.
#[derive(Clone, Debug, Default)]
pub struct SecretPlaces {
    /// What the environment variables begin with.
    pub env_prefix: String,
    /// The secrets that the manifest declares: each has a variable of its own.
    pub declared: Vec<String>,
    /// The secrets file, and what came of reading it: ``the file `.hookwright-secrets.toml` (there is none)``.
    pub file: String,
}

impl SecretPlaces {
    /// The environment variable of a secret: the prefix, then the name in upper case with `_` for other than letters and
    /// digits.
    pub fn variable(&self, secret: &str) -> String {
        let name = secret.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
        self.env_prefix.chars().chain(name).collect()
    }

    /// The environment variable that holds the path of a file with the secret; none where that is the variable of another
    /// secret: `api_key_file` beside `api_key`.
    pub fn variable_of_a_file(&self, secret: &str) -> Option<String> {
        let variable = format!("{}_FILE", self.variable(secret));
        let is_anothers = self.declared.iter().any(|declared| self.variable(declared) == variable);
        (!is_anothers).then_some(variable)
    }

    /// What was looked at for a secret, in words.
    pub fn looked_at(&self, secret: &str) -> String {
        let variable = self.variable(secret);
        match self.variable_of_a_file(secret) {
            Some(of_a_file) => format!("the environment variables `{variable}` and `{of_a_file}` and at {}", self.file),
            None => format!("the environment variable `{variable}` and at {}", self.file),
        }
    }
}

/// What an evaluation notes.
#[derive(Default)]
pub struct Record {
    /// The assumptions that mattered.
    pub occurred: RefCell<BTreeSet<&'static str>>,
    /// What the platform would log.
    pub log: RefCell<Vec<String>>,
    /// What was read, by full name, in the order read.
    pub read: RefCell<Read>,
    pub secrets: RefCell<SecretValues>,
    /// What the platform would only log and a strict evaluation refuses.
    pub faults: RefCell<Vec<TemplateFault>>,
    /// The names that have values, once a text was looked through for them.
    pub(super) variables: OnceCell<NameTable>,
    /// What the state held before that a reply may change.
    pub(super) before: RefCell<Vec<(AttributeName, Value)>>,
    /// The bytes of all values so far.
    evaluated: Cell<usize>,
}

/// One exchange evaluates values of this many bytes in all, those between two filters included; with more it is refused.
pub const MAX_EVALUATED_BYTES: usize = 128 * 1024 * 1024;

/// A filter or function that is unknown or could not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    /// The lint that finds it before anything runs.
    pub lint: &'static str,
    pub message: String,
}

/// What was read, each name once. A body may read a hundred thousand names; most read a handful, among which a search is
/// quickest.
#[derive(Debug, Default)]
pub struct Read {
    values: Vec<(String, Value)>,
    /// The names, once there are more than a few.
    names: HashSet<String>,
}

impl Read {
    const FEW: usize = 16;

    fn note(&mut self, name: &str, value: &Value) {
        if self.knows(name) {
            return;
        }
        self.values.push((name.to_string(), value.clone()));
        if self.values.len() > Read::FEW {
            self.names.extend(self.values[self.names.len()..].iter().map(|(name, _)| name.clone()));
        }
    }

    /// Each name with its value, secrets masked.
    pub fn masked(&self) -> Vec<String> {
        self.values.iter().map(|(name, value)| format!("{name} = {}", value.to_masked_json())).collect()
    }

    fn knows(&self, name: &str) -> bool {
        match self.values.len() {
            0..=Read::FEW => self.values.iter().any(|(known, _)| known == name),
            _ => self.names.contains(name),
        }
    }
}

/// Through the net: log lines quote servers.
impl fmt::Debug for Record {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noted = (&self.occurred, &self.log, &self.read, &self.faults, self.evaluated.get());
        formatter.write_str(&self.secrets.borrow().mask(&format!("Record {noted:?}")))
    }
}

impl Record {
    /// A record that knows the secrets given.
    pub fn of(given: &Given) -> Record {
        let record = Record::default();
        for secret in &given.secrets {
            record.secrets.borrow_mut().insert(secret.value.reveal());
        }
        record
    }

    /// The exchange with what was noted on its way.
    pub fn into_exchange(self, plan: &Plan, exchange: Exchange) -> Exchange {
        let log = self.log.into_inner();
        Exchange {
            outcome: exchange.outcome.map(|outcome| Outcome { log, ..outcome }),
            assumptions: plan.assumptions.report(&self.occurred.borrow()),
            variables: self.read.into_inner().values,
            secret_values: self.secrets.into_inner(),
            ..exchange
        }
    }

    /// The choice for an open point that has come up.
    pub fn assume<'a>(&self, assumptions: &'a Assumptions, name: &'static str) -> &'a str {
        if assumptions.has(name) {
            self.occurred.borrow_mut().insert(name);
        }
        assumptions.get(name)
    }

    /// Counts the bytes of a value.
    pub fn charge(&self, bytes: usize) -> Result<(), Failure> {
        self.evaluated.set(self.evaluated.get().saturating_add(bytes));
        if self.evaluated.get() <= MAX_EVALUATED_BYTES {
            return Ok(());
        }
        let message = format!("the values of the action come to more than the limit of {MAX_EVALUATED_BYTES} bytes");
        Err(Failure::new(ErrorKind::InvalidBody, message))
    }

    pub fn log(&self, message: impl Into<String>) {
        self.log.borrow_mut().push(message.into());
    }

    pub fn note_read(&self, name: &str, value: &Value) {
        self.read.borrow_mut().note(name, value);
    }
}

impl<'a> Inputs<'a> {
    /// A case's own values, clock and ids.
    pub fn of_case(case: &'a Case, declared_secrets: &'a [String]) -> Inputs<'a> {
        Inputs {
            given: &case.given,
            now: case.now,
            microseconds: case.microseconds,
            timezone: &case.timezone,
            uuid: &case.uuid,
            secrets: SecretPolicy::Placeholders { declared: declared_secrets },
            hosts: Hosts::AsWritten,
        }
    }

    /// What is really sent for a secret attribute is no mask, which is all that a saved case has of it.
    pub fn refuse_mask(&self, name: &AttributeName, value: &Value) -> Result<(), Failure> {
        let SecretPolicy::Real(places) = self.secrets else { return Ok(()) };
        if !has_mask(&value.to_json()) {
            return Ok(());
        }
        let looked_at = places.looked_at(name.attribute());
        let message = format!(
            "the secret attribute `{name}` has no real value: give it with `--given {name}=…`; looked at {looked_at}"
        );
        Err(Failure::new(ErrorKind::SecretMissing, message))
    }

    /// The value of a secret, registered with the net that looks for it in finished text.
    pub fn secret(&self, name: &str, record: &Record) -> Result<Value, Failure> {
        let value = match (self.given.secret(name), self.secrets) {
            (Some(text), _) => Value::secret(text.reveal()),
            (None, SecretPolicy::Placeholders { declared }) if declared.iter().any(|known| known == name) => {
                Value::secret(format!("test-{name}"))
            }
            (None, SecretPolicy::Absent) => return Ok(Value::NULL),
            (None, SecretPolicy::Real(places)) => {
                let message = format!("the secret `{name}` has no value: looked at {}", places.looked_at(name));
                return Err(Failure::new(ErrorKind::SecretMissing, message));
            }
            (None, _) => {
                let message = format!(
                    "the secret `{name}` has no value: declare it under `[secrets] names` in the manifest, or give it in `given.secret`"
                );
                return Err(Failure::new(ErrorKind::SecretMissing, message));
            }
        };
        if let Some(text) = value.as_str() {
            record.secrets.borrow_mut().insert(text);
        }
        Ok(value)
    }
}

/// Whether a text in it is nothing but the mask. Nested as deep as the parsers allow.
fn has_mask(json: &Json) -> bool {
    match json {
        Json::String(text) => text == MASK,
        Json::Array(items) => items.iter().any(has_mask),
        Json::Object(entries) => entries.values().any(has_mask),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}
