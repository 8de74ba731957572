//! `*.flow.toml`: what of a flow can be read without knowing a platform, and its steps once their actions are known.

use super::case_reader::{CaseContext, ReadCase, case, case_name, given, normalised, timezone, uuid};
use super::expect_reader::KnownExits;
use super::keys::{SET_STEP, STEP};
use super::merge::merge_case;
use super::node::{Entry, Kind, Node, Table};
use super::reading::Reading;
use super::{path_beside, times};
use crate::assumption::parse_long_duration;
use crate::case::{Clock, Given, MOST_STEPS};
use crate::source::{Mapped, Name, Spanned};

/// What a step takes of a case: its clock and its ids are the flow's.
const TAKEN: [&str; 5] = ["given", "null", "reply", "token_reply", "expect"];
/// What a step lays over what it takes.
const LAID_OVER: [&str; 3] = ["reply", "token_reply", "expect"];
const VALUES: [&str; 2] = ["given", "null"];
const CLOCK: [&str; 3] = ["now", "timezone", "uuid"];

/// One `[[step]]`, of either kind.
#[derive(Clone, Copy, Debug)]
pub enum StepTable<'n> {
    Call { table: &'n Table, action: &'n Mapped },
    Set(&'n Table),
}

impl<'n> StepTable<'n> {
    pub fn table(self) -> &'n Table {
        match self {
            StepTable::Call { table, .. } | StepTable::Set(table) => table,
        }
    }

    pub fn action(self) -> Option<&'n Mapped> {
        match self {
            StepTable::Call { action, .. } => Some(action),
            StepTable::Set(_) => None,
        }
    }
}

pub fn flow_name(flow: &Table, reading: &mut Reading<'_>) -> Name {
    case_name(flow, "a flow", reading)
}

/// The steps that can be told to be of one kind, with their keys checked.
pub fn step_tables<'n>(flow: &'n Table, reading: &mut Reading<'_>) -> Vec<StepTable<'n>> {
    if flow.entry("step").is_none() {
        reading.missing(flow.span, "step", "a flow");
    }
    let Some(nodes) = reading.tables(flow, "step", "[[step]]") else { return Vec::new() };
    if let (true, Some(list)) = (nodes.is_empty(), flow.get("step")) {
        reading.wrong_value(list.span, "at least one step", "none");
    }
    if let Some(first_too_many) = nodes.get(MOST_STEPS) {
        reading.wrong_value(first_too_many.span, &format!("at most {MOST_STEPS} steps"), &nodes.len().to_string());
    }
    nodes.iter().take(MOST_STEPS).filter_map(|node| step(node, reading)).collect()
}

fn step<'n>(node: &'n Node, reading: &mut Reading<'_>) -> Option<StepTable<'n>> {
    let table = reading.as_table(node)?;
    if table.entry("set").is_some() && table.entry("action").is_none() {
        reading.check_keys(table, &SET_STEP);
        return Some(StepTable::Set(table));
    }
    if table.entry("action").is_none() {
        reading.check_keys(table, &STEP);
        reading.missing(table.span, "action", STEP.title);
        return None;
    }
    let action = reading.word(table, "action")?;
    if action.text.is_empty() {
        reading.wrong_value(action.whole(), "the id of a spec", "``");
        return None;
    }
    Some(StepTable::Call { table, action })
}

/// The clock of a flow, beneath which lie the project's defaults.
pub fn clock(flow: &Table, defaults: Option<&Table>, reading: &mut Reading<'_>) -> Clock {
    let lower = defaults.map_or(Table::empty(flow.span), |defaults| only(defaults, &CLOCK));
    let merged = merge_case(&lower, &only(flow, &CLOCK));
    let (now, microseconds) = times::now(&merged, reading);
    Clock { now, microseconds, timezone: timezone(&merged, reading), uuid: uuid(&merged, reading) }
}

/// Of the clock what a step sets itself: time, zone, id.
pub fn own_clock(step: &Table, reading: &mut Reading<'_>) -> (Option<(i64, u32)>, Option<String>, Option<String>) {
    let has = |key| step.entry(key).is_some();
    (
        has("now").then(|| times::now(step, reading)),
        has("timezone").then(|| timezone(step, reading)),
        has("uuid").then(|| uuid(step, reading)),
    )
}

