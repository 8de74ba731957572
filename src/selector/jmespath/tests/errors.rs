//! What is refused, where, and in which words.

use super::super::{Expression, SyntaxErrorKind};

/// Checks the text an error points at and its message.
#[track_caller]
fn check(cases: &[(&str, &str, &str)]) {
    for (expression, place, message) in cases {
        let error = Expression::compile(expression).unwrap_err();
        let found = &expression[error.start..error.end];
        assert_eq!((found, error.message.as_str()), (*place, *message), "{expression}");
    }
}

#[test]
fn faults_of_characters() {
    check(&[
        ("a = b", "=", "`=` is not an operator, did you mean `==`?"),
        ("a.é", "é", "unexpected character `é`; other names need double quotes"),
        ("a.b-c", "-", "`-` must be followed by a number other than zero"),
        ("a[-0]", "-", "`-` must be followed by a number other than zero"),
        ("a[-²]", "-", "`-` must be followed by a number other than zero"),
        ("a[99999999999]", "99999999999", "the number `99999999999` is too large"),
        ("a\u{0}", "\u{0}", "unexpected character U+0000"),
        ("a 'b", "'b", "the string that starts here is never closed"),
        ("a.\"b", "\"b", "the quoted name that starts here is never closed"),
        ("a == `b", "`b", "the literal that starts here is never closed"),
        ("é == `b` ", "é", "unexpected character `é`; other names need double quotes"),
        ("a == `é`", "`é`", "the literal `é` is not JSON; a string is written `'text'`"),
        ("\"\\x\"", "\"\\x\"", "`\"\\x\"` is not a name with the escapes of JSON"),
        ("'\\", "'\\", "the string that starts here is never closed"),
    ]);
}

#[test]
fn faults_of_structure() {
    check(&[
        ("", "", "the expression is empty"),
        (" ", "", "the expression is empty"),
        ("a.", "", "expected a name, `*`, `[` or `{` after `.`, found the end of the expression"),
        ("a.'b'", "'b'", "expected a name, `*`, `[` or `{` after `.`, found `'b'`"),
        ("a..b", ".", "expected a name, `*`, `[` or `{` after `.`, found `.`"),
        ("(a", "", "expected `)`, found the end of the expression"),
        ("a)", ")", "unexpected `)`"),
        ("a[b]", "b", "expected a number, `:` or `*` after `[`, found `b`"),
        ("a[?b", "", "expected `]`, found the end of the expression"),
        ("a[0", "", "expected `:` or `]`, found the end of the expression"),
        ("a[0:1:2:3]", ":", "expected a number or `]`, found `:`"),
        ("{a}", "}", "expected `:` after the key, found `}`"),
        ("{a: b,}", "}", "expected a key, found `}`"),
        ("{a: b", "", "expected `}` or `,`, found the end of the expression"),
        ("[a,]", "]", "expected an expression after `,`, found `]`"),
        ("\"a\"(b)", "(", "only the name of a function may stand before `(`"),
        ("a || ", "", "the expression ends too early"),
        ("'é' || |", "|", "unexpected `|`"),
        ("a b", "b", "expected an operator or `,` before `b`"),
    ]);
}

#[test]
fn faults_that_the_crate_lets_pass() {
    check(&[
        ("[a b]", "b", "expected an operator or `,` before `b`"),
        ("abs(a 'b')", "'b'", "expected an operator or `,` before `'b'`"),
        ("[ ]", "]", "expected an expression between `[` and `]`"),
        ("(abs)(a)", "(", "only the name of a function may stand before `(`"),
        ("&a", "&", "`&` may only stand before an argument of a function"),
        ("[&a]", "&", "`&` may only stand before an argument of a function"),
        ("a.&b", "&", "`&` may only stand before an argument of a function"),
        ("map((&a), b)", "&", "`&` may only stand before an argument of a function"),
        ("map(a || &b, c)", "&", "`&` may only stand before an argument of a function"),
        ("[?&a]", "&", "`&` may only stand before an argument of a function"),
    ]);
}

#[test]
fn a_slice_needs_a_step() {
    let text = "a['x', b[1:2:0]]";
    let text = text.trim_start_matches('a');
    let error = Expression::compile(text).unwrap_err();
    assert_eq!(&text[error.start..error.end], "[1:2:0]");
    assert_eq!(error.kind, SyntaxErrorKind::InvalidValue);
    assert_eq!(error.to_string(), "the step of a slice cannot be 0");
}

#[test]
fn long_text_is_shortened() {
    let text = format!("a == `{}`", "é".repeat(100));
    let message = Expression::compile(&text).unwrap_err().message;
    let expected = format!("the literal `{}…` is not JSON; a string is written `'text'`", "é".repeat(40));
    assert_eq!(message, expected);
}
