//! `format_date`.

use crate::value::{Data, Value};

use super::numeric::Number;
use super::php_date::{self, Moment, Zone};
use super::support::{argument_text, bad_argument, given, literal, quoted, within_limit, wrong_input};
use super::{BadArgument, Context, Filter, FilterFault, Input, Output, Parameter};

/// No code of a format gives more bytes than this: a full date, or a zone's name.
const LONGEST_CODE: usize = 64;

pub static FORMAT_DATE: Filter = Filter {
    name: "format_date",
    parameters: &[Parameter::required("format"), Parameter::optional("timezone")],
    input: Input::Date,
    output: |_| Output::Text,
    one_way: false,
    summary: "a date written in another form",
    page: PAGE,
    check: |arguments| literal(arguments, 1).and_then(|name| zone(&name).err()),
    apply,
};

const PAGE: &str = r#"
Writes a date in a form of your choice. The input is a Unix timestamp (a number, or a text that is a number as a whole) or a text
that PHP's `DateTime` reads, such as `2025-07-23 14:05`, `23 July 2025` or `tomorrow`. A text without an offset is UTC.

- `format`: PHP date codes (`Y-m-d`, `l jS F`, `H:i`); a backslash keeps the next letter as it is (`\a\t`).
- `timezone` (optional): `Europe/London`, `UTC`, `+05:30`. Without it the platform takes the zone of the end user's browser, so
  that the result is another one for each user; here it is the `timezone` of the case.

Examples:

- `{day | format_date "Y-m-d"}` over `1753228800` gives `2025-07-23`
- `{day | format_date "l jS F \a\t H:i" "Europe/London"}` over `2025-07-23T14:05:00Z` gives `Wednesday 23rd July at 15:05`
- `{day | format_date "d/m/Y"}` over `soon` gives `soon`

A text that cannot be read as a date, and any other value, is left as it is, and the platform logs a warning. An unknown time
zone is an error. As PHP's `DateTime::format`.

Source: OpenDialog documentation, attribute filters; the PHP manual for codes and date texts.
"#;

fn zone(name: &Value) -> Result<Zone, BadArgument> {
    Zone::find(name.to_text().reveal()).ok_or_else(|| {
        let help = "write a name of the tz database, such as `Europe/London`, or an offset, such as `+02:00`";
        bad_argument(1, format!("unknown time zone {}", quoted(name)), Some(help))
    })
}

fn apply(value: &Value, arguments: &[Value], context: &Context<'_>) -> Result<Value, FilterFault> {
    let zone = match given(arguments, 1) {
        Some(name) => zone(name)?,
        None => zone_of_user(context)?,
    };
    if value.is_empty() {
        return Ok(value.clone());
    }
    let moment = moment(value, context.now)?;
    let format = argument_text(arguments, 0);
    within_limit("format_date", format.len().saturating_mul(LONGEST_CODE))?;
    Ok(Value::from(php_date::format(moment, &format, &zone)))
}

fn zone_of_user(context: &Context<'_>) -> Result<Zone, FilterFault> {
    Zone::find(context.timezone).ok_or_else(|| {
        FilterFault::WrongInput(format!("`format_date`: the end user's time zone `{}` is unknown", context.timezone))
    })
}

/// The Unix time that a text says which the filter may have written; `None` when it cannot be read as a date.
pub fn seconds_of_date(text: &str) -> Option<i64> {
    php_date::parse(text, Moment { seconds: 0, microseconds: 0 }).map(|moment| moment.seconds)
}

/// Numbers are timestamps even where PHP would read their digits as a date.
fn moment(value: &Value, now: i64) -> Result<Moment, FilterFault> {
    if let Some(number) = Number::of(value) {
        return Ok(from_number(number));
    }
    let Data::Json(crate::value::Json::String(text)) = &value.data else {
        return Err(wrong_input("format_date", "a date", value));
    };
    php_date::parse(text, Moment { seconds: now, microseconds: 0 })
        .ok_or_else(|| FilterFault::WrongInput("`format_date` cannot read this text as a date".to_string()))
}

fn from_number(number: Number) -> Moment {
    const MICROSECONDS: f64 = 1e6;
    const LAST_MICROSECOND: f64 = 999_999.0;
    match number {
        Number::Whole(seconds) => Moment { seconds, microseconds: 0 },
        Number::Decimal(number) => {
            let fraction = ((number - number.floor()) * MICROSECONDS).round().min(LAST_MICROSECOND);
            Moment { seconds: number.floor() as i64, microseconds: fraction as u32 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::support::testing::{apply, check, message, text};
    use crate::value::Value;
    use serde_json::json;

    #[test]
    fn numbers_timestamps_and_texts() {
        let format = ["Y-m-d H:i:s.v", "America/New_York"];
        assert_eq!(text("format_date", json!(1753228800), &format), "2025-07-22 20:00:00.000");
        assert_eq!(text("format_date", Value::timestamp(-1), &format), "1969-12-31 18:59:59.000");
        assert_eq!(text("format_date", "-0.5", &format), "1969-12-31 18:59:59.500");
        assert_eq!(text("format_date", json!(-1e-20), &["s.u"]), "59.999999");
        assert_eq!(text("format_date", "1753228800.1", &["s.u"]), "00.100000");
        assert_eq!(text("format_date", "20250723", &["Y"]), "1970");
        assert_eq!(text("format_date", "2025-07-23 14:05", &format), "2025-07-23 10:05:00.000");
        assert_eq!(text("format_date", "now", &["c"]), "2026-01-01T00:00:00+00:00");
    }

    #[test]
    fn what_is_no_date() {
        assert_eq!(text("format_date", "", &["Y"]), "");
        assert_eq!(apply("format_date", Value::NULL, &["Y"]), Ok(Value::NULL));
        assert_eq!(message("format_date", json!(true), &["Y"]), "`format_date` works on a date, not on a boolean");
        assert_eq!(message("format_date", "soon", &["Y"]), "`format_date` cannot read this text as a date");
    }

    #[test]
    fn zones_are_checked() {
        assert_eq!(check("format_date", &["Y", "Mars/Olympus"]).as_deref(), Some("1: unknown time zone `Mars/Olympus`"));
        assert_eq!(check("format_date", &["Y", "europe/london"]), None);
        assert_eq!(message("format_date", "soon", &["Y", "Mars"]), "unknown time zone `Mars`");
    }
}
