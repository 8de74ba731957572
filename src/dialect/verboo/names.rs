//! `$name` in a text: the longest known name, without an end of its own. Page "Webhook", Variable Substitution Behavior.

use super::{ARGUMENTS, CLIENT_DATA, IMAGES, SUBSTITUTION, SYSTEM};
use crate::case::{Answer, Case, Given};
use crate::diagnostic::nearest;
use crate::plan::{
    AttributeName, ByName, Choice, Declaration, Expression, NameTable, Named, Reading, Substitution, Text, TextPiece,
    ValueSource,
};
use crate::source::{Mapped, Span};
use crate::template::{Accessor, AccessorKey, AccessorStyle};
use crate::value::Json;

/// A name of other characters is never looked for: it could end the place that it stands in.
const OF_NO_NAME: &[char] = &['"', '\'', '\\', '/', '?', '#', '&', '=', '%', '{', '}', '[', ']', ',', ':', '<', '>', '$'];

/// What stands for the names that are known before anything runs: declared, given in some case, merged by some reply.
pub fn known(types: &ByName<Declaration>, arguments: &[AttributeName], cases: &[Case]) -> NameTable {
    let declared = types.iter().map(|declaration| declaration.name.clone());
    let given = cases.iter().flat_map(|case| case.given.attributes.iter().map(|given| given.name.clone()));
    let merged = cases.iter().flat_map(merged_by);
    table(arguments.iter().cloned().chain(declared).chain(given).chain(merged))
}

/// The same for a text on its own: what is given is known.
pub fn known_alone(given: &Given) -> NameTable {
    table(given.attributes.iter().map(|given| given.name.clone()))
}

/// The names, after those of the platform itself.
fn table(names: impl Iterator<Item = AttributeName>) -> NameTable {
    let system = SYSTEM.iter().map(|(context, name, _)| AttributeName::new(context, name));
    let own = system.chain([AttributeName::new("", IMAGES)]);
    let all: Vec<AttributeName> = own.chain(names).filter(can_be_written).collect();
    NameTable::new(&SUBSTITUTION, &all)
}

fn can_be_written(name: &AttributeName) -> bool {
    let is_other = |character: char| OF_NO_NAME.contains(&character) || character.is_whitespace() || character.is_control();
    !name.attribute().contains(is_other)
}

/// What the reply of a case merges into the client data.
fn merged_by(case: &Case) -> Vec<AttributeName> {
    let Answer::Reply(reply) = &case.answer else { return Vec::new() };
    if reply.status / 100 != 2 {
        return Vec::new();
    }
    let document: Json = serde_json::from_slice(&reply.body).unwrap_or_default();
    let entries = document.pointer("/session/client_data").and_then(Json::as_object).into_iter().flatten();
    entries.map(|(key, _)| AttributeName::new(CLIENT_DATA, key)).collect()
}

/// A text with the readings of its names.
pub fn text(source: &Mapped, known: &NameTable) -> Text {
    let mut pieces = Vec::new();
    let (written, mut literal) = (&*source.text, 0);
    let mut at = 0;
    while let Some(mark) = written[at..].find(SUBSTITUTION.mark).map(|found| at + found) {
        let name = mark + SUBSTITUTION.mark.len_utf8();
        let length = typed_length(&written[name..], known);
        at = name + length;
        if length == 0 {
            continue;
        }
        push_literal(&mut pieces, &written[literal..mark]);
        pieces.push(TextPiece::Choice(choice(source, mark..at, known)));
        literal = at;
    }
    push_literal(&mut pieces, &written[literal..]);
    Text { pieces, span: source.inside(), source: Some(source.clone()) }
}

fn push_literal(pieces: &mut Vec<TextPiece>, text: &str) {
    if !text.is_empty() {
        pieces.push(TextPiece::Literal(text.to_string()));
    }
}

/// How much of the text behind a mark may belong to a name, known or not.
fn typed_length(text: &str, known: &NameTable) -> usize {
    let of_known = known.at(text).map(|(name, named)| name.len() + behind(&text[name.len()..], named)).max();
    let length = of_known.unwrap_or_default().max(word(text));
    let is_in_word = text[..length].ends_with(Substitution::is_word);
    length + if is_in_word { words(&text[length..]) } else { 0 }
}

/// What belongs to a known name: the number of an entry, or a step into a value.
fn behind(rest: &str, named: &Named) -> usize {
    match Substitution::index(rest) {
        Some((_, length)) if named.is_list => length,
        _ => Substitution::step(rest).map_or(0, |step| step.len() + 1),
    }
}

/// A word that begins as names do, with what follows the name of a system variable's context.
fn word(text: &str) -> usize {
    if !text.starts_with(|character: char| character.is_alphabetic() || character == '_') {
        return 0;
    }
    let length = words(text);
    let Some(step) = Substitution::step(&text[length..]) else { return length };
    let written = &text[..length];
    // A slip in a context: the name that was meant has the step.
    let is_slip = |context: &str, name: &str| step == name && nearest(written, [context]).is_some();
    let is_system = SYSTEM.iter().any(|(context, name, _)| *context == written || is_slip(context, name));
    if is_system { length + step.len() + 1 } else { length }
}

