//! `lint --fix` and `--diff`: what they change, what they leave, and how they tell of it.

use super::support::{PLAIN, Project};

/// A misspelt key, whose right name is a guess.
fn guess() -> String {
    PLAIN.replace("url =", "descripton = 'is it there?' # é\nurl =")
}

/// One key, misspelt in two ways.
fn clash() -> String {
    PLAIN.replace("url =", "descripton = \"a\"\ndesciption = \"b\"\nurl =")
}

/// Applies a patch with `a/` and `b/` before its paths; gives why it does not apply.
pub fn patch(project: &Project, text: &str) -> Result<(), String> {
    for of_file in text.split("--- a/").filter(|part| !part.is_empty()) {
        let of_file = format!("--- a/{of_file}");
        let patch = diffy::Patch::from_str(&of_file).map_err(|error| error.to_string())?;
        let path = patch.original().and_then(|path| path.strip_prefix("a/")).expect("a path");
        let patched = diffy::apply(&project.read(path), &patch).map_err(|error| error.to_string())?;
        project.write(path, patched);
    }
    Ok(())
}

#[test]
fn guesses_need_to_be_asked_for() {
    let project = Project::with(&PLAIN.replace("/ping\"", "/{name | upper}\""));
    let before = project.read("specs/a.toml");
    let said = project.run(&["lint", "--fix"]).ends(1).says("error[unknown-filter]");
    assert!(said.out.ends_with("1 spec: 1 error\nnothing to fix; --unsafe would fix 1 finding\n"), "{}", said.out);
    assert_eq!(project.read("specs/a.toml"), before);
    let said = project.run(&["lint", "--fix", "--unsafe"]).ends(0);
    assert_eq!(said.out, "1 spec: nothing to complain about\nfixed 1 finding in 1 file\n");
    assert_eq!(project.read("specs/a.toml"), before.replace("upper", "uppercase"));
    let said = project.run(&["lint", "--fix", "--unsafe"]).ends(0);
    assert_eq!(said.out, "1 spec: nothing to complain about\nnothing to fix\n");
    assert_eq!(project.files(""), ["specs/a.toml"], "nothing is left beside it");
}

#[test]
fn every_other_byte_stays() {
    let text = "\u{feff}# Grüße\r\n[action] \t# ü\r\nname='Ping'\r\nmethod = \"\\u0067et\"\r\nurl = \"https://ping.example.com/é/{näme|upper}\"   # upper\r\nbody = \"\"\"\r\n{ \"é\\\\t\": \"{usr.x}\",\r\n  \"n\": {n} }\"\"\"\r\n[action.response.2xx]\r\naction_success = \"TRUE\"\r\n# end";
    let project = Project::with(text);
    project.run(&["lint", "--fix", "--unsafe"]);
    let expected = text
        .replace("\\u0067et", "GET")
        .replace("|upper}", "|uppercase}")
        .replace("{usr.x}", "{user.x}")
        .replace("\"n\": {n} }", "\"n\": \"{n}\" }");
    assert_eq!(project.read("specs/a.toml"), expected);
    project.run(&["lint", "--fix", "--unsafe"]).says("nothing to fix");
    assert_eq!(project.read("specs/a.toml"), expected);
}

#[test]
fn quotes_around_a_key_stay() {
    for (old, new) in [("\"descripton\"", "\"description\""), ("'descripton'", "'description'")] {
        let project = Project::with(&guess().replace("descripton", old));
        project.run(&["lint", "--fix", "--unsafe"]).ends(0);
        assert_eq!(project.read("specs/a.toml"), guess().replace("descripton", new));
    }
}

