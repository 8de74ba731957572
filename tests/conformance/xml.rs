//! Documents of the W3C's XML test suite, and attacks by entities.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hookwright::selector::xml;
use hookwright::value::Json;

use super::{data_lines, data_text, text};
use crate::support::Tally;

fn problem(row: &Json) -> Option<String> {
    let bytes = STANDARD.decode(text(row, "b64")).expect("Base64");
    let read = xml::document(&bytes);
    let is_accepted = text(row, "expect") == "well-formed" && row["has_doctype"] == false;
    (read.is_ok() != is_accepted).then(|| match read {
        Ok(tree) => format!("read as {tree}"),
        Err(problem) => format!("refused: {problem}"),
    })
}

#[test]
fn well_formed_is_accepted_and_all_else_refused() {
    let Some(rows) = data_lines("xml/w3c_xmlconf_subset.jsonl") else { return };
    let mut tally = Tally::default();
    for row in rows.iter().filter(|row| row["core"] == true) {
        tally.check(&format!("{}: {}", text(row, "id"), text(row, "desc")), problem(row));
    }
    assert!(tally.rows() > 140, "the data is complete");
    tally.report("xml");
}

/// What an entity would have brought in.
const LOOT: [&str; 4] = ["root:", "[boot loader]", "World", "xxe"];

#[test]
fn entities_are_refused_and_never_expanded() {
    let Some(lines) = data_text("injection/xxe_payloadsallthethings.txt") else { return };
    let mut refused = 0;
    for line in lines.lines() {
        match xml::document(line.as_bytes()) {
            Err(problem) => {
                assert!(!problem.message.is_empty(), "{line}");
                refused += 1;
            }
            Ok(tree) => {
                assert!(!line.contains("<!DOCTYPE") && !line.contains("<!ENTITY"), "{line} was read as {tree}");
                let shown = tree.to_string();
                assert!(LOOT.iter().all(|loot| line.contains(loot) || !shown.contains(loot)), "{line} was read as {tree}");
            }
        }
    }
    assert!(refused > 40, "most lines are attacks: {refused}");
}
