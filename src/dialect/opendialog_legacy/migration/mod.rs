//! A legacy action as a Webhook V2 action: the same request, and of the reply what V2 can take. Comments and cases stay.

mod changes;
mod comments;
mod references;

use toml_edit::{Decor, DocumentMut, InlineTable, Item, Key, RawString, Table, Value};

use super::lints;
use crate::assumption::id;
use crate::dialect::Dialect;
use crate::dialect::migration::Unmigrated;
use crate::plan::{AttributeName, BodyPlan, JsonKey, JsonTemplate, Plan, TextPiece, ValueSource};
use crate::value::{Json, Map};

/// JSON, and outputs, up to this length stand on one line.
const ONE_LINE: usize = 100;
/// Where the outputs stand in a reply.
const ATTRIBUTES: &str = "output_data.attributes";

/// The spec's text as one of the dialect `to`, and what changes.
///
/// # Errors
/// When the text cannot be edited, or an input has no reference.
pub fn migrate(text: &str, plan: &Plan, to: &Dialect) -> Result<(String, Vec<String>), Unmigrated> {
    references::check(plan, to)?;
    rewritten(text, plan, to).map_err(Unmigrated::Unreadable)
}

fn rewritten(text: &str, plan: &Plan, to: &Dialect) -> Result<(String, Vec<String>), String> {
    let old: DocumentMut = text.parse().map_err(|_| "it is not TOML".to_string())?;
    let mut document = old.clone();
    let mut changes = changes::of(plan);
    if let Some(value) = document.get_mut("dialect").and_then(Item::as_value_mut) {
        replace(value, to.name.into());
    }
    without_own_lints(document.as_table_mut(), to);
    changes.extend(without_own_assumptions(document.as_table_mut(), to));
    let (mut key, action) = document.as_table_mut().get_key_value_mut("action").ok_or("there is no `[action]`")?;
    let mut table = match std::mem::take(action) {
        Item::Value(Value::InlineTable(inline)) => unrolled(inline, key.leaf_decor_mut()),
        item => item.into_table().map_err(|_| "`action` is not a table")?,
    };
    table.set_dotted(false);
    table.set_implicit(false);
    rewrite_action(&mut table, plan);
    *action = Item::Table(table);
    let new = document.to_string();
    changes.extend(without_comments(&old, &new));
    Ok((as_before(text, new), changes))
}

/// An inline table as one with a header, above and behind which its comments stand.
fn unrolled(inline: InlineTable, key: &mut Decor) -> Table {
    let between = comments::between(&inline);
    let behind = inline.decor().suffix().cloned();
    let before = std::mem::take(key);
    let before = before.prefix().and_then(RawString::as_str).unwrap_or_default().trim_start().to_string();
    let mut table = inline.into_table();
    let lines: String = between.iter().map(|comment| format!("{comment}\n")).collect();
    table.decor_mut().set_prefix(format!("\n{before}{lines}"));
    table.decor_mut().set_suffix(behind.unwrap_or_default());
    table
}

/// What of the comments is lost is told, not shown: a comment may hold a secret.
fn without_comments(old: &DocumentMut, new: &str) -> Option<String> {
    let lost = comments::lost(old, &new.parse().ok()?);
    let lines = if lost == 1 { "line" } else { "lines" };
    (lost > 0).then(|| format!("Comments: {lost} {lines} of comment went with what they were about. The patch shows which."))
}

/// With the byte order mark and the line ends that the text had.
fn as_before(old: &str, new: String) -> String {
    const MARK: char = '\u{feff}';
    let mark = if old.starts_with(MARK) && !new.starts_with(MARK) { "\u{feff}" } else { "" };
    let has_one_kind = old.matches('\n').count() == old.matches("\r\n").count() && old.contains('\n');
    match has_one_kind {
        true => mark.to_string() + &new.replace("\r\n", "\n").replace('\n', "\r\n"),
        false => mark.to_string() + &new,
    }
}

/// Puts another value in a value's place, with the white space and the comment that are there.
fn replace(value: &mut Value, new: Value) {
    let decor = value.decor().clone();
    *value = new;
    *value.decor_mut() = decor;
}

