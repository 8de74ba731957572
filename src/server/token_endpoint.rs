//! The token endpoint of an action: what is asked, what is issued.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::decide::Decision;
use super::logged::Verdict;
use super::served::{ReadyReply, Served};
use super::shared::Shared;
use super::tokens::Audience;
use crate::assumption::id;
use crate::case::{Answer, Reply};
use crate::eval::oauth2::{TokenKey, default_token_reply, token};
use crate::eval::{Record, SecretValues};
use crate::mock::derive::{
    ChosenBy, Facts, Found, Mocked, Part, Prepared, Purpose, Recovered, Row, RowVerdict, TokenRefusal, TokenStanding,
    bearer, forced_case, named, token_refusal, verify_token_request,
};

/// A token request held against one action of those whose endpoint it is.
struct Asked {
    index: usize,
    case: Option<(usize, ChosenBy)>,
    rows: Vec<Row>,
    secrets: Vec<String>,
}

/// Decides on a token request.
pub(super) fn decide(shared: &Shared, served: &Served, found: &Found<'_, '_>) -> Decision {
    let forced = forced_case(found.arrived.request);
    let asked = served.site.sharing_token_endpoint(found).into_iter().map(|index| ask(served, found, index, &forced));
    let is_forced = |asked: &Asked| matches!(asked.case, Some((_, ChosenBy::Forced)));
    // Endpoints may be one for several clients: it is the one that the request fits best.
    let best = asked.min_by_key(|asked| (!is_forced(asked), differing(&asked.rows)));
    let asked = best.unwrap_or_else(|| ask(served, found, found.index, &forced));
    let action = &served.site.actions[asked.index];
    let mut net = SecretValues::default();
    asked.secrets.iter().for_each(|secret| net.insert(secret));
    let refusal = token_refusal(&asked.rows);
    let verdict = if refusal.is_some() { Verdict::Differs } else { Verdict::Matches };
    let answer = match refusal.filter(|_| shared.options.strict) {
        Some((refusal, row)) => Ok(Arc::new(refused(action, refusal, row))),
        None => issue(shared, action, asked.case.map(|(index, _)| &action.cases[index]), &mut net),
    };
    Decision {
        action: Some(asked.index),
        case: asked.case.map(|(index, _)| index),
        chosen: asked.case.map(|(_, by)| by),
        purpose: Purpose::Token,
        verdict,
        recovered: Recovered::default(),
        rows: asked.rows,
        answer,
        secrets: Some(Arc::new(net)),
    }
}

fn ask(served: &Served, found: &Found<'_, '_>, index: usize, forced: &Option<String>) -> Asked {
    let action = &served.site.actions[index];
    let case = case_of(served, found, index, forced);
    let mut secrets = Vec::new();
    let key = case.and_then(|(case, _)| action.cases[case].token_key.as_ref());
    let rows = match key {
        Some(key) => rows_of(action, key, found, &mut secrets),
        None => vec![Row::new(Part::Token, "", RowVerdict::Unchecked).note("the action cannot ask for a token itself")],
    };
    Asked { index, case, rows, secrets }
}

fn rows_of(action: &Mocked, key: &TokenKey, found: &Found<'_, '_>, secrets: &mut Vec<String>) -> Vec<Row> {
    let posts = action.plan.assumptions.get(id::OAUTH_CLIENT_AUTH) == "post";
    verify_token_request(key, posts, &found.arrived, secrets)
}

fn differing(rows: &[Row]) -> usize {
    rows.iter().filter(|row| row.verdict == RowVerdict::Differs).count()
}

