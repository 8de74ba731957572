//! Cases and flows as a suite: run side by side, held against what they expect and against their approved transcripts.

mod exchange;
mod expect;
mod jobs;
pub mod matcher;
mod result;
mod shard;
pub mod snapshot;

pub use exchange::Worker;
pub use expect::{Failed, failures, shown_name};
pub use jobs::{Crew, run_jobs};
pub use result::{CaseResult, NotRun, Ran, SnapshotState, Status, Step, SuiteReport, Summary};
pub use shard::Shard;
