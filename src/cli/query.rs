//! `hookwright query`: a response mapping on a sample reply.

use hookwright::diagnostic::suggesting;
use hookwright::selector::compile_jmespath;
use hookwright::value::why_unread;
use serde_json::{Value as Json, json};

use super::arguments::Query;
use super::output::{complain, pretty, print};
use super::{Ending, Refusal, batch, input};

pub fn run(query: &Query) -> Result<Ending, Refusal> {
    if query.batch {
        let broken = |why| json!({"error": {"kind": "syntax", "message": why}});
        return batch::run(answer, broken);
    }
    let text = match &query.file {
        Some(file) => input::file(file)?,
        None => input::standard_input()?,
    };
    let document: Json =
        serde_json::from_str(&text).map_err(|error| format!("the sample {}: {error}", why_unread(&error)))?;
    match evaluate(query.expression.as_deref().unwrap_or_default(), &document) {
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

struct Fault {
    kind: &'static str,
    message: String,
}

fn evaluate(expression: &str, document: &Json) -> Result<Json, Fault> {
    let syntax = |message: String| Fault { kind: "syntax", message };
    let selector = compile_jmespath(expression).map_err(|error| syntax(error.to_string()))?;
    selector.select(document).map_err(|message| Fault { kind: "runtime", message })
}

fn answer(request: &Json) -> Json {
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
    match request.get("kind").map_or(Some("jmespath"), Json::as_str) {
        Some("jmespath") => {}
        other => return syntax(format!("this version does not know the kind `{}`", other.unwrap_or_default())),
    }
    match evaluate(expression, document) {
        Ok(value) => json!({"value": value}),
        Err(found) => fault(found),
    }
}
