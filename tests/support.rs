//! What the tests share: specs compiled in memory, values to run them with, templates on their own, and a count of rows.

use hookwright::assumption::Assumptions;
use hookwright::case::{Case, GivenAttribute, GivenSecret, Reply, Spec};
use hookwright::diagnostic::Severity;
use hookwright::dialect::opendialog::DIALECT;
use hookwright::dialect::{self, compile, contexts_of};
use hookwright::eval::single::{Evaluated, Use, evaluate};
use hookwright::eval::{
    AuthScope, Evaluator, Exchange, Failure, Inputs, KnownParts, Outcome, Record, Request, SecretPolicy, of_reply, planned,
};
use hookwright::plan::{AttributeName, Plan};
use hookwright::source::{Mapped, Sources};
use hookwright::spec::{Contexts, Manifest};
use hookwright::value::{Json, TaintedText, Value};

/// A spec compiled in memory, with one case to put values into.
pub struct Action {
    pub spec: Spec,
    case: Case,
}

impl Action {
    /// Compiles the tables of a spec; a case is added.
    pub fn of(text: &str) -> Action {
        Action::within(&Manifest::default(), text)
    }

    pub fn within(manifest: &Manifest, text: &str) -> Action {
        let sources = Sources::in_memory();
        sources.add("specs/action.toml", format!("{text}\n[[case]]\nname = \"one\"\n"));
        let spec = compile("specs/action.toml", manifest, &sources).expect("a text that was added can be loaded");
        let case = spec.cases.first().cloned().unwrap_or_else(|| panic!("no case in {text}: {:?}", spec.diagnostics));
        Action { spec, case }
    }

    /// The same spec without any error.
    pub fn sound(text: &str) -> Action {
        let action = Action::of(text);
        let errors = action.errors();
        assert!(errors.is_empty(), "{errors:?} in\n{text}");
        action
    }

    pub fn errors(&self) -> Vec<String> {
        let errors = self.spec.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        errors.map(|found| format!("{}: {}", found.lint.name, found.message)).collect()
    }

    pub fn plan(&self) -> &Plan {
        self.spec.plan.as_ref().expect("a plan")
    }

    /// The case with values; the name of a secret begins with `secret.`.
    pub fn case(&self, values: &[(&str, Value)]) -> Case {
        let mut case = self.case.clone();
        for (name, value) in values {
            let (context, attribute) = name.split_once('.').expect("a full name");
            if context == "secret" {
                let text = value.as_str().expect("a secret is text");
                let value = TaintedText::secret(text);
                case.given.secrets.push(GivenSecret { name: attribute.to_string(), value, span: case.name.span });
                continue;
            }
            let name = AttributeName::new(context, attribute);
            case.given.attributes.put(GivenAttribute { name, value: value.clone(), span: case.name.span });
        }
        case
    }

    pub fn exchange(&self, values: &[(&str, Value)]) -> Exchange {
        planned(self.plan(), &self.case(values), &[], hookwright::eval::Hosts::AsWritten)
    }

    pub fn request(&self, values: &[(&str, Value)]) -> Result<Request, Failure> {
        let exchange = self.exchange(values);
        match (exchange.request, exchange.error) {
            (Some(request), None) => Ok(request),
            (None, Some(failure)) => Err(failure),
            other => panic!("neither a request nor a failure, or both: {other:?}"),
        }
    }

    /// The outcome of a reply, and what the platform would log.
    pub fn outcome(&self, reply: &Reply) -> (Outcome, Vec<String>) {
        self.outcome_after(&[], reply)
    }

    /// The same with values that were there before.
    pub fn outcome_after(&self, values: &[(&str, Value)], reply: &Reply) -> (Outcome, Vec<String>) {
        let record = Record::default();
        let outcome = of_reply(self.plan(), reply, &self.case(values).given, &record);
        (outcome, record.log.into_inner())
    }
}

/// A header's value, as it is sent.
pub fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    let found = request.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.reveal())
}

pub fn json_reply(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    let headers = vec![("Content-Type".to_string(), "application/json".to_string())];
    Reply { status, headers, delay_milliseconds: 0, body: body.into() }
}

