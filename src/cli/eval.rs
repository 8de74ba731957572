//! `hookwright eval`: one template, or one a line.

use base64::Engine;
use hookwright::assumption::Assumptions;
use hookwright::case::Given;
use hookwright::diagnostic::suggesting;
use hookwright::dialect::{self, Alone, Dialect};
use hookwright::eval::single::{Evaluated, Use, evaluate, request_part};
use hookwright::eval::{AuthScope, Evaluator, Inputs, KnownParts, Record, SecretPolicy, SecretValues};
use hookwright::plan::{AttributeName, AuthValue, AuthVariable, ByName, Declaration, HeaderAuthentication, Text, TextPiece};
use hookwright::source::{Mapped, Sources, Span, Spanned};
use hookwright::spec::lints::template_syntax::TEMPLATE_SYNTAX;
use hookwright::spec::settings::attribute_type;
use hookwright::spec::{Contexts, DEFAULT_NOW, DEFAULT_UUID, Manifest, parse_time};
use hookwright::value::{Json, json_text};
use serde_json::json;

use super::arguments::{Eval, Place};
use super::given::{Names, add_all, add_json};
use super::output::{complain, note, print};
use super::project::Project;
use super::{Ending, Refusal, batch, input};

/// Everything that one evaluation needs, wherever it came from.
struct Job {
    template: String,
    place: Use,
    timezone: String,
    in_authentication: bool,
    lenient: bool,
    now: i64,
    uuid: String,
    contexts: Contexts,
    types: ByName<Declaration>,
    assumptions: Assumptions,
    given: Given,
    dialect: &'static Dialect,
}

/// What is wrong with a template, under the name of the lint that finds it.
struct Fault {
    lint: String,
    message: String,
}

fn fault(lint: &str, message: impl Into<String>) -> Fault {
    Fault { lint: lint.into(), message: message.into() }
}

pub fn run(eval: &Eval) -> Result<Ending, Refusal> {
    if eval.batch {
        return batch(eval);
    }
    let job = job(eval)?;
    match job.evaluate() {
        Ok(Evaluated::Value(Json::String(text))) if job.place != Use::Json => print(&format!("{text}\n")),
        Ok(Evaluated::Value(json)) => print(&format!("{json}\n")),
        Ok(Evaluated::Bytes(bytes)) => {
            print(&format!("{}\n", base64::engine::general_purpose::STANDARD.encode(bytes)));
            note("the result is raw bytes, shown as base64");
        }
        Err(fault) => {
            complain(&format!("[{}] {}", fault.lint, fault.message));
            return Ok(Ending::Findings);
        }
    }
    Ok(Ending::Well)
}

/// A job from the command line: values over the project's own, where there is a project.
fn job(eval: &Eval) -> Result<Job, Refusal> {
    let project = Project::open()?;
    let dialect = known_dialect(&eval.dialect)?;
    let template = match &eval.template {
        Some(template) => template.clone(),
        None => {
            let text = input::standard_input()?;
            text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line)).to_string()
        }
    };
    let contexts = dialect::contexts_of(dialect, &project.manifest);
    let types = project.manifest.types.clone();
    let span = nowhere();
    let attributes = dialect::ambient_of(dialect, &project.manifest, &types, span);
    let mut given = Given { attributes, secrets: Vec::new() };
    add_all(&mut given, &eval.given, &Names { contexts: &contexts, types: &types, span, takes_dates: true })?;
    check_timezone(&eval.timezone)?;
    Ok(Job {
        template,
        place: eval.place.into(),
        timezone: eval.timezone.clone(),
        in_authentication: eval.auth,
        lenient: eval.lenient,
        now: DEFAULT_NOW,
        uuid: DEFAULT_UUID.into(),
        assumptions: dialect::assumptions_for(dialect, &project.manifest),
        contexts,
        types,
        given,
        dialect,
    })
}

fn check_timezone(name: &str) -> Result<(), Refusal> {
    match hookwright::filter::knows_timezone(name) {
        true => Ok(()),
        false => Err(format!("`{name}` is not a time zone; write one such as `Europe/London`").into()),
    }
}

fn known_dialect(name: &str) -> Result<&'static Dialect, String> {
    dialect::find(name).ok_or_else(|| {
        let names: Vec<&str> = dialect::DIALECTS.iter().map(|dialect| dialect.name).collect();
        let message = format!("there is no dialect `{name}`; this version has {}", names.join(", "));
        suggesting(message, name, names.iter().copied())
    })
}

/// The place of what stands in no file.
fn nowhere() -> Span {
    let sources = Sources::in_memory();
    sources.whole(sources.add("command line", ""))
}

impl From<Place> for Use {
    fn from(place: Place) -> Use {
        match place {
            Place::Text => Use::Text,
            Place::Json => Use::Json,
            Place::Url => Use::Url,
            Place::Header => Use::Header,
        }
    }
}

