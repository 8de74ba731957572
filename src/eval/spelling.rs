//! Reading a finished text as its readers do: escapes of JSON, URLs and HTML undone, with the way back to where they stood.
//!
//! One pass undoes every kind of escape at once, so that no mixture of them is missed; more passes undo escapes of escapes.

use std::ops::Range;

use zeroize::Zeroize;

/// A text with its escapes undone. Overwritten with zeros when it goes.
pub(super) struct Unescaped {
    pub text: String,
    /// In order.
    escapes: Vec<Escape>,
}

/// What was written in a place of the source, and where it stands now.
struct Escape {
    text: Range<usize>,
    source: Range<usize>,
}

impl Drop for Unescaped {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

impl Unescaped {
    /// `None` when nothing is escaped.
    pub fn new(source: &str) -> Option<Unescaped> {
        Unescaped::pass(source, |byte| matches!(byte, b'\\' | b'%' | b'&' | 0), Unescaped::escape)
    }

    /// The text without its line ends and what indents the next line, as encoded text may be folded (RFC 2045 section 6.8);
    /// `None` when it is one line.
    pub fn unfolded(source: &str) -> Option<Unescaped> {
        Unescaped::pass(
            source,
            |byte| matches!(byte, b'\r' | b'\n'),
            |unfolded, source, at| {
                let end = source.len() - source[at..].trim_start_matches(['\r', '\n', ' ', '\t']).len();
                unfolded.put("", at..end);
                end
            },
        )
    }

    /// Reads the source once. `undo` gives where what it has read ends; at the same place when it was nothing.
    fn pass(
        source: &str,
        begins: impl Fn(u8) -> bool,
        undo: impl Fn(&mut Unescaped, &str, usize) -> usize,
    ) -> Option<Unescaped> {
        let first = source.bytes().position(&begins)?;
        let mut unescaped = Unescaped { text: String::with_capacity(source.len()), escapes: Vec::new() };
        let (mut copied, mut at) = (0, first);
        while at < source.len() {
            unescaped.text.push_str(&source[copied..at]);
            let end = undo(&mut unescaped, source, at);
            (copied, at) = (end, end.max(at + 1));
            at += source.as_bytes()[at..].iter().position(|byte| begins(*byte)).unwrap_or(source.len() - at);
        }
        unescaped.text.push_str(&source[copied..]);
        (!unescaped.escapes.is_empty()).then_some(unescaped)
    }

    fn put(&mut self, text: &str, source: Range<usize>) {
        let start = self.text.len();
        self.text.push_str(text);
        self.escapes.push(Escape { text: start..self.text.len(), source });
    }

    fn put_character(&mut self, character: char, source: Range<usize>) {
        self.put(character.encode_utf8(&mut [0; 4]), source);
    }

    fn escape(&mut self, source: &str, at: usize) -> usize {
        let rest = &source.as_bytes()[at..];
        match rest {
            [b'%', b'u' | b'U', ..] => self.utf16(rest, at),
            [b'%', ..] => self.bytes(rest, at, b"%"),
            [b'\\', b'x', ..] => self.bytes(rest, at, b"\\x"),
            [b'\\', b'u' | b'U', ..] => self.utf16(rest, at),
            [b'\\', letter, ..] => self.letter(*letter, at),
            [b'&', ..] => self.entity(&source[at..], at),
            [0, ..] => self.zeros(rest, at),
            _ => at,
        }
    }

    /// A run of bytes as `%c3%a9` or `\xc3\xa9`: UTF-8, and what is not is ISO 8859-1.
    fn bytes(&mut self, rest: &[u8], at: usize, mark: &[u8]) -> usize {
        let width = mark.len() + 2;
        let byte = |code: &[u8]| Some(number(code.strip_prefix(mark)?, 16)? as u8);
        let mut bytes: Vec<u8> = rest.chunks_exact(width).map_while(byte).collect();
        let mut end = at;
        let mut place = |length: usize| {
            end += length * width;
            end - length * width..end
        };
        for chunk in bytes.utf8_chunks() {
            chunk.valid().chars().for_each(|character| self.put_character(character, place(character.len_utf8())));
            chunk.invalid().iter().for_each(|byte| self.put_character(char::from(*byte), place(1)));
        }
        bytes.zeroize();
        end
    }

    /// `\u00e9`, or two of them that are one character (RFC 8259 section 7); `%u00e9` as JavaScript's `escape` writes it
    /// (ECMA-262 section B.2.1.1).
    fn utf16(&mut self, rest: &[u8], at: usize) -> usize {
        let mark = rest[0];
        let unit = |code: &[u8]| match code {
            [first, b'u' | b'U', digits @ ..] if *first == mark => number(digits.get(..4)?, 16).map(|unit| unit as u16),
            _ => None,
        };
        let units = [unit(rest), rest.get(6..).and_then(unit)];
        let Some(first) = units[0] else { return at };
        let whole = char::decode_utf16(units.into_iter().flatten()).next().and_then(Result::ok);
        let character = whole.unwrap_or(char::REPLACEMENT_CHARACTER);
        let is_pair = whole.is_some() && (0xd800..0xdc00).contains(&first);
        let end = at + if is_pair { 12 } else { 6 };
        self.put_character(character, at..end);
        end
    }

    /// UTF-16 that was read as UTF-8 has a zero byte beside each letter.
    fn zeros(&mut self, rest: &[u8], at: usize) -> usize {
        let end = at + rest.iter().take_while(|byte| **byte == 0).count();
        self.put("", at..end);
        end
    }

