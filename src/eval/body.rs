//! The JSON body: strings with values, lone values with their type.

use std::ops::Range;

use crate::assumption::id;
use crate::plan::{BodyPlan, JsonKey, JsonTemplate, Text};
use crate::source::Mapped;
use crate::value::{Json, TaintedText, Value, plain_numbers};

use super::expression::Evaluator;
use super::{ErrorKind, Failure};

/// A body larger than this is refused.
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;

impl Evaluator<'_> {
    /// The body's exact text; `None` when there is none.
    pub fn body(&self, plan: &BodyPlan) -> Result<Option<TaintedText>, Failure> {
        let body = match plan {
            BodyPlan::None => return Ok(None),
            BodyPlan::Unusable { message, .. } => return Err(Failure::new(ErrorKind::InvalidBody, message)),
            BodyPlan::Json { root, source } => self.json(root, source.as_ref())?,
            BodyPlan::Text(text) => self.body_text(text)?,
        };
        if body.reveal().len() > MAX_BODY_BYTES {
            let message = format!("the body is longer than the limit of {MAX_BODY_BYTES} bytes");
            return Err(Failure::new(ErrorKind::InvalidBody, message));
        }
        Ok(Some(body))
    }

    fn json(&self, root: &JsonTemplate, source: Option<&Mapped>) -> Result<TaintedText, Failure> {
        let format = self.assumptions.get(id::BODY_FORMAT);
        let body = match (format, source) {
            ("as-written", Some(source)) => self.as_written(root, source)?,
            _ => self.serialised(root)?,
        };
        let is_php_alike = body.reveal().is_ascii() && !body.reveal().contains('/');
        if !is_php_alike || source.is_some_and(|source| !is_compact(root, &source.text)) {
            let _ = self.assume(id::BODY_FORMAT);
        }
        Ok(if format == "php" { body.map(escape_php) } else { body })
    }

    fn serialised(&self, root: &JsonTemplate) -> Result<TaintedText, Failure> {
        let mut writer = Writer::default();
        if !self.write(root, &mut writer)? {
            writer.text.push_plain("null");
        }
        Ok(writer.text)
    }

    /// Writes a node; false when it is to be left out.
    fn write(&self, node: &JsonTemplate, writer: &mut Writer) -> Result<bool, Failure> {
        match node {
            JsonTemplate::Null => writer.text.push_plain("null"),
            JsonTemplate::Boolean(flag) => writer.text.push_plain(if *flag { "true" } else { "false" }),
            JsonTemplate::Number(written) => writer.text.push_plain(&number(written)),
            JsonTemplate::Text { text, .. } => return self.write_text(text, writer),
            JsonTemplate::Array(items) => {
                writer.text.push_plain("[");
                let mut is_first = true;
                for item in items {
                    self.write_item(item, None, &mut is_first, writer)?;
                }
                writer.text.push_plain("]");
            }
            JsonTemplate::Object(entries) => {
                writer.text.push_plain("{");
                let mut is_first = true;
                for (key, value) in entries {
                    let key = self.key(key)?;
                    self.write_item(value, Some(&key), &mut is_first, writer)?;
                }
                writer.text.push_plain("}");
            }
        }
        Ok(true)
    }

    fn write_item(
        &self,
        node: &JsonTemplate,
        key: Option<&TaintedText>,
        is_first: &mut bool,
        writer: &mut Writer,
    ) -> Result<(), Failure> {
        let mut item = Writer::default();
        if !self.write(node, &mut item)? {
            return Ok(());
        }
        if !std::mem::take(is_first) {
            writer.text.push_plain(",");
        }
        if let Some(key) = key {
            writer.string(key);
            writer.text.push_plain(":");
        }
        writer.text.push(&item.text);
        Ok(())
    }

    fn write_text(&self, text: &Text, writer: &mut Writer) -> Result<bool, Failure> {
        let Some(expression) = text.lone() else {
            writer.string(&self.text(text)?);
            return Ok(true);
        };
        let value = self.value_with_type(expression)?;
        if value.is_null() {
            match self.assume(id::MISSING_BODY_VALUE) {
                "omit" => return Ok(false),
                "empty" => writer.text.push_plain("\"\""),
                _ => writer.text.push_plain("null"),
            }
            return Ok(true);
        }
        self.write_value(value, writer)?;
        Ok(true)
    }

    /// A lone value keeps its type.
    fn write_value(&self, value: Value, writer: &mut Writer) -> Result<(), Failure> {
        match value.to_json() {
            Json::String(_) => writer.string(&self.text_of(value)?),
            json => {
                let text = plain_numbers(json).to_string();
                writer.text.push(&if value.is_secret() { TaintedText::secret(text) } else { TaintedText::plain(text) });
            }
        }
        Ok(())
    }

    fn key(&self, key: &JsonKey) -> Result<TaintedText, Failure> {
        if key.text.expressions().next().is_none() || self.assume(id::REFERENCES_IN_JSON_KEYS) != "literal" {
            return self.text(&key.text);
        }
        Ok(TaintedText::plain(key.literal.as_str()))
    }

    /// The text as it was written, with each string that holds values replaced.
    fn as_written(&self, root: &JsonTemplate, source: &Mapped) -> Result<TaintedText, Failure> {
        let mut edits = Edits { source: &source.text, found: Vec::new() };
        if let (false, JsonTemplate::Text { written, .. }) = (self.edit(root, &mut edits)?, root) {
            edits.found.push((written.clone(), TaintedText::plain("null")));
        }
        Ok(edits.applied().trim())
    }

    /// Collects what to replace in a node; false when it is to be left out.
    fn edit(&self, node: &JsonTemplate, edits: &mut Edits<'_>) -> Result<bool, Failure> {
        match node {
            JsonTemplate::Text { text, written } if text.expressions().next().is_some() => {
                let mut writer = Writer::default();
                let is_kept = self.write_text(text, &mut writer)?;
                if is_kept {
                    edits.found.push((written.clone(), writer.text));
                }
                return Ok(is_kept);
            }
            JsonTemplate::Array(items) => {
                let mut omitted = Vec::with_capacity(items.len());
                for item in items {
                    omitted.push(if self.edit(item, edits)? { None } else { written(item) });
                }
                edits.cut(&omitted);
            }
            JsonTemplate::Object(entries) => {
                let mut omitted = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    omitted.push(self.edit_entry(key, value, edits)?);
                }
                edits.cut(&omitted);
            }
            _ => {}
        }
        Ok(true)
    }

    /// The range of the entry when it is to be left out.
    fn edit_entry(
        &self,
        key: &JsonKey,
        value: &JsonTemplate,
        edits: &mut Edits<'_>,
    ) -> Result<Option<Range<usize>>, Failure> {
        let name = self.key(key)?;
        if !self.edit(value, edits)? {
            return Ok(written(value).map(|written| key.written.start..written.end));
        }
        if name.reveal() != key.literal {
            let mut writer = Writer::default();
            writer.string(&name);
            edits.found.push((key.written.clone(), writer.text));
        }
        Ok(None)
    }
}

