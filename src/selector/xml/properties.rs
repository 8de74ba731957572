//! Documents against a model: a tree is written as XML, and must be read as the JSON that the rules make of the tree.

use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use super::document;

#[derive(Clone, Debug)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

fn element() -> impl Strategy<Value = Element> {
    let name = prop_oneof!["[a-c]", "n:[a-b]", "[_é][a.-]{0,2}"];
    let text = "[ \\n<>&'\"a-cé\\]0]{0,6}";
    let leaf = (name.clone(), text).prop_map(|(name, text)| Element { name, text, children: Vec::new() });
    leaf.prop_recursive(4, 30, 4, move |inner| {
        (name.clone(), text, proptest::collection::vec(inner, 0..5)).prop_map(|(name, text, children)| Element {
            name,
            text,
            children,
        })
    })
}

fn write(element: &Element, spelling: usize, out: &mut String) {
    let escaped = element.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&#62;");
    let text = match spelling % 3 {
        0 => escaped,
        1 => format!("<![CDATA[{}]]>", element.text.replace("]]>", "]]]]><![CDATA[>")),
        _ => escaped.replace("&amp;", "&#38;<!-- <b> -->"),
    };
    *out += &format!("<{} id='<'>", element.name).replace("'<'", "'>&lt;'");
    *out += &text;
    element.children.iter().enumerate().for_each(|(index, child)| write(child, spelling + index, out));
    *out += &format!("</{} >", element.name);
}

fn model(element: &Element) -> Json {
    let text = element.text.trim_matches([' ', '\n']);
    if element.children.is_empty() {
        return Json::from(text);
    }
    let mut object = Map::new();
    for child in &element.children {
        let same: Vec<Json> = element.children.iter().filter(|other| other.name == child.name).map(model).collect();
        object.insert(child.name.clone(), if same.len() == 1 { same[0].clone() } else { Json::Array(same) });
    }
    if !text.is_empty() {
        object.insert("#text".to_string(), Json::from(text));
    }
    Json::Object(object)
}

proptest! {
    #[test]
    fn any_bytes_are_a_document_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = document(&bytes);
    }

    #[test]
    fn any_pieces_of_xml_are_a_document_or_refused(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("<a>"), Just("</a>"), Just("<a/>"), Just("<a b='"), Just("'"), Just("\""), Just(">"), Just("<"), Just("&"),
                Just("&amp;"), Just("&#"), Just("<![CDATA["), Just("]]>"), Just("<!--"), Just("-->"), Just("<?xml version='1.0'"),
                Just(" encoding='"), Just("utf-16"), Just("?>"), Just("xmlns:a='b'"), Just("\r\n"), Just("é"), Just("<!DOCTYPE a["),
            ],
            0..20,
        )
    ) {
        let text = pieces.concat();
        if let Err(problem) = document(text.as_bytes()) {
            prop_assert!(!problem.message.is_empty());
        }
    }

    #[test]
    fn a_tree_is_read_as_it_was_written(element in element(), spelling in 0..3_usize) {
        let mut text = String::new();
        write(&element, spelling, &mut text);
        let text = format!("<root xmlns:n='urn:n'>{text}</root>");
        let read = document(text.as_bytes()).map_err(|problem| TestCaseError::fail(format!("{problem}: {text}")))?;
        prop_assert_eq!(&read["root"][&element.name], &model(&element), "{}", text);
    }
}
