//! The listener: connections in, and an end in order.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use serde_json::Value as Json;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{self, Runtime};
use tokio::time::{interval, sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::connection::serve;
use super::encryption::Encryption;
use super::entry::{Entry, Opened};
use super::event::{Event, Ready, Stopped};
use super::journal::Journal;
use super::journalling::Journalling;
use super::open::{Open, raise_file_limit};
use super::options::{OTHER_FILES, Options, SHUTDOWN_TIMEOUT};
use super::served::Served;
use super::shared::Shared;

/// How long to wait after a connection that could not be taken.
const BETWEEN_FAILURES: Duration = Duration::from_millis(20);

/// Those of which nothing comes are looked for no more often than that.
const SHORTEST_SWEEP: Duration = Duration::from_millis(10);

/// So many connections may wait to be taken.
const BACKLOG: i32 = 4096;

/// A mock that listens.
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    shared: Arc<Shared>,
    ready: Ready,
    signals: Signals,
}

/// What can be done to a mock while it runs.
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Shared>,
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
        self.shared.stop.send_replace(true);
    }
}

impl Server {
    /// Listens. From now on connections are taken, and answered once it runs.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub fn bind(mut options: Options, served: Served, events: SyncSender<Event>) -> io::Result<Server> {
        let files = raise_file_limit();
        options.max_connections = options.max_connections.min(files.saturating_sub(OTHER_FILES)).max(1);
        let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
        let (listener, signals) = {
            let _inside = runtime.enter();
            (listen(options.listen)?, Signals::new())
        };
        let mut ready = Ready {
            address: listener.local_addr()?,
            is_encrypted: options.encryption.is_some(),
            ca_file: options.ca_file.clone(),
            seed: options.chaos.map(|chaos| chaos.seed),
            actions: Vec::new(),
        };
        ready.actions = served.actions(&ready.url());
        let shared = Arc::new(Shared::new(options, ready.url(), served, events));
        Ok(Server { runtime, listener, shared, ready, signals })
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
        Handle { shared: Arc::clone(&self.shared) }
    }

    /// Answers until it is told to stop, by its handle or a signal to the process. A second signal does not wait for replies
    /// that are under way.
    pub fn run(self) -> Stopped {
        let Server { runtime, listener, shared, signals, .. } = self;
        runtime.block_on(accept(listener, signals, &shared));
        runtime.shutdown_timeout(Duration::ZERO);
        shared.journal.get().into_iter().for_each(Journalling::close);
        shared.stopped()
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A mock that is started again is not to wait for old connections; elsewhere it would mean sharing a port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket.into())
}

async fn accept(listener: TcpListener, mut signals: Signals, shared: &Arc<Shared>) {
    let open = Arc::new(Open::new(shared.options.max_connections));
    let encryption = shared.options.encryption.as_ref().map(Encryption::acceptor);
    let mut stop = shared.stop.subscribe();
    let mut sweep = interval((shared.options.read_timeout / 8).max(SHORTEST_SWEEP));
    let mut is_failing = false;
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            () = signals.next() => break,
            _ = sweep.tick() => open.end_idle(shared.options.read_timeout),
            accepted = listener.accept() => match accepted {
                Ok((stream, client)) => {
                    is_failing = false;
                    take(stream, client, encryption.clone(), shared, &open);
                }
                Err(error) => {
                    // Without a file descriptor to spare it fails until another connection ends.
                    if !is_failing {
                        shared.tell(Event::Warning(format!("a connection could not be taken: {error}")));
                    }
                    is_failing = true;
                    sleep(BETWEEN_FAILURES).await;
                }
            },
        }
    }
    drop(listener);
    shared.stop.send_replace(true);
    shared.desk.end();
    open.end_all();
    tokio::select! {
        // Who takes longer is cut off.
        _ = timeout(SHUTDOWN_TIMEOUT, open.emptied()) => {}
        () = signals.next() => {}
    }
}

fn take(stream: TcpStream, client: SocketAddr, encryption: Option<TlsAcceptor>, shared: &Arc<Shared>, open: &Arc<Open>) {
    match open.enter() {
        Some(place) => {
            tokio::spawn(serve(stream, client, encryption, Arc::clone(shared), place));
        }
        None => shared.refuse(client, "there are too many connections, and none of them is idle".to_string()),
    }
}

/// Ctrl-C, and what a supervisor sends.
struct Signals {
    #[cfg(unix)]
    kinds: Vec<tokio::signal::unix::Signal>,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> Signals {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        Signals { kinds: kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect() }
    }

    #[cfg(not(unix))]
    fn new() -> Signals {
        Signals {}
    }

    /// Waits for the next one; those between are not lost.
    #[cfg(unix)]
    async fn next(&mut self) {
        std::future::poll_fn(|context| {
            let came = self.kinds.iter_mut().any(|kind| matches!(kind.poll_recv(context), std::task::Poll::Ready(Some(()))));
            if came { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
