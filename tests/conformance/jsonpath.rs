//! Singular queries of the JSONPath compliance suite (RFC 9535), read as object paths.

use hookwright::selector::Selector;
use hookwright::selector::object_path::ObjectPath;
use hookwright::value::Json;

use super::{data, list, text};
use crate::support::Tally;

fn problem(row: &Json) -> Option<String> {
    let compiled = ObjectPath::compile(text(row, "selector"));
    let is_invalid = row["invalid"] == true;
    match compiled {
        Err(error) => (!is_invalid).then(|| format!("refused: {error}")),
        Ok(_) if is_invalid => Some("accepted".to_string()),
        Ok(path) => {
            let found: Vec<Json> = path.find(&row["document"]).expect("a path can be followed").into_iter().collect();
            (found != list(&row["result"])).then(|| format!("found {found:?}"))
        }
    }
}

#[test]
fn singular_queries() {
    let Some(rows) = data("jsonpath/singular_subset.json") else { return };
    let mut tally = Tally::default();
    for row in list(&rows) {
        tally.check(&format!("{}: {}", text(row, "name"), text(row, "selector")), problem(row));
    }
    assert!(tally.rows() > 150, "the data is complete");
    tally.report("jsonpath");
}
