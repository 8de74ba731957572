//! The lints that apply to any plan, one file each, and the two things every lint goes through: the [`Catalogue`] that
//! knows them all, and [`check_spec`] that runs them over a spec.
//!
//! Most rules look at one spec; a [`ProjectRule`](crate::case::ProjectRule) looks at one among the others of the run, of
//! which only a [`Summary`] is kept; a [`FlowRule`](crate::case::FlowRule) looks at a flow and its actions.
//!
//! A new lint is one file with a `pub static` [`Lint`](crate::diagnostic::Lint), a `pub static RULE` and a `check` function
//! of early returns; one line in [`LINTS`]; and one spec that shows it. A dialect's own lints have the same shape and stand
//! in the dialect's [`LintSet`].

pub mod accessor_mismatch;
pub mod bare_success_in_condition;
pub mod body_on_get;
pub mod broken_suppression;
pub mod bytes_not_encoded;
pub mod content_type_conflict;
pub mod credentials_over_http;
pub mod duplicate_header;
pub mod duplicate_output;
pub mod empty_path_segment;
pub mod filter_argument;
pub mod filter_arity;
pub mod filter_type;
pub mod host_from_variable;
pub mod invalid_header;
pub mod jmespath_arity;
pub mod json_string_not_decoded;
pub mod missing_case_value;
pub mod missing_expected_lint;
pub mod mixed_reference_turns_string;
pub mod optional_lone_reference;
pub mod plaintext_credential;
pub mod private_address;
pub mod read_of_never_written;
pub mod reference_in_header_name;
pub mod reference_in_json_key;
pub mod selector_misses_sample;
pub mod success_not_boolean;
pub mod type_mismatch_with_sample;
pub mod uncovered_group;
pub mod unknown_filter;
pub mod unknown_jmespath_function;
pub mod unsupported_method;
pub mod unused_action;
pub mod unused_case_value;
pub mod user_data_in_header;

mod address;
mod attached_credential;
mod catalogue;
mod damaged;
mod header_names;
mod json_text;
mod levels;
mod reads;
mod selectors;
mod summary;
mod types;
mod user_fed;
mod verdict;

pub use catalogue::Catalogue;
pub use selectors::selectors;
pub use verdict::{Missing, Verdict};

use crate::case::{Flow, FlowAction, FlowRule, FlowSummary, Level, LintSet, Neighbours, Rule, Spec, Subject, Summary};
use crate::diagnostic::Diagnostic;
use crate::source::FileId;

/// The lints that apply to any plan.
pub static LINTS: LintSet = LintSet {
    while_reading: &[
        &broken_suppression::BROKEN_SUPPRESSION,
        &missing_expected_lint::MISSING_EXPECTED_LINT,
        // Of flows: see `FLOW_RULES`.
        &read_of_never_written::READ_OF_NEVER_WRITTEN,
        &bare_success_in_condition::BARE_SUCCESS_IN_CONDITION,
    ],
    rules: &[
        &unsupported_method::RULE,
        &invalid_header::RULE,
        &unknown_filter::RULE,
        &filter_arity::RULE,
        &filter_argument::RULE,
        &unknown_jmespath_function::RULE,
        &jmespath_arity::RULE,
        &success_not_boolean::RULE,
        // What is sent, and to whom.
        &body_on_get::RULE,
        &reference_in_json_key::RULE,
        &reference_in_header_name::RULE,
        &duplicate_header::RULE,
        &content_type_conflict::RULE,
        &plaintext_credential::RULE,
        &credentials_over_http::RULE,
        &empty_path_segment::RULE,
        &private_address::RULE,
        &host_from_variable::RULE,
        &user_data_in_header::RULE,
        // What the recorded replies and the given values show.
        &selector_misses_sample::RULE,
        &json_string_not_decoded::RULE,
        &duplicate_output::RULE,
        &missing_case_value::RULE,
        &unused_case_value::RULE,
        &uncovered_group::RULE,
        // What follows from the types of values.
        &filter_type::RULE,
        &accessor_mismatch::RULE,
        &mixed_reference_turns_string::RULE,
        &bytes_not_encoded::RULE,
        &type_mismatch_with_sample::RULE,
        &optional_lone_reference::RULE,
    ],
    project_rules: &[&unused_action::RULE],
};

/// The lints on flows.
pub static FLOW_RULES: &[&FlowRule] = &[&read_of_never_written::RULE, &bare_success_in_condition::RULE];

/// Checks a spec as if it were alone in its project. Call it once for each spec: what it finds is added to what reading found.
pub fn check_spec(spec: &mut Spec, catalogue: &Catalogue) -> Verdict {
    let summary = check_alone(spec);
    check_among(spec, summary.as_ref(), &Neighbours::new(&summary), catalogue)
}

