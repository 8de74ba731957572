//! A compiled spec as data, and the rules that look at one.

use std::collections::{HashMap, HashSet};

use super::{Case, Flow, FlowSummary, Sample, Samples};
use crate::diagnostic::{Diagnostic, Lint};
use crate::plan::{AttributeName, Expression, OwnAttributes, Place, Plan};
use crate::source::{FileId, Span, Spanned};

/// One file after compiling, a spec or a flow: compiling never fails, it leaves out what it could not read and says so.
#[derive(Debug)]
pub struct Spec {
    /// Relative to the project root, with `/`.
    pub path: String,
    /// The path below the specs folder without extension.
    pub id: String,
    pub file: FileId,
    /// `None` when there is nothing to run.
    pub plan: Option<Plan>,
    /// Why there is no plan, in one line, for the cases that cannot run.
    pub not_runnable: Option<String>,
    pub cases: Vec<Case>,
    /// The cases, by their place in `cases`, that a mock answers with, one request after the other; the last one stays.
    pub sequence: Vec<Spanned<usize>>,
    /// What the defaults alone give: for a spec that is rendered without any case.
    pub bare_case: Option<Box<Case>>,
    /// The same of any spec: a case that is written need not repeat it.
    pub defaults: Option<Box<Case>>,
    /// What a flow's file holds. It has no plan and no cases of its own.
    pub flow: Option<Box<Flow>>,
    /// Lints that the spec is meant to trigger.
    pub expect_lints: Vec<Spanned<String>>,
    /// What cannot be relied on because it breaks the rules of TOML.
    pub damaged: Vec<Span>,
    /// Severities by lint name, from manifest and spec; `None`: allowed.
    pub levels: Vec<Level>,
    /// Findings, in the order found; severities are the lints' own until `check` applies `levels`.
    pub diagnostics: Vec<Diagnostic>,
    /// The lints of the spec's dialect.
    pub lints: &'static LintSet,
    /// Secrets that the manifest declares.
    pub declared_secrets: Vec<String>,
}

/// `[lint] name = level`.
#[derive(Clone, Debug)]
pub struct Level {
    pub lint: String,
    /// `None`: allowed.
    pub severity: Option<crate::diagnostic::Severity>,
    pub span: Span,
}

