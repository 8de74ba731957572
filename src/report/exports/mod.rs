//! What the mock serves, in the words of other programs: WireMock's stub mappings, an OpenAPI description.
//!
//! No secret is written: where one is sent, any value will do.

mod expressions;
mod openapi;
mod shape;
mod stubs;

pub use openapi::openapi;
pub use stubs::{FOLDER, FileBody, StubFile, WireMock, wiremock};

use crate::mock::derive::Mocked;

/// What an export could not say, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The spec's file.
    pub file: String,
    pub text: String,
}

/// Notes, each once.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<Note>);

impl Notes {
    fn add(&mut self, action: &Mocked, text: impl Into<String>) {
        let note = Note { file: action.path.clone(), text: text.into() };
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }
}
