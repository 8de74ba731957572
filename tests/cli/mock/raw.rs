//! A client that writes bytes as they are: what no HTTP library would send.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::support::Mock;

/// How long a test waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(20);

impl Mock {
    pub fn address(&self) -> SocketAddr {
        self.ready["address"].as_str().expect("an address").parse().expect("an address")
    }

    pub fn connects(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address()).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream
    }

    /// Writes bytes and reads until the end, or until nothing comes any more.
    pub fn says_to(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connects();
        // The mock may have heard enough before all is written.
        let _ = stream.write_all(bytes.as_ref());
        rest(&mut stream)
    }
}

pub fn rest(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said);
    String::from_utf8_lossy(&said).into_owned()
}

/// Reads until a text has come.
pub fn until(stream: &mut TcpStream, end: &str) -> String {
    let (mut said, mut byte) = (Vec::new(), [0]);
    while !said.ends_with(end.as_bytes()) {
        match stream.read(&mut byte) {
            Ok(1) => said.push(byte[0]),
            other => panic!("{other:?} after {}", String::from_utf8_lossy(&said)),
        }
    }
    String::from_utf8_lossy(&said).into_owned()
}
