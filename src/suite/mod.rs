//! Cases and flows as a suite: run side by side, held against what they expect and against their approved transcripts.

mod action;
mod comparison;
mod exchange;
mod expect;
mod flow;
mod jobs;
mod live;
pub mod matcher;
mod provider;
mod result;
mod shape;
mod shard;
pub mod snapshot;
mod state;

pub use action::{Action, Delivery, Errand, Presented, Wire, run_action};
pub use comparison::{Side, differences};
pub use exchange::Worker;
pub use expect::{Failed, failures, shown_name};
pub use flow::{Did, FlowRun, Step, run_flow};
pub use jobs::{Crew, run_jobs};
pub use live::{AllowedHosts, Live, LiveWorker, Moment};
pub use provider::{cannot_be_met, is_transient, must_not_send, pause, reply_failures, request_failures};
pub use result::{CaseResult, LeftOut, NotRun, Ran, SnapshotState, Status, SuiteReport, Summary};
pub use shape::{reply_differences, shape_differences};
pub use shard::Shard;
