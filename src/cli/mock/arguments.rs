//! The arguments of `hookwright mock`.

use std::net::SocketAddr;

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

/// Milliseconds.
fn duration(text: &str) -> Result<u64, String> {
    parse_duration(text).ok_or_else(|| "a duration is a number and `ms`, `s`, `m` or `h`: `200ms`".to_string())
}
