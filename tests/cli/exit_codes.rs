//! 0 all well, 1 findings, 2 wrong use: contract section 4.

use super::support::{PLAIN, Project};

#[test]
fn wrong_use_is_2() {
    let project = Project::plain("");
    for arguments in [
        &[][..],
        &["nonsense"],
        &["lint", "--nonsense"],
        &["lint", "--format", "xml"],
        &["test", "--jobs", "many"],
        &["test", "--jobs", "0"],
        &["test", "--shard", "3/2"],
        &["test", "--shard", "0/2"],
        &["review", "--list", "--prune"],
        &["render"],
        &["render", "specs/a.toml", "--env", "staging"],
        &["render", "specs/a.toml", "--case", "nothing"],
        &["render", "specs/a.toml", "--given", "novalue"],
        &["render", "specs/a.toml", "--given", "@nofile.json"],
        &["eval", "{a}", "--as", "yaml"],
        &["eval", "{a}", "--timezone", "Mars/Olympus"],
        &["eval", "{a}", "--dialect", "cobol"],
        &["eval", "{a}", "--batch"],
        &["query"],
        &["query", "a", "nofile.json"],
        &["explain", "nothing-of-that-name"],
        &["completions", "tcsh"],
        &["test", "--case", "no such case"],
    ] {
        let said = project.run(arguments);
        assert_eq!(said.code, 2, "{arguments:?}: {}", said.all());
        assert!(!said.err.is_empty(), "{arguments:?} says nothing");
    }
}

#[test]
fn what_was_meant_stands_apart_from_what_is_wrong() {
    let manifest = "[environments.staging]\nglobal = { a = \"b\" }\n";
    let project = Project::plain("[[case]]\nname = \"one\"\n").file("hookwright.toml", manifest);
    let said = project.run(&["render", "specs/a.toml", "--env", "stagin"]).ends(2);
    assert_eq!(said.err, "error: the manifest has no environment `stagin`; did you mean `staging`?\n");
    let said = project.run(&["render", "specs/a.toml", "--env", "nope"]).ends(2);
    assert_eq!(said.err, "error: the manifest has no environment `nope`\n");
    let said = project.run(&["render", "specs/a.toml", "--case", "onee"]).ends(2);
    assert_eq!(said.err, "error: no case of `specs/a.toml` is named `onee`; did you mean `one`?\n");
    let said = project.feed(&["eval", "--batch"], "{\"templat\":\"a\"}\n");
    assert!(said.out.contains("unknown key `templat`; did you mean `template`?"), "{}", said.out);
    project.run(&["test", "--jobs", "0"]).ends(2).says("invalid value '0' for '--jobs <N>': nothing is done by 0");
}

#[test]
fn without_specs_there_is_nothing_to_do() {
    let project = Project::new();
    for arguments in [&["lint"][..], &["test"], &["lint", "specs"], &["lint", "specs/*.toml"], &["review", "--prune"]] {
        project.run(arguments).ends(2).says("there are no specs in `specs");
    }
    project.run(&["lint", "nothing.toml"]).ends(2).says("there is no `nothing.toml`");
    project.run(&["render", "nothing.toml"]).ends(2).says("there is no `nothing.toml`");
    project.run(&["review"]).ends(0).says("nothing to review");
}

#[test]
fn a_manifest_that_is_not_toml_is_2() {
    let project = Project::plain("").file("hookwright.toml", "[project\nspecs = 1\n");
    for arguments in [&["lint"][..], &["test"], &["review"], &["render", "specs/a.toml"], &["eval", "x"]] {
        project.run(arguments).ends(2).says("the manifest is not TOML").says("hookwright.toml:1:");
    }
    let latin = Project::plain("").file("hookwright.toml", b"# \xe9\n");
    latin.run(&["lint"]).ends(2).says("`hookwright.toml` is not UTF-8: the byte at offset 2 is invalid");
}

