//! The second net: secret values that are searched for in finished text, however they were spelled on their way.
//!
//! A value is found as it is; where escapes of JSON, URLs and HTML, mixed and within one another, stand for it; in
//! hexadecimal; in Base64, also in the middle of a longer text that was encoded as a whole (`Basic` credentials), on one line
//! or folded; and where its bytes were read in another charset than they were written in. What was escaped before it was encoded in Base64 is not found, nor is what cannot be turned back, such as a
//! hash.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use encoding_rs::WINDOWS_1252;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::{Zeroize, Zeroizing};

use super::spelling::Unescaped;
use crate::source::{HiddenTexts, joined};
use crate::value::{self, Data, Json, MASK, Value};

/// Real secret values and their echoes, overwritten with zeros when they go. Debug shows how many.
#[derive(Clone, Default)]
pub struct SecretValues {
    texts: BTreeSet<String>,
    inside_base64: BTreeSet<Core>,
    /// The same to look for, once somebody has.
    hidden: OnceLock<Sought>,
}

/// A text that is overwritten with zeros when it goes.
type Wiped = Zeroizing<String>;

/// How many times a text's escapes are undone: JSON within JSON within a URL, and one more.
const DEEPEST: usize = 4;

/// What is looked for, all at once.
#[derive(Clone)]
struct Sought {
    texts: HiddenTexts,
    cores: HiddenTexts,
}

impl PartialEq for SecretValues {
    fn eq(&self, other: &SecretValues) -> bool {
        self.texts == other.texts
    }
}

impl Eq for SecretValues {}

/// The characters of a Base64 text that a value alone decides, wherever it stands in the text that was encoded.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Core {
    text: String,
    /// Whether the character before holds some bits of the value.
    shares_before: bool,
    /// Whether the character behind holds some.
    shares_behind: bool,
}

impl fmt::Debug for SecretValues {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} secret texts", self.texts.len())
    }
}

impl Drop for SecretValues {
    fn drop(&mut self) {
        std::mem::take(&mut self.texts).into_iter().for_each(|mut text| text.zeroize());
    }
}

impl SecretValues {
    /// Values under this many bytes are not looked for: they stand in ordinary words.
    pub const SHORTEST: usize = 4;

    pub fn insert(&mut self, value: &str) {
        if value.len() >= SecretValues::SHORTEST && !self.texts.contains(value) {
            self.texts.insert(value.to_string());
            echoes(value).iter().for_each(|echo| self.keep(echo));
            self.inside_base64.extend(cores(value));
            self.hidden.take();
        }
    }

    /// A value as text, and each text and number in it: a reply may repeat one alone.
    pub fn insert_value(&mut self, value: &Value) {
        self.insert(value.to_text().reveal());
        if let Data::Json(json) = &value.data {
            self.insert_leaves(json);
        }
    }

    /// Each text and number in JSON, which is nested as deep as the parsers allow.
    pub fn insert_leaves(&mut self, json: &Json) {
        match json {
            Json::Object(entries) => entries.values().for_each(|entry| self.insert_leaves(entry)),
            Json::Array(items) => items.iter().for_each(|item| self.insert_leaves(item)),
            Json::String(text) => self.insert(text),
            Json::Number(number) => {
                self.insert(&number.to_string());
                self.insert(&value::json_text(json));
            }
            Json::Null | Json::Bool(_) => {}
        }
    }

    fn keep(&mut self, text: &str) {
        if !self.texts.contains(text) {
            self.texts.insert(text.to_string());
        }
    }

    pub fn extend(&mut self, other: &SecretValues) {
        let new: Vec<String> = other.texts.difference(&self.texts).cloned().collect();
        self.texts.extend(new);
        self.inside_base64.extend(other.inside_base64.iter().cloned());
        self.hidden.take();
    }

    /// The texts that are looked for.
    pub fn iter(&self) -> impl Iterator<Item = &String> {
        self.texts.iter().chain(self.inside_base64.iter().map(|core| &core.text))
    }