/// How far a step moves the clock, in milliseconds.
pub fn advance(step: &Table, reading: &mut Reading<'_>) -> u64 {
    let Some(text) = reading.word(step, "advance") else { return 0 };
    parse_long_duration(&text.text).unwrap_or_else(|| {
        let got = format!("`{}`", text.text);
        reading.wrong_value(text.inside(), "a duration of at most a year, such as \"1h\"", &got);
        0
    })
}

/// The exit that a step waits for. `exits` are those that an action before it may take; `None`: there is no action before it.
pub fn when(step: &Table, exits: Option<&KnownExits<'_>>, reading: &mut Reading<'_>) -> Option<Name> {
    let word = reading.word(step, "when")?;
    let Some(exits) = exits else {
        reading.wrong_value(word.inside(), "a step before this one that runs an action", "none");
        return None;
    };
    if !exits.knows(&word.text) {
        let names = exits.names;
        reading.wrong_word(word, &format!("an exit of an action before: {}", names.join(", ")), names);
        return None;
    }
    Some(Spanned::new(word.text.to_string(), word.inside()))
}

/// What a flow, or a step that runs an action, puts into the state.
pub fn values(table: &Table, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> Given {
    given(&normalised(&only(table, &VALUES), &STEP, context, reading), context, reading)
}

/// What a step without an action puts into the state.
pub fn set_values(step: &Table, context: &CaseContext<'_>, reading: &mut Reading<'_>) -> Given {
    let mut renamed = only(step, &["set", "null"]);
    for entry in renamed.entries.iter_mut().filter(|entry| entry.key.value == "set") {
        entry.key.value = "given".into();
    }
    values(&renamed, context, reading)
}

/// The case that a step makes of what it takes: its given values are those of `taken`, a reply or an expectation of the step's
/// own is merged over those of `taken`.
pub fn call(
    step: &Table,
    taken: (Name, &Table),
    contexts: (&CaseContext<'_>, &CaseContext<'_>),
    reading: &mut Reading<'_>,
) -> ReadCase {
    let ((name, taken), (of_spec, of_flow)) = (taken, contexts);
    let lower = rooted(only(taken, &TAKEN), of_spec.folder);
    let upper = rooted(only(&normalised(step, &STEP, of_spec, reading), &LAID_OVER), of_flow.folder);
    // Files of two folders meet here: by now both are named from the root.
    let context = CaseContext { folder: "", ..*of_spec };
    case(name, &merge_case(&lower, &upper), &context, reading)
}

/// The entries of these keys.
fn only(table: &Table, keys: &[&str]) -> Table {
    let entries = table.entries.iter().filter(|entry| keys.contains(&entry.key.value.as_str()));
    Table { entries: entries.cloned().collect(), span: table.span }
}

/// The table with the files of its replies and secrets named from the project's root. A name that leads out of the project
/// stays as it is, and is complained of later.
fn rooted(mut table: Table, folder: &str) -> Table {
    for Entry { key, value } in &mut table.entries {
        match (key.value.as_str(), &mut value.kind) {
            ("reply" | "token_reply", Kind::Table(reply)) => root_file(reply, folder),
            ("given", Kind::Table(given)) => root_secrets(given, folder),
            _ => {}
        }
    }
    table
}

fn root_secrets(given: &mut Table, folder: &str) {
    let contexts = given.entries.iter_mut().filter(|entry| entry.key.value == "secret");
    for entry in contexts {
        let Kind::Table(secrets) = &mut entry.value.kind else { continue };
        for secret in &mut secrets.entries {
            if let Kind::Table(secret) = &mut secret.value.kind {
                root_file(secret, folder);
            }
        }
    }
}

fn root_file(table: &mut Table, folder: &str) {
    for entry in table.entries.iter_mut().filter(|entry| entry.key.value == "file") {
        if let Kind::Text(text) = &mut entry.value.kind
            && let Some(path) = path_beside(folder, &text.text)
        {
            text.text = path.into();
        }
    }
}
