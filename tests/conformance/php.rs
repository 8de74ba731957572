//! What PHP 8.2, ICU and Laravel's collections print, against the filters (`php/` of the data).

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hookwright::assumption::{Assumption, Assumptions, id};
use hookwright::filter::{self, Context, FilterFault};
use hookwright::value::{Data, Json, Value};
use serde_json::json;

use super::shared_data;

/// What is asked of the filters here, whatever the dialects' tables hold.
static TABLE: [Assumption; 2] = [
    Assumption { name: id::CASE_BEYOND_ASCII, default: "unicode", others: &["ascii"], summary: "", page: "" },
    Assumption { name: id::ORDINAL_GROUPING, default: "plain", others: &["grouped"], summary: "", page: "" },
];

/// Counts rows, and keeps those that failed.
#[derive(Default)]
struct Tally {
    rows: usize,
    failures: Vec<String>,
}

impl Tally {
    fn same(&mut self, row: &Json, what: &str, actual: &Result<Value, FilterFault>, expected: &Value) {
        self.rows += 1;
        if actual.as_ref().ok() != Some(expected) {
            self.failures.push(format!("{} {what}: {actual:?}, not {expected:?}", row["id"]));
        }
    }

    /// Prints the count and fails on any failure, or when there was nothing to check.
    fn report(self, title: &str) {
        println!("{title}: {} of {} hold", self.rows - self.failures.len(), self.rows);
        assert!(self.rows > 0, "{title}: no rows");
        assert_eq!(self.failures.len(), 0, "{title}:\n{}", self.failures.join("\n"));
    }
}

/// The rows of a file; empty when there is no data.
fn rows(file: &str) -> Option<Vec<Json>> {
    let text = fs::read_to_string(shared_data()?.join("php").join(file)).expect("a readable file");
    Some(text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect())
}

fn apply_with(
    (name, choice): (&str, &str),
    timezone: &str,
    filter: &str,
    value: Value,
    arguments: &[Value],
) -> Result<Value, FilterFault> {
    let mut assumptions = Assumptions::defaults(&TABLE);
    assumptions.choose(name, choice);
    let occurred = RefCell::new(BTreeSet::new());
    let context = Context { now: 1_753_279_506, timezone, assumptions: &assumptions, occurred: &occurred };
    (filter::find(filter).expect("a filter").apply)(&value, arguments, &context)
}

fn apply(filter: &str, value: Value, arguments: &[&str]) -> Result<Value, FilterFault> {
    let arguments: Vec<Value> = arguments.iter().copied().map(Value::from).collect();
    apply_with(("", ""), "UTC", filter, value, &arguments)
}

/// A text column as a value.
fn text(column: &Json) -> Value {
    Value::from(column.as_str().expect("text"))
}

/// `{"text": …}` or `{"b64": …}`.
fn input(column: &Json) -> Value {
    match column["b64"].as_str() {
        Some(encoded) => Value::bytes(STANDARD.decode(encoded).expect("base64")),
        None => text(&column["text"]),
    }
}

/// A decoded value, as filters give it: text where it is UTF-8.
fn decoded(value: Value) -> Value {
    match &value.data {
        Data::Bytes(bytes) => {
            String::from_utf8(bytes.clone()).map_or_else(|error| Value::bytes(error.into_bytes()), Value::from)
        }
        _ => value,
    }
}

fn raw(column: &Json) -> Value {
    Value::bytes(hex::decode(column.as_str().expect("text")).expect("hexadecimal"))
}

#[test]
fn letters() {
    let Some(rows) = rows("case.jsonl") else { return };
    let mut tally = Tally::default();
    for row in &rows {
        for name in ["uppercase", "lowercase", "uppercase_first", "uppercase_words"] {
            let value = text(&row["input"]);
            let php = text(&row["php"][name]);
            let ambiguous = row["ambiguous"][name] == json!(true);
            let ascii = apply_with((id::CASE_BEYOND_ASCII, "ascii"), "UTC", name, value.clone(), &[]);
            tally.same(row, &format!("{name}, ascii"), &ascii, &php);
            if !ambiguous {
                tally.same(row, name, &apply(name, value, &[]), &php);
            } else if name != "uppercase_words" {
                tally.same(row, name, &apply(name, value, &[]), &text(&row["laravel_mb"][name]));
            }
        }
    }
    tally.report("case.jsonl");
}

#[test]
fn whole_numbers() {
    let Some(rows) = rows("numbers_int.jsonl") else { return };
    let mut tally = Tally::default();
    for row in &rows {
        let columns =
            [("number_to_words", "number_to_words"), ("ordinal", "ordinal_plain"), ("ordinal_words", "ordinal_words")];
        for (name, column) in columns {
            let expected = text(&row[column]);
            tally.same(row, name, &apply(name, Value::from(row["n"].clone()), &[]), &expected);
            tally.same(row, name, &apply(name, Value::from(row["n"].to_string()), &[]), &expected);
        }
    }
    tally.report("numbers_int.jsonl");
}

