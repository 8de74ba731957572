//! `hookwright query`: a response mapping on a sample reply.

use clap::ValueEnum;
use hookwright::diagnostic::suggesting;
use hookwright::selector::{compile_jmespath, compile_object_path, xml};
use hookwright::source::MAX_FILE_BYTES;
use hookwright::value::why_unread;
use serde_json::{Value as Json, json};

use super::arguments::{Query, QueryKind};
use super::output::{complain, pretty, print};
use super::{Ending, Refusal, batch, input};

pub fn run(query: &Query) -> Result<Ending, Refusal> {
    if query.batch {
        let broken = |why| json!({"error": {"kind": "syntax", "message": why}});
        return batch::run(|request| answer(request, query.kind), broken);
    }
    let document = sample(query)?;
    match evaluate(query.kind, query.expression.as_deref().unwrap_or_default(), &document) {
        Ok(found) => {
            print(&pretty(&found));
            Ok(Ending::Well)
        }
        Err(fault) => {
            complain(&format!("{}: {}", fault.kind, fault.message));
            Ok(Ending::Findings)
        }
    }
}

/// The document that a path is tried on. XML says itself how its bytes are to be read.
fn sample(query: &Query) -> Result<Json, Refusal> {
    if query.kind == QueryKind::XmlPath {
        let bytes = match &query.file {
            Some(file) => input::bytes(file, MAX_FILE_BYTES)?,
            None => input::standard_input_bytes()?,
        };
        return xml::document(&bytes).map_err(|problem| format!("the sample is not XML that can be read: {problem}").into());
    }
    let text = match &query.file {
        Some(file) => input::file(file)?,
        None => input::standard_input()?,
    };
    Ok(serde_json::from_str(&text).map_err(|error| format!("the sample {}: {error}", why_unread(&error)))?)
}

struct Fault {
    kind: &'static str,
    message: String,
}

fn evaluate(kind: QueryKind, expression: &str, document: &Json) -> Result<Json, Fault> {
    let compiled = match kind {
        QueryKind::Jmespath => compile_jmespath(expression),
        QueryKind::ObjectPath | QueryKind::XmlPath => compile_object_path(expression),
    };
    let selector = compiled.map_err(|error| Fault { kind: "syntax", message: error.to_string() })?;
    selector.select(document).map_err(|message| Fault { kind: "runtime", message })
}

/// `usual` is the kind of a line that names none.
fn answer(request: &Json, usual: QueryKind) -> Json {
    let fault = |fault: Fault| json!({"error": {"kind": fault.kind, "message": fault.message}});
    let syntax = |message: String| fault(Fault { kind: "syntax", message });
    const KEYS: [&str; 3] = ["expression", "document", "kind"];
    if let Some(key) = request.as_object().and_then(|object| object.keys().find(|key| !KEYS.contains(&key.as_str()))) {
        return syntax(suggesting(format!("unknown key `{key}`"), key, KEYS));
    }
    let document = request.get("document").unwrap_or(&Json::Null);
    let Some(expression) = request["expression"].as_str() else {
        return syntax("`expression` must be text".into());
    };
    let kind = match request.get("kind").map(Json::as_str) {
        None => usual,
        Some(None) => return syntax("`kind` must be text".into()),
        Some(Some(name)) => match QueryKind::from_str(name, false) {
            Ok(kind) => kind,
            Err(_) => return syntax(format!("no kind named `{name}`; there are `jmespath`, `object-path` and `xml-path`")),
        },
    };
    let evaluated = match kind {
        QueryKind::XmlPath => tree(document).and_then(|tree| evaluate(kind, expression, &tree)),
        _ => evaluate(kind, expression, document),
    };
    match evaluated {
        Ok(value) => json!({"value": value}),
        Err(found) => fault(found),
    }
}

/// The tree of a document that stands in a line as text.
fn tree(document: &Json) -> Result<Json, Fault> {
    let runtime = |message: String| Fault { kind: "runtime", message };
    let text = document.as_str().ok_or_else(|| runtime("the document of an `xml-path` must be text".into()))?;
    xml::document_of_text(text).map_err(|problem| runtime(format!("the document is not XML that can be read: {problem}")))
}
