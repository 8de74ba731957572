//! nginx and `openssl s_server`, which demand a client certificate that the root of a workshop vouches for. They listen on
//! the loopback and end when they are dropped.

use std::fs;
use std::io::{self, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::workshop::Workshop;

/// Longer than any of them takes to start.
const START: Duration = Duration::from_secs(10);

/// A server of somebody else's.
pub struct Server {
    pub address: SocketAddr,
    child: Child,
}

impl Server {
    /// nginx with `ssl_verify_client on`: ends the handshake, and answers 400 where the certificate is missing or refused.
    /// Where all is well it answers 200 with the subject of the client's certificate.
    pub fn nginx(workshop: &Workshop) -> Server {
        Server::start(|address| {
            let configuration = format!(
                "daemon off; master_process off; pid nginx.pid; error_log stderr crit; events {{}}
                 http {{ access_log off;
                   client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
                   server {{ listen {address} ssl http2;
                     ssl_certificate server-chain.pem; ssl_certificate_key server.key;
                     ssl_client_certificate root.pem; ssl_verify_client on; ssl_verify_depth 3;
                     location / {{ default_type application/json; return 200 '{{\"subject\":\"$ssl_client_s_dn\"}}'; }} }} }}"
            );
            fs::write(workshop.path("nginx.conf"), configuration).expect("a file");
            let folder = workshop.folder();
            let mut command = Command::new("nginx");
            command.arg("-p").arg(folder).arg("-e").arg("stderr").arg("-c").arg(workshop.path("nginx.conf"));
            command
        })
    }

    /// `openssl s_server -Verify 2 -verify_return_error`: breaks the handshake off. `options` are added: `-tls1_2`.
    pub fn openssl(workshop: &Workshop, options: &str) -> Server {
        Server::start(|address| {
            let mut command = Command::new("openssl");
            let arguments = "s_server -www -quiet -Verify 2 -verify_return_error -CAfile root.pem -cert server.pem \
                             -cert_chain middle.pem -key server.key -accept";
            command.args(arguments.split_whitespace()).arg(address.to_string()).args(options.split_whitespace());
            command.current_dir(workshop.folder());
            command
        })
    }

    fn start(command: impl Fn(SocketAddr) -> Command) -> Server {
        let address = free_address().expect("a free port");
        let mut command = command(address);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut server = Server { address, child };
        let started = Instant::now();
        while TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
            let has_ended = server.child.try_wait().expect("a state").is_some();
            assert!(!has_ended && started.elapsed() < START, "{command:?} does not listen: {}", server.complaint());
            thread::sleep(Duration::from_millis(10));
        }
        server
    }

    fn complaint(&mut self) -> String {
        let _ = self.child.kill();
        let mut complaint = String::new();
        if let Some(mut errors) = self.child.stderr.take() {
            let _ = errors.read_to_string(&mut complaint);
        }
        complaint
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listened on a moment ago.
pub fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}