impl Job {
    fn evaluate(&self) -> Result<Evaluated, Fault> {
        let mut secrets = SecretValues::default();
        self.given.secrets.iter().for_each(|secret| secrets.insert(secret.value.reveal()));
        self.evaluate_openly().map_err(|found| Fault { message: secrets.mask(&found.message), ..found })
    }

    /// A fault's message may hold a secret yet.
    fn evaluate_openly(&self) -> Result<Evaluated, Fault> {
        let sources = Sources::in_memory();
        let source = Mapped::verbatim(&self.template, sources.add("template", self.template.as_str()), 0);
        let mut findings = Vec::new();
        let alone = Alone {
            contexts: &self.contexts,
            assumptions: &self.assumptions,
            given: &self.given,
            in_authentication: self.in_authentication,
        };
        let template = (self.dialect.template)(&source, &alone, &mut findings);
        let unreadable = findings.iter().find(|finding| finding.lint == &TEMPLATE_SYNTAX);
        if let Some(finding) = unreadable.filter(|_| !self.lenient) {
            return Err(fault(finding.lint.name, finding.message.clone()));
        }
        let record = Record::default();
        let inputs = Inputs {
            given: &self.given,
            now: self.now,
            microseconds: 0,
            timezone: &self.timezone,
            uuid: &self.uuid,
            secrets: SecretPolicy::Absent,
            hosts: hookwright::eval::Hosts::AsWritten,
        };
        let parts = self.known_parts();
        let variables = self.variables();
        let scope = AuthScope::of(&variables);
        let evaluator = Evaluator {
            inputs: &inputs,
            assumptions: &self.assumptions,
            types: &self.types,
            default_context: self.contexts.default,
            secret_attributes: &[],
            list_text: self.dialect.list_text,
            record: &record,
            parts: &parts,
            authentication: self.in_authentication.then_some(&scope),
        };
        let evaluated =
            evaluate(&template, self.place, &evaluator).map_err(|failure| fault(failure.lint_name(), failure.message));
        let faults = record.faults.borrow();
        match faults.first().filter(|_| !self.lenient) {
            Some(found) => Err(fault(found.lint, found.message.clone())),
            None => evaluated,
        }
    }

    /// `given._webhook`: the request's parts.
    fn known_parts(&self) -> KnownParts {
        let given = self.given.attributes.iter().filter(|given| given.name.context() == "_webhook");
        let parts = given.filter_map(|given| Some((request_part(given.name.attribute())?, given.value.clone())));
        KnownParts { parts: parts.collect() }
    }

    /// `given._auth`: variables with their values.
    fn variables(&self) -> HeaderAuthentication {
        let given = self.given.attributes.iter().filter(|given| given.name.context() == "_auth");
        let variable = |given: &hookwright::case::GivenAttribute| {
            let text = json_text(&given.value.to_json());
            let pieces = if text.is_empty() { Vec::new() } else { vec![TextPiece::Literal(text)] };
            let name = Spanned::new(given.name.attribute().to_string(), given.span);
            let value = AuthValue::Text(Text { pieces, span: given.span, source: None });
            AuthVariable { name, value, removal: None }
        };
        HeaderAuthentication::new(given.map(variable).collect(), Vec::new())
    }
}

/// One JSON object a line, answered in order. What the command line says counts for the lines that do not say otherwise.
fn batch(usual: &Eval) -> Result<Ending, Refusal> {
    let project = Project::open()?;
    known_dialect(&usual.dialect)?;
    check_timezone(&usual.timezone)?;
    let error = |fault: Fault| json!({"error": {"lint": fault.lint, "message": fault.message}});
    let answered = |request: &Json| match answer(request, usual, &project.manifest) {
        Ok(Evaluated::Value(value)) => json!({"value": value}),
        Ok(Evaluated::Bytes(bytes)) => json!({"bytes": base64::engine::general_purpose::STANDARD.encode(bytes)}),
        Err(fault) => error(fault),
    };
    batch::run(answered, |why| error(fault("json", why)))
}

fn answer(request: &Json, usual: &Eval, manifest: &Manifest) -> Result<Evaluated, Fault> {
    line_job(request, usual, manifest)?.evaluate()
}

const LINE_KEYS: [&str; 12] =
    ["template", "given", "as", "timezone", "dialect", "attributes", "now", "uuid", "assume", "contexts", "auth", "lenient"];

