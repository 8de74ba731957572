//! Refuses, before the crate parses, what would overflow the stack of its recursive
//! parser (an overflow ends the process), and the few faults that it lets pass.
//!
//! Two sizes are bounded. The *depth* is how far the parser recurses: each bracket adds
//! a level, and so do an operator whose right side is being read, a `!` and a reference;
//! a projection, which takes all that follows it as its right side, adds two or three.
//! So weighed, a level takes the parser at most 8 KiB of stack in a debug build: the
//! deepest expressions compile, run and are freed within half of a thread's 2 MiB.
//!
//! The *chain* is the height of the tree, to which the flat `a.b.c`, `a | b` and
//! `a || b` add too: they cost the parser nothing and the one who frees the tree a call
//! each.

use super::errors::{SyntaxError, SyntaxErrorKind};
use super::scan::{Token, TokenKind, quoted};

/// Longest expression, in bytes.
pub const MAX_EXPRESSION_LENGTH: usize = 64 * 1024;

/// Most levels of nesting in an expression, and most levels that an expression may add
/// to the nesting of its document.
pub const MAX_DEPTH: usize = 128;

/// Levels that a projection counts for: the parser goes through several calls for one.
const PROJECTION_DEPTH: usize = 2;

/// Levels that a slice counts for, the costliest projection.
const SLICE_DEPTH: usize = 3;

/// Most links, such as `.name` or `|| other`, on one way through an expression.
pub const MAX_CHAIN: usize = 512;

/// Refuses a text that is too long to look at.
pub(super) fn check_length(expression: &str) -> Result<(), SyntaxError> {
    if expression.len() <= MAX_EXPRESSION_LENGTH {
        return Ok(());
    }
    let message = format!("the expression is longer than {MAX_EXPRESSION_LENGTH} bytes");
    Err(SyntaxError::new(0, expression.len(), message).with_kind(SyntaxErrorKind::Limit))
}

/// Refuses an expression that is too deep, or that the crate wrongly accepts.
pub(super) fn check(expression: &str, tokens: &[Token]) -> Result<(), SyntaxError> {
    let mut guard = Guard { expression, frame: Frame::default(), enclosing: Vec::new() };
    let mut previous = None;
    for &token in tokens {
        guard.check_neighbours(previous, token)?;
        guard.count(previous, token);
        guard.check_limits(token)?;
        previous = Some(token);
    }
    Ok(())
}

/// The counts inside one pair of brackets.
#[derive(Default)]
struct Frame {
    /// Whether the brackets hold the arguments of a function.
    is_call: bool,
    /// The depth of the projection that the closing bracket starts.
    projects: usize,
    /// The depth at the opening bracket.
    base: usize,
    /// The binding powers of operators whose right side is being read, as bits.
    operators: u8,
    /// The depth of projections and `!` that have not ended.
    prefixes: usize,
    /// Whether a reference has not ended.
    in_reference: bool,
    /// Binary operators since the last comma.
    joints: usize,
    /// Links since the last operator or comma.
    links: usize,
    /// The tallest brackets since the last operator or comma.
    tallest_inside: usize,
    /// The height of the tallest operand since the last comma.
    tallest_operand: usize,
    /// The height of the tallest part before the last comma.
    tallest_part: usize,
}

impl Frame {
    fn depth(&self) -> usize {
        let operators = self.operators.count_ones() as usize;
        self.base + operators + self.prefixes + usize::from(self.in_reference)
    }

    fn height(&self) -> usize {
        self.tallest_part.max(self.joints + self.operand_height())
    }

    fn operand_height(&self) -> usize {
        self.tallest_operand.max(self.links + self.tallest_inside)
    }

    fn link(&mut self) {
        self.links += 1;
    }

    fn prefix(&mut self, depth: usize) {
        self.links += 1;
        self.prefixes += depth;
    }

    /// A binary operator ends projections, and operators that bind as tight or tighter.
    fn operator(&mut self, power: u8) {
        self.tallest_operand = self.operand_height();
        self.joints += 1;
        self.links = 0;
        self.tallest_inside = 0;
        self.prefixes = 0;
        self.operators &= (1 << power) - 1;
        self.operators |= 1 << power;
    }

    /// A `[]` ends projections and starts its own.
    fn flatten(&mut self) {
        self.links += 1;
        self.prefixes = PROJECTION_DEPTH;
    }

    /// A comma ends all but the brackets.
    fn comma(&mut self) {
        *self = Frame {
            tallest_part: self.height(),
            is_call: self.is_call,
            projects: self.projects,
            base: self.base,
            ..Frame::default()
        };
    }

    fn enclose(&mut self, inside: &Frame) {
        self.tallest_inside = self.tallest_inside.max(inside.height() + 1);
        if inside.projects > 0 {
            self.prefix(inside.projects);
        }
    }
}

