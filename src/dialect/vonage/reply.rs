//! The body of a reply that uses values of the request.

use super::parameters::Parameters;
use super::templates::Templates;
use crate::assumption::id;
use crate::dialect::json_body::JsonBody;
use crate::dialect::{Lowering, in_its_place};
use crate::plan::BodyPlan;
use crate::source::Mapped;
use crate::spec::{Reading, ReplySource, Table};

/// In a table a parameter that is all of a string keeps its type: no quotes can be left out there.
pub fn reply_bodies(replies: &[&ReplySource], spec: &Table, lowering: &mut Lowering<'_, '_>) -> Vec<BodyPlan> {
    // What is wrong with them was found when they were declared.
    let parameters = Parameters::read(spec, &mut Reading { findings: Vec::new(), elsewhere: &[] });
    let mut assumptions = lowering.assumptions.clone();
    // That is about requests: what a request does not hold is null or empty in a reply.
    assumptions.choose(id::UNSET_VALUE, "empty");
    let mut templates = Templates::new(&parameters, &assumptions);
    let read = |reply: &&ReplySource| match reply {
        ReplySource::None => BodyPlan::None,
        ReplySource::Tree(node) => {
            let text = &mut |source: &Mapped, findings: &mut Vec<_>| templates.text(source, findings);
            let root = JsonBody { text, mark: '$', reading: lowering.reading }.node(node);
            BodyPlan::Json { root, source: None }
        }
        ReplySource::Text { source, syntax } => {
            in_its_place(templates.text(source, &mut lowering.reading.findings), *syntax)
        }
    };
    replies.iter().map(read).collect()
}
