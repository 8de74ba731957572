//! A path that finds nothing in any recorded reply.

use super::json_text;
use super::selectors::part;
use crate::case::{Rule, Sample, Subject};
use crate::diagnostic::{Diagnostic, Lint, Severity, listed, nearest};
use crate::plan::Output;
use crate::selector::{Selector, SelectorPath, StepKind, Trace};
use crate::value::{Json, json_kind};

/// The class of the replies that are looked at: what fails often has no data.
const SUCCESSFUL: u8 = 2;

/// The most samples that an expression is evaluated on; following a path costs less and knows no limit.
const MAX_EVALUATIONS: usize = 100;

/// The most keys of an object that a help line names.
const MAX_KEYS: usize = 6;

/// The longest key that a help line repeats, in bytes.
const MAX_KEY: usize = 60;

/// A path that finds nothing in any recorded reply.
pub static SELECTOR_MISSES_SAMPLE: Lint = Lint {
    name: "selector-misses-sample",
    severity: Severity::Warning,
    summary: "on every recorded 2xx reply of the cases the path finds nothing",
    page: r#"## What it does
Tries the outputs of the group `2xx` on the replies that the cases record for it. Finds expressions that find nothing in any
of them, or that can be evaluated on none of them. Where a platform has one mapping for all replies, that of 2xx is meant.

## Why this is bad
The platform gives no error for a path that is not in the reply, nor for an expression that fails: the attribute becomes
empty (OpenDialog documentation, Using JMESPath expressions). Conditions and messages in the scenario then behave as if the
service had sent nothing. An example of the documentation itself, `max(products[*].price)` for a reply that has `items`, is
such an expression.

## Example
```toml
[action.response.2xx.outputs]
highest_price = "max(products[*].price)"

[[case]]
name = "three items"
reply.json = { items = [{ price = 10 }, { price = 25 }, { price = 5 }] }
```

## Instead
```toml
[action.response.2xx.outputs]
highest_price = "max(items[*].price)"
```

## Fix
None: the help names the nearest key of the recorded reply, or the keys that are there.

## When it stays silent
When one recorded reply has the value: a field may be missing at times. When a recorded reply has null or an empty list on
the way, which says nothing about what could be there; but where the action fails with such a reply, as on Vonage AI
Studio, it counts. When no case records a JSON reply with a status of 2xx. For expressions that never read the reply, such
as a null in backticks, which empties an attribute on purpose. For `action_success`, which `success-not-boolean` looks at,
and for text that holds JSON, which `json-string-not-decoded` does. For other groups, whose replies are often of many
shapes.
"#,
};

/// Finds it in a plan.
pub static RULE: Rule = Rule { lint: &SELECTOR_MISSES_SAMPLE, check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let outputs = subject.plan.outcome.outputs_of(SUCCESSFUL);
    if outputs.is_empty() {
        return;
    }
    let samples = subject.samples(SUCCESSFUL);
    let plan = subject.plan;
    let consequence = |output: &Output| match plan.outcome.is_strict() {
        true if plan.fails_on_missed_path() => "the action fails".to_string(),
        true => format!("`{}` is not filled", output.target.name),
        false => format!("`{}` becomes empty", output.target.name),
    };
    let fails = plan.fails_on_missed_path();
    found.extend(outputs.iter().filter_map(|output| on_samples(output, samples, &consequence(output), fails)));
}

fn on_samples(output: &Output, samples: &[Sample<'_>], consequence: &str, fails: bool) -> Option<Diagnostic> {
    let selector = output.selector.as_deref().filter(|selector| selector.problems().is_empty())?;
    if samples.is_empty() {
        return None;
    }
    let paths = selector.paths();
    let mut miss = Miss::default();
    for sample in samples {
        match paths.as_slice() {
            // What could be there is no excuse where the action has failed by then.
            _ if fails && selector.find(&sample.document) == Ok(None) => miss.by_failure(paths.as_slice(), sample),
            [path] if path.is_whole => miss.by_path(path, sample)?,
            _ if samples.len() > MAX_EVALUATIONS => return None,
            paths => miss.by_value(selector, paths, sample)?,
        }
    }
    if json_text::find(&paths, samples).is_some() {
        return None;
    }
    miss.diagnostic(output, samples, consequence)
}

/// What is known so far of an expression that finds nothing.
#[derive(Default)]
struct Miss<'a> {
    /// The step that finds nothing on the sample that goes along furthest.
    step: Option<Step<'a>>,
    /// Why it cannot be evaluated.
    error: Option<(String, &'a Sample<'a>)>,
    /// It reads nothing of the reply.
    is_constant: bool,
}

struct Step<'a> {
    path: &'a SelectorPath,
    index: usize,
    /// Where nothing is found.
    value: &'a Json,
    sample: &'a Sample<'a>,
}

