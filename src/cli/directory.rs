//! The specs of a project by id, as flows name them.

use std::collections::BTreeMap;

use hookwright::dialect::{self, Directory, is_flow};

use super::project::Project;

/// The specs and flows below the specs folders, by id; of a spec and a flow of one id, the spec.
#[derive(Default)]
pub struct Ids(BTreeMap<String, String>);

impl Ids {
    pub fn of(paths: impl IntoIterator<Item = String>, folders: &[String]) -> Ids {
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        for path in paths {
            let id = dialect::spec_id(&path, folders);
            match ids.get(&id) {
                Some(known) if is_flow(&path) || !is_flow(known) => {}
                _ => _ = ids.insert(id, path),
            }
        }
        Ids(ids)
    }
}

impl Directory for Project {
    /// Also that of a spec outside of the specs folders, which has its path as id.
    fn path(&self, id: &str) -> Option<String> {
        let known = self.ids().0.get(id).cloned();
        known.or_else(|| self.has_spec_outside(id).then(|| format!("{id}.toml")))
    }

    fn ids(&self) -> Vec<String> {
        let specs = self.ids().0.iter().filter(|(_, path)| !is_flow(path));
        specs.map(|(id, _)| id.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn a_spec_comes_before_a_flow_and_before_a_later_spec() {
        let paths = ["specs/a.flow.toml", "specs/a.toml", "specs/b.flow.toml", "more/a.toml", "x/c.toml"];
        let ids = Ids::of(paths.map(str::to_string), &["specs".to_string(), "more".to_string()]);
        let known: Vec<(&str, &str)> = ids.0.iter().map(|(id, path)| (id.as_str(), path.as_str())).collect();
        assert_eq!(known, [("a", "specs/a.toml"), ("b", "specs/b.flow.toml"), ("x/c", "x/c.toml")]);
    }
}
