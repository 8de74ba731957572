//! From the tables of an OpenDialog spec to a plan.

use super::fields::{headers, variable};
use super::lints::literal_hmac_key::literal_keys;
use super::{auth, body, response, shape};
use crate::case::Subject;
use crate::diagnostic::{Diagnostic, Edit};
use crate::dialect::opendialog_shared::{ABSENT_CONTEXTS, OWN_ATTRIBUTES, TRUSTED_CONTEXTS, grammar, meaning, url};
use crate::dialect::{Alone, Evaluable, Lowered, Lowering, literal_text};
use crate::plan::{AuthValue, ListText, Plan, RequestPlan, UrlPlan, cut_url};
use crate::source::{Mapped, Spanned};
use crate::spec::lints::missing_key;
use crate::spec::{Node, Table};

/// Findings that leave nothing to run.
const FATAL: [(&str, &str); 2] =
    [("wrong-type", "a value in `[action]` is of the wrong kind"), ("template-syntax", "a template cannot be read")];

pub fn lower(spec: &Table, lowering: &mut Lowering<'_, '_>) -> Lowered {
    if spec.entry("action").is_none() {
        lowering.reading.missing(lowering.file.after(), "action", "the spec");
        return Lowered { plan: None, not_runnable: Some("there is no `[action]`".into()) };
    }
    let Some(action) = lowering.reading.table(spec, "action") else {
        return Lowered { plan: None, not_runnable: Some("`action` is not a table".into()) };
    };
    lowering.reading.check_keys(action, &shape::ACTION);
    let before = lowering.reading.findings.len();
    let plan = plan(action, lowering);
    hide_literal_keys(&plan, lowering);
    let missing = ["url", "method"].into_iter().find(|key| action.get(key).is_none_or(is_blank));
    let not_runnable = match missing {
        Some(key) => Some(format!("there is no `{key}`")),
        None => fatal(&lowering.reading.findings[before..]),
    };
    Lowered { plan: Some(plan), not_runnable }
}

fn fatal(findings: &[Diagnostic]) -> Option<String> {
    let of =
        |finding: &Diagnostic| FATAL.iter().find(|(name, _)| *name == finding.lint.name).map(|(_, why)| why.to_string());
    findings.iter().find_map(of)
}

/// A key that is written out where a secret belongs is shown in no frame.
fn hide_literal_keys(plan: &Plan, lowering: &Lowering<'_, '_>) {
    for span in literal_keys(&Subject::new(plan, &[], &[])) {
        lowering.sources.file(span.file).hide(span.start..span.end);
    }
}

fn plan(action: &Table, lowering: &mut Lowering<'_, '_>) -> Plan {
    let name = name(action, lowering);
    let request = RequestPlan {
        method: method(action, lowering),
        methods: shape::METHODS,
        url: url_plan(action, lowering),
        headers: action.get("headers").map(|_| headers(action, lowering)).unwrap_or_default(),
        body: body::body(action, lowering),
        body_span: action.entry("body").map(|entry| entry.key.span),
        content_type: "application/json",
        required: Vec::new(),
        timeout_milliseconds: None,
    };
    Plan {
        description: spanned(action, "description", lowering),
        request,
        authentication: auth::authentication(action, lowering),
        outcome: response::outcome(action, &name.value, lowering),
        types: lowering.types.clone(),
        parameters: Vec::new(),
        own_attributes: OWN_ATTRIBUTES,
        assumptions: lowering.assumptions.clone(),
        contexts: lowering.contexts.known.clone(),
        default_context: lowering.contexts.default,
        naming: lowering.contexts.naming,
        trusted_contexts: TRUSTED_CONTEXTS,
        absent_contexts: ABSENT_CONTEXTS,
        secret_attributes: Vec::new(),
        list_text: ListText::Joined,
        has_other_names: false,
        name,
    }
}

/// The action's name. One that is no text is not missing: what stands there is taken as text.
fn name(action: &Table, lowering: &mut Lowering<'_, '_>) -> Spanned<String> {
    spanned(action, "name", lowering).unwrap_or_else(|| match action.get("name") {
        Some(node) => Spanned::new(node.to_json().to_string(), node.span),
        None => Spanned::new(String::new(), action.span),
    })
}

fn spanned(table: &Table, key: &str, lowering: &mut Lowering<'_, '_>) -> Option<Spanned<String>> {
    lowering.reading.text(table, key).map(spanned_text)
}

fn spanned_text(text: &Mapped) -> Spanned<String> {
    Spanned::new(text.text.to_string(), if text.text.is_empty() { text.whole() } else { text.inside() })
}

fn method(action: &Table, lowering: &mut Lowering<'_, '_>) -> Spanned<String> {
    let guess = if action.entry("body").is_some() { "POST" } else { "GET" };
    match action.get("method") {
        None => lowering.missing(action, "action", "method", &format!("\"{guess}\""), shape::ACTION.title),
        Some(node) if is_blank(node) => {
            let edit = node.as_text().map(|text| Edit { span: text.inside(), text: guess.into() });
            let title = shape::ACTION.title;
            let found = missing_key::found_with_guess(node.span, "method", title, &format!("\"{guess}\""), edit);
            lowering.reading.findings.push(found);
        }
        Some(_) => {}
    }
    match lowering.reading.word(action, "method") {
        Some(method) => spanned_text(method),
        None => Spanned::new(String::new(), action.span),
    }
}

fn is_blank(node: &Node) -> bool {
    node.as_text().is_some_and(|text| text.text.trim().is_empty())
}

fn url_plan(action: &Table, lowering: &mut Lowering<'_, '_>) -> UrlPlan {
    if action.entry("url").is_none() {
        lowering.reading.missing(action.span, "url", shape::ACTION.title);
    }
    match lowering.reading.word(action, "url") {
        Some(source) => {
            let template = grammar::template(source, &mut lowering.reading.findings);
            url::check(&template, &mut lowering.reading.findings);
            cut_url(meaning::of_template(&template, lowering.contexts))
        }
        None => UrlPlan { parts: Vec::new(), span: action.span },
    }
}

/// A template given on its own.
pub fn template(source: &Mapped, alone: &Alone<'_>, findings: &mut Vec<Diagnostic>) -> Evaluable {
    if source.text.is_empty() {
        return AuthValue::Text(literal_text("", source.whole()));
    }
    match alone.in_authentication {
        true => variable(source, alone.contexts, findings),
        false => AuthValue::Text(meaning::text(source, alone.contexts, findings)),
    }
}