/// Runs every rule that needs no other spec, and gives what those need that do; `None` when there is no plan. What it finds
/// is added to what reading found; [`check_among`] settles it.
pub fn check_alone(spec: &mut Spec) -> Option<Summary> {
    let mut found = std::mem::take(&mut spec.diagnostics);
    run_rules(spec, &mut found);
    spec.diagnostics = found;
    summary::of(spec)
}

/// Runs the rules that look at a spec among the others, and settles all its findings. The plan is not needed any more.
pub fn check_among(
    spec: &mut Spec,
    summary: Option<&Summary>,
    neighbours: &Neighbours<'_>,
    catalogue: &Catalogue,
) -> Verdict {
    let mut found = std::mem::take(&mut spec.diagnostics);
    for rule in LINTS.project_rules.iter().chain(spec.lints.project_rules) {
        if let Some(summary) = summary.filter(|_| !levels::is_allowed(&spec.levels, rule.lint)) {
            (rule.check)(summary, neighbours, &mut found);
        }
    }
    damaged::withdraw(&spec.damaged, &mut found);
    settle(spec.file, &spec.levels, catalogue, &mut found);
    spec.diagnostics = found;
    let mut verdict = Verdict::of(&spec.diagnostics, &spec.expect_lints, catalogue);
    for (diagnostic, expected) in spec.diagnostics.iter_mut().zip(&verdict.expected) {
        diagnostic.is_expected = *expected;
    }
    for missing in &verdict.missing {
        spec.diagnostics.push(missing_expected_lint::found(missing));
        verdict.expected.push(false);
    }
    verdict
}

/// What happens to the findings of any file once all are there: levels that name no lint are found, levels are applied, and
/// the rest is put in order.
pub fn settle(file: FileId, levels: &[Level], catalogue: &Catalogue, found: &mut Vec<Diagnostic>) {
    // The manifest's levels are the same for every spec, and looked at once.
    let own = levels.iter().filter(|level| level.span.file == file);
    broken_suppression::check(own, catalogue, found);
    levels::apply(levels, found);
    sort(file, found);
}

/// What the specs must know of a flow; `None` for a spec.
pub fn flow_summary(spec: &Spec) -> Option<FlowSummary> {
    let flow = spec.flow.as_ref()?;
    let runs = flow.actions.iter().map(|action| action.id.clone()).collect();
    Some(FlowSummary { runs, shows: spec.expect_lints.iter().map(|name| name.value.clone()).collect() })
}

fn run_rules(spec: &Spec, found: &mut Vec<Diagnostic>) {
    if let Some(flow) = &spec.flow {
        let rules = FLOW_RULES.iter().filter(|rule| !levels::is_allowed(&spec.levels, rule.lint));
        rules.for_each(|rule| (rule.check)(flow, found));
        in_replies_of(flow, spec, found);
    }
    let Some(plan) = &spec.plan else { return };
    let mut subject = Subject::new(plan, &spec.cases, &spec.declared_secrets);
    subject.bare_case = spec.bare_case.as_deref();
    subject.in_replies.extend(spec.bare_case.iter().flat_map(|case| case.expressions_of_reply()));
    subject.is_readable = spec.not_runnable.is_none();
    for rule in LINTS.rules.iter().chain(spec.lints.rules) {
        if !levels::is_allowed(&spec.levels, rule.lint) {
            (rule.check)(&subject, found);
        }
    }
}

/// What is wrong with filters in the replies that a flow's own steps have. Those of a spec's cases are found there.
fn in_replies_of(flow: &Flow, spec: &Spec, found: &mut Vec<Diagnostic>) {
    static RULES: [&Rule; 4] = [&unknown_filter::RULE, &filter_arity::RULE, &filter_argument::RULE, &filter_type::RULE];
    for (_, called) in flow.calls() {
        let Some((call, FlowAction { plan: Some(plan), .. })) = called else { continue };
        if call.case.reply_template.is_none() {
            continue;
        }
        let mut subject = Subject::new(plan, std::slice::from_ref(&call.case), &spec.declared_secrets);
        subject.expressions.clear();
        let mut told = Vec::new();
        for rule in RULES.iter().filter(|rule| !levels::is_allowed(&spec.levels, rule.lint)) {
            (rule.check)(&subject, &mut told);
        }
        found.extend(told.into_iter().filter(|finding| finding.span.file == spec.file));
    }
}

