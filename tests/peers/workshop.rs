//! A folder in which OpenSSL makes keys and certificates.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A root, an authority below it, and what they issue, all made by the `openssl` program.
pub struct Workshop {
    folder: TempDir,
}

/// What the authorities issue, as an OpenSSL configuration has it.
const EXTENSIONS: &str = "\
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[client]
basicConstraints = CA:false
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[server]
basicConstraints = CA:false
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
";

impl Workshop {
    /// Makes `root.pem`, `middle.pem` (issued by the root), `server.pem` and `client.pem` (issued by `middle`), each with
    /// its key (`client.key`, PKCS #8), and `chain.pem`: the client's certificate and then `middle`.
    pub fn new() -> Workshop {
        let workshop = Workshop { folder: tempfile::tempdir().expect("a folder") };
        fs::write(workshop.path("extensions.cnf"), EXTENSIONS).expect("a file");
        workshop.key("root", "EC");
        workshop.openssl("req -x509 -new -key root.key -out root.pem -days 30 -subj /O=Peers/CN=root");
        workshop.key("middle", "EC");
        workshop.issue("middle", "root", "authority", 30);
        workshop.key("server", "EC");
        workshop.issue("server", "middle", "server", 30);
        workshop.key("client", "EC");
        workshop.issue("client", "middle", "client", 30);
        workshop.join("chain.pem", &["client.pem", "middle.pem"]);
        workshop.join("server-chain.pem", &["server.pem", "middle.pem"]);
        workshop
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).expect("a text")
    }

    /// Writes files one behind the other.
    pub fn join(&self, name: &str, parts: &[&str]) {
        let bytes: Vec<u8> = parts.iter().flat_map(|part| self.read(part)).collect();
        fs::write(self.path(name), bytes).expect("a file");
    }

    /// Makes `NAME.key`, in PKCS #8.
    pub fn key(&self, name: &str, algorithm: &str) {
        let options = match algorithm {
            "EC" => "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
            "EC P-384" => "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
            "EC P-521" => "-algorithm EC -pkeyopt ec_paramgen_curve:P-521",
            "RSA" => "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
            "RSA 1024" => "-algorithm RSA -pkeyopt rsa_keygen_bits:1024",
            other => &format!("-algorithm {other}"),
        };
        self.openssl(&format!("genpkey {options} -out {name}.key"));
    }

    /// Makes `NAME.pem` from `NAME.key`; less than zero days: expired.
    pub fn issue(&self, name: &str, issuer: &str, extensions: &str, days: i32) {
        self.openssl(&format!("req -new -key {name}.key -out {name}.csr -subj /O=Peers/CN={name}"));
        self.openssl(&format!(
            "x509 -req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}.key -CAcreateserial -days {days} -out {name}.pem \
             -extfile extensions.cnf -extensions {extensions}"
        ));
    }

    /// Runs `openssl` in the folder; arguments are parted by spaces.
    pub fn openssl(&self, arguments: &str) {
        self.run(arguments.split_whitespace());
    }

    pub fn run<'a>(&self, arguments: impl Iterator<Item = &'a str>) {
        let mut command = Command::new("openssl");
        command.args(arguments).current_dir(self.folder.path());
        let output = command.output().expect("openssl is installed");
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
