//! `[action.auth]`: header authentication, mutual TLS, OAuth2 client credentials. Page "Webhook action", Authentication.

use std::ops::Range;

use super::fields::{field, headers, variable};
use super::lints::auth_shape::{self, TYPES};
use super::shape;
use crate::diagnostic::{Diagnostic, listed, nearest};
use crate::dialect::opendialog_shared::{grammar, meaning, url};
use crate::dialect::{Lowering, literal_text};
use crate::plan::{AuthVariable, Authentication, HeaderAuthentication, HeaderPlan, MutualTls, OAuth2, Text};
use crate::source::{Mapped, Span, Spanned};
use crate::spec::json_text::{self, JsonNode, JsonString};
use crate::spec::lints::{missing_key, unknown_key};
use crate::spec::{Table, removal};

/// The keys of each type, besides `type`.
const KEYS: [(&str, &[&str]); 3] = [
    ("header", &["variables", "headers", "config"]),
    ("mtls", &["certificate", "password", "ca_certificate"]),
    ("oauth2", &["token_url", "client_id", "client_secret", "scope"]),
];

pub fn authentication(action: &Table, lowering: &mut Lowering<'_, '_>) -> Authentication {
    let Some(auth) = lowering.reading.table(action, "auth") else { return Authentication::None };
    lowering.reading.check_keys(auth, &shape::AUTH);
    other_words(auth, lowering);
    let Some(kind) = kind(auth, lowering) else { return Authentication::None };
    keys_of_other_types(auth, kind, lowering);
    match kind {
        "header" => Authentication::Header(header(auth, lowering)),
        "mtls" => Authentication::MutualTls(MutualTls {
            certificate: required(auth, kind, "certificate", lowering),
            password: required(auth, kind, "password", lowering),
            ca_certificate: field(auth, "ca_certificate", lowering),
            span: auth.span,
        }),
        _ => Authentication::OAuth2(OAuth2 {
            token_url: token_url(auth, kind, lowering),
            client_id: required(auth, kind, "client_id", lowering),
            client_secret: required(auth, kind, "client_secret", lowering),
            scope: field(auth, "scope", lowering),
        }),
    }
}

fn kind(auth: &Table, lowering: &mut Lowering<'_, '_>) -> Option<&'static str> {
    if auth.entry("type").is_none() {
        match KEYS.iter().find(|(_, keys)| auth.entries.iter().any(|entry| keys.contains(&entry.key.value.as_str()))) {
            Some((owner, _)) => {
                lowering.missing(auth, "action.auth", "type", &format!("\"{owner}\""), shape::AUTH.title);
            }
            None => {
                let missing = missing_key::found(auth.span, "type", shape::AUTH.title);
                lowering.reading.findings.push(missing.help(format!("the types are {}", listed(&TYPES))));
            }
        }
        return None;
    }
    let written = lowering.reading.word(auth, "type")?;
    let found = TYPES.into_iter().find(|known| *known == &*written.text);
    if found.is_none() {
        let name = Spanned::new(written.text.to_string(), written.inside());
        lowering.reading.findings.push(auth_shape::unknown_type(&name));
    }
    found
}

/// `certificate` under `type = "header"` would be swallowed.
fn keys_of_other_types(auth: &Table, kind: &str, lowering: &mut Lowering<'_, '_>) {
    for entry in &auth.entries {
        let key = entry.key.value.as_str();
        let owner = KEYS.iter().find(|(_, keys)| keys.contains(&key)).map(|(owner, _)| *owner);
        if let Some(owner) = owner.filter(|owner| *owner != kind) {
            let message = format!("`{key}` belongs to `type = \"{owner}\"`, this is `{kind}`, so it counts for nothing");
            let keys = KEYS.iter().find(|(owner, _)| *owner == kind).map_or(&[][..], |(_, keys)| *keys);
            let help = format!("the keys of `{kind}` are {}, each on its own", listed(keys));
            lowering.reading.findings.push(auth_shape::found(entry.key.span, message).help(help));
        }
    }
}

fn required(auth: &Table, kind: &str, key: &str, lowering: &mut Lowering<'_, '_>) -> Text {
    match field(auth, key, lowering) {
        Some(text) if !text.pieces.is_empty() => text,
        found => {
            let is_of_another_kind = found.is_none() && auth.entry(key).is_some();
            let span = auth.entry(key).map_or(auth.span, |entry| entry.value.span);
            // A config of JSON may hold it, and is told as a whole.
            let is_told = auth.entry("config").is_some() || is_misspelt(auth, key, lowering);
            if !is_of_another_kind && !is_told {
                lowering.reading.findings.push(auth_shape::missing(span, kind, key));
            }
            literal_text("", span)
        }
    }
}

/// What other programs call a key.
const OTHER_WORDS: [(&str, &str); 3] = [("passphrase", "password"), ("pfx", "certificate"), ("token_endpoint", "token_url")];

/// Says of another program's word for a key what the key is called here.
fn other_words(auth: &Table, lowering: &mut Lowering<'_, '_>) {
    for entry in &auth.entries {
        let known = OTHER_WORDS.iter().find(|(other, known)| *other == entry.key.value && auth.entry(known).is_none());
        let Some((_, known)) = known else { continue };
        let mut findings = lowering.reading.findings.iter_mut();
        let found = findings.find(|found| found.lint.name == "unknown-key" && found.span == entry.key.span);
        if let Some(found) = found {
            *found = unknown_key::meant(&entry.key, known);
        }
    }
}

