//! What the reader's fixes make of a file, edit by edit.

use crate::diagnostic::Diagnostic;
use crate::dialect;
use crate::source::Sources;
use crate::spec::Manifest;

fn findings(text: &str) -> Vec<Diagnostic> {
    let sources = Sources::in_memory();
    sources.add("specs/a.toml", text);
    dialect::compile("specs/a.toml", &Manifest::default(), &sources).expect("a text can be loaded").diagnostics
}

/// The text with every fix in it, and whether all of them are safe.
fn mended(text: &str) -> (String, bool) {
    let fixes: Vec<_> = findings(text).into_iter().filter_map(|found| found.fix).collect();
    let is_safe = fixes.iter().all(|fix| fix.safe);
    let mut edits: Vec<_> = fixes.into_iter().flat_map(|fix| fix.edits).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.span.start, edit.span.end)));
    let mut mended = text.to_string();
    for edit in edits {
        mended.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    (mended, is_safe)
}

const ACTION: &str = "[action]\nname = \"a\"\nmethod = \"GET\"\nurl = \"https://a.example.com\"\n";

/// A spec with `line` at the end; with the fixes in it nothing is left to be found.
fn line(line: &str) -> (String, bool) {
    let text = format!("{ACTION}{line}");
    let (mended, is_safe) = mended(&text);
    let left = findings(&mended).into_iter().map(|found| found.message);
    let left: Vec<String> = left.filter(|message| !message.starts_with("an outcome is expected")).collect();
    assert!(left.is_empty(), "{left:?} in\n{mended}");
    (mended[ACTION.len()..].to_string(), is_safe)
}

#[test]
fn what_can_mean_one_thing_only_is_mended_safely() {
    let case = |text: &str| format!("[[case]]\nname = 'c'\n{text}");
    for (written, wanted) in [
        ("description = 42".to_string(), "description = \"42\"".to_string()),
        ("description = 2026-01-01".into(), "description = \"2026-01-01\"".into()),
        ("headers = { A = 1, C = true }".into(), "headers = { A = \"1\", C = \"true\" }".into()),
        ("headers = [['A', 1.5]] # é".into(), "headers = [['A', \"1.5\"]] # é".into()),
        ("response.2xx.action_success = true".into(), "response.2xx.action_success = \"TRUE\"".into()),
        ("response.4xx = { action_success = false }".into(), "response.4xx = { action_success = \"FALSE\" }".into()),
        (case("reply.status = '201'"), case("reply.status = 201")),
        (case("expect = { success = \"true\" }"), case("expect = { success = true }")),
        (case("null = \"\"\"user.x\"\"\""), case("null = [\"\"\"user.x\"\"\"]")),
        (case("expect.unset = ['user.x', 5]"), case("expect.unset = ['user.x', \"5\"]")),
    ] {
        assert_eq!(line(&written), (wanted, true), "{written}");
    }
}

#[test]
fn what_can_mean_several_things_is_a_guess() {
    let case = |text: &str| format!("[[case]]\nname = 'c'\n{text}");
    for (written, wanted) in [
        ("description = 0x10".to_string(), "description = \"0x10\"".to_string()),
        ("description = 1.50".into(), "description = \"1.50\"".into()),
        (case("reply.status = 201.0"), case("reply.status = 201")),
        (case("reply.delay = 150"), case("reply.delay = \"150ms\"")),
        (case("reply.fault = 'timout'"), case("reply.fault = 'timeout'")),
        (case("expect.success = 'yes'"), case("expect.success = true")),
        (case("expect.exit = \"2\\u0078\""), case("expect.exit = \"2xx\"")),
        (case("expect.not_written = 'All'"), case("expect.not_written = 'all'")),
        (case("expect.not_written = 'everything'"), case("expect.not_written = 'all'")),
        (case("expect.not_written = 'user.x'"), case("expect.not_written = ['user.x']")),
        ("[lint]\nunknown-filter = 'off'".into(), "[lint]\nunknown-filter = 'allow'".into()),
        ("[lint]\nunknown-filter.level = 'warning'".into(), "[lint]\nunknown-filter.level = 'warn'".into()),
        ("[attributes]\na = 'strng[]'\nb = 'integr'".into(), "[attributes]\na = 'string[]'\nb = 'integer'".into()),
        ("[attributes.usr]\na = 'string'".into(), "[attributes.user]\na = 'string'".into()),
        (
            "[assume]
url_spce = '+'"
                .into(),
            "[assume]
url_space = '+'"
                .into(),
        ),
        (
            "[assume]
url_space = '%2O'"
                .into(),
            "[assume]
url_space = '%20'"
                .into(),
        ),
        ("[action.response.2xx.outputs]\nusr.x = 'a'".into(), "[action.response.2xx.outputs]\nuser.x = 'a'".into()),
        (case("given = { \"usr.x\" = 1 }"), case("given = { \"user.x\" = 1 }")),
        ("[action.auth]\nheaders.A = '1'".into(), "[action.auth]\ntype = \"header\"\nheaders.A = '1'".into()),
    ] {
        assert_eq!(line(&written), (wanted, false), "{written}");
    }
}

