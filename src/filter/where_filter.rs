//! `where`, whose name is a word of Rust.

use crate::value::{Json, Value};

use super::field::field;
use super::loose::loosely_equal;
use super::support::{argument_text, bad_argument, given, items, literal, quoted, wrong_input};
use super::{BadArgument, Context, Filter, FilterFault, Input, Output, Parameter};

pub static WHERE: Filter = Filter {
    name: "where",
    parameters: &[Parameter::required("field"), Parameter::required("value"), Parameter::optional("operation")],
    input: Input::Collection,
    output: |_| Output::Collection,
    one_way: false,
    summary: "the items of a collection whose field has a value",
    page: PAGE,
    check: |arguments| literal(arguments, 2).and_then(|argument| is_unequal(Some(&argument)).err()),
    apply,
};

const PAGE: &str = r#"
Keeps the items of a collection whose field equals a value, as Laravel's `Collection::where`. The result is a list.

- `field`: the name of the field; dots go deeper (`author.name`).
- `value`: what it is compared with, loosely as PHP's `==`: `"2"` equals 2, `true` equals any text but `""` and `"0"`, a missing
  field equals `""`.
- `operation` (optional): `=` (default) or `!=`. The documentation names the argument without listing what it may be; others are
  not accepted here.

Examples:

- `{orders | where "state" "open"}` over `[{"state": "open"}, {"state": "shut"}]` gives `[{"state": "open"}]`
- `{orders | where state open !=}` over `[{"state": "open"}, {"state": "shut"}]` gives `[{"state": "shut"}]`
- `{orders | where author.id 7}` over `[{"author": {"id": 7}}, {}]` gives `[{"author": {"id": 7}}]`

A value that is no collection is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters and contexts; Laravel for the comparison.
"#;

fn is_unequal(operation: Option<&Value>) -> Result<bool, BadArgument> {
    let Some(operation) = operation else { return Ok(false) };
    match operation.to_text().reveal() {
        "=" => Ok(false),
        "!=" => Ok(true),
        _ => Err(bad_argument(
            2,
            format!("unknown operation {}", quoted(operation)),
            Some("`=` (the default) and `!=` are known; the platform's documentation lists none"),
        )),
    }
}

fn apply(value: &Value, arguments: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    let unequal = is_unequal(given(arguments, 2))?;
    if value.is_null() {
        return Ok(value.clone());
    }
    let items = items(value).ok_or_else(|| wrong_input("where", "a collection", value))?;
    let name = argument_text(arguments, 0);
    let wanted = arguments.get(1).map_or(Json::Null, Value::to_json);
    let matches = |item: &&Json| loosely_equal(field(item, &name).unwrap_or(&Json::Null), &wanted) != unequal;
    Ok(Value::from(Json::Array(items.into_iter().filter(matches).cloned().collect())))
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{apply, check, message};
    use serde_json::json;

    #[test]
    fn operations() {
        let orders = json!([{"n": 1}, {"n": "1"}, {"n": 2}, {}]);
        assert_eq!(apply("where", orders.clone(), &["n", "1", "="]), Ok(json!([{"n": 1}, {"n": "1"}]).into()));
        assert_eq!(apply("where", orders.clone(), &["n", "1", "!="]), Ok(json!([{"n": 2}, {}]).into()));
        assert_eq!(apply("where", orders.clone(), &["n", ""]), Ok(json!([{}]).into()));
        assert_eq!(check("where", &["n", "1", ">"]).as_deref(), Some("2: unknown operation `>`"));
        assert_eq!(message("where", orders, &["n", "1", "like"]), "unknown operation `like`");
        assert_eq!(message("where", json!(3), &["n", "1"]), "`where` works on a collection, not on a whole number");
    }
}
