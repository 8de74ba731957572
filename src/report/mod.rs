//! Data to text: nothing here reads or writes anything, or knows what time it is.

mod certificate;
mod curl;
mod diff;
pub mod exports;
mod fixes;
mod github;
mod human;
mod json;
mod junit;
mod lint_pages;
mod masked;
mod panel;
mod sarif;
mod schema;
mod side_by_side;
mod transcript;
mod verification;

pub use certificate::{certificate_json, certificate_text};
pub use curl::{curl, curl_with_bytes};
pub use diff::{Paint, diff};
pub use fixes::{Patch, fix_summary, patch};
pub use github::{github_lint, github_test};
pub use human::{lint_summary, lint_text, live_text, slowest_text, test_summary, test_text};
pub use json::{exchange_json, exchange_json_as, lint_json, test_json};
pub use junit::{lint_junit, test_junit};
pub use lint_pages::{Fixes, LintGroup, lint_pages, part};
pub use masked::{Secrecy, Shown, ShownOutcome, ShownReply, ShownRequest, ShownToken, decoded};
pub use panel::panel;
pub use sarif::lint_sarif;
pub use schema::schema;
pub use side_by_side::side_by_side;
pub use transcript::{flow_transcript, request_part, transcript};
pub use verification::{verification_json, verification_text};

use crate::diagnostic::Frames;
use crate::eval::SecretValues;
use crate::source::{HiddenTexts, Position, Sources, Span, without_hidden};
use crate::value::MASK;

/// What every report of findings needs besides the findings.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub sources: &'a Sources,
    /// What must not be shown.
    pub secrets: &'a SecretValues,
    /// With ANSI colours, where the format has any.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Context<'_> {
    fn place(&self, span: Span) -> (String, Position, Position) {
        let file = self.sources.file(span.file);
        (file.path.clone(), file.position(span.start), file.position(span.end))
    }

    /// A text about a place as it may be shown: without secrets, and without what is hidden in the file of the place.
    fn mask(&self, text: &str, span: Span) -> String {
        let hidden = self.sources.file(span.file).hidden();
        without_hidden(text, MASK, [&hidden.texts, self.secrets.hidden()])
    }

    /// Calls `draw` with the frames of this context, which must also hide `more`.
    fn with_frames<T>(&self, more: &SecretValues, draw: impl FnOnce(&Frames<'_>) -> T) -> T {
        let secrets: HiddenTexts = self.secrets.iter().chain(more.iter()).cloned().collect();
        draw(&Frames { color: self.color, width: self.width, secrets: Some(&secrets) })
    }
}

/// `1 error`, `2 errors`.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod fixture;
