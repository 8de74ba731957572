//! Webhook nodes of Vonage AI Studio: no value leaves its place, no secret is shown, and each open point can be switched.

use hookwright::case::{Answer, Case, Given, GivenAttribute, Reply, Spec};
use hookwright::dialect::compile;
use hookwright::dialect::vonage::DIALECT;
use hookwright::eval::{ErrorKind, Exchange, Failure, Hosts, Outcome, Record, Request, of_failure, of_reply, planned};
use hookwright::plan::AttributeName;
use hookwright::selector::xml;
use hookwright::source::Sources;
use hookwright::spec::Manifest;
use hookwright::value::{Json, Value};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{header, json_reply, toml_string};

/// The parameters of every node here.
const PARAMETERS: &str = r#"
[parameters]
A = "sys.any"
AB = "sys.any"
N = "sys.number"
S = { entity = "sys.any", secret = true }
STATUS = "sys.number"
"#;

/// A node with one case.
fn node(action: &str) -> Spec {
    let text = format!("dialect = \"vonage\"\n[action]\n{action}\n{PARAMETERS}\n[[case]]\nname = \"one\"\n");
    let sources = Sources::in_memory();
    sources.add("specs/node.toml", text.as_str());
    compile("specs/node.toml", &Manifest::default(), &sources).expect("a text that was added can be loaded")
}

fn case(spec: &Spec, values: &[(&str, Json)]) -> Case {
    let mut case = spec.cases[0].clone();
    for (name, value) in values {
        let (name, value) = (AttributeName::new("", name), Value::from(value.clone()));
        case.given.attributes.put(GivenAttribute { name, value, span: case.name.span });
    }
    case
}

fn exchange(spec: &Spec, values: &[(&str, Json)]) -> Exchange {
    planned(spec.plan.as_ref().expect("a plan"), &case(spec, values), &[], Hosts::AsWritten)
}

/// The request, or the name of what went wrong.
fn request(action: &str, values: &[(&str, Json)]) -> Result<Request, &'static str> {
    let spec = node(action);
    assert!(spec.not_runnable.is_none(), "{:?}: {:?}", spec.not_runnable, spec.diagnostics);
    let exchange = exchange(&spec, values);
    exchange.request.ok_or_else(|| exchange.error.expect("a failure").kind.name())
}

fn body(action: &str, values: &[(&str, Json)]) -> Result<String, &'static str> {
    let request = request(&format!("method = \"POST\"\nurl = \"https://a.example\"\n{action}"), values)?;
    Ok(request.body.expect("a body").reveal().to_string())
}

/// The outcome of a reply, and the open points that came up.
fn outcome(action: &str, reply: &Reply) -> (Outcome, Vec<String>) {
    let spec = node(&format!("method = \"GET\"\nurl = \"https://a.example\"\n{action}"));
    assert!(spec.not_runnable.is_none(), "{:?}", spec.diagnostics);
    let (plan, record) = (spec.plan.as_ref().expect("a plan"), Record::default());
    let outcome = of_reply(plan, reply, &Given::default(), &record);
    let met = plan.assumptions.report(&record.occurred.borrow());
    (outcome, met)
}

fn stored(outcome: &Outcome) -> Json {
    Json::Object(outcome.attributes.iter().map(|(name, value)| (name.to_string(), value.to_json())).collect())
}

