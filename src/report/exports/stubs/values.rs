//! The values that tell cases apart, and which of them a request must have for a case to answer it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::super::expressions::{ANYTHING, of_segment_text, quoted};
use crate::eval::SecretValues;
use crate::mock::derive::{BodyShape, Hole, JsonShape, Mocked, Pattern, PatternPart, Reads};
use crate::plan::AttributeName;
use crate::value::{Value, json_text};

/// Of an action with more values than this that tell cases apart, not every combination gets a stub.
pub const MOST_COMBINED: usize = 5;

/// Where in a request a value can be told from its place alone.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// A whole segment of the path.
    Segment(usize),
    Query(String),
    Header(String, Pattern),
    /// In a JSON body, as a JSONPath; whether it stands inside a string.
    Json(String, bool),
    Form(String),
    /// One hole of a text between literals.
    Xml(Pattern, usize),
}

/// What a request must say for a case to answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub place: Place,
    pub value: Json,
}

/// The conditions of one stub, by attribute.
pub type Conditions = BTreeMap<String, Condition>;

/// What is known of the values of an action.
pub struct Telling {
    /// Which conditions lead to which case, the strongest first.
    pub stubs: Vec<(Conditions, usize)>,
    /// Attributes whose values cannot be written down or looked for.
    pub untold: Vec<String>,
    /// Whether a case gives null, which is nowhere told from what is missing.
    pub has_null: bool,
    /// Whether combinations are missing.
    pub is_cut: bool,
}

/// The stubs that choose a case by what the request says, as [`crate::mock::derive::best`] does: most values that agree, then
/// fewest that are others, then success, then order.
pub fn telling(action: &Mocked, net: &SecretValues) -> Telling {
    let mut telling = Telling { stubs: Vec::new(), untold: Vec::new(), has_null: false, is_cut: false };
    let given: Vec<Conditions> = by_case(action, net, &mut telling);
    let mut ranked = Vec::new();
    for (index, conditions) in given.iter().enumerate() {
        let all: Vec<(&String, &Condition)> = conditions.iter().collect();
        telling.is_cut |= all.len() > MOST_COMBINED;
        for chosen in combinations(&all) {
            let others = all.len() - chosen.len();
            let rank = (Reverse(chosen.len()), others, !action.cases[index].succeeds, index);
            ranked.push((rank, chosen.into_iter().map(|(name, condition)| (name.clone(), condition.clone())).collect()));
        }
    }
    ranked.sort_by_key(|(rank, _): &(_, Conditions)| *rank);
    for ((.., index), conditions) in ranked {
        // What an earlier one takes never comes here.
        if !telling.stubs.iter().any(|(known, _)| *known == conditions) {
            telling.stubs.push((conditions, index));
        }
    }
    let otherwise = otherwise(action);
    drop_idle(&mut telling.stubs, otherwise, &given);
    telling
}

/// The case that answers when no value agrees: the first that leads to success, else the first.
pub fn otherwise(action: &Mocked) -> usize {
    action.cases.iter().position(|prepared| prepared.succeeds).unwrap_or(0)
}

/// Without those in which only some values agree, and which say what would be said without them.
fn drop_idle(stubs: &mut Vec<(Conditions, usize)>, otherwise: usize, given: &[Conditions]) {
    let mut index = stubs.len();
    while index > 0 {
        index -= 1;
        let (conditions, case) = &stubs[index];
        let excludes = |other: &Conditions| {
            conditions.iter().any(|(name, condition)| other.get(name).is_some_and(|known| known.value != condition.value))
        };
        let is_idle = *case == otherwise
            && conditions.len() < given[*case].len()
            && stubs[index + 1..].iter().all(|(other, case)| *case == otherwise || excludes(other));
        if is_idle {
            stubs.remove(index);
        }
    }
}

/// Every combination of a few, else all of them and each alone; none without any.
fn combinations<T: Copy>(all: &[T]) -> Vec<Vec<T>> {
    if all.len() > MOST_COMBINED {
        return std::iter::once(all.to_vec()).chain(all.iter().map(|one| vec![*one])).collect();
    }
    let chosen = |mask: usize| all.iter().enumerate().filter(move |(bit, _)| mask & (1 << bit) != 0).map(|(_, one)| *one);
    (1..1_usize << all.len()).map(|mask| chosen(mask).collect()).collect()
}

/// What each case gives of the values in which cases differ.
fn by_case(action: &Mocked, net: &SecretValues, telling: &mut Telling) -> Vec<Conditions> {
    let mut by_case = vec![Conditions::new(); action.cases.len()];
    for (name, place) in places(action) {
        let values: Vec<Option<&Value>> = action.cases.iter().map(|prepared| prepared.case.given.attribute(&name)).collect();
        let texts: Vec<Option<Json>> = values.iter().map(|value| value.map(Value::to_json)).collect();
        if texts.windows(2).all(|pair| pair[0] == pair[1]) {
            continue;
        }
        let is_secret = action.plan.secret_attributes.contains(&name) || values.iter().flatten().any(|v| v.is_secret());
        for (conditions, value) in by_case.iter_mut().zip(texts) {
            let Some(value) = value else { continue };
            let is_hidden = is_secret || net.mask(&json_text(&value)) != json_text(&value);
            match () {
                () if value.is_null() => telling.has_null = true,
                () if !is_hidden && can_be_looked_for(&value, &place) => {
                    conditions.insert(name.full().to_string(), Condition { place: place.clone(), value });
                }
                () if telling.untold.iter().any(|known| known == name.full()) => {}
                () => telling.untold.push(name.full().to_string()),
            }
        }
    }
    by_case
}

