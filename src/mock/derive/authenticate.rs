//! Whether a request proves what its action's authentication makes requests prove.

use super::Mocked;
use super::arrived::Arrived;
use super::recover::Recovered;
use super::report::{Part, Row};
use super::verify::{Comparison, rendered};
use crate::case::Case;

/// The headers of the authentication, as the case makes them of what the request says.
pub(super) fn authenticate(action: &Mocked, case: &Case, recovered: &Recovered, arrived: &Arrived<'_>) -> Vec<Row> {
    let request = rendered(action, case, recovered);
    let comparison = Comparison { action, arrived, recovered, rows: Vec::new() };
    let header = |(name, pattern): &(String, super::Pattern)| {
        let headers = request.iter().flat_map(|request| &request.headers);
        let expected = headers.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).last();
        comparison.header(Part::Authentication, name, pattern, expected)
    };
    action.authentication_headers.iter().map(header).collect()
}