#[test]
fn keys_of_another_place_lead_home() {
    let help = |more: &str| findings(&format!("{ACTION}{more}")).into_iter().next().and_then(|found| found.help);
    let success = "[action.response.2xx]\nsuccess = \"TRUE\"";
    assert_eq!(help(success).as_deref(), Some("did you mean `action_success`?"));
    let values = "[[case]]\nname = \"c\"\nuser.first_name = \"Ada\"";
    assert_eq!(help(values).as_deref(), Some("values of a context stand under `given`: write `given.user`"));
}

#[test]
fn quotes_alone_make_no_name_and_no_url() {
    for more in ["raw = true", "raw = 5", "raw = [\"x\"]"] {
        let text = format!("{ACTION}[action.response.2xx]\n{more}");
        assert_eq!(mended(&text).0, text);
    }
    let text = ACTION.replace("\"https://a.example.com\"", "5");
    assert_eq!(mended(&text).0, text);
}

#[test]
fn keys_are_renamed_however_they_are_written() {
    for (written, wanted) in [
        ("hedaers.A = '1'", "headers.A = '1'"),
        ("'hedaers' = { A = '1' }", "'headers' = { A = '1' }"),
        ("\"h\\u0065daers\" = { A = '1' }", "\"headers\" = { A = '1' }"),
        ("[action.hedaers] # é\nA = '1'", "[action.headers] # é\nA = '1'"),
        (
            "[action.response.2xx]\nraw = 'a'\n[action.respones.4xx]\nraw = 'a'",
            "[action.response.2xx]\nraw = 'a'\n[action.response.4xx]\nraw = 'a'",
        ),
        ("[[case]]\nname = 'c'\nexpect.\"sucess\" = true", "[[case]]\nname = 'c'\nexpect.\"success\" = true"),
        (
            "[[case]]\nname = 'c'\n[[case.row]]\nname = 'r'\nrepyl = { staus = 201 }",
            "[[case]]\nname = 'c'\n[[case.row]]\nname = 'r'\nreply = { staus = 201 }",
        ),
    ] {
        let (mended, is_safe) = mended(&format!("{ACTION}{written}"));
        assert_eq!((mended, is_safe), (format!("{ACTION}{wanted}"), false));
    }
}

#[test]
fn no_key_is_made_that_is_there_already() {
    let help = |text: &str| {
        let found = findings(&format!("{ACTION}{text}")).pop().expect("a finding");
        assert!(found.fix.is_none());
        found.help.unwrap_or_default()
    };
    assert_eq!(help("metod = 'GET'"), "`method` is there already; take this one away");
    assert_eq!(help("[action.headers]\n[action.hedaers]\nA = '1'"), "`headers` is there already; take this one away");
    assert_eq!(help("[assume]\nurl_space = '+'\nurl_spce = '+'"), "`url_space` is there already; take this one away");
    let (two, _) = mended(&format!("{ACTION}hedaers = {{}}\nhaeders = {{}}"));
    assert_eq!(two, format!("{ACTION}headers = {{}}\nhaeders = {{}}"));
}

#[test]
fn a_missing_method_follows_from_the_body() {
    for (written, wanted) in [
        ("[action] # é\r\nname = 'a'\r\n", "[action] # é\r\nmethod = \"GET\"\r\nname = 'a'\r\n"),
        ("[action]\nname = 'a'\nbody = '{}'", "[action]\nmethod = \"POST\"\nname = 'a'\nbody = '{}'"),
        ("action = { name = 'a' }", "action = { method = \"GET\", name = 'a' }"),
        ("[action]\nmethod = ''", "[action]\nmethod = 'GET'"),
        ("[action]\nmetod = 'GET'", "[action]\nmethod = 'GET'"),
        ("action.name = 'a'", "action.name = 'a'"),
        ("[action.auth]\ntype = 'header'\nheaders.A = 'b'", "[action.auth]\ntype = 'header'\nheaders.A = 'b'"),
    ] {
        assert_eq!(mended(written).0, wanted);
    }
}

#[test]
fn keys_of_other_tables_are_told_so() {
    for (text, wanted) in [
        ("status = 1", "`status` belongs to `[case.reply]`"),
        ("action_success = true", "`action_success` belongs to a response group"),
        ("timeout = 10", "`timeout` belongs to `[action]` of the `vonage` dialect"),
        ("[defaults]\nname = 'x'", "`name` belongs to `[[case]]`"),
        ("[case]\nname = 'x'", "begin each with `[[case]]`, in two brackets"),
    ] {
        let found = findings(&format!("{ACTION}{text}")).pop().expect("a finding");
        assert_eq!(found.help.as_deref(), Some(wanted), "{text}");
    }
}
