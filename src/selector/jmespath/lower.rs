//! Turns the crate's syntax tree into a plan.
//!
//! The left side of the tree, which is as long as a chain, is taken apart in a loop;
//! the recursion is as deep as the nesting that the guard has let pass.

use ::jmespath::ast::{Ast, Comparator, KeyValuePair};

use super::check::{self, FunctionProblem};
use super::errors::{RuntimeError, SyntaxError, SyntaxErrorKind};
use super::functions::Function;
use super::guard::MAX_DEPTH;
use super::plan::{Atom, Call, CallArgument, Comparison, Operator, Pipeline, Projection, Slice, Source, Step};
use super::scan::{self, Token, TokenKind};

/// A plan and the calls in it that can only fail.
pub(super) struct Lowered {
    pub(super) root: Pipeline,
    pub(super) problems: Vec<FunctionProblem>,
}

/// Lowers the syntax tree of an expression.
pub(super) fn lower(text: &str, tokens: &[Token], tree: Ast) -> Result<Lowered, SyntaxError> {
    let mut lowering = Lowering { text, tokens, problems: Vec::new() };
    let root = lowering.pipeline(tree)?;
    let mut problems = lowering.problems;
    problems.sort_by_key(|problem| problem.start);
    Ok(Lowered { root: root.plan, problems })
}

/// A plan, and how many levels its result can be deeper than its input.
struct Grown<Plan> {
    plan: Plan,
    growth: usize,
}

impl<Plan> Grown<Plan> {
    fn new(plan: Plan, growth: usize) -> Grown<Plan> {
        Grown { plan, growth }
    }
}

/// What a call runs.
type FunctionOrError = Result<&'static Function, RuntimeError>;

/// A step whose right side is not yet lowered.
enum Pending {
    Then(Ast),
    Project(Source, Ast),
    Join(Operator, Ast),
}

struct Lowering<'e> {
    text: &'e str,
    tokens: &'e [Token],
    problems: Vec<FunctionProblem>,
}