/// What a lint on a plan looks at.
pub struct Subject<'a> {
    pub plan: &'a Plan,
    /// Every expression of the plan with its place, those in filter arguments included.
    pub expressions: Vec<(Place, &'a Expression)>,
    /// The same of the replies that use values of the request.
    pub in_replies: Vec<(Place, &'a Expression)>,
    pub cases: &'a [Case],
    /// The defaults alone, of a spec without cases.
    pub bare_case: Option<&'a Case>,
    pub declared_secrets: &'a [String],
    /// Whether all of the action could be read. If not, the plan may lack what was written.
    pub is_readable: bool,
    samples: Samples<'a>,
}

impl<'a> Subject<'a> {
    pub fn new(plan: &'a Plan, cases: &'a [Case], declared_secrets: &'a [String]) -> Subject<'a> {
        let samples = Samples::new(cases, plan.outcome.reply_format(), plan.xml_style());
        let expressions = plan.all_expressions();
        let in_replies = cases.iter().flat_map(Case::expressions_of_reply).collect();
        Subject { plan, expressions, in_replies, cases, bare_case: None, declared_secrets, is_readable: true, samples }
    }

    /// Every expression of the request and of the replies, with its place.
    pub fn all_expressions(&self) -> impl Iterator<Item = (Place, &'a Expression)> {
        self.expressions.iter().chain(&self.in_replies).copied()
    }

    /// The JSON replies that the cases record for one class of status codes (2 for 2xx), each once.
    pub fn samples(&self, class: u8) -> &[Sample<'a>] {
        self.samples.of(class)
    }
}

/// What one spec says to the others: all that is kept of its plan for lints that look beyond one spec.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The spec's id, by which flows name it.
    pub id: String,
    /// The action's name.
    pub name: Spanned<String>,
    /// The attributes that the platform writes of itself, named after the action.
    pub default_outputs: Vec<AttributeName>,
    /// The attributes that a reply is written into.
    pub writes: Vec<AttributeName>,
    /// The attributes that the request reads, each with the place of its name.
    pub reads: Vec<(AttributeName, Span)>,
    /// The attributes that recorded replies merge into the state, each with the name of the first such case.
    pub merges: Vec<(AttributeName, Span)>,
    /// The attributes with a declared type, each with the place of its name, and those that the manifest gives.
    pub declared: Vec<(AttributeName, Option<Span>)>,
    /// The platform's own attributes, which stand in `default_context`.
    pub own_attributes: OwnAttributes,
    pub default_context: &'static str,
    /// A spec that shows certain lints, by name: it is a specimen, no action of the project. Empty: it is one.
    pub shows: Vec<String>,
}

impl Summary {
    /// Whether the spec is an action of the project as far as this lint goes: one that is there to show another lint is not.
    pub fn counts_for(&self, lint: &Lint) -> bool {
        self.shows.is_empty() || self.shows.iter().any(|name| name == lint.name)
    }
}

/// The specs that are looked at together.
#[derive(Debug, Default)]
pub struct Neighbours<'a> {
    /// By attribute, the specs that write it from a reply.
    pub writers: HashMap<&'a AttributeName, Vec<&'a Summary>>,
    /// By attribute, the specs whose action writes it of itself.
    pub default_writers: HashMap<&'a AttributeName, Vec<&'a Summary>>,
    pub flows: Vec<&'a FlowSummary>,
    /// By the id of an action, the flows that run it.
    pub runners: HashMap<&'a str, Vec<&'a FlowSummary>>,
    /// The attributes that any request reads.
    pub read: HashSet<&'a AttributeName>,
}

impl<'a> Neighbours<'a> {
    pub fn new(summaries: impl IntoIterator<Item = &'a Summary>) -> Neighbours<'a> {
        let mut neighbours = Neighbours::default();
        for summary in summaries {
            for name in &summary.writes {
                neighbours.writers.entry(name).or_default().push(summary);
            }
            neighbours.read.extend(summary.reads.iter().map(|(name, _)| name));
            for name in &summary.default_outputs {
                neighbours.default_writers.entry(name).or_default().push(summary);
            }
        }
        neighbours
    }

    /// The same with the flows that are looked at together with them.
    pub fn with_flows(mut self, flows: impl IntoIterator<Item = &'a FlowSummary>) -> Neighbours<'a> {
        for flow in flows {
            self.flows.push(flow);
            for id in &flow.runs {
                self.runners.entry(id).or_default().push(flow);
            }
        }
        self
    }
}

/// A lint that looks at a spec among the others of a run, and the function that finds it.
#[derive(Debug)]
pub struct ProjectRule {
    pub lint: &'static Lint,
    pub check: fn(&Summary, &Neighbours<'_>, &mut Vec<Diagnostic>),
}

/// A lint and the function that finds it.
#[derive(Debug)]
pub struct Rule {
    pub lint: &'static Lint,
    pub check: fn(&Subject<'_>, &mut Vec<Diagnostic>),
}

/// The lints of one part of the program: what the reader, the checks or one dialect can find.
#[derive(Debug)]
pub struct LintSet {
    /// Found while a spec is read: they have no rule.
    pub while_reading: &'static [&'static Lint],
    /// Found by looking at the plan.
    pub rules: &'static [&'static Rule],
    /// Found by looking at a spec among the others.
    pub project_rules: &'static [&'static ProjectRule],
}

impl LintSet {
    /// Every lint of the set; one that is found both while reading and by a rule comes twice.
    pub fn lints(&self) -> impl Iterator<Item = &'static Lint> {
        let of_rules = self.rules.iter().map(|rule| rule.lint);
        self.while_reading.iter().copied().chain(of_rules).chain(self.project_rules.iter().map(|rule| rule.lint))
    }
}
