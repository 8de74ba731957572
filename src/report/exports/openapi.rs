//! The mock as an OpenAPI description.
use super::Note;
use crate::mock::derive::Site;
pub fn openapi(_site: &Site, _server: &str) -> (serde_json::Value, Vec<Note>) { (serde_json::json!({}), Vec::new()) }
