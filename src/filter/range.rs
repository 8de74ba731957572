//! `range`.

use crate::value::{Json, Value};

use super::numeric::Number;
use super::support::{bad_argument, items, literal, quoted, wrong_input};
use super::{BadArgument, Context, Filter, FilterFault, Input, Output, Parameter};

pub static RANGE: Filter = Filter {
    name: "range",
    parameters: &[Parameter::required("start"), Parameter::required("number")],
    input: Input::Collection,
    output: |_| Output::Collection,
    one_way: false,
    summary: "some items of a collection in a row",
    page: PAGE,
    check,
    apply,
};

const PAGE: &str = r#"
Takes items in a row out of a collection, as Laravel's `slice(start, number)->values()`.

- `start`: how many items are passed over; a negative start counts from the end.
- `number`: how many items are taken at most; a negative number leaves out so many at the end.

Examples:

- `{intents | range 0 2}` over `["a", "b", "c", "d"]` gives `["a", "b"]`
- `{intents | range -3 2}` over `["a", "b", "c", "d"]` gives `["b", "c"]`
- `{intents | range 9 2}` over `["a", "b", "c", "d"]` gives `[]`

A value that is no collection is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters.
"#;

const HELP: &str = "it is written `range start number`, such as `range 0 3` for the first three";

fn whole(index: usize, argument: &Value) -> Result<i128, BadArgument> {
    Number::of(argument).and_then(Number::whole).ok_or_else(|| {
        let name = RANGE.parameters.get(index).map_or("", |parameter| parameter.name);
        bad_argument(index, format!("`{name}` must be a whole number, not {}", quoted(argument)), Some(HELP))
    })
}

fn check(arguments: &[Option<&str>]) -> Option<BadArgument> {
    (0..2).find_map(|index| whole(index, &literal(arguments, index)?).err())
}

fn apply(value: &Value, arguments: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    let start = whole(0, arguments.first().unwrap_or(&Value::NULL))?;
    let number = whole(1, arguments.get(1).unwrap_or(&Value::NULL))?;
    if value.is_null() {
        return Ok(value.clone());
    }
    let items = items(value).ok_or_else(|| wrong_input("range", "a collection", value))?;
    let (from, to) = slice(items.len(), start, number);
    Ok(Value::from(Json::Array(items.into_iter().take(to).skip(from).cloned().collect())))
}

/// The bounds of PHP's `array_slice`.
fn slice(length: usize, start: i128, number: i128) -> (usize, usize) {
    let length = length as i128;
    let from = if start < 0 { (length + start).max(0) } else { start.min(length) };
    let to = if number < 0 { (length + number).max(from) } else { (from + number).min(length) };
    (from as usize, to as usize)
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{apply, check, message};
    use super::slice;
    use serde_json::json;

    #[test]
    fn bounds_of_array_slice() {
        assert_eq!(slice(4, -9, 2), (0, 2));
        assert_eq!(slice(4, 1, -1), (1, 3));
        assert_eq!(slice(4, 3, -3), (3, 3));
        assert_eq!(slice(4, i128::from(i64::MIN), i128::from(i64::MAX)), (0, 4));
    }

    #[test]
    fn arguments_are_whole_numbers() {
        assert_eq!(apply("range", json!({"a": 1, "b": 2}), &["1", "1"]), Ok(json!([2]).into()));
        assert_eq!(check("range", &["0", "two"]).as_deref(), Some("1: `number` must be a whole number, not `two`"));
        assert_eq!(message("range", json!([1]), &["a", "1"]), "`start` must be a whole number, not `a`");
        assert_eq!(message("range", "ab", &["0", "1"]), "`range` works on a collection, not on text");
    }
}
