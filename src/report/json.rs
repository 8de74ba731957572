//! The machine-readable output: its keys and their order are fixed by contract.

use serde_json::{Map, json};

use super::Context;
use super::masked::{Secrecy, Shown, ShownOutcome, ShownReply, ShownRequest, ShownToken};
use crate::diagnostic::{Diagnostic, Edit, Fix, Related};
use crate::eval::{Exchange, SecretValues};
use crate::source::Span;
use crate::suite::{CaseResult, NotRun, Ran, Step, SuiteReport};
use crate::value::Json;

/// An exchange, secrets masked.
pub fn exchange_json(spec_path: &str, case_name: &str, exchange: &Exchange) -> Json {
    exchange_json_as(spec_path, case_name, exchange, Secrecy::Masked)
}

/// An exchange, with or without its secrets.
pub fn exchange_json_as(spec_path: &str, case_name: &str, exchange: &Exchange, secrecy: Secrecy) -> Json {
    let shown = Shown::new(exchange, secrecy);
    json!({
        "spec": spec_path,
        "case": case_name,
        "token": shown.token.as_ref().map(token_json),
        "request": shown.request.as_ref().map(request_json),
        "sent": exchange.sent,
        "reply": shown.reply.as_ref().map(reply_json),
        "error": shown.error.as_ref().map(|(kind, message)| json!({"kind": kind, "message": message})),
        "outcome": shown.outcome.as_ref().map(outcome_json),
        "variables": shown.variables.into_iter().collect::<Map<String, Json>>(),
        "masked": shown.masked,
        "duration_ms": (exchange.duration_milliseconds * 10.0).round() / 10.0,
        "assumptions": exchange.assumptions,
    })
}

fn token_json(token: &ShownToken) -> Json {
    json!({
        "request": token.request.as_ref().map(request_json),
        "reply": token.reply.as_ref().map(reply_json),
        "cached": token.cached,
    })
}

fn request_json(request: &ShownRequest) -> Json {
    json!({"method": request.method, "url": request.url, "headers": request.headers, "body": request.body})
}

fn reply_json(reply: &ShownReply) -> Json {
    json!({"status": reply.status, "headers": reply.headers, "body": reply.body})
}

fn outcome_json(outcome: &ShownOutcome) -> Json {
    let attributes: Map<String, Json> =
        outcome.attributes.iter().map(|(name, value, _)| (name.clone(), value.clone())).collect();
    json!({
        "exit": outcome.exit,
        "success": outcome.success,
        "attributes": attributes,
        "unset": outcome.unset,
        "directive": outcome.directive,
        "log": outcome.log,
    })
}

/// Findings, in the order given.
pub fn lint_json(diagnostics: &[Diagnostic], context: &Context<'_>) -> Json {
    diagnostics.iter().map(|diagnostic| diagnostic_json(diagnostic, context)).collect()
}

fn diagnostic_json(diagnostic: &Diagnostic, context: &Context<'_>) -> Json {
    let (file, span) = place_json(diagnostic.span, context);
    let related: Vec<Json> = diagnostic.related.iter().map(|related| related_json(related, context)).collect();
    json!({
        "lint": diagnostic.lint.name,
        "severity": diagnostic.severity.word(),
        "message": context.mask(&diagnostic.message, diagnostic.span),
        "file": file,
        "span": span,
        "related": related,
        "help": diagnostic.help.as_ref().map(|help| context.mask(help, diagnostic.span)),
        "fix": diagnostic.fix.as_ref().map(|fix| fix_json(fix, context)),
    })
}

fn related_json(related: &Related, context: &Context<'_>) -> Json {
    let (file, span) = place_json(related.span, context);
    json!({"message": context.mask(&related.message, related.span), "file": file, "span": span})
}

fn fix_json(fix: &Fix, context: &Context<'_>) -> Json {
    let edit =
        |edit: &Edit| json!({"start": edit.span.start, "end": edit.span.end, "text": context.mask(&edit.text, edit.span)});
    let edits: Vec<Json> = fix.edits.iter().map(edit).collect();
    json!({"title": context.secrets.mask(&fix.title), "safe": fix.safe, "edits": edits})
}

fn place_json(span: Span, context: &Context<'_>) -> (String, Json) {
    let (file, start, end) = context.place(span);
    (file, json!({"start": start, "end": end}))
}

