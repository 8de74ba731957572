//! What `[lint]` in manifest and spec and the flags of `lint` make of a finding.

use super::support::{PLAIN, Project};

/// A warning, an error and no more.
fn spec() -> String {
    PLAIN.replace("/ping\"", "/{usr.name}/{name | upper}\"")
}

#[test]
fn the_command_line_goes_over_spec_and_manifest() {
    let project = Project::with(&format!("{}[lint]\nunknown-context = \"allow\"\n", spec()))
        .file("hookwright.toml", "[lint]\nunknown-filter = \"warn\"\n");
    project.run(&["lint"]).ends(0).says("1 spec: 1 warning\n");
    project.run(&["lint", "--deny", "unknown-filter"]).ends(1).says("1 spec: 1 error\n");
    project.run(&["lint", "--deny", "unknown-context"]).ends(1).says("1 spec: 1 error, 1 warning\n");
    project.run(&["lint", "--deny", "unknown-context,unknown-filter"]).ends(1).says("1 spec: 2 errors\n");
    project.run(&["lint", "--allow", "unknown-filter"]).ends(0).says("nothing to complain about");
}

#[test]
fn the_last_one_for_a_name_counts() {
    let project = Project::with(&spec());
    let both = ["unknown-context", "unknown-filter"];
    let run = |flags: &[&str]| project.run(&[&["lint"], flags].concat());
    run(&["--allow", both[0], "--deny", both[0]]).ends(1).says("2 errors");
    run(&["--deny", both[0], "--allow", both[0]]).ends(1).says("1 spec: 1 error\n");
    run(&["--deny", "unknown-context,unknown-filter", "--allow", "unknown-filter,unknown-context"]).ends(0);
    run(&["--allow", "unknown-filter", "--deny", "unknown-filter", "--allow", "unknown-filter"]).ends(0);
}

#[test]
fn a_name_that_no_lint_has_is_wrong_use() {
    let project = Project::with(&spec());
    project
        .run(&["lint", "--allow", "unknown-filtre"])
        .ends(2)
        .says("no lint named `unknown-filtre`; did you mean `unknown-filter`?");
    project.run(&["lint", "--deny", "zzz"]).ends(2).says("no lint named `zzz`; `hookwright explain` lists them");
    project.run(&["lint", "--deny", "unknown-filter,"]).ends(2).says("no lint named ``");
}

#[test]
fn findings_in_the_manifest_obey_too() {
    let project = Project::plain("").file("hookwright.toml", "[project]\nspces = []\n[lint]\nnothing = \"allow\"\n");
    project.run(&["lint"]).ends(1).says("error[unknown-key]").says("warning[broken-suppression]");
    project.run(&["lint", "--allow", "unknown-key"]).ends(0).says("warning[broken-suppression]");
    project.run(&["lint", "--allow", "unknown-key", "--deny", "broken-suppression"]).ends(1);
    project.run(&["lint", "--allow", "unknown-key,broken-suppression"]).ends(0).says("nothing to complain about");
}

#[test]
fn what_is_allowed_is_no_longer_expected() {
    let project = Project::with(&format!("expect_lints = [\"unknown-filter\"]\n{}", spec().replace("usr", "user")));
    project.run(&["lint"]).ends(0);
    project.run(&["lint", "--allow", "unknown-filter"]).ends(0).says("nothing to complain about");
    project.run(&["lint", "--deny", "unknown-filter"]).ends(0);
}

#[test]
fn a_level_may_have_a_reason() {
    let lint = "[lint]\nunknown-filter = { level = \"allow\", reason = \"an older bot\" }\nunknown-context = { level = \"error\" }\n";
    Project::with(&format!("{}{lint}", spec()))
        .run(&["lint"])
        .ends(1)
        .says("1 spec: 1 error\n")
        .says("error[unknown-context]");
    Project::with(&spec()).file("hookwright.toml", lint).run(&["lint"]).ends(1).says("1 spec: 1 error\n");
}

#[test]
fn what_is_wrong_with_a_level_is_told_at_its_place() {
    for (line, told) in [
        (
            "unknown-filtr = \"allow\"",
            &["warning[broken-suppression]: no lint named `unknown-filtr`", "did you mean `unknown-filter`?"][..],
        ),
        (
            "unknown-filter = \"alow\"",
            &[
                "error[wrong-type]: expected \"allow\", \"info\", \"warn\" or \"error\", found `alow`",
                "did you mean `allow`?",
            ],
        ),
        ("unknown-filter = 3", &["found a whole number"]),
        ("unknown-filter = { level = \"deny\" }", &["found `deny`"]),
        ("unknown-filter = { level = \"allow\", reason = 3 }", &["error[wrong-type]: expected text, found a whole number"]),
        ("unknown-filter = { reason = \"x\" }", &["error[missing-key]", "needs the key `level`"]),
        ("unknown-filter = { level = \"allow\", reson = \"x\" }", &["error[unknown-key]", "did you mean `reason`?"]),
    ] {
        let in_spec = Project::plain(&format!("[lint]\n{line}\n"));
        let in_manifest = Project::plain("").file("hookwright.toml", format!("[lint]\n{line}\n"));
        for (project, path) in [(in_spec, "specs/a.toml:"), (in_manifest, "hookwright.toml:2:")] {
            let said = project.run(&["lint"]).says(path);
            told.iter().for_each(|part| assert!(said.out.contains(part), "{line}: {}", said.out));
        }
    }
}

#[test]
fn a_misspelt_lint_can_be_mended() {
    let project = Project::plain("[lint]\nunknown-filtr = \"allow\"\n");
    project.run(&["lint", "--fix", "--unsafe"]).ends(0).says("fixed 1 finding in 1 file");
    assert!(project.read("specs/a.toml").ends_with("unknown-filter = \"allow\"\n"));
}
