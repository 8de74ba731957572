//! Nothing that a value holds gets out of the place that it stands in.

use hookwright::selector::xml;
use hookwright::value::Json;
use proptest::prelude::*;
use serde_json::json;

use super::{body, hostile, request};
use crate::support::{header, toml_string};

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
