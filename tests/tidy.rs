//! The rules of the design that no compiler holds: who may use whom, what may stand where, and how long a file is.

mod code;

use std::fs;
use std::path::{Path, PathBuf};

use code::{is_name_character, names, without_tests};

/// What sees everything.
const ABOVE_ALL: [&str; 3] = ["lib", "main", "cli"];

/// A name that stands in some places only, besides those that see everything: a crate, or a part of the standard library.
const CONFINED: [(&str, &[&str]); 10] = [
    ("toml::", &["src/spec/", "src/dialect/"]),
    ("pest::", &["src/dialect/", "src/selector/"]),
    ("pest_derive::", &["src/dialect/", "src/selector/"]),
    ("roxmltree::", &["src/selector/xml/"]),
    ("tokio::", &["src/run/", "src/mock/", "src/server/"]),
    ("reqwest::", &["src/run/", "src/mock/"]),
    ("wiremock::", &["src/run/", "src/mock/"]),
    ("hyper::", &["src/run/", "src/mock/", "src/server/"]),
    ("axum::", &["src/server/"]),
    ("std::fs", &["src/suite/snapshot", "src/server/journal"]),
];

/// What never stands in code that is shipped.
const FORBIDDEN: [&str; 4] = ["todo!", "unimplemented!", "dbg!", ".unwrap()"];

const MAX_LINES: usize = 450;

/// A source file: its path below the package, its text, and its code without tests.
struct File {
    path: String,
    text: String,
    code: String,
}

impl File {
    /// `filter` for `src/filter/case.rs`, `lib` for `src/lib.rs`.
    fn module(&self) -> &str {
        let below = &self.path["src/".len()..];
        below.split('/').next().unwrap_or(below).trim_end_matches(".rs")
    }

    /// How many modules it lies below the crate: `src/filter/mod.rs` one, `src/filter/case.rs` two.
    fn depth(&self) -> usize {
        let below = self.path["src/".len()..].trim_end_matches(".rs").trim_end_matches("/mod");
        below.split('/').count()
    }

    fn line_of(&self, offset: usize) -> usize {
        self.code[..offset].matches('\n').count() + 1
    }
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn walk(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(&path, extension, found);
        } else if path.extension().is_some_and(|known| known == extension) {
            found.push(path);
        }
    }
    found.sort();
}

