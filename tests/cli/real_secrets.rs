//! Where the real values of secrets come from, and who never reads them.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use super::server::Server;
use super::support::{Project, Said, TICKET};

const FILE: &str = ".hookwright-secrets.toml";
const VARIABLE: &str = "HOOKWRIGHT_SECRET_API_KEY";

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

/// The ticket action with a secrets file that only its owner can read.
fn project(secrets: &str) -> Project {
    let project = Project::with(TICKET).file(FILE, secrets);
    set_mode(&project.path(FILE), 0o600);
    project
}

fn send(project: &Project, server: &Server, variables: &[(&str, &str)]) -> Said {
    project.run_with(&["send", "specs/a.toml", "--base-url", &server.url()], variables)
}

/// The key that the service got.
fn key(project: &Project, variables: &[(&str, &str)]) -> String {
    let server = Server::json(200, "{}");
    let said = send(project, &server, variables).ends(0);
    let header = server.only().header("Authorization").expect("a header").to_string();
    let key = header.trim_start_matches("Bearer ").to_string();
    assert!(!said.all().contains(&key), "{}", said.all());
    key
}

/// Why nothing could be sent.
fn refused(project: &Project) -> String {
    let server = Server::json(200, "{}");
    let said = send(project, &server, &[]).ends(2).says_not("k-secret-1");
    assert_eq!(server.requests().len(), 0);
    said.err
}

#[test]
fn the_environment_comes_before_the_file() {
    let both = project("api_key = \"from-the-file\"");
    assert_eq!(key(&both, &[]), "from-the-file");
    assert_eq!(key(&both, &[(VARIABLE, "from-the-environment")]), "from-the-environment");
    assert_eq!(key(&both, &[(VARIABLE, "")]), "from-the-file", "an empty variable counts as absent");
    let path = both.path("key.txt");
    fs::write(&path, "from-a-mounted-file\n").expect("a file");
    let named = (format!("{VARIABLE}_FILE"), path.to_string_lossy().into_owned());
    assert_eq!(key(&both, &[(&named.0, &named.1)]), "from-a-mounted-file");
    assert_eq!(key(&both, &[(&named.0, &named.1), (VARIABLE, "from-the-environment")]), "from-the-environment");
}

#[test]
fn an_empty_value_is_none_wherever_it_stands() {
    let server = Server::json(200, "{}");
    let empty = project("api_key = \"\"");
    fs::write(empty.path("empty.txt"), "\n").expect("a file");
    let named = (format!("{VARIABLE}_FILE"), empty.path("empty.txt").to_string_lossy().into_owned());
    for variables in [&[][..], &[(&*named.0, &*named.1)]] {
        send(&empty, &server, variables).ends(1).says("the secret `api_key` has no value");
    }
    let of_file = project("api_key = { file = \"empty.txt\" }").file("empty.txt", "\n");
    send(&of_file, &server, &[]).ends(1).says("the secret `api_key` has no value");
    assert_eq!(server.requests().len(), 0);
    let written = project("api_key = \"from-the-file\"").file("empty.txt", "");
    assert_eq!(key(&written, &[(&named.0, &written.path("empty.txt").to_string_lossy())]), "from-the-file");
}