    fn sought(&self) -> &Sought {
        self.hidden.get_or_init(|| Sought {
            texts: self.texts.iter().cloned().collect(),
            cores: self.inside_base64.iter().map(|core| core.text.clone()).collect(),
        })
    }

    /// The values and echoes to look for in texts, but for those inside longer Base64.
    pub fn hidden(&self) -> &HiddenTexts {
        &self.sought().texts
    }

    /// `text` with every secret value in it masked; the second net, under the taint that values carry.
    pub fn mask(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        for place in self.places(text) {
            shown.push_str(&text[at..place.start]);
            shown.push_str(MASK);
            at = place.end;
        }
        shown.push_str(&text[at..]);
        shown
    }

    /// Where secret values stand in the text, in order; those that overlap are one place.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        if self.texts.is_empty() {
            return Vec::new();
        }
        let mut places = self.found(text);
        let mut readings: Vec<Unescaped> = Vec::new();
        while readings.len() < DEEPEST {
            let source = readings.last().map_or(text, |reading| reading.text.as_str());
            let Some(reading) = Unescaped::new(source) else { break };
            readings.push(reading);
            let back = |place, reading: &Unescaped| reading.in_source(&place);
            let found = readings.last().map_or_else(Vec::new, |reading| self.found(&reading.text));
            places.extend(found.into_iter().map(|place| readings.iter().rev().fold(place, back)));
        }
        joined(places)
    }

    /// Where they stand in a text as it is.
    fn found(&self, text: &str) -> Vec<Range<usize>> {
        let mut places = self.sought().texts.find(text);
        places.extend(self.cores_in(text));
        if let Some(unfolded) = Unescaped::unfolded(text) {
            places.extend(self.cores_in(&unfolded.text).map(|place| unfolded.in_source(&place)));
        }
        places
    }

    fn cores_in(&self, text: &str) -> impl Iterator<Item = Range<usize>> {
        self.sought().cores.find(text).into_iter().map(move |place| self.with_neighbours(text, place))
    }

    /// A place of one or more cores, with the characters beside it that hold some bits of a value.
    fn with_neighbours(&self, text: &str, place: Range<usize>) -> Range<usize> {
        let found = Core { text: text[place.clone()].to_string(), shares_before: false, shares_behind: false };
        let mut alike = self.inside_base64.range(found.clone()..).take_while(|core| core.text == found.text).peekable();
        let (mut shares_before, mut shares_behind) = (alike.peek().is_none(), alike.peek().is_none());
        for core in alike {
            shares_before |= core.shares_before;
            shares_behind |= core.shares_behind;
        }
        let is_base64 = |character: &char| character.is_ascii_alphanumeric() || "+/-_".contains(*character);
        let before = text[..place.start].chars().next_back().filter(|before| shares_before && is_base64(before));
        let behind = text[place.end..].chars().next().filter(|behind| shares_behind && is_base64(behind));
        place.start - before.map_or(0, char::len_utf8)..place.end + behind.map_or(0, char::len_utf8)
    }

    /// Whether a secret value stands in the text.
    pub fn stand_in(&self, text: &str) -> bool {
        self.count_in(text) > 0
    }

    /// In how many places of the text secret values stand.
    pub fn count_in(&self, text: &str) -> usize {
        self.places(text).len()
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

impl Core {
    /// A core under this many characters stands in ordinary words.
    const SHORTEST: usize = 5;
}

/// How a value that stands in a request comes back in a reply. All of it is wiped, steps in between included.
fn echoes(value: &str) -> Vec<Wiped> {
    // What most keys are made of stands for itself in JSON, URLs and HTML.
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    let mut echoes = Vec::new();
    if !is_plain {
        echoes.extend(json_echoes(value));
        echoes.extend(url_echoes(value));
        echoes.extend(html_echoes(value));
        // A place with its escapes undone shows a value that looks escaped itself with those undone, too.
        let undone = |text: &str| Unescaped::new(text).map(|reading| reading.text.clone());
        echoes.extend(std::iter::successors(undone(value), |text| undone(text)).take(DEEPEST).map(Wiped::new));
        echoes.push(Wiped::new(value.replace(' ', "+")));
        echoes.retain(|echo| echo.len() >= SecretValues::SHORTEST);
    }
    let hexadecimal = Wiped::new(hex::encode(value));
    echoes.extend([Wiped::new(hexadecimal.to_ascii_uppercase()), hexadecimal]);
    echoes.extend(misread(value));
    // The unpadded form stands in the padded one.
    for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
        echoes.extend(nested(&Wiped::new(engine.encode(value))));
    }
    echoes
}

