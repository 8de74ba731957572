//! Specs and the manifest as trees that know their places, and all of a spec that no dialect is needed for.

mod case_reader;
pub mod damage;
mod expect_reader;
mod flow_reader;
mod insertion;
pub mod json_text;
pub mod json_tree;
pub mod keys;
pub mod lints;
mod manifest;
mod matcher_reader;
mod merge;
mod names;
pub mod new_case;
mod node;
mod origin;
mod reading;
pub mod removal;
mod reply_reader;
mod request_texts;
mod secrets;
mod sequence;
pub mod settings;
mod shape;
mod times;
mod toml_notation;
mod toml_slips;
pub mod toml_text;
mod toml_version;

pub use case_reader::{CaseContext, DEFAULT_UUID, ReadCase, bare_case, cases, merged_cases, merged_layers};
pub use expect_reader::KnownExits;
pub use flow_reader::{StepTable, advance, call, clock, flow_name, own_clock, set_values, step_tables, values, when};
pub use insertion::first_key;
pub use manifest::{Environment, Manifest, ManifestContext, read as read_manifest};
pub use merge::merge_case;
pub use names::{Contexts, steps};
pub use node::{Entry, Kind, Node, Table};
pub use origin::{NotAnOrigin, What, check_origin};
pub use reading::Reading;
pub use reply_reader::ReplySource;
pub use request_texts::request_texts;
pub use secrets::{hide_attributes, hide_in_replies, hide_secrets};
pub use sequence::sequence;
pub use shape::Shape;
pub use times::{DEFAULT_NOW, given_value, parse_time};

/// A file named in a spec, relative to the project root; `None` when it would lie outside the project.
pub fn path_beside(folder: &str, file: &str) -> Option<String> {
    if file.starts_with('/') || file.contains('\\') || file.contains(':') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod mending_tests;

#[cfg(test)]
mod tests {
    use super::path_beside;

    #[test]
    fn files_stay_inside_the_project() {
        assert_eq!(path_beside("specs/a/", "../replies/x.json").as_deref(), Some("specs/replies/x.json"));
        assert_eq!(path_beside("specs/", "../../etc/passwd"), None);
        assert_eq!(path_beside("", "/etc/passwd"), None);
        assert_eq!(path_beside("specs", "c:\\x"), None);
    }
}