impl<'a> Miss<'a> {
    /// `None`: the path finds something, or nobody can know.
    fn by_path(&mut self, path: &'a SelectorPath, sample: &'a Sample<'a>) -> Option<()> {
        let Trace::Missing { step, value } = path.trace(&sample.document) else { return None };
        self.keep_furthest(Step { path, index: step, value, sample });
        Some(())
    }

    /// Nothing is found, whatever the way says.
    fn by_failure(&mut self, paths: &'a [SelectorPath], sample: &'a Sample<'a>) {
        for path in paths {
            if let Trace::Missing { step, value } = path.trace(&sample.document) {
                self.keep_furthest(Step { path, index: step, value, sample });
            }
        }
    }

    /// The same for an expression that is more than a path.
    fn by_value(&mut self, selector: &dyn Selector, paths: &'a [SelectorPath], sample: &'a Sample<'a>) -> Option<()> {
        match selector.select(&sample.document) {
            Ok(Json::Null) => self.is_constant = paths.is_empty(),
            Ok(_) => return None,
            Err(error) => {
                self.error.get_or_insert((error, sample));
            }
        }
        let mut first = None;
        for path in paths {
            match path.trace(&sample.document) {
                Trace::Open => return None,
                Trace::Missing { step, value } if first.is_none() => {
                    first = Some(Step { path, index: step, value, sample });
                }
                Trace::Missing { .. } | Trace::Found(_) => {}
            }
        }
        if let Some(step) = first {
            self.keep_furthest(step);
        }
        Some(())
    }

    fn keep_furthest(&mut self, step: Step<'a>) {
        if self.step.as_ref().is_none_or(|known| std::ptr::eq(known.path, step.path) && step.index > known.index) {
            self.step = Some(step);
        }
    }

    fn diagnostic(self, output: &Output, samples: &[Sample<'_>], emptied: &str) -> Option<Diagnostic> {
        let source = &output.source;
        if let Some(step) = self.step {
            let written = step.path.spelt(&source.text, step.index + 1);
            let message = format!("no recorded {SUCCESSFUL}xx reply has `{written}`, so {emptied}");
            let span = part(source, &step.path.steps[step.index].range);
            let diagnostic = Diagnostic::new(&SELECTOR_MISSES_SAMPLE, span, message).help(step.help(&source.text));
            return Some(on(diagnostic, step.sample));
        }
        if let Some((error, sample)) = self.error {
            let message = format!("this cannot be evaluated on the recorded {SUCCESSFUL}xx replies, so {emptied}");
            let diagnostic = Diagnostic::new(&SELECTOR_MISSES_SAMPLE, source.inside(), message).help(error);
            return Some(on(diagnostic, sample));
        }
        let sample = samples.first().filter(|_| !self.is_constant)?;
        let message = format!("this finds nothing in any recorded {SUCCESSFUL}xx reply, so {emptied}");
        let diagnostic = Diagnostic::new(&SELECTOR_MISSES_SAMPLE, source.inside(), message)
            .help("add a case with a reply in which it finds something, or change the expression");
        Some(on(diagnostic, sample))
    }
}

fn on(diagnostic: Diagnostic, sample: &Sample<'_>) -> Diagnostic {
    diagnostic.related(sample.case.name.span, format!("on the reply of `{}`", sample.case.name.value))
}

impl Step<'_> {
    /// What is there instead.
    fn help(&self, expression: &str) -> String {
        let place = match self.index {
            0 => "the reply".to_string(),
            steps => format!("`{}`", self.path.spelt(expression, steps)),
        };
        match (&self.path.steps[self.index].kind, self.value) {
            (StepKind::Field(name), Json::Object(object)) => {
                let keys: Vec<&str> = object.keys().map(String::as_str).filter(|key| key.len() <= MAX_KEY).collect();
                match nearest(name, keys.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("{place} has {}", present(&keys, object.len())),
                }
            }
            (StepKind::Field(_), Json::Array(_)) => {
                format!("{place} is a list: `[0]` takes its first element, `[*]` every one")
            }
            (StepKind::Index(_) | StepKind::Member(_), Json::Array(items)) if items.len() == 1 => {
                format!("{place} has one element, which is `[0]`")
            }
            (StepKind::Index(_) | StepKind::Member(_), Json::Array(items)) => {
                format!("{place} has {} elements, from `[0]` on", items.len())
            }
            (StepKind::Field(_), other) => format!("{place} is {}, which has no fields", json_kind(other)),
            (_, other) => format!("{place} is {}, not a list", json_kind(other)),
        }
    }
}

/// The keys that an object has, `count` in all.
fn present(keys: &[&str], count: usize) -> String {
    let shown = &keys[..keys.len().min(MAX_KEYS)];
    match (shown, count - shown.len()) {
        ([], 0) => "no fields at all".to_string(),
        ([], _) => "other fields".to_string(),
        (shown, 0) => listed(shown),
        (shown, more) => format!("`{}` and {more} more", shown.join("`, `")),
    }
}
