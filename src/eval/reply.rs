//! What a case answers, with values of the request in it.

use std::borrow::Cow;

use crate::assumption::{Assumptions, id};
use crate::case::{Answer, Case, Given, GivenAttribute, Reply};
use crate::plan::{AttributeName, BodyPlan, Plan, ValueSource};
use crate::value::{MASK, TaintedText, Value};

use super::expression::{Evaluator, KnownParts};
use super::{Failure, Inputs, Record};

/// Where the platform's way with its own requests does not bind a backend's reply: JSON stays as it is written, a value that
/// is not there is null or empty, and one outside of quotes is JSON.
const OF_REPLIES: [(&str, &str); 4] = [
    (id::BODY_FORMAT, "as-written"),
    (id::MISSING_BODY_VALUE, "null"),
    (id::UNQUOTED_VALUE, "quote-text"),
    (id::MALFORMED_BODY, "send"),
];

/// What a case answers to a request, whose `values` are put into a reply with `template = true`. Filters have the clock and
/// the zone of the case. What a request cannot hold, or did not, is null or empty. No secret is revealed: eight bullets
/// stand in its place, as in the request outside of the authentication.
///
/// # Errors
/// When the reply cannot be made: what was written is no JSON, or the values are too large.
pub fn answer<'c>(plan: &Plan, case: &'c Case, values: &Given) -> Result<Cow<'c, Answer>, Failure> {
    let (Answer::Reply(reply), Some(template)) = (&case.answer, &case.reply_template) else {
        return Ok(Cow::Borrowed(&case.answer));
    };
    let given = shown(plan, template, values);
    let inputs = Inputs { given: &given, ..Inputs::of_case(case, &[]) };
    let body = body(plan, template, &inputs)?;
    Ok(Cow::Owned(Answer::Reply(Reply { body: body.into_bytes(), ..reply.clone() })))
}

fn body(plan: &Plan, template: &BodyPlan, inputs: &Inputs<'_>) -> Result<String, Failure> {
    // What a backend does is no open point of the platform, and nothing that the platform would log.
    let (record, parts, assumptions) = (Record::default(), KnownParts::default(), of_replies(plan));
    let evaluator = Evaluator {
        assumptions: &assumptions,
        // Their bullets are no secret.
        secret_attributes: &[],
        ..Evaluator::new(plan, inputs, &record, &parts)
    };
    Ok(evaluator.body(template)?.map(TaintedText::into_masked).unwrap_or_default())
}

fn of_replies(plan: &Plan) -> Assumptions {
    let mut assumptions = plan.assumptions.clone();
    for (name, choice) in OF_REPLIES {
        assumptions.choose(name, choice);
    }
    assumptions
}

/// The values that a reply may show: bullets for those that are secret, null for those that are read and not there. A secret
/// is replaced as a whole and before any filter, so that the reply stays what it is.
fn shown(plan: &Plan, template: &BodyPlan, values: &Given) -> Given {
    let mut shown = Given::default();
    for given in values.attributes.iter() {
        let is_secret = given.value.is_secret() || plan.secret_attributes.contains(&given.name);
        let value = if is_secret { Value::from(MASK) } else { given.value.clone() };
        shown.attributes.put(GivenAttribute { value, ..given.clone() });
    }
    let texts = template.texts();
    for expression in texts.iter().flat_map(|(_, text)| text.expressions()) {
        let ValueSource::Attribute(name) = &expression.source else { continue };
        if shown.attribute(name).is_none() {
            shown.attributes.put(missing(name, expression.span));
        }
    }
    shown
}

fn missing(name: &AttributeName, span: crate::source::Span) -> GivenAttribute {
    GivenAttribute { name: name.clone(), value: Value::NULL, span }
}