/// Takes the lints out that only legacy actions have.
fn without_own_lints(document: &mut Table, to: &Dialect) {
    let is_own = |name: &str| {
        let known = |set: &crate::case::LintSet| set.lints().any(|lint| lint.name == name);
        known(&lints::LINTS) && !known(to.lints)
    };
    if let Some(levels) = document.get_mut("lint").and_then(Item::as_table_like_mut) {
        let own: Vec<String> = levels.iter().map(|(name, _)| name.to_string()).filter(|name| is_own(name)).collect();
        own.iter().for_each(|name| drop(levels.remove(name)));
    }
    drop_if_empty(document, "lint");
    if let Some(expected) = document.get_mut("expect_lints").and_then(Item::as_array_mut) {
        expected.retain(|lint| lint.as_str().is_none_or(|name| !is_own(name)));
        if expected.is_empty() {
            document.remove("expect_lints");
        }
    }
}

/// Takes the choices out that V2 does not have.
fn without_own_assumptions(document: &mut Table, to: &Dialect) -> Vec<String> {
    let has = |name: &str| to.assumptions.iter().any(|assumption| assumption.name == name);
    let mut own = Vec::new();
    if let Some(chosen) = document.get_mut("assume").and_then(Item::as_table_like_mut) {
        own = chosen.iter().map(|(name, _)| name.to_string()).filter(|name| !has(name)).collect();
        own.iter().for_each(|name| drop(chosen.remove(name)));
    }
    drop_if_empty(document, "assume");
    own.into_iter().map(|name| format!("The assumption `{name}` goes: the question does not come up with V2.")).collect()
}

fn drop_if_empty(document: &mut Table, name: &str) {
    if document.get(name).and_then(Item::as_table_like).is_some_and(|table| table.is_empty()) {
        document.remove(name);
    }
}

/// The keys in their order: `method` behind the name, the body in the place of the inputs, the response at the end.
fn rewrite_action(action: &mut Table, plan: &Plan) {
    let names: Vec<String> = action.iter().map(|(name, _)| name.to_string()).collect();
    let entries: Vec<(Key, Item)> = names.iter().filter_map(|name| action.remove_entry(name)).collect();
    let last = entries.iter().filter_map(|(_, item)| last_position(item)).chain(action.position()).max();
    let body = body(plan);
    let mut freed = Vec::new();
    let has = |name: &str| entries.iter().any(|(key, _)| key.get() == name);
    let (has_name, has_inputs) = (has("name"), has("inputs"));
    if !has_name {
        action.insert("method", "POST".into());
    }
    for (key, item) in entries {
        match key.get() {
            "inputs" => {
                let value = item.as_value();
                let mut body_key = Key::new("body").with_leaf_decor(key.leaf_decor().clone());
                comments::above(&mut body_key, &value.map(comments::inside).unwrap_or_default());
                let decor = value.map(|value| value.decor().clone());
                action.insert_formatted(&body_key, with(body.clone(), decor));
            }
            "outputs" | "active" => freed.extend(comments::of_entry(&key, &item)),
            "name" => {
                action.insert_formatted(&key, item);
                action.insert("method", "POST".into());
            }
            _ => drop(action.insert_formatted(&key, item)),
        }
    }
    if !has_inputs {
        action.insert("body", body);
    }
    action.insert("response", response(plan, &freed, last));
}

fn with(mut item: Item, decor: Option<Decor>) -> Item {
    if let (Some(value), Some(decor)) = (item.as_value_mut(), decor) {
        *value.decor_mut() = decor;
    }
    item
}

/// Where the last header stands that belongs to an item.
fn last_position(item: &Item) -> Option<isize> {
    match item {
        Item::Table(table) => table.iter().filter_map(|(_, item)| last_position(item)).chain(table.position()).max(),
        Item::ArrayOfTables(tables) => tables.iter().filter_map(Table::position).max(),
        Item::Value(_) | Item::None => None,
    }
}

/// `{"input_data":{"attributes":{…}}}` with a reference for each input.
fn body(plan: &Plan) -> Item {
    let mut attributes = Map::new();
    for (name, source) in inputs(plan) {
        attributes.insert(name.to_string(), format!("{{{}}}", written(source)).into());
    }
    let is_list = attributes.is_empty() && plan.assumptions.get(id::NO_INPUTS) == "list";
    let attributes = if is_list { Json::Array(Vec::new()) } else { Json::Object(attributes) };
    let body = serde_json::json!({"input_data": {"attributes": attributes}});
    let short = body.to_string();
    let long = || serde_json::to_string_pretty(&body).ok().filter(|text| !text.contains("'''"));
    match (short.len() > ONE_LINE).then(long).flatten() {
        Some(lines) => literal_lines(&lines).unwrap_or_else(|| short.into()),
        None => short.into(),
    }
}

