//! Reading date texts as `new DateTime(text)` does.

use super::Moment;
use super::{resolve, rules};

/// Longer texts are refused unread; no date is written in so many bytes.
const LENGTH_LIMIT: usize = 1024;

/// Reads a text as PHP's `new DateTime(text, UTC)` does.
///
/// `now` fills what the text leaves open, and an empty text is `now` itself.
/// `None` when PHP cannot read the text, or when it has more than 1 KiB.
///
/// Source: the PHP manual, "Supported Date and Time Formats".
pub fn parse(text: &str, now: Moment) -> Option<Moment> {
    if text.len() > LENGTH_LIMIT {
        return None;
    }
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let text = text.as_bytes();
    let Some(start) = text.iter().position(|byte| !is_blank(byte)) else {
        return Some(now);
    };
    let blanks_after = text.iter().rev().take_while(|byte| is_blank(byte)).count();
    let reading = rules::read(&text[start..text.len() - blanks_after])?;
    resolve::resolve(reading, now)
}
