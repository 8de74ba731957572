//! How a reply is understood.

use std::fmt;
use std::slice;
use std::sync::Arc;

use super::AttributeName;
use crate::selector::Selector;
use crate::source::{Mapped, Span, Spanned};
use crate::value::AttributeType;

/// What a reply does to the conversation's state.
#[derive(Clone, Debug)]
pub struct OutcomePlan {
    pub rule: OutcomeRule,
    /// The attributes that always hold whether the action succeeded.
    pub success_names: Vec<AttributeName>,
    pub status_names: Vec<AttributeName>,
    /// The names were derived from an action name that other normalisations turn into other words.
    pub names_are_assumed: bool,
}

impl OutcomePlan {
    /// The rules by class of status; none where replies are understood in another way.
    pub fn groups(&self) -> &[Group] {
        match &self.rule {
            OutcomeRule::Groups(groups) => groups,
            OutcomeRule::Reported(_) | OutcomeRule::Exits(_) | OutcomeRule::Merged(_) => &[],
        }
    }

    /// Whether the action runs at all.
    pub fn is_active(&self) -> bool {
        !matches!(&self.rule, OutcomeRule::Reported(reported) if !reported.is_active)
    }

    /// What a reply is read as.
    pub fn reply_format(&self) -> ReplyFormat {
        match &self.rule {
            OutcomeRule::Exits(exits) => exits.format,
            OutcomeRule::Groups(_) | OutcomeRule::Reported(_) | OutcomeRule::Merged(_) => ReplyFormat::Json,
        }
    }

    /// What is taken from a reply by expressions, in lists of which one reply uses one.
    pub fn mappings(&self) -> Vec<&[Output]> {
        match &self.rule {
            OutcomeRule::Groups(groups) => groups.iter().map(|group| group.outputs.as_slice()).collect(),
            OutcomeRule::Exits(exits) => vec![exits.outputs.as_slice()],
            OutcomeRule::Reported(_) | OutcomeRule::Merged(_) => Vec::new(),
        }
    }

    /// What a reply of a class of status fills by expressions: that of one group, or of the mapping that all replies have, whose
    /// paths are made for those of 2xx. Nothing where nobody waits for the reply.
    pub fn outputs_of(&self, class: u8) -> &[Output] {
        match &self.rule {
            OutcomeRule::Groups(groups) => {
                groups.iter().find(|group| group.class == class).map_or(&[], |group| group.outputs.as_slice())
            }
            OutcomeRule::Exits(exits) if class == 2 && !exits.is_asynchronous => &exits.outputs,
            OutcomeRule::Exits(_) | OutcomeRule::Reported(_) | OutcomeRule::Merged(_) => &[],
        }
    }

    /// Whether a reply is meant to hold all that is taken from it. Elsewhere what is missing becomes empty.
    pub fn is_strict(&self) -> bool {
        matches!(self.rule, OutcomeRule::Exits(_))
    }

    /// Every attribute that a reply is written into, by name.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        let (groups, reported, exits) = match &self.rule {
            OutcomeRule::Groups(groups) => (groups.as_slice(), None, None),
            OutcomeRule::Reported(reported) => (&[][..], Some(reported), None),
            OutcomeRule::Exits(exits) => (&[][..], None, Some(exits)),
            OutcomeRule::Merged(_) => (&[][..], None, None),
        };
        let of_exits = exits.into_iter().flat_map(|exits| {
            let outputs: slice::Iter<'_, Output> = exits.outputs.iter();
            outputs.map(|output| &output.target).chain(&exits.status)
        });
        let of_reported = reported.into_iter().flat_map(|reported| &reported.outputs);
        groups.iter().flat_map(Group::targets).chain(of_reported).chain(of_exits)
    }
}

/// How a reply is understood.
#[derive(Clone, Debug)]
pub enum OutcomeRule {
    /// By the class of its status: at most one group for each.
    Groups(Vec<Group>),
    /// The reply says whether the action succeeded, and names what it writes.
    Reported(Reported),
    /// Its status picks one of several ways out.
    Exits(Exits),
    /// A part of it is merged into a context.
    Merged(Merged),
}

/// A reply that names the attributes it writes.
#[derive(Clone, Debug, Default)]
pub struct Reported {
    /// The attributes that it is expected to write. Others go into the default context.
    pub outputs: Vec<Target>,
    /// Whether the action is switched on: it does not run otherwise.
    pub is_active: bool,
}

/// Ways out by status, and what is taken from a reply.
#[derive(Clone, Debug)]
pub struct Exits {
    /// Besides the default one, which takes 2xx.
    pub listed: Vec<Spanned<ExitPattern>>,
    pub format: ReplyFormat,
    pub outputs: Vec<Output>,
    /// Where the status is kept.
    pub status: Option<Target>,
    /// The conversation goes on without the reply.
    pub is_asynchronous: bool,
}

/// What a way out takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitPattern {
    Status(u16),
    /// 4 for 4xx.
    Class(u8),
}

impl ExitPattern {
    /// `404` or `4xx`.
    pub fn parse(text: &str) -> Option<ExitPattern> {
        if let Some(class) = text.strip_suffix("xx") {
            return class.parse().ok().filter(|class| (1..=5).contains(class)).map(ExitPattern::Class);
        }
        text.parse().ok().filter(|status| (100..=599).contains(status)).map(ExitPattern::Status)
    }
}

impl fmt::Display for ExitPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExitPattern::Status(status) => write!(formatter, "{status}"),
            ExitPattern::Class(class) => write!(formatter, "{class}xx"),
        }
    }
}

/// What a reply's body is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyFormat {
    Json,
    Xml,
}

/// An object in the reply whose entries become attributes.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The way to the object.
    pub path: &'static [&'static str],
    /// The context that its entries are written into.
    pub context: &'static str,
    /// What the language model is told about the reply.
    pub directive: Option<Spanned<String>>,
    /// Whether the language model reads the reply at all.
    pub is_interpreted: bool,
}

/// The rules for one class of status codes (2 for 2xx).
#[derive(Clone, Debug)]
pub struct Group {
    pub class: u8,
    pub success: SuccessRule,
    /// Where `action_success` was written; `None`: the platform's default counts.
    pub success_span: Option<Span>,
    pub raw: Option<Target>,
    pub outputs: Vec<Output>,
    /// Where the class was written: `2xx`.
    pub span: Span,
}

impl Group {
    /// Every attribute that a reply is written into: the raw reply's, then the outputs'.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.raw.iter().chain(self.outputs.iter().map(|output| &output.target))
    }
}

#[derive(Clone, Debug)]
pub enum SuccessRule {
    Constant(bool),
    /// An expression over the reply, as written; `None` when it cannot be read, which never succeeds.
    Expression {
        selector: Option<Arc<dyn Selector>>,
        source: Mapped,
    },
}

/// An attribute that a reply is written into.
#[derive(Clone, Debug)]
pub struct Target {
    pub name: AttributeName,
    pub declared: Option<AttributeType>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Output {
    pub target: Target,
    /// `None` when the expression cannot be read: the attribute becomes empty.
    pub selector: Option<Arc<dyn Selector>>,
    /// The expression as written.
    pub source: Mapped,
}

/// Whether a group succeeds when nothing is configured: 1xx to 3xx do.
pub fn succeeds_by_default(class: u8) -> bool {
    class < 4
}