/// The outcome of a test run.
pub fn test_json(report: &SuiteReport, context: &Context<'_>) -> Json {
    let mut json = json!({
        "summary": summary_json(report),
        "diagnostics": lint_json(&report.diagnostics, context),
        "orphans": report.orphans,
        "cases": report.results.iter().map(case_json).collect::<Vec<Json>>(),
    });
    if !report.not_run.is_empty() {
        let left_out = |not_run: &NotRun| json!({"spec": not_run.spec, "case": not_run.case, "reason": context.secrets.mask(not_run.reason())});
        json["not_run"] = report.not_run.iter().map(left_out).collect();
    }
    json
}

/// `total` are the cases that ran. Only where some were left out does it say so.
fn summary_json(report: &SuiteReport) -> Json {
    let summary = report.summary();
    let mut json = json!({"passed": summary.passed, "failed": summary.failed, "new": summary.new, "total": summary.total()});
    if !report.not_run.is_empty() {
        json["not_run"] = report.not_run.len().into();
    }
    json
}

fn case_json(result: &CaseResult) -> Json {
    let net = result.net();
    let failures: Vec<String> = result.reasons().iter().map(|reason| net.mask(reason)).collect();
    let mut case = Map::new();
    case.insert("spec".into(), result.spec.as_str().into());
    case.insert("case".into(), result.case.as_str().into());
    case.insert("status".into(), result.status.word().into());
    case.insert("snapshot".into(), result.snapshot.word().into());
    case.insert("failures".into(), failures.into());
    if result.sent_again > 0 {
        case.insert("sent_again".into(), result.sent_again.into());
    }
    match &result.ran {
        Ran::Nothing => case.insert("exchange".into(), Json::Null),
        Ran::Case(exchange) => case.insert("exchange".into(), exchange_json(&result.spec, &result.case, exchange)),
        Ran::Flow(run) => {
            let step = |step: &Step| {
                let (spec, exchange) = step.ran()?;
                let mut json = exchange_json(spec, &format!("{} / {}", result.case, step.number), exchange);
                mask_texts(&mut json, &net);
                Some(json)
            };
            case.insert("steps".into(), run.steps.iter().filter_map(step).collect())
        }
    };
    Json::Object(case)
}

