//! The `hookwright` program.

mod cli;

/// Specs, requests and log entries are very many small values that come and go on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