/// A job from a batch line.
fn line_job(request: &Json, usual: &Eval, manifest: &Manifest) -> Result<Job, Fault> {
    let wrong = |message: String| fault("wrong-type", message);
    let object = request.as_object().ok_or_else(|| wrong("the line is not a JSON object".into()))?;
    if let Some(key) = object.keys().find(|key| !LINE_KEYS.contains(&key.as_str())) {
        return Err(fault("unknown-key", suggesting(format!("unknown key `{key}`"), key, LINE_KEYS)));
    }
    let text = |key: &str, default: &str| match object.get(key) {
        None => Ok(default.to_string()),
        Some(value) => value.as_str().map(str::to_string).ok_or_else(|| wrong(format!("`{key}` must be text"))),
    };
    let flag = |key: &str, default: bool| match object.get(key) {
        None => Ok(default),
        Some(value) => value.as_bool().ok_or_else(|| wrong(format!("`{key}` must be true or false"))),
    };
    let table = ["given", "attributes", "assume"].into_iter().find(|key| object.get(*key).is_some_and(|it| !it.is_object()));
    if let Some(key) = table {
        return Err(wrong(format!("`{key}` must be an object")));
    }
    let dialect = known_dialect(&text("dialect", &usual.dialect)?).map_err(wrong)?;
    let mut contexts = dialect::contexts_of(dialect, manifest);
    let own = object.get("contexts").map(|names| serde_json::from_value::<Vec<String>>(names.clone()));
    let own = own.transpose().map_err(|_| wrong("`contexts` must be a list of names".into()))?;
    contexts.known.extend(own.unwrap_or_default());
    let mut types = manifest.types.clone();
    line_types(object.get("attributes"), &contexts, dialect, &mut types)?;
    let span = nowhere();
    let mut given = Given { attributes: dialect::ambient_of(dialect, manifest, &types, span), secrets: Vec::new() };
    if let Some(values) = object.get("given") {
        // As the platform: text is no timestamp.
        let names = Names { contexts: &contexts, types: &types, span, takes_dates: false };
        add_json(&mut given, values, &names);
    }
    let timezone = text("timezone", &usual.timezone)?;
    if !hookwright::filter::knows_timezone(&timezone) {
        return Err(wrong(format!("`{timezone}` is not a time zone")));
    }
    Ok(Job {
        template: match object.get("template") {
            Some(Json::String(template)) => template.clone(),
            _ => return Err(wrong("`template` must be text".into())),
        },
        place: match object.contains_key("as") {
            true => line_place(&text("as", "")?)?,
            false => usual.place.into(),
        },
        timezone,
        in_authentication: flag("auth", usual.auth)?,
        lenient: flag("lenient", usual.lenient)?,
        now: line_now(object.get("now"))?,
        uuid: text("uuid", DEFAULT_UUID)?,
        assumptions: line_assumptions(object.get("assume"), dialect, manifest)?,
        contexts,
        types,
        given,
        dialect,
    })
}

fn line_types(
    written: Option<&Json>,
    contexts: &Contexts,
    dialect: &Dialect,
    types: &mut ByName<Declaration>,
) -> Result<(), Fault> {
    let mut set = |name: AttributeName, value: &Json| match value
        .as_str()
        .and_then(|name| attribute_type(name, &[dialect.type_synonyms]))
    {
        Some(declared) => {
            types.put(Declaration { name, declared, span: nowhere() });
            Ok(())
        }
        None => Err(fault("wrong-type", format!("`{value}` is no attribute type"))),
    };
    for (key, value) in written.and_then(Json::as_object).into_iter().flatten() {
        match value.as_object() {
            Some(inner) => inner.iter().try_for_each(|(name, value)| set(contexts.naming.full(key, name), value))?,
            None => set(contexts.full_name(key), value)?,
        }
    }
    Ok(())
}

fn line_place(name: &str) -> Result<Use, Fault> {
    Ok(match name {
        "text" => Use::Text,
        "json" => Use::Json,
        "url" => Use::Url,
        "header" => Use::Header,
        other => return Err(fault("wrong-type", format!("`as` is text, json, url or header, not `{other}`"))),
    })
}

fn line_now(now: Option<&Json>) -> Result<i64, Fault> {
    let seconds = match now {
        None => Some(DEFAULT_NOW),
        Some(Json::String(text)) => parse_time(text).map(|(seconds, _)| seconds),
        Some(number) => number.as_i64(),
    };
    seconds.ok_or_else(|| fault("wrong-type", "`now` is an RFC 3339 text or Unix seconds"))
}

fn line_assumptions(written: Option<&Json>, dialect: &Dialect, manifest: &Manifest) -> Result<Assumptions, Fault> {
    let mut assumptions = dialect::assumptions_for(dialect, manifest);
    for (name, value) in written.and_then(Json::as_object).into_iter().flatten() {
        let Some(assumption) = dialect.assumptions.iter().find(|assumption| assumption.name == name) else {
            let known = dialect.assumptions.iter().map(|assumption| assumption.name);
            return Err(fault("unknown-key", suggesting(format!("no assumption named `{name}`"), name, known)));
        };
        match value.as_str().filter(|value| assumption.allows(value)) {
            Some(value) => {
                let _ = assumptions.choose(name, value);
            }
            None => return Err(fault("wrong-type", format!("`{name}` cannot be `{value}`"))),
        }
    }
    Ok(assumptions)
}
