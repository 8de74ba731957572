//! `hookwright mock`: a server that stands in for every backend of the project.
#![allow(clippy::disallowed_methods, reason = "events are printed while the server runs on threads of its own")]

mod arguments;
mod files;
mod journals;
mod print;
mod real_secrets;
mod specs;

use std::io::ErrorKind;
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hookwright::certificate::MAX_BYTES;
use hookwright::server::{Chaos, Encryption, Event, Handle, Options, Ready, Server, Stopped};
use hookwright::suite::snapshot::Policy;

pub use arguments::{Expectation, Mock, MockFormat};
use files::{AuthorityFile, Place, ReadyFile};
use specs::Specs;
pub use specs::specs;

use super::arguments::Arguments;
use super::changes::{Changes, Ender};
use super::project::Project;
use super::{Ending, Refusal, input, output};

/// How many events may wait to be printed; more are dropped.
const EVENTS_WAITING: usize = 4096;

/// How long the end waits for somebody to read what is printed.
const PRINTING: Duration = Duration::from_secs(2);

/// Room for deeply nested input, as on the main thread.
const STACK: usize = 8 << 20;

pub fn run(mock: &Mock, arguments: &Arguments) -> Result<Ending, Refusal> {
    let project = Project::open()?;
    // Looked at before anything is read, so that nothing changes unseen.
    let changes = mock.watch.then(|| Changes::of(&project, &mock.paths, Policy::Pend)).transpose()?;
    let specs = Specs::read(project, &mock.paths, mock.real_secrets)?;
    let served = specs.served()?;
    if served.site.actions.is_empty() {
        return Err("there is nothing to serve: no spec has an action that can run".into());
    }
    let ready_place = mock.ready_file.as_deref().map(Place::of_ready).transpose()?;
    let encryption = encryption(mock)?;
    let authority = match &encryption {
        Some(encryption) => AuthorityFile::prepare(encryption, mock.ca_file.as_deref())?,
        None => None,
    };
    let mut warnings: Vec<String> = encryption.iter().filter_map(Encryption::warning).map(str::to_string).collect();
    let options = Options {
        encryption,
        ca_file: authority.as_ref().map(|authority| authority.path().to_path_buf()),
        ..options(mock, arguments)
    };
    let opened = mock.open.as_deref().map(journals::read).transpose()?;
    let journal = mock.journal.as_deref().map(|file| journals::open(file, mock.journal_size)).transpose()?;
    let (sender, events) = sync_channel(EVENTS_WAITING);
    let server = Server::bind(options, served, sender).map_err(|error| cannot_listen(mock, &error))?;
    opened.into_iter().for_each(|opened| opened.put_into(&server));
    journal.into_iter().for_each(|journal| journal.put_into(&server));
    warnings.extend(exposure(server.ready()));
    authority.as_ref().map(AuthorityFile::write).transpose()?;
    let ready_file = ready_place.map(|place| ReadyFile::write(&place, server.ready())).transpose()?;
    print::event(&Event::Ready(server.ready().clone()), mock.format);
    warnings.into_iter().for_each(|warning| print::event(&Event::Warning(warning), mock.format));
    let stopped = serve(server, events, changes, specs, mock.format)?;
    drop((ready_file, authority));
    Ok(conclude(mock, arguments, &stopped))
}

/// Runs the server, with one thread that prints and one that looks for changes.
fn serve(
    server: Server,
    events: Receiver<Event>,
    changes: Option<Changes>,
    specs: Specs,
    format: MockFormat,
) -> Result<Stopped, Refusal> {
    let watcher = changes.map(|changes| watch(changes, specs, server.handle())).transpose()?;
    let (printed, all_printed) = sync_channel::<()>(0);
    thread::spawn(move || {
        events.iter().for_each(|event| print::event(&event, format));
        drop(printed);
    });
    let stopped = server.run();
    if let Some((ender, watcher)) = watcher {
        ender.end();
        // A fault in it is no reason not to end in order.
        let _ = watcher.join();
    }
    // It ends when nobody is left who could send, or never when nobody reads what is printed.
    let _ = all_printed.recv_timeout(PRINTING);
    Ok(stopped)
}

