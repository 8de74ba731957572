//! `select`.

use crate::value::{Data, Json, Value};

use super::field::field;
use super::support::{argument_text, wrong_input};
use super::{Context, Filter, FilterFault, Input, Output, Parameter, any_argument};

pub static SELECT: Filter = Filter {
    name: "select",
    parameters: &[Parameter::required("field")],
    input: Input::Collection,
    output: |_| Output::Item,
    one_way: false,
    summary: "a field of an object, or of every item of a list",
    page: PAGE,
    check: any_argument,
    apply,
};

const PAGE: &str = r#"
Takes a field of an object, or of every item of a list. A field that is missing is null.

- `field`: its name. The documentation shows `name` and `description` of conversation objects (`{conversation.current_scene |
  select name}`); other fields and dotted names work here in the same way.

Examples:

- `{scene | select name}` over `{"name": "Booking", "od_id": "booking"}` gives `Booking`
- `{intents | select('name')}` over `[{"name": "a"}, {"name": "b"}]` gives `["a", "b"]`

Any other value is left as it is, and the platform logs a warning.

Source: OpenDialog documentation, attribute filters and contexts.
"#;

fn apply(value: &Value, arguments: &[Value], _: &Context<'_>) -> Result<Value, FilterFault> {
    let name = argument_text(arguments, 0);
    let take = |json: &Json| field(json, &name).cloned().unwrap_or(Json::Null);
    match &value.data {
        Data::Json(Json::Null) => Ok(value.clone()),
        Data::Json(object @ Json::Object(_)) => Ok(Value::from(take(object))),
        Data::Json(Json::Array(items)) => Ok(Value::from(items.iter().map(take).collect::<Json>())),
        _ => Err(wrong_input("select", "an object or a collection", value)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{apply, message};
    use crate::value::Value;
    use serde_json::json;

    #[test]
    fn missing_fields_are_null() {
        assert_eq!(apply("select", json!({"a": 1}), &["b"]), Ok(Value::NULL));
        assert_eq!(apply("select", json!([{"b": 1}, "x"]), &["b"]), Ok(json!([1, null]).into()));
        assert_eq!(message("select", "x", &["b"]), "`select` works on an object or a collection, not on text");
    }
}
