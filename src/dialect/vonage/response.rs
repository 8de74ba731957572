//! `[action.response]`: response mapping, exits, the status parameter. Page "Webhook", Response Mapping and Response status
//! code.

use std::sync::Arc;

use super::lints::{
    async_with_results, exit_list, loose_object_path, mapping_into_system_parameter, status_parameter_entity,
    undeclared_parameter, unhandled_failures,
};
use super::parameters::{self, ANY, NUMBER, Parameters, SYSTEM};
use super::shape::{self, MAPPING_TYPES};
use crate::dialect::Lowering;
use crate::plan::{AttributeName, ExitPattern, Exits, OutcomePlan, OutcomeRule, Output, ReplyFormat, Target};
use crate::selector::{Selector, compile_object_path};
use crate::source::{Mapped, Name, Spanned};
use crate::spec::Table;
use crate::spec::lints::selector_syntax;
use crate::value::{AttributeType, Scalar};

pub fn outcome(action: &Table, parameters: &Parameters, lowering: &mut Lowering<'_, '_>) -> OutcomePlan {
    let is_asynchronous = lowering.reading.boolean(action, "async").is_some_and(|flag| flag.value);
    let mut exits =
        Exits { listed: Vec::new(), format: ReplyFormat::Json, outputs: Vec::new(), status: None, is_asynchronous };
    if let Some(response) = action.get("response").and_then(|_| lowering.reading.table(action, "response")) {
        lowering.reading.check_keys(response, &shape::RESPONSE);
        exits.format = format(response, lowering);
        exits.outputs = mapping(response, parameters, lowering);
        exits.status = status(response, parameters, lowering);
        exits.listed = listed(response, lowering);
    }
    check(action, &exits, lowering);
    OutcomePlan {
        rule: OutcomeRule::Exits(exits),
        success_names: Vec::new(),
        status_names: Vec::new(),
        names_are_assumed: false,
    }
}

/// What the exits and results are together.
fn check(action: &Table, exits: &Exits, lowering: &mut Lowering<'_, '_>) {
    if let Some(entry) = action.entry("async").filter(|_| exits.is_asynchronous) {
        lowering.reading.findings.extend(async_with_results::check(entry.key.span, exits));
        return;
    }
    let response = action.table("response");
    let place = response.and_then(|table| table.entry("exits")).or(action.entry("response")).or(action.entry("url"));
    let place = place.map_or(action.span, |entry| entry.key.span);
    lowering.reading.findings.extend(unhandled_failures::check(place, exits));
}

fn format(response: &Table, lowering: &mut Lowering<'_, '_>) -> ReplyFormat {
    let Some(word) = response.get("type").and_then(|_| lowering.reading.word(response, "type")) else {
        return ReplyFormat::Json;
    };
    match &*word.text {
        "xml" => return ReplyFormat::Xml,
        "json" => {}
        _ => lowering.reading.wrong_word(word, "`json` or `xml`", MAPPING_TYPES),
    }
    ReplyFormat::Json
}

fn mapping(response: &Table, parameters: &Parameters, lowering: &mut Lowering<'_, '_>) -> Vec<Output> {
    let Some(table) = response.get("mapping").and_then(|_| lowering.reading.table(response, "mapping")) else {
        return Vec::new();
    };
    let mut outputs = Vec::new();
    for (name, key, node) in lowering.contexts.flatten(table) {
        let Some(source) = node.as_text() else {
            let known = &lowering.contexts.known;
            lowering.reading.no_value((&key, node), table, "an object path as text", known);
            continue;
        };
        let target = target(name, &key, parameters, lowering);
        outputs.push(Output { target, selector: selector(source, lowering), source: source.clone() });
    }
    outputs
}

fn status(response: &Table, parameters: &Parameters, lowering: &mut Lowering<'_, '_>) -> Option<Target> {
    let written = lowering.reading.word(response, "status_parameter")?;
    if written.text.is_empty() {
        lowering.reading.wrong_value(written.whole(), "the name of a parameter", "an empty text");
        return None;
    }
    let name = lowering.contexts.full_name(&written.text);
    let key = Spanned::new(written.text.to_string(), written.inside());
    let target = target(name, &key, parameters, lowering);
    let wrong = parameters.find(target.name.attribute()).filter(|parameter| {
        let entity = parameter.entity.value.as_str();
        ![ANY, NUMBER, SYSTEM].contains(&entity)
    });
    lowering.reading.findings.extend(wrong.map(|parameter| status_parameter_entity::found(parameter, target.span)));
    Some(target)
}

/// A parameter that a reply is written into.
fn target(name: AttributeName, key: &Name, parameters: &Parameters, lowering: &mut Lowering<'_, '_>) -> Target {
    let Some(parameter) = parameters.find(name.attribute()) else {
        lowering.reading.findings.push(undeclared_parameter::target(key, name.attribute(), parameters));
        return Target { name, declared: None, span: key.span };
    };
    if parameter.entity.value == SYSTEM {
        lowering.reading.findings.push(mapping_into_system_parameter::found(parameter, key.span));
    }
    let own = lowering.types.get(&name).map(|known| known.declared);
    let of_entity = (parameter.entity.value == NUMBER).then_some(AttributeType::one(Scalar::Float));
    Target { declared: of_entity.or(own), name, span: key.span }
}

fn selector(source: &Mapped, lowering: &mut Lowering<'_, '_>) -> Option<Arc<dyn Selector>> {
    match compile_object_path(&source.text) {
        Ok(selector) => {
            lowering.reading.findings.extend(loose_object_path::check(selector.as_ref(), source));
            Some(selector)
        }
        Err(error) => {
            let span = if source.text.is_empty() { source.whole() } else { source.span(error.start..error.end) };
            let help = "write a path such as `data.userId` or `$[0].name`; as it is, each reply of 2xx leaves by `failed`";
            lowering.reading.findings.push(selector_syntax::found(span, error.message, None).help(help));
            None
        }
    }
}

fn listed(response: &Table, lowering: &mut Lowering<'_, '_>) -> Vec<Spanned<ExitPattern>> {
    let written = lowering.reading.texts(response, "exits");
    exit_list::check(&written, &mut lowering.reading.findings)
}

/// The parameters' names for the plan.
pub fn names(parameters: &Parameters, lowering: &Lowering<'_, '_>) -> Vec<Spanned<AttributeName>> {
    let name = |name: &Name| Spanned::new(parameters::attribute(&name.value, lowering.contexts), name.span);
    parameters.all.iter().map(|parameter| name(&parameter.name)).collect()
}