impl Lowering<'_> {
    fn pipeline(&mut self, mut tree: Ast) -> Result<Grown<Pipeline>, SyntaxError> {
        let mut pending = Vec::new();
        let first = loop {
            match self.peel(tree)? {
                (Some(step), rest) => {
                    pending.push(step);
                    tree = rest;
                }
                (None, rest) => break self.atom(rest)?,
            }
        };
        let mut growth = first.growth;
        let mut pipeline = Pipeline { first: first.plan, steps: Vec::new() };
        for step in pending.into_iter().rev() {
            growth = self.append(&mut pipeline, growth, step)?;
            self.check_growth(growth)?;
        }
        Ok(Grown::new(pipeline, growth))
    }

    /// Takes the last step off a tree.
    fn peel(&self, tree: Ast) -> Result<(Option<Pending>, Ast), SyntaxError> {
        Ok(match tree {
            Ast::Subexpr { lhs, rhs, .. } => (Some(Pending::Then(*rhs)), *lhs),
            Ast::Or { lhs, rhs, .. } => (Some(Pending::Join(Operator::Or, *rhs)), *lhs),
            Ast::And { lhs, rhs, .. } => (Some(Pending::Join(Operator::And, *rhs)), *lhs),
            Ast::Comparison { comparator, lhs, rhs, .. } => (Some(Pending::Join(compared(&comparator), *rhs)), *lhs),
            Ast::Projection { lhs, rhs, .. } => {
                let (source, left) = self.source(*lhs)?;
                (Some(Pending::Project(source, *rhs)), left)
            }
            other => (None, other),
        })
    }

    /// What a projection runs over, and the tree that gives the value.
    fn source(&self, tree: Ast) -> Result<(Source, Ast), SyntaxError> {
        Ok(match tree {
            Ast::Flatten { node, .. } => (Source::Flattened, *node),
            Ast::ObjectValues { node, .. } => (Source::Values, *node),
            Ast::Slice { offset, start, stop, step } => {
                self.check_step(offset, step)?;
                let slice = Slice { start: start.map(i64::from), stop: stop.map(i64::from), step: i64::from(step) };
                (Source::Slice(slice), Ast::Identity { offset })
            }
            other => (Source::Elements, other),
        })
    }

    /// Appends a step; gives the growth with it.
    fn append(&mut self, pipeline: &mut Pipeline, growth: usize, step: Pending) -> Result<usize, SyntaxError> {
        let (step, growth) = match step {
            Pending::Then(tree) => {
                let next = self.pipeline(tree)?;
                then(pipeline, next.plan);
                return Ok(growth + next.growth);
            }
            Pending::Project(source, tree) => {
                let projection = self.projection(source, tree)?;
                let step = Step::Project(Box::new(projection.plan));
                (step, growth + projection.growth)
            }
            Pending::Join(operator, tree) => {
                let other = self.pipeline(tree)?;
                let step = Step::Join(operator, other.plan);
                (step, growth.max(other.growth))
            }
        };
        pipeline.steps.push(step);
        Ok(growth)
    }

    fn projection(&mut self, source: Source, tree: Ast) -> Result<Grown<Projection>, SyntaxError> {
        let (condition, tree) = match tree {
            Ast::Condition { predicate, then, .. } => (Some(self.pipeline(*predicate)?.plan), *then),
            other => (None, other),
        };
        let each = self.pipeline(tree)?;
        let projection = Projection { source, condition, each: each.plan };
        Ok(Grown::new(projection, each.growth))
    }

    fn atom(&mut self, tree: Ast) -> Result<Grown<Atom>, SyntaxError> {
        let plan = match tree {
            Ast::Identity { .. } => Atom::Current,
            Ast::Field { name, .. } => Atom::Field(name),
            Ast::Index { idx, .. } => Atom::Index(i64::from(idx)),
            Ast::Literal { offset, .. } => self.literal(offset)?,
            Ast::Not { node, .. } => Atom::Not(Box::new(self.pipeline(*node)?.plan)),
            Ast::MultiList { elements, .. } => return self.list(elements),
            Ast::MultiHash { elements, .. } => return self.object(elements),
            Ast::Function { offset, name, args } => return self.call(offset, name, args),
            _ => return Err(self.unsupported()),
        };
        Ok(Grown::new(plan, 0))
    }

    fn literal(&self, offset: usize) -> Result<Atom, SyntaxError> {
        self.token_at(offset)
            .and_then(|index| self.tokens.get(index))
            .and_then(|token| scan::literal_value(self.text, *token))
            .map(Atom::Literal)
            .ok_or_else(|| self.unsupported())
    }

    fn list(&mut self, elements: Vec<Ast>) -> Result<Grown<Atom>, SyntaxError> {
        let mut growth = 0;
        let mut list = Vec::with_capacity(elements.len());
        for element in elements {
            let element = self.pipeline(element)?;
            growth = element.growth.max(growth);
            list.push(element.plan);
        }
        self.check_growth(growth + 1)?;
        Ok(Grown::new(Atom::List(list), growth + 1))
    }

    fn object(&mut self, entries: Vec<KeyValuePair>) -> Result<Grown<Atom>, SyntaxError> {
        let mut growth = 0;
        let mut object = Vec::with_capacity(entries.len());
        for entry in entries {
            let value = self.pipeline(entry.value)?;
            growth = value.growth.max(growth);
            object.push((entry.key, value.plan));
        }
        self.check_growth(growth + 1)?;
        Ok(Grown::new(Atom::Object(object), growth + 1))
    }

    fn call(&mut self, offset: usize, name: String, arguments: Vec<Ast>) -> Result<Grown<Atom>, SyntaxError> {
        let (function, own_growth) = self.resolve(offset, &name, arguments.len())?;
        let (mut deepest, mut growth) = (0, own_growth);
        let mut lowered = Vec::with_capacity(arguments.len());
        for argument in arguments {
            if let Ast::Expref { ast, .. } = argument {
                let reference = self.pipeline(*ast)?;
                growth += reference.growth;
                lowered.push(CallArgument::Reference(reference.plan));
            } else {
                let value = self.pipeline(argument)?;
                deepest = value.growth.max(deepest);
                lowered.push(CallArgument::Value(value.plan));
            }
        }
        let call = Call { function, arguments: lowered };
        Ok(Grown::new(Atom::Call(call), growth + deepest))
    }

    /// What a call runs and how many levels that adds; notes a call that can only fail.
    fn resolve(&mut self, offset: usize, name: &str, given: usize) -> Result<(FunctionOrError, usize), SyntaxError> {
        let token = self
            .token_at(offset)
            .and_then(|index| self.tokens.get(index.checked_sub(1)?))
            .ok_or_else(|| self.unsupported())?;
        let kind = match check::resolve(name, given) {
            Ok(function) => return Ok((Ok(function), usize::from(name == "to_array"))),
            Err(kind) => kind,
        };
        let error = check::runtime_error(name, &kind);
        self.problems.push(FunctionProblem { name: name.to_owned(), start: token.start, end: token.end, kind });
        Ok((Err(error), 0))
    }

    /// The parser gives a slice the place of its closing bracket.
    fn check_step(&self, offset: usize, step: i32) -> Result<(), SyntaxError> {
        if step != 0 {
            return Ok(());
        }
        let close = self.token_at(offset).unwrap_or_default();
        let before = self.tokens.get(..close).unwrap_or_default();
        let open = before.iter().rfind(|token| token.kind == TokenKind::OpenBracket);
        let start = open.map_or(offset, |token| token.start);
        let end = self.tokens.get(close).map_or(start, |token| token.end);
        let error = SyntaxError::new(start, end, "the step of a slice cannot be 0");
        Err(error.with_kind(SyntaxErrorKind::InvalidValue))
    }

    fn check_growth(&self, growth: usize) -> Result<(), SyntaxError> {
        if growth <= MAX_DEPTH {
            return Ok(());
        }
        let message = format!("the expression builds a value deeper than {MAX_DEPTH} levels");
        let error = SyntaxError::new(0, self.text.len(), message);
        Err(error.with_kind(SyntaxErrorKind::Limit))
    }

    /// The index of the token that starts at a byte.
    fn token_at(&self, offset: usize) -> Option<usize> {
        self.tokens.binary_search_by_key(&offset, |token| token.start).ok()
    }

    /// For trees that the parser does not build.
    fn unsupported(&self) -> SyntaxError {
        SyntaxError::new(0, self.text.len(), "this expression is not supported")
    }
}

/// Lets the value of a pipeline become the input of another.
fn then(pipeline: &mut Pipeline, next: Pipeline) {
    if !next.is_linear() {
        let group = Atom::Group(Box::new(next));
        return pipeline.steps.push(Step::Then(group));
    }
    if !matches!(next.first, Atom::Current) {
        pipeline.steps.push(Step::Then(next.first));
    }
    pipeline.steps.extend(next.steps);
}

fn compared(comparator: &Comparator) -> Operator {
    Operator::Compare(match comparator {
        Comparator::Equal => Comparison::Equal,
        Comparator::NotEqual => Comparison::NotEqual,
        Comparator::LessThan => Comparison::Less,
        Comparator::LessThanEqual => Comparison::LessOrEqual,
        Comparator::GreaterThan => Comparison::Greater,
        Comparator::GreaterThanEqual => Comparison::GreaterOrEqual,
    })
}