/// A text as a TOML basic string, quotes included.
pub fn toml_string(text: &str) -> String {
    Json::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// Plain values by full name.
pub fn given(values: &[(&str, Json)]) -> Vec<(AttributeName, Value)> {
    let split =
        |name: &str| name.split_once('.').map_or(("user".into(), name.into()), |(a, b)| (a.to_string(), b.to_string()));
    let value = |(name, json): &(&str, Json)| {
        let (context, attribute) = split(name);
        (AttributeName::new(&context, &attribute), Value::from(json.clone()))
    };
    values.iter().map(value).collect()
}

/// The platform's contexts and a few more.
pub fn contexts_with(more: impl IntoIterator<Item = String>) -> Contexts {
    let mut contexts = contexts_of(&DIALECT, &Manifest::default());
    contexts.known.extend(more);
    contexts
}

/// What evaluating a template on its own gave.
pub struct Alone {
    pub result: Result<Evaluated, Failure>,
    /// The lints of what stood in the way of reading it.
    pub findings: Vec<&'static str>,
    /// The lints of what the platform would only log.
    pub faults: Vec<&'static str>,
}

impl Alone {
    pub fn json(&self) -> Option<&Json> {
        match &self.result {
            Ok(Evaluated::Value(json)) => Some(json),
            _ => None,
        }
    }
}

/// Evaluates a template on its own. A value named `secret.x` is a secret, and makes the template an authentication's.
pub fn alone(template: &str, place: Use, values: &[(AttributeName, Value)], contexts: &Contexts) -> Alone {
    let sources = Sources::in_memory();
    let file = sources.add("template", template);
    let source = Mapped::verbatim(template, file, 0);
    let mut given = hookwright::case::Given::default();
    for (name, value) in values {
        match name.context() {
            "secret" => given.secrets.push(GivenSecret {
                name: name.attribute().into(),
                value: value.to_text(),
                span: sources.whole(file),
            }),
            _ => {
                given.attributes.put(GivenAttribute { name: name.clone(), value: value.clone(), span: sources.whole(file) })
            }
        }
    }
    let in_authentication = !given.secrets.is_empty();
    let mut findings = Vec::new();
    let assumptions = Assumptions::defaults(DIALECT.assumptions);
    let surroundings = dialect::Alone { contexts, assumptions: &assumptions, given: &given, in_authentication };
    let template = (DIALECT.template)(&source, &surroundings, &mut findings);
    let (record, parts, scope) = (Record::default(), KnownParts::default(), AuthScope::default());
    let inputs = Inputs {
        given: &given,
        now: 0,
        microseconds: 0,
        timezone: "UTC",
        uuid: "",
        secrets: SecretPolicy::Absent,
        hosts: hookwright::eval::Hosts::AsWritten,
    };
    let evaluator = Evaluator {
        inputs: &inputs,
        assumptions: &assumptions,
        types: &hookwright::plan::ByName::default(),
        secret_attributes: &[],
        list_text: hookwright::plan::ListText::Joined,
        default_context: contexts.default,
        record: &record,
        parts: &parts,
        authentication: in_authentication.then_some(&scope),
    };
    let result = evaluate(&template, place, &evaluator);
    let faults = record.faults.borrow().iter().map(|fault| fault.lint).collect();
    Alone { result, findings: findings.iter().map(|finding| finding.lint.name).collect(), faults }
}

/// Counts rows, and keeps what is wrong with those that do not hold.
#[derive(Default)]
pub struct Tally {
    holds: usize,
    failures: Vec<String>,
}

impl Tally {
    pub fn check(&mut self, row: &str, problem: Option<String>) {
        match problem {
            None => self.holds += 1,
            Some(problem) => self.failures.push(format!("{row}: {problem}")),
        }
    }

    pub fn same<T: PartialEq + std::fmt::Debug>(&mut self, row: &str, got: T, expected: T) {
        let problem = (got != expected).then(|| format!("expected {expected:?}, got {got:?}"));
        self.check(row, problem);
    }

    pub fn rows(&self) -> usize {
        self.holds + self.failures.len()
    }

    /// Prints the count and fails on any failure, or when there was nothing to check.
    pub fn report(self, title: &str) {
        println!("{title}: {} of {} hold", self.holds, self.rows());
        assert!(self.rows() > 0, "{title}: no rows");
        let shown: Vec<&str> = self.failures.iter().take(40).map(String::as_str).collect();
        assert!(shown.is_empty(), "{title}: {} rows do not hold:\n{}", self.failures.len(), shown.join("\n"));
    }
}
