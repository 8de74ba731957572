//! Input that is wrong, huge or hostile: a clear answer, in time, and nothing lost.

use std::fs::File;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::support::{PLAIN, Project, Said};

/// Longer than any of this may take, even on a busy machine and without optimisation.
const IN_TIME: Duration = Duration::from_secs(120);

fn both(project: &Project, code: i32) -> [Said; 2] {
    [&["lint"][..], &["test"]].map(|arguments| {
        let said = project.run(arguments).ends(code);
        assert!(said.elapsed < IN_TIME, "{:?}", said.elapsed);
        said
    })
}

#[test]
fn an_empty_file_is_a_spec_that_lacks_everything() {
    for empty in ["", "\n", "# only a comment", "\u{feff}"] {
        let [lint, _] = both(&Project::with(empty), 1);
        lint.says("error[missing-key]").says("specs/a.toml");
    }
}

#[test]
fn a_file_that_cannot_be_used_does_not_lose_the_others() {
    let broken = PLAIN.replace("/ping\"", "/{name | upper}\"");
    let project = Project::new()
        .file("specs/a.toml", b"name = \"\xe9\"")
        .file("specs/b.toml", format!("{broken}[[case]]\nname = \"x\"\ngiven.user.name = \"x\"\n"))
        .file("specs/c.toml", "");
    File::options().write(true).open(project.path("specs/c.toml")).and_then(|file| file.set_len(100 << 20)).expect("sparse");
    for said in both(&project, 2) {
        assert!(said.out.contains("error[unknown-filter]"), "{}", said.all());
        assert!(said.err.contains("error: `specs/a.toml` is not UTF-8: the byte at offset 8 is invalid\n"), "{}", said.err);
        assert!(
            said.err.contains("error: `specs/c.toml` is too large: 104857600 bytes, the limit is 16777216\n"),
            "{}",
            said.err
        );
    }
    let json = project.run(&["test", "--format", "json"]).ends(2).json();
    assert_eq!(json["summary"]["total"], 1);
    assert_eq!(project.run(&["lint", "--format", "json"]).ends(2).json().as_array().map(Vec::len), Some(1));
    project.run(&["render", "specs/a.toml"]).ends(2).says("is not UTF-8");
    // Alone, it is all there is to say.
    let alone = project.run(&["lint", "specs/a.toml"]).ends(2);
    assert_eq!(alone.out, "");
}

#[test]
fn deep_nesting_is_refused() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
    for spec in [
        format!("{PLAIN}\nx = {}\n", deep("[", "]")),
        format!("{PLAIN}\nx = {}\n", deep("{a=", "}")),
        format!("{PLAIN}\n[x{}]\ny = 1\n", ".a".repeat(10_000)),
        format!("x{} = 1\n{PLAIN}", ".a".repeat(10_000)),
        format!("{PLAIN}[[case]]\nname = \"x\"\nreply.json = {}\n", deep("[", "]")),
        PLAIN.replace("\"GET\"", &format!("\"POST\"\nbody = '{}'", deep("[", "]"))),
        PLAIN.replace("\"GET\"", &format!("\"POST\"\nbody = '{}'", deep("{\"a\":", "}"))),
    ] {
        both(&Project::with(&format!("{spec}[[case]]\nname = \"y\"\n")), 1);
    }
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("!", ""),
        ("a[?", "]"),
        ("{a:", "}"),
        ("abs(", ")"),
        ("a.", ""),
        ("a||", ""),
        ("a|", ""),
        ("&", ""),
    ] {
        let expression = deep(open, close).replace('1', "a");
        let project = Project::with(&PLAIN.replace("answer = \"answer\"", &format!("answer = '{expression}'")));
        both(&project, 1)[0].out.find("error[selector-syntax]").expect(open);
        let said = project.feed(&["query", &expression], "{}").ends(1);
        assert!(said.elapsed < IN_TIME && said.err.contains("syntax: "), "{open}");
    }
}

#[test]
fn names_of_very_many_steps() {
    for steps in [100, 10_000, 200_000] {
        let name = "a.".repeat(steps) + "a";
        for more in [
            format!("given.\"user.{name}\" = 1"),
            format!("given.user.\"{name}\" = 1"),
            format!("null = [\"user.{name}\"]"),
            format!("expect.attributes.\"user.{name}\" = 1"),
        ] {
            let project = Project::plain(&format!("[[case]]\nname = \"x\"\n{more}\n"));
            let said = project.run(&["test"]).ends(1);
            assert!(said.elapsed < IN_TIME, "{:?}", said.elapsed);
        }
        let project = Project::plain("").file("values.json", format!("{{\"user.{name}\": 1}}"));
        project.run(&["render", "specs/a.toml", "--given", "@values.json"]).ends(0);
        let line = format!("{{\"template\": \"{{{name}}}\", \"given\": {{\"{name}\": 1}}}}");
        assert_eq!(project.feed(&["eval", "--batch"], line).ends(0).lines().len(), 1);
    }
}

