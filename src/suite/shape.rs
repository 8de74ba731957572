//! A live reply held against the recorded one by shape: what is there and of which type, never which value.

use crate::case::Reply;
use crate::value::{Json, why_unread};

/// As many differences are told; a reply of another kind has thousands.
pub const MOST_TOLD: usize = 20;

/// As many pairs of places are compared. A list whose items may have many shapes multiplies them.
const MOST_COMPARED: usize = 5_000_000;

/// How a live reply differs from the recorded one: in its status, else in the type of its content and, where the recorded
/// one is JSON, in its shape.
pub fn reply_differences(recorded: &Reply, live: &Reply) -> Vec<String> {
    if recorded.status != live.status {
        return vec![format!("reply status: expected {} as in the recorded reply, got {}", recorded.status, live.status)];
    }
    let Some(kind) = content_type(recorded).filter(|_| !recorded.body.is_empty()) else { return Vec::new() };
    let mut told = Vec::new();
    let got = content_type(live);
    if got.as_ref() != Some(&kind) {
        let got = got.map_or("none".to_string(), |got| format!("`{got}`"));
        told.push(format!("reply content type: expected `{kind}` as in the recorded reply, got {got}"));
    }
    let is_json = kind.ends_with("/json") || kind.ends_with("+json");
    let Some(document) = serde_json::from_slice::<Json>(&recorded.body).ok().filter(|_| is_json) else { return told };
    match serde_json::from_slice::<Json>(&live.body) {
        Ok(live) => told.extend(shape_differences(&document, &live)),
        Err(error) => {
            let (expected, why) = (Shape::of(&document).words(), why_unread(&error));
            told.push(format!("reply $: expected {expected}, got what {why}"));
        }
    }
    told
}

/// Type and subtype alone, in lower case (RFC 9110, 8.3.1).
fn content_type(reply: &Reply) -> Option<String> {
    let header = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"))?;
    let essence = header.1.split(';').next().unwrap_or_default().trim();
    Some(essence.to_ascii_lowercase())
}

/// How the shape of one document differs from that of a recorded one.
///
/// Each key of the recorded one must be there, with a value of the same type; more keys may be. What is null in the recorded
/// one may be of any type. Each item of a list must fit one item of the recorded list, whose emptiness says nothing.
pub fn shape_differences(recorded: &Json, live: &Json) -> Vec<String> {
    differences_within(MOST_COMPARED, recorded, live)
}

fn differences_within(most: usize, recorded: &Json, live: &Json) -> Vec<String> {
    let mut comparison = Comparison { left: most };
    let mut found = comparison.compare(&Shape::of(recorded), live, &Path::Root);
    if comparison.left == 0 {
        return vec!["reply $: too large to be compared with the recorded reply".to_string()];
    }
    if found.len() > MOST_TOLD {
        found.truncate(MOST_TOLD);
        found.push("reply: there are more differences".to_string());
    }
    found
}

/// What a recorded value says about others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Anything,
    Truth,
    Number,
    Text,
    /// The shapes that an item may have; none: any.
    List(Vec<Shape>),
    Object(Vec<(String, Shape)>),
}

impl Shape {
    fn of(recorded: &Json) -> Shape {
        match recorded {
            Json::Null => Shape::Anything,
            Json::Bool(_) => Shape::Truth,
            Json::Number(_) => Shape::Number,
            Json::String(_) => Shape::Text,
            Json::Object(entries) => {
                Shape::Object(entries.iter().map(|(key, value)| (key.clone(), Shape::of(value))).collect())
            }
            Json::Array(items) => Shape::list(items.iter().map(Shape::of).collect()),
        }
    }

    fn list(mut items: Vec<Shape>) -> Shape {
        items.sort();
        items.dedup();
        if items.contains(&Shape::Anything) {
            items.clear();
        }
        Shape::List(items)
    }

    fn words(&self) -> &'static str {
        match self {
            Shape::Anything => "anything",
            Shape::Truth => "true or false",
            Shape::Number => "a number",
            Shape::Text => "text",
            Shape::List(_) => "a list",
            Shape::Object(_) => "an object",
        }
    }
}

/// What a live value is.
fn words(live: &Json) -> &'static str {
    match live {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

/// A place in a document, spelt out only where something is to be told.
enum Path<'a> {
    Root,
    Key(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl Path<'_> {
    fn spelt(&self) -> String {
        match self {
            Path::Root => "$".to_string(),
            Path::Key(before, key) if is_plain(key) => format!("{}.{key}", before.spelt()),
            Path::Key(before, key) => format!("{}[{}]", before.spelt(), Json::from(*key)),
            Path::Item(before, index) => format!("{}[{index}]", before.spelt()),
        }
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

struct Comparison {
    /// How many more pairs of places may be compared.
    left: usize,
}

impl Comparison {
    /// The differences; of many, the first.
    fn compare(&mut self, shape: &Shape, live: &Json, path: &Path<'_>) -> Vec<String> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return Vec::new();
        }
        match (shape, live) {
            (Shape::Anything, _)
            | (Shape::Truth, Json::Bool(_))
            | (Shape::Number, Json::Number(_))
            | (Shape::Text, Json::String(_)) => Vec::new(),
            (Shape::Object(wanted), Json::Object(entries)) => {
                let mut found = Vec::new();
                for (key, shape) in wanted {
                    let path = Path::Key(path, key);
                    match entries.get(key) {
                        Some(live) => found.extend(self.compare(shape, live, &path)),
                        None => found.push(told(&path, shape, "nothing")),
                    }
                    if found.len() > MOST_TOLD {
                        break;
                    }
                }
                found
            }
            (Shape::List(shapes), Json::Array(items)) => self.items(shapes, items, path),
            _ => vec![told(path, shape, words(live))],
        }
    }

    fn items(&mut self, shapes: &[Shape], items: &[Json], path: &Path<'_>) -> Vec<String> {
        let mut found = Vec::new();
        for (index, item) in items.iter().enumerate() {
            found.extend(self.nearest(shapes, item, &Path::Item(path, index)));
            if found.len() > MOST_TOLD {
                break;
            }
        }
        found
    }

    /// The differences from the shape that the item comes closest to: one of its own kind, with the fewest differences.
    fn nearest(&mut self, shapes: &[Shape], item: &Json, path: &Path<'_>) -> Vec<String> {
        let mut nearest: Option<(bool, Vec<String>)> = None;
        for shape in shapes {
            let found = self.compare(shape, item, path);
            if found.is_empty() {
                return found;
            }
            let is_other_kind = shape.words() != words(item);
            let is_nearer =
                |(other_kind, fewest): &(bool, Vec<String>)| (is_other_kind, found.len()) < (*other_kind, fewest.len());
            if nearest.as_ref().is_none_or(is_nearer) {
                nearest = Some((is_other_kind, found));
            }
        }
        nearest.map(|(_, found)| found).unwrap_or_default()
    }
}

fn told(path: &Path<'_>, expected: &Shape, got: &str) -> String {
    format!("reply {}: expected {}, got {got}", path.spelt(), expected.words())
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
