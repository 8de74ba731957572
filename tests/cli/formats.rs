//! What `lint` prints, in every format: the same findings at the same places.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use super::support::{Project, keys};

/// Findings in files with letters beyond ASCII, with empty places, in a second file, with related places and with fixes.
fn project() -> Project {
    let spec = "# Größe, 大きさ\r\n[action]\r\nname = \"\"\r\nmethod = \"POST\"\r\n\
url = \"https://api.example.com/{größe | uper}\"\r\nbody = { file = \"größe 1%.json\" }\r\nmetod = 1\r\n\
[action.auth]\r\ntype = \"header\"\r\nvariables = { a = \"{_auth.b}\", b = \"{_auth.a}\" }\r\n\
headers = { \"X-Größe\" = \"{_auth.a}\" }\r\n[lint]\r\nauth-variable-cycle = \"info\"\r\n\
[[case]]\r\nname = \"eins\"\r\n[[case]]\r\nname = \"Eins\"\r\n";
    let body = "{\n  \"größe\": \"{name | upper}\",\n  \"n\": {age},\n}\n";
    let unquoted =
        "[action]\nname = \"B\"\nmethod = \"GETT\"\nurl = \"https://api.example.com\"\nbody = '''\n{ \"ü\": {age} }'''\n";
    let expected = "expect_lints = [\"unsupported-method\"]\n[action]\nname = \"C\"\nmethod = \"BREW\"\nurl = \"https://a.example.com\"\n";
    Project::with(spec)
        .file("specs/größe 1%.json", body)
        .file("specs/b, c:d.toml", unquoted)
        .file("specs/expected.toml", expected)
        .file("specs/clean.toml", super::support::PLAIN)
}

fn package() -> &'static str {
    env!("CARGO_MANIFEST_DIR")
}

/// Reads a file of a project.
type Read = Box<dyn Fn(&str) -> String>;

/// A project with what is linted in it: the one above, and the example specs of this package.
fn projects() -> Vec<(Project, Vec<String>, Read)> {
    let own = project();
    let folder = own.path("");
    let read = move |path: &str| fs::read_to_string(folder.join(path)).expect("a file");
    let examples = vec!["-C".to_string(), package().to_string(), "specs/lint".to_string()];
    let read_example = |path: &str| fs::read_to_string(Path::new(package()).join(path)).expect("a file");
    vec![(own, Vec::new(), Box::new(read)), (Project::new(), examples, Box::new(read_example))]
}

fn printed(project: &Project, paths: &[String], format: &str) -> String {
    let mut arguments = vec!["lint", "--format", format];
    arguments.extend(paths.iter().map(String::as_str));
    let said = project.run(&arguments);
    assert_eq!(said.err, "");
    said.out
}

fn json(project: &Project, paths: &[String], format: &str) -> Json {
    serde_json::from_str(&printed(project, paths, format)).expect("JSON")
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_else(|| panic!("no list: {json}"))
}

#[test]
fn sarif_is_valid_against_the_published_schema() {
    let path = Path::new(package()).join("tests/schemas/sarif-2.1.0.json");
    let mut schema: Json = serde_json::from_str(&fs::read_to_string(path).expect("the schema")).expect("JSON");
    // The published pattern of a key that is not written here is no regular expression of ECMA 262.
    for owner in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][owner]["properties"]["language"];
        language.as_object_mut().expect("a schema").shift_remove("pattern").expect("a pattern");
    }
    let schema = jsonschema::draft7::options().should_validate_formats(true).build(&schema).expect("a schema");
    for (project, paths, _) in projects() {
        let sarif = json(&project, &paths, "sarif");
        let errors: Vec<String> =
            schema.iter_errors(&sarif).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        let mut broken = sarif.clone();
        broken["runs"][0]["results"][0]["level"] = "bad".into();
        assert!(!schema.is_valid(&broken), "the schema is one that refuses");
    }
    let clean = Project::plain("");
    assert!(schema.is_valid(&json(&clean, &[], "sarif")));
}

/// The byte offset of a line and a column, which count from 1, in characters.
fn offset(text: &str, line: &Json, column: &Json) -> usize {
    let number = |json: &Json| usize::try_from(json.as_u64().expect("a number")).expect("small") - 1;
    let start = text.split_inclusive('\n').take(number(line)).map(str::len).sum::<usize>();
    start + text[start..].chars().take(number(column)).map(char::len_utf8).sum::<usize>()
}

fn region(text: &str, region: &Json) -> (usize, usize) {
    (offset(text, &region["startLine"], &region["startColumn"]), offset(text, &region["endLine"], &region["endColumn"]))
}

fn span(span: &Json) -> (usize, usize) {
    let offset = |place: &str| usize::try_from(span[place]["offset"].as_u64().expect("an offset")).expect("small");
    (offset("start"), offset("end"))
}

