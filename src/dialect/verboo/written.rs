//! The action as it was written: in the spec, in the platform's own JSON beside it, or in both.

use super::names;
use crate::diagnostic::Diagnostic;
use crate::dialect::Lowering;
use crate::source::{Mapped, Span};
use crate::spec::json_text;
use crate::spec::json_tree;
use crate::spec::lints::wrong_type::WRONG_TYPE;
use crate::spec::{Table, path_beside};

/// The keys of an action.
pub struct Written {
    pub table: Table,
    /// The whole of the platform's JSON, where the action has one.
    pub json: Option<Mapped>,
}

impl Written {
    /// Whether the platform's JSON is all there is: the spec's own file.
    pub fn is_alone(&self, spec: Span) -> bool {
        self.json.as_ref().is_some_and(|json| json.inside().file == spec.file)
    }

    /// The text of a value, if it was written in the platform's JSON.
    pub fn in_json(&self, span: Span) -> Option<Mapped> {
        let json = self.json.as_ref().filter(|json| json.inside().contains(span))?;
        let start = json.inside().start;
        Some(json.slice(span.start - start..span.end - start))
    }
}

/// The keys of `[action]`, over those of the file that it names; `None` when that file cannot be read.
pub fn of(action: &Table, lowering: &mut Lowering<'_, '_>) -> Option<Written> {
    let own = || action.entries.iter().filter(|entry| entry.key.value != "from").cloned();
    if action.entry("from").is_none() {
        return Some(Written { table: action.clone(), json: None });
    }
    let (json, mut table) = file(action, lowering)?;
    for entry in own() {
        table.entries.retain(|known| known.key.value != entry.key.value);
        table.entries.push(entry);
    }
    Some(Written { table, json: Some(json) })
}

fn file(action: &Table, lowering: &mut Lowering<'_, '_>) -> Option<(Mapped, Table)> {
    let name = lowering.reading.word(action, "from")?;
    let Some(path) = path_beside(lowering.folder, &name.text) else {
        lowering.reading.wrong_value(name.inside(), "a file inside the project", &format!("`{}`", name.text));
        return None;
    };
    let file = match lowering.sources.load_named(&path) {
        Ok(file) => file,
        Err(problem) => {
            let got = format!("`{}`, which {problem}", name.text);
            lowering.reading.wrong_value(name.inside(), "a file that can be read", &got);
            return None;
        }
    };
    let text = &lowering.sources.file(file).text;
    // Editors on some systems begin a file with a byte order mark.
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let source = Mapped::verbatim(&text[start..], file, start);
    match read(&source) {
        Ok(table) => Some((source, table)),
        Err(found) => {
            lowering.reading.findings.push(*found);
            None
        }
    }
}

fn read(source: &Mapped) -> Result<Table, Box<Diagnostic>> {
    let wrong = |span, message: String| Box::new(Diagnostic::new(&WRONG_TYPE, span, message));
    let document = json_text::parse(source, names::bare_length)
        .map_err(|problem| wrong(source.span(problem.range), format!("the file is not JSON: {}", problem.message)))?;
    let holes = document.holes.clone();
    let table = json_tree::table(document, source)
        .ok_or_else(|| wrong(source.inside(), "expected an object with the action's keys, found other JSON".to_string()))?;
    let body = table.get("body").map(|body| body.span);
    let misplaced =
        holes.into_iter().map(|hole| source.span(hole)).find(|hole| !body.is_some_and(|body| body.contains(*hole)));
    match misplaced {
        Some(span) => {
            let message = "a variable outside of double quotes, which can stand in the body alone";
            Err(Box::new(Diagnostic::new(&WRONG_TYPE, span, message).help("put it in double quotes")))
        }
        None => Ok(table),
    }
}