/// A text of several lines, as it is.
fn literal_lines(text: &str) -> Option<Item> {
    let document: DocumentMut = format!("x = '''\n{text}\n'''").parse().ok()?;
    document.get("x").cloned()
}

/// Each input's key in the request, and what it reads.
fn inputs(plan: &Plan) -> Vec<(&str, &ValueSource)> {
    let BodyPlan::Json { root, .. } = &plan.request.body else { return Vec::new() };
    let JsonTemplate::Object(data) = root else { return Vec::new() };
    let attributes = inside(inside(data));
    attributes.iter().filter_map(|(key, value)| Some((key.literal.as_str(), source(value)?))).collect()
}

/// The entries of the one object that stands in an object.
fn inside(entries: &[(JsonKey, JsonTemplate)]) -> &[(JsonKey, JsonTemplate)] {
    match entries {
        [(_, JsonTemplate::Object(entries))] => entries,
        _ => &[],
    }
}

fn source(value: &JsonTemplate) -> Option<&ValueSource> {
    match value {
        JsonTemplate::Text { text, .. } => match text.pieces.as_slice() {
            [TextPiece::Value(expression)] => Some(&expression.source),
            _ => None,
        },
        _ => None,
    }
}

/// A source as a reference names it.
fn written(source: &ValueSource) -> String {
    match source {
        ValueSource::Attribute(name) => name.full().to_string(),
        ValueSource::Secret(name) => format!("secret.{name}"),
        ValueSource::Variable(name) => format!("_auth.{name}"),
        ValueSource::UnknownContext { context, attribute } => format!("{context}.{attribute}"),
        _ => String::new(),
    }
}

/// What a 2xx reply does, and that a redirect fails as it did before.
fn response(plan: &Plan, comments: &[String], position: Option<isize>) -> Item {
    let mut response = Table::new();
    response.set_implicit(true);
    let counts_always = plan.assumptions.get(id::ERROR_STATUS) == "report-counts";
    for class in ["2xx", "3xx", "4xx", "5xx"] {
        if class == "2xx" || counts_always {
            response.insert(class, Item::Table(group(plan, position)));
        } else if class == "3xx" {
            let mut redirects = Table::new();
            redirects.set_position(position);
            redirects.insert("action_success", "FALSE".into());
            response.insert(class, Item::Table(redirects));
        }
    }
    if let Some(first) = response.get_mut("2xx").and_then(Item::as_table_mut) {
        let lines: String = comments.iter().map(|comment| format!("{comment}\n")).collect();
        first.decor_mut().set_prefix(format!("\n{lines}"));
    }
    Item::Table(response)
}

fn group(plan: &Plan, position: Option<isize>) -> Table {
    let mut group = Table::new();
    group.set_position(position);
    group.insert("action_success", "successful".into());
    let outputs: Vec<(String, String)> =
        plan.targets().map(|target| (output_key(&target.name, plan), path_to(target.name.attribute()))).collect();
    if outputs.is_empty() {
        return group;
    }
    if outputs.iter().map(|(name, path)| name.len() + path.len()).sum::<usize>() <= ONE_LINE {
        let inline: InlineTable = outputs.into_iter().collect();
        group.insert("outputs", inline.into());
        return group;
    }
    let mut table = Table::new();
    table.set_position(position);
    for (name, path) in outputs {
        table.insert(&name, path.into());
    }
    group.insert("outputs", Item::Table(table));
    group
}

/// A name in the default context stands alone where it cannot be taken for a context.
fn output_key(name: &AttributeName, plan: &Plan) -> String {
    let attribute = name.attribute();
    let is_plain = !attribute.contains('.') && !plan.contexts.iter().any(|context| context == attribute);
    if name.context() == plan.default_context && is_plain { attribute.to_string() } else { name.full().to_string() }
}

/// The JMESPath expression for an attribute of the reply.
fn path_to(attribute: &str) -> String {
    let is_identifier = attribute.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && attribute.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match is_identifier {
        true => format!("{ATTRIBUTES}.{attribute}"),
        false => format!("{ATTRIBUTES}.{}", Json::from(attribute)),
    }
}

#[cfg(test)]
mod tests;