struct Guard<'e> {
    expression: &'e str,
    frame: Frame,
    enclosing: Vec<Frame>,
}

impl Guard<'_> {
    fn count(&mut self, previous: Option<Token>, token: Token) {
        match token.kind {
            TokenKind::Dot => self.frame.link(),
            TokenKind::Not => self.frame.prefix(1),
            TokenKind::Star => {
                self.frame.prefix(PROJECTION_DEPTH);
                self.frame.projects = self.frame.projects.max(PROJECTION_DEPTH);
            }
            TokenKind::Colon => self.frame.projects = SLICE_DEPTH,
            TokenKind::Reference => self.frame.in_reference = true,
            TokenKind::Flatten => self.frame.flatten(),
            TokenKind::Comma => self.frame.comma(),
            TokenKind::Pipe => self.frame.operator(1),
            TokenKind::Or => self.frame.operator(2),
            TokenKind::And => self.frame.operator(3),
            TokenKind::Comparator => self.frame.operator(4),
            kind if is_open(kind) => self.open(previous, kind),
            kind if is_close(kind) => self.close(kind),
            _ => {}
        }
    }

    fn open(&mut self, previous: Option<Token>, kind: TokenKind) {
        self.frame.link();
        let after_name = previous.is_some_and(|token| token.kind == TokenKind::Name);
        let (depth, projects) = match kind {
            TokenKind::Filter => (PROJECTION_DEPTH, PROJECTION_DEPTH),
            _ => (1, 0),
        };
        let inside = Frame {
            base: self.frame.depth() + depth,
            is_call: kind == TokenKind::OpenParenthesis && after_name,
            projects,
            ..Frame::default()
        };
        self.enclosing.push(std::mem::replace(&mut self.frame, inside));
    }

    /// A bracket that closes nothing is left to the parser, which stops there.
    fn close(&mut self, kind: TokenKind) {
        if let Some(outside) = self.enclosing.pop() {
            let mut inside = std::mem::replace(&mut self.frame, outside);
            if kind != TokenKind::CloseBracket {
                inside.projects = 0;
            }
            self.frame.enclose(&inside);
        }
    }

    fn check_limits(&self, token: Token) -> Result<(), SyntaxError> {
        let message = if self.frame.depth() > MAX_DEPTH {
            format!("the expression is nested deeper than {MAX_DEPTH} levels")
        } else if self.frame.height() > MAX_CHAIN {
            format!("the expression chains more than {MAX_CHAIN} steps")
        } else {
            return Ok(());
        };
        let error = SyntaxError::new(token.start, token.end, message);
        Err(error.with_kind(SyntaxErrorKind::Limit))
    }

    /// Refuses pairs of tokens that the specification forbids and the crate accepts:
    /// `[a b]`, `[ ]`, `(name)(argument)` and a reference that is not an argument.
    fn check_neighbours(&self, previous: Option<Token>, token: Token) -> Result<(), SyntaxError> {
        let before = previous.map(|token| token.kind);
        let after_operand = before.is_some_and(ends_operand);
        let found = quoted(token.text(self.expression));
        let message = match token.kind {
            TokenKind::Reference if !self.starts_argument(before) => {
                "`&` may only stand before an argument of a function".to_owned()
            }
            TokenKind::OpenParenthesis if after_operand && before != Some(TokenKind::Name) => {
                "only the name of a function may stand before `(`".to_owned()
            }
            TokenKind::CloseBracket if before == Some(TokenKind::OpenBracket) => {
                "expected an expression between `[` and `]`".to_owned()
            }
            kind if after_operand && starts_operand(kind) => {
                format!("expected an operator or `,` before {found}")
            }
            _ => return Ok(()),
        };
        Err(SyntaxError::new(token.start, token.end, message))
    }

    fn starts_argument(&self, before: Option<TokenKind>) -> bool {
        let opened = matches!(before, Some(TokenKind::OpenParenthesis | TokenKind::Comma));
        self.frame.is_call && opened
    }
}

fn is_open(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::OpenParenthesis | TokenKind::OpenBracket | TokenKind::OpenBrace | TokenKind::Filter)
}

fn is_close(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::CloseParenthesis | TokenKind::CloseBracket | TokenKind::CloseBrace)
}

fn starts_operand(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name
            | TokenKind::QuotedName
            | TokenKind::RawString
            | TokenKind::JsonLiteral
            | TokenKind::Number
            | TokenKind::Current
    )
}

fn ends_operand(kind: TokenKind) -> bool {
    starts_operand(kind) || is_close(kind) || matches!(kind, TokenKind::Star | TokenKind::Flatten)
}
