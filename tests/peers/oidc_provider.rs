//! oidc-provider, which keeps strictly to the standards.

use std::path::Path;

use super::token_server::{
    SECRET, Sender, TokenServer, a_revoked_token, a_token_is_kept_and_renewed, credentials_in_either_form, installed,
};

fn server() -> Option<TokenServer> {
    let folder = installed()?;
    Some(TokenServer::start(Path::new("node"), "oidc_provider.mjs", &folder))
}

#[test]
fn a_token_lives_for_two_seconds() {
    let Some(server) = server() else { return };
    a_token_is_kept_and_renewed(&server, "api:read");
}

#[test]
fn a_token_that_was_revoked() {
    let Some(server) = server() else { return };
    a_revoked_token(&server, "api:read");
}

#[test]
fn clients_are_known_in_the_form_they_are_registered_with() {
    let Some(server) = server() else { return };
    credentials_in_either_form(&server);
}

#[test]
fn every_visible_character_may_stand_in_id_and_secret() {
    let Some(server) = server() else { return };
    let ascii: String = (' '..='~').collect();
    let id = format!("id{ascii}");
    assert_eq!(Sender::new().told(&server.reader(&id, &ascii, "", ""), "client"), id);
}

#[test]
fn scopes_are_granted_as_asked_for() {
    let Some(server) = server() else { return };
    let scope = |scope: &str| Sender::new().told(&server.reader("basic", SECRET, scope, ""), "scope");
    assert_eq!(scope(""), "");
    assert_eq!(scope("   "), "");
    assert_eq!(scope("api:read"), "api:read");
    assert_eq!(scope("api:read api:write"), "api:read api:write");
}

#[test]
fn refusals_are_told_in_the_servers_words() {
    let Some(server) = server() else { return };
    let refusal = |id: &str, secret: &str, scope: &str| Sender::new().refusal(&server.reader(id, secret, scope, ""));
    for (id, secret) in [("basic", "wrong-one"), ("nobody", SECRET)] {
        assert_eq!(
            refusal(id, secret, ""),
            "token-request-failed: the token endpoint answered 401 with the error `invalid_client`: client authentication \
             failed"
        );
    }
    assert_eq!(
        refusal("reader", SECRET, "api:write"),
        "token-request-failed: the token endpoint answered 400 with the error `invalid_scope`: requested scope is not \
         allowed"
    );
}
