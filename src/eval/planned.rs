//! The request of a case without sending it: what `render` shows.

use crate::case::Case;
use crate::plan::{Authentication, Plan};

use super::oauth2;
use super::{Exchange, Failure, Hosts, Inputs, Record, Request, TokenExchange, request};

/// The exchange up to the request, with `hosts` in the place of the spec's. An OAuth2 action gets the token that `test` gives
/// it by default.
pub fn planned(plan: &Plan, case: &Case, declared_secrets: &[String], hosts: Hosts<'_>) -> Exchange {
    planned_with(plan, &Inputs { hosts, ..Inputs::of_case(case, declared_secrets) })
}

/// The same with values, a clock and an id of one's own.
pub fn planned_with(plan: &Plan, inputs: &Inputs<'_>) -> Exchange {
    let record = Record::of(inputs.given);
    let mut exchange = Exchange::default();
    if !plan.outcome.is_active() {
        return exchange;
    }
    match build(plan, inputs, &record, &mut exchange) {
        Ok(request) => exchange.request = Some(request),
        Err(failure) => exchange.error = Some(failure),
    }
    record.into_exchange(plan, exchange)
}

fn build(plan: &Plan, inputs: &Inputs<'_>, record: &Record, exchange: &mut Exchange) -> Result<Request, Failure> {
    let token = match &plan.authentication {
        Authentication::OAuth2(oauth) => {
            let request = oauth2::token_request(oauth, plan, inputs, record)?;
            exchange.token = Some(TokenExchange { request: Some(request.request), ..TokenExchange::default() });
            Some(oauth2::token(&oauth2::default_token_reply(), &plan.assumptions, record)?)
        }
        _ => None,
    };
    request(plan, inputs, token.as_ref(), record)
}
