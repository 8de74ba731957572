//! What is signed in a request: the values that go into an HMAC, variables followed.

use std::collections::HashSet;

use crate::case::Subject;
use crate::plan::{
    AuthValue, AuthVariable, Authentication, Expression, FilterArgument, FilterUse, Function, LONGEST_CHAIN, Place, Plan,
    Text, ValueSource,
};
use crate::source::Span;

/// No more values than this are looked at for the signatures of one action: variables could multiply without end.
const MOST_PARTS: usize = 10_000;

/// A signature, by the filter `hmac` or by the function `hmac-sha256`.
pub struct Signature<'a> {
    /// The expression or the call that signs.
    pub span: Span,
    pub place: Place,
    pub key: Key<'a>,
    /// Whether its arguments are good; if not, the platform signs nothing, and other lints say so.
    pub works: bool,
    data: Vec<Part<'a>>,
}

/// A key as it was written.
pub enum Key<'a> {
    Argument(&'a FilterArgument),
    Text(&'a Text),
}

/// A value that goes into a signature, with the filters it goes through on its way.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    pub expression: &'a Expression,
    pub filters: &'a [FilterUse],
}

/// All that goes into a signature.
#[derive(Default)]
pub struct Signed<'a> {
    /// Every value on the way, variables included.
    pub parts: Vec<Part<'a>>,
    /// Where the values come from in the end, with the places where they are read.
    pub sources: Vec<(&'a ValueSource, Span)>,
}

/// The variable that a source reads.
pub fn read_by<'a>(plan: &'a Plan, source: &ValueSource) -> Option<&'a AuthVariable> {
    match source {
        ValueSource::Variable(name) => plan.variable(name),
        _ => None,
    }
}

/// The expression that stands for a variable which is nothing but one, also through other variables.
pub fn behind_variables<'a>(plan: &'a Plan, expression: &'a Expression) -> &'a Expression {
    let mut expression = expression;
    for _ in 0..LONGEST_CHAIN {
        let variable = read_by(plan, &expression.source).map(|variable| &variable.value);
        let Some(AuthValue::Text(text)) = variable else { break };
        match text.lone() {
            Some(inner) if inner.filters.is_empty() && inner.path.is_empty() => expression = inner,
            _ => break,
        }
    }
    expression
}

/// Every signature of an action that works, also where it does not belong.
pub fn signatures<'a>(subject: &Subject<'a>) -> Vec<Signature<'a>> {
    let mut all = with_broken(subject);
    all.retain(|signature| signature.works);
    all
}

/// Every signature of an action, those included that do not work.
pub fn with_broken<'a>(subject: &Subject<'a>) -> Vec<Signature<'a>> {
    let filters = subject.expressions.iter().flat_map(|(place, expression)| {
        expression.filters.iter().enumerate().filter_map(|(index, filter)| {
            let arguments = arguments_of_hmac(filter)?;
            Some(Signature {
                span: expression.span,
                place: *place,
                key: Key::Argument(arguments.get(1)?),
                works: works(filter),
                data: vec![Part { expression, filters: &expression.filters[..index] }],
            })
        })
    });
    filters.chain(calls(subject.plan)).collect()
}

/// The filter's arguments, if it is `hmac`.
fn arguments_of_hmac(filter: &FilterUse) -> Option<&[FilterArgument]> {
    match filter {
        FilterUse::Known { filter, arguments, .. } if filter.name == "hmac" => Some(arguments),
        _ => None,
    }
}

fn works(filter: &FilterUse) -> bool {
    let FilterUse::Known { filter, arguments, .. } = filter else { return false };
    let literals: Vec<Option<&str>> = arguments.iter().map(literal).collect();
    arguments.len() <= filter.parameters.len() && (filter.check)(&literals).is_none()
}

fn literal(argument: &FilterArgument) -> Option<&str> {
    match argument {
        FilterArgument::Text { text, .. } => Some(text),
        FilterArgument::Value(_) => None,
    }
}

fn calls(plan: &Plan) -> impl Iterator<Item = Signature<'_>> {
    let variables = match &plan.authentication {
        Authentication::Header(header) => header.variables.as_slice(),
        _ => &[],
    };
    variables.iter().filter_map(|variable| match &variable.value {
        AuthValue::Function(function) if function.function == Some(Function::HmacSha256) => {
            let [data, key, rest @ ..] = function.arguments.as_slice() else { return None };
            Some(Signature {
                span: function.call.name.span.to(function.call.arguments_span),
                place: Place::Variable,
                key: Key::Text(key),
                works: rest.is_empty(),
                data: data.expressions().map(whole).collect(),
            })
        }
        _ => None,
    })
}

fn whole(expression: &Expression) -> Part<'_> {
    Part { expression, filters: &expression.filters }
}

/// What goes into each signature; beyond the limit nothing more is known.
pub struct Follower<'a> {
    plan: &'a Plan,
    left: usize,
}

impl<'a> Follower<'a> {
    pub fn new(plan: &'a Plan) -> Follower<'a> {
        Follower { plan, left: MOST_PARTS }
    }

    pub fn follow(&mut self, signature: &Signature<'a>) -> Option<Signed<'a>> {
        let mut signed = Signed::default();
        let mut open = signature.data.clone();
        let mut seen = HashSet::new();
        while let Some(part) = open.pop() {
            self.left = self.left.checked_sub(1)?;
            signed.parts.push(part);
            open.extend(arguments(part.filters));
            match read_by(self.plan, &part.expression.source) {
                Some(variable) if seen.insert(variable.name.value.as_str()) => open.extend(signed_by(&variable.value)),
                Some(_) => {}
                None => signed.sources.push((&part.expression.source, part.expression.span)),
            }
        }
        Some(signed)
    }
}

/// The values that filters read besides. The key of an inner signature is no part of what it signs.
fn arguments(filters: &[FilterUse]) -> impl Iterator<Item = Part<'_>> {
    let others = filters.iter().filter(|filter| arguments_of_hmac(filter).is_none());
    others.flat_map(FilterUse::arguments).filter_map(|argument| match argument {
        FilterArgument::Value(expression) => Some(whole(expression)),
        FilterArgument::Text { .. } => None,
    })
}

/// The values that make up a variable; of a signature what it signs.
fn signed_by(value: &AuthValue) -> impl Iterator<Item = Part<'_>> {
    let count = match value {
        AuthValue::Function(function) if function.function.is_some() => 1,
        _ => usize::MAX,
    };
    value.texts().into_iter().take(count).flat_map(Text::expressions).map(whole)
}
