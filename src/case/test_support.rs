//! A small plan and small cases for the tests of single rules. Whole specs are tested as specs.

use std::sync::Arc;

use crate::assumption::Assumptions;
use crate::case::{Answer, Case, Given, Level, LintSet, Reply, Rule, Spec, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity};
use crate::filter::{BadArgument, Filter, Input, Output, Parameter};
use crate::plan::{
    AttributeName, Authentication, BodyPlan, ByName, Expression, FilterArgument, FilterUse, Group, HeaderPlan, ListText,
    Naming, OutcomePlan, OutcomeRule, Plan, RequestPlan, SecretPlace, SuccessRule, Text, TextPiece, UrlPlan, UrlPosition,
    ValueSource,
};
use crate::selector::{Selector, SelectorProblem, SelectorProblemKind};
use crate::source::{FileId, Mapped, Name, Span, Spanned};
use crate::value::Json;

/// A file apart from those that a test adds to new [`Sources`](crate::source::Sources).
pub fn file() -> FileId {
    FileId(99)
}

pub fn span() -> Span {
    Span::new(file(), 0, 1)
}

pub fn name(text: &str) -> Name {
    Spanned::new(text.into(), Span::new(file(), 0, text.len()))
}

pub fn level(lint: &str, severity: Option<Severity>) -> Level {
    Level { lint: lint.into(), severity, span: span() }
}

/// A lint that finds nothing of itself.
pub static ANY: Lint = Lint { name: "any", severity: Severity::Error, summary: "", page: "" };

pub fn diagnostic(file: FileId, start: usize) -> Diagnostic {
    Diagnostic::new(&ANY, Span::new(file, start, start + 1), "message")
}

/// `GET https://a.example.com`.
pub fn plan() -> Plan {
    Plan {
        name: name("Find order"),
        description: None,
        request: RequestPlan {
            method: name("GET"),
            methods: &["GET", "POST"],
            url: UrlPlan { parts: vec![(UrlPosition::Prefix, literal("https://a.example.com"))], span: span() },
            headers: Vec::new(),
            body: BodyPlan::None,
            body_span: None,
            content_type: "application/json",
            required: Vec::new(),
            timeout_milliseconds: None,
        },
        authentication: Authentication::None,
        outcome: OutcomePlan {
            rule: OutcomeRule::Groups(Vec::new()),
            success_names: Vec::new(),
            status_names: Vec::new(),
            names_are_assumed: false,
        },
        types: ByName::default(),
        parameters: Vec::new(),
        own_attributes: &[],
        assumptions: Assumptions::defaults(&[]),
        contexts: vec!["user".into(), "session".into(), "secret".into()],
        default_context: "user",
        naming: Naming::default(),
        trusted_contexts: &["global"],
        absent_contexts: &[],
        secret_attributes: Vec::new(),
        secret_place: SecretPlace::Authentication,
        list_text: ListText::Joined,
        has_filters: true,
        has_other_names: false,
    }
}

/// The plan with one expression in a header.
pub fn plan_with(expression: Expression) -> Plan {
    let mut plan = plan();
    plan.request.headers.push(HeaderPlan { name: name("X-Test"), value: lone(expression) });
    plan
}

/// The plan with a 2xx group whose success is an expression.
pub fn plan_with_success(selector: FakeSelector) -> Plan {
    let mut plan = plan();
    let source = Mapped::verbatim(&selector.text, file(), 0);
    let success = SuccessRule::Expression { selector: Some(Arc::new(selector)), source };
    plan.outcome.rule = OutcomeRule::Groups(vec![Group {
        class: 2,
        success,
        success_span: Some(span()),
        raw: None,
        outputs: Vec::new(),
        span: span(),
    }]);
    plan
}

pub fn literal(text: &str) -> Text {
    Text { pieces: vec![TextPiece::Literal(text.into())], span: span(), source: None }
}

pub fn lone(expression: Expression) -> Text {
    Text { pieces: vec![TextPiece::Value(expression)], span: span(), source: None }
}

