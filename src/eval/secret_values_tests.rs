use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};

use super::SecretValues;
use crate::value::MASK;

fn net(value: &str) -> SecretValues {
    let mut net = SecretValues::default();
    net.insert(value);
    net
}

#[test]
fn a_reply_may_echo_a_secret_in_another_spelling() {
    let mut secrets = SecretValues::default();
    secrets.insert("a\"b/c d");
    let echo = r#"{"json":"a\"b/c d","php":"a\"b\/c d","url":"a%22b%2Fc%20d","form":"a%22b%2Fc+d"}"#;
    assert_eq!(secrets.mask(echo), format!(r#"{{"json":"{0}","php":"{0}","url":"{0}","form":"{0}"}}"#, MASK));
}

#[test]
fn the_net_masks_long_values_first_and_ignores_short_ones() {
    let mut secrets = SecretValues::default();
    for value in ["abcd", "abcdef", "abc"] {
        secrets.insert(value);
    }
    assert_eq!(secrets.mask("x abcdef abcd abc"), format!("x {0} {0} abc", MASK));
    assert_eq!(format!("{secrets:?}"), "6 secret texts");
}

#[test]
fn a_value_is_found_however_a_reply_echoes_it() {
    let mut secrets = SecretValues::default();
    secrets.insert("pä/ß \"w\"");
    for echo in [
        r#"pä/ß \"w\""#,
        r#"pä\/ß \"w\""#,
        r#"p\u00e4/\u00df \"w\""#,
        r#"p\u00e4\/\u00df \"w\""#,
        "p%C3%A4%2F%C3%9F%20%22w%22",
        "p%c3%a4%2f%c3%9f%20%22w%22",
        "p%C3%A4%2F%C3%9F+%22w%22",
        "cMOkL8OfICJ3Ig",
    ] {
        assert_eq!(secrets.mask(&format!("<{echo}>")), format!("<{}>", MASK), "{echo}");
    }
}

#[test]
fn a_value_is_found_inside_a_longer_base64_text() {
    for value in ["k-12345", "s3cr3t!?", "\u{3fe}\u{3ff}>>>???", "0123456789"] {
        for before in ["", "i", "id", "id:", "client:"] {
            for behind in ["", "x", "xy", "xyz"] {
                for engine in [&STANDARD, &URL_SAFE, &STANDARD_NO_PAD] {
                    let whole = engine.encode(format!("{before}{value}{behind}"));
                    for echo in [whole.replace('/', "\\/"), whole.replace('/', "%2F").replace('+', "%2B"), whole] {
                        let masked = net(value).mask(&format!("Basic {echo}"));
                        assert!(masked.contains(MASK), "{before}{value}{behind}: {masked}");
                        let left: String = masked.replace(MASK, "").chars().skip("Basic ".len()).collect();
                        let of_others = engine.encode(format!("{before}{behind}")).len() + 2 * 4;
                        assert!(left.len() <= of_others, "{before}{value}{behind}: {masked}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_value_is_found_in_every_mixture_of_escapes() {
    let value = "pa&ss<word>/x=\"q\"+'é\\ z";
    for echo in [
        r#"pa\u0026ss\u003Cword\u003e\/x\u003d\u0022q\"\u002b\u0027\u00E9\\ z"#,
        r#"pa&ss<word>/x=\\\"q\\\"+'é\\\\ z"#,
        r#"pa\\u0026ss<word>\\/x=\\\"q\\\"+'\\u00e9\\\\ z"#,
        "pa&ss%3Cword%3E/x=%22q%22+'%C3%A9%5C%20z",
        "pa%26ss%3cword%3e/x=%22q%22%2B'%C3%A9%5C+z",
        "pa%2526ss%253Cword%253E%252Fx%253D%2522q%2522%252B%2527%25C3%25A9%255C%2520z",
        "pa&#x26;ss&#x3C;word&#x3e;&#x2F;x&#x3D;&#34;q&quot;&#43;&#039;&#xe9;\\&#32;z",
        "pa&amp;amp;ss&amp;lt;word&amp;gt;/x=&amp;quot;q&amp;quot;+&amp;#39;é\\ z",
        "pa&ss%3Cword%3E/x=%22q%22+'%E9%5C%20z",
    ] {
        assert_eq!(net(value).mask(&format!("<%41 {echo} &amp;>")), format!("<%41 {MASK} &amp;>"), "{echo}");
    }
}

#[test]
fn a_value_that_looks_escaped_is_found_escaped() {
    for (value, echo) in [
        (r#"a%41b"c"#, r#"a%41b\u0022c"#),
        (r#"x\"y&amp;z"#, r#"x\\\u0022y&amp;z"#),
        ("p%2541q", "p%252541q"),
        ("p&amp;q", "p&#38;amp;q"),
    ] {
        assert_eq!(net(value).mask(&format!("[{echo}]")), format!("[{MASK}]"), "{value}");
    }
}

#[test]
fn folded_base64_is_found() {
    let value = "a long secret that fills more than a line";
    let whole = STANDARD.encode(format!("client:{value}:rest"));
    for fold in ["\r\n", "\n", "\r\n ", "\\r\\n", "\\n"] {
        let folded: Vec<&str> = whole.as_bytes().chunks(16).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
        let masked = net(value).mask(&folded.join(fold));
        assert!(masked.starts_with("Y2xpZW50O") && masked.len() < 50, "{masked}");
    }
}

#[test]
fn escapes_without_end_take_no_time() {
    let net = net("a\"b&c/d e");
    for text in
        ["\\".repeat(1 << 20), "%25".repeat(1 << 18), "\0".repeat(1 << 20), "&amp;".repeat(1 << 18), "\n".repeat(1 << 20)]
    {
        assert_eq!(net.mask(&text), text);
    }
}

#[test]
fn no_bit_of_a_value_is_left_beside_the_mask() {
    let both = ["aaaaaaa", "bbbbbbb"].map(|value| {
        let echo = STANDARD.encode(format!("client:{value}:rest"));
        net(value).mask(&echo)
    });
    assert_eq!(both[0], both[1]);
    assert!(both[0].starts_with("Y2xpZW50O") && both[0].contains(MASK), "{}", both[0]);
}

#[test]
fn a_value_is_found_where_its_charset_was_mistaken() {
    let value = "clé-sécrète \"1\"";
    let (latin, utf_16): (Vec<u8>, Vec<u16>) =
        (value.chars().map(|one| one as u8).collect(), value.encode_utf16().collect());
    let little: Vec<u8> = utf_16.iter().copied().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = utf_16.iter().copied().flat_map(u16::to_be_bytes).collect();
    for echo in [
        "clÃ©-sÃ©crÃ¨te \"1\"".to_string(),
        r#"cl\u00c3\u00a9-s\u00c3\u00a9cr\u00c3\u00a8te \"1\""#.into(),
        "cl%u00E9-s%u00e9cr%u00E8te%20%221%22".into(),
        String::from_utf8_lossy(&latin).into_owned(),
        String::from_utf8_lossy(&little).into_owned(),
        String::from_utf8_lossy(&big).trim_start_matches('\0').into(),
    ] {
        let shown = net(value).mask(&format!("<{echo}>")).replace('\0', "");
        assert_eq!(shown, format!("<{MASK}>"), "{echo:?}");
    }
    // Where the two charsets differ, the euro sign and quotation marks are.
    for (value, echo) in [("à€“pass”", "Ã\u{a0}â‚¬â€œpassâ€\u{9d}"), ("à€“pass”", "\u{fffd}\u{fffd}\u{fffd}pass\u{fffd}")]
    {
        assert_eq!(net(value).mask(&format!("<{echo}>")), format!("<{MASK}>"), "{echo:?}");
    }
}

#[test]
fn a_plain_value_is_found_in_utf_16_with_escapes() {
    let echo: Vec<u8> = r#"{"a":"k-\"1\u002f2"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let shown = net("k-\"1/2").mask(&String::from_utf8_lossy(&echo)).replace('\0', "");
    assert_eq!(shown, format!(r#"{{"a":"{MASK}"}}"#));
}

#[test]
fn other_codings() {
    let value = "<p>'é&\"+";
    for echo in [
        "&lt;p&gt;&#039;é&amp;&quot;+",
        "&lt;p&gt;'é&amp;\"+",
        "&lt;p&gt;&#x27;é&amp;&quot;+",
        "&lt;p&gt;&#39;é&amp;&#34;+",
        "&lt;p&gt;&apos;é&amp;&quot;+",
        "3c703e27c3a926222b",
        "3C703E27C3A926222B",
        r#"\u003cp\u003e'é\u0026\"+"#,
        r#"\u003Cp\u003E\u0027\u00E9\u0026\u0022\u002B"#,
        r#"<p>'\u00E9&\"+"#,
    ] {
        assert_eq!(net(value).mask(&format!("[{echo}]")), format!("[{MASK}]"), "{echo}");
    }
}

proptest::proptest! {
    #[test]
    fn masking_never_panics(value in "\\PC{0,12}", text in "\\PC{0,40}", before in 0usize..3) {
        let net = net(&value);
        let echo = STANDARD.encode(format!("{}{value}{text}", "é".repeat(before)));
        let masked = net.mask(&format!("{text}{echo}{text}{value}"));
        proptest::prop_assert!(value.len() < SecretValues::SHORTEST || !masked.contains(&value) || MASK.contains(&value));
    }
}