/// The place of a string in the body's text.
fn written(node: &JsonTemplate) -> Option<Range<usize>> {
    match node {
        JsonTemplate::Text { written, .. } => Some(written.clone()),
        _ => None,
    }
}

/// What is replaced in a body that is sent as it was written.
struct Edits<'a> {
    source: &'a str,
    found: Vec<(Range<usize>, TaintedText)>,
}

impl Edits<'_> {
    /// Takes entries of one list or object out, each with a comma beside it. `None` stands for one that stays.
    fn cut(&mut self, omitted: &[Option<Range<usize>>]) {
        let kept = omitted.iter().rposition(Option::is_none).map_or(0, |last| last + 1);
        for entry in omitted[..kept].iter().flatten() {
            let next = self.source[entry.end..].find(|character: char| character != ',' && !character.is_ascii_whitespace());
            self.remove(entry.start..entry.end + next.unwrap_or(0));
        }
        if let (Some(Some(first)), Some(Some(last))) = (omitted.get(kept), omitted.last()) {
            let comma = if kept > 0 { self.source[..first.start].rfind(',') } else { None };
            self.remove(comma.unwrap_or(first.start)..last.end);
        }
    }

    fn remove(&mut self, range: Range<usize>) {
        self.found.push((range, TaintedText::default()));
    }

    fn applied(mut self) -> TaintedText {
        self.found.sort_by_key(|(range, _)| range.start);
        let mut text = TaintedText::default();
        let mut at = 0;
        for (range, replacement) in self.found {
            text.push_plain(&self.source[at..range.start]);
            text.push(&replacement);
            at = range.end;
        }
        text.push_plain(&self.source[at..]);
        text
    }
}

