//! `hookwright render`: the request that would be sent.

use std::fmt::Write;

use hookwright::case::{Case, Spec};
use hookwright::diagnostic::suggesting;
use hookwright::dialect;
use hookwright::eval::{Exchange, Hosts, planned};
use hookwright::plan::Plan;
use hookwright::report::{Secrecy, Shown, ShownRequest, curl, exchange_json_as};
use hookwright::spec::Environment;
use hookwright::value::Json;

use super::arguments::{Arguments, Render, RenderFormat};
use super::choice::selected;
use super::given::{Names, add_all, contexts_of_plan};
use super::output::{complain, note, pretty, print};
use super::project::{Checked, Project};
use super::{Ending, Refusal};

pub fn run(render: &Render, _arguments: &Arguments) -> Result<Ending, Refusal> {
    let project = Project::open()?;
    let path = &one_spec(&project, &render.spec, "render")?;
    let checked = project.check(std::slice::from_ref(path)).whole()?.remove(0);
    let environment = match &render.env {
        Some(name) => Some(environment(&project, name)?),
        None => None,
    };
    let Some(plan) = runnable(&checked.spec, "render") else { return Ok(Ending::Findings) };
    let mut rendered = Vec::new();
    for mut case in cases(&checked, render)? {
        let contexts = contexts_of_plan(plan);
        let names = Names { contexts: &contexts, types: &plan.types, span: case.name.span, takes_dates: true };
        if let Some(environment) = environment {
            globals(&mut case, environment, plan);
        }
        add_all(&mut case.given, &render.given, &names)?;
        rendered.push((case.name.value.clone(), exchange(plan, &case, &checked, environment)));
    }
    note_inactive(plan);
    Ok(show(path, &rendered, render))
}

/// Says why there is no request, where the action never makes one.
pub fn note_inactive(plan: &Plan) {
    if !plan.outcome.is_active() {
        note("the action is not active: the platform does not run it, and nothing is sent");
    }
}

/// The one spec that a command line means.
pub fn one_spec(project: &Project, written: &str, command: &str) -> Result<String, Refusal> {
    let mut paths = project.specs(&[written.to_string()])?;
    match paths.len() {
        1 if dialect::is_flow(&paths[0]) => {
            let help = "name the spec of one of its actions, or run the flow with `hookwright test`";
            Err(format!("`{written}` is a flow; `{command}` takes a spec: {help}").into())
        }
        1 => Ok(paths.remove(0)),
        several => Err(format!("`{written}` is {several} specs; `{command}` takes one").into()),
    }
}

/// What is to run, or a complaint that there is nothing to do it with.
pub fn runnable<'a>(spec: &'a Spec, command: &str) -> Option<&'a Plan> {
    let plan = spec.plan.as_ref().filter(|_| spec.not_runnable.is_none());
    if plan.is_none() {
        let (path, why) = (&spec.path, spec.not_runnable.as_deref().unwrap_or("it cannot be read"));
        complain(&format!("there is nothing to {command} in `{path}`: {why}; `hookwright lint {path}` says more"));
    }
    plan
}

/// Puts the globals of an environment over those of the manifest.
pub fn globals(case: &mut Case, environment: &Environment, plan: &Plan) {
    let global = dialect::global_values(&environment.global, &plan.types, case.name.span);
    case.given.attributes.extend(global.iter().cloned());
}

/// There is no case of this name.
pub fn no_case(spec: &Spec, name: &str) -> Refusal {
    let names = spec.cases.iter().map(|case| case.name.value.as_str());
    suggesting(format!("no case of `{}` is named `{name}`", spec.path), name, names).into()
}

pub fn environment<'a>(project: &'a Project, name: &str) -> Result<&'a Environment, Refusal> {
    let environments = &project.manifest.environments;
    let environment = environments.get(name).ok_or_else(|| {
        let known = environments.keys().map(String::as_str);
        Refusal(suggesting(format!("the manifest has no environment `{name}`"), name, known))
    })?;
    match &environment.unusable {
        Some(why) => Err(format!("the environment `{name}` cannot be used: {why}").into()),
        None => Ok(environment),
    }
}