/// By place, the spec's own file first and other files in the order in which they came up, so that the order does not depend
/// on which spec loaded a file first. A finding that is there twice (two cases may share what is wrong) is kept once.
fn sort(file: FileId, found: &mut Vec<Diagnostic>) {
    let mut files = vec![file];
    for diagnostic in found.iter() {
        if !files.contains(&diagnostic.span.file) {
            files.push(diagnostic.span.file);
        }
    }
    let rank = |file: FileId| files.iter().position(|known| *known == file);
    found.sort_by_key(|diagnostic| {
        (rank(diagnostic.span.file), diagnostic.span.start, diagnostic.span.end, diagnostic.lint.name)
    });
    found.dedup_by(|one, other| one.lint == other.lint && one.span == other.span && one.message == other.message);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::ProjectRule;
    use crate::case::test_support::{ANY, FakeSelector, diagnostic, file, level, name, plan, plan_with_success, span, spec};
    use crate::diagnostic::Severity;
    use crate::plan::{AttributeName, OutcomeRule, Target};
    use crate::source::Sources;

    fn catalogue() -> Catalogue {
        Catalogue::new([])
    }

    fn names(spec: &Spec) -> Vec<&str> {
        spec.diagnostics.iter().map(|found| found.lint.name).collect()
    }

    fn with_bad_method() -> Spec {
        let mut plan = plan();
        plan.request.method.value = "BREW".into();
        Spec { plan: Some(plan), ..spec() }
    }

    #[test]
    fn a_spec_without_findings_passes() {
        let mut good = Spec { plan: Some(plan()), ..spec() };
        assert!(check_spec(&mut good, &catalogue()).passes);
        assert!(good.diagnostics.is_empty());
    }

    #[test]
    fn an_error_fails_unless_it_is_expected() {
        let mut bad = with_bad_method();
        assert!(!check_spec(&mut bad, &catalogue()).passes);
        let mut expected = Spec { expect_lints: vec![name("unsupported-method")], ..with_bad_method() };
        assert!(check_spec(&mut expected, &catalogue()).passes);
        assert_eq!(names(&expected), ["unsupported-method"]);
        assert!(expected.diagnostics[0].is_expected && !bad.diagnostics[0].is_expected);
    }

    #[test]
    fn levels_change_and_drop_findings() {
        let mut warned = Spec { levels: vec![level("unsupported-method", Some(Severity::Warning))], ..with_bad_method() };
        assert!(check_spec(&mut warned, &catalogue()).passes);
        assert_eq!(warned.diagnostics[0].severity, Severity::Warning);
        let mut allowed = Spec { levels: vec![level("unsupported-method", None)], ..with_bad_method() };
        assert!(check_spec(&mut allowed, &catalogue()).passes);
        assert!(allowed.diagnostics.is_empty());
    }

    #[test]
    fn a_level_for_a_lint_that_does_not_exist_is_a_finding() {
        let mut spec = Spec { levels: vec![level("unsuported-method", None)], ..spec() };
        check_spec(&mut spec, &catalogue());
        assert_eq!(names(&spec), ["broken-suppression"]);
        assert_eq!(spec.diagnostics[0].help.as_deref(), Some("did you mean `unsupported-method`?"));
    }

    #[test]
    fn a_rule_that_compares_specs_sees_the_others_of_the_run() {
        static COLLIDES: ProjectRule = ProjectRule {
            lint: &ANY,
            check: |summary, neighbours, found| {
                let others = neighbours.writers.get(&summary.writes[0]).map_or(0, Vec::len) - 1;
                found.push(Diagnostic::new(&ANY, summary.name.span, format!("{others} others")));
            },
        };
        static SET: LintSet = LintSet { while_reading: &[], rules: &[], project_rules: &[&COLLIDES] };
        let writing = || {
            let mut plan = plan_with_success(FakeSelector::field("ok"));
            let name = AttributeName::new("user", "ticket");
            if let OutcomeRule::Groups(groups) = &mut plan.outcome.rule {
                groups[0].raw = Some(Target { name, declared: None, span: span() });
            }
            Spec { plan: Some(plan), lints: &SET, ..spec() }
        };
        let mut specs = [writing(), writing()];
        let summaries: Vec<_> = specs.iter_mut().filter_map(check_alone).collect();
        let neighbours = Neighbours::new(&summaries);
        let verdict = check_among(&mut specs[0], Some(&summaries[0]), &neighbours, &catalogue());
        assert_eq!((specs[0].diagnostics[0].message.as_str(), verdict.passes), ("1 others", false));
        let mut alone = writing();
        check_spec(&mut alone, &catalogue());
        assert_eq!(alone.diagnostics[0].message, "0 others");
    }

    #[test]
    fn findings_stand_in_order_and_once() {
        let sources = Sources::in_memory();
        let (body, own) = (sources.add("body.json", "{}"), file());
        assert_ne!(body, own, "the test needs two files");
        let mut found = vec![diagnostic(body, 1), diagnostic(own, 9), diagnostic(own, 3), diagnostic(own, 9)];
        sort(own, &mut found);
        let places: Vec<_> = found.iter().map(|found| (found.span.file == own, found.span.start)).collect();
        assert_eq!(places, [(true, 3), (true, 9), (false, 1)]);
    }
}