    fn letter(&mut self, letter: u8, at: usize) -> usize {
        let character = match letter {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'"' | b'\'' | b'\\' | b'/' => char::from(letter),
            _ => return at,
        };
        self.put_character(character, at..at + 2);
        at + 2
    }

    /// `&amp;`, `&#38;` and `&#x26;`.
    fn entity(&mut self, rest: &str, at: usize) -> usize {
        const LONGEST: usize = 12;
        let Some(length) = rest.bytes().take(LONGEST).position(|byte| byte == b';') else { return at };
        let character = match &rest[1..length] {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            code => code.strip_prefix('#').and_then(numbered),
        };
        let Some(character) = character else { return at };
        let end = at + length + 1;
        self.put_character(character, at..end);
        end
    }

    /// Where a place of the text stands in the source.
    pub fn in_source(&self, place: &Range<usize>) -> Range<usize> {
        let start = match self.last_escape(|escape| escape.text.end <= place.start) {
            Some(before) => before.source.end + (place.start - before.text.end),
            None => place.start,
        };
        let first_within = self.escapes.partition_point(|escape| escape.text.end <= place.start);
        let start = match self.escapes.get(first_within) {
            Some(escape) if escape.text.start < place.start => escape.source.start,
            _ => start,
        };
        let end = match self.last_escape(|escape| escape.text.start < place.end) {
            Some(escape) => escape.source.end + place.end.saturating_sub(escape.text.end),
            None => place.end,
        };
        start..end
    }

    fn last_escape(&self, is_before: impl Fn(&Escape) -> bool) -> Option<&Escape> {
        self.escapes[..self.escapes.partition_point(is_before)].last()
    }
}

/// A character by its number in HTML.
fn numbered(code: &str) -> Option<char> {
    let (digits, radix) = code.strip_prefix(['x', 'X']).map_or((code, 10), |digits| (digits, 16));
    number(digits.as_bytes(), radix).and_then(char::from_u32)
}

/// A number in digits alone.
fn number(digits: &[u8], radix: u32) -> Option<u32> {
    digits.iter().try_fold(0u32, |number, digit| number.checked_mul(radix)?.checked_add(char::from(*digit).to_digit(radix)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescaped(source: &str) -> String {
        Unescaped::new(source).map_or(source.to_string(), |unescaped| unescaped.text.clone())
    }

    #[test]
    fn every_escape_is_undone_once() {
        for (source, text) in [
            (r#"a\"b\\\"c\/d\n"#, "a\"b\\\"c/d\n"),
            (r"\u00e9\u00E9\ud83d\ude00\ud83d!\u00g0", "éé😀\u{fffd}!\\u00g0"),
            ("%3Cp%3e%C3%A9%e9%4", "<p>éé%4"),
            ("%u003cp%U003E%u00e9%uD83D%uDE00%ud83d\\ude00%u12", "<p>é😀\u{fffd}\u{fffd}%u12"),
            ("k\0-\0\\\0u0031", "k-\\u0031"),
            (r"\xc3\xa9\x27", "é'"),
            ("&lt;&#60;&#x3C;&amp;lt;&nothing;&#xfffffff;&", "<<<&lt;&nothing;&#xfffffff;&"),
            (r"%5cu0041 \", r"\u0041 \"),
            ("\\é %é& é;", "\\é %é& é;"),
        ] {
            assert_eq!(unescaped(source), text, "{source}");
        }
        assert!(Unescaped::new("plain, \"text\"").is_none());
        assert!(Unescaped::new("100 % & more").is_none());
    }

    #[test]
    fn places_lead_back_to_what_was_written() {
        let source = r"ab%3Ccd\u00e9&amp;x";
        let unescaped = Unescaped::new(source).expect("escapes");
        assert_eq!(unescaped.text, "ab<cdé&x");
        for (text, written) in [("ab", "ab"), ("b<c", "b%3Cc"), ("<", "%3C"), ("cd", "cd"), ("dé&", r"d\u00e9&amp;")] {
            let start = unescaped.text.find(text).expect("it stands there");
            assert_eq!(&source[unescaped.in_source(&(start..start + text.len()))], written, "{text}");
        }
        assert_eq!(unescaped.in_source(&(0..9)), 0..source.len());
    }

    #[test]
    fn folded_lines_are_one() {
        let source = "abc\r\n  def\ng";
        let unfolded = Unescaped::unfolded(source).expect("lines");
        assert_eq!(unfolded.text, "abcdefg");
        assert_eq!(&source[unfolded.in_source(&(2..4))], "c\r\n  d");
        assert_eq!(&source[unfolded.in_source(&(3..6))], "def");
        assert_eq!(&source[unfolded.in_source(&(0..3))], "abc");
        assert!(Unescaped::unfolded("abc").is_none());
    }

    proptest::proptest! {
        #[test]
        fn places_are_those_of_characters(source in "([\\\\%&#;x0u4-9é\"\\x00]|&lt;|%4|[\\\\%]u00|\\\\x4){0,12}") {
            for unescaped in [Unescaped::new(&source), Unescaped::unfolded(&source)].into_iter().flatten() {
                let boundaries: Vec<usize> = unescaped.text.char_indices().map(|(at, _)| at).collect();
                for (first, start) in boundaries.iter().enumerate() {
                    for end in &boundaries[first + 1..] {
                        let place = unescaped.in_source(&(*start..*end));
                        proptest::prop_assert!(source.get(place.clone()).is_some_and(|part| !part.is_empty()));
                    }
                }
            }
        }
    }
}
