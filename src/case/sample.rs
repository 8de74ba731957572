//! The replies that the cases record, as JSON; XML as the tree that its paths lead through.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::{Answer, Case, Reply};
use crate::plan::{AttributeName, Expression, Merged, Place, ReplyFormat};
use crate::selector::xml;
use crate::value::Json;

/// A recorded reply whose body can be read.
#[derive(Debug)]
pub struct Sample<'a> {
    /// The first case that records it.
    pub case: &'a Case,
    pub document: Json,
}

/// The samples of a spec, read when they are first asked for: most specs need none.
#[derive(Debug)]
pub struct Samples<'a> {
    cases: &'a [Case],
    format: ReplyFormat,
    style: xml::Style,
    by_class: [OnceCell<Vec<Sample<'a>>>; 6],
}

impl<'a> Samples<'a> {
    pub fn new(cases: &'a [Case], format: ReplyFormat, style: xml::Style) -> Samples<'a> {
        Samples { cases, format, style, by_class: Default::default() }
    }

    /// The samples of one class of status codes (2 for 2xx), in the order of the cases. A body that several cases record, as
    /// the rows of one case often do, comes once.
    pub fn of(&self, class: u8) -> &[Sample<'a>] {
        let Some(cell) = self.by_class.get(usize::from(class)) else { return &[] };
        cell.get_or_init(|| self.read(class))
    }

    /// What a template says is known once a request has come: it is no sample.
    fn read(&self, class: u8) -> Vec<Sample<'a>> {
        let mut known = HashSet::new();
        let recorded = self.cases.iter().filter(|case| case.reply_template.is_none());
        let replies = recorded.filter_map(|case| Some((case, reply_of(case, class)?)));
        let distinct = replies.filter(|(_, reply)| known.insert(reply.body.as_slice()));
        distinct.filter_map(|(case, reply)| Some(Sample { case, document: self.document(reply)? })).collect()
    }

    fn document(&self, reply: &Reply) -> Option<Json> {
        match self.format {
            ReplyFormat::Json => serde_json::from_slice(&reply.body).ok(),
            ReplyFormat::Xml => xml::styled_document(&reply.body, reply.charset(), self.style).ok(),
        }
    }
}

impl Case {
    /// Every expression of a reply that uses values of the request, those in filter arguments included.
    pub fn expressions_of_reply(&self) -> impl Iterator<Item = (Place, &Expression)> {
        let texts = self.reply_template.iter().flat_map(|body| body.texts());
        let outermost = texts.flat_map(|(_, text)| text.expressions());
        outermost.flat_map(Expression::with_arguments).map(|expression| (Place::Reply, expression))
    }

    /// What the recorded reply merges into the state, if it is a well one: names with their values, as they were written.
    pub fn merged(&self, merged: &Merged) -> Vec<(AttributeName, Json)> {
        let Some(reply) = reply_of(self, 2) else { return Vec::new() };
        let document: Json = serde_json::from_slice(&reply.body).unwrap_or_default();
        let found = merged.path.iter().try_fold(&document, |found, step| found.get(*step));
        let entries = found.and_then(Json::as_object).into_iter().flatten();
        entries.map(|(key, value)| (AttributeName::new(merged.context, key), value.clone())).collect()
    }
}

fn reply_of(case: &Case, class: u8) -> Option<&Reply> {
    match &case.answer {
        Answer::Reply(reply) if reply.status / 100 == u16::from(class) => Some(reply),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::case;
    use serde_json::json;

    #[test]
    fn json_replies_of_the_class_each_once() {
        let with_body = |body: &str| Case {
            answer: Answer::Reply(Reply { status: 200, headers: Vec::new(), delay_milliseconds: 0, body: body.into() }),
            ..case(200, &json!(null))
        };
        let fault = Case { answer: Answer::Fault(crate::case::Fault::Tls), ..case(200, &json!(null)) };
        let cases =
            [case(200, &json!(1)), case(404, &json!(2)), with_body("<html>"), with_body(""), case(201, &json!(1)), fault];
        let samples = Samples::new(&cases, ReplyFormat::Json, xml::Style::default());
        let documents = |class| samples.of(class).iter().map(|sample| sample.document.clone()).collect::<Vec<_>>();
        assert_eq!(documents(2), [json!(1)]);
        assert_eq!(documents(4), [json!(2)]);
        assert!(documents(5).is_empty() && documents(9).is_empty());
    }
}
