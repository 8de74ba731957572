//! A look over the shoulder of every test that runs the program: no secret of its project stands in what it printed, or in
//! a snapshot that it wrote.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::support::{Project, Said};

/// Shorter ones stand in ordinary words.
const SHORTEST: usize = 8;

/// The values that are secret in a project: those that its files give, and those of the environment.
pub fn secrets(project: &Project, arguments: &[&str], variables: &[(&str, &str)]) -> BTreeSet<String> {
    // What the program does not read it cannot know again.
    let is_read = arguments.iter().any(|argument| matches!(*argument, "send" | "--live"));
    let mut found = BTreeSet::new();
    for path in plain_files(&project.path("")) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !name.ends_with(".toml") {
            continue;
        }
        let text = fs::read(&path).unwrap_or_default();
        let Ok(table) = String::from_utf8_lossy(&text).parse::<toml::Table>() else { continue };
        match name == ".hookwright-secrets.toml" {
            true if is_read => texts(&toml::Value::Table(table), &mut found),
            true => {}
            false => given(&toml::Value::Table(table), &mut found),
        }
    }
    let of_environment = variables.iter().filter(|(name, _)| is_read && name.starts_with("HOOKWRIGHT_SECRET_"));
    found.extend(of_environment.filter(|(name, _)| !name.ends_with("_FILE")).map(|(_, value)| value.to_string()));
    found.retain(|secret| secret.len() >= SHORTEST);
    found
}

/// Every text under a `secret` under a `given`.
fn given(value: &toml::Value, found: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                match (key.as_str(), value.get("secret")) {
                    ("given", Some(secrets)) => texts(secrets, found),
                    _ => given(value, found),
                }
            }
        }
        toml::Value::Array(items) => items.iter().for_each(|item| given(item, found)),
        _ => {}
    }
}

fn texts(value: &toml::Value, found: &mut BTreeSet<String>) {
    match value {
        toml::Value::String(text) => _ = found.insert(text.clone()),
        toml::Value::Table(table) => {
            table.iter().filter(|(key, _)| *key != "file").for_each(|(_, value)| texts(value, found))
        }
        _ => {}
    }
}

pub fn look(project: &Project, arguments: &[&str], secrets: &BTreeSet<String>, said: &Said) {
    if arguments.contains(&"--show-secrets") {
        return;
    }
    for secret in secrets {
        assert!(!said.out.contains(secret) && !said.err.contains(secret), "`{secret}` is in what {arguments:?} said");
    }
    for snapshot in plain_files(&project.path("snapshots")) {
        let text = fs::read(&snapshot).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let found = secrets.iter().find(|secret| text.contains(secret.as_str()));
        assert_eq!(found, None, "in {}", snapshot.display());
    }
}

/// Every file below a folder that is one: links may run in a circle, and a pipe never ends.
fn plain_files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found
}
