//! What the mock derives from specs: each case's own request is found, tells its values, and differs in nothing.

use std::path::Path;

use hookwright::case::Spec;
use hookwright::dialect::{compile, read_manifest};
use hookwright::eval::Request;
use hookwright::mock::ReceivedRequest;
use hookwright::mock::derive::{ChosenBy, Facts, Purpose, RowVerdict, Site, best};
use hookwright::run::wire_target;
use hookwright::source::{FileProblem, Sources};
use hookwright::spec::Manifest;

/// Every spec of the project's own that can run.
pub fn own_specs() -> Vec<Spec> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let base = root.to_path_buf();
    let read = move |path: &Path| std::fs::read(base.join(path)).map_err(|error| FileProblem::Unreadable(error.to_string()));
    let sources = Sources::new(Box::new(read));
    let file = sources.load("hookwright.toml").expect("the manifest");
    let manifest = read_manifest(&sources, file);
    let mut folders = vec![root.join("specs")];
    let mut specs = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
            match () {
                () if path.is_dir() => folders.push(path),
                () if name.ends_with(".flow.toml") || !name.ends_with(".toml") => {}
                () => specs.push(compile(&name, &manifest, &sources).expect("a readable spec")),
            }
        }
    }
    specs
}

pub fn spec(text: &str) -> Spec {
    let sources = Sources::in_memory();
    sources.add("specs/crm/user.toml", text);
    compile("specs/crm/user.toml", &Manifest::default(), &sources).expect("a spec")
}

/// A planned request as it comes over the wire, below a prefix.
pub fn received(request: &Request, prefix: &str) -> ReceivedRequest {
    let target = wire_target(request.url.reveal()).expect("a target");
    let headers = request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.reveal().trim().to_string()));
    let body = request.body.as_ref().map_or_else(Vec::new, |body| body.reveal().as_bytes().to_vec());
    ReceivedRequest { method: request.method.clone(), target: format!("{prefix}{target}"), headers: headers.collect(), body }
}

/// Values that a request does not tell, since the platform changes them on their way under the choices of these specs: of two
/// attributes of one name the other counts, a line break becomes a space, a list becomes text.
const LOOKS_LIKE_ANOTHER: [(&str, &str); 3] = [
    ("verboo/other_choices", "arguments.plan"),
    ("verboo/other_choices", "arguments.note"),
    ("lint/quoted-images", "images"),
];

#[test]
fn the_request_of_every_case_is_its_action_s_and_differs_in_nothing() {
    let site = Site::new(own_specs());
    let (mut looked_at, mut problems) = (0, Vec::new());
    for action in &site.actions {
        for prepared in &action.cases {
            let Some(request) = &prepared.exchange.request else { continue };
            let name = format!("{}: {}", action.id, prepared.case.name.value);
            let request = received(request, &format!("/{}", action.id));
            let Some(found) = site.find(&request) else {
                problems.push(format!("{name}: not found: {} {}", request.method, request.target));
                continue;
            };
            if found.action.id != action.id {
                problems.push(format!("{name}: found {}", found.action.id));
                continue;
            }
            assert_eq!(found.purpose, Purpose::Webhook);
            looked_at += 1;
            let recovered = action.recover(&found.arrived);
            for known in recovered.attributes.iter() {
                let given = prepared.case.given.attribute(&known.name).map(|value| value.to_text().reveal().to_string());
                let got = known.value.to_text().reveal().to_string();
                if given.as_deref().unwrap_or_default() != got
                    && !LOOKS_LIKE_ANOTHER.contains(&(&*action.id, known.name.full()))
                {
                    problems.push(format!("{name}: `{}` is given as {given:?} and recovered as {got:?}", known.name));
                }
            }
            let mut rows = action.verify(&prepared.case, &recovered, &found.arrived);
            rows.extend(action.authenticate(prepared, &recovered, &found.arrived, &Facts::default()));
            let wrong = rows.iter().filter(|row| matches!(row.verdict, RowVerdict::Differs));
            problems.extend(wrong.map(|row| format!("{name}: {row:?}")));
        }
    }
    assert!(looked_at > 300, "{looked_at}");
    assert!(problems.is_empty(), "{} of {looked_at}\n{}", problems.len(), problems.join("\n"));
}

const USER: &str = r#"
[action]
name = "Get user"
method = "GET"
url = "https://crm.example.com/users/{user_id}?lang={session.language}"
[attributes]
user_id = "int"
[[case]]
name = "Ada"
given.user.user_id = 42
given.session.language = "en"
reply.status = 200
[[case]]
name = "gone"
given.user.user_id = 7
given.session.language = "en"
reply.status = 404
"#;

fn request(method: &str, target: &str) -> ReceivedRequest {
    ReceivedRequest { method: method.into(), target: target.into(), headers: Vec::new(), body: Vec::new() }
}

#[test]
fn an_action_at_the_root_is_served_below_its_id() {
    let site = Site::new(vec![spec(&USER.replace("/users/{user_id}?lang={session.language}", "/"))]);
    for target in ["/crm/user", "/crm/user/", "/crm/user/?x=1", "/"] {
        assert_eq!(site.find(&request("GET", target)).expect("the action").arrived.segments, [""; 0], "{target}");
    }
    assert!(site.find(&request("GET", "/crm/user//")).is_none());
}

#[test]
fn values_of_the_path_choose_the_case() {
    let site = Site::new(vec![spec(USER)]);
    for (target, case, by) in [
        ("/crm/user/users/42?lang=en", "Ada", ChosenBy::Agreement),
        ("/crm/user/users/7?lang=en", "gone", ChosenBy::Agreement),
        ("/users/7?lang=de", "gone", ChosenBy::Agreement),
        ("/crm/user/users/1?lang=de", "Ada", ChosenBy::FirstSuccess),
    ] {
        let request = request("GET", target);
        let found = site.find(&request).expect("the action");
        let recovered = found.action.recover(&found.arrived);
        let (index, chosen) = best(found.action, &recovered).expect("a case");
        assert_eq!((found.action.cases[index].case.name.value.as_str(), chosen), (case, by), "{target}");
        assert!(recovered.attributes.iter().next().is_some_and(|known| known.value.to_json().is_i64()), "typed");
    }
    assert!(site.find(&request("GET", "/crm/user/users")).is_none());
    assert!(site.find(&request("GET", "/crm/other/users/7/x")).is_none());
}

#[test]
fn a_url_without_a_path_is_served_with_and_without_a_slash() {
    let text = "[action]\nname = \"Root\"\nmethod = \"GET\"\nurl = \"https://crm.example.com/\"\n";
    let site = Site::new(vec![spec(text)]);
    for target in ["/crm/user/", "/crm/user", "/"] {
        assert!(site.find(&request("GET", target)).is_some(), "{target}");
    }
}
