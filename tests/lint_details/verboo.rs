//! Names in Verboo's webhooks.

use super::findings_in;
use hookwright::diagnostic::Diagnostic;

fn found(url: &str, body: &str, more: &str) -> (String, Vec<Diagnostic>) {
    let text = format!(
        "dialect = \"verboo\"\n[action]\nmethod = \"POST\"\nurl = \"https://a.example/{url}\"\nbody = '{body}'\n{more}"
    );
    let found = findings_in(&text);
    (text, found)
}

/// `lint: marked text` of the findings about names.
fn told(url: &str, body: &str, more: &str) -> Vec<String> {
    const NAMES: [&str; 5] = [
        "unknown-variable",
        "prefix-capture",
        "unquoted-reference-in-json",
        "prompt-syntax-in-webhook",
        "empty-path-segment",
    ];
    let (text, found) = found(url, body, more);
    let about = found.iter().filter(|found| NAMES.contains(&found.lint.name));
    about.map(|found| format!("{}: {}", found.lint.name, &text[found.span.start..found.span.end])).collect()
}

#[test]
fn a_slip_in_a_system_variable_is_mended_whole() {
    for slip in ["$SESSION.id", "$sessio.id", "$sesion.id"] {
        let (text, found) = found("", &format!("{{ \"a\": \"x {slip} y\" }}"), "");
        let found = found.iter().find(|found| found.lint.name == "unknown-variable").expect(slip);
        let edit = &found.fix.as_ref().expect(slip).edits[0];
        assert_eq!((&text[edit.span.start..edit.span.end], edit.text.as_str()), (slip, "$session.id"));
    }
    assert_eq!(told("", r#"{ "a": "$companny.id" }"#, ""), ["unknown-variable: $companny.id"]);
}

#[test]
fn another_step_of_a_system_variable_is_only_warned_of() {
    assert_eq!(told("", r#"{ "a": "$session.company" }"#, ""), ["prefix-capture: $session.company"]);
}

#[test]
fn braces_of_prompts_are_found_around_names() {
    let data = "[client_data]\nname = \"string\"";
    for typed in ["{{$name}}", "${{$name}}", "{{ name }}", "${{name}}"] {
        let wanted = format!("prompt-syntax-in-webhook: {typed}");
        assert_eq!(told("", &format!("{{ \"a\": \"x {typed} y\" }}"), data), [wanted]);
    }
}

#[test]
fn the_same_mistake_is_found_at_each_of_its_places() {
    let (text, found) = found("?a={{n}}&b={{n}}", r#"{ "{{n}}": "{{n}}", "b": ["{{n}}"] }"#, "");
    let prompts = found.iter().filter(|found| found.lint.name == "prompt-syntax-in-webhook");
    let places: Vec<usize> = prompts.map(|found| found.span.start).collect();
    let wanted: Vec<usize> = text.match_indices("{{n}}").map(|(at, _)| at).collect();
    assert_eq!(places, wanted);
}

#[test]
fn a_body_of_many_names_is_checked_in_time() {
    const MANY: usize = 20_000;
    let started = std::time::Instant::now();
    let entries: Vec<String> = (0..MANY).map(|number| format!("\"$images{number}\": \"$images{number}\"")).collect();
    let (_, found) = found("", &format!("{{{}}}", entries.join(",")), "");
    assert_eq!(found.iter().filter(|found| found.lint.name == "prefix-capture").count(), 2 * MANY);
    // Where each part of the body looks through all of it, this takes minutes.
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

#[test]
fn the_lints_follow_the_assumptions() {
    let path = "[assume]\nnested_client_data = \"path\"\n[[case]]\nname = \"one\"\n[case.given]\n";
    let with = |address: &str| format!("{path}client_data.address = {{ n = {address} }}");
    assert_eq!(told("", r#"{ "a": $address.n }"#, &with("3")), [""; 0]);
    assert_eq!(told("", r#"{ "a": $address.n }"#, &with("\"x\"")), ["unquoted-reference-in-json: $address.n"]);
    let word = |more: &str| format!("{more}\n[client_data]\nplan = \"string\"");
    assert_eq!(told("", r#"{ "a": "$planet" }"#, &word("")), ["prefix-capture: $planet"]);
    let assumed = word("[assume]\nword_boundary = \"word\"");
    assert_eq!(told("", r#"{ "a": "$planet" }"#, &assumed), ["unknown-variable: $planet"]);
}

#[test]
fn an_image_that_is_not_there_leaves_no_gap() {
    let case = "[[case]]\nname = \"one\"\n[case.given]\nimages = [\"https://i.example/1\"]";
    assert_eq!(told("$images[5]/x", "{}", case), [""; 0]);
    let empty = case.replace("https://i.example/1", "");
    assert_eq!(told("$images[0]/x", "{}", &empty), ["empty-path-segment: $images[0]"]);
}

#[test]
fn a_list_of_types_is_no_missing_type() {
    let trigger = "[trigger]\nparameters = { properties = { a = { type = [\"string\", \"null\"] }, b = {} } }";
    let (text, found) = found("", "{}", trigger);
    let about = found.iter().filter(|found| found.lint.name == "schema-type");
    let said: Vec<(&str, &str)> =
        about.map(|found| (found.message.as_str(), &text[found.span.start..found.span.end])).collect();
    assert_eq!(
        said,
        [
            ("the type of the parameter `a` is not one word", "[\"string\", \"null\"]"),
            ("the parameter `b` has no type", "b")
        ]
    );
}
