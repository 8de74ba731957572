//! What proves a request true (OpenAPI 3.1, "Security Scheme Object").

use serde_json::{Map, Value as Json, json};

use super::identifier;
use crate::mock::derive::{Mocked, Pattern, PatternPart};
use crate::plan::Authentication;

/// The requirement of an action: all of its schemes at once. None: an empty list, which says so.
pub fn of(action: &Mocked, server: &str, schemes: &mut Map<String, Json>) -> Json {
    let mut names: Vec<String> = Vec::new();
    for (name, scheme) in schemes_of(action, server) {
        schemes.entry(name.clone()).or_insert(scheme);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return json!([]);
    }
    let scopes = scopes(action);
    let of_scheme = |name: &String| if name.ends_with("_oauth2") { json!(scopes) } else { json!([]) };
    let requirement: Map<String, Json> = names.iter().map(|name| (name.clone(), of_scheme(name))).collect();
    json!([requirement])
}

fn schemes_of(action: &Mocked, server: &str) -> Vec<(String, Json)> {
    let mut schemes: Vec<(String, Json)> = Vec::new();
    match &action.plan.authentication {
        Authentication::OAuth2(_) => schemes.push(oauth2(action, server)),
        Authentication::MutualTls(_) => schemes.push(("mutual_tls".into(), json!({"type": "mutualTLS"}))),
        Authentication::SignedToken(_) => {
            schemes.push(("signed_token".into(), json!({"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})));
        }
        Authentication::None | Authentication::Header(_) => {}
    }
    schemes.extend(action.authentication_headers.iter().map(|(name, value)| of_header(name, value)));
    // A header of this name is no parameter.
    let own = action.shape.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    if !action.proves_itself_anew() {
        schemes.extend(own.map(|(name, value)| of_header(name, value)));
    }
    schemes
}

/// `Authorization: Bearer …` and `Basic …` by their names (RFC 6750, RFC 7617), any other header as a key.
fn of_header(name: &str, value: &Pattern) -> (String, Json) {
    let scheme = match value.parts().next() {
        Some(PatternPart::Literal(literal)) if name.eq_ignore_ascii_case("authorization") => {
            literal.split(' ').next().map(str::to_ascii_lowercase)
        }
        _ => None,
    };
    match scheme.as_deref() {
        Some(known @ ("bearer" | "basic")) => (known.to_string(), json!({"type": "http", "scheme": known})),
        _ => (format!("header_{}", identifier(name)), json!({"type": "apiKey", "in": "header", "name": name})),
    }
}

fn oauth2(action: &Mocked, server: &str) -> (String, Json) {
    let path = action.token_endpoints.first().map(|endpoint| {
        let path: String = endpoint.segments.iter().map(|segment| format!("/{segment}")).collect();
        format!("/{}{path}", action.id)
    });
    let all: Map<String, Json> = scopes(action).into_iter().map(|scope| (scope, json!(""))).collect();
    let flow = json!({"tokenUrl": format!("{server}{}", path.unwrap_or_default()), "scopes": all});
    (format!("{}_oauth2", identifier(&action.id)), json!({"type": "oauth2", "flows": {"clientCredentials": flow}}))
}

/// The scopes that are written out.
fn scopes(action: &Mocked) -> Vec<String> {
    let Authentication::OAuth2(oauth2) = &action.plan.authentication else { return Vec::new() };
    let pattern = oauth2.scope.as_ref().map(Pattern::of_text).unwrap_or_default();
    let scopes = pattern.as_literal().map(|scope| scope.split_whitespace().map(str::to_string).collect());
    scopes.unwrap_or_default()
}