/// ICU truncates large numbers before it picks the suffix, and writes U+2212; below that the grouped form is ours.
#[test]
fn grouped_ordinals() {
    let Some(rows) = rows("numbers_int.jsonl") else { return };
    let mut tally = Tally::default();
    for row in rows.iter().filter(|row| row["n"].as_i64().is_some_and(|number| number.abs() < 1_000_000_000)) {
        let expected = Value::from(row["ordinal_icu"].as_str().expect("text").replace('\u{2212}', "-"));
        let value = Value::from(row["n"].clone());
        let actual = apply_with((id::ORDINAL_GROUPING, "grouped"), "UTC", "ordinal", value, &[]);
        tally.same(row, "grouped", &actual, &expected);
    }
    tally.report("numbers_int.jsonl, grouped");
}

/// Decimal numbers where ICU itself is sound: not 1e21, which it counts wrongly, and not texts that are no numbers.
#[test]
fn decimal_numbers() {
    let Some(rows) = rows("numbers_decimal.jsonl") else { return };
    let mut tally = Tally::default();
    for row in rows.iter().filter(|row| !matches!(row["input"].as_str(), Some("1e21" | "NaN" | "INF"))) {
        let actual = apply("number_to_words", text(&row["input"]), &[]);
        tally.same(row, "number_to_words", &actual, &text(&row["number_to_words"]));
    }
    tally.report("numbers_decimal.jsonl");
}

#[test]
fn replacements() {
    let Some(rows) = rows("str_replace.jsonl") else { return };
    let mut tally = Tally::default();
    for row in &rows {
        let argument = |name: &str| row[name].as_str().expect("text");
        let actual = apply("replace", text(&row["subject"]), &[argument("search"), argument("replacement")]);
        tally.same(row, "replace", &actual, &text(&row["result"]));
    }
    tally.report("str_replace.jsonl");
}

#[test]
fn url_encoding() {
    let Some(rows) = rows("urlencode.jsonl") else { return };
    let mut tally = Tally::default();
    for row in &rows {
        let (plain, strict) = (text(&row["url_encode"]), &row["url_encode_true"]);
        let strict = Value::from(strict.as_str().expect("text").replace('~', "%7E"));
        tally.same(row, "url_encode", &apply("url_encode", input(&row["input"]), &[]), &plain);
        tally.same(row, "url_encode true", &apply("url_encode", input(&row["input"]), &["true"]), &strict);
        for encoded in [plain, strict] {
            tally.same(row, "url_decode", &apply("url_decode", encoded, &[]), &decoded(input(&row["input"])));
        }
    }
    tally.report("urlencode.jsonl");
}

#[test]
fn base64_and_md5() {
    let Some(rows) = rows("base64_hash.jsonl") else { return };
    let mut tally = Tally::default();
    for row in &rows {
        let value = input(&row["input"]);
        let encoded = text(&row["base64"]);
        tally.same(row, "base64", &apply("base64", value.clone(), &[]), &encoded);
        tally.same(row, "base64 -d", &apply("base64", encoded, &["-d"]), &decoded(value.clone()));
        let hash = apply("md5", value, &[]);
        tally.same(row, "md5", &hash, &raw(&row["md5"]));
        let hash = hash.expect("a hash");
        tally.same(row, "md5 | base64", &apply("base64", hash, &[]), &text(&row["md5_raw_b64"]));
    }
    tally.report("base64_hash.jsonl");
}

#[test]
fn keyed_hashes() {
    let Some(rows) = rows("hmac.jsonl") else { return };
    let mut tally = Tally::default();
    for row in &rows {
        let (key, encoding) = (row["key"].as_str().expect("text"), row["key_encoding"].as_str().expect("text"));
        for algorithm in ["sha256", "sha512", "sha1", "md5"] {
            let actual = apply("hmac", input(&row["input"]), &[algorithm, key, encoding]);
            tally.same(row, algorithm, &actual, &raw(&row[format!("hmac_{algorithm}")]));
        }
    }
    tally.report("hmac.jsonl");
}