/// Read in another charset than written: UTF-8 as ISO 8859-1 and its cousin windows-1252, and ISO 8859-1 and UTF-16 as UTF-8.
/// The zero bytes that UTF-16 puts beside each letter are left out, as they are in the text with its escapes undone.
fn misread(value: &str) -> Vec<Wiped> {
    if value.is_ascii() {
        return Vec::new();
    }
    let mut latin = Wiped::new(String::with_capacity(value.len() * 2));
    latin.extend(value.bytes().map(char::from));
    let windows = Wiped::new(WINDOWS_1252.decode_without_bom_handling(value.as_bytes()).0.into_owned());
    let no_byte_of_text = 0x80;
    let bytes = value.chars().map(|character| u8::try_from(character).unwrap_or(no_byte_of_text));
    let utf_16 = |bytes: fn(u16) -> [u8; 2]| value.encode_utf16().flat_map(bytes);
    let longest = value.len() * 2;
    let [little, big] = [u16::to_le_bytes, u16::to_be_bytes].map(|bytes| lossy(utf_16(bytes), longest));
    vec![latin, windows, lossy(bytes, longest), little, big]
}

/// Bytes as UTF-8, with what is wrong replaced and without zero bytes.
fn lossy(bytes: impl Iterator<Item = u8>, longest: usize) -> Wiped {
    let mut all = Zeroizing::new(Vec::with_capacity(longest));
    all.extend(bytes);
    let mut text = Wiped::new(String::with_capacity(all.len() * char::REPLACEMENT_CHARACTER.len_utf8()));
    for chunk in all.utf8_chunks() {
        text.extend(chunk.valid().chars().filter(|character| *character != '\0'));
        text.extend((!chunk.invalid().is_empty()).then_some(char::REPLACEMENT_CHARACTER));
    }
    text
}

/// A text with a part replaced, in room for all of it: one that grows leaves copies behind.
fn replaced(text: &str, from: &str, to: &str) -> Wiped {
    let mut replaced = Wiped::new(String::with_capacity(text.len() + text.matches(from).count() * to.len()));
    for (index, piece) in text.split(from).enumerate() {
        replaced.extend([if index == 0 { "" } else { to }, piece]);
    }
    replaced
}

/// What stands between the quotes of a JSON string.
fn json_text(value: &str) -> Wiped {
    const LONGEST_ESCAPE: usize = 6;
    let mut json = Zeroizing::new(Vec::with_capacity(value.len() * LONGEST_ESCAPE + 2));
    // Nothing fails in memory.
    let _ = serde_json::to_writer(&mut *json, value);
    let json = std::str::from_utf8(&json).unwrap_or_default();
    Wiped::new(json.get(1..json.len().saturating_sub(1)).unwrap_or_default().to_string())
}

/// Inside a JSON string, by the habits of several languages.
fn json_echoes(value: &str) -> [Wiped; 8] {
    let json = json_text(value);
    let ascii = escape(&json, |character| !character.is_ascii());
    let go = escape(&json, |character| "<>&".contains(character));
    let quoted = replaced(&json, "\\\"", "\\u0022");
    let dot_net = escape(&quoted, |character| !character.is_ascii() || "<>&+'`".contains(character));
    let (php, php_ascii) = (replaced(&json, "/", "\\/"), replaced(&ascii, "/", "\\/"));
    [php, php_ascii, upper_case_escapes(&ascii), ascii, go, upper_case_escapes(&dot_net), dot_net, json]
}