fn decoded(uri: &Json) -> String {
    let uri = uri.as_str().expect("a text");
    assert!(uri.is_ascii() && !uri.contains([' ', ':']), "{uri}");
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(uri).collect();
    String::from_utf8(bytes).expect("UTF-8")
}

/// Every place and every edit of SARIF is the one of the JSON format.
#[test]
fn sarif_and_json_point_at_the_same_bytes() {
    for (project, paths, read) in projects() {
        let (findings, sarif) = (json(&project, &paths, "json"), json(&project, &paths, "sarif"));
        let results = list(&sarif["runs"][0]["results"]);
        assert_eq!(results.len(), list(&findings).len());
        for (finding, result) in list(&findings).iter().zip(results) {
            same_place(finding, &result["locations"][0], &*read);
            assert_eq!(result["ruleId"], finding["lint"]);
            let rule =
                &sarif["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().expect("an index") as usize];
            assert_eq!(rule["id"], finding["lint"]);
            for (related, location) in list(&finding["related"]).iter().zip(list(&result["relatedLocations"])) {
                same_place(related, location, &*read);
                assert_eq!(location["message"]["text"], related["message"]);
            }
            assert_eq!(list(&finding["related"]).len(), list(&result["relatedLocations"]).len());
            same_fix(&finding["fix"], &result["fixes"], &*read);
        }
    }
}

fn same_place(finding: &Json, location: &Json, read: &dyn Fn(&str) -> String) {
    let place = &location["physicalLocation"];
    assert_eq!(decoded(&place["artifactLocation"]["uri"]), finding["file"].as_str().expect("a path"));
    let text = read(finding["file"].as_str().expect("a path"));
    assert_eq!(region(&text, &place["region"]), span(&finding["span"]), "{finding}");
}

fn same_fix(fix: &Json, fixes: &Json, read: &dyn Fn(&str) -> String) {
    if fix.is_null() {
        assert!(list(fixes).is_empty());
        return;
    }
    assert_eq!(fixes[0]["description"]["text"], fix["title"]);
    let change = &fixes[0]["artifactChanges"][0];
    let text = read(&decoded(&change["artifactLocation"]["uri"]));
    let replacements = list(&change["replacements"]);
    assert_eq!(replacements.len(), list(&fix["edits"]).len());
    for (edit, replacement) in list(&fix["edits"]).iter().zip(replacements) {
        let (start, end) = region(&text, &replacement["deletedRegion"]);
        assert_eq!((&edit["start"], &edit["end"]), (&start.into(), &end.into()));
        assert_eq!(replacement["insertedContent"]["text"], edit["text"]);
    }
}

#[test]
fn sarif_describes_its_rules_and_suppresses_what_is_expected() {
    let sarif = json(&project(), &[], "sarif");
    let run = &sarif["runs"][0];
    for rule in list(&run["tool"]["driver"]["rules"]) {
        for text in [&rule["shortDescription"]["text"], &rule["fullDescription"]["text"], &rule["help"]["markdown"]] {
            assert!(!text.as_str().expect("a text").is_empty(), "{rule}");
        }
        assert!(rule["help"]["markdown"].as_str().expect("a text").contains("## Fix"));
        assert!(rule.get("helpUri").is_none(), "there is no site to point to");
    }
    let suppressed = |result: &&Json| result.get("suppressions").is_some();
    let results: Vec<&Json> = list(&run["results"]).iter().filter(suppressed).collect();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["ruleId"], "unsupported-method");
    let levels: Vec<&str> = list(&run["results"]).iter().filter_map(|result| result["level"].as_str()).collect();
    assert!(levels.contains(&"error") && levels.contains(&"note"), "{levels:?}");
}

#[test]
fn json_has_the_keys_of_the_contract_and_no_more() {
    for (project, paths, read) in projects() {
        let findings = json(&project, &paths, "json");
        assert!(list(&findings).len() > 5);
        for finding in list(&findings) {
            assert_eq!(keys(finding), ["lint", "severity", "message", "file", "span", "related", "help", "fix"]);
            assert_eq!(keys(&finding["span"]), ["start", "end"]);
            let text = read(finding["file"].as_str().expect("a path"));
            for place in [&finding["span"]["start"], &finding["span"]["end"]] {
                assert_eq!(keys(place), ["line", "column", "offset"]);
                assert_eq!(place["offset"], offset(&text, &place["line"], &place["column"]), "{finding}");
            }
            for related in list(&finding["related"]) {
                assert_eq!(keys(related), ["message", "file", "span"]);
            }
            if !finding["fix"].is_null() {
                assert_eq!(keys(&finding["fix"]), ["title", "safe", "edits"]);
                assert_eq!(keys(&finding["fix"]["edits"][0]), ["start", "end", "text"]);
            }
        }
    }
}

