//! What a spec is called.

/// The path below the specs folder without extension; outside of every specs folder, below the root.
pub fn spec_id(path: &str, folders: &[String]) -> String {
    let below = folders.iter().filter_map(|folder| {
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        if folder.is_empty() || folder == "." { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
    });
    let id = below.min_by_key(|id| id.len()).unwrap_or(path);
    id.strip_suffix(".flow.toml").or(id.strip_suffix(".toml")).unwrap_or(id).to_string()
}

#[cfg(test)]
mod tests {
    use super::spec_id;

    #[test]
    fn ids() {
        let folders = ["specs".to_string()];
        assert_eq!(spec_id("specs/opendialog/create.toml", &folders), "opendialog/create");
        assert_eq!(spec_id("elsewhere/x.toml", &folders), "elsewhere/x");
        assert_eq!(spec_id("a/x.flow.toml", &[".".to_string()]), "a/x");
    }
}
