//! The places of secret values in a file, so that no frame shows them: also where they stand at a wrong place or have a
//! wrong type, and in a spec without any case.

use super::names::{Contexts, steps};
use super::node::{Entry, Kind, Node, Table};
use crate::plan::AttributeName;
use crate::selector::{SelectorPath, StepKind};
use crate::source::SourceFile;

/// Registers every value under a key `secret` or `secret.…` of a spec or a manifest.
pub fn hide_secrets(table: &Table, file: &SourceFile) {
    for Entry { key, value } in &table.entries {
        // A text under `secret` alone is the name of one.
        let is_dotted = key.value.starts_with("secret.") || key.value.contains(".secret.");
        let is_secret = is_dotted || (key.value == "secret" && value.as_table().is_some());
        match &value.kind {
            _ if is_secret => hide(value, file),
            Kind::Table(given) if key.value == "given" => {
                // A slip of the pen for `secret`.
                given.get("secrets").into_iter().for_each(|values| hide(values, file));
                hide_secrets(given, file);
            }
            Kind::Table(inner) => hide_secrets(inner, file),
            Kind::Array(items) => items.iter().filter_map(Node::as_table).for_each(|inner| hide_secrets(inner, file)),
            _ => {}
        }
    }
}

/// Registers every given or expected value of the attributes that are secrets on the platform.
pub fn hide_attributes(table: &Table, secrets: &[AttributeName], contexts: &Contexts, file: &SourceFile) {
    for Entry { key, value } in &table.entries {
        match &value.kind {
            Kind::Table(values) if matches!(key.value.as_str(), "given" | "set" | "attributes") => {
                let values = contexts.flatten(values).into_iter();
                let is_secret = |name: &AttributeName| secrets.contains(name) || secrets.contains(&whole(name));
                values.filter(|(name, _, _)| is_secret(name)).for_each(|(_, _, value)| hide(value, file));
            }
            Kind::Table(inner) => hide_attributes(inner, secrets, contexts, file),
            Kind::Array(items) => {
                let inner = items.iter().filter_map(Node::as_table);
                inner.for_each(|inner| hide_attributes(inner, secrets, contexts, file));
            }
            _ => {}
        }
    }
}

/// The attribute of a name that goes on inside the value.
fn whole(name: &AttributeName) -> AttributeName {
    AttributeName::new(name.context(), &steps(name)[0])
}

/// Registers what recorded replies hold at the end of paths that lead to secrets. A body that is text is hidden whole: where
/// in it a path ends is not looked for.
pub fn hide_in_replies(table: &Table, paths: &[SelectorPath], file: &SourceFile) {
    for Entry { key, value } in &table.entries {
        match &value.kind {
            Kind::Table(reply) if key.value == "reply" => {
                reply.get("body").into_iter().for_each(|body| hide(body, file));
                let json = reply.get("json");
                let found = json.into_iter().flat_map(|json| paths.iter().filter_map(|path| at_end(json, path)));
                found.for_each(|secret| hide(secret, file));
            }
            Kind::Table(inner) => hide_in_replies(inner, paths, file),
            Kind::Array(items) => {
                items.iter().filter_map(Node::as_table).for_each(|inner| hide_in_replies(inner, paths, file));
            }
            _ => {}
        }
    }
}

/// What a path leads to; `None` when a step finds nothing.
fn at_end<'n>(json: &'n Node, path: &SelectorPath) -> Option<&'n Node> {
    path.steps.iter().try_fold(json, |node, step| match &step.kind {
        StepKind::Field(name) => node.as_table()?.get(name),
        StepKind::Index(position) => node.as_array()?.get(usize::try_from(*position).ok()?),
        StepKind::Member(number) => match node.as_table() {
            Some(table) => table.get(&number.to_string()),
            None => node.as_array()?.get(usize::try_from(*number).ok()?),
        },
        StepKind::Each | StepKind::Flattened => None,
    })
}

/// Registers every value under the manifest's `[secrets]` that is not one of its own keys: people write values there.
pub fn hide_misplaced(secrets: &Table, file: &SourceFile) {
    const OWN: [&str; 3] = ["names", "env_prefix", "file"];
    secrets
        .entries
        .iter()
        .filter(|entry| !OWN.contains(&entry.key.value.as_str()))
        .for_each(|entry| hide(&entry.value, file));
}

fn hide(value: &Node, file: &SourceFile) {
    match &value.kind {
        Kind::Text(text) => file.hide(text.inside().start..text.inside().end),
        // The name of a file says what could not be read.
        Kind::Table(table) => {
            table.entries.iter().filter(|entry| entry.key.value != "file").for_each(|entry| hide(&entry.value, file));
        }
        Kind::Array(items) => items.iter().for_each(|item| hide(item, file)),
        _ => {
            let written = &file.text[value.span.start..value.span.end];
            // A text without quotes is read as a boolean.
            if !matches!(written, "true" | "false") {
                file.hide(value.span.start..value.span.end);
            }
        }
    }
}
