//! The listener: connections in, and an end in order.

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, TcpListener as StandardListener};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use axum::http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use serde_json::Value as Json;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{self, Runtime};
use tokio::sync::watch;

use super::entry::{Entry, Opened};
use super::event::{Event, Ready, Stopped};
use super::handle::{Connection, handle};
use super::journal::Journal;
use super::journalling::Journalling;
use super::options::{Options, READ_TIMEOUT, SHUTDOWN_TIMEOUT};
use super::served::Served;
use super::shared::Shared;

/// How long to wait after a connection that could not be taken.
const BETWEEN_FAILURES: Duration = Duration::from_millis(20);

/// A mock that listens.
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    shared: Arc<Shared>,
    ready: Ready,
    stop: watch::Sender<bool>,
}

/// What can be done to a mock while it runs.
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
}

impl Handle {
    /// Serves something else from now on. Connections stay; requests under way end as they began.
    pub fn serve(&self, served: Served) {
        self.shared.serve(served);
    }

    /// Tells whoever started the mock, and the pages that look on.
    pub fn tell(&self, event: Event) {
        let json = event.to_json();
        if let Some(name) = ["reloaded", "reload-failed"].into_iter().find(|name| json["event"] == *name) {
            self.shared.show(name, &json);
        }
        self.shared.tell(event);
    }

    /// Ends the mock: no more connections, and those that are there end with the reply that is under way.
    pub fn stop(&self) {
        // Nobody listens once it has ended.
        let _ = self.stop.send(true);
    }
}

impl Server {
    /// Listens. From now on connections are taken, and answered once it runs.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub fn bind(options: Options, served: Served, events: SyncSender<Event>) -> io::Result<Server> {
        let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
        let listener = StandardListener::bind(options.listen)?;
        listener.set_nonblocking(true)?;
        let _inside = runtime.enter();
        let listener = TcpListener::from_std(listener)?;
        let address = listener.local_addr()?;
        let mut ready = Ready { address, is_encrypted: false, ca_file: None, actions: Vec::new() };
        ready.actions = served.actions(&ready.url());
        let shared = Arc::new(Shared::new(options, ready.url(), served, events));
        drop(_inside);
        Ok(Server { runtime, listener, shared, ready, stop: watch::channel(false).0 })
    }

    /// Writes every exchange to a journal from now on. New ids go on after those that stand in it.
    pub fn write_to(&self, journal: Journal, file: String, last_id: u64) {
        self.shared.log.begin_after(last_id);
        // There is one.
        let _ = self.shared.journal.set(Journalling::new(journal, file));
    }

    /// Fills the log with the lines of a journal, the newest that fit. New ids go on after them. Gives how many lines are none
    /// of an exchange, or have an id that a later one has.
    pub fn fill(&self, lines: Vec<Json>) -> usize {
        let given = lines.len();
        let entries: BTreeMap<u64, Opened> =
            lines.into_iter().filter_map(Opened::new).map(|opened| (opened.id, opened)).collect();
        let left_out = given - entries.len();
        self.shared.log.begin_after(entries.keys().next_back().copied().unwrap_or(0));
        for (id, opened) in entries {
            self.shared.log.push_reserved(id, Entry::Opened(opened));
        }
        left_out
    }

    pub fn address(&self) -> SocketAddr {
        self.ready.address
    }

    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    pub fn handle(&self) -> Handle {
        Handle { shared: Arc::clone(&self.shared), stop: self.stop.clone() }
    }

    /// Answers until it is told to stop, by its handle or a signal to the process.
    pub fn run(self) -> Stopped {
        let Server { runtime, listener, shared, stop, .. } = self;
        runtime.block_on(accept(listener, &shared, stop.subscribe()));
        runtime.shutdown_timeout(Duration::ZERO);
        shared.journal.get().into_iter().for_each(Journalling::close);
        shared.stopped()
    }
}

async fn accept(listener: TcpListener, shared: &Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let mut signal = std::pin::pin!(asked_to_end());
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            () = &mut signal => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => serve(stream, Arc::clone(shared), &graceful),
                // Without a file descriptor to spare it fails until another connection ends.
                Err(_) => tokio::time::sleep(BETWEEN_FAILURES).await,
            },
        }
    }
    drop(listener);
    shared.desk.end();
    // Who takes longer is cut off.
    let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, graceful.shutdown()).await;
}

fn serve(stream: TcpStream, shared: Arc<Shared>, graceful: &GracefulShutdown) {
    // Replies are written whole; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let connection = Connection { is_encrypted: false };
    let service = service_fn(move |request: Request<Incoming>| handle(request, connection, Arc::clone(&shared)));
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(READ_TIMEOUT);
    builder.http2().timer(TokioTimer::new());
    let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned());
    tokio::spawn(async move {
        // A client that goes away, or one that was meant to see a fault, is no reason to complain.
        let _ = connection.await;
    });
}

/// Ctrl-C, or what a supervisor sends.
async fn asked_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
