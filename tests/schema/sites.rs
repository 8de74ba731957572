//! The places of a document, found along the shapes of its keys.

use hookwright::dialect::{DIALECTS, Dialect};
use hookwright::spec::Shape;
use hookwright::spec::keys::{LEVEL, SECRET, Section};
use serde_json::{Value as Json, json};

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Key(String),
    Index(usize),
}

pub enum Site {
    /// A table of the format.
    Table(&'static Section),
    /// A table with other known names.
    Closed,
    Value(Shape),
    /// In a table of attributes, where a table may be a context's.
    Entry,
}

type Places = Vec<(Vec<Step>, Site)>;

/// The dialect that a document names, or the default one.
fn dialect_of(document: &Json) -> &'static Dialect {
    let named = document.get("dialect").and_then(Json::as_str).and_then(hookwright::dialect::find);
    named.unwrap_or(DIALECTS[0])
}

pub fn places(document: &Json, section: &'static Section) -> Places {
    let mut places = Vec::new();
    let dialect = dialect_of(document);
    if let Some(action) = document.get("action") {
        in_table(action, dialect.sections[0], &[Step::Key("action".into())], &mut places);
    }
    for key in dialect.top_level.keys {
        if let Some(value) = document.get(key.name) {
            let path = [Step::Key(key.name.into())];
            places.push((path.to_vec(), Site::Value(key.shape)));
            below(value, key.shape, &path, &mut places);
        }
    }
    in_table(document, section, &[], &mut places);
    // The table of the action is its dialect's.
    if let Some(action) = document.get("action") {
        let name = document.get("dialect").and_then(Json::as_str);
        let dialect = DIALECTS.iter().find(|dialect| Some(dialect.name) == name).unwrap_or(&DIALECTS[0]);
        in_table(action, dialect.sections[0], &[Step::Key("action".into())], &mut places);
    }
    places
}

fn in_table(table: &Json, section: &'static Section, path: &[Step], places: &mut Places) {
    places.push((path.to_vec(), Site::Table(section)));
    for key in section.keys {
        if let Some(value) = table.get(key.name) {
            let path = [path, &[Step::Key(key.name.into())]].concat();
            places.push((path.clone(), Site::Value(key.shape)));
            below(value, key.shape, &path, places);
        }
    }
}

/// What stands below a value.
fn below(value: &Json, shape: Shape, path: &[Step], places: &mut Places) {
    match shape {
        Shape::Table(section) => in_table(value, section, path, places),
        Shape::Tables(section) => {
            for (index, item) in items(value) {
                in_table(item, section, &[path, &[index]].concat(), places);
            }
        }
        Shape::Either(first, second) => {
            for (index, item) in items(value) {
                let is_second = item.get(first.keys[0].name).is_none() && item.get(second.keys[0].name).is_some();
                in_table(item, if is_second { second } else { first }, &[path, &[index]].concat(), places);
            }
        }
        Shape::AnyOf(shapes) => {
            let table = shapes.iter().find(|shape| matches!(shape, Shape::Table(_))).filter(|_| value.is_object());
            table.iter().for_each(|shape| below(value, **shape, path, places));
        }
        Shape::Map(inner) | Shape::Pairs(inner) => each(value, *inner, path, places),
        Shape::ByContext(inner) => by_context(value, *inner, path, places),
        Shape::Levels => {
            places.push((path.to_vec(), Site::Closed));
            for (name, level) in entries(value).filter(|(_, level)| level.is_object()) {
                in_table(level, &LEVEL, &[path, &[name]].concat(), places);
            }
        }
        Shape::Assumptions => places.push((path.to_vec(), Site::Closed)),
        Shape::AssumptionsByDialect => {
            places.push((path.to_vec(), Site::Closed));
            for (name, _) in entries(value) {
                places.push(([path, &[name]].concat(), Site::Closed));
            }
        }
        Shape::Given => secrets(value, path, places),
        _ => {}
    }
}

fn each(value: &Json, inner: Shape, path: &[Step], places: &mut Places) {
    for (name, value) in entries(value) {
        let path = [path, &[name]].concat();
        places.push((path.clone(), Site::Value(inner)));
        below(value, inner, &path, places);
    }
}