#[test]
fn prefix_and_file_are_the_manifests() {
    let manifest = "[secrets]\nnames = [\"api_key\"]\nenv_prefix = \"MY_\"\nfile = \"private/values.toml\"\n";
    let project =
        Project::with(TICKET).file("hookwright.toml", manifest).file("private/values.toml", "api_key = \"of-mine\"");
    set_mode(&project.path("private/values.toml"), 0o600);
    assert_eq!(key(&project, &[(VARIABLE, "not-this-one")]), "of-mine");
    assert_eq!(key(&project, &[("MY_API_KEY", "with-my-prefix")]), "with-my-prefix");
    project.write("private/values.toml", "");
    let server = Server::json(200, "{}");
    let said = send(&project, &server, &[]).ends(1);
    for part in ["secret-missing", "`api_key`", "`MY_API_KEY`", "`MY_API_KEY_FILE`", "`private/values.toml`"] {
        assert!(said.out.contains(part), "{part} is not in: {}", said.out);
    }
    fs::remove_file(project.path("private/values.toml")).expect("removed");
    send(&project, &server, &[]).ends(1).says("`private/values.toml` (there is none)");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn what_stands_where_a_path_belongs_is_not_quoted() {
    let variable = format!("{VARIABLE}_FILE");
    let server = Server::json(200, "{}");
    let line = "-----BEGIN PRIVATE KEY-----\nk-secret-1";
    for value in ["k-secret-1", line, &"k-secret-1".repeat(1000)] {
        let said = send(&Project::with(TICKET), &server, &[(&variable, value)]).ends(2).says_not("k-secret-1");
        assert!(said.err.contains(&format!("`{variable}`")), "{}", said.err);
    }
    let said = refused(&project("api_key = { file = \"k-secret-1\" }"));
    assert!(said.contains("`api_key`") && said.contains("does not exist"), "{said}");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_variable_of_another_secret_names_no_file() {
    let manifest = "[secrets]\nnames = [\"api_key\", \"api_key_file\"]\n";
    let project = project("api_key = \"from-the-file\"").file("hookwright.toml", manifest);
    let others = format!("{VARIABLE}_FILE");
    assert_eq!(key(&project, &[(&others, "the-other-secret")]), "from-the-file");
    project.write(FILE, "");
    let server = Server::json(200, "{}");
    let said = send(&project, &server, &[(&others, "the-other-secret")]).ends(1).says("secret-missing");
    said.says(&format!("looked at the environment variable `{VARIABLE}` and at")).says_not("the-other-secret");
}

#[test]
fn values_may_be_numbers_base64_or_files() {
    assert_eq!(key(&project("api_key = 123456"), &[]), "123456");
    assert_eq!(key(&project("api_key = { base64 = \"a2V5LWluLWJhc2U2NA==\" }"), &[]), "key-in-base64");
    let of_file = project("api_key = { file = \"keys/a.txt\" }").file("keys/a.txt", "key-in-a-file\r\n");
    assert_eq!(key(&of_file, &[]), "key-in-a-file");
    of_file.write("keys/a.txt", b"\xff\xfe\xfd");
    assert_eq!(key(&of_file, &[]), "//79");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_refused() {
    let open = project("api_key = \"k-secret-1\"");
    for mode in [0o640, 0o604, 0o660, 0o666, 0o610] {
        set_mode(&open.path(FILE), mode);
        let said = refused(&open);
        assert!(said.contains(&format!("{mode:o}")) && said.contains("chmod 600 ") && said.contains(FILE), "{said}");
    }
    for mode in [0o600, 0o400, 0o700] {
        set_mode(&open.path(FILE), mode);
        assert_eq!(key(&open, &[]), "k-secret-1");
    }
    // The mode is that of the file, not of a link to it.
    fs::rename(open.path(FILE), open.path("real.toml")).expect("renamed");
    std::os::unix::fs::symlink("real.toml", open.path(FILE)).expect("a link");
    assert_eq!(key(&open, &[]), "k-secret-1");
    set_mode(&open.path("real.toml"), 0o644);
    assert!(refused(&open).contains("chmod 600"));
}

#[test]
fn what_is_no_secrets_file_is_refused() {
    for (contents, why) in [
        ("api_key = \"k-secret-1", "not TOML: line 1"),
        ("api_key = k-secret-1", "not TOML: line 1"),
        ("a = 1\na = \"k-secret-1\"", "not TOML: line 2"),
        ("other = true", "a wrong value for `other`"),
        ("api_key = [\"k-secret-1\"]", "a wrong value for `api_key`"),
        ("[api_key]\nvalue = \"k-secret-1\"", "a wrong value for `api_key`"),
        ("api_key = { base64 = \"k-secret-1!\" }", "a wrong value for `api_key`"),
        ("api_key = { file = \"none.p12\" }", "does not exist"),
        ("api_key = { file = \"specs\" }", "is a folder"),
    ] {
        let said = refused(&project(contents));
        assert!(said.contains(why), "{contents}: {said}");
    }
    let large = format!("api_key = \"k-secret-1\"\n#{}", "x".repeat(1 << 20));
    assert!(refused(&project(&large)).contains("too large"));
    let folder = Project::with(TICKET);
    fs::create_dir(folder.path(FILE)).expect("a folder");
    assert!(refused(&folder).contains("is a folder, not a file"));
    let binary = Project::with(TICKET).file(FILE, b"a = \"\xff\"");
    set_mode(&binary.path(FILE), 0o600);
    assert!(refused(&binary).contains("not UTF-8"));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_and_not_waited_for() {
    let project = Project::with(TICKET);
    let made = std::process::Command::new("mkfifo").arg(project.path(FILE)).stderr(Stdio::null()).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: there is no `mkfifo`");
        return;
    }
    assert!(refused(&project).contains("is not a file"));
}

/// Neither a poisoned environment nor a poisoned file changes what `lint`, `test` and `render` say.
#[test]
fn nothing_but_real_sending_reads_them() {
    let manifest = "[secrets]\nnames = [\"api_key\", \"other\"]\n";
    let spec = TICKET.replace("given.secret.api_key = \"k-12345678\"\n", "");
    let cases = "[[case]]\nname = \"one\"\nreply.json = { data = { id = 7 }, you = \"k-secret-1\" }\n";
    let commands: [&[&str]; 4] = [
        &["lint"],
        &["test", "--format", "json"],
        &["render", "specs/a.toml", "--show-secrets"],
        &["render", "specs/a.toml", "--show-secrets", "--format", "json"],
    ];
    let said = |file: Option<&str>, variables: &[(&str, &str)]| {
        let project = Project::with(&format!("{spec}{cases}")).file("hookwright.toml", manifest);
        if let Some(file) = file {
            project.write(FILE, file);
            set_mode(&project.path(FILE), 0o666);
        }
        let mut all: Vec<(i32, String)> = Vec::new();
        for command in commands {
            let said = project.run_with(command, variables);
            let durations = said.all().lines().filter(|line| !line.contains("duration_ms")).collect::<Vec<_>>().join("\n");
            all.push((said.code, durations));
        }
        all
    };
    let clean = said(None, &[]);
    assert!(clean[2].1.contains("test-api_key"), "{}", clean[2].1);
    for file in ["api_key = \"k-secret-1\"", "not TOML"] {
        assert_eq!(said(Some(file), &[(VARIABLE, "k-secret-1"), ("HOOKWRIGHT_SECRET_OTHER", "k-secret-1")]), clean);
    }
}

#[test]
fn no_log_level_shows_a_secret() {
    let server = Server::json(200, r#"{"you":"k-secret-1"}"#);
    let project = project("api_key = \"k-secret-1\"");
    let variables = [("RUST_LOG", "trace"), ("RUST_BACKTRACE", "full"), ("SSLKEYLOGFILE", "keys.log")];
    for arguments in [vec!["--base-url", &server.url()], vec!["--base-url", "http://127.0.0.1:1"]] {
        for format in ["human", "json"] {
            let all: Vec<&str> = ["send", "specs/a.toml", "--format", format].iter().chain(&arguments).copied().collect();
            project.run_with(&all, &variables).says_not("k-secret-1");
        }
    }
    assert_eq!(server.requests()[0].header("Authorization"), Some("Bearer k-secret-1"));
    assert!(!project.exists("keys.log"));
}

#[test]
fn an_action_without_secrets_reads_no_file() {
    let server = Server::json(200, "{}");
    let project = Project::with(super::support::PLAIN).file(FILE, "not TOML");
    project.run(&["send", "specs/a.toml", "--base-url", &server.url()]).ends(0);
}
