//! Authlib, which is lenient.

use super::token_server::{
    POST, SECRET, Sender, TokenServer, a_revoked_token, a_token_is_kept_and_renewed, credentials_in_either_form, installed,
};

fn server() -> Option<TokenServer> {
    let folder = installed()?;
    Some(TokenServer::start(&folder.join("python/bin/python"), "authlib_server.py", &folder))
}

#[test]
fn a_token_lives_for_two_seconds() {
    let Some(server) = server() else { return };
    a_token_is_kept_and_renewed(&server, "read");
}

#[test]
fn a_token_that_was_revoked() {
    let Some(server) = server() else { return };
    a_revoked_token(&server, "read");
}

#[test]
fn clients_are_known_in_the_form_they_are_registered_with() {
    let Some(server) = server() else { return };
    credentials_in_either_form(&server);
    for (client, assume) in [("basic", POST), ("post", "")] {
        let refusal = Sender::new().refusal(&server.reader(client, SECRET, "", assume));
        assert!(refusal.contains("with the error `invalid_client`"), "{refusal}");
    }
}

/// All but the space: Authlib decodes percent-encoding only, so it does not read the `+` that the form encoding has for it.
#[test]
fn every_visible_character_may_stand_in_id_and_secret() {
    let Some(server) = server() else { return };
    let ascii: String = ('!'..='~').collect();
    let id = format!("id{ascii}");
    assert_eq!(Sender::new().told(&server.reader(&id, &ascii, "", ""), "client"), id);
}

#[test]
fn scopes_are_granted_as_asked_for() {
    let Some(server) = server() else { return };
    let scope = |scope: &str| Sender::new().told(&server.reader("basic", SECRET, scope, ""), "scope");
    assert_eq!(scope("read write"), "read write");
    assert_eq!(scope(" "), "");
}

#[test]
fn refusals_are_told_in_the_servers_words() {
    let Some(server) = server() else { return };
    let refusal = |id: &str, secret: &str, scope: &str| Sender::new().refusal(&server.reader(id, secret, scope, ""));
    for (id, secret) in [("basic", "wrong-one"), ("nobody", SECRET)] {
        let refusal = refusal(id, secret, "");
        let expected = "token-request-failed: the token endpoint answered 401 with the error `invalid_client`";
        assert!(refusal.starts_with(expected) && !refusal.contains(secret), "{refusal}");
    }
}
