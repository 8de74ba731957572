//! What becomes of documents, and which are refused.

use serde_json::{Value as Json, json};

use super::{Extras, MAX_DEPTH, Style, document, document_in, extras, styled_document};
use crate::selector::Selector;
use crate::selector::object_path::ObjectPath;

fn tree(text: &str) -> Json {
    document(text.as_bytes()).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

#[test]
fn paths_begin_with_the_root_element() {
    let reply = tree("<?xml version='1.0'?><note id='7'>\n <to> Tove </to><from><![CDATA[J & <a>]]></from><x/></note>");
    assert_eq!(reply, json!({"note": {"to": "Tove", "from": "J & <a>", "x": ""}}));
    for (path, value) in [("note.to", "Tove"), ("note['from']", "J & <a>"), ("$.note.x", "")] {
        let path = ObjectPath::compile(path).expect("a path");
        assert_eq!(path.find(&reply), Ok(Some(json!(value))));
    }
    let attribute = ObjectPath::compile("note.@id").expect("a path");
    assert_eq!(attribute.find(&reply), Ok(None));
}

#[test]
fn several_of_one_name_are_a_list_and_one_is_not() {
    let reply = tree("<l><i>1</i><other/><i><n>2</n></i><i>3</i></l>");
    assert_eq!(reply, json!({"l": {"i": ["1", {"n": "2"}, "3"], "other": ""}}));
    assert_eq!(tree("<l><i>1</i></l>"), json!({"l": {"i": "1"}}));
}

#[test]
fn prefixes_stay_and_text_beside_elements_has_a_key() {
    let soap = "<s:Envelope xmlns:s='urn:s'><s:Body>a<b>x</b> c<!-- no --><?no?></s:Body></s:Envelope>";
    assert_eq!(tree(soap), json!({"s:Envelope": {"s:Body": {"b": "x", "#text": "a c"}}}));
    assert_eq!(tree("<a\n>&lt;&#65;&#x42;&amp;&quot;&apos;</a>"), json!({"a": "<AB&\"'"}));
    assert_eq!(tree("<a>a<!-- b -->c</a>"), json!({"a": "ac"}));
}

#[test]
fn the_declared_encoding_is_read() {
    let latin = b"<?xml version=\"1.0\" encoding='ISO-8859-1'?><a>\xe9</a>";
    assert_eq!(document(latin), Ok(json!({"a": "é"})));
    assert_eq!(document(b"<?xml version='1.0' encoding=\"Shift_JIS\"?><a>\x83e</a>"), Ok(json!({"a": "テ"})));
    let utf16 = |mark: &[u8], unit: fn(u16) -> [u8; 2]| {
        let text = "<?xml version='1.0' encoding='UTF-16'?><a>é</a>";
        [mark, &text.encode_utf16().flat_map(unit).collect::<Vec<u8>>()].concat()
    };
    for bytes in [
        utf16(b"\xff\xfe", u16::to_le_bytes),
        utf16(b"\xfe\xff", u16::to_be_bytes),
        utf16(b"", u16::to_le_bytes),
        utf16(b"", u16::to_be_bytes),
        "\u{feff}<a>é</a>".as_bytes().to_vec(),
    ] {
        assert_eq!(document(&bytes), Ok(json!({"a": "é"})));
    }
    assert_eq!(document_in(b"<a>\xe9</a>", Some("windows-1252")), Ok(json!({"a": "é"})));
    assert_eq!(document_in("\u{feff}<a>é</a>".as_bytes(), Some("windows-1252")), Ok(json!({"a": "é"})));
}

#[test]
fn refusals_say_why_and_where() {
    let deep = "<a>".repeat(MAX_DEPTH + 1);
    let attributes: String = (0..300).map(|number| format!(" a{number}='1'")).collect();
    let namespaces: String = (0..200).map(|number| format!(" xmlns:n{number}='u'")).collect();
    let texts: Vec<Vec<u8>> = [
        "",
        " ",
        "text",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>x",
        " <?xml version='1.0'?><a/>",
        "<a b='1' b='2'/>",
        "<a b=1/>",
        "<a b='<'/>",
        "<a>&</a>",
        "<a>&x y;</a>",
        "<a>\n&xxe;</a>",
        "<a>&nbsp;</a>",
        "<a>&#0;</a>",
        "<a>]]></a>",
        "<a><!-- -- --></a>",
        "<a>\u{1}</a>",
        "<1/>",
        "<a",
        "<a><![CDATA[x</a>",
        "<p:a/>",
        "<a>&#xFFFF;</a>",
        "<a>&#xD800;</a>",
        "<a b='&#56320;'/>",
        "<a b='&#xFFFE;'/>",
        "<a><?XML x?></a>",
        "<?xml?><a/>",
        "<?xml version='2.0'?><a/>",
        "<?xml version='1.0' standalone='Yes'?><a/>",
        "<?xml version='1.0'",
        "<!DOCTYPE a><a/>",
        "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<?xml version='1.0' encoding='UTF-16'?><a/>",
        "<?xml version='1.0' encoding='IBM037'?><a/>",
        &deep,
        &format!("<a{attributes}/>"),
        &format!("<a{namespaces}><b{}/></a>", namespaces.replace(":n", ":m")),
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .chain([b"<a>\xff</a>".to_vec(), b"<?xml version='1.0' encoding='utf-8'?><a>\xe9</a>".to_vec()])
    .collect();
    let told: Vec<String> = texts
        .iter()
        .map(|bytes| {
            let shown: String = String::from_utf8_lossy(bytes).escape_debug().take(60).collect();
            format!("{shown}\n    {}", document(bytes).expect_err(&shown))
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
#[allow(clippy::disallowed_methods, reason = "that it ends in time is what is tested")]
fn hostile_documents_cost_little() {
    let started = std::time::Instant::now();
    let declaring = "<b xmlns:x='u'/>".repeat(100_000);
    let scope: String = (0..250).map(|number| format!(" xmlns:n{number}='u'")).collect();
    let attributes: String = (0..250).map(|number| format!(" a{number}='1'")).collect();
    let hostile = [
        format!("<a{}/>", "=".repeat(4 << 20)),
        format!("<a{scope}>{declaring}</a>"),
        format!("<a>{}</a>", format!("<b{attributes}/>").repeat(300)),
        "<".repeat(4 << 20),
        "<a>".repeat(1 << 20),
        format!("<a>{}</a>", "<b/>".repeat(1 << 20)),
        format!("<a>{}", "&amp;".repeat(1 << 20)),
        format!("<a>{}</a>", "\r".repeat(1 << 20)),
        "x".repeat(17 << 20),
    ];
    for text in &hostile {
        // Refused or not: it must end.
        let _ = document(text.as_bytes());
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    let wide = tree(&format!("<a>{}</a>", "<b/>".repeat(100_000)));
    assert_eq!(wide["a"]["b"].as_array().map(Vec::len), Some(100_000));
}

#[test]
fn other_styles_of_a_tree() {
    let bytes = b"<r xmlns:s='u'><s:a id='7'>one</s:a><b/><b>2</b></r>";
    let styled = |style: Style| styled_document(bytes, None, style).expect("XML");
    let plain = Style::default();
    assert_eq!(styled(plain), json!({"r": {"s:a": "one", "b": ["", "2"]}}));
    let kept = styled(Style { keeps_attributes: true, ..plain });
    assert_eq!(kept["r"]["s:a"], json!({"@id": "7", "#text": "one"}));
    assert_eq!(styled(Style { drops_prefixes: true, ..plain })["r"]["a"], json!("one"));
    assert_eq!(styled(Style { always_lists: true, ..plain }), json!({"r": {"s:a": ["one"], "b": ["", "2"]}}));
    assert_eq!(extras(bytes, None), Extras { has_attributes: true, has_prefixes: true });
    for bytes in [b"<r><a>1</a></r>".as_slice(), b"<r", b"\xff"] {
        assert_eq!(extras(bytes, None), Extras::default());
    }
}