/// Texts with all that has a meaning somewhere.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "$A",
        "$AB",
        "$",
        "\"",
        "'",
        "\\",
        "\r\n",
        "\n",
        "&",
        "=",
        "?",
        "#",
        "/",
        "..",
        "%",
        "%2F",
        "+",
        " ",
        "<",
        ">",
        "</x>",
        "]]>",
        "<!--",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "é",
        "\u{1F600}",
        "\0",
        "\u{7}",
        "a",
        "0",
        "://",
        "@",
        ";",
        "&amp;",
        "\u{2028}",
    ]);
    prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_value_stays_in_its_place_in_the_url(value in hostile()) {
        let action = "method = \"GET\"\nurl = \"https://a.example/x/$A-/z?q=$A#f\"\nquery = { \"r&\" = \"<$A>\", last = \"1\" }";
        let built = request(action, &[("A", value.clone().into()), ("AB", "expanded".into())]).expect("a URL");
        let url = url::Url::parse(built.url.reveal()).expect("a URL");
        prop_assert_eq!(url.host_str(), Some("a.example"));
        prop_assert_eq!(url.path().split('/').count(), 4);
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let wanted = [("q".into(), value.clone()), ("r&".into(), format!("<{value}>")), ("last".into(), "1".into())];
        prop_assert_eq!(pairs, wanted);
        prop_assert_eq!(url.fragment(), Some("f"));
    }

    #[test]
    fn a_value_stays_in_its_place_in_json(value in hostile()) {
        let action = r#"body = { type = "json", content = '{"a": "<$A>", "k$A": ["$A", 1]}' }"#;
        let sent = body(action, &[("A", value.clone().into())]).expect("a body");
        let mut wanted = json!({"a": format!("<{value}>")});
        wanted[format!("k{value}")] = json!([value, 1]);
        prop_assert_eq!(serde_json::from_str::<Json>(&sent).expect("JSON"), wanted);
    }

    #[test]
    fn a_value_outside_of_quotes_is_one_value(value in hostile()) {
        let sent = body(r#"body = { type = "json", content = '{"a": $N, "b": 1}' }"#, &[("N", value.into())]);
        match sent {
            Err(error) => prop_assert_eq!(error, "invalid-body"),
            Ok(sent) => if let Ok(sent) = serde_json::from_str::<Json>(&sent) {
                let object = sent.as_object().expect("an object");
                prop_assert_eq!(object.keys().collect::<Vec<_>>(), ["a", "b"]);
                prop_assert_eq!(&object["b"], &json!(1));
            },
        }
    }

    #[test]
    fn a_value_stays_in_its_place_in_xml(value in hostile()) {
        let action = r#"body = { type = "xml", content = '<o><a id="$A">[$A]</a><b>1</b></o>' }"#;
        match body(action, &[("A", value.clone().into())]) {
            Err(error) => {
                let has_no_form = value.contains(['\0', '\u{7}']);
                prop_assert!(has_no_form);
                prop_assert_eq!(error, "invalid-body");
            }
            Ok(sent) => {
                let tree = xml::document(sent.as_bytes()).expect("XML");
                prop_assert_eq!(tree, json!({"o": {"a": format!("[{value}]"), "b": "1"}}));
            }
        }
    }

    #[test]
    fn a_value_stays_in_its_place_in_markup(value in hostile(), before in "[]>-]{0,2}", after in "[]>-]{0,2}") {
        let content = format!("<o id=\"$A\"><!-- {before}$A{after} --><b>[<![CDATA[{before}$A{after}]]>]</b></o>");
        // What is written down may be no XML whatever the value is.
        let around = format!("{before}{after}");
        prop_assume!(!around.contains("--") && !around.contains("]]>"));
        let action = format!("body = {{ type = \"xml\", content = {} }}", toml_string(&content));
        let Ok(sent) = body(&action, &[("A", value.clone().into())]) else {
            let has_no_form = value.contains(['\0', '\u{7}']);
            prop_assert!(has_no_form);
            return Ok(());
        };
        let style = xml::Style { keeps_attributes: true, ..xml::Style::default() };
        let tree = xml::styled_document(sent.as_bytes(), None, style).map_err(|problem| format!("{problem}: {sent}"));
        // A reader makes one line break of two characters (XML 1.0, section 2.11).
        let text = format!("[{before}{value}{after}]").replace("\r\n", "\n");
        prop_assert_eq!(tree, Ok(json!({"o": {"@id": value, "b": text}})));
    }

    #[test]
    fn a_value_in_a_tag_is_a_name(value in hostile()) {
        for content in ["<$A/>", "<o $A=\"1\"/>", "<o><?p $A?></o>"] {
            let action = format!("body = {{ type = \"xml\", content = {} }}", toml_string(content));
            match body(&action, &[("A", value.clone().into())]) {
                Err(error) => prop_assert_eq!(error, "invalid-body"),
                Ok(sent) => prop_assert_eq!(sent, content.replace("$A", &value)),
            }
        }
    }

    #[test]
    fn a_value_stays_in_its_place_in_a_form(value in hostile()) {
        for written in [r#"content = "a=$A&b=1""#, r#"fields = { a = "$A", b = "1" }"#] {
            let sent = body(&format!("body = {{ type = \"form\", {written} }}"), &[("A", value.clone().into())]).expect("a body");
            let pairs: Vec<(String, String)> = url::form_urlencoded::parse(sent.as_bytes()).into_owned().collect();
            prop_assert_eq!(pairs, [("a".to_string(), value.clone()), ("b".into(), "1".into())]);
        }
    }

    #[test]
    fn a_header_holds_the_value_or_nothing_is_sent(value in hostile()) {
        let action = "method = \"GET\"\nurl = \"https://a.example\"\nheaders = { X-A = \"<$A>\", X-B = \"1\" }";
        match request(action, &[("A", value.clone().into())]) {
            Err(error) => prop_assert!(error == "invalid-header" && value.contains(char::is_control)),
            Ok(built) => {
                let wanted = format!("<{value}>");
                prop_assert_eq!(header(&built, "X-A"), Some(wanted.as_str()));
                prop_assert_eq!(built.headers.len(), 2);
            }
        }
    }

    #[test]
    fn text_and_html_are_literal(value in hostile()) {
        for kind in ["text", "html"] {
            let sent = body(&format!("body = {{ type = \"{kind}\", content = \"<p>$A</p>\" }}"), &[("A", value.clone().into())]);
            prop_assert_eq!(sent, Ok(format!("<p>{value}</p>")));
        }
    }

    #[test]
    fn no_text_of_a_spec_panics(text in hostile(), key in hostile()) {
        let (text, key) = (toml_string(&text), toml_string(&key));
        for action in [
            format!("url = {text}\nmethod = {text}\nlabel = {text}"),
            format!("url = \"https://a.example\"\nmethod = \"GET\"\nquery = {{ {key} = {text} }}\nheaders = {{ {key} = {text} }}"),
            format!("url = \"https://a.example\"\nmethod = \"PUT\"\nbody = {{ type = \"json\", content = {text} }}"),
            format!("url = \"https://a.example\"\nmethod = \"PUT\"\nbody = {{ type = \"form\", fields = {{ {key} = {text} }} }}"),
            format!("url = \"https://a.example\"\nmethod = \"GET\"\nresponse = {{ mapping = {{ {key} = {text} }}, exits = [{text}] }}"),
        ] {
            let spec = node(&action);
            if spec.plan.is_some() && spec.not_runnable.is_none() {
                exchange(&spec, &[("A", "x".into())]);
            }
        }
    }

    #[test]
    fn no_reply_panics(reply in prop::collection::vec(any::<u8>(), 0..64), status in 200u16..600) {
        for kind in ["json", "xml"] {
            let action = format!("response = {{ type = \"{kind}\", mapping = {{ A = \"a.b[0]\", N = \"$\", S = \"a\" }} }}");
            let (outcome, _) = outcome(&action, &json_reply(status, reply.clone()));
            prop_assert!(outcome.success.is_none() && ["default", "failed"].contains(&outcome.exit.as_str()));
        }
    }
}