#[test]
fn collections() {
    let Some(folder) = shared_data() else { return };
    let text = fs::read_to_string(folder.join("php/collections.json")).expect("a readable file");
    let data: Json = serde_json::from_str(&text).expect("JSON");
    let mut tally = Tally::default();
    for row in data["cases"].as_array().expect("cases") {
        let (filter, name) = (row["filter"].as_str().expect("text"), row["collection"].as_str().expect("text"));
        let collection = Value::from(data["collections"][name].clone());
        let mut arguments: Vec<Value> = row["args"].as_array().expect("a list").iter().cloned().map(Value::from).collect();
        let known = arguments.get(2).is_none_or(|operation| matches!(operation.as_str(), Some("=" | "!=")));
        let actual = apply_with(("", ""), "UTC", filter, collection.clone(), &arguments);
        if !known {
            tally.rows += 1;
            if !matches!(&actual, Err(FilterFault::BadArgument(argument)) if argument.index == 2) {
                tally.failures.push(format!("{}: {actual:?}, not a bad argument", row["id"]));
            }
            continue;
        }
        let expected = Value::from(row["result"].clone());
        tally.same(row, filter, &actual, &expected);
        if arguments.get(2).and_then(Value::as_str) == Some("=") {
            arguments.truncate(2);
            let actual = apply_with(("", ""), "UTC", filter, collection, &arguments);
            tally.same(row, "where without operation", &actual, &expected);
        }
    }
    tally.report("collections.json");
}

/// `format_date` in a zone, once as its argument and once as the end user's.
fn format_both_ways(tally: &mut Tally, row: &Json, value: &Value, format: &str, expected: &Value) {
    let zone = row["tz"].as_str().expect("text");
    let arguments = [Value::from(format), Value::from(zone)];
    let unchanged_if_unreadable = |result| match result {
        Err(FilterFault::WrongInput(_)) => Ok(value.clone()),
        other => other,
    };
    let with_zone = apply_with(("", ""), "Asia/Tokyo", "format_date", value.clone(), &arguments);
    tally.same(row, format, &unchanged_if_unreadable(with_zone), expected);
    let of_user = apply_with(("", ""), zone, "format_date", value.clone(), &arguments[..1]);
    tally.same(row, format, &unchanged_if_unreadable(of_user), expected);
}

#[test]
fn date_codes() {
    let Some(rows) = rows("date_codes.jsonl") else { return };
    let mut tally = Tally::default();
    for row in &rows {
        for (code, expected) in row["codes"].as_object().expect("codes") {
            format_both_ways(&mut tally, row, &Value::from(row["timestamp"].clone()), code, &text(expected));
        }
    }
    tally.report("date_codes.jsonl");
}

#[test]
fn date_formats() {
    let Some(rows) = rows("date_formats.jsonl") else { return };
    let mut tally = Tally::default();
    for row in &rows {
        let format = row["format"].as_str().expect("text");
        let seconds = row["timestamp"].as_i64().expect("seconds");
        for value in [Value::timestamp(seconds), Value::from(seconds.to_string())] {
            format_both_ways(&mut tally, row, &value, format, &text(&row["result"]));
        }
    }
    tally.report("date_formats.jsonl");
}

#[test]
fn published_dates() {
    let Some(rows) = rows("date_published.jsonl") else { return };
    let mut tally = Tally::default();
    for row in &rows {
        let format = row["format"].as_str().expect("text");
        format_both_ways(&mut tally, row, &text(&row["input"]), format, &text(&row["result"]));
    }
    tally.report("date_published.jsonl");
}

/// Texts that are numbers are timestamps here, whatever PHP's parser makes of them; an empty text stays empty.
#[test]
fn date_strings() {
    let Some(rows) = rows("date_strings.jsonl") else { return };
    let mut tally = Tally::default();
    for row in &rows {
        let value = text(&row["input"]);
        let column = if value.is_empty() {
            &Json::Null
        } else if row["as_unix"].is_string() {
            &row["as_unix"]
        } else if row["depends_on_now"] == json!(true) {
            continue;
        } else {
            &row["php_utc_then_convert"]
        };
        let expected = column.as_str().map_or_else(|| value.clone(), Value::from);
        format_both_ways(&mut tally, row, &value, row["format"].as_str().expect("text"), &expected);
    }
    tally.report("date_strings.jsonl");
}

#[test]
fn time_zone_names() {
    let Some(rows) = rows("date_tz_names.jsonl") else { return };
    let mut tally = Tally::default();
    for row in &rows {
        let zone = row["tz"].as_str().expect("text");
        let actual = apply("format_date", Value::from(json!(1_753_228_800)), &["Y-m-d H:i:s T P e", zone]);
        if row["accepted"] == json!(true) {
            tally.same(row, zone, &actual, &text(&row["sample"]));
            continue;
        }
        tally.rows += 1;
        if !matches!(&actual, Err(FilterFault::BadArgument(argument)) if argument.index == 1) {
            tally.failures.push(format!("{}: {actual:?}, not a bad argument", row["id"]));
        }
    }
    tally.report("date_tz_names.jsonl");
}
