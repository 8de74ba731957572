//! Signed requests. Page "Webhook", Webhook signing.

use super::shape;
use crate::dialect::{Lowering, literal_text};
use crate::plan::{Authentication, Expression, SignedToken, Text, TextPiece, ValueSource};
use crate::source::Mapped;
use crate::spec::Table;

/// Who signs, as the platform's tokens say.
const ISSUER: &str = "Vonage";

pub fn authentication(action: &Table, lowering: &mut Lowering<'_, '_>) -> Authentication {
    let Some(table) = action.get("signing").and_then(|_| lowering.reading.table(action, "signing")) else {
        return Authentication::None;
    };
    lowering.reading.check_keys(table, &shape::SIGNING);
    if table.entry("secret").is_none() {
        lowering.reading.missing(table.span, "secret", shape::SIGNING.title);
    }
    let (api_key, application_id) = (claim(table, "api_key", lowering), claim(table, "application_id", lowering));
    let Some(secret) = secret(table, lowering) else { return Authentication::None };
    let secret = Text { span: secret.span, pieces: vec![TextPiece::Value(secret)], source: None };
    Authentication::SignedToken(SignedToken { issuer: ISSUER, api_key, application_id, secret, span: table.span })
}

fn claim(table: &Table, key: &str, lowering: &mut Lowering<'_, '_>) -> Option<Text> {
    let text = lowering.reading.text(table, key)?;
    Some(Text { source: Some(text.clone()), ..literal_text(&text.text, text.inside()) })
}

/// The secret by its name.
fn secret(table: &Table, lowering: &mut Lowering<'_, '_>) -> Option<Expression> {
    let name: &Mapped = lowering.reading.word(table, "secret")?;
    if name.text.is_empty() {
        lowering.reading.wrong_value(name.whole(), "the name of a secret", "an empty text");
        return None;
    }
    let (source, span) = (ValueSource::Secret(name.text.to_string()), name.inside());
    Some(Expression { source, path: Vec::new(), filters: Vec::new(), context_span: None, name_span: span, span })
}
