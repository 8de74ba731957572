//! What a saved case must state of its own, since the defaults expect something else.

use hookwright::case::{Expect, Matcher};
use hookwright::eval::Exchange;
use hookwright::plan::AttributeName;
use hookwright::source::Span;
use hookwright::spec::new_case;
use hookwright::suite::{failures, shown_name};
use hookwright::value::{Json, Map};

/// The expectations about what came back: the request is that of the case again, with values for tests.
pub fn of_the_reply(expect: &Expect) -> Expect {
    Expect { request: None, token_request: None, ..expect.clone() }
}

/// What is to stand in the new case's `expect`, by key: what happened, wherever the defaults expect something else. An
/// expectation that nothing in a case can undo is left.
pub fn differing(expect: &Expect, exchange: &Exchange) -> Map<String, Json> {
    let attributes = attributes(expect, exchange);
    let mut differing = single_values(expect, exchange);
    if !attributes.is_empty() {
        differing.insert("attributes".to_string(), attributes.into());
    }
    differing.extend(lists(expect, exchange));
    differing
}

fn single_values(expect: &Expect, exchange: &Exchange) -> Map<String, Json> {
    let none = Expect::default;
    let (outcome, error) = (exchange.outcome.as_ref(), exchange.error.as_ref());
    let success = outcome.and_then(|outcome| outcome.success).map(Json::from);
    let values = [
        ("success", Expect { success: expect.success, ..none() }, success),
        ("exit", Expect { exit: expect.exit.clone(), ..none() }, outcome.map(|outcome| outcome.exit.as_str().into())),
        ("sent", Expect { sent: expect.sent, ..none() }, Some(exchange.sent.into())),
        ("error", Expect { error: expect.error.clone(), ..none() }, error.map(|error| error.kind.name().into())),
    ];
    let differing = values.into_iter().filter(|(_, part, _)| !failures(part, exchange).is_empty());
    differing.filter_map(|(key, _, happened)| Some((key.to_string(), happened?))).collect()
}

fn lists(expect: &Expect, exchange: &Exchange) -> Map<String, Json> {
    let none = Expect::default;
    let holds = |part: Expect| failures(&part, exchange).is_empty();
    let null = those_that_hold(&expect.null, |null| holds(Expect { null, ..none() }));
    let unset = those_that_hold(&expect.unset, |unset| holds(Expect { unset, ..none() }));
    let names = those_that_hold(&expect.not_written, |not_written| holds(Expect { not_written, ..none() }));
    let all = holds(Expect { nothing_written: expect.nothing_written, ..none() });
    let not_written = if all { names } else { Some(Vec::new()) };
    let said: Vec<Json> = expect
        .log
        .iter()
        .filter(|said| holds(Expect { log: vec![(*said).clone()], ..none() }))
        .map(|(text, _)| text.as_str().into())
        .collect();
    let log = (said.len() < expect.log.len()).then_some(said);
    let lists = [("null", null), ("unset", unset), ("not_written", not_written), ("log", log)];
    lists.into_iter().filter_map(|(key, list)| Some((key.to_string(), list?.into()))).collect()
}

type Names = Vec<(AttributeName, Span)>;

/// The names for which it holds, where they are fewer.
fn those_that_hold(names: &Names, holds: impl Fn(Names) -> bool) -> Option<Vec<Json>> {
    let kept = names.iter().filter(|name| holds(vec![(*name).clone()]));
    let kept: Vec<Json> = kept.map(|(name, _)| shown_name(name).into()).collect();
    (kept.len() < names.len()).then_some(kept)
}

/// The attributes that have another value than the expected one.
fn attributes(expect: &Expect, exchange: &Exchange) -> Map<String, Json> {
    let mut differing = Map::new();
    for (name, rule, span) in &expect.attributes {
        let expected = Expect { attributes: vec![(name.clone(), rule.clone(), *span)], ..Expect::default() };
        let written = exchange.outcome.iter().flat_map(|outcome| &outcome.attributes).rev();
        let value = written.clone().find(|(known, _)| known == name).map(|(_, value)| value.to_masked_json());
        let Some(value) = value.filter(|_| !failures(&expected, exchange).is_empty()) else { continue };
        // A table is merged with the one beneath it; only something else takes its place.
        let is_merged = !matches!(rule, Matcher::Equal(expected) if !expected.is_object());
        let value = match value {
            Json::Null if !is_merged => Json::Object(Map::from_iter([("any".to_string(), true.into())])),
            Json::Object(_) if is_merged => continue,
            value if new_case::can_hold(&value) => value,
            _ => continue,
        };
        differing.insert(shown_name(name).to_string(), value);
    }
    differing
}