fn url_echoes(value: &str) -> [Wiped; 3] {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let mut url = Wiped::new(String::with_capacity(value.len() * "%20".len()));
    url.extend(utf8_percent_encode(value, ENCODED));
    [lower_case_codes(&url), replaced(&url, "%20", "+"), url]
}

/// Inside HTML or XML; the apostrophe as PHP, Python, Go and XML write it.
fn html_echoes(value: &str) -> Vec<Wiped> {
    if !value.contains(['&', '<', '>', '"', '\'']) {
        return Vec::new();
    }
    let brackets = replaced(&replaced(&replaced(value, "&", "&amp;"), "<", "&lt;"), ">", "&gt;");
    let mut echoes = Vec::new();
    for quote in ["\"", "&quot;", "&#34;"] {
        let quoted = replaced(&brackets, "\"", quote);
        echoes.extend(["'", "&#039;", "&#x27;", "&#39;", "&apos;"].map(|apostrophe| replaced(&quoted, "'", apostrophe)));
    }
    echoes.push(brackets);
    echoes
}

/// A Base64 text as it is, inside PHP's JSON and inside a URL.
fn nested(base64: &str) -> [Wiped; 3] {
    let url = replaced(&replaced(base64, "+", "%2B"), "/", "%2F");
    [Wiped::new(base64.to_string()), replaced(base64, "/", "\\/"), url]
}

/// The cores of a value behind 0, 1 or 2 bytes of a group of three.
fn cores(value: &str) -> Vec<Core> {
    let mut cores = Vec::new();
    for before in 0..3 {
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            cores.extend(core(value, before, engine));
        }
    }
    cores
}

fn core(value: &str, before: usize, engine: &GeneralPurpose) -> Vec<Core> {
    let mut bytes = vec![0; before];
    bytes.extend_from_slice(value.as_bytes());
    let encoded = Wiped::new(engine.encode(&bytes));
    let shares_behind = !bytes.len().is_multiple_of(3);
    bytes.zeroize();
    // One byte before takes a character and a part of the next; two bytes take two and a part of the third.
    let own = if before == 0 { 0..encoded.len() } else { before + 1..encoded.len() };
    let core = &encoded[own];
    let core = &core[..core.len() - usize::from(shares_behind)];
    if core.len() < Core::SHORTEST {
        return Vec::new();
    }
    nested(core).map(|mut text| Core { text: std::mem::take(&mut *text), shares_before: before > 0, shares_behind }).into()
}

/// JSON text with some characters as `\u00e9`.
fn escape(json: &str, is_escaped: impl Fn(char) -> bool) -> Wiped {
    let mut escaped = Wiped::new(String::with_capacity(json.len() * "\\u00e9".len()));
    for character in json.chars() {
        match is_escaped(character) {
            false => escaped.push(character),
            true => character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    escaped
}

/// `\u00E9` for `\u00e9`.
fn upper_case_escapes(json: &str) -> Wiped {
    let mut pieces = json.split("\\u");
    let mut upper = Wiped::new(String::with_capacity(json.len()));
    upper.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.chars().take_while(char::is_ascii_hexdigit).count().min(4);
        upper.extend(["\\u", &piece[..digits].to_ascii_uppercase(), &piece[digits..]]);
    }
    upper
}

/// `%2f` for `%2F`.
fn lower_case_codes(url: &str) -> Wiped {
    let mut pieces = url.split('%');
    let mut lower = Wiped::new(String::with_capacity(url.len()));
    lower.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (code, rest) = piece.split_at(2);
        lower.extend(["%", &code.to_ascii_lowercase(), rest]);
    }
    lower
}
