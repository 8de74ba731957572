//! `eval --batch` and `query --batch`: a line in, a line out, in order.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::json;

use super::support::Project;

fn eval(input: impl AsRef<[u8]>) -> super::support::Said {
    Project::new().feed(&["eval", "--batch"], input)
}

fn query(input: impl AsRef<[u8]>) -> super::support::Said {
    Project::new().feed(&["query", "--batch"], input)
}

#[test]
fn answers_are_in_order_one_a_line() {
    let lines: Vec<String> =
        (1..=500).map(|age| json!({"template": "{age | ordinal}", "given": {"user": {"age": age}}}).to_string()).collect();
    let said = eval(lines.join("\n")).ends(0);
    let answers = said.lines();
    assert_eq!(answers.len(), 500);
    assert_eq!(
        (&answers[0], &answers[21], &answers[499]),
        (&json!({"value": "1st"}), &json!({"value": "22nd"}), &json!({"value": "500th"}))
    );
}

#[test]
fn every_key_of_a_line_counts() {
    for (line, answer) in [
        (json!({"template": "{a}", "given": {"a": [1]}, "as": "json"}), json!({"value": [1]})),
        (json!({"template": "{a}", "given": {"user.a": 1}}), json!({"value": "1"})),
        // A lint that is no fault.
        (json!({"template": "{Hello there}, {a}", "given": {"a": 1}}), json!({"value": ", 1"})),
        (json!({"template": "{a}", "given": {"a": "x y"}, "as": "url"}), json!({"value": "x%20y"})),
        (json!({"template": "{a}", "given": {"a": "7"}, "attributes": {"a": "int"}, "as": "json"}), json!({"value": 7})),
        (json!({"template": "{shop.a}", "given": {"shop": {"a": 1}}, "contexts": ["shop"]}), json!({"value": "1"})),
        (
            json!({"template": "{s}", "given": {"s": "a/b"}, "as": "url", "assume": {"url_slash": "keep"}}),
            json!({"value": "a/b"}),
        ),
        (
            json!({"template": "{_auth.uuid}", "auth": true, "uuid": "00000000-0000-4000-8000-00000000000a"}),
            json!({"value": "00000000-0000-4000-8000-00000000000a"}),
        ),
        (
            json!({"template": "{_auth.timestamp}", "auth": true, "now": "2026-01-01T00:00:01Z"}),
            json!({"value": "1767225601"}),
        ),
        (json!({"template": "{a | nope}", "given": {"a": "x"}, "lenient": true}), json!({"value": "x"})),
        (json!({"template": "{secret.k}", "given": {"secret": {"k": "hush-hush"}}}), json!({"value": "••••••••"})),
        (
            json!({"template": "{a | hmac sha256 @secret.k | base64}", "auth": true, "given": {"a": "hello", "secret": {"k": "secret"}}}),
            json!({"value": "iKqz7ejTrflNJquQ07r9SiCDBww7zOnAFO4EpEOEfAs="}),
        ),
        (
            json!({"template": "{a | md5 | base64}", "given": {"a": "x"}, "dialect": "opendialog"}),
            json!({"value": "ndTkYSaMgDT1yFZOFVxnpg=="}),
        ),
    ] {
        let said = eval(line.to_string()).ends(0);
        let got = &said.lines()[0];
        assert_eq!(*got, answer, "{line}");
        assert!(!said.out.contains("hush-hush"));
    }
}