/// Whether the body was written as it is sent in compact form: without white space, and each number and text in the
/// spelling that is sent.
fn is_compact(root: &JsonTemplate, source: &str) -> bool {
    compact_length(root, source) == Some(source.trim_ascii().len())
}

/// The length of a node as written without white space; `None` when something in it is spelled in another way.
fn compact_length(node: &JsonTemplate, source: &str) -> Option<usize> {
    let commas = |items: usize| 2 + items.saturating_sub(1);
    match node {
        JsonTemplate::Null | JsonTemplate::Boolean(true) => Some(4),
        JsonTemplate::Boolean(false) => Some(5),
        JsonTemplate::Number(written) => (number(written) == *written).then_some(written.len()),
        JsonTemplate::Text { text, written } => match text.literal() {
            Some(literal) => string_length(&literal, written, source),
            None => Some(written.len()),
        },
        JsonTemplate::Array(items) => {
            items.iter().try_fold(commas(items.len()), |sum, item| Some(sum + compact_length(item, source)?))
        }
        JsonTemplate::Object(entries) => entries.iter().try_fold(commas(entries.len()), |sum, (key, value)| {
            let key = string_length(&key.literal, &key.written, source)?;
            Some(sum + key + 1 + compact_length(value, source)?)
        }),
    }
}

fn string_length(text: &str, written: &Range<usize>, source: &str) -> Option<usize> {
    let spelled = source.get(written.clone())?;
    let sent = Json::from(text).to_string();
    (spelled == sent).then_some(spelled.len())
}

/// Whole numbers as written; decimals in their shortest form, without a fraction that is zero.
fn number(written: &str) -> String {
    if !written.contains(['.', 'e', 'E']) {
        return written.to_string();
    }
    match serde_json::from_str::<Json>(written) {
        Ok(number) => plain_numbers(number).to_string(),
        Err(_) => written.to_string(),
    }
}

/// Writes compact JSON.
#[derive(Default)]
struct Writer {
    text: TaintedText,
}

impl Writer {
    fn string(&mut self, text: &TaintedText) {
        self.text.push_plain("\"");
        self.text.push(&text.map(escape));
        self.text.push_plain("\"");
    }
}

/// The inside of a JSON string.
pub(super) fn escape(text: &str) -> String {
    let quoted = Json::from(text).to_string();
    quoted[1..quoted.len() - 1].to_string()
}

/// As `json_encode` does, with `\/` and `\uXXXX`: in JSON text `/` and characters beyond ASCII stand in strings only, so they can be escaped wherever they are.
fn escape_php(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    let mut units = [0; 2];
    for character in json.chars() {
        match character {
            '/' => escaped.push_str("\\/"),
            character if character.is_ascii() => escaped.push(character),
            character => {
                for unit in character.encode_utf16(&mut units) {
                    escaped.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    escaped
}
