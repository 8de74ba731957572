//! One mistake, written into every kind of place: the finding points at it, and at nothing else.
//!
//! Two marks stand around what is wrong. They go through the encodings with the text, and are taken out of the file at the
//! end: so where a mistake stands is told without the maps that are tested here.

use hookwright::case::Spec;
use hookwright::check::{Catalogue, check_spec};
use hookwright::dialect::{compile, lint_sets};
use hookwright::source::Sources;
use hookwright::spec::Manifest;

const START: char = '\u{E000}';
const END: char = '\u{E001}';

/// A gap: its place on either side of a line's end is as good.
const NOTHING: &str = "\u{E000}\u{E001}";

/// A way to write a text in a file.
type Encoding = (&'static str, fn(&str) -> Option<String>);

fn each(text: &str, encode: impl Fn(char) -> String) -> String {
    text.chars()
        .map(|character| if [START, END].contains(&character) { character.into() } else { encode(character) })
        .collect()
}

/// What must be escaped, as short as it goes.
fn escaped(text: &str) -> String {
    each(text, |character| match character {
        '"' | '\\' => format!("\\{character}"),
        '\n' => "\\n".into(),
        other => other.into(),
    })
}

fn holds_quote(text: &str) -> bool {
    text.contains('\'') || text.contains('\n')
}

/// Every kind of TOML string. A literal one holds no single quote.
const TOML: [Encoding; 9] = [
    ("basic", |text| Some(format!("\"{}\"", escaped(text)))),
    ("literal", |text| (!holds_quote(text)).then(|| format!("'{text}'"))),
    ("multi-line basic", |text| Some(format!("\"\"\"\n{}\"\"\"", escaped(text)))),
    ("multi-line literal", |text| (!holds_quote(text)).then(|| format!("'''\n{text}'''"))),
    ("multi-line on the first line", |text| Some(format!("\"\"\"{}\"\"\"", escaped(text)))),
    ("all escapes", |text| {
        let is_short = text.chars().all(|character| (character as u32) <= 0xffff);
        is_short.then(|| format!("\"{}\"", each(text, |character| format!("\\u{:04X}", character as u32))))
    }),
    ("long escapes", |text| Some(format!("\"{}\"", each(text, |character| format!("\\U{:08X}", character as u32))))),
    ("a line's end before it", |text| {
        let text = escaped(text).replace(START, &format!("\\\n  \t{START}"));
        (!text.contains(NOTHING)).then(|| format!("\"\"\"\\\n   {text}\"\"\""))
    }),
    ("a line's end behind it", |text| {
        // White space at the beginning of the next line is not part of the text.
        let is_read = !text.split(END).nth(1).unwrap_or_default().starts_with(char::is_whitespace);
        is_read.then(|| format!("\"\"\"{}\"\"\"", escaped(text).replace(END, &format!("{END}\\\n\n "))))
    }),
];

/// Ways to write a JSON string, in which quotes stand around it already.
const JSON: [Encoding; 2] = [
    ("plain", |text| Some(escaped(text))),
    ("all escapes", |text| {
        let units =
            |character: char| character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
        Some(each(text, units))
    }),
];

const HEAD: &str = "# é 𝄞\n[action]\nname = \"Ünï\"\nmethod = \"POST\"\n";

/// Writes the marked text into files and looks for the one finding of the lint.
struct Search<'a> {
    lint: &'a str,
    marked: &'a str,
    places: usize,
}