/// A workflow command as GitHub reads it: its name, its properties, its message.
fn annotation(line: &str) -> (String, BTreeMap<String, String>, String) {
    let plain = |text: &str| {
        text.replace("%0A", "\n").replace("%0D", "\r").replace("%2C", ",").replace("%3A", ":").replace("%25", "%")
    };
    let (head, message) = line.strip_prefix("::").and_then(|rest| rest.split_once("::")).expect("a command");
    let (name, properties) = head.split_once(' ').expect("properties");
    let pair = |pair: &str| pair.split_once('=').map(|(key, value)| (key.to_string(), plain(value))).expect("a pair");
    (name.to_string(), properties.split(',').map(pair).collect(), plain(message))
}

#[test]
fn github_reads_each_finding_back() {
    for (project, paths, _) in projects() {
        let (findings, text) = (json(&project, &paths, "json"), printed(&project, &paths, "github"));
        assert_eq!(text.lines().count(), list(&findings).len(), "one line for each: {text}");
        for (finding, line) in list(&findings).iter().zip(text.lines()) {
            let (name, properties, message) = annotation(line);
            assert!(["error", "warning", "notice"].contains(&name.as_str()), "{line}");
            assert_eq!(properties["title"], finding["lint"].as_str().expect("a name"));
            assert_eq!(properties["file"], finding["file"].as_str().expect("a path"));
            let (start, end) = (&finding["span"]["start"], &finding["span"]["end"]);
            assert_eq!(properties["line"], start["line"].to_string());
            assert_eq!(properties["endLine"], end["line"].to_string());
            assert_eq!(properties["col"], start["column"].to_string());
            let of_one_line = start["line"] == end["line"];
            assert_eq!(properties.contains_key("endColumn"), of_one_line);
            assert!(message.starts_with(finding["message"].as_str().expect("a message")), "{message}");
        }
    }
    let text = printed(&project(), &[], "github");
    assert!(text.contains("::notice file=specs/expected.toml"), "what is expected is no error: {text}");
    assert!(text.contains("file=specs/b%2C c%3Ad.toml,"), "{text}");
}

#[test]
fn junit_has_a_suite_for_each_file_and_fails_what_counts() {
    let project = project();
    let findings = json(&project, &[], "json");
    let report = quick_junit::Report::deserialize_from_str(&printed(&project, &[], "junit")).expect("JUnit");
    let suites: Vec<&str> = report.test_suites.iter().map(|suite| suite.name.as_str()).collect();
    let files = ["specs/a.toml", "specs/b, c:d.toml", "specs/clean.toml", "specs/expected.toml", "specs/größe 1%.json"];
    assert_eq!(suites, files);
    for suite in &report.test_suites {
        let of_file = |finding: &&Json| finding["file"] == suite.name.as_str();
        let counts = |finding: &&Json| finding["severity"] != "info" && suite.name.as_str() != "specs/expected.toml";
        let failures = list(&findings).iter().filter(of_file).filter(counts).count();
        assert_eq!(suite.failures, failures, "{}", suite.name.as_str());
        assert_eq!(suite.test_cases.len(), failures.max(1));
    }
    let told = report.test_suites[3].system_out.as_ref().map(|out| out.as_str()).unwrap_or_default();
    assert!(told.contains("error[unsupported-method]"), "{told}");
}

#[test]
fn frames_keep_to_the_width_and_are_the_same_without_colour() {
    let project = project();
    for width in ["40", "80", "200"] {
        let columns = [("COLUMNS", width)];
        let plain = project.run_with(&["lint"], &columns).out;
        assert!(!plain.contains('\u{1b}'), "no colours without a terminal");
        // The gutter comes on top.
        let most: usize = width.parse::<usize>().expect("a number") + 8;
        let is_source = |line: &&str| line.split_once('|').is_some_and(|(number, _)| number.trim().parse::<usize>().is_ok());
        for line in plain.lines().filter(is_source) {
            assert!(line.chars().count() <= most, "{width}: {line}");
        }
        let colored = project.run_with(&["--color", "always", "lint"], &columns).out;
        assert!(colored.contains("\u{1b}["));
        assert_eq!(without_colors(&colored), plain);
        assert_eq!(project.run_with(&["lint", "--color", "never"], &columns).out, plain);
    }
}

fn without_colors(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_string();
    pieces.fold(first, |text, piece| text + piece.split_once('m').map_or("", |(_, rest)| rest))
}

#[test]
fn the_last_line_counts_what_counts() {
    let said = project().run(&["lint"]).ends(1);
    let last = said.out.lines().last().unwrap_or_default().to_string();
    assert!(last.starts_with("4 specs: ") && last.ends_with("; 1 expected"), "{last}");
    let expected = Project::with(&project().read("specs/expected.toml")).run(&["lint"]).ends(0);
    assert!(expected.out.ends_with("1 spec: nothing to complain about; 1 expected\n"), "{}", expected.out);
    assert_eq!(Project::plain("").run(&["lint", "--quiet"]).ends(0).out, "");
}