#[test]
fn the_command_line_says_what_lines_do_not() {
    let zoned = json!({"template": "{a | format_date Y-H}", "given": {"a": 1_767_225_600}});
    let own_zone = json!({"template": "{a | format_date Y-H}", "given": {"a": 1_767_225_600}, "timezone": "UTC"});
    let studio = json!({"template": "$A", "given": {"A": 1}});
    let unknown = json!({"template": "{a | nope}", "given": {"a": "x y"}});
    let place = json!({"template": "{a}", "given": {"a": "x y"}});
    let own_place = json!({"template": "{a}", "given": {"a": "x y"}, "as": "text"});
    let open = json!({"template": "{_auth.uuid}", "uuid": "00000000-0000-4000-8000-00000000000a"});
    for (option, line, answer) in [
        (&["--timezone", "Asia/Tokyo"][..], &zoned, json!("2026-09")),
        (&["--timezone", "Asia/Tokyo"], &own_zone, json!("2026-00")),
        (&["--dialect", "vonage"], &studio, json!("1")),
        (&["--dialect", "vonage"], &json!({"template": "$A", "given": {"A": 1}, "dialect": "opendialog"}), json!("$A")),
        (&["--lenient"], &unknown, json!("x y")),
        (&["--as", "url"], &place, json!("x%20y")),
        (&["--as", "url"], &own_place, json!("x y")),
        (&["--auth"], &open, json!("00000000-0000-4000-8000-00000000000a")),
    ] {
        let answers = Project::new().feed(&[&["eval", "--batch"], option].concat(), line.to_string()).ends(0).lines();
        assert_eq!(answers[0], json!({"value": answer}), "{option:?} {line}");
    }
    let strict = json!({"template": "{a | nope}", "given": {"a": "x"}, "lenient": false});
    let answers = Project::new().feed(&["eval", "--batch", "--lenient"], strict.to_string()).ends(0).lines();
    assert_eq!(answers[0]["error"]["lint"], "unknown-filter");
    Project::new().feed(&["eval", "--batch", "--dialect", "cobol"], "").ends(2).says("there is no dialect `cobol`");
    Project::new().feed(&["eval", "--batch", "--timezone", "Mars/Olympus"], "").ends(2).says("is not a time zone");
}

#[test]
fn what_is_assumed_counts_for_a_template_alone() {
    let images = json!({"images": ["a", "b"]});
    for (dialect, template, given, assume, answer) in [
        ("vonage", "$ORDERS", json!({"ORDER": 1}), json!({"overlapping_names": "longest-beginning"}), "1S"),
        ("vonage", "$ORDERS", json!({"ORDER": 1}), json!({}), "$ORDERS"),
        ("vonage", "$zz", json!({}), json!({"undeclared_name": "empty"}), ""),
        ("vonage", "$zz", json!({}), json!({}), "$zz"),
        ("vonage", "$zz", json!({"zz": null}), json!({"unset_value": "as-typed"}), "$zz"),
        ("vonage", "$zz", json!({"zz": null}), json!({}), ""),
        ("verboo", "$images[5]", images.clone(), json!({}), "$images[5]"),
        ("verboo", "$images[5]", images.clone(), json!({"image_out_of_range": "empty"}), ""),
        ("verboo", "$images[5]", images.clone(), json!({"image_out_of_range": "list-and-index"}), "[\"a\",\"b\"][5]"),
        ("verboo", "$images[1]", images, json!({}), "b"),
        ("verboo", "$aa", json!({"aa": "$b", "b": "2"}), json!({}), "$b"),
        ("verboo", "$aa", json!({"aa": "$b", "b": "2"}), json!({"substitution": "name-by-name"}), "2"),
        ("verboo", "$a.b", json!({"client_data": {"a": {"b": 3}}}), json!({}), "{\"b\":3}.b"),
        ("verboo", "$a.b", json!({"client_data": {"a": {"b": 3}}}), json!({"nested_client_data": "path"}), "3"),
    ] {
        let line = json!({"dialect": dialect, "template": template, "given": given, "assume": assume});
        assert_eq!(eval(line.to_string()).ends(0).lines()[0], json!({"value": answer}), "{line}");
    }
    let header = json!({
        "dialect": "verboo", "template": "$a", "given": {"a": "b\nc"}, "as": "header", "assume": {"header_line_break": "space"},
    });
    assert_eq!(eval(header.to_string()).ends(0).lines()[0], json!({"value": "b c"}));
}

#[test]
fn faults_have_the_name_of_their_lint() {
    for (line, lint) in [
        (json!({"template": "{a"}), "template-syntax"),
        (json!({"template": "{a | upper}"}), "unknown-filter"),
        (json!({"template": "{a | replace x}"}), "filter-arity"),
        (json!({"template": "{a | format_date}", "given": {"a": 1}, "timezone": "Nowhere"}), "wrong-type"),
        (json!({"template": "{a}", "as": "yaml"}), "wrong-type"),
        (json!({"template": 7}), "wrong-type"),
        (json!({}), "wrong-type"),
        (json!([]), "wrong-type"),
        (json!({"template": "a", "given": 7}), "wrong-type"),
        (json!({"template": "a", "auth": "yes"}), "wrong-type"),
        (json!({"template": "a", "contexts": "shop"}), "wrong-type"),
        (json!({"template": "a", "attributes": {"a": "intt"}}), "wrong-type"),
        (json!({"template": "a", "attributes": []}), "wrong-type"),
        (json!({"template": "a", "assume": {"url_slash": "maybe"}}), "wrong-type"),
        (json!({"template": "a", "assume": {"url_slahs": "keep"}}), "unknown-key"),
        (json!({"template": "a", "assume": true}), "wrong-type"),
        (json!({"template": "a", "dialect": "cobol"}), "wrong-type"),
        (json!({"template": "a", "now": "soon"}), "wrong-type"),
        (json!({"template": "a", "tempalte": "b"}), "unknown-key"),
        (json!({"template": "nope(1, 2)", "auth": true}), "unknown-function"),
        (json!({"template": "{x}", "as": "header", "given": {"x": "a\nb"}}), "invalid-header"),
    ] {
        // A fault in a line is its answer; the run is well.
        let answers = eval(line.to_string()).ends(0).lines();
        assert_eq!(answers[0]["error"]["lint"], lint, "{line}: {}", answers[0]);
        assert!(answers[0]["error"]["message"].is_string());
    }
}