#[test]
fn names_in_tags() {
    let sent = |content: &str, value: &str| {
        body(&format!("body = {{ type = \"xml\", content = {} }}", toml_string(content)), &[("A", value.into())])
    };
    assert_eq!(sent("<$A/>", "zone-1").as_deref(), Ok("<zone-1/>"));
    assert_eq!(sent("<o $A='1'/>", "stra\u{df}e").as_deref(), Ok("<o stra\u{df}e='1'/>"));
    for value in ["x y", "1 b", "1b", "", "a='1'", "a>", "-a"] {
        assert_eq!(sent("<$A/>", value), Err("invalid-body"), "{value}");
        assert_eq!(sent("<o $A='1'/>", value), Err("invalid-body"), "{value}");
    }
    assert_eq!(sent("<o><?p $A?></o>", "a?>b"), Err("invalid-body"));
    assert_eq!(sent("<o><![CDATA[$A]]></o>", "a<b>&]]>").as_deref(), Ok("<o><![CDATA[a<b>&]]]]><![CDATA[>]]></o>"));
    assert_eq!(sent("<o><!-- $A --></o>", "a---b").as_deref(), Ok("<o><!-- a- - -b --></o>"));
}

#[test]
fn names_that_begin_with_each_other() {
    let url = |url: &str, more: &str| {
        let action = format!("method = \"GET\"\nurl = \"https://a.example/{url}\"\n{more}");
        request(&action, &[("A", "1".into()), ("AB", "2".into())]).expect("a URL").url.reveal().to_string()
    };
    assert_eq!(url("$AB/$A/$A-$AB", ""), "https://a.example/2/1/1-2");
    assert_eq!(url("$ABC/$A_/$a/$$A/$", ""), "https://a.example/$ABC/$A_/$a/$1/$");
    assert_eq!(url("$ABC", "[assume]\noverlapping_names = \"longest-beginning\""), "https://a.example/2C");
    assert_eq!(url("[$x]", "[assume]\nundeclared_name = \"empty\""), "https://a.example/[]");
}

