//! Cases and flows as a suite: run side by side, held against what they expect and against their approved transcripts.

mod action;
mod exchange;
mod expect;
mod jobs;
mod live;
pub mod matcher;
mod result;
mod shard;
pub mod snapshot;

pub use action::{Action, Delivery, Errand, Presented, Wire, run_action};
pub use exchange::Worker;
pub use expect::{Failed, failures, shown_name};
pub use jobs::{Crew, run_jobs};
pub use live::{AllowedHosts, Live, LiveWorker, Moment};
pub use result::{CaseResult, NotRun, Ran, SnapshotState, Status, Step, SuiteReport, Summary};
pub use shard::Shard;