#[test]
fn bytes_that_are_no_text_come_in_base64() {
    let line = json!({"template": "{a | hmac sha256 secret}", "given": {"a": "hello"}});
    let said = eval(line.to_string()).ends(0);
    assert_eq!(said.lines(), [json!({"bytes": "iKqz7ejTrflNJquQ07r9SiCDBww7zOnAFO4EpEOEfAs="})]);
}

#[test]
fn a_line_that_is_not_json_is_answered_and_the_others_too() {
    let mut input = b"{\"template\":\"a\"}\n\n   \nnot json\n\"\xff\xfe\"\n".to_vec();
    input.extend(b"{\"template\":\"\xc3\xa9\xf0\x9f\xa6\x80\"}\r\n{\"template\":\"last\"}");
    let said = eval(&input).ends(1);
    let answers = said.lines();
    assert_eq!(answers.len(), 5, "{}", said.out);
    assert_eq!(answers[0], json!({"value": "a"}));
    assert!(answers[1]["error"]["message"].as_str().is_some_and(|text| text.starts_with("the line is not JSON")));
    assert!(answers[2]["error"]["message"].as_str().is_some_and(|text| text.starts_with("the line is not UTF-8")));
    assert_eq!((&answers[3], &answers[4]), (&json!({"value": "é🦀"}), &json!({"value": "last"})));
}

#[test]
fn a_very_long_line_is_answered_and_one_beyond_the_limit_is_refused_alone() {
    let long = json!({"template": "{a | uppercase}", "given": {"a": "x".repeat(4 << 20)}});
    let said = eval(format!("{long}\n")).ends(0);
    assert_eq!(said.out.len(), (4 << 20) + "{\"value\":\"\"}\n".len());
    let too_long = format!("{}\n{{\"template\":\"after\"}}\n", " ".repeat(17 << 20) + "x");
    let answers = eval(too_long).ends(1).lines();
    assert_eq!(answers[0]["error"]["message"], "the line is longer than 16 MiB");
    assert_eq!(answers[1], json!({"value": "after"}));
}

