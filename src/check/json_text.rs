//! Paths that go into text which is itself JSON.

use crate::case::Sample;
use crate::selector::{SelectorPath, StepKind, Trace};

/// A path that goes into text.
pub struct IntoText<'p> {
    pub path: &'p SelectorPath,
    /// How many steps lead to the text.
    pub steps: usize,
    /// The place of the sample that shows it.
    pub sample: usize,
}

/// The first path that goes into JSON text on some sample, and finds a value on none.
pub fn find<'p>(paths: &'p [SelectorPath], samples: &[Sample<'_>]) -> Option<IntoText<'p>> {
    paths.iter().find_map(|path| into_text(path, samples))
}

fn into_text<'p>(path: &'p SelectorPath, samples: &[Sample<'_>]) -> Option<IntoText<'p>> {
    let mut found = None;
    for (sample, document) in samples.iter().map(|sample| &sample.document).enumerate() {
        let (steps, value) = match path.trace(document) {
            Trace::Missing { step, value } => (step, value),
            Trace::Found(value) if path.goes_on && value.is_string() => (path.steps.len(), value),
            Trace::Found(_) => return None,
            Trace::Open => continue,
        };
        if found.is_none() && value.as_str().is_some_and(is_json) {
            found = Some(IntoText { path, steps, sample });
        }
    }
    found
}

/// Whether a text holds a JSON object or list.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

impl IntoText<'_> {
    /// The expression with `json_decode` around the text.
    pub fn decoded(&self, expression: &str) -> String {
        let is_projection = |kind: &StepKind| matches!(kind, StepKind::Each | StepKind::Flattened);
        let steps = &self.path.steps;
        let projection = steps[..self.steps].iter().rposition(|step| is_projection(&step.kind));
        // In a projection each element is decoded by itself.
        let start = projection.map_or(0, |projection| projection + 1);
        if start < self.steps {
            let part = self.path.written(start..self.steps);
            return format!(
                "{}json_decode({}){}",
                &expression[..part.start],
                &expression[part.clone()],
                &expression[part.end..]
            );
        }
        match projection {
            Some(projection) => {
                let end = steps[projection].range.end;
                format!("{}.json_decode(@){}", &expression[..end], &expression[end..])
            }
            None => {
                let begin = self.path.written(0..1).start;
                let dot = if matches!(steps[0].kind, StepKind::Field(_)) { "." } else { "" };
                format!("{}json_decode(@){dot}{}", &expression[..begin], &expression[begin..])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::case;
    use crate::selector::compile_jmespath;
    use serde_json::json;

    fn decoded(expression: &str) -> Option<String> {
        let inner = r#"{"id": 7, "list": [{"x": 1}]}"#;
        let list = r#"[{"x": 1}]"#;
        let document = json!({ "data": { "payload": inner, "plain": "ok", "list": list }, "items": [{ "p": inner }], "texts": [inner] });
        let case = case(200, &document);
        let samples = [Sample { case: &case, document }];
        let selector = compile_jmespath(expression).expect("compiles");
        let paths = selector.paths();
        let suggested = find(&paths, &samples)?.decoded(expression);
        let suggested_selector = compile_jmespath(&suggested).unwrap_or_else(|error| panic!("{suggested}: {error}"));
        let value = suggested_selector.select(&samples[0].document).expect("can be evaluated");
        assert!(!value.is_null() && value != json!([]), "{suggested} finds {value}");
        Some(suggested)
    }

    #[test]
    fn the_text_is_decoded_where_it_stands() {
        for (written, wanted) in [
            ("data.payload.id", "json_decode(data.payload).id"),
            ("data.payload.list[0].x", "json_decode(data.payload).list[0].x"),
            ("data.list[0].x", "json_decode(data.list)[0].x"),
            ("data.list[?x].x", "json_decode(data.list)[?x].x"),
            ("data.payload.{a: id}", "json_decode(data.payload).{a: id}"),
            ("missing || data.payload.id", "missing || json_decode(data.payload).id"),
            ("length(data.payload.list)", "length(json_decode(data.payload).list)"),
            ("items[*].p.id", "items[*].json_decode(p).id"),
            ("texts[*].id", "texts[*].json_decode(@).id"),
            ("texts[0].id", "json_decode(texts[0]).id"),
        ] {
            assert_eq!(decoded(written).as_deref(), Some(wanted));
        }
    }

    #[test]
    fn text_that_is_taken_whole_or_is_no_json_is_left_alone() {
        for expression in
            ["data.payload", "length(data.payload)", "data.plain.id", "json_decode(data.payload).id", "nothing.id"]
        {
            assert_eq!(decoded(expression), None, "{expression}");
        }
    }

    #[test]
    fn a_reply_that_is_one_text() {
        let case = case(200, &json!(null));
        let samples = [Sample { case: &case, document: json!("{\"id\": 1}") }];
        let paths = compile_jmespath("id").expect("compiles").paths();
        assert_eq!(find(&paths, &samples).map(|found| found.decoded("id")).as_deref(), Some("json_decode(@).id"));
    }
}