/// The case that is named, the one that is to come, or the first of those whose token request this fits best. No turn of a sequence is taken: the webhook takes it.
fn case_of(served: &Served, found: &Found<'_, '_>, index: usize, forced: &Option<String>) -> Option<(usize, ChosenBy)> {
    let action = &served.site.actions[index];
    if let Some(case) = forced.as_ref().and_then(|name| named(action, name)) {
        return Some((case, ChosenBy::Forced));
    }
    if let Some(last) = action.sequence.len().checked_sub(1) {
        let step = served.steps[index].load(Ordering::Relaxed).min(last);
        return Some((action.sequence[step], ChosenBy::Sequence));
    }
    let misfit = |prepared: &Prepared| {
        let rows = prepared.token_key.as_ref().map(|key| rows_of(action, key, found, &mut Vec::new()));
        rows.map_or(usize::MAX, |rows| differing(&rows))
    };
    let best = (0..action.cases.len()).min_by_key(|case| misfit(&action.cases[*case]))?;
    Some((best, if best == 0 { ChosenBy::First } else { ChosenBy::Agreement }))
}

/// Answers as the case says. Where that gives a token, it is issued.
fn issue(
    shared: &Shared,
    action: &Mocked,
    prepared: Option<&Prepared>,
    net: &mut SecretValues,
) -> Result<Arc<ReadyReply>, crate::case::Fault> {
    let reply = match prepared.and_then(|prepared| prepared.case.token_answer.as_ref()) {
        Some(Answer::Fault(fault)) => return Err(*fault),
        Some(Answer::Reply(reply)) => reply.clone(),
        Some(Answer::Unspecified) | None => default_token_reply(),
    };
    if let Some(key) = prepared.and_then(|prepared| prepared.token_key.as_ref()) {
        keep(shared, action, key, &reply, net);
    }
    Ok(Arc::new(ReadyReply::of(&reply)))
}

fn keep(shared: &Shared, action: &Mocked, key: &TokenKey, reply: &Reply, net: &mut SecretValues) {
    let record = Record::default();
    if let Ok(token) = token(reply, &action.plan.assumptions, &record) {
        let lifetime = token.expires_in_seconds.map(Duration::from_secs);
        shared.tokens.issue(token.value().reveal(), Audience::of(key), lifetime);
    }
    net.extend(&record.secrets.borrow());
}

/// RFC 6749, section 5.2.
fn refused(action: &Mocked, refusal: TokenRefusal, row: &Row) -> ReadyReply {
    let place = if row.place.is_empty() { row.part.name() } else { &row.place };
    let why = row.note.clone().unwrap_or_else(|| {
        format!("expected {}, got {}", row.expected.as_deref().unwrap_or("none"), row.got.as_deref().unwrap_or("none"))
    });
    // The characters that section 5.2 allows.
    let description = format!("{place}: {why}").replace(|c: char| !matches!(c, ' '..='~') || matches!(c, '"' | '\\'), "");
    let said = json!({"error": refusal.name(), "error_description": description});
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut reply = ReadyReply::json(status, &said);
    reply.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if refusal == TokenRefusal::InvalidClient {
        let challenge = HeaderValue::from_str(&format!("Basic realm=\"{}\"", action.id.escape_default()));
        let challenge = challenge.unwrap_or(HeaderValue::from_static("Basic"));
        reply.headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    if refusal == TokenRefusal::NotPost {
        reply.headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    reply
}

/// The facts with what is known of the bearer token, for an action whose tokens are issued here; and the token as a secret.
pub(super) fn with_token<'f>(
    shared: &Shared,
    found: &Found<'_, '_>,
    facts: &Facts<'f>,
) -> (Facts<'f>, Option<Arc<SecretValues>>) {
    let audiences: Vec<Audience> =
        found.action.cases.iter().filter_map(|prepared| prepared.token_key.as_ref()).map(Audience::of).collect();
    if audiences.is_empty() {
        return (*facts, None);
    }
    let Some(token) = bearer(&found.arrived) else {
        return (Facts { token: Some(TokenStanding::NeverIssued), ..*facts }, None);
    };
    let mut net = SecretValues::default();
    net.insert(token);
    (Facts { token: Some(shared.tokens.standing(token, &audiences)), ..*facts }, Some(Arc::new(net)))
}