fn relative(path: &Path) -> String {
    let below = path.strip_prefix(package()).expect("a path in the package");
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Every source file that is shipped: files of test modules are left out.
fn files() -> Vec<File> {
    let mut paths = Vec::new();
    walk(&package().join("src"), "rs", &mut paths);
    let (mut files, mut test_modules) = (Vec::new(), Vec::new());
    for path in paths {
        let text = fs::read_to_string(&path).expect("a readable file");
        let (code, modules) = without_tests(&code::code(&text));
        let path = relative(&path);
        let folder = path.trim_end_matches(".rs").trim_end_matches("/mod").trim_end_matches("/lib").to_string();
        test_modules.extend(modules.into_iter().map(|name| format!("{folder}/{name}")));
        files.push(File { path, text, code });
    }
    let is_test = |file: &File| {
        test_modules.iter().any(|module| file.path == format!("{module}.rs") || file.path.starts_with(&format!("{module}/")))
    };
    files.retain(|file| !is_test(file));
    assert!(files.len() > 50, "the source files are found");
    files
}

fn fail_on(broken: Vec<String>, rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

/// Every module that a file names, with the line.
fn used_modules(file: &File) -> Vec<(usize, String)> {
    let mut used = Vec::new();
    for (at, mark) in file.code.match_indices("crate::") {
        if !file.code[..at].ends_with(is_name_character) {
            used.extend(heads(&file.code[at + mark.len()..]).into_iter().map(|name| (file.line_of(at), name)));
        }
    }
    let to_the_crate = "super::".repeat(file.depth());
    for (at, mark) in file.code.match_indices(&to_the_crate) {
        used.extend(heads(&file.code[at + mark.len()..]).into_iter().map(|name| (file.line_of(at), name)));
    }
    used
}

/// The first name of a path, or of each path in braces.
fn heads(code: &str) -> Vec<String> {
    let name = |code: &str| code.trim_start().chars().take_while(|c| is_name_character(*c)).collect::<String>();
    let Some(group) = code.trim_start().strip_prefix('{') else { return vec![name(code)] };
    let (mut depth, mut heads, mut start) = (0, Vec::new(), 0);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                heads.push(name(&group[start..at]));
                start = at + 1;
                if character == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

/// The modules in the order of `lib.rs`, which is the reading order: each may use those before it.
fn layers() -> Vec<String> {
    let text = fs::read_to_string(package().join("src/lib.rs")).expect("a readable file");
    let module = |line: &str| line.trim().strip_prefix("pub mod ")?.strip_suffix(';').map(str::to_string);
    let layers: Vec<String> = code::code(&text).lines().filter_map(module).collect();
    assert!(layers.len() > 10 && !layers.is_sorted(), "`lib.rs` lists the modules in reading order: {layers:?}");
    layers
}

#[test]
fn modules_use_only_those_above_them() {
    let layers = layers();
    let rank = |name: &str| layers.iter().position(|known| known == name);
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| !ABOVE_ALL.contains(&file.module())) {
        let Some(own) = rank(file.module()) else {
            broken.push(format!("{}: `{}` has no rank", file.path, file.module()));
            continue;
        };
        for (line, used) in used_modules(file) {
            let is_below = match rank(&used) {
                Some(rank) => rank > own,
                None => ABOVE_ALL.contains(&used.as_str()),
            };
            if is_below {
                broken.push(format!("{}:{line}: `{}` uses `{used}`, which comes after it", file.path, file.module()));
            }
        }
    }
    fail_on(broken, "a module may use only those before it in reading order");
}

#[test]
fn crates_stand_where_they_belong() {
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| !ABOVE_ALL.contains(&file.module())) {
        for (name, places) in CONFINED {
            let uses = file.code.match_indices(name).filter(|(at, _)| !file.code[..*at].ends_with(is_name_character));
            if !places.iter().any(|place| file.path.starts_with(place)) {
                broken.extend(uses.map(|(at, _)| format!("{}:{}: `{name}`", file.path, file.line_of(at))));
            }
        }
        let is_grammar = file.path.ends_with("/grammar.rs") || file.path.contains("/grammar/");
        if file.code.contains("pest::") && !is_grammar {
            broken.push(format!("{}: pest outside of a grammar module", file.path));
        }
    }
    fail_on(broken, "a crate has its modules");
}

#[test]
fn platforms_are_named_only_in_their_dialects() {
    const PLATFORMS: [&str; 3] = ["opendialog", "vonage", "verboo"];
    let mut broken = Vec::new();
    let may = |file: &File| ["dialect", "cli"].contains(&file.module());
    for file in files().iter().filter(|file| !may(file)) {
        for (line, name) in names(&file.code) {
            let lower = name.to_ascii_lowercase();
            if PLATFORMS.iter().any(|platform| lower.contains(platform)) {
                broken.push(format!("{}:{line}: `{name}`", file.path));
            }
        }
    }
    fail_on(broken, "a platform is named in code outside of `dialect` and `cli`");
}

#[test]
fn dialects_do_not_know_each_other() {
    const DIALECTS: [&str; 4] = ["opendialog", "opendialog_legacy", "vonage", "verboo"];
    let of_dialect = |file: &File| DIALECTS.into_iter().find(|own| file.path.starts_with(&format!("src/dialect/{own}/")));
    let mut broken = Vec::new();
    for (file, own) in files().iter().filter_map(|file| Some((file, of_dialect(file)?))) {
        let others = names(&file.code).filter(|(_, name)| *name != own && DIALECTS.contains(&&**name));
        broken.extend(others.map(|(line, name)| format!("{}:{line}: `{name}`", file.path)));
    }
    fail_on(broken, "a change of one dialect's folder could break another's tests");
}

#[test]
fn files_are_short() {
    let long = files().into_iter().filter(|file| file.text.lines().count() > MAX_LINES);
    let broken = long.map(|file| format!("{}: {} lines", file.path, file.text.lines().count())).collect();
    fail_on(broken, &format!("a file has more than {MAX_LINES} lines"));
}

#[test]
fn nothing_unfinished_is_shipped() {
    let mut broken = Vec::new();
    for file in files() {
        for word in FORBIDDEN {
            let found = file.code.match_indices(word);
            broken.extend(found.map(|(at, _)| format!("{}:{}: `{word}`", file.path, file.line_of(at))));
        }
    }
    fail_on(broken, "unfinished code, or code that panics");
}

/// The pages beside the manifest, and those in `docs`.
fn pages() -> Vec<PathBuf> {
    let entries = fs::read_dir(package()).expect("the package");
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    let docs = package().join("docs");
    if docs.is_dir() {
        walk(&docs, "md", &mut pages);
    }
    pages
}

/// Documentation speaks to users: not of how the work was done, nor of folders that they do not have.
#[test]
fn documentation_speaks_to_users() {
    const PHRASES: [&str; 7] =
        ["this issue", "the issue says", "this session", "earlier session", "/work/", "shared/contract", "shared/design"];
    let mut broken = Vec::new();
    for path in pages() {
        let text = fs::read_to_string(&path).expect("a readable file").to_lowercase();
        for (index, line) in text.lines().enumerate() {
            let found = PHRASES.iter().filter(|phrase| line.contains(*phrase));
            broken.extend(found.map(|phrase| format!("{}:{}: `{phrase}`", relative(&path), index + 1)));
        }
    }
    fail_on(broken, "documentation that does not speak to users");
}
