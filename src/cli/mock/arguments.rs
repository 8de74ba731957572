//! The arguments of `hookwright mock`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hookwright::assumption::parse_duration;
use hookwright::server::Rate;

#[derive(Args, Debug)]
pub struct Mock {
    /// Specs, folders or globs; none means the manifest's folders
    pub paths: Vec<String>,
    /// Where to listen; port 0 takes a free one and prints it
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Speak TLS, with a certificate that is made at the start
    #[arg(long, conflicts_with_all = ["tls_certificate", "tls_key"])]
    pub tls: bool,
    /// Write the CA certificate that clients have to trust there; else a temporary file holds it
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub ca_file: Option<PathBuf>,
    /// Speak TLS with this certificate and its chain, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// The private key of that certificate, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// Refuse a request that is not what the action sends with a 4xx that explains
    #[arg(long)]
    pub strict: bool,
    /// Check signatures with the real values of secrets, from the environment or the secrets file
    #[arg(long)]
    pub real_secrets: bool,
    /// Wait before every reply: 200ms
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub latency: Option<u64>,
    /// Answer a share of the requests with errors, broken connections and delays: 10%
    #[arg(long, value_name = "PERCENT", value_parser = share)]
    pub chaos: Option<f64>,
    /// What `--chaos` does follows from this number; else one is chosen and printed
    #[arg(long, value_name = "N", requires = "chaos")]
    pub seed: Option<u64>,
    /// Answer more requests than these with 429: 10/s, 100/m or 1000/h
    #[arg(long, value_name = "N/UNIT", value_parser = rate)]
    pub rate_limit: Option<Rate>,
    /// How long a client may take for a request's head, for its body, and until its next request
    #[arg(long, value_name = "DURATION", value_parser = time_limit, default_value = "30s")]
    pub read_timeout: u64,
    /// How many connections may be open at once
    #[arg(long, value_name = "N", value_parser = connections, default_value_t = hookwright::server::MAX_CONNECTIONS)]
    pub max_connections: usize,
    /// Read specs again when they change, without dropping connections
    #[arg(long)]
    pub watch: bool,
    /// Write the ready event there once requests are answered; removed at the end
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
    /// Exit with 1 if this was not so at the end; may be repeated
    #[arg(long, value_name = "WHAT")]
    pub expect: Vec<Expectation>,
    /// Print a line for each request, not only for those that differ
    #[arg(long)]
    pub show_requests: bool,
    /// Write every exchange to this file before its reply leaves, a JSON line each
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Rotate the journal at this size: 64MiB
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "64MiB", requires = "journal")]
    pub journal_size: u64,
    /// Fill the log from a journal
    #[arg(long, value_name = "FILE")]
    pub open: Option<PathBuf>,
    /// How to print what happens
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: MockFormat,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum MockFormat {
    /// Lines for people
    Human,
    /// One JSON object a line
    Json,
}

/// Bytes: `64MiB`, or a number alone.
fn size(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 4] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)];
    const SMALLEST: u64 = 64 * 1024;
    let unit = UNITS.iter().find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?, *bytes)));
    let (number, unit) = unit.unwrap_or((text, 1));
    let bytes = number.trim_end().parse().ok().and_then(|number: u64| number.checked_mul(unit));
    let bytes = bytes.ok_or("a size is a whole number and `KiB`, `MiB` or `GiB`: `64MiB`")?;
    if bytes < SMALLEST { Err("the smallest size is `64KiB`".to_string()) } else { Ok(bytes) }
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Every case has answered a request
    AllCases,
    /// No request differed from what its action sends, or was for no action
    NoDifferences,
}

/// Milliseconds.
fn duration(text: &str) -> Result<u64, String> {
    parse_duration(text).ok_or_else(|| "a duration is a number and `ms`, `s`, `m` or `h`: `200ms`".to_string())
}

/// Milliseconds in which something can be done.
fn time_limit(text: &str) -> Result<u64, String> {
    match duration(text)? {
        0 => Err("nothing is read in no time: the shortest limit is `1ms`".to_string()),
        milliseconds => Ok(milliseconds),
    }
}

fn connections(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "a number of connections is a whole number from 1".to_string())
}

/// A share from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let percent: Option<f64> = text.trim_end_matches('%').trim().parse().ok();
    let share = percent.filter(|percent| (0.0..=100.0).contains(percent)).map(|percent| percent / 100.0);
    share.ok_or_else(|| "a share is a number from 0 to 100 and `%`: `10%`".to_string())
}

fn rate(text: &str) -> Result<Rate, String> {
    Rate::parse(text).ok_or_else(|| "a rate is a number from 1 and `/s`, `/m` or `/h`: `10/s`".to_string())
}
