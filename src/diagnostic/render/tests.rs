use proptest::prelude::*;

use super::*;
use crate::diagnostic::Lint;
use crate::source::HiddenTexts;

static UNKNOWN_FILTER: Lint =
    Lint { name: "unknown-filter", severity: Severity::Error, summary: "a filter that does not exist", page: "" };

const SPEC: &str = "[action]\nname = \"a\"\nurl = \"https://example.com/{name | upper}\"\n";

fn drawn(diagnostic: &Diagnostic, sources: &Sources) -> String {
    format!("\n{}", Frames::PLAIN.render(diagnostic, sources))
}

#[test]
fn a_finding_with_a_guess() {
    let sources = Sources::in_memory();
    let file = sources.add("specs/a.toml", SPEC);
    let span = Span::new(file, 55, 60);
    let finding = Diagnostic::new(&UNKNOWN_FILTER, span, "no filter named `upper`").suggest("upper", ["uppercase"], span);
    assert_eq!(
        drawn(&finding, &sources),
        r#"
error[unknown-filter]: no filter named `upper`
 --> specs/a.toml:3:36
  |
3 | url = "https://example.com/{name | upper}"
  |                                    ^^^^^
  |
help: did you mean `uppercase`?
  |
3 | url = "https://example.com/{name | uppercase}"
  |                                         ++++
"#
    );
}

#[test]
fn related_places_in_this_and_other_files_and_plain_help() {
    let sources = Sources::in_memory();
    let file = sources.add("specs/a.toml", SPEC);
    let manifest = sources.add("hookwright.toml", "\n\n[attributes]\nname = \"int\"\n");
    let mut finding = Diagnostic::new(&UNKNOWN_FILTER, Span::new(file, 55, 60), "no filter named `upper`")
        .related(Span::new(file, 9, 13), "the action is named here")
        .related(Span::new(manifest, 15, 27), "`name` is declared here")
        .help("the platform skips it");
    finding.severity = Severity::Warning;
    assert_eq!(
        drawn(&finding, &sources),
        r#"
warning[unknown-filter]: no filter named `upper`
 --> specs/a.toml:3:36
  |
2 | name = "a"
  | ---- the action is named here
3 | url = "https://example.com/{name | upper}"
  |                                    ^^^^^
  |
 ::: hookwright.toml:4:1
  |
4 | name = "int"
  | ------------ `name` is declared here
  |
  = help: the platform skips it
"#
    );
}

#[test]
fn masked_and_cut_lines_keep_their_true_place() {
    let sources = Sources::in_memory();
    let text = format!("key = \"k-12345\" # {} {{name | upper}} {}", "x".repeat(3000), "y".repeat(3000));
    let at = text.find("upper").unwrap_or(0);
    let file = sources.add("a.toml", &text);
    let secrets = HiddenTexts::from_iter(["k-12345".to_string()]);
    let frames = Frames { color: false, width: 60, secrets: Some(&secrets) };
    let frame =
        frames.render(&Diagnostic::new(&UNKNOWN_FILTER, Span::new(file, at, at + 5), "no `upper` near k-12345"), &sources);
    assert!(frame.contains(&format!("--> a.toml:1:{}\n", at + 1)), "{frame}");
    assert!(frame.contains(&format!("no `upper` near {MASK}")) && !frame.contains("k-12345"), "{frame}");
    assert!(frame.lines().all(|line| line.chars().count() <= 60), "{frame}");
}

#[test]
fn hidden_places_are_masked_in_lines_messages_and_patches() {
    let sources = Sources::in_memory();
    let file = sources.add("a.toml", "api_key = \"abc\\\"def\"\n");
    sources.file(file).hide(11..19);
    let mut finding = Diagnostic::new(&UNKNOWN_FILTER, Span::new(file, 0, 7), "`abc\\\"def` is odd");
    finding.fix = Some(Fix {
        title: "write `abc\\\"def`".into(),
        safe: false,
        edits: vec![Edit { span: Span::new(file, 12, 14), text: "abc\\\"def".into() }],
    });
    let frame = drawn(&finding, &sources);
    assert!(!frame.contains("abc") && !frame.contains("def") && frame.contains(MASK), "{frame}");
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let sources = Sources::in_memory();
    let file = sources.add("\u{1b}[2J.toml", "a = \u{1b}[31m\u{9b}1m\n");
    let finding = Diagnostic::new(&UNKNOWN_FILTER, Span::new(file, 0, 1), "odd \u{1b}[31m").help("\u{9d}8;;x");
    let frame = drawn(&finding, &sources);
    assert!(frame.chars().all(|character| is_printable(character) || character == '\n'), "{frame:?}");
    let colored = Frames { color: true, ..Frames::PLAIN }.render(&finding, &sources);
    assert!(colored.contains("\u{1b}[") && !colored.contains("\u{1b}[31m\n"), "{colored:?}");
}

#[test]
fn a_large_file_costs_little() {
    let sources = Sources::in_memory();
    let file = sources.add("a.toml", "x = 1\n".repeat(1 << 20));
    let end = sources.whole(file).end;
    let finding =
        Diagnostic::new(&UNKNOWN_FILTER, Span::new(file, 0, end), "all of it").related(Span::new(file, end, end), "the end");
    assert!(drawn(&finding, &sources).lines().count() < 15);
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just("\t"),
        Just("é"),
        Just("漢"),
        Just("\u{200d}"),
        Just("\u{301}"),
        Just("🦀"),
        Just("a"),
        Just(" "),
        Just("\0"),
        Just("SECRET"),
        Just("SECR"),
        Just("\u{f8ff}"),
        Just("\n\n\n\n\n\n\n\n\n\n\n\n"),
        Just("a long stretch of words that must be cut somewhere, and then goes on for a while and longer "),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn place() -> impl Strategy<Value = (usize, usize)> {
    (0usize..400, prop_oneof![Just(0usize), 0usize..12, 0usize..400]).prop_map(|(start, length)| (start, start + length))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_panics_and_no_secret_shows(
        (one, other) in (text(), text()),
        places in proptest::collection::vec((any::<bool>(), place(), text()), 1..5),
        edits in proptest::collection::vec((any::<bool>(), place(), text()), 0..3),
        (width, color, hidden) in (0usize..140, any::<bool>(), place()),
    ) {
        let sources = Sources::in_memory();
        let files = [sources.add("a.toml", one), sources.add("b.toml", other)];
        sources.file(files[0]).hide(hidden.0..hidden.1);
        let span = |second: bool, (start, end): (usize, usize)| Span::new(files[usize::from(second)], start, end);
        let mut finding = Diagnostic::new(&UNKNOWN_FILTER, span(places[0].0, places[0].1), places[0].2.as_str()).help("help");
        for (second, place, message) in &places[1..] {
            finding = finding.related(span(*second, *place), message.as_str());
        }
        let edits = edits.iter().map(|(second, place, text)| Edit { span: span(*second, *place), text: text.clone() });
        finding.fix = Some(Fix { title: "SECRET".into(), safe: true, edits: edits.collect() });
        let secrets = HiddenTexts::from_iter(["SECRET".to_string()]);
        let frame = Frames { color, width, secrets: Some(&secrets) }.render(&finding, &sources);
        prop_assert!(!frame.contains("SECRET") && !frame.contains(MARK), "{}", frame);
    }
}