fn by_context(value: &Json, inner: Shape, path: &[Step], places: &mut Places) {
    for (name, value) in entries(value) {
        let path = [path, std::slice::from_ref(&name)].concat();
        match &name {
            Step::Key(name) if value.is_object() && DIALECTS[0].contexts.contains(&name.as_str()) => {
                each(value, inner, &path, places);
            }
            _ => places.push((path, Site::Entry)),
        }
    }
}

fn secrets(given: &Json, path: &[Step], places: &mut Places) {
    let Some(secrets) = given.get("secret") else { return };
    let path = [path, &[Step::Key("secret".into())]].concat();
    for (name, secret) in entries(secrets).filter(|(_, secret)| secret.is_object()) {
        in_table(secret, &SECRET, &[path.as_slice(), &[name]].concat(), places);
    }
}

fn entries(value: &Json) -> impl Iterator<Item = (Step, &Json)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (Step::Key(name.clone()), value))
}

fn items(value: &Json) -> impl Iterator<Item = (Step, &Json)> {
    value.as_array().into_iter().flatten().enumerate().map(|(index, value)| (Step::Index(index), value))
}

/// What the schema lets through: a table under a name that may be a context of the project, a file that is not there.
pub fn only_the_reader_knows(shape: Shape, probe: &Json) -> bool {
    match shape {
        Shape::File | Shape::CaseName | Shape::WholeTable => probe.is_string(),
        Shape::CaseNames => probe.as_array().is_some_and(|names| names.iter().all(|name| name.is_string())),
        Shape::ByContext(_) => probe.as_object().is_some_and(|table| table.values().any(Json::is_object)),
        _ => false,
    }
}

pub fn written(path: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Key(key) => key.clone(),
        Step::Index(index) => index.to_string(),
    };
    path.iter().map(step).collect::<Vec<_>>().join(".")
}

fn at<'j>(document: &'j mut Json, path: &[Step]) -> &'j mut Json {
    path.iter().fold(document, |value, step| match step {
        Step::Key(key) => &mut value[key.as_str()],
        Step::Index(index) => &mut value[*index],
    })
}

pub fn replaced(document: &Json, path: &[Step], value: Json) -> Json {
    let mut varied = document.clone();
    *at(&mut varied, path) = value;
    varied
}

pub fn with_key(document: &Json, path: &[Step], key: &str) -> Json {
    let mut varied = document.clone();
    at(&mut varied, path)[key] = json!(1);
    varied
}

/// `None` where the key is not there.
pub fn without_key(document: &Json, path: &[Step], key: &str) -> Option<Json> {
    let mut varied = document.clone();
    at(&mut varied, path).as_object_mut()?.shift_remove(key)?;
    Some(varied)
}

/// The section and the name of every key in the places.
pub fn keys(places: &[(Vec<Step>, Site)]) -> Vec<(&'static str, String)> {
    let mut keys = Vec::new();
    for (path, site) in places {
        let Site::Table(section) = site else { continue };
        let below = places.iter().filter(|(other, _)| other.len() == path.len() + 1 && other.starts_with(path));
        let names = below.filter_map(|(other, _)| match other.last() {
            Some(Step::Key(name)) => Some((section.title, name.clone())),
            _ => None,
        });
        keys.extend(names);
    }
    keys
}

/// Every key of every section that can be reached was in some document.
pub fn assert_that_all_were_seen(section: &'static Section, seen: &[(&'static str, String)]) {
    let mut sections = vec![section];
    let mut index = 0;
    while let Some(section) = sections.get(index).copied() {
        for key in section.keys {
            assert!(
                seen.iter().any(|(title, name)| *title == section.title && name == key.name),
                "no document has `{}` of {}",
                key.name,
                section.title
            );
            let inner = match key.shape {
                Shape::Table(inner) | Shape::Tables(inner) => inner,
                Shape::Either(first, second) => {
                    sections.extend([first, second]);
                    continue;
                }
                Shape::Map(Shape::Table(inner)) => *inner,
                Shape::Action => DIALECTS[0].sections[0],
                _ => continue,
            };
            if !std::ptr::eq(section, &hookwright::spec::keys::DEFAULTS)
                && !sections.iter().any(|known| known.title == inner.title)
            {
                sections.push(inner);
            }
        }
        index += 1;
    }
    assert!(sections.len() > 3);
}
