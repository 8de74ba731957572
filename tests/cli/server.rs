//! Real servers on the loopback address, each as good or as bad as a test wants it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// `POST /tickets HTTP/1.1`.
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A server that keeps what it was asked. It lives until the tests end.
pub struct Server {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers each request with what `answer` does to its connection, which is then closed.
    pub fn with(answer: impl Fn(&mut TcpStream, &Request) + Send + Sync + 'static) -> Server {
        Server::at("127.0.0.1:0", answer)
    }

    pub fn at(address: &str, answer: impl Fn(&mut TcpStream, &Request) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind(address).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer) = (requests.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (kept, answer) = (kept.clone(), answer.clone());
                std::thread::spawn(move || {
                    let mut stream = stream.expect("a connection");
                    if let Some(request) = read(&mut stream) {
                        kept.lock().expect("the requests").push(request.clone());
                        answer(&mut stream, &request);
                    }
                });
            }
        });
        Server { address, requests }
    }

    /// Answers with these bytes.
    pub fn saying(reply: impl Into<Vec<u8>>) -> Server {
        let reply = reply.into();
        Server::with(move |stream, _| drop(stream.write_all(&reply)))
    }

    /// Answers with JSON.
    pub fn json(status: u16, body: &str) -> Server {
        Server::saying(reply(status, "Content-Type: application/json\r\n", body))
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("the requests").clone()
    }

    /// The one request that came.
    pub fn only(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests[0].clone()
    }
}

/// A whole reply. `headers` are lines with their ends.
pub fn reply(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut reply =
        format!("HTTP/1.1 {status} X\r\n{headers}Connection: close\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    reply.extend_from_slice(body);
    reply
}

/// A request, from whatever it comes over.
pub fn read(stream: &mut impl Read) -> Option<Request> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("UTF-8");
    let mut lines = head.trim_end().split("\r\n");
    let line = lines.next()?.to_string();
    let headers = lines.filter_map(|line| line.split_once(": ").or(line.split_once(':')));
    let headers: Vec<(String, String)> = headers.map(|(name, value)| (name.to_string(), value.to_string())).collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().expect("a length"))];
    stream.read_exact(&mut body).ok()?;
    Some(Request { line, headers, body: String::from_utf8(body).expect("UTF-8") })
}
