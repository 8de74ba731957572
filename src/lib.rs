//! Hookwright compiles, lints, tests and mocks the webhook actions of conversational-AI platforms.
//!
//! Everything flows in one direction:
//!
//! ```text
//! spec text ──► spec ──► dialect ──► plan ──► check ─┐
//!   (TOML)    (spans)  (grammar,    (IR)   (lints)   │ diagnostics
//!                       lowering)     │              ▼
//!                                     └──► eval ──► run / mock ──► suite ──► report
//!                                         (pure)     (effects)   (cases)    (text)
//! ```
//!
//! After `spec` there is no TOML; after `dialect` there is no dialect. `check` looks, it never gates: a case runs whatever
//! the lints say, so that its transcript shows what the platform would really do. `eval` and everything before it does no
//! I/O and reads no clock. A module may use any module above it in the list below; `tests/tidy.rs` holds it to that.

pub mod source;
pub mod value;
pub mod certificate;
pub mod diagnostic;
pub mod assumption;
pub mod template;
pub mod filter;
pub mod selector;
pub mod plan;
pub mod case;
pub mod spec;
pub mod dialect;
pub mod check;
pub mod fix;
pub mod eval;
pub mod run;
pub mod mock;
pub mod suite;
pub mod report;
pub mod server;
