//! A body with values in it, as far as that can be told before an action runs.

use crate::plan::{BodyPosition, BodyText, Expression, TextPiece};

/// The text of a body. What stands inside of quotes or markup is harmless there whatever it is, since it is encoded; what
/// stands outside of the quotes of JSON is `unquoted`.
pub fn filled(body: &BodyText, unquoted: impl Fn(&Expression) -> String) -> String {
    let mut text = String::new();
    for (position, part) in &body.parts {
        for piece in &part.pieces {
            match (piece.literal(), piece) {
                (Some(literal), _) => text.push_str(literal),
                (None, piece) => text.push_str(&value(*position, piece, &unquoted)),
            }
        }
    }
    text
}

fn value(position: BodyPosition, piece: &TextPiece, unquoted: &impl Fn(&Expression) -> String) -> String {
    match position {
        BodyPosition::JsonValue => piece.expressions().next().map(unquoted).unwrap_or_default(),
        _ => "x".to_string(),
    }
}
