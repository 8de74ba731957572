//! `hookwright mock`: a server that stands in for every backend of the project.
#![allow(clippy::disallowed_methods, reason = "events are printed while the server runs on threads of its own")]

mod arguments;
mod print;

use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use hookwright::case::Spec;
use hookwright::mock::derive::Site;
use hookwright::server::{Event, Options, Served, Server};

pub use arguments::{Mock, MockFormat};

use super::arguments::Arguments;
use super::output::note;
use super::project::Project;
use super::{Ending, Refusal};

/// How many events may wait to be printed; more are dropped.
const EVENTS_WAITING: usize = 4096;

pub fn run(mock: &Mock, arguments: &Arguments) -> Result<Ending, Refusal> {
    let project = Project::open()?;
    let served = Served::new(Site::new(specs(&project, &mock.paths)?));
    if served.site.actions.is_empty() {
        return Err("there is nothing to serve: no spec has an action that can run".into());
    }
    let (sender, events) = sync_channel(EVENTS_WAITING);
    let options = options(mock, arguments);
    let server = Server::bind(options, served, sender)
        .map_err(|error| format!("`{}` cannot be listened on: {error}", mock.listen))?;
    print::event(&Event::Ready(server.ready().clone()), mock.format);
    let format = mock.format;
    let printer = thread::spawn(move || events.iter().for_each(|event| print::event(&event, format)));
    let stopped = server.run();
    // It ends when nobody is left who could send.
    let _ = printer.join();
    print::stopped(&stopped, mock.format, arguments.quiet);
    Ok(Ending::Well)
}

/// The specs that can run; what the others lack is said.
pub fn specs(project: &Project, paths: &[String]) -> Result<Vec<Spec>, Refusal> {
    let paths: Vec<String> = project.specs(paths)?.into_iter().filter(|path| !hookwright::dialect::is_flow(path)).collect();
    let checks = project.check(&paths);
    checks.unreadable.iter().for_each(|why| note(why));
    let specs: Vec<Spec> = checks.checked.into_iter().map(|checked| checked.spec).collect();
    for spec in specs.iter().filter(|spec| spec.plan.is_none() || spec.not_runnable.is_some()) {
        let why = spec.not_runnable.as_deref().unwrap_or("it cannot be read");
        note(&format!("`{}` is not served: {why}; `hookwright lint {}` says more", spec.path, spec.path));
    }
    Ok(specs)
}

fn options(mock: &Mock, arguments: &Arguments) -> Options {
    Options {
        listen: mock.listen,
        strict: mock.strict,
        latency: Duration::from_millis(mock.latency.unwrap_or(0)),
        tells_exchanges: mock.format == MockFormat::Json || !arguments.quiet && mock.show_requests,
        ..Options::default()
    }
}
