use super::*;
use crate::source::Sources;

fn mapped(text: &str) -> Mapped {
    Mapped::verbatim(text, Sources::in_memory().add("template", text), 0)
}

fn read(text: &str) -> (Template, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let template = template(&mapped(text), &mut findings);
    (template, findings)
}

fn one(text: &str) -> Expression {
    let (template, findings) = read(text);
    assert!(findings.is_empty(), "{findings:?}");
    template.lone().expect("one expression").clone()
}

/// The template as text again, in one canonical form.
fn print(template: &Template) -> String {
    template.segments.iter().map(print_segment).collect()
}

fn print_segment(segment: &Segment) -> String {
    match segment {
        Segment::Literal { text, .. } | Segment::Broken { text, .. } => text.clone(),
        Segment::Expression(expression) => {
            let filters: String = expression.filters.iter().map(print_filter).collect();
            format!("{{{}{filters}}}", print_reference(&expression.reference))
        }
    }
}

fn print_reference(reference: &Reference) -> String {
    let context = reference.context.as_ref().map(|context| format!("{}.", context.value)).unwrap_or_default();
    let accessors = reference.accessors.iter().map(|accessor| match (&accessor.key, accessor.style) {
        (AccessorKey::Key(key), AccessorStyle::SingleQuoted) => format!("['{key}']"),
        (AccessorKey::Key(key), AccessorStyle::DoubleQuoted) => format!("[\"{key}\"]"),
        (AccessorKey::Key(key), AccessorStyle::Dotted) => format!(".{key}"),
        (AccessorKey::Key(key), AccessorStyle::Bare) => format!("[{key}]"),
        (AccessorKey::Index(index), AccessorStyle::Dotted) => format!(".{index}"),
        (AccessorKey::Index(index), _) => format!("[{index}]"),
    });
    format!("{context}{}{}", reference.attribute.value, accessors.collect::<String>())
}

fn print_filter(filter: &FilterCall) -> String {
    let arguments: Vec<String> = filter.arguments.iter().map(print_argument).collect();
    match filter.call_style {
        true => format!(" | {}({})", filter.name.value, arguments.join(", ")),
        false => format!(" | {}{}", filter.name.value, arguments.iter().map(|a| format!(" {a}")).collect::<String>()),
    }
}

fn print_argument(argument: &Argument) -> String {
    match argument {
        Argument::Text { text, quote: Some(quote), .. } => format!("{quote}{text}{quote}"),
        Argument::Text { text, quote: None, .. } => text.clone(),
        Argument::Reference { reference, .. } => format!("@{}", print_reference(reference)),
    }
}

#[test]
fn references_with_and_without_context() {
    let plain = one("{name}").reference;
    assert!(plain.context.is_none() && plain.attribute.value == "name");
    let deep = one("{ user.preferences['chat'][0].tone[x] }").reference;
    assert_eq!(deep.context.map(|name| name.value).as_deref(), Some("user"));
    assert_eq!(deep.accessors.len(), 4);
    assert_eq!(deep.accessors[1].key, AccessorKey::Index(0));
    assert_eq!(one("{session.test.1.name}").reference.accessors[0].key, AccessorKey::Index(1));
}

#[test]
fn filters_with_every_kind_of_argument() {
    let expression = one("{a | replace \"a | b\" 'it\"s' | range -3 2 | hmac sha256 @secret.k['x'] text | at @}");
    let arguments: Vec<usize> = expression.filters.iter().map(|filter| filter.arguments.len()).collect();
    assert_eq!(arguments, [2, 2, 3, 1]);
    assert!(matches!(&expression.filters[0].arguments[1], Argument::Text { text, .. } if text == "it\"s"));
    assert!(
        matches!(&expression.filters[2].arguments[1], Argument::Reference { reference, .. } if reference.accessors.len() == 1)
    );
    assert!(matches!(&expression.filters[3].arguments[0], Argument::Text { text, .. } if text == "@"));
    let call = one("{history.intents | where('value', 'Book Appointment') | select('name')}");
    assert!(call.filters[0].call_style && call.filters[0].arguments.len() == 2);
    let format = one(r#"{d | format_date "D, d M Y H:i:s \G\M\T"}"#);
    assert!(matches!(&format.filters[0].arguments[0], Argument::Text { text, .. } if text.ends_with(r"\G\M\T")));
}

#[test]
fn functions() {
    let mut findings = Vec::new();
    let call = function(&mapped("hmac-sha256({_webhook.body}, {_auth.key | replace \",\" \")\"})"), &mut findings);
    let call = call.expect("a call");
    assert_eq!((call.name.value.as_str(), call.arguments.len()), ("hmac-sha256", 2));
    assert!(call.arguments[1].lone().is_some() && findings.is_empty());
    assert!(function(&mapped("Hello (world)"), &mut findings).is_none());
    assert_eq!(function(&mapped("f()"), &mut findings).map(|call| call.arguments.len()), Some(0));
}

#[test]
fn mistakes_are_told_in_a_users_words() {
    let told = |text: &str| {
        let (_, findings) = read(text);
        let finding = findings.first().expect("a finding");
        format!("{}..{} {}", finding.span.start, finding.span.end, finding.message)
    };
    let all: Vec<String> = [
        "hi {name",
        "{}",
        "{a {b}}",
        "{user name}",
        "{a | }",
        "{a |}",
        "{a.}",
        "{a | replace \"}\" \"\"}",
        "{a | replace \"x}",
        "{a | replace \"a\"\"b\"}",
        "{a[}",
        "{\"a\": 1}",
        "{\"user.name\"}",
        "{@user.name}",
        "{user name | uppercase}",
        "{user.first name}",
        "{Dear {name}}",
        "{\"a\": {\"b\": 1}}",
        "{!}",
    ]
    .iter()
    .map(|text| format!("{text}  =>  {}", told(text)))
    .collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn long_templates_are_read_in_linear_time() {
    let chain = format!("{{a{}}}", " | uppercase".repeat(10_000));
    assert_eq!(one(&chain).filters.len(), 10_000);
    let many = "{a} ".repeat(250_000);
    assert_eq!(read(&many).0.segments.len(), 500_000);
    assert!(!read(&"{".repeat(1_000_000)).1.is_empty());
    assert!(!read(&"{a".repeat(MAX_TEMPLATE_BYTES)).1.is_empty());
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        read(&text);
        function(&mapped(&text), &mut Vec::new());
    }

    #[test]
    fn template_like_text_round_trips(text in "[{}a-c.|@'\"\\[\\]0-2 ()é,]{0,40}") {
        let (template, _) = read(&text);
        let printed = print(&template);
        let (again, _) = read(&printed);
        proptest::prop_assert_eq!(print(&again), printed);
    }
}
