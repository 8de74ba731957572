//! Where a key can be added to a table as it stands in a file.

use super::node::Table;
use crate::diagnostic::Edit;
use crate::source::Span;

/// Adds `line` (`key = value`) to a table, before its other keys: behind the header, on a line of its own with the file's
/// line ending, or behind an inline table's brace. `None` for a table that has neither. `path` is the header's: `action`.
pub fn first_key(text: &str, table: &Table, path: &str, line: &str) -> Option<Edit> {
    let written = text.get(table.span.start..table.span.end)?;
    if written.starts_with('{') {
        let brace = table.span.start + 1;
        return (!table.entries.is_empty()).then(|| edit(table, brace, format!(" {line},")));
    }
    let header = written.strip_prefix('[')?.strip_suffix(']')?;
    if header.replace([' ', '\t', '"', '\''], "") != path {
        return None; // The header of a table inside this one.
    }
    let rest = &text[table.span.end..];
    Some(match rest.find('\n') {
        Some(end) => {
            let ending = if rest[..end].ends_with('\r') { "\r\n" } else { "\n" };
            edit(table, table.span.end + end + 1, format!("{line}{ending}"))
        }
        None => edit(table, text.len(), format!("\n{line}\n")),
    })
}

fn edit(table: &Table, at: usize, text: String) -> Edit {
    Edit { span: Span::new(table.span.file, at, at), text }
}

#[cfg(test)]
mod tests {
    use super::first_key;
    use crate::source::Sources;
    use crate::spec::toml_text;

    fn added(text: &str) -> Option<String> {
        let table = toml_text::parse(text, Sources::in_memory().add("a.toml", text), &mut Vec::new());
        let edit = first_key(text, table.table("a").expect("a table"), "a", "k = 1")?;
        let mut added = text.to_string();
        added.insert_str(edit.span.start, &edit.text);
        assert!(toml::from_str::<toml::Table>(&added).is_ok(), "{added}");
        Some(added)
    }

    #[test]
    fn behind_the_header_or_the_brace() {
        assert_eq!(added("x = 1\n[a] # é\nb = 1\n").as_deref(), Some("x = 1\n[a] # é\nk = 1\nb = 1\n"));
        assert_eq!(added("\u{feff}[ \"a\" ]\r\nb = 1").as_deref(), Some("\u{feff}[ \"a\" ]\r\nk = 1\r\nb = 1"));
        assert_eq!(added("[a]").as_deref(), Some("[a]\nk = 1\n"));
        assert_eq!(added("a = {b = 1}").as_deref(), Some("a = { k = 1,b = 1}"));
    }

    #[test]
    fn not_where_the_table_is_not_written_itself() {
        for text in ["[a.b]\nc = 1\n", "a.b = 1", "a = {}", "[a.b]\n[a.c]\n"] {
            assert_eq!(added(text), None, "{text}");
        }
    }
}
