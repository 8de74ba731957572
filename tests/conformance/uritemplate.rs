//! The simple expansions of RFC 6570: how a value is encoded in a URL.

use hookwright::eval::single::Use;
use hookwright::value::Json;

use super::{data, list, text};
use crate::support::{Tally, alone, contexts_with, given};

#[test]
fn simple_expansion() {
    let Some(data) = data("uritemplate/simple_scalar_subset.json") else { return };
    let mut tally = Tally::default();
    for row in list(&data) {
        let variables = row["variables"].as_object().expect("variables").iter();
        let values: Vec<(&str, Json)> = variables.map(|(name, value)| (name.as_str(), value.clone())).collect();
        let alone = alone(text(row, "template"), Use::Url, &given(&values), &contexts_with([]));
        let is_clean = alone.findings.is_empty() && alone.faults.is_empty();
        let holds = is_clean && alone.json() == Some(&row["expected"]);
        tally.check(text(row, "id"), (!holds).then(|| format!("expected {}, got {:?}", row["expected"], alone.result)));
    }
    tally.report("uritemplate");
}