/// A list or an object is one only in JSON.
fn can_be_looked_for(value: &Json, place: &Place) -> bool {
    !(value.is_array() || value.is_object()) || matches!(place, Place::Json(_, false))
}

/// The attributes that a request tells, each with the place that counts: the first, in the order in which they are recovered.
fn places(action: &Mocked) -> Vec<(AttributeName, Place)> {
    let mut places = Places::default();
    for (index, segment) in action.shape.path.segments.iter().enumerate() {
        places.lone(segment, Place::Segment(index));
    }
    for (name, pattern) in &action.shape.query {
        if let Some(name) = name.as_literal() {
            places.lone(pattern, Place::Query(name.to_string()));
        }
    }
    for (name, pattern) in action.shape.headers.iter().chain(&action.authentication_headers) {
        if pattern.holes().count() == 1 {
            pattern.holes().for_each(|hole| places.put(hole, Place::Header(name.clone(), pattern.clone())));
        }
    }
    match &action.shape.body {
        BodyShape::None | BodyShape::Text(_) => {}
        BodyShape::Json(shape) => places.json(shape, "$".to_string()),
        BodyShape::Form(pairs) => {
            for (name, pattern) in pairs {
                if let Some(name) = name.as_literal() {
                    places.lone(pattern, Place::Form(name.to_string()));
                }
            }
        }
        BodyShape::Xml(pattern) => {
            let holes = pattern.holes().enumerate();
            holes.for_each(|(index, hole)| places.put(hole, Place::Xml(pattern.clone(), index)));
        }
    }
    places.0
}

#[derive(Default)]
struct Places(Vec<(AttributeName, Place)>);

impl Places {
    fn lone(&mut self, pattern: &Pattern, place: Place) {
        if let Some(hole) = pattern.lone() {
            self.put(hole, place);
        }
    }

    fn put(&mut self, hole: &Hole, place: Place) {
        if let Reads::Attribute(name) = &hole.reads
            && !self.0.iter().any(|(known, _)| known == name)
        {
            self.0.push((name.clone(), place));
        }
    }

    /// Nested as deep as the parser allows.
    fn json(&mut self, shape: &JsonShape, path: String) {
        match shape {
            JsonShape::Constant(_) => {}
            JsonShape::Value(hole) => self.put(hole, Place::Json(path, false)),
            JsonShape::Text(pattern) => self.lone(pattern, Place::Json(path, true)),
            JsonShape::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| self.json(item, format!("{path}[{index}]")));
            }
            JsonShape::Object(entries) => {
                for (key, shape) in entries {
                    if let Some(key) = key.as_literal() {
                        let key = key.replace('\\', r"\\").replace('\'', r"\'");
                        self.json(shape, format!("{path}['{key}']"));
                    }
                }
            }
        }
    }
}

impl Condition {
    /// The value as a text in a URL, a header or a form.
    fn text(&self) -> String {
        json_text(&self.value)
    }

    /// As a regular expression for its segment.
    pub fn segment(&self) -> String {
        of_segment_text(&self.text())
    }

    /// As WireMock's matcher of a parameter or a header.
    pub fn of_text(&self) -> Json {
        match &self.place {
            Place::Header(_, pattern) if pattern.lone().is_none() => {
                json!({"matches": self.inside(pattern, 0, &[self.text()])})
            }
            _ => json!({"equalTo": self.text()}),
        }
    }

    /// As WireMock's matcher of a body.
    pub fn of_body(&self) -> Json {
        match &self.place {
            Place::Xml(pattern, index) => {
                json!({"matches": self.inside(pattern, *index, &spellings(&self.text()))})
            }
            Place::Json(path, _) if self.value.is_array() || self.value.is_object() => {
                json!({"matchesJsonPath": {"expression": path, "equalToJson": self.value.to_string()}})
            }
            Place::Json(path, _) => json!({"matchesJsonPath": {"expression": path, "equalTo": self.text()}}),
            _ => json!({"contains": self.text()}),
        }
    }

    /// The pattern with the value in one of its holes.
    fn inside(&self, pattern: &Pattern, index: usize, texts: &[String]) -> String {
        let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
        let own = if texts.len() == 1 { texts[0].clone() } else { format!("(?:{})", texts.join("|")) };
        let mut hole = 0;
        let part = |part: PatternPart<'_>| match part {
            PatternPart::Literal(literal) => quoted(literal),
            PatternPart::Hole(_) => {
                hole += 1;
                if hole == index + 1 { own.clone() } else { ANYTHING.to_string() }
            }
        };
        pattern.parts().map(part).collect()
    }
}

/// A text as it is, and with the escapes of XML (XML 1.0, section 4.6).
fn spellings(text: &str) -> Vec<String> {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let quoted = escaped.replace('"', "&quot;");
    let mut spellings =
        vec![text.to_string(), escaped, quoted.replace('\'', "&apos;"), quoted.replace('\'', "&#39;"), quoted];
    spellings.sort();
    spellings.dedup();
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_combined_in_every_way() {
        assert_eq!(combinations::<u8>(&[]).len(), 0);
        assert_eq!(combinations(&[1, 2, 3]).len(), 7);
        assert_eq!(combinations(&[1, 2, 3, 4, 5, 6]).len(), 7);
    }

    #[test]
    fn texts_of_xml_are_looked_for_in_every_spelling() {
        assert_eq!(spellings("a"), ["a"]);
        assert_eq!(spellings("a<'b'"), ["a&lt;&#39;b&#39;", "a&lt;&apos;b&apos;", "a&lt;'b'", "a<'b'"]);
    }
}