#[test]
fn a_deep_manifest_and_a_deep_reply() {
    let project =
        Project::plain("").file("hookwright.toml", format!("[global]\na = {}{}\n", "[".repeat(10_000), "]".repeat(10_000)));
    let said = project.run(&["lint"]);
    assert!(said.code == 1 || said.code == 2, "{}", said.all());
    let reply = format!("[[case]]\nname = \"x\"\nreply.body = '{}{}'\n", "[".repeat(10_000), "]".repeat(10_000));
    let case = Project::plain(&reply).only_case();
    assert_eq!(case["exchange"]["outcome"]["attributes"]["user.answer"], serde_json::Value::Null);
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    Project::new().feed(&["query", "a"], &deep).ends(2).says("the sample is nested too deep to be read");
    let line = format!("{{\"expression\":\"a\",\"document\":{deep}}}\n{{\"expression\":\"@\",\"document\":1}}\n");
    assert_eq!(Project::new().feed(&["query", "--batch"], line).ends(1).lines()[1]["value"], 1);
    let line = format!("{{\"template\":\"a\",\"given\":{{\"a\":{deep}}}}}\n{{\"template\":\"b\"}}\n");
    assert_eq!(Project::new().feed(&["eval", "--batch"], line).ends(1).lines()[1]["value"], "b");
}

#[test]
fn long_templates_and_chains_end_in_time() {
    let in_body = |template: &str| PLAIN.replace("\"GET\"", &format!("\"POST\"\nbody = '{{\"a\": \"{template}\"}}'"));
    for template in [
        "{x}".repeat(350_000),
        format!("{{{}}}", "x".repeat(1 << 20)),
        format!("{{x{}}}", " | uppercase".repeat(10_000)),
        format!("{{x{}}}", "[0]".repeat(10_000)),
        format!("{{x{}}}", " | replace @{y ".repeat(2_000)),
        "{".repeat(10_000),
        "{x | ".repeat(10_000),
    ] {
        let project = Project::with(&format!("{}[[case]]\nname = \"x\"\ngiven.x = \"q\"\n", in_body(&template)));
        let said = project.run(&["test", "--format", "json"]);
        assert!(said.code < 2 && said.elapsed < IN_TIME, "{:?} {}", said.elapsed, said.err);
        let said = project.feed(&["eval", "--given", "x=q"], &template);
        assert!(said.code < 2 && said.elapsed < IN_TIME, "{:?}", said.elapsed);
    }
}

