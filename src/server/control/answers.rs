//! The log, the routes, the verification and the state, as JSON.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::super::entry::Entry;
use super::super::shared::Shared;
use super::query::{Query, is_wanted};
use super::{Call, Refused};

/// How long a search may take. What was found until then is given, and that it is not all.
const SEARCH_TIME: Duration = Duration::from_secs(10);

pub async fn list(call: Call) -> Result<Response<Body>, Refused> {
    let Call { shared, query, .. } = call;
    let desk = Arc::clone(&shared);
    let text = desk.desk.work(move || found(&shared, &query).to_string()).await?;
    Ok(([("content-type", "application/json")], text).into_response())
}

fn found(shared: &Shared, query: &Query) -> Value {
    let search = query.text("search").map(str::to_lowercase);
    let until = Instant::now() + SEARCH_TIME;
    let is_out_of_time = std::cell::Cell::new(false);
    let fits = |entry: &Entry| {
        let is_of = query.text("spec").is_none_or(|spec| entry.spec() == Some(spec))
            && query.text("verdict").is_none_or(|verdict| entry.verdict() == verdict)
            && query.text("method").is_none_or(|method| entry.method().eq_ignore_ascii_case(method))
            && query.text("status").is_none_or(|status| is_wanted(entry.status(), status));
        let Some(search) = search.as_deref().filter(|_| is_of) else { return is_of };
        is_out_of_time.set(is_out_of_time.get() || Instant::now() > until);
        !is_out_of_time.get() && entry.holds(search)
    };
    let limit = query.number("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(shared.options.log_entries);
    let found = shared.log.newest_before(query.number("before"), query.number("after"), limit, fits);
    let filling = shared.log.filling();
    let items: Vec<Value> = found.iter().map(|(_, entry)| entry.item()).collect();
    json!({
        "requests": items,
        "total": filling.entries,
        "dropped": filling.dropped,
        "complete": !is_out_of_time.get(),
    })
}

/// The exchange that the path names.
pub fn entry(call: &Call) -> Result<Arc<Entry>, Refused> {
    let missing = || Refused::new(StatusCode::NOT_FOUND, "no such exchange is in the log");
    call.shared.log.get(call.id).ok_or_else(missing)
}

pub async fn exchange(call: Call) -> Result<Response<Body>, Refused> {
    let entry = entry(&call)?;
    let text = call.shared.desk.work(move || entry.whole().to_string()).await?;
    Ok(([("content-type", "application/json")], text).into_response())
}

pub fn clear(call: &Call) -> Result<Response<Body>, Refused> {
    call.shared.log.clear();
    call.shared.show("cleared", &json!({}));
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub fn reset(call: &Call) -> Result<Response<Body>, Refused> {
    call.shared.reset();
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub fn routes(call: &Call) -> Response<Body> {
    Json(json!({"actions": call.shared.served().actions(&call.shared.url)})).into_response()
}

pub fn verify(call: &Call) -> Result<Response<Body>, Refused> {
    let mut verification = call.shared.verification();
    if call.query.text("expect") == Some("all-cases") && verification["all_cases"] != true {
        verification["ok"] = false.into();
    }
    let status = if verification["ok"] == true { StatusCode::OK } else { StatusCode::CONFLICT };
    Ok((status, Json(verification)).into_response())
}

pub fn status(call: &Call) -> Response<Body> {
    let shared = &call.shared;
    let (filling, options) = (shared.log.filling(), &shared.options);
    Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "url": shared.url,
        "requests": shared.requests(),
        "refused": shared.refused(),
        "log": {
            "entries": filling.entries,
            "max_entries": options.log_entries,
            "bytes": filling.bytes,
            "max_bytes": options.log_bytes,
            "dropped": filling.dropped,
            "last_id": filling.last_id,
        },
        "journal": shared.journal.get().map(|journal| journal.to_json()),
        "strict": options.strict,
        "actions": shared.served().site.actions.len(),
        "watchers": shared.desk.watchers(),
    }))
    .into_response()
}
