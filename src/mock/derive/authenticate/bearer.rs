//! The bearer token of an OAuth2 action (RFC 6750, section 2.1).

use super::super::arrived::Arrived;
use super::super::report::{Part, Row, RowVerdict};
use super::{Facts, Mocked, missing, same, scheme_alone};
use crate::value::MASK;

/// What whoever issues tokens knows of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenStanding {
    Valid,
    /// Seconds ago.
    Expired {
        since: u64,
    },
    NeverIssued,
    /// Issued at another token URL, to another client or for another scope.
    OfAnother,
}

/// The bearer token of a request.
pub fn bearer<'a>(arrived: &'a Arrived<'_>) -> Option<&'a str> {
    let (scheme, token) = arrived.header("authorization")?.trim().split_once(' ')?;
    Some(token.trim_start()).filter(|token| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty())
}

pub(super) fn row(action: &Mocked, arrived: &Arrived<'_>, facts: &Facts<'_>) -> Row {
    let expected = format!("Bearer {MASK}");
    let Some(got) = arrived.header("authorization") else {
        return missing("Authorization", expected).note("it is missing: a token from the token endpoint stands there");
    };
    let row = Row::new(Part::Authentication, "Authorization", RowVerdict::Differs).expected(expected);
    let row = row.got(scheme_alone(got));
    let Some(token) = bearer(arrived) else { return row.note("it is not `Bearer` and a token") };
    match facts.token {
        Some(TokenStanding::Valid) => Row { verdict: RowVerdict::Holds, ..row },
        Some(TokenStanding::Expired { since }) => row.note(format!("it expired {since} s ago")),
        Some(TokenStanding::NeverIssued) => row.note("it was never issued"),
        Some(TokenStanding::OfAnother) => {
            row.note("it was issued at another token URL, to another client or for another scope")
        }
        None => of_case(action, token, row),
    }
}

/// Without an issuer the token that tests are given is the one that is known.
fn of_case(action: &Mocked, token: &str, row: Row) -> Row {
    let requests = action.cases.iter().filter_map(|prepared| prepared.exchange.request.as_ref());
    let mut headers = requests.flat_map(|request| &request.headers);
    let is_planned = headers.any(|(name, value)| {
        let planned = value.reveal().split_once(' ').map_or("", |(_, token)| token);
        name.eq_ignore_ascii_case("authorization") && same(planned, token)
    });
    match is_planned {
        true => Row { verdict: RowVerdict::Holds, ..row },
        false => Row { verdict: RowVerdict::Unchecked, ..row.note("no tokens are issued here") },
    }
}