#[test]
fn standard_input_has_a_limit() {
    for arguments in [&["eval"][..], &["query", "a"]] {
        let said = Project::new().feed(arguments, " ".repeat(20 << 20)).ends(2);
        said.says("standard input is too large: the limit is 16777216 bytes");
    }
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_read() {
    let spec = format!("\u{feff}{PLAIN}[[case]]\nname = \"x\"\nreply.json.answer = 1\nexpect.attributes.answer = 1\n");
    let project = Project::with(&spec.replace('\n', "\r\n"));
    project.run(&["lint"]).ends(0);
    project.approve();
    project.run(&["test"]).ends(0);
    let manifest = Project::plain("").file("hookwright.toml", "\u{feff}[project]\r\nspecs = [\"specs\"]\r\n");
    manifest.run(&["lint"]).ends(0);
}

#[test]
fn what_looks_like_a_spec_and_is_none() {
    let project = Project::plain("[[case]]\nname = \"x\"\n");
    std::fs::create_dir(project.path("specs/folder.toml")).expect("a folder");
    project.run(&["lint"]).ends(0).says("1 spec");
    project.run(&["lint", "specs/folder.toml"]).ends(2).says("there are no specs");
    project.write("specs/folder.toml/inner.toml", PLAIN);
    project.run(&["lint"]).ends(0).says("2 specs");
}

#[cfg(unix)]
#[test]
fn pipes_and_loops_do_not_hang_and_lose_nothing() {
    let project = Project::plain("[[case]]\nname = \"x\"\n");
    let made = Command::new("mkfifo").arg(project.path("specs/pipe.toml")).status().expect("mkfifo");
    assert!(made.success());
    std::os::unix::fs::symlink("loop.toml", project.path("specs/loop.toml")).expect("a link");
    std::os::unix::fs::symlink(".", project.path("specs/round")).expect("a link");
    std::os::unix::fs::symlink("nowhere.toml", project.path("specs/dangling.toml")).expect("a link");
    for said in both(&project, 2) {
        assert!(said.err.contains("`specs/pipe.toml` cannot be read: it is not a file"), "{}", said.err);
        assert!(said.err.contains("`specs/loop.toml` cannot be read"), "{}", said.err);
        assert!(said.err.contains("`specs/dangling.toml` cannot be read"), "{}", said.err);
        assert!(said.out.contains("1 spec") || said.out.contains("specs/a.toml: x"), "{}", said.out);
    }
    project.run(&["lint", "specs/pipe.toml"]).ends(2).says("is neither a file nor a folder");
    project.run(&["render", "specs/loop.toml"]).ends(2).says("cannot be read");
    // A reply, a body or a secret from a pipe does not hang, either.
    let spec =
        format!("{PLAIN}[[case]]\nname = \"x\"\nreply.file = \"pipe.toml\"\ngiven.secret.k = {{ file = \"pipe.toml\" }}\n");
    project.write("specs/a.toml", spec);
    project.run(&["lint", "specs/a.toml"]).ends(1).says("it is not a file");
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_of_a_command_line_are_refused() {
    let project = Project::plain("[[case]]\nname = \"x\"\n");
    assert!(Command::new("mkfifo").arg(project.path("pipe")).status().expect("mkfifo").success());
    let commands: [&[&str]; 4] = [
        &["certificate", "pipe"],
        &["query", "a", "pipe"],
        &["render", "specs/a.toml", "--case", "x", "--given", "@pipe"],
        &["certificate", "/dev/zero"],
    ];
    for command in commands {
        project.run(command).ends(2).says("cannot be read: it is not a file");
    }
    // What is open already is read, as a shell's `<(…)`.
    for opened in ["/dev/stdin", "/dev/fd/0"] {
        project.feed(&["query", "a", opened], "{\"a\": 17}").ends(0).says("17");
    }
    project.write("large.p12", vec![0; (1 << 20) + 1]);
    project.run(&["certificate", "large.p12"]).ends(2).says("`large.p12` is too large: the limit is 1048576 bytes");
}

#[cfg(unix)]
#[test]
fn a_spec_reads_no_file_through_a_link_out_of_the_project() {
    let elsewhere = Project::new();
    elsewhere.write("outside.txt", "{\"answer\": \"k-outside\"}");
    let spec = PLAIN.replace("method = \"GET\"", "method = \"POST\"\nbody = { file = \"LINK\" }");
    let spec = format!("{spec}[[case]]\nname = \"x\"\nreply.file = \"LINK\"\ngiven.secret.k = {{ file = \"LINK\" }}\n");
    let project = Project::with(&spec.replace("LINK", "link"));
    std::os::unix::fs::symlink(elsewhere.path("outside.txt"), project.path("specs/link")).expect("a link");
    let said = project.run(&["lint"]).ends(1).says_not("k-outside");
    let refusals = said.out.matches("which cannot be read: it is a link that leads out of the project").count();
    assert_eq!(refusals, 3, "{}", said.out);
    project.run(&["test"]).says_not("k-outside");
    // Inside of the project a link is followed.
    let inside = Project::with(&spec.replace("LINK", "link")).file("bodies/in.json", "{}");
    std::os::unix::fs::symlink("../bodies/in.json", inside.path("specs/link")).expect("a link");
    inside.run(&["lint"]).says_not("cannot be read");
}

#[cfg(unix)]
#[test]
fn a_manifest_that_is_a_pipe_is_none() {
    let project = Project::plain("");
    assert!(Command::new("mkfifo").arg(project.path("hookwright.toml")).status().expect("mkfifo").success());
    project.run(&["lint"]).ends(0);
}

#[test]
fn two_thousand_specs() {
    let project = Project::new();
    for number in 0..2_000 {
        let name = format!("specs/{}/{number}.toml", number % 40);
        project.write(&name, format!("{PLAIN}[[case]]\nname = \"x\"\nreply.json.answer = {number}\n"));
    }
    let said = project.run(&["lint"]).ends(0).says("2000 specs: nothing to complain about");
    assert!(said.elapsed < IN_TIME, "{:?}", said.elapsed);
    let said = project.run(&["test", "--update", "--jobs", "4"]).ends(0).says("2000 passed");
    assert!(said.elapsed < IN_TIME, "{:?}", said.elapsed);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let project = Project::ticket("[[case]]\nname = \"x\"\nreply.status = 500\nexpect.success = true\n");
    let mut batch = String::new();
    (0..20_000).for_each(|_| batch.push_str("{\"template\":\"a\"}\n"));
    project.write("batch", &batch);
    for arguments in [
        &["lint"][..],
        &["test"],
        &["test", "--format", "json"],
        &["review", "--list"],
        &["review"],
        &["render", "specs/a.toml"],
        &["eval", "x"],
        &["eval", "--batch"],
        &["query", "a"],
        &["explain"],
        &["completions", "bash"],
        &["completions", "zsh"],
        &["completions", "fish"],
        &["--help"],
        &["--version"],
        &["nonsense"],
    ] {
        let mut command = project.command(arguments);
        command.stdin(File::open(project.path("batch")).expect("a file"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
        // Nobody reads.
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("an end");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("panicked"), "{arguments:?}: {said}");
        assert!(output.status.code().is_some_and(|code| code <= 2), "{arguments:?}: {:?}", output.status);
    }
}
