//! The second net: secret values that are searched for in finished text, however they were spelled on their way.
//!
//! A value is found as it is; where escapes of JSON, URLs and HTML, mixed and within one another, stand for it; in
//! hexadecimal; and in Base64, also in the middle of a longer text that was encoded as a whole (`Basic` credentials), on one
//! line or folded. What was escaped before it was encoded in Base64 is not found, nor is what cannot be turned back, such as a
//! hash.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroize;

use super::spelling::Unescaped;
use crate::source::{HiddenTexts, joined};
use crate::value::MASK;

/// Real secret values and their echoes, overwritten with zeros when they go. Debug shows how many.
#[derive(Clone, Default)]
pub struct SecretValues {
    texts: BTreeSet<String>,
    inside_base64: BTreeSet<Core>,
    /// The same to look for, once somebody has.
    hidden: OnceLock<Sought>,
}

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
            echoes(value).into_iter().for_each(|echo| self.keep(echo));
            self.inside_base64.extend(cores(value));
            self.hidden.take();
        }
    }

    fn keep(&mut self, mut text: String) {
        match self.texts.contains(&text) {
            true => text.zeroize(),
            false => _ = self.texts.insert(text),
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
        !self.places(text).is_empty()
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

/// How a value that stands in a request comes back in a reply.
fn echoes(value: &str) -> Vec<String> {
    // What most keys are made of stands for itself in JSON, URLs and HTML.
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    let mut echoes =
        if is_plain { Vec::new() } else { [json_echoes(value), url_echoes(value), html_echoes(value)].concat() };
    if !is_plain {
        // A place with its escapes undone shows a value that looks escaped itself with those undone, too.
        let undone = |text: &str| Unescaped::new(text).map(|reading| reading.text.clone());
        echoes.extend(std::iter::successors(undone(value), |text| undone(text)).take(DEEPEST));
        echoes.push(value.replace(' ', "+"));
        echoes.retain(|echo| echo.len() >= SecretValues::SHORTEST);
    }
    let hexadecimal = hex::encode(value);
    echoes.extend([hexadecimal.to_uppercase(), hexadecimal]);
    // The unpadded form stands in the padded one.
    echoes.extend([STANDARD_NO_PAD.encode(value), URL_SAFE_NO_PAD.encode(value)].iter().flat_map(|text| nested(text)));
    echoes
}

/// Inside a JSON string, by the habits of several languages.
fn json_echoes(value: &str) -> Vec<String> {
    let json = serde_json::Value::from(value).to_string();
    let json = json[1..json.len() - 1].to_string();
    let escaped = |characters: &str| escape(&json, |character| characters.contains(character));
    let ascii = escape(&json, |character| !character.is_ascii());
    let go = escaped("<>&");
    let dot_net =
        escape(&json.replace("\\\"", "\\u0022"), |character| !character.is_ascii() || "<>&+'`".contains(character));
    let mut echoes = vec![json.replace('/', "\\/"), ascii.replace('/', "\\/"), upper_case_escapes(&ascii), ascii, go];
    echoes.extend([upper_case_escapes(&dot_net), dot_net, json]);
    echoes
}

fn url_echoes(value: &str) -> Vec<String> {
    let url = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string();
    let url = ["%2D", "%2E", "%5F", "%7E"]
        .iter()
        .zip(["-", ".", "_", "~"])
        .fold(url, |url, (code, plain)| url.replace(code, plain));
    vec![lower_case_codes(&url), url.replace("%20", "+"), url]
}

/// Inside HTML or XML; the apostrophe as PHP, Python, Go and XML write it.
fn html_echoes(value: &str) -> Vec<String> {
    if !value.contains(['&', '<', '>', '"', '\'']) {
        return Vec::new();
    }
    let brackets = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut echoes = vec![brackets.clone()];
    for quote in ["\"", "&quot;", "&#34;"] {
        let quoted = brackets.replace('"', quote);
        echoes.extend(["'", "&#039;", "&#x27;", "&#39;", "&apos;"].map(|apostrophe| quoted.replace('\'', apostrophe)));
    }
    echoes
}

/// A Base64 text as it is, inside PHP's JSON and inside a URL.
fn nested(base64: &str) -> [String; 3] {
    let url = base64.replace('+', "%2B").replace('/', "%2F");
    [base64.to_string(), base64.replace('/', "\\/"), url]
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
    let mut encoded = engine.encode(&bytes);
    let shares_behind = !bytes.len().is_multiple_of(3);
    bytes.zeroize();
    // One byte before takes a character and a part of the next; two bytes take two and a part of the third.
    let own = if before == 0 { 0..encoded.len() } else { before + 1..encoded.len() };
    let core = encoded[own].to_string();
    encoded.zeroize();
    let core = &core[..core.len() - usize::from(shares_behind)];
    if core.len() < Core::SHORTEST {
        return Vec::new();
    }
    nested(core).map(|text| Core { text, shares_before: before > 0, shares_behind }).into()
}

/// JSON text with some characters as `\u00e9`.
fn escape(json: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        match is_escaped(character) {
            false => escaped.push(character),
            true => character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    escaped
}

/// `\u00E9` for `\u00e9`.
fn upper_case_escapes(json: &str) -> String {
    let mut pieces = json.split("\\u");
    let mut upper = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        let digits = piece.chars().take_while(char::is_ascii_hexdigit).count().min(4);
        upper.extend(["\\u", &piece[..digits].to_ascii_uppercase(), &piece[digits..]]);
    }
    upper
}

/// `%2f` for `%2F`.
fn lower_case_codes(url: &str) -> String {
    let mut pieces = url.split('%');
    let mut lower = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        let (code, rest) = piece.split_at(2);
        lower.extend(["%", &code.to_ascii_lowercase(), rest]);
    }
    lower
}
