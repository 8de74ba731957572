//! Rust text cut down to its code: without comments, without what stands in quotes, without tests.

/// The text with comments and the insides of literals turned into spaces; lines stay where they are.
pub fn code(text: &str) -> String {
    let mut reader = Reader { rest: text, code: String::with_capacity(text.len()) };
    while !reader.rest.is_empty() {
        reader.step();
    }
    reader.code
}

struct Reader<'a> {
    rest: &'a str,
    code: String,
}

impl Reader<'_> {
    fn step(&mut self) {
        let rest = self.rest;
        if rest.starts_with("//") {
            self.blank(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.blank(length_of_comment(rest));
        } else if let Some(length) = length_of_raw_string(rest).filter(|_| !self.is_inside_name()) {
            self.blank(length);
        } else if rest.starts_with('"') {
            self.blank(length_of_string(rest));
        } else if let Some(length) = length_of_character(rest) {
            self.blank(length);
        } else {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            self.code.push_str(&rest[..length]);
            self.rest = &rest[length..];
        }
    }

    fn is_inside_name(&self) -> bool {
        self.code.ends_with(is_name_character)
    }

    fn blank(&mut self, length: usize) {
        let (gone, rest) = self.rest.split_at(length);
        self.code.extend(gone.chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
        self.rest = rest;
    }
}

pub fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Comments nest.
fn length_of_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while let Some(offset) = text[at..].find(['/', '*']) {
        let here = &text[at + offset..];
        match here.get(..2) {
            Some("/*") => depth += 1,
            Some("*/") => depth -= 1,
            _ => {
                at += offset + 1;
                continue;
            }
        }
        at += offset + 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// `r"…"`, `r#"…"#`, `br"…"`.
fn length_of_raw_string(text: &str) -> Option<usize> {
    let behind = text.strip_prefix("br").or(text.strip_prefix('r'))?;
    let hashes = behind.len() - behind.trim_start_matches('#').len();
    let start = text.len() - behind.len() + hashes + 1;
    behind[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(text[start..].find(&end).map_or(text.len(), |at| start + at + end.len()))
}

fn length_of_string(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// `'a'` and `'\''`, but not the lifetime `'a`.
fn length_of_character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    let first = inside.chars().next()?;
    if first == '\\' {
        let second = inside[1..].chars().next()?.len_utf8();
        return Some(1 + 1 + second + inside[1 + second..].find('\'')? + 1);
    }
    inside[first.len_utf8()..].starts_with('\'').then_some(first.len_utf8() + 2)
}

/// What stands before an item that is compiled in tests only.
const TEST_MARKS: [&str; 3] = ["#[cfg(test)]", "#[cfg(all(test, ", "#[test]"];

/// Code without its test items, and the names of the modules that are tests in files of their own.
pub fn without_tests(code: &str) -> (String, Vec<String>) {
    let (mut kept, mut modules, mut rest) = (String::new(), Vec::new(), code);
    while let Some(at) = TEST_MARKS.iter().filter_map(|mark| rest.find(mark)).min() {
        kept.push_str(&rest[..at]);
        let item = &rest[at..];
        let end = end_of_item(item);
        if let Some(name) = item[..end].split("mod ").nth(1).and_then(|name| name.strip_suffix(';')) {
            modules.push(name.trim().to_string());
        }
        kept.extend(item[..end].chars().filter(|character| *character == '\n'));
        rest = &item[end..];
    }
    kept.push_str(rest);
    (kept, modules)
}

/// The first `;` outside of brackets, or the brace that closes the first block.
fn end_of_item(code: &str) -> usize {
    let mut depth = 0;
    for (at, character) in code.char_indices() {
        match character {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 && matches!(character, ';' | '}') {
            return at + 1;
        }
    }
    code.len()
}

/// The names in code, with the number of the line.
pub fn names(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let of_line = |(index, line)| {
        let words = str::split(line, |character| !is_name_character(character)).filter(|word: &&str| !word.is_empty());
        words.map(move |word| (index + 1, word))
    };
    code.lines().enumerate().flat_map(of_line)
}

#[test]
fn literals_and_comments_are_no_code() {
    let text = "let a = \"use \\\" crate::x\"; // crate::y\nlet b = r#\"crate::\"z\"#; /* a /* b */ c */ 'c' '\\'' &'a str";
    let code = code(text);
    assert!(!code.contains("crate") && code.contains("let b =") && code.contains("&'a str"), "{code}");
    assert_eq!(code.lines().count(), 2);
}

#[test]
fn tests_are_found() {
    let (code, modules) = without_tests(
        "use a;\n#[cfg(test)]\npub mod helpers;\nfn b() {}\n#[cfg(test)]\nmod tests { fn c() { d(); } }\nfn e() {}",
    );
    assert!(code.contains("use a;") && code.contains("fn b() {}") && code.contains("fn e() {}") && !code.contains('d'));
    assert_eq!(modules, ["helpers"]);
}
