//! The paths that an expression reads from the document's root, found in its tokens.
//!
//! The expression compiles, so brackets match. What stands in a filter, behind a pipe, in a `&` argument or behind a value
//! reads that value and not the root.

use super::scan::{Token, TokenKind};
use crate::selector::{SelectorPath, SelectorStep, StepKind};

/// Every path from the root, in the order of the text.
pub(super) fn paths(text: &str, tokens: &[Token]) -> Vec<SelectorPath> {
    let mut search = Search { text, tokens, at: 0, levels: vec![Level::new(true)], begins: true, found: Vec::new() };
    while search.at < tokens.len() {
        search.token();
    }
    search.found
}

/// What stands between two brackets.
struct Level {
    /// Whether an operand reads the root: at its beginning, and from here on.
    at_first: bool,
    now: bool,
}

impl Level {
    fn new(reads_root: bool) -> Level {
        Level { at_first: reads_root, now: reads_root }
    }
}

struct Search<'e> {
    text: &'e str,
    tokens: &'e [Token],
    at: usize,
    levels: Vec<Level>,
    /// Whether the next token begins an operand.
    begins: bool,
    found: Vec<SelectorPath>,
}

impl Search<'_> {
    fn kind(&self, ahead: usize) -> Option<TokenKind> {
        self.tokens.get(self.at + ahead).map(|token| token.kind)
    }

    /// Whether an operand that begins here reads the root.
    fn reads_root(&self) -> bool {
        self.begins && self.levels.last().is_some_and(|level| level.now)
    }

    fn token(&mut self) {
        let Some(kind) = self.kind(0) else { return };
        match kind {
            TokenKind::Name if self.kind(1) == Some(TokenKind::OpenParenthesis) => self.open(self.reads_root(), 2),
            TokenKind::Name | TokenKind::QuotedName if self.kind(1) == Some(TokenKind::Colon) => self.skip(false),
            _ if self.reads_root() && self.path() => {}
            TokenKind::OpenParenthesis | TokenKind::OpenBracket | TokenKind::OpenBrace => self.open(self.reads_root(), 1),
            TokenKind::Filter => self.open(false, 1),
            TokenKind::CloseParenthesis | TokenKind::CloseBracket | TokenKind::CloseBrace => {
                self.levels.pop();
                self.skip(false);
            }
            TokenKind::Comma => {
                self.level(|level| level.now = level.at_first);
                self.skip(true);
            }
            TokenKind::Pipe | TokenKind::Reference => {
                self.level(|level| level.now = false);
                self.skip(true);
            }
            TokenKind::And | TokenKind::Or | TokenKind::Not | TokenKind::Comparator | TokenKind::Colon => self.skip(true),
            _ => self.skip(false),
        }
    }

    fn skip(&mut self, begins: bool) {
        self.at += 1;
        self.begins = begins;
    }

    fn open(&mut self, reads_root: bool, tokens: usize) {
        self.levels.push(Level::new(reads_root));
        self.at += tokens;
        self.begins = true;
    }

    fn level(&mut self, change: impl FnOnce(&mut Level)) {
        if let Some(level) = self.levels.last_mut() {
            change(level);
        }
    }

    /// Takes a path, if one begins here.
    fn path(&mut self) -> bool {
        let start = self.at;
        let mut steps = Vec::new();
        match self.kind(0) {
            Some(TokenKind::Current) => self.at += 1,
            _ => match self.step(0) {
                Some(step) => steps.push(step),
                None => return false,
            },
        }
        while let Some(step) = self.next_step() {
            steps.push(step);
        }
        self.begins = false;
        if !steps.is_empty() {
            let follows = self.kind(0);
            let into = [TokenKind::Dot, TokenKind::OpenBracket, TokenKind::Filter, TokenKind::Flatten];
            let goes_on = follows.is_some_and(|kind| into.contains(&kind));
            self.found.push(SelectorPath { steps, is_whole: start == 0 && follows.is_none(), goes_on });
        }
        true
    }

    fn next_step(&mut self) -> Option<SelectorStep> {
        match self.kind(0)? {
            TokenKind::Dot if self.kind(2) == Some(TokenKind::OpenParenthesis) => None,
            TokenKind::Dot => self.name(1),
            TokenKind::OpenBracket | TokenKind::Flatten => self.step(0),
            _ => None,
        }
    }

    fn step(&mut self, ahead: usize) -> Option<SelectorStep> {
        let bracketed = self.kind(2) == Some(TokenKind::CloseBracket);
        let (kind, tokens) = match self.kind(ahead)? {
            TokenKind::Flatten => (StepKind::Flattened, 1),
            TokenKind::OpenBracket if bracketed && self.kind(1) == Some(TokenKind::Star) => (StepKind::Each, 3),
            TokenKind::OpenBracket if bracketed && self.kind(1) == Some(TokenKind::Number) => (self.index()?, 3),
            _ => return self.name(ahead),
        };
        let (first, last) = (self.tokens.get(self.at)?, self.tokens.get(self.at + tokens - 1)?);
        self.at += tokens;
        Some(SelectorStep { kind, range: first.start..last.end })
    }

    fn index(&self) -> Option<StepKind> {
        self.tokens.get(self.at + 1)?.text(self.text).parse().ok().map(StepKind::Index)
    }

    fn name(&mut self, ahead: usize) -> Option<SelectorStep> {
        let token = *self.tokens.get(self.at + ahead)?;
        let written = token.text(self.text);
        let name = match token.kind {
            TokenKind::Name => written.to_string(),
            TokenKind::QuotedName => serde_json::from_str(written).ok()?,
            _ => return None,
        };
        self.at += ahead + 1;
        Some(SelectorStep { kind: StepKind::Field(name), range: token.start..token.end })
    }
}
