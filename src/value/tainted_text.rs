//! A text that knows which of its bytes came from a secret.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use zeroize::Zeroize;

/// What stands in the place of a secret: eight U+2022.
pub const MASK: &str = "••••••••";

/// A text and the byte ranges of it that are secret, in order, not overlapping. One that holds a secret is overwritten with
/// zeros when it goes.
#[derive(Clone, PartialEq, Eq, Default, Hash)]
pub struct TaintedText {
    plain: String,
    secret: Vec<Range<usize>>,
}

impl fmt::Debug for TaintedText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.masked().fmt(formatter)
    }
}

impl Drop for TaintedText {
    fn drop(&mut self) {
        if self.carries_secret() {
            self.plain.zeroize();
        }
    }
}

impl TaintedText {
    pub fn plain(text: impl Into<String>) -> TaintedText {
        TaintedText { plain: text.into(), secret: Vec::new() }
    }

    pub fn secret(text: impl Into<String>) -> TaintedText {
        let plain: String = text.into();
        let secret = if plain.is_empty() { Vec::new() } else { std::iter::once(0..plain.len()).collect() };
        TaintedText { plain, secret }
    }

    /// The ranges must be in order and inside the text; others are dropped by making the whole secret.
    pub fn with_secret_parts(text: impl Into<String>, parts: Vec<Range<usize>>) -> TaintedText {
        let plain: String = text.into();
        let mut end = 0;
        for part in &parts {
            if part.start < end || plain.get(part.clone()).is_none() {
                return TaintedText::secret(plain);
            }
            end = part.end;
        }
        TaintedText { plain, secret: parts }
    }

    /// Makes room, and leaves no secret where the text stood before.
    fn reserve(&mut self, more: usize) {
        let needed = self.plain.len() + more;
        if self.secret.is_empty() || needed <= self.plain.capacity() {
            return;
        }
        let mut larger = String::with_capacity(needed.max(2 * self.plain.capacity()));
        larger.push_str(&self.plain);
        self.plain.zeroize();
        self.plain = larger;
    }

    pub fn push_plain(&mut self, text: &str) {
        self.reserve(text.len());
        self.plain.push_str(text);
    }

    pub fn push_char(&mut self, character: char) {
        self.reserve(character.len_utf8());
        self.plain.push(character);
    }

    pub fn push(&mut self, other: &TaintedText) {
        let base = self.plain.len();
        self.reserve(other.plain.len());
        self.plain.push_str(&other.plain);
        for range in &other.secret {
            self.add_secret(range.start + base..range.end + base);
        }
    }

    fn add_secret(&mut self, range: Range<usize>) {
        match self.secret.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ if range.is_empty() => {}
            _ => self.secret.push(range),
        }
    }

    /// Encodes piece by piece: every maximal run of secret or plain text goes through `encode`, and keeps its taint.
    pub fn map(&self, mut encode: impl FnMut(&str) -> String) -> TaintedText {
        let mut mapped = TaintedText::default();
        for (piece, is_secret) in self.pieces() {
            let encoded = encode(piece);
            mapped.push(&if is_secret { TaintedText::secret(encoded) } else { TaintedText::plain(encoded) });
        }
        mapped
    }

    /// The runs of the text, each with whether it is secret.
    pub fn pieces(&self) -> impl Iterator<Item = (&str, bool)> {
        let mut pieces = Vec::with_capacity(self.secret.len() * 2 + 1);
        let mut at = 0;
        for range in &self.secret {
            pieces.push((&self.plain[at..range.start], false));
            pieces.push((&self.plain[range.clone()], true));
            at = range.end;
        }
        pieces.push((&self.plain[at..], false));
        pieces.into_iter().filter(|(piece, _)| !piece.is_empty())
    }

    /// Without spaces, tabs and line breaks at either end: what HTTP and JSON take for white space, and no more.
    pub fn trim(&self) -> TaintedText {
        const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];
        let start = self.plain.len() - self.plain.trim_start_matches(BLANK).len();
        let end = start + self.plain[start..].trim_end_matches(BLANK).len();
        let mut trimmed = TaintedText::plain(self.plain[start..end].to_string());
        for range in &self.secret {
            let (from, to) = (range.start.clamp(start, end) - start, range.end.clamp(start, end) - start);
            trimmed.add_secret(from..to);
        }
        trimmed
    }

    /// A part of the text with what is secret in it. The range must lie on character boundaries inside the text.
    pub fn part(&self, range: Range<usize>) -> TaintedText {
        let mut part = TaintedText::plain(self.plain.get(range.clone()).unwrap_or_default());
        let first = self.secret.partition_point(|secret| secret.end <= range.start);
        for secret in self.secret[first..].iter().take_while(|secret| secret.start < range.end) {
            part.add_secret(secret.start.max(range.start) - range.start..secret.end.min(range.end) - range.start);
        }
        part
    }

    pub fn carries_secret(&self) -> bool {
        !self.secret.is_empty()
    }

    pub fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    /// The real text: for the wire, and for comparing.
    pub fn reveal(&self) -> &str {
        &self.plain
    }

    /// The text for people: every secret run is [`MASK`].
    pub fn masked(&self) -> Cow<'_, str> {
        if self.secret.is_empty() {
            return Cow::Borrowed(&self.plain);
        }
        Cow::Owned(self.pieces().map(|(piece, is_secret)| if is_secret { MASK } else { piece }).collect())
    }

    /// [`TaintedText::masked`] of a text that is not needed any more.
    pub fn into_masked(mut self) -> String {
        if self.secret.is_empty() { std::mem::take(&mut self.plain) } else { self.masked().into_owned() }
    }

    pub fn into_plain(mut self) -> String {
        std::mem::take(&mut self.plain)
    }

    pub fn into_parts(mut self) -> (String, Vec<Range<usize>>) {
        (std::mem::take(&mut self.plain), std::mem::take(&mut self.secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_text_around_a_secret_stays() {
        let mut header = TaintedText::plain("Bearer ");
        header.push(&TaintedText::secret("k-123"));
        header.push_plain(" ");
        assert_eq!(header.masked(), format!("Bearer {MASK} "));
        assert_eq!(header.trim().masked(), format!("Bearer {MASK}"));
        assert_eq!(TaintedText::plain("\t\u{a0}x\u{2029} \n").trim().reveal(), "\u{a0}x\u{2029}");
        assert_eq!(header.map(|piece| piece.replace(' ', "%20")).reveal(), "Bearer%20k-123%20");
    }

    #[test]
    fn neighbouring_secrets_are_one_mask() {
        let mut text = TaintedText::secret("a");
        text.push(&TaintedText::secret("b"));
        assert_eq!(text.masked(), MASK);
        assert!(!TaintedText::secret("").carries_secret());
    }
}
