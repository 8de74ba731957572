//! `last`.

use crate::value::{Json, Value};

use super::numeric::Number;
use super::support::{bad_argument, given, items, literal, quoted, wrong_input};
use super::{BadArgument, Context, Filter, FilterFault, Input, Output, Parameter};

pub static LAST: Filter = Filter {
    name: "last",
    parameters: &[Parameter::optional("number")],
    input: Input::Collection,
    output: |arguments| if arguments.is_empty() { Output::Item } else { Output::Collection },
    one_way: false,
    summary: "the last item of a collection",
    page: PAGE,
    check: |arguments| literal(arguments, 0).and_then(|argument| number(&argument).err()),
    apply,
};

const PAGE: &str = r#"
Gives the last item of a list, or the last entry's value of an object, as Laravel's `Collection::last`; null when there is none.

- `number` (optional): an older page shows `last @session.count` and does not say what it gives. Here it is a list of so many
  last items, in their order.

Examples:

- `{orders | last}` over `["a", "b", "c"]` gives `c`
- `{orders | last 2}` over `["a", "b", "c"]` gives `["b", "c"]`

Any other value is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters.
"#;

fn number(argument: &Value) -> Result<usize, BadArgument> {
    let number = Number::of(argument).and_then(Number::whole).filter(|number| *number >= 0);
    number.map(|number| usize::try_from(number).unwrap_or(usize::MAX)).ok_or_else(|| {
        bad_argument(0, format!("{} is not a number of items", quoted(argument)), Some("leave it out for the last item"))
    })
}

fn apply(value: &Value, arguments: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    let number = given(arguments, 0).map(number).transpose()?;
    if value.is_null() {
        return Ok(value.clone());
    }
    let items = items(value).ok_or_else(|| wrong_input("last", "a collection", value))?;
    let json = match number {
        None => items.last().map_or(Json::Null, |item| (*item).clone()),
        Some(number) => {
            let skipped = items.len().saturating_sub(number);
            items.into_iter().skip(skipped).cloned().collect()
        }
    };
    Ok(Value::from(json))
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{apply, check, message};
    use crate::value::Value;
    use serde_json::json;

    #[test]
    fn with_and_without_number() {
        assert_eq!(apply("last", json!([]), &[]), Ok(Value::NULL));
        assert_eq!(apply("last", json!({"a": 1, "b": 2}), &[]), Ok(json!(2).into()));
        assert_eq!(apply("last", json!([1, 2]), &["9"]), Ok(json!([1, 2]).into()));
        assert_eq!(check("last", &["x"]).as_deref(), Some("0: `x` is not a number of items"));
        assert_eq!(message("last", "ab", &[]), "`last` works on a collection, not on text");
    }
}
