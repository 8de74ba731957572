//! The arguments of `hookwright mock`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hookwright::assumption::parse_duration;

#[derive(Args, Debug)]
pub struct Mock {
    /// Specs, folders or globs; none means the manifest's folders
    pub paths: Vec<String>,
    /// Where to listen; port 0 takes a free one and prints it
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Refuse a request that is not what the action sends with a 4xx that explains
    #[arg(long)]
    pub strict: bool,
    /// Check signatures with the real values of secrets, from the environment or the secrets file
    #[arg(long)]
    pub real_secrets: bool,
    /// Wait before every reply: 200ms
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub latency: Option<u64>,
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

/// Milliseconds.
fn duration(text: &str) -> Result<u64, String> {
    parse_duration(text).ok_or_else(|| "a duration is a number and `ms`, `s`, `m` or `h`: `200ms`".to_string())
}
