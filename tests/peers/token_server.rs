//! Servers that give tokens, each a program of its own on the loopback, and what holds with all of them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use hookwright::eval::{Exchange, Renewal, Request};
use hookwright::report::transcript;
use hookwright::run::TokenCache;
use hookwright::suite::LiveWorker;
use hookwright::value::Json;

use crate::oauth2::{Client, Reader, status};
use crate::support::header;

/// The secret of the servers' ordinary clients.
pub const SECRET: &str = "s3cr3t/+&%=";

/// Tokens live for two seconds, and are used for one.
const ABOUT_TO_EXPIRE: Duration = Duration::from_millis(1200);
const EXPIRED: Duration = Duration::from_millis(2100);

/// Where the peers are installed; `None`, and a word about it, where they are not.
pub fn installed() -> Option<PathBuf> {
    let folder = std::env::var_os("HOOKWRIGHT_PEERS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: HOOKWRIGHT_PEERS names no folder with the peers");
    }
    folder
}

/// A running server. It ends with its standard input, also when this process is killed.
pub struct TokenServer {
    child: Child,
    base: String,
}

impl TokenServer {
    /// Starts a program with one of the scripts beside this file; the folder of the peers is the script's argument.
    pub fn start(program: &Path, script: &str, folder: &Path) -> TokenServer {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/servers").join(script);
        let mut command = Command::new(program);
        command.arg(&script).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let base = lines.find_map(|line| line.strip_prefix("listening ").map(str::to_string));
        let base = base.unwrap_or_else(|| panic!("{} did not start", script.display()));
        // What else it says must go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        TokenServer { child, base }
    }

    /// An action that reads from the server's resource.
    pub fn reader(&self, id: &str, secret: &str, scope: &str, assume: &str) -> Reader {
        let (api, token_url) = (format!("{}/api", self.base), format!("{}/token", self.base));
        Reader::of(&Client { api: &api, token_url: &token_url, id, secret, scope, assume })
    }

    /// Revokes the token of a request (RFC 7009), with the credentials that got it.
    fn revoke(&self, exchange: &Exchange) {
        let token_request = exchange.token.as_ref().and_then(|token| token.request.as_ref()).expect("a token request");
        let basic = header(token_request, "Authorization").expect("credentials");
        let body = format!("token={}", bearer(exchange.request.as_ref().expect("a request")));
        let address = self.base.strip_prefix("http://").expect("an address");
        let mut stream = TcpStream::connect(address).expect("a connection");
        let head = format!(
            "POST /token/revocation HTTP/1.1\r\nHost: {address}\r\nAuthorization: {basic}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).expect("it is sent");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("a reply");
        assert_eq!(reply.split(' ').nth(1), Some("200"), "{reply}");
    }
}

impl Drop for TokenServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn bearer(request: &Request) -> &str {
    header(request, "Authorization").and_then(|value| value.strip_prefix("Bearer ")).expect("a token")
}

/// One thread's client with a cache of its own.
pub struct Sender {
    worker: LiveWorker,
    tokens: TokenCache,
}

impl Sender {
    pub fn new() -> Sender {
        Sender { worker: LiveWorker::start().expect("a client"), tokens: TokenCache::default() }
    }

    pub fn send(&self, reader: &Reader) -> Exchange {
        reader.send(&self.worker, &self.tokens)
    }

    /// The member of the resource's reply that says whom it took the client for, or for what it may read.
    pub fn told(&self, reader: &Reader, member: &str) -> String {
        let exchange = self.send(reader);
        assert_eq!(status(&exchange), Ok(200), "{}", transcript(&exchange));
        let reply: Json = serde_json::from_slice(&exchange.reply.expect("a reply").body).expect("JSON");
        reply[member].as_str().expect("text").to_string()
    }

    /// Why there is no token.
    pub fn refusal(&self, reader: &Reader) -> String {
        let exchange = self.send(reader);
        assert!(!exchange.sent, "{}", transcript(&exchange));
        status(&exchange).expect_err("no reply")
    }
}

/// Got once, used until shortly before its end, and then renewed; the server accepts it all the time.
pub fn a_token_is_kept_and_renewed(server: &TokenServer, scope: &str) {
    let (sender, reader) = (Sender::new(), server.reader("basic", SECRET, scope, ""));
    // What takes time once is done.
    assert_eq!(status(&sender.send(&server.reader("basic", SECRET, "", ""))), Ok(200));
    let mut seen = Vec::new();
    for wait in [Duration::ZERO, Duration::ZERO, ABOUT_TO_EXPIRE, EXPIRED] {
        std::thread::sleep(wait);
        let exchange = sender.send(&reader);
        assert_eq!(status(&exchange), Ok(200), "{}", transcript(&exchange));
        let token = exchange.token.as_ref().expect("a token");
        seen.push((token.cached, token.renewal));
        let shown = transcript(&exchange);
        assert!(!shown.contains(bearer(exchange.request.as_ref().expect("a request"))), "{shown}");
        assert!(!shown.contains("s3cr3t"), "{shown}");
    }
    let expected = [(false, None), (true, None), (false, Some(Renewal::AboutToExpire)), (false, Some(Renewal::Expired))];
    assert_eq!(seen, expected);
}

/// A revoked token gets 401, and is replaced where so chosen.
pub fn a_revoked_token(server: &TokenServer, scope: &str) {
    for (assume, second) in [("", 401), ("oauth_retry_after_401 = \"once\"", 200)] {
        let (sender, reader) = (Sender::new(), server.reader("basic", SECRET, scope, assume));
        let first = sender.send(&reader);
        assert_eq!(status(&first), Ok(200));
        server.revoke(&first);
        let again = sender.send(&reader);
        assert_eq!(status(&again), Ok(second), "{}", transcript(&again));
        assert_eq!(again.token.expect("a token").renewal, (second == 200).then_some(Renewal::Refused));
    }
}

/// Chooses the other form of client authentication than the usual one.
pub const POST: &str = "oauth_client_auth = \"post\"";

/// Each client in the form that it is registered with.
pub fn credentials_in_either_form(server: &TokenServer) {
    assert_eq!(Sender::new().told(&server.reader("basic", SECRET, "", ""), "client"), "basic");
    assert_eq!(Sender::new().told(&server.reader("post", SECRET, "", POST), "client"), "post");
}
