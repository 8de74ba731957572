//! `count`.

use crate::value::{Json, Value};

use super::support::{items, wrong_input};
use super::{Context, Filter, FilterFault, Input, Output, any_argument};

pub static COUNT: Filter = Filter {
    name: "count",
    parameters: &[],
    input: Input::Collection,
    output: |_| Output::Number,
    one_way: false,
    summary: "how many items a collection has",
    page: PAGE,
    check: any_argument,
    apply,
};

const PAGE: &str = r#"
Counts the items of a list, or the entries of an object, as Laravel's `Collection::count`.

No arguments.

- `{orders | count}` over `["a", "b"]` gives `2`
- `{orders | count}` over `[]` gives `0`
- `{orders | where "state" "open" | count}` over `[{"state": "open"}, {"state": "shut"}]` gives `1`

Any other value is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters.
"#;

fn apply(value: &Value, _: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    if value.is_null() {
        return Ok(value.clone());
    }
    let items = items(value).ok_or_else(|| wrong_input("count", "a collection", value))?;
    Ok(Value::from(Json::from(items.len())))
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{apply, message};
    use crate::value::Value;
    use serde_json::json;

    #[test]
    fn lists_and_objects() {
        assert_eq!(apply("count", json!({"a": 1, "b": 2}), &[]), Ok(json!(2).into()));
        assert_eq!(apply("count", Value::NULL, &[]), Ok(Value::NULL));
        assert_eq!(message("count", "ab", &[]), "`count` works on a collection, not on text");
    }
}
