//! The JUnit reports against the schema of Jenkins, whatever stands in a project.
//!
//! No validator of XML Schema is at hand here, so the schema is read for what it declares: which attributes an element has
//! and needs, which elements stand in it, which texts a time may be. `.ci/run` has `xmllint` look at the same reports.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use regex::Regex;
use roxmltree::{Document, Node};

use super::support::{PLAIN, Project};

/// What the schema declares of an element.
#[derive(Debug, Default)]
struct Declared {
    /// By name: whether it is needed, and its type.
    attributes: BTreeMap<String, (bool, String)>,
    children: Vec<String>,
    holds_text: bool,
}

struct Schema {
    elements: BTreeMap<String, Declared>,
    time: Regex,
}

fn is(node: &Node<'_, '_>, name: &str) -> bool {
    node.tag_name().name() == name
}

fn text(node: Node<'_, '_>, attribute: &str) -> String {
    node.attribute(attribute).unwrap_or_default().to_string()
}

impl Schema {
    fn read() -> Schema {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/junit-10.xsd");
        let source = fs::read_to_string(path).expect("the schema");
        let document = Document::parse(&source).expect("XML");
        let root = document.root_element();
        let elements = root.children().filter(|node| is(node, "element"));
        let elements: BTreeMap<_, _> = elements.map(|node| (text(node, "name"), declared(node))).collect();
        assert!(elements.contains_key("testsuites") && elements["testcase"].attributes["name"].0);
        let pattern = document.descendants().find(|node| is(node, "pattern")).expect("the pattern of a time");
        let time = Regex::new(&format!("^(?:{})$", text(pattern, "value"))).expect("a pattern");
        Schema { elements, time }
    }

    /// What is wrong with a report.
    fn faults(&self, xml: &str) -> Vec<String> {
        let document = match Document::parse(xml) {
            Ok(document) => document,
            Err(error) => return vec![format!("not XML: {error}")],
        };
        let root = document.root_element();
        let mut faults = Vec::new();
        if !is(&root, "testsuites") {
            faults.push("the report is not one of suites".to_string());
        }
        root.descendants().filter(Node::is_element).for_each(|node| self.look(node, &mut faults));
        faults
    }

    fn look(&self, node: Node<'_, '_>, faults: &mut Vec<String>) {
        let name = node.tag_name().name();
        let Some(declared) = self.elements.get(name) else { return faults.push(format!("unknown element {name}")) };
        for attribute in node.attributes() {
            match declared.attributes.get(attribute.name()) {
                None => faults.push(format!("{name} has no attribute {}", attribute.name())),
                Some((_, kind)) if kind == "SUREFIRE_TIME" && !self.time.is_match(attribute.value()) => {
                    faults.push(format!("{name} has the time {}", attribute.value()));
                }
                Some(_) => {}
            }
        }
        let needed = declared.attributes.iter().filter(|(_, (is_needed, _))| *is_needed).map(|(attribute, _)| attribute);
        let missing = needed.filter(|attribute| !node.has_attribute(attribute.as_str()));
        faults.extend(missing.map(|attribute| format!("{name} lacks {attribute}")));
        for child in node.children() {
            let child_name = child.tag_name().name();
            let is_allowed = match child.is_element() {
                true => declared.children.iter().any(|known| known == child_name),
                false => declared.holds_text || child.text().unwrap_or_default().trim().is_empty(),
            };
            if !is_allowed {
                faults.push(format!("{name} holds {child_name}{}", child.text().unwrap_or_default()));
            }
        }
    }
}

fn declared(element: Node<'_, '_>) -> Declared {
    let attributes = element.descendants().filter(|node| is(node, "attribute"));
    let attribute = |node: Node<'_, '_>| (text(node, "name"), (text(node, "use") == "required", text(node, "type")));
    let children = element.descendants().filter(|node| is(node, "element") && node.has_attribute("ref"));
    let is_mixed = element.children().any(|node| text(node, "mixed") == "true");
    Declared {
        attributes: attributes.map(attribute).collect(),
        children: children.map(|node| text(node, "ref")).collect(),
        holds_text: is_mixed || text(element, "type") == "xs:string",
    }
}

/// The number that an attribute gives.
fn number(node: Node<'_, '_>, attribute: &str) -> usize {
    text(node, attribute).parse().unwrap_or_else(|_| panic!("{attribute} of {node:?}"))
}