pub fn header(name_text: &str, value: &str) -> HeaderPlan {
    HeaderPlan { name: name(name_text), value: literal(value) }
}

pub fn expression(source: ValueSource) -> Expression {
    Expression { source, path: Vec::new(), filters: Vec::new(), context_span: Some(span()), name_span: span(), span: span() }
}

pub fn attribute(name: &str) -> Expression {
    expression(ValueSource::Attribute(AttributeName::new("user", name)))
}

/// A filter with two arguments and a third that may be left out; it does not like `bad`.
pub static PAIR: Filter = Filter {
    name: "pair",
    parameters: &[Parameter::required("search"), Parameter::required("replacement"), Parameter::optional("mode")],
    input: Input::Any,
    output: |_| Output::Text,
    one_way: false,
    summary: "",
    page: "",
    check: |arguments| {
        let index = arguments.iter().position(|argument| *argument == Some("bad"))?;
        Some(BadArgument { index, message: "`bad` is bad".into(), help: None })
    },
    apply: |value, _, _| Ok(value.clone()),
};

pub fn known_filter(arguments: Vec<FilterArgument>) -> FilterUse {
    FilterUse::Known { filter: &PAIR, arguments, name_span: span(), arguments_span: span(), span: span() }
}

pub fn text_argument(text: &str, start: usize) -> FilterArgument {
    FilterArgument::Text { text: text.into(), span: Span::new(file(), start, start + 1) }
}

/// Finds what stands under `value`, whatever its text says.
#[derive(Debug)]
pub struct FakeSelector {
    text: String,
    problems: Vec<SelectorProblem>,
}

impl FakeSelector {
    pub fn field(text: &str) -> FakeSelector {
        FakeSelector { text: text.into(), problems: Vec::new() }
    }

    pub fn with_problem(text: &str, range: std::ops::Range<usize>, kind: SelectorProblemKind) -> FakeSelector {
        FakeSelector { text: text.into(), problems: vec![SelectorProblem { range, kind }] }
    }
}

impl Selector for FakeSelector {
    fn text(&self) -> &str {
        &self.text
    }

    fn problems(&self) -> Vec<SelectorProblem> {
        self.problems.clone()
    }

    fn functions(&self) -> &'static [&'static str] {
        &["length", "keys"]
    }

    fn select(&self, document: &Json) -> Result<Json, String> {
        Ok(document["value"].clone())
    }
}

/// A case with a JSON reply.
pub fn case(status: u16, json: &Json) -> Case {
    let body = json.to_string().into_bytes();
    Case {
        name: name("a case"),
        slug: "a-case".into(),
        now: 0,
        microseconds: 0,
        timezone: "UTC".into(),
        uuid: String::new(),
        given: Given::default(),
        answer: Answer::Reply(Reply { status, headers: Vec::new(), delay_milliseconds: 0, body }),
        reply_template: None,
        token_answer: None,
        expect: Default::default(),
    }
}

/// An empty spec.
pub fn spec() -> Spec {
    Spec {
        path: "specs/a.toml".into(),
        id: "a".into(),
        file: file(),
        plan: None,
        not_runnable: None,
        cases: Vec::new(),
        sequence: Vec::new(),
        bare_case: None,
        defaults: None,
        flow: None,
        expect_lints: Vec::new(),
        damaged: Vec::new(),
        levels: Vec::new(),
        diagnostics: Vec::new(),
        lints: &NO_LINTS,
        declared_secrets: Vec::new(),
    }
}

static NO_LINTS: LintSet = LintSet { while_reading: &[], rules: &[], project_rules: &[] };

pub fn findings(plan: &Plan, rule: &Rule) -> Vec<Diagnostic> {
    findings_on(plan, &[], rule)
}

pub fn findings_on(plan: &Plan, cases: &[Case], rule: &Rule) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    (rule.check)(&Subject::new(plan, cases, &[]), &mut found);
    found
}