/// The chosen cases; a spec without any is rendered with what `--given` says.
fn cases(checked: &Checked, render: &Render) -> Result<Vec<Case>, Refusal> {
    let filter: Vec<String> = render.case.iter().cloned().collect();
    let cases: Vec<Case> = selected(&checked.spec.cases, &filter).cloned().collect();
    match (cases.is_empty(), &render.case) {
        (true, Some(name)) => Err(no_case(&checked.spec, name)),
        (true, None) => Ok(checked.spec.bare_case.as_deref().into_iter().cloned().collect()),
        _ => Ok(cases),
    }
}

fn exchange(plan: &Plan, case: &Case, checked: &Checked, environment: Option<&Environment>) -> Exchange {
    let hosts = environment.map_or(Hosts::AsWritten, |environment| Hosts::Environment(&environment.hosts));
    planned(plan, case, &checked.spec.declared_secrets, hosts)
}

fn show(path: &str, rendered: &[(String, Exchange)], render: &Render) -> Ending {
    let secrecy = if render.show_secrets { Secrecy::Revealed } else { Secrecy::Masked };
    let one = render.case.is_some() || rendered.len() == 1;
    match render.format {
        RenderFormat::Json => {
            let exchanges = rendered.iter();
            let mut all: Vec<Json> =
                exchanges.map(|(name, exchange)| exchange_json_as(path, name, exchange, secrecy)).collect();
            let is_array = render.case.is_none();
            print(&pretty(&if is_array || all.len() != 1 { Json::Array(all) } else { all.remove(0) }));
        }
        format => {
            for (name, exchange) in rendered {
                let heading = if one { String::new() } else { heading(name, format) };
                print(&format!("{heading}{}\n", text(exchange, format, secrecy)));
            }
        }
    }
    match rendered.iter().any(|(_, exchange)| exchange.error.is_some()) {
        true => Ending::Findings,
        false => Ending::Well,
    }
}

/// In an `.http` file it also ends the body of the request before.
fn heading(name: &str, format: RenderFormat) -> String {
    let mark = if format == RenderFormat::Http { "###" } else { "#" };
    format!("{mark} {name}\n")
}

fn text(exchange: &Exchange, format: RenderFormat, secrecy: Secrecy) -> String {
    let shown = Shown::new(exchange, secrecy);
    let mut text = String::new();
    if let Some((kind, message)) = &shown.error {
        let _ = writeln!(text, "error[{kind}]: {message}");
    }
    let token = shown.token.as_ref().and_then(|token| token.request.as_ref());
    for request in token.into_iter().chain(&shown.request) {
        match format {
            RenderFormat::Curl => text.push_str(&curl(request)),
            _ => http(request, &mut text),
        }
    }
    if !exchange.assumptions.is_empty() && format == RenderFormat::Human {
        let _ = writeln!(text, "\nassumed: {}", exchange.assumptions.join(", "));
    }
    text
}

/// As an `.http` file has it: request line, headers, body.
fn http(request: &ShownRequest, text: &mut String) {
    let _ = writeln!(text, "{} {}", request.method, request.url);
    for (name, value) in &request.headers {
        let _ = writeln!(text, "{name}: {value}");
    }
    if let Some(body) = &request.body {
        let _ = writeln!(text, "\n{body}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hookwright::eval::{Request, SecretValues};
    use hookwright::value::TaintedText;

    fn rendered(format: RenderFormat, secrecy: Secrecy) -> String {
        let headers = vec![("A".to_string(), TaintedText::default()), ("B".into(), TaintedText::plain("k-12345"))];
        let url = TaintedText::plain("https://a.example/k-12345");
        let request = Request { method: "GET".into(), url, headers, body: None };
        let mut secret_values = SecretValues::default();
        secret_values.insert("k-12345");
        text(&Exchange { request: Some(request), secret_values, ..Exchange::default() }, format, secrecy)
    }

    #[test]
    fn a_secret_given_as_an_ordinary_value_too_is_masked() {
        for format in [RenderFormat::Human, RenderFormat::Http, RenderFormat::Curl] {
            assert!(!rendered(format, Secrecy::Masked).contains("k-12345"));
            assert!(rendered(format, Secrecy::Revealed).contains("k-12345"));
        }
    }

    #[test]
    fn curl_sends_an_empty_header() {
        let curl = rendered(RenderFormat::Curl, Secrecy::Revealed);
        assert_eq!(curl, "curl -X GET 'https://a.example/k-12345' \\\n  -H 'A;' \\\n  -H 'B: k-12345'\n");
    }
}
