//! What lowering is the same in, whatever the dialect: the opening, the keys that every action has, the plain parts of a plan.

use super::Dialect;
use crate::assumption::Assumptions;
use crate::case::Case;
use crate::diagnostic::{Diagnostic, Edit, nearest};
use crate::plan::{Authentication, ByName, Declaration, OutcomePlan, Plan, RequestPlan, SecretPlace};
use crate::source::{Mapped, Sources, Span, Spanned};
use crate::spec::lints::missing_key;
use crate::spec::{Contexts, Node, Reading, Table, first_key};

/// The plan of a spec as far as it could be read, and in one line why it cannot run, if so.
pub struct Lowered {
    pub plan: Option<Plan>,
    pub not_runnable: Option<String>,
}

impl Lowered {
    /// Of a spec in which there is nothing to read.
    pub fn nothing(why: &str) -> Lowered {
        Lowered { plan: None, not_runnable: Some(why.into()) }
    }
}

/// What lowering a spec needs besides its tables.
pub struct Lowering<'a, 'r> {
    pub dialect: &'static Dialect,
    pub reading: &'a mut Reading<'r>,
    pub contexts: &'a Contexts,
    pub types: &'a ByName<Declaration>,
    pub assumptions: &'a Assumptions,
    pub sources: &'a Sources,
    /// What was read of the spec's cases; the defaults alone, where it has none.
    pub cases: &'a [Case],
    /// The spec's folder relative to the project root, empty or ending in `/`.
    pub folder: &'a str,
    /// The whole file.
    pub file: Span,
}

/// A lint whose findings leave nothing to run, and why.
pub type Fatal = (&'static str, &'static str);

/// A value that cannot be read stands for nothing that could be sent.
pub const WRONG_TYPE: Fatal = ("wrong-type", "a value in `[action]` is of the wrong kind");

impl Lowering<'_, '_> {
    /// The table `[action]`, or why there is none.
    pub fn action<'t>(&mut self, spec: &'t Table) -> Result<&'t Table, &'static str> {
        if spec.entry("action").is_none() {
            self.reading.missing(self.file.after(), "action", "the spec");
            return Err("there is no `[action]`");
        }
        self.reading.table(spec, "action").ok_or("`action` is not a table")
    }

    /// The method of an action, empty where there is none. Without a body it is probably a GET.
    pub fn method(&mut self, action: &Table) -> Spanned<String> {
        let title = self.dialect.action_title();
        let guess = if action.entry("body").is_some() { "POST" } else { "GET" };
        match action.get("method") {
            None => self.missing(action, "action", "method", &format!("\"{guess}\""), title),
            Some(node) if is_blank(node) => {
                let edit = node.as_text().map(|text| Edit { span: text.inside(), text: guess.into() });
                let found = missing_key::found_with_guess(node.span, "method", title, &format!("\"{guess}\""), edit);
                self.reading.findings.push(found);
            }
            Some(_) => {}
        }
        self.reading.word(action, "method").map_or_else(|| Spanned::new(String::new(), action.span), Mapped::spanned)
    }

    /// The text of an action's URL.
    pub fn url<'t>(&mut self, action: &'t Table) -> Option<&'t Mapped> {
        if action.entry("url").is_none() {
            self.reading.missing(action.span, "url", self.dialect.action_title());
        }
        self.reading.word(action, "url")
    }

    /// Reports a key that a table needs, with the `value` that it probably has. `path` is the table's header: `action`.
    pub fn missing(&mut self, table: &Table, path: &str, key: &str, value: &str, title: &str) {
        // A misspelt one is mended by its own finding.
        let is_misspelt = nearest(key, table.entries.iter().map(|entry| entry.key.value.as_str())).is_some();
        let line = format!("{key} = {value}");
        let edit = first_key(&self.sources.file(self.file.file).text, table, path, &line).filter(|_| !is_misspelt);
        self.reading.findings.push(missing_key::found_with_guess(table.span, key, title, value, edit));
    }

    /// A plan with what the dialect and the project say; without authentication, and without what few platforms have.
    pub fn plan(&self, name: Spanned<String>, request: RequestPlan, outcome: OutcomePlan) -> Plan {
        Plan {
            name,
            description: None,
            request,
            authentication: Authentication::None,
            outcome,
            types: self.types.clone(),
            parameters: Vec::new(),
            own_attributes: &[],
            assumptions: self.assumptions.clone(),
            contexts: self.contexts.known.clone(),
            default_context: self.contexts.default,
            naming: self.contexts.naming,
            trusted_contexts: &[],
            absent_contexts: &[],
            secret_attributes: Vec::new(),
            secret_place: SecretPlace::Declared,
            list_text: self.dialect.list_text,
            has_filters: false,
            has_other_names: false,
        }
    }
}

impl Dialect {
    /// How messages call the table `[action]`.
    fn action_title(&self) -> &'static str {
        self.sections.first().map_or("`[action]`", |section| section.title)
    }
}

/// Why an action cannot run: without a URL and a method nothing can be sent, and what was found since may leave nothing to run.
pub fn not_runnable(action: &Table, findings: &[Diagnostic], fatal: &[Fatal]) -> Option<String> {
    let missing = ["url", "method"].into_iter().find(|key| action.get(key).is_none_or(is_blank));
    match missing {
        Some(key) => Some(format!("there is no `{key}`")),
        None => why_fatal(findings, fatal),
    }
}

/// Why the first of the findings that leave nothing to run does so.
pub fn why_fatal(findings: &[Diagnostic], fatal: &[Fatal]) -> Option<String> {
    let why = |finding: &Diagnostic| fatal.iter().find(|(name, _)| *name == finding.lint.name).map(|(_, why)| *why);
    findings.iter().find_map(why).map(ToString::to_string)
}

fn is_blank(node: &Node) -> bool {
    node.as_text().is_some_and(|text| text.text.trim().is_empty())
}
