//! Which files are specs.

use super::support::{PLAIN, Project};

fn project() -> Project {
    Project::new()
        .file("specs/one.toml", PLAIN)
        .file("specs/deep/two.toml", PLAIN)
        .file("specs/deep/note.md", "# no spec")
        .file("specs/.hidden/three.toml", PLAIN)
        .file("snapshots/four.toml", PLAIN)
        .file("elsewhere/five.toml", PLAIN)
        .file("hookwright.toml", "")
}

#[test]
fn folders_globs_and_files() {
    for (paths, number) in [
        (&[][..], 2),
        (&["specs"], 2),
        (&["."], 3),
        (&["specs/deep"], 1),
        (&["specs/deep/"], 1),
        (&["./specs/../specs/deep"], 1),
        (&["specs/*.toml"], 1),
        (&["specs/**/*.toml"], 2),
        (&["**/t*.toml"], 1),
        (&["specs/{one,deep/two}.toml"], 2),
        (&["specs/one.toml", "specs/one.toml", "specs"], 2),
        (&["elsewhere/five.toml"], 1),
    ] {
        let arguments: Vec<&str> = ["lint"].iter().chain(paths).copied().collect();
        let noun = if number == 1 { "1 spec:".to_string() } else { format!("{number} specs:") };
        project().run(&arguments).ends(0).says(&noun);
    }
}

#[test]
fn what_is_never_a_spec() {
    for (path, why) in [
        ("hookwright.toml", "is the manifest"),
        ("specs/.hidden/three.toml", "is hidden"),
        ("specs/.hidden", "is hidden"),
        ("snapshots/four.toml", "lies among the snapshots"),
        ("snapshots", "lies among the snapshots"),
        ("/etc", "lies outside the project"),
        ("../x.toml", "lies outside the project"),
        ("specs/*/nothing*.toml", "there are no specs"),
        ("specs/[", "specs/["),
    ] {
        project().run(&["lint", path]).ends(2).says(why);
    }
}

#[test]
fn a_spec_elsewhere_has_its_path_below_the_root_as_id() {
    let case = "[[case]]\nname = \"x\"\nreply.status = 200\n";
    let project = project().file("elsewhere/five.toml", format!("{PLAIN}{case}"));
    project.run(&["test", "--update", "elsewhere"]).ends(0);
    assert!(project.exists("snapshots/elsewhere/five/x.snap"));
    // It is no orphan, though a run without paths does not meet it.
    project.write("specs/one.toml", format!("{PLAIN}{case}"));
    project.run(&["test", "--update"]).ends(0).says_not("belongs to no case");
    project.run(&["review", "--prune"]).ends(0);
    assert!(project.exists("snapshots/elsewhere/five/x.snap"));
    std::fs::remove_file(project.path("elsewhere/five.toml")).expect("removed");
    project.run(&["review", "--prune"]).ends(0).says("removed snapshots/elsewhere/five/x.snap");
    let moved = Project::new()
        .file("hookwright.toml", "[project]\nspecs = [\"./actions/\", \"more\"]\nsnapshots = \"approved\"\n")
        .file("actions/crm/a.toml", format!("{PLAIN}{case}"))
        .file("more/b.toml", format!("{PLAIN}{case}"));
    moved.approve();
    assert_eq!(moved.files("approved"), ["approved/b/x.snap", "approved/crm/a/x.snap"]);
}

#[test]
fn a_specs_folder_outside_the_project_is_refused() {
    let project = Project::plain("").file("hookwright.toml", "[project]\nspecs = [\"../..\"]\n");
    project.run(&["lint"]).ends(2).says("lies outside the project");
}

#[test]
fn other_dialects_are_told_apart_from_mistakes() {
    let with = |dialect: &str| Project::with(&format!("dialect = \"{dialect}\"\n{PLAIN}[[case]]\nname = \"x\"\n"));
    with("opendialog").run(&["lint"]).ends(0);
    with("opendialg").run(&["lint"]).ends(1).says("did you mean `opendialog`?");
    with("verboo").run(&["lint"]).ends(1).says("of the `opendialog` dialect");
    with("vonage").run(&["test"]).ends(1).says("of the `opendialog` dialect");
}