/// Whether an unknown key stands there that was probably meant to be this one.
fn is_misspelt(auth: &Table, key: &str, lowering: &Lowering<'_, '_>) -> bool {
    let renames = |found: &Diagnostic| found.fix.iter().flat_map(|fix| &fix.edits).any(|edit| edit.text == key);
    let mut misspelt = lowering.reading.findings.iter().filter(|found| found.lint.name == "unknown-key" && renames(found));
    misspelt.any(|found| auth.entries.iter().any(|entry| entry.key.span == found.span))
}

fn token_url(auth: &Table, kind: &str, lowering: &mut Lowering<'_, '_>) -> Text {
    if let Some(node) = auth.get("token_url").filter(|node| node.as_text().is_none()) {
        // Quotes alone would not make it a URL.
        lowering.reading.wrong_type(node, "text");
        return literal_text("", node.span);
    }
    let text = required(auth, kind, "token_url", lowering);
    if let Some(source) = &text.source {
        // What the template has wrong in it was found before.
        url::check(&grammar::template(source, &mut Vec::new()), &mut lowering.reading.findings);
    }
    text
}

fn header(auth: &Table, lowering: &mut Lowering<'_, '_>) -> HeaderAuthentication {
    let mut header = HeaderAuthentication::default();
    let before = lowering.reading.findings.len();
    if let Some(config) = lowering.reading.text(auth, "config") {
        pasted(config, &mut header, lowering);
    }
    header.headers.extend(headers(auth, lowering));
    let is_told = lowering.reading.findings.len() > before || has_nearly_headers(auth);
    if let Some(table) = lowering.reading.table(auth, "variables") {
        variables(table, &mut header, lowering);
    }
    if header.headers.is_empty() && !is_told {
        let span = auth.entry("headers").or(auth.entry("config")).map_or(auth.span, |entry| entry.key.span);
        lowering.reading.findings.push(auth_shape::no_headers(span));
    }
    header
}

/// Whether a key is there that was meant as the one for headers: it is told as an unknown one.
fn has_nearly_headers(auth: &Table) -> bool {
    let unknown = auth.entries.iter().map(|entry| entry.key.value.as_str()).filter(|key| !shape::AUTH.has(key));
    unknown.into_iter().any(|key| nearest(key, ["headers", "config"]).is_some())
}

fn variables(table: &Table, header: &mut HeaderAuthentication, lowering: &mut Lowering<'_, '_>) {
    let file = lowering.sources.file(lowering.file.file);
    for entry in &table.entries {
        match entry.value.as_text() {
            Some(source) => header.variables.push(AuthVariable {
                name: entry.key.clone(),
                value: variable(source, lowering.contexts, &mut lowering.reading.findings),
                removal: removal::of_entry(&file.text, entry),
            }),
            None => lowering.reading.not_text(&entry.value),
        }
    }
}

/// `config`: the JSON text of the platform's form. A `type` in it is accepted: a superseded example has one.
fn pasted(config: &Mapped, header: &mut HeaderAuthentication, lowering: &mut Lowering<'_, '_>) {
    let document = match json_text::parse(config, |_| None) {
        Ok(document) => document,
        Err(problem) => {
            let message = format!("the config is not JSON: {}", problem.message);
            lowering.reading.findings.push(auth_shape::found(config.span(problem.range), message).help(auth_shape::CONFIG));
            return;
        }
    };
    let JsonNode::Object(blocks) = document.root else {
        let finding = auth_shape::found(config.inside(), "the config is not a JSON object");
        lowering.reading.findings.push(finding.help(auth_shape::CONFIG));
        return;
    };
    let is_free = |name: &&str| blocks.iter().all(|(key, _)| *key.text.text != **name);
    let free: Vec<&str> = ["variables", "headers"].into_iter().filter(is_free).collect();
    for (key, block) in blocks {
        match (&*key.text.text, block) {
            ("type", _) => {}
            ("variables", JsonNode::Object(entries)) => {
                for Pasted { name, source, written } in texts(entries, lowering) {
                    let value = variable(&source, lowering.contexts, &mut lowering.reading.findings);
                    header.variables.push(AuthVariable { name, value, removal: removal::of_member(config, written) });
                }
            }
            ("headers", JsonNode::Object(entries)) => {
                for Pasted { name, source, .. } in texts(entries, lowering) {
                    let value = meaning::text(&source, lowering.contexts, &mut lowering.reading.findings);
                    header.headers.push(HeaderPlan { name, value });
                }
            }
            (name @ ("variables" | "headers"), _) => {
                let message = format!("`{name}` is a JSON object of names and texts");
                lowering.reading.findings.push(auth_shape::found(key.text.inside(), message).help(auth_shape::CONFIG));
            }
            (name, _) => {
                let finding = auth_shape::found(key.text.inside(), format!("the config has no `{name}`"));
                let finding = finding.help(auth_shape::CONFIG);
                lowering.reading.findings.push(finding.suggest(name, free.iter().copied(), key.text.inside()));
            }
        }
    }
}

/// A member of an object in a pasted config.
struct Pasted {
    name: Spanned<String>,
    source: Mapped,
    /// Key and value in the config's text.
    written: Range<usize>,
}

fn texts(entries: Vec<(JsonString, JsonNode)>, lowering: &mut Lowering<'_, '_>) -> Vec<Pasted> {
    let mut texts = Vec::new();
    for (key, value) in entries {
        let span: Span = key.text.inside();
        match value {
            JsonNode::Text(text) => texts.push(Pasted {
                name: Spanned::new(key.text.text.to_string(), span),
                source: text.text,
                written: key.written.start..text.written.end,
            }),
            _ => {
                let message = format!("`{}` must be text in double quotes", key.text.text);
                let help = "put the value in double quotes; the platform cannot save the authentication like this";
                lowering.reading.findings.push(auth_shape::found(span, message).help(help));
            }
        }
    }
    texts
}