#[test]
fn other_mistakes_in_a_manifest_are_findings() {
    let project = Project::plain("").file("hookwright.toml", "[projct]\n[lint]\nunknown-filtr = \"allow\"\n");
    project.run(&["lint"]).ends(1).says("did you mean `project`?").says("hookwright.toml:1:2");
    project.run(&["test"]).ends(1);
}

#[test]
fn one_folder_in_the_place_of_a_list_is_read_and_mended() {
    let project = Project::plain("").file("hookwright.toml", "[project]\nspecs = \"specs\"\n");
    let found = project.run(&["lint", "--format", "json"]).ends(1).json();
    assert_eq!(found[0]["lint"], "wrong-type");
    project.run(&["lint", "--fix"]).ends(0);
    assert_eq!(project.read("hookwright.toml"), "[project]\nspecs = [\"specs\"]\n");
    let number = Project::plain("").file("hookwright.toml", "[project]\nspecs = 5\n");
    number.run(&["lint"]).ends(1).says("error[wrong-type]").says_not("error: error");
}

#[test]
fn findings_are_1_and_warnings_when_they_are_denied() {
    let with_level = |level: &str| {
        let spec = PLAIN.replace("/ping\"", "/{name | upper}\"");
        Project::with(&format!("{spec}[lint]\nunknown-filter = \"{level}\"\n"))
    };
    with_level("error").run(&["lint"]).ends(1);
    with_level("warn").run(&["lint"]).ends(0).says("warning[unknown-filter]");
    with_level("warn").run(&["lint", "--deny-warnings"]).ends(1);
    with_level("info").run(&["lint", "--deny-warnings"]).ends(0).says("info[unknown-filter]");
    with_level("allow").run(&["lint", "--deny-warnings"]).ends(0).says_not("unknown-filter");
}

#[test]
fn expected_lints_never_fail_and_missing_ones_do() {
    let broken = PLAIN.replace("/ping\"", "/{name | upper}\"");
    let expecting = Project::with(&format!("expect_lints = [\"unknown-filter\"]\n{broken}"));
    expecting.run(&["lint"]).ends(0).says("error[unknown-filter]");
    expecting.run(&["lint", "--deny-warnings"]).ends(0);
    expecting.run(&["lint", "--format", "json"]).ends(0).says("unknown-filter");
    let wrong = Project::with(&format!("expect_lints = [\"unknown-filter\"]\n{PLAIN}"));
    wrong.run(&["lint"]).ends(1).says("nothing triggers it");
    let other = Project::with(&format!("expect_lints = [\"filter-arity\"]\n{broken}"));
    other.run(&["lint"]).ends(1);
}

#[test]
fn lint_errors_fail_a_test_run_whose_cases_all_pass() {
    let project = Project::with(&format!("{}[[case]]\nname = \"x\"\n", PLAIN.replace("/ping\"", "/{name | upper}\"")));
    project.run(&["test", "--update"]).ends(1).says("1 passed").says("error[unknown-filter]");
    project.run(&["test"]).ends(1).says("1 passed");
}

#[test]
fn ci_approves_nothing_and_writes_nothing() {
    let project = Project::plain("[[case]]\nname = \"x\"\n");
    let ci = [("CI", "true")];
    project.run_with(&["test", "--update"], &ci).ends(2).says("`--update` approves nothing while `CI` is set");
    project.run_with(&["test"], &ci).ends(1).says("new specs/a.toml: x");
    assert_eq!(project.files(""), ["specs/a.toml"]);
    project.approve();
    project.write("specs/a.toml", format!("{}[[case]]\nname = \"x\"\n", PLAIN.replace("/ping\"", "/pong\"")));
    let before = project.read("snapshots/a/x.snap");
    project.run_with(&["test"], &ci).ends(1).says("+  GET https://ping.example.com/pong");
    assert_eq!(project.files(""), ["snapshots/a/x.snap", "specs/a.toml"]);
    assert_eq!(project.read("snapshots/a/x.snap"), before);
    project.run(&["test"]).ends(1);
    assert!(project.exists("snapshots/a/x.snap.new"));
    for arguments in [&["review"][..], &["review", "--accept"], &["review", "--reject"], &["review", "--prune"]] {
        project.run_with(arguments, &ci).ends(2).says("nothing is approved while `CI` is set");
    }
    project.run_with(&["review", "--list"], &ci).ends(1).says("changed specs/a.toml: x");
    assert!(project.exists("snapshots/a/x.snap.new"));
}

