//! From the tables of an OpenDialog spec to a plan.

use super::fields::{headers, variable};
use super::lints::literal_hmac_key::literal_keys;
use super::{auth, body, grammar, meaning, response, shape};
use crate::case::Subject;
use crate::diagnostic::Diagnostic;
use crate::dialect::lowering::{Fatal, WRONG_TYPE, not_runnable};
use crate::dialect::opendialog_shared::{ABSENT_CONTEXTS, OWN_ATTRIBUTES, TRUSTED_CONTEXTS, action_name, url};
use crate::dialect::{Alone, Evaluable, Lowered, Lowering, literal_text};
use crate::plan::{AuthValue, Plan, RequestPlan, SecretPlace, UrlPlan, cut_url};
use crate::source::Mapped;
use crate::spec::Table;

/// Findings that leave nothing to run.
const FATAL: [Fatal; 2] = [WRONG_TYPE, ("template-syntax", "a template cannot be read")];

pub fn lower(spec: &Table, lowering: &mut Lowering<'_, '_>) -> Lowered {
    let action = match lowering.action(spec) {
        Ok(action) => action,
        Err(why) => return Lowered::nothing(why),
    };
    lowering.reading.check_keys(action, &shape::ACTION);
    let before = lowering.reading.findings.len();
    let plan = plan(action, lowering);
    hide_literal_keys(&plan, lowering);
    let not_runnable = not_runnable(action, &lowering.reading.findings[before..], &FATAL);
    Lowered { plan: Some(plan), not_runnable }
}

/// A key that is written out where a secret belongs is shown in no frame.
fn hide_literal_keys(plan: &Plan, lowering: &Lowering<'_, '_>) {
    for span in literal_keys(&Subject::new(plan, &[], &[])) {
        lowering.sources.file(span.file).hide(span.start..span.end);
    }
}

fn plan(action: &Table, lowering: &mut Lowering<'_, '_>) -> Plan {
    let name = action_name::read(action, lowering);
    let request = RequestPlan {
        method: lowering.method(action),
        methods: shape::METHODS,
        url: url_plan(action, lowering),
        headers: action.get("headers").map(|_| headers(action, lowering)).unwrap_or_default(),
        body: body::body(action, lowering),
        body_span: action.entry("body").map(|entry| entry.key.span),
        content_type: "application/json",
        required: Vec::new(),
        timeout_milliseconds: None,
    };
    let description = lowering.reading.text(action, "description").map(Mapped::spanned);
    let authentication = auth::authentication(action, lowering);
    let outcome = response::outcome(action, &name.value, lowering);
    Plan {
        description,
        authentication,
        own_attributes: OWN_ATTRIBUTES,
        trusted_contexts: TRUSTED_CONTEXTS,
        absent_contexts: ABSENT_CONTEXTS,
        secret_place: SecretPlace::Authentication,
        has_filters: true,
        ..lowering.plan(name, request, outcome)
    }
}

fn url_plan(action: &Table, lowering: &mut Lowering<'_, '_>) -> UrlPlan {
    match lowering.url(action) {
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
