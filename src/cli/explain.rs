//! `hookwright explain`: the pages of everything that has a name.

use std::fmt::Write;

use hookwright::check::Catalogue;
use hookwright::diagnostic::did_you_mean;
use hookwright::dialect::{self, DIALECTS};
use hookwright::eval::ErrorKind;
use hookwright::filter::FILTERS;
use hookwright::spec::keys::{COMMON, Section};

use super::arguments::Explain;
use super::output::print;
use super::{Ending, Refusal};

/// Something that can be explained.
struct Entry {
    name: &'static str,
    kind: String,
    summary: &'static str,
    page: String,
}

pub fn run(explain: &Explain) -> Result<Ending, Refusal> {
    let entries = entries();
    let Some(name) = &explain.name else {
        print(&list(&entries));
        return Ok(Ending::Well);
    };
    let found: Vec<&Entry> = entries.iter().filter(|entry| entry.is_named(name)).collect();
    if found.is_empty() {
        let key = name.rsplit_once('.').map_or(name.as_str(), |(_, key)| key);
        let help = did_you_mean(key, entries.iter().map(|entry| entry.name)).unwrap_or_default();
        return Err(format!("nothing is named `{name}`; `hookwright explain` lists what is named; {help}")
            .trim_end_matches([' ', ';'])
            .into());
    }
    let pages: Vec<String> = found.iter().map(|entry| page(entry)).collect();
    print(&pages.join("\n"));
    Ok(Ending::Well)
}

impl Entry {
    /// By its name, or as a key by table and name: `reply.delay`.
    fn is_named(&self, name: &str) -> bool {
        match name.rsplit_once('.') {
            None => self.name == name,
            Some((table, key)) => {
                let title = self.kind.trim_start_matches("key of ").replace(['`', '[', ']'], "");
                let is_key = self.kind.starts_with("key of ") && self.name == key;
                is_key && format!(".{}", title.split(" (").next().unwrap_or_default()).ends_with(&format!(".{table}"))
            }
        }
    }
}

fn page(entry: &Entry) -> String {
    let mut page = format!("# {} ({})\n\n{}\n", entry.name, entry.kind, entry.summary);
    if !entry.page.trim().is_empty() {
        let _ = write!(page, "\n{}\n", entry.page.trim());
    }
    page
}

fn list(entries: &[Entry]) -> String {
    let mut text = String::new();
    let mut kind = "";
    for entry in entries {
        if entry.kind != kind {
            let _ = writeln!(text, "{}{}", if kind.is_empty() { "" } else { "\n" }, entry.kind);
            kind = &entry.kind;
        }
        let _ = writeln!(text, "  {:<28} {}", entry.name, entry.summary);
    }
    text
}

fn entries() -> Vec<Entry> {
    let mut entries = Vec::new();
    for lint in Catalogue::new(dialect::lint_sets()).lints() {
        let page = format!("Default severity: {}.\n\n{}", lint.severity.word(), lint.page.trim());
        entries.push(Entry { name: lint.name, kind: "lint".into(), summary: lint.summary, page });
    }
    for filter in FILTERS {
        let kind = "filter".to_string();
        entries.push(Entry { name: filter.name, kind, summary: filter.summary, page: filter.page.into() });
    }
    for dialect in DIALECTS {
        for assumption in dialect.assumptions {
            entries.push(Entry {
                name: assumption.name,
                kind: format!("assumption of {}", dialect.name),
                summary: assumption.summary,
                page: assumption.page.into(),
            });
        }
    }
    for (_, name, summary) in ErrorKind::ALL {
        entries.push(Entry { name, kind: "error kind".into(), summary, page: String::new() });
    }
    for section in COMMON {
        keys(section, String::new(), &mut entries);
    }
    for dialect in DIALECTS {
        for section in dialect.sections.iter().chain([&dialect.top_level]) {
            keys(section, format!(" ({})", dialect.name), &mut entries);
        }
    }
    entries
}

fn keys(section: &'static Section, suffix: String, entries: &mut Vec<Entry>) {
    for key in section.keys {
        let needed = if key.is_required { ", needed" } else { "" };
        let page = format!("Value: {}{needed}.", key.shape.words());
        let kind = format!("key of {}{suffix}", section.title);
        entries.push(Entry { name: key.name, kind, summary: key.summary, page });
    }
}