fn words(text: &str) -> usize {
    text.find(|character: char| !Substitution::is_word(character)).unwrap_or(text.len())
}

fn choice(source: &Mapped, written: std::ops::Range<usize>, known: &NameTable) -> Choice {
    let typed = &source.text[written.clone()];
    let name = &typed[SUBSTITUTION.mark.len_utf8()..];
    let mut readings = Vec::new();
    for (found, named) in known.at(name) {
        let rest = &name[found.len()..];
        let index = Substitution::index(rest).filter(|_| named.is_list);
        let rest = &rest[index.map_or(0, |(_, length)| length)..];
        let end = written.end - rest.len();
        let span = source.span(written.start..end);
        let path: Vec<Accessor> = index.map(|(index, _)| entry(index, span)).into_iter().collect();
        let name_span = source.span(written.start + SUBSTITUTION.mark.len_utf8()..end);
        readings.extend(named.attributes.iter().map(|attribute| Reading {
            value: Expression {
                source: ValueSource::Attribute(attribute.clone()),
                path: path.clone(),
                filters: Vec::new(),
                context_span: None,
                name_span,
                span,
            },
            rest: rest.to_string(),
        }));
    }
    Choice { readings, typed: typed.to_string(), span: source.span(written), names: Some(&SUBSTITUTION) }
}

fn entry(index: usize, span: Span) -> Accessor {
    Accessor { key: AccessorKey::Index(i64::try_from(index).unwrap_or(i64::MAX)), style: AccessorStyle::Bare, span }
}

/// How long a name outside of quotes is that a text begins with.
pub fn bare_length(text: &str) -> Option<usize> {
    let name = text.strip_prefix(SUBSTITUTION.mark)?;
    let mut length = word(name);
    if length == 0 {
        return None;
    }
    length += behind(&name[length..], &Named { attributes: Vec::new(), is_list: true });
    Some(length + SUBSTITUTION.mark.len_utf8())
}

/// The context of a name that the trigger's model fills in.
pub fn argument(name: &str) -> AttributeName {
    AttributeName::new(ARGUMENTS, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn read(written: &str) -> Vec<String> {
        let names = [
            argument("plan"),
            argument("planet"),
            AttributeName::new(CLIENT_DATA, "plan"),
            AttributeName::new(CLIENT_DATA, "order-id"),
            AttributeName::new("session", "id"),
            AttributeName::new("", IMAGES),
        ];
        let source = Mapped::verbatim(written, Sources::in_memory().add("a", written), 0);
        let shown = |reading: &Reading| match &reading.value.source {
            ValueSource::Attribute(name) if reading.value.path.is_empty() => format!("{name}+{}", reading.rest),
            ValueSource::Attribute(name) => format!("{name}[]+{}", reading.rest),
            _ => String::new(),
        };
        let piece = |piece: TextPiece| match piece {
            TextPiece::Choice(choice) => {
                let readings: Vec<String> = choice.readings.iter().map(shown).collect();
                assert_eq!(&written[choice.span.start..choice.span.end], choice.typed);
                format!("{} = {}", choice.typed, readings.join(" | "))
            }
            other => other.literal().unwrap_or_default().to_string(),
        };
        let text = text(&source, &NameTable::new(&SUBSTITUTION, &names));
        assert_eq!(text.typed().as_deref(), Some(written), "nothing is lost");
        text.pieces.into_iter().map(piece).collect()
    }

    #[test]
    fn the_longest_known_name_comes_first() {
        assert_eq!(
            read("/$planets/x"),
            ["/", "$planets = arguments.planet+s | arguments.plan+ets | client_data.plan+ets", "/x"]
        );
        assert_eq!(read("$session.id"), ["$session.id = session.id+"]);
        assert_eq!(read("$session.company"), ["$session.company = "], "no such variable");
        assert_eq!(read("$order-id-7"), ["$order-id = client_data.order-id+", "-7"]);
        assert_eq!(read("$images[0]$images"), ["$images[0] = images[]+", "$images = images+"]);
        assert_eq!(read("$unknown.json"), ["$unknown = ", ".json"]);
    }

    #[test]
    fn what_is_no_name_is_text() {
        for written in ["", "$", "a$", "$$", "$ 5", "US$5", "${{plan}}", "$.a", "$[0]", "$-"] {
            assert!(read(written).iter().all(|piece| !piece.contains(" = ")), "{written}");
        }
        assert_eq!(read("$$plan"), ["$", "$plan = arguments.plan+ | client_data.plan+"]);
        assert_eq!(read("$é1"), ["$é1 = "]);
    }

    #[test]
    fn names_outside_of_quotes() {
        for (text, length) in [
            ("$images]", Some(7)),
            ("$images[0], 1", Some(10)),
            ("$session.id}", Some(11)),
            ("$a.b", Some(4)),
            ("$a ", Some(2)),
            ("$", None),
            ("$1", None),
            ("a", None),
        ] {
            assert_eq!(bare_length(text), length, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_kept(written in r#"[$plantes\[\]0.{}"é _-]{0,40}"#) {
            read(&written);
        }
    }
}