fn watch(mut changes: Changes, mut specs: Specs, handle: Handle) -> Result<(Ender, JoinHandle<()>), Refusal> {
    let ender = changes.ender();
    let look = move || {
        while changes.wait().unwrap_or(false) {
            let (served, events) = specs.look(&mut changes);
            served.into_iter().for_each(|served| handle.serve(served));
            events.into_iter().for_each(|event| handle.tell(event));
        }
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(look);
    Ok((ender, thread.map_err(|error| format!("a thread cannot be started: {error}"))?))
}

fn options(mock: &Mock, arguments: &Arguments) -> Options {
    let seed = || mock.seed.unwrap_or_else(random_seed);
    Options {
        listen: mock.listen,
        strict: mock.strict,
        latency: Duration::from_millis(mock.latency.unwrap_or(0)),
        chaos: mock.chaos.map(|share| Chaos { share, seed: seed() }),
        rate: mock.rate_limit,
        read_timeout: Duration::from_millis(mock.read_timeout.max(1)),
        max_connections: mock.max_connections,
        tells_exchanges: mock.format == MockFormat::Json || !arguments.quiet && mock.show_requests,
        ..Options::default()
    }
}

/// Short enough to be typed.
fn random_seed() -> u64 {
    uuid::Uuid::new_v4().as_u64_pair().1 & 0xffff_ffff
}

fn encryption(mock: &Mock) -> Result<Option<Encryption>, Refusal> {
    if mock.tls {
        let generated = Encryption::generated(mock.listen.ip());
        return Ok(Some(generated.map_err(|error| format!("no certificate can be made: {error}"))?));
    }
    let (Some(certificate), Some(key)) = (&mock.tls_certificate, &mock.tls_key) else { return Ok(None) };
    let read = |path: &Path| input::bytes(path, MAX_BYTES as u64);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs().cast_signed());
    let given = Encryption::given(&read(certificate)?, &read(key)?, now);
    let given = given.map_err(|invalid| format!("`{}` with `{}`: {invalid}", certificate.display(), key.display()))?;
    Ok(Some(given))
}

fn cannot_listen(mock: &Mock, error: &std::io::Error) -> Refusal {
    let help = match error.kind() {
        ErrorKind::AddrInUse => "is taken by another program; `--listen 127.0.0.1:0` takes a free port and prints it",
        ErrorKind::PermissionDenied => "may not be listened on; ports from 1024 are for everybody",
        ErrorKind::AddrNotAvailable => "is no address of this machine",
        _ => return format!("`{}` cannot be listened on: {error}", mock.listen).into(),
    };
    format!("`{}` {help}", mock.listen).into()
}

/// What it means to be reached from elsewhere.
fn exposure(ready: &Ready) -> Option<String> {
    (!ready.address.ip().to_canonical().is_loopback()).then(|| {
        format!(
            "`{}` can be reached from other machines: whoever reaches it can read every request in the log, clear it, reset \
             the mock and have requests sent from here; `--listen 127.0.0.1:{}` keeps it to this machine",
            ready.address,
            ready.address.port()
        )
    })
}

/// What was expected and is not so.
fn conclude(mock: &Mock, arguments: &Arguments, stopped: &Stopped) -> Ending {
    let unmet: Vec<String> = mock.expect.iter().flat_map(|expectation| unmet(*expectation, stopped)).collect();
    let (stopped_text, (printed, all_printed)) =
        (print::stopped(stopped, &unmet, mock.format, arguments.quiet), sync_channel::<()>(0));
    thread::spawn(move || {
        output::print(&stopped_text);
        drop(printed);
    });
    let _ = all_printed.recv_timeout(PRINTING);
    unmet.iter().for_each(|why| output::complain(why));
    if unmet.is_empty() && stopped.unwritten == 0 { Ending::Well } else { Ending::Findings }
}

fn unmet(expectation: Expectation, stopped: &Stopped) -> Vec<String> {
    let verification = &stopped.verification;
    match expectation {
        Expectation::AllCases => {
            let missing = verification["missing"].as_array().into_iter().flatten();
            let text = |json: &serde_json::Value| json.as_str().unwrap_or_default().to_string();
            missing
                .map(|case| format!("no request for the case `{}` of `{}`", text(&case["case"]), text(&case["spec"])))
                .collect()
        }
        Expectation::NoDifferences => {
            let count = |name: &str| verification[name].as_u64().unwrap_or(0);
            let differing = (count("differs") > 0).then(|| format!("{} requests differed", count("differs")));
            let unmatched = (count("unmatched") > 0).then(|| format!("{} requests were for no action", count("unmatched")));
            differing.into_iter().chain(unmatched).collect()
        }
    }
}
