//! Applying the fixes that findings suggest: which of them go together, and in how many rounds.
//!
//! A fix is applied whole or not at all. Fixes whose edits overlap or touch wait for a later round, since after the first of
//! them the second may not be wanted any more. After each round the changed texts are compiled anew; a fix that makes a file
//! unreadable is taken back. Every byte outside of the edits stays as it is.

/// The lints of what cannot be read: a fix may not give any of them to a file.
pub const UNREADABLE: [&str; 5] = ["toml-syntax", "template-syntax", "body-not-json", "selector-syntax", "wrong-type"];

mod choose;
mod rounds;

pub use choose::{Proposal, Replacement, Texts};
pub use rounds::{Breakage, MAX_ROUNDS, Mended, Reach, World, mend};