#[test]
fn inserted_text_has_the_escapes_of_its_place() {
    for (old, new) in [
        (r#"body = "{ \"a\": {x | replace 'b' \"c\"} }""#, r#"body = "{ \"a\": \"{x | replace 'b' \\\"c\\\"}\" }""#),
        (r#"body = '{ "a": {x} }'"#, r#"body = '{ "a": "{x}" }'"#),
        (r#"body = """{ "a": {x} }""""#, r#"body = """{ "a": "{x}" }""""#),
        (r#"body = "{x}""#, r#"body = "\"{x}\"""#),
    ] {
        let project = Project::with(&PLAIN.replace("\"GET\"", &format!("\"POST\"\n{old}")));
        project.run(&["lint", "--fix", "--unsafe"]).ends(0).says("nothing to complain about");
        assert_eq!(project.read("specs/a.toml"), PLAIN.replace("\"GET\"", &format!("\"POST\"\n{new}")));
    }
}

#[test]
fn the_manifest_and_bodies_in_files_are_mended_too() {
    let spec = PLAIN.replace("\"GET\"", "\"POST\"\nbody = { file = \"body.json\" }");
    let project = Project::new()
        .file("specs/a.toml", &spec)
        .file("specs/b.toml", &spec)
        .file("specs/body.json", "{ \"a\": \"{usr.x}\" }")
        .file("hookwright.toml", "[lint]\nunknown-kee = { level = \"allow\", reason = \"é\" }\n");
    let said = project.run(&["lint", "--fix", "--unsafe"]).ends(0);
    assert_eq!(said.out, "2 specs: nothing to complain about\nfixed 2 findings in 2 files\n");
    assert_eq!(project.read("hookwright.toml"), "[lint]\nunknown-key = { level = \"allow\", reason = \"é\" }\n");
    assert_eq!(project.read("specs/body.json"), "{ \"a\": \"{user.x}\" }");
    assert_eq!(project.read("specs/a.toml"), spec);
}

#[test]
fn what_a_mended_manifest_says_counts_at_once() {
    let project = Project::with(&guess()).file("hookwright.toml", "[lint]\nunknwn-key = \"allow\"\n");
    project.run(&["lint", "--fix", "--unsafe", "--allow", "name-missing"]).ends(0);
    assert_eq!(project.read("hookwright.toml"), "[lint]\nunknown-key = \"allow\"\n");
}

#[test]
fn what_a_spec_expects_stays() {
    let text = format!("expect_lints = [\"unknown-filter\"]\n{}", PLAIN.replace("/ping\"", "/{name | upper}\""));
    let project = Project::with(&text);
    project.run(&["lint", "--fix", "--unsafe"]).ends(0).says("nothing to fix\n");
    assert_eq!(project.read("specs/a.toml"), text);
    // Another spec that shares the body does not expect it: it is not changed behind the first one's back.
    let shared = |expect: &str| format!("{expect}{}", PLAIN.replace("\"GET\"", "\"POST\"\nbody = { file = \"b.json\" }"));
    let project = Project::with(&shared("expect_lints = [\"unknown-filter\"]\n"))
        .file("specs/b.toml", shared(""))
        .file("specs/b.json", "{ \"a\": \"{x | upper}\" }");
    project.run(&["lint", "--fix", "--unsafe"]).ends(1).says("nothing to fix\n");
    assert_eq!(project.read("specs/b.json"), "{ \"a\": \"{x | upper}\" }");
}

#[test]
fn of_two_misspellings_of_one_key_one_is_mended() {
    // With both renamed the key would be there twice, which is no TOML.
    let text = clash().replace("/ping\"", "/{name | upper}\"");
    let project = Project::with(&text);
    let said = project.run(&["lint", "--fix", "--unsafe"]).ends(1);
    assert!(said.out.contains("no key named `desciption` here"), "{}", said.out);
    assert!(said.out.contains("fixed 2 findings in 1 file\n"), "{}", said.out);
    assert_eq!(project.read("specs/a.toml"), text.replace("upper", "uppercase").replace("descripton", "description"));
    let broken = format!("{text}\nx = \n");
    project.write("specs/a.toml", &broken);
    project.run(&["lint", "--fix", "--unsafe"]).ends(1).says("nothing to fix");
    assert_eq!(project.read("specs/a.toml"), broken);
}

#[test]
fn a_patch_is_shown_and_applies() {
    let spec = PLAIN.replace("/ping\"", "/é/{name | upper}\"").replace('\n', "\r\n");
    let project = Project::new()
        .file("specs/with space/ü.toml", &spec)
        .file("specs/b.toml", format!("{}{}", guess().trim_start(), "# no end of line"))
        .file("hookwright.toml", "[lint]\nunknown-ky = \"info\"");
    let none = project.run(&["lint", "--diff"]).ends(1);
    assert_eq!(none.out, "");
    assert_eq!(none.err, "note: nothing to fix; --unsafe would fix 3 findings\n");
    let said = project.run(&["lint", "--diff", "--unsafe"]).ends(1);
    assert_eq!(said.err, "note: would fix 3 findings in 3 files\n");
    assert!(
        said.out.starts_with("--- a/hookwright.toml\n+++ b/hookwright.toml\n@@ -1,2 +1,2 @@\n [lint]\n-unknown-ky"),
        "{}",
        said.out
    );
    assert_eq!(project.read("specs/with space/ü.toml"), spec, "nothing is written");
    let colored = project.run(&["lint", "--diff", "--unsafe", "--color", "always", "--quiet"]).ends(1);
    assert!(colored.out.contains("\u{1b}[31m-unknown-ky") && colored.err.is_empty(), "{}", colored.out);
    assert_eq!(project.run(&["lint", "--fix", "--diff", "--unsafe"]).out, said.out);
    patch(&project, &said.out).expect("it applies");
    let patched = ["hookwright.toml", "specs/b.toml", "specs/with space/ü.toml"].map(|path| project.read(path));
    project.write("specs/with space/ü.toml", &spec);
    project.write("specs/b.toml", format!("{}{}", guess().trim_start(), "# no end of line"));
    project.write("hookwright.toml", "[lint]\nunknown-ky = \"info\"");
    project.run(&["lint", "--fix", "--unsafe"]);
    let fixed = ["hookwright.toml", "specs/b.toml", "specs/with space/ü.toml"].map(|path| project.read(path));
    assert_eq!(patched, fixed);
}

#[test]
fn a_patch_shows_no_secret_and_applies_all_the_same() {
    let case = "[[case]]\nname = \"x\"\n[case.given]\nsecret = { k = \"hush-hush\" }\nusre = { a = 1 }\n";
    let spec = format!("{}{case}", PLAIN.replace("/ping\"", "/{name | upper}\""));
    let project =
        Project::with(&spec.replace("usre", "user")).file("specs/c.toml", spec.replace("[case.given]", "[case.givn]"));
    let said = project.run(&["lint", "--diff", "--unsafe"]).says_not("hush-hush");
    assert!(said.out.contains("-[case.givn]\n+[case.given]\n"), "{}", said.out);
    patch(&project, &said.out).expect("it applies");
    project.run(&["lint", "--diff", "--unsafe"]).says("nothing to fix");
    let inline = format!("{PLAIN}[[case]]\nname = \"x\"\ngvien = {{ secret = {{ k = \"hush-hush\" }} }}\n");
    let project = Project::with(&inline);
    let said =
        project.run(&["lint", "--diff", "--unsafe"]).says_not("hush-hush").says("does not apply there, but `--fix` does");
    assert!(said.out.contains("+given = { secret = { k = \"••••••••\" } }"), "{}", said.out);
    assert!(patch(&project, &said.out).is_err());
}

#[test]
fn a_patch_leaves_the_exit_code_to_the_files_as_they_are() {
    let warning = Project::with(&PLAIN.replace("/ping\"", "/{usr.name}\""));
    warning.run(&["lint", "--diff", "--unsafe"]).ends(0).says("+url = \"https://ping.example.com/{user.name}\"");
    warning.run(&["lint", "--diff", "--unsafe", "--deny-warnings"]).ends(1);
    warning.run(&["lint", "--fix", "--unsafe", "--deny-warnings"]).ends(0);
}

#[test]
fn reports_for_machines_hold_what_is_left() {
    let project = Project::with(&clash().replace("/ping\"", "/{name | shout}\""));
    let left = project.run(&["lint", "--fix", "--unsafe", "--format", "json"]).ends(1).json();
    let lints: Vec<_> = left.as_array().expect("a list").iter().map(|found| found["lint"].clone()).collect();
    assert_eq!(lints, ["unknown-key", "unknown-filter"], "renamed, the key would be there twice");
    let mended = clash().replace("descripton", "description");
    assert_eq!(project.read("specs/a.toml"), mended.replace("/ping\"", "/{name | shout}\""));
    let project = Project::with(&PLAIN.replace("/ping\"", "/{name | upper}/{name | shout}\""));
    let left = project.run(&["lint", "--fix", "--unsafe", "--format", "json"]).ends(1).json();
    assert_eq!(left.as_array().map(Vec::len), Some(1));
    let at = project.read("specs/a.toml").find("shout").expect("it stays");
    assert_eq!(left[0]["span"]["start"]["offset"], at, "places are those of the new text");
    assert_eq!(project.run(&["lint", "--fix", "--quiet"]).out.lines().last(), Some(""));
}

#[test]
fn wrong_use_is_told() {
    let project = Project::plain("");
    project.run(&["lint", "--unsafe"]).ends(2).says("--fix");
    project.run(&["lint", "--diff", "--format", "json"]).ends(2).says("`--diff` prints a patch");
    project.run(&["lint", "--fix", "--format", "sarif"]).ends(0);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_told_and_the_rest_is_written() {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    let spec = PLAIN.replace("/ping\"", "/{name | upper}\"");
    let project = Project::with(&spec).file("specs/b.toml", &spec).file("real/c.toml", &spec);
    symlink("../real/c.toml", project.path("specs/c.toml")).expect("a link");
    let mode = |path: &str, mode: u32| {
        fs::set_permissions(project.path(path), fs::Permissions::from_mode(mode)).expect("permissions");
    };
    mode("specs/a.toml", 0o444);
    mode("specs/b.toml", 0o640);
    let said = project.run(&["lint", "--fix", "--unsafe"]).ends(2);
    assert!(said.err.contains("error: `specs/a.toml` cannot be written: it is read-only"), "{}", said.err);
    assert!(said.out.contains("3 specs: 1 error\nfixed 2 findings in 2 files\n"), "{}", said.out);
    assert!(said.out.contains(" --> specs/a.toml:5:"), "what is on disk is reported: {}", said.out);
    assert_eq!(project.read("specs/a.toml"), spec);
    assert_eq!(project.read("specs/b.toml"), spec.replace("upper", "uppercase"));
    assert_eq!(project.read("real/c.toml"), spec.replace("upper", "uppercase"));
    assert!(fs::symlink_metadata(project.path("specs/c.toml")).expect("a link").is_symlink());
    assert_eq!(fs::metadata(project.path("specs/b.toml")).expect("a file").permissions().mode() & 0o777, 0o640);
    assert_eq!(project.files("real"), ["real/c.toml"], "nothing is left beside it");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_project_is_not_followed() {
    let spec = PLAIN.replace("/ping\"", "/{name | upper}\"");
    let elsewhere = Project::with(&spec);
    let project = Project::plain("");
    std::os::unix::fs::symlink(elsewhere.path("specs/a.toml"), project.path("specs/b.toml")).expect("a link");
    let said = project.run(&["lint", "--fix", "--unsafe"]).ends(2);
    assert!(said.err.contains("`specs/b.toml` leads out of the project, so it is left as it is"), "{}", said.err);
    assert_eq!(elsewhere.read("specs/a.toml"), spec);
}

#[cfg(unix)]
#[test]
fn a_file_without_changes_is_not_touched() {
    use std::os::unix::fs::MetadataExt;
    let project = Project::plain("").file("specs/b.toml", PLAIN.replace("/ping\"", "/{name | upper}\""));
    let inode = |path: &str| std::fs::metadata(project.path(path)).expect("a file").ino();
    let before = [inode("specs/a.toml"), inode("specs/b.toml")];
    project.run(&["lint", "--fix", "--unsafe"]).ends(0);
    let after = [inode("specs/a.toml"), inode("specs/b.toml")];
    assert!(before[0] == after[0] && before[1] != after[1], "only the changed file is a new one");
}