impl Search<'_> {
    /// `<TEXT>` stands for a TOML string, and what is in its JSON for a JSON string's inside.
    fn in_spec(&mut self, spec: &str) {
        for (name, encode) in TOML {
            let Some(written) = encode(self.marked) else { continue };
            let text = format!("{HEAD}{}", spec.replace("<TEXT>", &written));
            self.variants(&text, None, name);
        }
    }

    /// `<TEXT>` stands inside of a JSON string, and `json` is itself the text of `key`.
    fn in_json(&mut self, spec: &str, json: &str) {
        for (json_name, encode_json) in JSON {
            let Some(inside) = encode_json(self.marked) else { continue };
            let json = json.replace("<TEXT>", &inside);
            for (name, encode) in TOML {
                let Some(written) = encode(&json) else { continue };
                let text = format!("{HEAD}{}", spec.replace("<JSON>", &written));
                self.variants(&text, None, &format!("{name}, JSON {json_name}"));
            }
        }
    }

    /// The same in a file of its own.
    fn in_file(&mut self, json: &str) {
        for (name, encode) in JSON {
            let Some(inside) = encode(self.marked) else { continue };
            let json = json.replace("<TEXT>", &inside);
            let spec = format!("{HEAD}url = \"https://a.example.com\"\nbody = {{ file = \"body.json\" }}\n");
            self.variants(&spec, Some(&json), &format!("a file, JSON {name}"));
        }
    }

    /// With both kinds of line ending, and behind a byte order mark.
    fn variants(&mut self, spec: &str, body: Option<&str>, name: &str) {
        for (spec, ending) in
            [(spec.to_string(), "LF"), (spec.replace('\n', "\r\n"), "CRLF"), (format!("\u{feff}{spec}"), "byte order mark")]
        {
            self.places += 1;
            let body = body.map(|body| if ending == "CRLF" { body.replace('\n', "\r\n") } else { body.to_string() });
            self.look(&spec, body.as_deref(), &format!("{} in {name}, {ending}", self.lint));
        }
    }

    fn look(&self, spec: &str, body: Option<&str>, name: &str) {
        let (spec_text, in_spec) = without_marks(spec);
        let sources = Sources::in_memory();
        sources.add("specs/a.toml", spec_text.as_str());
        let (body_text, in_body) = body.map(without_marks).unzip();
        if let Some(text) = &body_text {
            sources.add("specs/body.json", text.as_str());
        }
        let (text, wanted) = match in_body.flatten() {
            Some(range) => (body_text.unwrap_or_default(), range),
            None => (spec_text, in_spec.expect("marks")),
        };
        let spec = checked(&sources);
        let found: Vec<_> = spec.diagnostics.iter().filter(|found| found.lint.name == self.lint).collect();
        let [found] = found.as_slice() else { panic!("{name}: {:?} in\n{text}", spec.diagnostics) };
        let got = &text[found.span.start..found.span.end];
        assert_eq!((got, found.span.start), (&text[wanted.clone()], wanted.start), "{name} in\n{text}");
        let file = sources.file(found.span.file);
        assert_eq!(file.text, text, "{name}: another file");
        for offset in [wanted.start, wanted.end] {
            let position = file.position(offset);
            assert_eq!((position.line, position.column), counted(&text[..offset]), "{name} in\n{text}");
        }
    }
}

fn checked(sources: &Sources) -> Spec {
    let mut spec = compile("specs/a.toml", &Manifest::default(), sources).expect("a text can be loaded");
    check_spec(&mut spec, &Catalogue::new(lint_sets()));
    spec
}

/// The text without the marks, and what stood between them.
fn without_marks(text: &str) -> (String, Option<std::ops::Range<usize>>) {
    let (start, end) = (text.find(START), text.find(END));
    let range = start.zip(end).map(|(start, end)| start..end - START.len_utf8());
    (text.replace([START, END], ""), range)
}

/// Line and column as people count: a byte order mark is no character.
fn counted(before: &str) -> (usize, usize) {
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.trim_start_matches('\u{feff}').chars().count() + 1)
}

/// Where a template can stand; in the authentication secrets and variables mean something.
fn search_templates(lint: &str, text: &str, is_for_authentication: bool) {
    let marked = text.replace('«', &START.to_string()).replace('»', &END.to_string());
    let mut search = Search { lint, marked: &marked, places: 0 };
    const URL: &str = "url = \"https://a.example.com\"\n";
    for spec in [
        "headers = { Accept = \"é\", X-A = <TEXT> }",
        "headers.\"X-A\" = <TEXT> # é",
        "headers = [[\"X-B\", \"é\"], [\"X-A\", <TEXT>]]",
        "[action.headers]\nX-A = <TEXT>",
        "body = { \"ключ\" = [\"é\", { a = <TEXT> }] }",
        "[action.body]\n\"é\".a = <TEXT>",
    ] {
        if !is_for_authentication {
            search.in_spec(&format!("{URL}{spec}\n"));
        }
    }
    let body = "{\n  \"é\": [1, \"𝄞 <TEXT>\"]\n}\n";
    if !is_for_authentication {
        search.in_json(&format!("{URL}body = <JSON>\n"), body);
        search.in_json(&format!("{URL}body = <JSON>\n"), "{\"<TEXT>\": 1}");
        search.in_file(body);
    }
    let auth = format!("{URL}[action.auth]\ntype = \"header\"\n");
    search.in_spec(&format!("{auth}headers = {{ A = \"é\", X-A = <TEXT> }}\n"));
    search.in_spec(&format!("{auth}headers.A = \"{{_auth.v}}\"\nvariables.v = <TEXT>\n"));
    let config = "{\"variables\": {\"é\": \"é\", \"v\": \"<TEXT>\"}, \"headers\": {\"A\": \"{_auth.v}\"}}";
    search.in_json(&format!("{auth}config = <JSON>\n"), config);
    search.in_json(&format!("{auth}config = <JSON>\n"), "{ \"headers\": { \"A\": \"<TEXT>\" } }");
    assert!(search.places > 100);
}

