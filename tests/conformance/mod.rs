//! Rows of data that other programs or public suites have made, run through the public interface.

mod injection;
mod jmespath;
mod json_texts;
mod json_web_tokens;
mod jsonpath;
mod legacy;
mod oauth2;
mod opendialog;
mod php;
mod real_payloads;
mod signatures;
mod uritemplate;
mod vonage;
mod xml;
mod verboo;

use std::path::PathBuf;

use hookwright::value::Json;

/// The folder of the data; `None`, and a word about it, when there is none on this machine.
pub fn shared_data() -> Option<PathBuf> {
    let folder = match std::env::var_os("HOOKWRIGHT_CONFORMANCE") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
    };
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no conformance data at {}", folder.display());
    None
}

/// A file of the data as text; `None` when there is no data.
fn data_text(path: &str) -> Option<String> {
    let file = shared_data()?.join(path);
    Some(std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display())))
}

/// A JSON file of the data.
fn data(path: &str) -> Option<Json> {
    Some(serde_json::from_str(&data_text(path)?).unwrap_or_else(|error| panic!("{path}: {error}")))
}

/// A file with one JSON value a line.
fn data_lines(path: &str) -> Option<Vec<Json>> {
    let text = data_text(path)?;
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{path}: {error}"))).collect())
}

/// The rows of a JSON list.
fn list(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_else(|| panic!("not a list: {json}"))
}

/// A text column.
fn text<'j>(row: &'j Json, column: &str) -> &'j str {
    row[column].as_str().unwrap_or_else(|| panic!("no text in `{column}` of {row}"))
}
