//! A field of an item, by a name that may go deeper with dots.

use crate::value::Json;

/// Laravel's `data_get` for names without `*`: each segment between dots is a key, or the position in a list.
pub(super) fn field<'json>(item: &'json Json, name: &str) -> Option<&'json Json> {
    name.split('.').try_fold(item, |json, segment| match json {
        Json::Object(entries) => entries.get(segment),
        Json::Array(items) => items.get(position(segment)?),
        _ => None,
    })
}

/// A position as PHP writes an integer key: `0`, `12`; not `01` or `+1`.
fn position(segment: &str) -> Option<usize> {
    let position: usize = segment.parse().ok()?;
    (position.to_string() == segment).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dots_go_deeper() {
        let item = json!({"a": {"b": ["x", "y"]}, "c.d": 1});
        assert_eq!(field(&item, "a.b.1"), Some(&json!("y")));
        assert_eq!(field(&item, "a.b.01"), None);
        assert_eq!(field(&item, "c.d"), None);
        assert_eq!(field(&json!("text"), "length"), None);
    }
}