#[test]
fn values_of_every_kind() {
    let sent = |value: Json| body(r#"body = { type = "text", content = "$A" }"#, &[("A", value)]).expect("a body");
    assert_eq!(sent(json!(null)), "");
    assert_eq!(sent(json!(true)), "true");
    assert_eq!(sent(json!(76.31)), "76.31");
    assert_eq!(sent(json!(5.0)), "5");
    assert_eq!(sent(json!([1, "a"])), r#"[1,"a"]"#);
    assert_eq!(sent(json!({"a": 1})), r#"{"a":1}"#);
}

/// What an assumption does in the place where it matters, by default and by the other choice.
#[test]
fn every_open_point_of_a_request_can_be_switched() {
    let get = "method = \"GET\"\nurl = \"https://a.example/$A\"";
    let signed = "method = \"POST\"\nurl = \"https://a.example\"\nsigning = { secret = \"k\" }";
    for (name, other, action, value) in [
        ("overlapping_names", "longest-beginning", "method = \"GET\"\nurl = \"https://a.example/$ABx\"", json!("v")),
        ("undeclared_name", "empty", "method = \"GET\"\nurl = \"https://a.example/$X\"", json!("v")),
        ("unset_value", "as-typed", get, json!(null)),
        ("url_space", "+", get, json!("a b")),
        ("url_slash", "keep", get, json!("a/b")),
        (
            "form_space",
            "+",
            "method = \"POST\"\nurl = \"https://a.example\"\nbody = { type = \"form\", content = \"a=$A\" }",
            json!("a b"),
        ),
        (
            "html_values",
            "escape",
            "method = \"POST\"\nurl = \"https://a.example\"\nbody = { type = \"html\", content = \"$A\" }",
            json!("<b>"),
        ),
        (
            "unquoted_value",
            "quote-text",
            "method = \"POST\"\nurl = \"https://a.example\"\nbody = { type = \"json\", content = \"[$A]\" }",
            json!("x"),
        ),
        (
            "malformed_body",
            "refuse",
            "method = \"POST\"\nurl = \"https://a.example\"\nbody = { type = \"json\", content = \"[$A]\" }",
            json!("x"),
        ),
        ("payload_hash", "raw", &format!("{signed}\nbody = {{ type = \"json\", content = '[ \"$A\" ]' }}"), json!("x")),
        ("empty_payload", "empty-text", signed, json!("x")),
        ("duplicate_header", "auth-wins", &format!("{signed}\nheaders = {{ Authorization = \"$A\" }}"), json!("x")),
    ] {
        let run = |more: &str| {
            let spec = node(&format!("{action}\n{more}"));
            let values: &[_] = if value.is_null() { &[] } else { &[("A", value.clone()), ("AB", value.clone())] };
            let mut case = case(&spec, values);
            let secret = hookwright::value::TaintedText::secret("a-test-secret-of-at-least-32-bytes");
            case.given.secrets.push(hookwright::case::GivenSecret { name: "k".into(), value: secret, span: case.name.span });
            planned(spec.plan.as_ref().expect("a plan"), &case, &[], Hosts::AsWritten)
        };
        let default = DIALECT.assumptions.iter().find(|known| known.name == name).expect("an assumption").default;
        let (one, two) = (run(""), run(&format!("[assume]\n{name} = \"{other}\"")));
        let shown = |exchange: &Exchange| format!("{:?} {:?}", exchange.request, exchange.error);
        assert_ne!(shown(&one), shown(&two), "{name}");
        assert!(one.assumptions.contains(&format!("{name}={default}")), "{name}: {:?}", one.assumptions);
        assert!(two.assumptions.contains(&format!("{name}={other}")), "{name}: {:?}", two.assumptions);
    }
}

#[test]
fn every_open_point_of_an_outcome_can_be_switched() {
    let json = |status: u16, body: &str| json_reply(status, body);
    let xml = |body: &str| json_reply(200, body);
    let mapped = "response = { mapping = { A = \"a\", N = \"n\" } }";
    let of_xml = |path: &str| format!("response = {{ type = \"xml\", mapping = {{ A = \"{path}\" }} }}");
    for (name, other, action, reply) in [
        ("exit_precedence", "class-first", "response = { exits = [\"404\", \"4xx\"] }".to_string(), json(404, "")),
        ("unlisted_status", "default", String::new(), json(404, "")),
        ("redirect_exit", "failed", "response = { exits = [\"3xx\"] }".into(), json(302, "")),
        ("missed_path", "skip", mapped.into(), json(200, r#"{"a": 1}"#)),
        (
            "missed_path_on_error",
            "failed",
            format!("{}, exits = [\"4xx\"] }}", &mapped[..mapped.len() - 2]),
            json(404, r#"{"a": 1}"#),
        ),
        ("number_from_text", "miss", mapped.into(), json(200, r#"{"a": 1, "n": "5"}"#)),
        ("no_content", "default", mapped.into(), json(204, "")),
        ("xml_attributes", "keep", of_xml("r.a.@id"), xml("<r><a id='1'/></r>")),
        ("xml_prefixes", "drop", of_xml("r.a"), xml("<r xmlns:x='u'><x:a>1</x:a></r>")),
        ("xml_siblings", "always-list", of_xml("r.a[0]"), xml("<r><a>1</a></r>")),
    ] {
        let default = DIALECT.assumptions.iter().find(|known| known.name == name).expect("an assumption").default;
        let (one, met) = outcome(&action, &reply);
        let (two, other_met) = outcome(&format!("{action}\n[assume]\n{name} = \"{other}\""), &reply);
        let shown = |outcome: &Outcome| (outcome.exit.clone(), stored(outcome));
        assert_ne!(shown(&one), shown(&two), "{name}");
        assert!(met.contains(&format!("{name}={default}")), "{name}: {met:?}");
        assert!(other_met.contains(&format!("{name}={other}")), "{name}: {other_met:?}");
    }
}

/// Whatever is listed, and whatever else is chosen.
#[test]
fn a_redirect_that_fails_does_so_everywhere() {
    for exits in ["[]", "[\"4xx\"]", "[\"302\"]", "[\"3xx\", \"302\"]"] {
        let action =
            |assume: &str| format!("response = {{ exits = {exits} }}\n[assume]\nunlisted_status = \"default\"\n{assume}");
        let (failed, met) = outcome(&action("redirect_exit = \"failed\""), &json_reply(302, ""));
        assert_eq!((failed.exit.as_str(), met), ("failed", vec!["redirect_exit=failed".to_string()]), "{exits}");
        let (taken, met) = outcome(&action(""), &json_reply(302, ""));
        assert!(taken.exit != "failed" && met.contains(&"redirect_exit=by-status".into()), "{exits}: {met:?}");
    }
}

#[test]
fn an_asynchronous_node_whose_request_is_not_sent() {
    let exit = |assume: &str, kind: ErrorKind| {
        let spec = node(&format!("method = \"GET\"\nurl = \"https://a.example\"\nasync = true\n{assume}"));
        let (plan, record) = (spec.plan.as_ref().expect("a plan"), Record::default());
        let outcome = of_failure(plan, &Failure::new(kind, "no"), &record);
        (outcome.exit, plan.assumptions.report(&record.occurred.borrow()))
    };
    let other = "[assume]\nasync_exit = \"failed-when-not-sent\"";
    assert_eq!(exit("", ErrorKind::ConnectionRefused), ("default".into(), vec!["async_exit=default".into()]));
    assert_eq!(exit(other, ErrorKind::ConnectionRefused).0, "failed");
    assert_eq!(exit(other, ErrorKind::Timeout).0, "default", "the request was sent");
}

/// A test for each: those of the two lists, and the asynchronous one.
#[test]
fn every_open_point_has_a_test() {
    let text = include_str!("vonage.rs");
    let missing: Vec<&str> =
        DIALECT.assumptions.iter().map(|known| known.name).filter(|name| !text.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn an_open_point_is_reported_only_where_it_comes_up() {
    let spec = node("method = \"GET\"\nurl = \"https://a.example/$A\"\nquery = { a = \"$A\" }\nheaders = { X-A = \"$A\" }");
    assert_eq!(exchange(&spec, &[("A", "plain".into())]).assumptions, [""; 0]);
    let (_, met) = outcome("response = { mapping = { A = \"a\" }, exits = [\"404\"] }", &json_reply(200, r#"{"a":1}"#));
    assert_eq!(met, [""; 0]);
    let (_, met) = outcome("response = { type = \"xml\", mapping = { A = \"r.a\" } }", &json_reply(200, "<r><a>1</a></r>"));
    assert_eq!(met, [""; 0]);
}

#[test]
fn replies_of_xml() {
    let found = |path: &str, reply: &str| {
        let action = format!("response = {{ type = \"xml\", mapping = {{ A = {} }} }}", toml_string(path));
        let (outcome, _) = outcome(&action, &json_reply(200, reply));
        stored(&outcome)["A"].clone()
    };
    let notes = "<notes><note><to> Mia </to></note><note><to>Leo</to></note></notes>";
    assert_eq!(found("notes.note[1].to", notes), json!("Leo"));
    assert_eq!(found("notes['note'][0]['to']", notes), json!("Mia"));
    assert_eq!(found("$.notes.note.0.to", notes), json!("Mia"));
    assert_eq!(found("notes.note.to", notes), json!(null));
    assert_eq!(found("a", "<a>&lt;b&gt; &amp; &#233;<![CDATA[ <c> ]]></a>"), json!("<b> & é <c>"));
    assert_eq!(found("s:E.s:B", "<s:E xmlns:s='u'><s:B>1</s:B></s:E>"), json!("1"));
}

#[test]
fn a_found_null_is_stored_and_is_no_number() {
    let of = |path: &str| outcome(&format!("response = {{ mapping = {{ {path} }} }}"), &json_reply(200, r#"{"a": null}"#)).0;
    assert_eq!((of("A = \"a\"").exit.as_str(), stored(&of("A = \"a\""))), ("default", json!({"A": null})));
    assert_eq!(of("N = \"a\"").exit, "failed");
}

#[test]
fn a_secret_parameter_is_masked_wherever_it_is_shown() {
    const SECRET: &str = "k-4f9a8b7c6d";
    let action = "method = \"POST\"\nurl = \"https://a.example/$S\"\nbody = { type = \"json\", content = '{\"k\":\"$S\"}' }";
    let shown = exchange(&node(action), &[("S", SECRET.into())]);
    let request = shown.request.as_ref().expect("a request");
    assert!(request.url.reveal().ends_with(SECRET) && !request.url.masked().contains(SECRET));
    assert!(!format!("{shown:?}").contains(SECRET));

    let spec = node("method = \"GET\"\nurl = \"https://a.example\"\nresponse = { mapping = { S = \"pin\", N = \"gone\" } }");
    let (plan, record) = (spec.plan.as_ref().expect("a plan"), Record::default());
    let outcome = of_reply(plan, &json_reply(200, format!("{{\"pin\": \"{SECRET}\"}}")), &Given::default(), &record);
    assert_eq!(outcome.exit, "failed");
    let echoed = record.secrets.borrow().mask(&format!("the reply was {SECRET}"));
    assert!(!echoed.contains(SECRET), "what is not stored is masked all the same");
}

/// A frame shows the line of a finding, and whatever stands beside it.
#[test]
fn what_a_case_records_for_a_secret_is_shown_in_no_frame() {
    let text = concat!(
        "dialect = \"vonage\"\n[action]\nmethod = \"GET\"\nurl = \"https://a.example\"\n",
        "response = { mapping = { PIN = \"$[0].pin\" } }\n[parameters]\nPIN = { entity = \"sys.any\", secret = true }\n",
        "[[case]]\nname = \"one\"\nreply = { statuss = 200, json = [{ pin = \"k-4f9a8b7c6d\" }] }\n",
        "[[case]]\nname = \"two\"\nreply = { statuss = 200, body = '[{\"pin\": \"k-4f9a8b7c6d\"}]' }\n",
        "given.parametres = { PIN = 1 }\n",
    );
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("node.toml"), text).expect("a spec");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hookwright"));
    let output = command.args(["lint", "node.toml"]).current_dir(folder.path()).output().expect("the program");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(shown.contains("statuss = 200, json") && shown.contains("statuss = 200, body"), "{shown}");
    assert!(!shown.contains("4f9a8b7c6d"), "{shown}");
}

#[test]
fn huge_and_deep_inputs_end() {
    let many = "$A".repeat(200_000);
    let sent = body(&format!("body = {{ type = \"text\", content = \"{many}\" }}"), &[("A", "x".into())]).expect("a body");
    assert_eq!(sent.len(), 200_000);
    let deep = "[".repeat(100_000);
    let spec =
        node(&format!("method = \"POST\"\nurl = \"https://a.example\"\nbody = {{ type = \"json\", content = \"{deep}\" }}"));
    assert!(exchange(&spec, &[]).error.is_none(), "it is sent as it is");
    let (outcome, _) = outcome("response = { mapping = { A = \"a\" } }", &json_reply(200, deep));
    assert_eq!(outcome.exit, "failed");
    let big = "x".repeat(70 << 20);
    let refused = body(r#"body = { type = "text", content = "$A" }"#, &[("A", big.into())]);
    assert_eq!(refused, Err("invalid-body"));
}

#[test]
fn a_spec_without_anything_has_findings_and_no_panic() {
    for text in [
        "dialect = \"vonage\"",
        "dialect = \"vonage\"\naction = 1\nparameters = 2",
        "dialect = \"vonage\"\n[action]\n[parameters]",
        "dialect = \"vonage\"\n[action]\nmethod = \"GET\"\nurl = \"\"\nquery = {}\nheaders = {}\nbody = {}\nsigning = {}\nresponse = {}",
        "dialect = \"vonage\"\n[action]\nmethod = \"GET\"\nurl = \"https://a.example\"\nquery = 1\nheaders = [1]\nbody = []\nsigning = \"\"\nresponse = { mapping = [], exits = {}, status_parameter = 1 }\n[parameters]\nA = 1\nB = {}\nC = \"\"",
    ] {
        let sources = Sources::in_memory();
        sources.add("specs/node.toml", text);
        let spec = compile("specs/node.toml", &Manifest::default(), &sources).expect("a text");
        assert!(!spec.diagnostics.is_empty() && spec.not_runnable.is_some(), "{text}");
    }
}

#[test]
fn the_answer_of_a_case_is_not_read_for_another_dialect() {
    let spec = node("method = \"GET\"\nurl = \"https://a.example\"");
    assert!(matches!(spec.cases[0].answer, Answer::Unspecified));
    let other = compile_text(
        "[action]\nname = \"a\"\nmethod = \"GET\"\nurl = \"https://a.example/$A\"\n[parameters]\nA = \"sys.any\"",
    );
    assert!(other.diagnostics.iter().any(|found| found.lint.name == "unknown-key"), "a key of another dialect");
}

fn compile_text(text: &str) -> Spec {
    let sources = Sources::in_memory();
    sources.add("specs/other.toml", text);
    compile("specs/other.toml", &Manifest::default(), &sources).expect("a text")
}