#[test]
fn eval_and_query_faults_are_1() {
    let project = Project::new();
    project.run(&["eval", "{a | upper}"]).ends(1).says("[unknown-filter]");
    project.run(&["eval", "{a"]).ends(1).says("[template-syntax]");
    project.run(&["eval", "{a | upper}", "--lenient"]).ends(0);
    project.feed(&["query", "a["], "{}").ends(1).says("syntax: ");
    project.feed(&["query", "abs('a')"], "{}").ends(1).says("runtime: ");
    project.feed(&["query", "a"], "not json").ends(2).says("the sample is not JSON");
    project.feed(&["query", "a"], b"\"\xff\"").ends(2).says("standard input is not UTF-8: the byte at offset 1 is invalid");
}

#[test]
fn render_of_a_request_that_cannot_be_built_is_1() {
    let project = Project::plain("[[case]]\nname = \"x\"\n");
    project.write("specs/b.toml", PLAIN.replace("method = \"GET\"\n", ""));
    project.run(&["render", "specs/b.toml"]).ends(1).says("there is nothing to render");
    project.write("specs/c.toml", PLAIN.replace("/ping\"", "/ping\"\nheaders = { X = \"{v}\" }"));
    let said = project.run(&["render", "specs/c.toml", "--given", "v=\"a\\nb\""]).ends(1);
    said.says("error[invalid-header]");
}

#[test]
fn a_run_of_no_case_is_well_but_a_name_that_no_case_has_is_not() {
    let project = Project::plain("");
    project.run(&["test"]).ends(0).says("0 passed");
    project.run(&["test", "--case", "x"]).ends(2).says("no case is named `x`");
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_is_2_and_a_reader_that_has_gone_is_not() {
    use std::process::Stdio;
    let project = Project::plain("[[case]]\nname = \"one\"\n[[case]]\nname = \"two\"\n").file("a.json", "{}");
    project.run(&["test"]).ends(1);
    for (arguments, code) in [
        (&["--help"][..], 0),
        (&["--version"], 0),
        (&["help", "lint"], 0),
        (&["lint"], 0),
        (&["lint", "--format", "sarif"], 0),
        (&["test", "--format", "json"], 1),
        (&["test"], 1),
        (&["review"], 1),
        (&["review", "--list"], 1),
        (&["render", "specs/a.toml"], 0),
        (&["send", "specs/a.toml", "--base-url", "http://127.0.0.1:1"], 1),
        (&["eval", "a"], 0),
        (&["query", "a", "a.json"], 0),
        (&["query", "--batch"], 0),
        (&["explain"], 0),
        (&["completions", "bash"], 0),
    ] {
        let run = |out: Stdio| {
            let mut command = project.command(arguments);
            let mut child = command.stdin(Stdio::piped()).stdout(out).stderr(Stdio::piped()).spawn().expect("the program");
            let mut input = child.stdin.take().expect("piped");
            // The program may end before it has read all.
            let _ = std::io::Write::write_all(&mut input, b"{\"expression\":\"a\",\"document\":{}}\n\n");
            drop(input);
            let done = child.wait_with_output().expect("an output");
            (done.status.code(), String::from_utf8(done.stderr).expect("UTF-8"))
        };
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
        let (ended, said) = run(full.into());
        assert_eq!(ended, Some(2), "{arguments:?}: {said}");
        assert!(
            said.ends_with("error: standard output cannot be written: No space left on device (os error 28)\n"),
            "{said}"
        );
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let (ended, said) = run(writer.into());
        assert_eq!(ended, Some(code), "{arguments:?}: {said}");
        assert!(!said.contains("standard output"), "{said}");
    }
}
