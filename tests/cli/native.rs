//! The platform's own JSON, named on a command line.

use std::time::Duration;

use serde_json::json;

use super::support::Project;

const ORDER: &str = r#"{
  "type": "WEBHOOK",
  "url": "https://erp.example.com/orders/$order_number?images=$images",
  "method": "POST",
  "headers": [{ "key": "Authorization", "value": "Bearer $erp_token" }],
  "body": { "all": $images, "session": "$session.id" }
}"#;

#[test]
fn it_is_linted_alone() {
    let project = Project::new().file("order.json", ORDER);
    let said = project.run(&["lint", "order.json"]).ends(0);
    assert!(!said.out.contains("unknown-variable"), "names are declared elsewhere: {}", said.out);
    let slip = Project::new().file("order.json", ORDER.replace("$session.id", "$sesion.id"));
    slip.run(&["lint", "order.json"]).ends(1).says("did you mean `$session.id`?");
    let bare = Project::new().file("order.json", ORDER.replace("$images,", "$count,"));
    bare.run(&["lint", "order.json"]).ends(0);
    let broken = Project::new().file("order.json", "{ \"url\": }");
    broken.run(&["lint", "order.json"]).ends(1).says("order.json:1:10").says("the file is not JSON");
    Project::new().file("order.json", "[]").run(&["render", "order.json"]).ends(1).says("there is nothing to render");
}

/// A check that looks at every variable for each takes minutes.
#[test]
fn a_body_of_very_many_variables() {
    let images = vec!["$images"; 40_000].join(",");
    let order = format!("{{ \"url\": \"https://a.example\", \"method\": \"POST\", \"body\": [{images}] }}");
    let said = Project::new().file("order.json", order).run(&["lint", "order.json"]).ends(0);
    assert!(said.elapsed < Duration::from_secs(30), "{:?}", said.elapsed);
}

#[test]
fn it_is_rendered_alone_with_values_from_the_command_line() {
    let project = Project::new().file("order.json", ORDER);
    let arguments = [
        "render",
        "order.json",
        "--format",
        "json",
        "--given",
        "arguments.order_number=A 17",
        "--given",
        "client_data.erp_token=tok-1",
        "--given",
        "images=[\"https://cdn.example.com/1.jpg\"]",
    ];
    let said = project.run(&arguments).ends(0);
    let shown: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    let request = &shown[0]["request"];
    assert_eq!(
        request["url"],
        "https://erp.example.com/orders/A%2017?images=%5B%22https%3A%2F%2Fcdn.example.com%2F1.jpg%22%5D"
    );
    assert_eq!(request["headers"][0], json!(["Authorization", "Bearer tok-1"]));
    let body: serde_json::Value = serde_json::from_str(request["body"].as_str().expect("a body")).expect("JSON");
    assert_eq!(body["all"], json!(["https://cdn.example.com/1.jpg"]));
}

#[test]
fn headers_as_an_object_are_mended() {
    let object =
        ORDER.replace(r#"[{ "key": "Authorization", "value": "Bearer $erp_token" }]"#, r#"{ "X-A": "$session.id" }"#);
    let project = Project::new().file("order.json", object);
    project.run(&["lint", "order.json", "--fix", "--unsafe"]);
    assert!(project.read("order.json").contains(r#"[{ "key": "X-A", "value": "$session.id" }]"#));
}

#[test]
fn a_template_alone() {
    let project = Project::new();
    let eval = |template: &str, given: &[&str], place: &str| {
        let mut arguments = vec!["eval", "--dialect", "verboo", "--as", place, template];
        given.iter().for_each(|given| arguments.extend(["--given", given]));
        project.run(&arguments).ends(0).out.trim_end().to_string()
    };
    let given = ["client_data.plan=gold", "arguments.planet=Mars", "client_data.deep={\"a\":1}"];
    assert_eq!(eval("$planet $plans $zzz $", &given, "text"), "Mars golds $zzz $");
    assert_eq!(eval("$deep", &given, "url"), "%7B%22a%22%3A1%7D");
}