#[test]
fn whoever_waits_for_an_answer_gets_it() {
    for (command, line) in [("eval", "{\"template\":\"a\"}\n"), ("query", "{\"expression\":\"a\",\"document\":{}}\n")] {
        let project = Project::new();
        let mut child = project
            .command(&[command, "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut stdin = child.stdin.take().expect("piped");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        for _ in 0..3 {
            stdin.write_all(line.as_bytes()).expect("written");
            let mut answer = String::new();
            stdout.read_line(&mut answer).expect("an answer");
            assert!(answer.starts_with("{\"value\":"), "{answer}");
        }
        drop(stdin);
        assert!(child.wait().expect("an end").success());
    }
}

#[test]
fn queries_are_answered_in_order_with_syntax_and_runtime_faults() {
    let lines = [
        json!({"expression": "a.b", "document": {"a": {"b": 1}}}),
        json!({"expression": "a.b", "document": {"a": {"b": 1}}, "kind": "jmespath"}),
        json!({"expression": "a["}),
        json!({"expression": "sum(@)", "document": "x"}),
        json!({"expression": "nope(@)", "document": 1}),
        json!({"expression": "@"}),
        json!({"expression": 7}),
        json!({}),
        json!({"expression": "a", "kind": "xquery"}),
        json!({"expression": "\"é\"", "document": {"é": "ü🦀"}}),
    ];
    let input: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let answers = query(input.join("\n")).ends(0).lines();
    let kinds: Vec<&str> = answers.iter().map(|answer| answer["error"]["kind"].as_str().unwrap_or("-")).collect();
    assert_eq!(kinds[..4], ["-", "-", "syntax", "runtime"]);
    assert_eq!(kinds[5..], ["-", "syntax", "syntax", "syntax", "-"]);
    assert!(kinds[4] != "-");
    assert_eq!((&answers[0], &answers[1]), (&json!({"value": 1}), &json!({"value": 1})));
    assert_eq!((&answers[5], &answers[9]), (&json!({"value": null}), &json!({"value": "ü🦀"})));
}

#[test]
fn paths_are_answered_over_json_and_xml() {
    let list = json!([{"name": "Michael"}]);
    let note = "<?xml version=\"1.0\"?><note><to> Tove </to><line>1</line><line>2</line></note>";
    let path = |kind: &str, path: &str, document: serde_json::Value| {
        json!({"expression": path, "document": document, "kind": kind}).to_string()
    };
    let lines = [
        (path("object-path", "[0][name]", list.clone()), json!("Michael")),
        (path("object-path", "$[0]['name']", list.clone()), json!("Michael")),
        (path("object-path", "$[1].name", list.clone()), json!(null)),
        (path("xml-path", "note.to", json!(note)), json!("Tove")),
        (path("xml-path", "$['note'].line[1]", json!(note)), json!("2")),
        (path("xml-path", "note.from", json!(note)), json!(null)),
        (path("object-path", "$..name", list), json!({"kind": "syntax"})),
        (path("xml-path", "note[", json!(note)), json!({"kind": "syntax"})),
        (path("xml-path", "note", json!("<note>")), json!({"kind": "runtime"})),
        (path("xml-path", "note", json!("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>")), json!({"kind": "runtime"})),
        (path("xml-path", "note", json!({"note": 1})), json!({"kind": "runtime"})),
        (path("object-path", &"[0]".repeat(5000), json!([])), json!({"kind": "syntax"})),
        (json!({"expression": "a[*]", "document": {"a": [1]}}).to_string(), json!([1])),
    ];
    let input: Vec<&str> = lines.iter().map(|(line, _)| line.as_str()).collect();
    let answers = query(input.join("\n")).ends(0).lines();
    for (answer, (line, expected)) in answers.iter().zip(&lines) {
        match expected["kind"].as_str() {
            Some(kind) => assert_eq!(answer["error"]["kind"], kind, "{line}"),
            None => assert_eq!(answer, &json!({"value": expected}), "{line}"),
        }
    }
    let line = json!({"expression": "a.0", "document": {"a": [1]}}).to_string();
    let said = Project::new().feed(&["query", "--batch", "--kind", "object-path"], line);
    assert_eq!(said.ends(0).lines(), [json!({"value": 1})]);
}

#[test]
fn query_lines_that_are_not_json_end_in_1() {
    let mut input = b"{\"expression\":\"a\",\"document\":{\"a\":1}}\n{\n\xff\n\n".to_vec();
    input.extend(b"{\"expression\":\"a\",\"document\":{\"a\":2}}\n");
    let answers = query(&input).ends(1).lines();
    assert_eq!(answers.len(), 4);
    assert_eq!(answers[1]["error"]["kind"], "syntax");
    assert_eq!((&answers[0], &answers[3]), (&json!({"value": 1}), &json!({"value": 2})));
}

#[test]
fn no_input_is_no_answer() {
    assert_eq!(eval("").ends(0).out, "");
    assert_eq!(query("\n\n").ends(0).out, "");
}

#[test]
fn an_xml_document_in_a_line_is_text_whatever_it_declares() {
    for encoding in ["ISO-8859-1", "UTF-16", "us-ascii", "UTF-8", "x-unknown"] {
        let document = format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?><a>é€</a>");
        let line = json!({"expression": "a", "document": document, "kind": "xml-path"});
        assert_eq!(query(line.to_string()).ends(0).lines()[0], json!({"value": "é€"}), "{encoding}");
    }
}

#[test]
fn names_that_a_platform_fills_have_their_stand_ins() {
    for (template, answer) in [
        ("$images[0] $images[5]", "x $images[5]"),
        ("$session.id|$company.id", "00000000-0000-4000-8000-000000000001|test-company"),
        ("$assistant.id", "mine"),
    ] {
        let given = json!({"images": ["x", "y"], "assistant": {"id": "mine"}});
        let line = json!({"template": template, "dialect": "verboo", "given": given});
        assert_eq!(eval(line.to_string()).ends(0).lines()[0], json!({"value": answer}), "{template}");
    }
}