#[test]
fn mistakes_in_templates() {
    for (lint, text) in [
        ("unknown-filter", "é 𝄞 {first_name | «upper»}!"),
        ("unknown-filter", "{a | replace \"é\\n\" \"b\" | «upper» | lowercase}"),
        ("filter-arity", "é {first_name | replace \"tv\"«»}"),
        ("filter-arity", "{first_name | replace \"tv\" \"\" «\"x\" @y»}"),
        ("filter-argument", "é {first_name | base64 «-x» | md5}"),
        ("unknown-context", "{a} {«usr».name}"),
        ("unknown-context", "{a | replace \"x\" @«usr».b}"),
        ("unknown-context", "{«usér».name}"),
        ("unknown-webhook-attribute", "é {_webhook.«méthd»}"),
        ("template-syntax", "é {a | replace \"x\"«\"»y\"}"),
        ("template-syntax", "é {user.first «n»ame}"),
        ("template-syntax", "é «{»a"),
        ("template-syntax", "é «{ }» {a}"),
        ("literal-braces", "é «{Hello, \"Ünï\"}» {a}"),
    ] {
        search_templates(lint, text, false);
    }
}

#[test]
fn mistakes_in_templates_of_the_authentication() {
    search_templates("undefined-auth-variable", "{_auth.uuid} é {_auth.«nonce»}", true);
    search_templates("undefined-auth-variable", "{a | hmac sha256 @_auth.«kéy» \"x\"}", true);
}

#[test]
fn mistakes_in_expressions() {
    for (lint, text) in [
        ("unknown-jmespath-function", "\"é\" | «lenght»(@)"),
        ("unknown-jmespath-function", "a[?«lenght»(\"b c\") > `1`]"),
        ("selector-syntax", "\"é\".b «%» c"),
        ("selector-syntax", "a.«#»b"),
        ("selector-syntax", "\"a\\nb\" | d«]»"),
        ("selector-syntax", "\"é\"[«»"),
    ] {
        let marked = text.replace('«', &START.to_string()).replace('»', &END.to_string());
        let mut search = Search { lint, marked: &marked, places: 0 };
        const URL: &str = "url = \"https://a.example.com\"\n";
        for spec in [
            "response.2xx.outputs = { \"é\" = \"a\", x = <TEXT> }",
            "response.2xx.outputs.\"user.x\" = <TEXT>",
            "[action.response.2xx]\naction_success = <TEXT> # é",
            "[action.response.2xx.outputs]\n\"session.x\" = <TEXT>",
        ] {
            search.in_spec(&format!("{URL}{spec}\n"));
        }
        assert!(search.places > 20);
    }
}

#[test]
fn mistakes_in_json() {
    for (lint, text) in [
        ("body-not-json", "{\n  \"é\": 1«,»\n}"),
        ("body-not-json", "{ \"é\": «tru» }"),
        ("body-not-json", "{ \"é\": \"𝄞«\\q»\" }"),
        ("body-not-json", "{ \"é\": \"{a}\" «é»: 1 }"),
        ("body-not-json", "[1, «'»a']"),
        ("unquoted-reference-in-json", "{\n \"é\": «{user.a | replace \"x\" \"\"}» }"),
    ] {
        let marked = text.replace('«', &START.to_string()).replace('»', &END.to_string());
        let mut search = Search { lint, marked: &marked, places: 0 };
        search.in_spec("url = \"https://a.example.com\"\nbody = <TEXT>\n");
        let spec = format!("{HEAD}url = \"https://a.example.com\"\nbody = {{ file = \"body.json\" }}\n");
        search.variants(&spec, Some(&marked), "a file");
        assert!(search.places > 15);
    }
}

#[test]
fn mistakes_in_the_config() {
    for (lint, text) in [
        ("auth-shape", "{\"é\\u0020\": 1«,»}"),
        ("auth-shape", "{\"headers\": {\"A\": \"é\"}, \"«variabls»\": {}}"),
        ("auth-shape", "{\"headers\": {\"A\": \"é\", \"«Ünï»\": 1}}"),
    ] {
        let marked = text.replace('«', &START.to_string()).replace('»', &END.to_string());
        let mut search = Search { lint, marked: &marked, places: 0 };
        let auth = "url = \"https://a.example.com\"\n[action.auth]\ntype = \"header\"\nheaders.B = \"b\"\nconfig = <TEXT>\n";
        search.in_spec(auth);
        assert!(search.places > 15);
    }
}
