use super::*;
use crate::source::Sources;
use crate::spec::toml_text;
use serde_json::json;

fn parsed(text: &str) -> Table {
    let mut findings = Vec::new();
    let table = toml_text::parse(text, Sources::in_memory().add("a.toml", text), &mut findings);
    assert!(findings.is_empty(), "{findings:?} in\n{text}");
    table
}

fn added(text: &str, case: &NewCase) -> Option<String> {
    let added = with_case(text, &parsed(text), case)?;
    parsed(&added);
    Some(added)
}

fn case() -> NewCase {
    NewCase { name: "new".into(), ..NewCase::default() }
}

#[test]
fn behind_the_last_case_and_before_what_follows() {
    for (text, expected) in [
        ("a = 1\n", "a = 1\n\n[[case]]\nname = \"new\"\n"),
        ("a = 1", "a = 1\n\n[[case]]\nname = \"new\"\n"),
        ("a = 1\r\nb = 1", "a = 1\r\nb = 1\r\n\r\n[[case]]\r\nname = \"new\"\r\n"),
        ("[[case]]\nx = 1 # a\n\n", "[[case]]\nx = 1 # a\n\n[[case]]\nname = \"new\"\n"),
        (
            "[[case]]\n[case.x]\ny = '''\n# a'''\n# of b\n[b]\n",
            "[[case]]\n[case.x]\ny = '''\n# a'''\n\n[[case]]\nname = \"new\"\n\n# of b\n[b]\n",
        ),
        (
            "[[case]]\n[[case.row]]\nx = [\n 1,\n]\n\n[b.c]\nd = 1\n",
            "[[case]]\n[[case.row]]\nx = [\n 1,\n]\n\n[[case]]\nname = \"new\"\n\n[b.c]\nd = 1\n",
        ),
        ("[b]\n[[case]]\nx = 1\n# end", "[b]\n[[case]]\nx = 1\n# end\n\n[[case]]\nname = \"new\"\n"),
    ] {
        assert_eq!(added(text, &case()).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn a_list_in_brackets_is_left_alone() {
    for text in ["case = []\n", "case = [{ name = \"a\" }]\n[b]\n", "[case]\n"] {
        assert_eq!(added(text, &case()), None, "{text}");
    }
}

#[test]
fn a_whole_case() {
    let name = |name| AttributeName::new("user", name);
    let headers = vec![("Content-Type".into(), "text/x".into()), ("x-a".into(), "1".into()), ("x-a".into(), "2".into())];
    let case = NewCase {
        name: "it's \"new\"".into(),
        timezone: Some("Europe/London".into()),
        given: vec![
            (name("age"), json!(36)),
            (AttributeName::new("session", "a b"), json!({"x": [1.5, "y\u{7f}"]})),
            (name("middle"), json!(null)),
            (name("first"), json!("Ada")),
        ],
        naming: Naming::default(),
        secrets: vec!["key".into()],
        expect: Map::from_iter([
            ("success".to_string(), json!(false)),
            ("attributes".to_string(), json!({"user.a": {"any": true}})),
        ]),
        token_answer: Some(NewAnswer::Fault(Fault::Timeout)),
        answer: Some(NewAnswer::Reply {
            status: 201,
            headers,
            body: NewBody::Text("a\n\"b\"\n".into()),
            over_defaults: false,
        }),
        ..NewCase::default()
    };
    let expected = "[[case]]\nname = \"it's \\\"new\\\"\"\ntimezone = \"Europe/London\"\nnull = [\"user.middle\"]\n\
                    [case.given.user]\nage = 36\nfirst = \"Ada\"\n[case.given.session]\n\
                    \"a b\" = { x = [1.5, \"y\\u007f\"] }\n[case.given.secret]\nkey = \"test-key\"\n\
                    [case.token_reply]\nfault = \"timeout\"\n[case.reply]\nstatus = 201\n\
                    headers = [[\"Content-Type\", \"text/x\"], [\"x-a\", \"1\"], [\"x-a\", \"2\"]]\n\
                    body = '''\na\n\"b\"\n'''\n\
                    [case.expect]\nsuccess = false\nattributes = { \"user.a\" = { any = true } }\n";
    assert_eq!(added("", &case).as_deref(), Some(expected));
    let crlf = added("a = 1\r\n", &case).expect("added");
    assert!(crlf.contains(r#"body = "a\n\"b\"\n""#) && !crlf.replace("\r\n", "").contains('\n'), "{crlf}");
}

#[test]
fn names_in_no_context() {
    let naming = Naming { unnamed_context: Some("parameters"), bare: &["images"], mark: None };
    let given = vec![
        (AttributeName::new("user", "a"), json!(1)),
        (AttributeName::new("", "ORDER_NO"), json!("7")),
        (AttributeName::new("", "images"), json!(["x"])),
    ];
    let case = NewCase { name: "new".into(), given, naming, ..NewCase::default() };
    let expected = "[[case]]\nname = \"new\"\n[case.given]\nimages = [\"x\"]\n[case.given.user]\na = 1\n\
                    [case.given.parameters]\nORDER_NO = \"7\"\n";
    assert_eq!(added("", &case).as_deref(), Some(expected));
}

#[test]
fn bodies() {
    assert_eq!(NewBody::of(b""), Some(NewBody::None));
    assert_eq!(NewBody::of(br#"{"a":[1]}"#), Some(NewBody::Json(json!({"a": [1]}))));
    for text in [r#"{"a":null}"#, "[18446744073709551615]", "<a/>", "a"] {
        assert_eq!(NewBody::of(text.as_bytes()), Some(NewBody::Text(text.into())), "{text}");
    }
    assert_eq!(NewBody::of(b"\xff"), None);
    assert_eq!(NewBody::of("a".repeat(LONGEST_WRITTEN_BODY + 1).as_bytes()), None);
}

proptest::proptest! {
    #[test]
    fn what_is_written_is_read_back(
        text in "\\PC{0,20}|[\\x00-\\x7f]{0,20}", number in proptest::num::f64::NORMAL, integer: i64, key in ".{0,6}",
    ) {
        let json = json!({"a": [text, {key: integer, "n": number}], "long": "x".repeat(100)});
        let body = NewBody::of(json.to_string().as_bytes()).expect("short");
        let answer = NewAnswer::Reply { status: 200, headers: vec![("X".into(), text.clone())], body, over_defaults: false };
        let case = NewCase { name: text.clone(), answer: Some(answer), ..NewCase::default() };
        for before in ["", "a = 1\r\n"] {
            let written = parsed(&added(before, &case).expect("added"));
            let cases = written.get("case").and_then(Node::as_array).expect("cases");
            let case = cases[0].to_json();
            proptest::prop_assert_eq!(&case["name"], &text);
            proptest::prop_assert_eq!(&case["reply"]["headers"]["X"], &text);
            proptest::prop_assert_eq!(&case["reply"]["json"], &json);
        }
    }
}
