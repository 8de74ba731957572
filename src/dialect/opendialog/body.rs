//! The request body: JSON text as pasted, a table, or a file.

use crate::dialect::Lowering;
use crate::dialect::opendialog_shared::json;
use crate::plan::BodyPlan;
use crate::source::Mapped;
use crate::spec::{Kind, Table, path_beside};

pub fn body(action: &Table, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    let Some(node) = action.get("body") else { return BodyPlan::None };
    match &node.kind {
        Kind::Text(source) => json::of_text(source, lowering),
        Kind::Table(table) => match file_name(table) {
            Some(file) => of_file(file, lowering),
            None => json::of_node(node, lowering),
        },
        Kind::Array(_) => json::of_node(node, lowering),
        _ => {
            lowering.reading.wrong_type(node, "JSON text, a table, or `{ file = \"…\" }`");
            unusable("the body is neither text nor a table")
        }
    }
}

fn unusable(message: impl Into<String>) -> BodyPlan {
    BodyPlan::Unusable { message: message.into(), root: None }
}

/// `{ file = "big.json" }` and nothing else.
fn file_name(table: &Table) -> Option<&Mapped> {
    match table.entries.as_slice() {
        [entry] if entry.key.value == "file" => entry.value.as_text(),
        _ => None,
    }
}

fn of_file(name: &Mapped, lowering: &mut Lowering<'_, '_>) -> BodyPlan {
    let Some(path) = path_beside(lowering.folder, &name.text) else {
        lowering.reading.wrong_value(name.inside(), "a file inside the project", &format!("`{}`", name.text));
        return unusable("the body's file lies outside the project");
    };
    match lowering.sources.load_named(&path) {
        Ok(file) => {
            let text = lowering.sources.file(file);
            json::of_text(&Mapped::verbatim(&text.text, file, 0), lowering)
        }
        Err(problem) => {
            let got = format!("`{}`, which {problem}", name.text);
            lowering.reading.wrong_value(name.inside(), "a file that can be read", &got);
            unusable(format!("the body's file {problem}"))
        }
    }
}
