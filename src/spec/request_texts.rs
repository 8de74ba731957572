//! The texts of a spec that its requests are made of: what names a host that may be reached.

use super::node::{Kind, Node, Table};

/// The texts of the action and of the values given, without those that answer a request or talk about it: comments, replies,
/// what is expected of them. Nor do secrets name hosts.
pub fn request_texts(spec: &Table) -> Vec<String> {
    const OF_NO_REQUEST: [&str; 4] = ["name", "description", "response", "responseDirective"];
    let mut texts = Vec::new();
    for entry in spec.table("action").iter().flat_map(|action| &action.entries) {
        if !OF_NO_REQUEST.contains(&entry.key.value.as_str()) {
            add_texts(&entry.value, &mut texts);
        }
    }
    for key in ["defaults", "case"] {
        spec.get(key).iter().for_each(|cases| add_given(cases, &mut texts));
    }
    texts
}

/// The values that a case gives, or each of several; a case of rows gives those of its rows.
fn add_given(cases: &Node, texts: &mut Vec<String>) {
    match &cases.kind {
        Kind::Array(cases) => cases.iter().for_each(|case| add_given(case, texts)),
        Kind::Table(case) => {
            for entry in case.table("given").iter().flat_map(|given| &given.entries) {
                if entry.key.value != "secret" {
                    add_texts(&entry.value, texts);
                }
            }
            case.get("row").iter().for_each(|rows| add_given(rows, texts));
        }
        _ => {}
    }
}

fn add_texts(node: &Node, texts: &mut Vec<String>) {
    match &node.kind {
        Kind::Text(text) => texts.push(text.text.to_string()),
        Kind::Array(items) => items.iter().for_each(|item| add_texts(item, texts)),
        Kind::Table(table) => table.entries.iter().for_each(|entry| add_texts(&entry.value, texts)),
        Kind::Integer(_) | Kind::Float(_) | Kind::Boolean(_) | Kind::DateTime(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::spec::toml_text;

    #[test]
    fn what_requests_are_made_of() {
        let text = r#"# comment
            action.name = "name"
            action.url = "url"
            action.auth = { token_url = "token", variables = { a = "variable" } }
            action.response.2xx.llm = "response"
            attributes.user.a = "string"
            defaults.given.user.base = "default"
            defaults.reply.body = "defaults reply"
            [[case]]
            name = "case"
            given.user.x = [{ y = "given" }]
            given.secret.k = "secret"
            reply = { headers = { location = "location" }, json = ["json"] }
            token_reply.body = "token reply"
            expect.request.url = "expected"
            row = [{ name = "row", given.user.x = "of a row", reply.body = "reply" }]
        "#;
        let mut findings = Vec::new();
        let table = toml_text::parse(text, Sources::in_memory().add("a", text), &mut findings);
        assert_eq!(findings.len(), 0);
        assert_eq!(request_texts(&table), ["url", "token", "variable", "default", "given", "of a row"]);
    }
}