/// What a report says of its numbers must be what it holds.
fn assert_counts(xml: &str) {
    let document = Document::parse(xml).expect("XML");
    let root = document.root_element();
    let holding = |node: Node<'_, '_>, name: &str| node.descendants().filter(|node| is(node, name)).count();
    for node in root.descendants().filter(|node| is(node, "testsuite") || is(node, "testsuites")) {
        assert_eq!(number(node, "tests"), holding(node, "testcase"), "{xml}");
        assert_eq!(number(node, "failures"), holding(node, "failure"), "{xml}");
        assert_eq!(number(node, "errors"), holding(node, "error"), "{xml}");
    }
    for suite in root.children().filter(|node| is(node, "testsuite")) {
        assert_eq!(number(suite, "skipped"), holding(suite, "skipped"), "{xml}");
    }
}

/// Everything that a report can hold: what passes, fails, is new, changes and is left out; texts that XML cannot hold.
fn project() -> Project {
    let case = |name: &str, more: &str| format!("[[case]]\nname = \"{name}\"\nreply.json = {{ answer = 1 }}\n{more}\n");
    let odd =
        r#"\u0000 \u0001\u0008\u000B\u000C\u001B[31mred \u007F\u0085\u2028 \uFFFE\uFFFF \uFDD0 😀 ]]> <!-- &amp; \" ' \n\t"#;
    let cases = [
        case("passes", ""),
        case("changes", ""),
        case(&format!("a {odd}"), &format!("expect.attributes = {{ answer = \"{odd}\" }}")),
        case("<b a='1'>&", "expect.success = false"),
        case("logs", &format!("expect.log = [\"{odd}\"]\nexpect.exit = \"4xx\"")),
    ];
    let project = Project::plain(&cases.concat());
    project.run(&["test", "--update"]).ends(1);
    project.write("specs/a.toml", project.read("specs/a.toml").replacen("answer = 1", "answer = \"\\uFFFF\"", 2));
    project.write("specs/b.toml", format!("{PLAIN}{}", case("new", "")));
    project.write("specs/c.toml", "[action]\nname = \"no url \\uFFFE\"\nmethod = \"G\\u001BT\"\n[[case]]\nname = \"x\"\n");
    project.write("specs/d.toml", format!("{PLAIN}\n[un\u{2028}known\u{202e}]\n"));
    project
}

#[test]
fn reports_are_as_the_schema_of_jenkins_says() {
    let (schema, project) = (Schema::read(), project());
    let passing = Project::plain("[[case]]\nname = \"x\"\n");
    passing.approve();
    let none = Project::plain("");
    for (project, arguments) in [
        (&project, &["test"][..]),
        (&project, &["test", "--fail-fast", "--jobs", "1"]),
        (&project, &["test", "--case", "passes", "--shard", "1/1"]),
        (&project, &["lint"]),
        (&passing, &["test"]),
        (&passing, &["lint"]),
        (&none, &["test"]),
        (&project, &["test", "--live", "--base-url", "http://127.0.0.1:1", "--retry", "1"]),
    ] {
        let said = project.run(&[arguments, &["--format", "junit"]].concat());
        let faults = schema.faults(&said.out);
        assert!(faults.is_empty(), "{arguments:?}: {}\n{}", faults.join("\n"), said.out);
        assert_counts(&said.out);
        assert!(!said.out.contains(['\u{fffe}', '\u{ffff}', '\u{1b}', '\0']), "{}", said.out);
    }
    let xml = project.run(&["test", "--format", "junit"]).ends(1).out;
    let statuses = ["type=\"failed\"", "type=\"new\"", "the transcript differs from", "time=\""];
    assert!(statuses.iter().all(|status| xml.contains(status)), "{xml}");
    let skipped = project.run(&["test", "--format", "junit", "--fail-fast", "--jobs", "1"]).ends(1).out;
    assert!(skipped.contains("<skipped message=\"not run"), "{skipped}");
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let schema = Schema::read();
    let suite = |inner: &str| {
        format!("<testsuites><testsuite name='a' tests='1' failures='0' errors='0'>{inner}</testsuite></testsuites>")
    };
    assert_eq!(schema.faults(&suite("<testcase name='x' time='1.250'><skipped/></testcase>")), [""; 0]);
    for wrong in [
        suite("<testcase/>"),
        suite("<testcase name='x' skipped='1'/>"),
        suite("<case name='x'/>"),
        suite("<failure/>"),
        suite("text"),
        suite("\u{b}"),
        "<testsuites skipped='0'/>".into(),
        "<testsuites time='1.2345'/>".into(),
        "<testsuite name='a' tests='1' failures='0' errors='0'/>".into(),
        "<testsuites>".into(),
    ] {
        assert!(!schema.faults(&wrong).is_empty(), "{wrong}");
    }
}