/// Masks, in every text, what only others know to be a secret.
fn mask_texts(json: &mut Json, net: &SecretValues) {
    match json {
        Json::String(text) if net.stand_in(text) => *text = net.mask(text),
        Json::Array(items) => items.iter_mut().for_each(|item| mask_texts(item, net)),
        Json::Object(entries) => entries.values_mut().for_each(|value| mask_texts(value, net)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Reply;
    use crate::diagnostic::{Lint, Severity};
    use crate::eval::TokenExchange;
    use crate::report::fixture::exchange;
    use crate::source::Sources;
    use crate::suite::{Did, FlowRun, LeftOut, SnapshotState};

    #[test]
    fn an_exchange_has_the_shape_of_the_contract() {
        let expected = r#"{"spec":"specs/a.toml","case":"opens a ticket","token":null,
"request":{"method":"POST","url":"https://helpdesk.example.com/api/v2/tickets?user=42","headers":[["Content-Type","application/json"],["Authorization","Bearer ••••••••"]],"body":"{\"title\":\"Broken TV\",\"key\":\"••••••••\"}"},
"sent":true,
"reply":{"status":201,"headers":[["Content-Type","application/json"],["X-Echo","••••••••"]],"body":"{\"data\":{\"id\":7,\"url\":null,\"you\":\"••••••••\"}}"},
"error":null,
"outcome":{"exit":"2xx","success":true,"attributes":{"user.ticket_id":7,"user.ticket_url":null,"user.token":"••••••••","user.tags":["a","b"],"user.since":1767225600,"user.action_success":true},"unset":["user.rating"],"directive":null,"log":["no filter named `••••••••`"]},
"variables":{"user.id":42,"secret.api_key":"••••••••"},
"masked":["request.headers.Authorization","request.body","reply.headers.X-Echo","reply.body","outcome.attributes.user.token","outcome.log","variables.secret.api_key"],
"duration_ms":1.4,"assumptions":["hmac_function_encoding=hex","url_space=%20"]}"#;
        let text = exchange_json("specs/a.toml", "opens a ticket", &exchange()).to_string();
        assert_eq!(text, expected.replace("\n", ""));
    }

    #[test]
    fn what_did_not_happen_is_null_and_bytes_become_text() {
        let nothing = exchange_json("a", "b", &Exchange::default());
        for key in ["token", "request", "reply", "error", "outcome"] {
            assert!(nothing[key].is_null(), "{key}");
        }
        assert_eq!(nothing["duration_ms"].to_string(), "0.0");
        let reply = Reply { status: 200, headers: vec![], delay_milliseconds: 0, body: b"a\xff".to_vec() };
        let token = TokenExchange { reply: Some(reply), ..TokenExchange::default() };
        let json = exchange_json("a", "b", &Exchange { token: Some(token), ..Exchange::default() });
        assert_eq!(
            json["token"].to_string(),
            "{\"request\":null,\"reply\":{\"status\":200,\"headers\":[],\"body\":\"a\u{fffd}\"},\"cached\":false}"
        );
    }

    static LINT: Lint = Lint { name: "unknown-filter", severity: Severity::Error, summary: "", page: "" };

    #[test]
    fn a_finding_has_the_shape_of_the_contract() {
        let sources = Sources::in_memory();
        let file = sources.add("specs/a.toml", "ü = 1\nurl = \"{a | upper}\"\n");
        let mut secrets = SecretValues::default();
        secrets.insert("k-1234");
        let context = Context { sources: &sources, secrets: &secrets, color: false, width: 80 };
        let span = Span::new(file, 18, 23);
        let finding = Diagnostic::new(&LINT, span, "no filter named `upper` near k-1234")
            .suggest("upper", ["uppercase"], span)
            .related(Span::new(file, 0, 2), "here");
        let expected = r#"[{"lint":"unknown-filter","severity":"error","message":"no filter named `upper` near ••••••••","file":"specs/a.toml",
"span":{"start":{"line":2,"column":12,"offset":18},"end":{"line":2,"column":17,"offset":23}},
"related":[{"message":"here","file":"specs/a.toml","span":{"start":{"line":1,"column":1,"offset":0},"end":{"line":1,"column":2,"offset":2}}}],
"help":"did you mean `uppercase`?",
"fix":{"title":"replace with `uppercase`","safe":false,"edits":[{"start":18,"end":23,"text":"uppercase"}]}},
{"lint":"unknown-filter","severity":"error","message":"x","file":"specs/a.toml","span":{"start":{"line":1,"column":1,"offset":0},"end":{"line":1,"column":1,"offset":0}},"related":[],"help":null,"fix":null}]"#;
        let bare = Diagnostic::new(&LINT, Span::new(file, 0, 0), "x");
        assert_eq!(lint_json(&[finding, bare], &context).to_string(), expected.replace('\n', ""));
    }

    #[test]
    fn a_run_has_the_shape_of_the_contract() {
        let sources = Sources::in_memory();
        let secrets = SecretValues::default();
        let context = Context { sources: &sources, secrets: &secrets, color: false, width: 80 };
        let mut flow = CaseResult::not_run("specs/a.flow.toml", "Onboarding", "").judge();
        flow.problems.clear();
        flow.snapshot = SnapshotState::New;
        let set = Step { number: 1, advance_milliseconds: 0, set: Vec::new(), did: Did::Set };
        let did = Did::Ran { action: "a".into(), spec: "specs/a.toml".into(), taken: None, exchange: Box::default() };
        let steps = vec![set.clone(), Step { number: 2, did, ..set }];
        flow.ran = Ran::Flow(Box::new(FlowRun { steps, ..FlowRun::default() }));
        let lost = CaseResult::not_run("specs/a.toml", "x", "there is no url");
        let report = SuiteReport {
            results: vec![flow.judge(), lost],
            orphans: vec!["snapshots/b.snap".into()],
            ..SuiteReport::default()
        };
        let mut json = test_json(&report, &context);
        assert_eq!(json["cases"][0]["steps"][0]["case"], "Onboarding / 2");
        json["cases"][0]["steps"] = Json::Null;
        assert_eq!(
            json.to_string(),
            r#"{"summary":{"passed":0,"failed":1,"new":1,"total":2},"diagnostics":[],"orphans":["snapshots/b.snap"],"cases":[{"spec":"specs/a.flow.toml","case":"Onboarding","status":"new","snapshot":"new","failures":[],"steps":null},{"spec":"specs/a.toml","case":"x","status":"failed","snapshot":"none","failures":["there is no url"],"exchange":null}]}"#
        );
    }

    #[test]
    fn what_was_left_out_is_counted_apart() {
        let sources = Sources::in_memory();
        let secrets = SecretValues::default();
        let context = Context { sources: &sources, secrets: &secrets, color: false, width: 80 };
        let report = SuiteReport {
            results: vec![CaseResult::not_run("specs/a.toml", "x", "there is no url")],
            not_run: vec![NotRun { spec: "specs/b.toml".into(), case: "y".into(), why: LeftOut::AfterFailure }],
            ..SuiteReport::default()
        };
        let json = test_json(&report, &context);
        assert_eq!(json["summary"].to_string(), r#"{"passed":0,"failed":1,"new":0,"total":1,"not_run":1}"#);
        assert_eq!(json["cases"].as_array().map(Vec::len), Some(1));
    }
}
