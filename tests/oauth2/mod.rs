//! OAuth2 client credentials: tokens that several runs share, in virtual time and against real servers.

mod live;
mod server;
mod steps;

use hookwright::eval::{Exchange, Inputs};
use hookwright::run::TokenCache;
use hookwright::suite::{AllowedHosts, Live, LiveWorker};
use hookwright::value::Value;

use crate::support::Action;

/// What a client of OAuth2 is configured with.
pub struct Client<'a> {
    pub api: &'a str,
    pub token_url: &'a str,
    pub id: &'a str,
    pub secret: &'a str,
    pub scope: &'a str,
    /// Lines of `[assume]`.
    pub assume: &'a str,
}

/// A client of a server that has `/api` and `/token`.
pub fn client_of<'a>(api: &'a str, token_url: &'a str) -> Client<'a> {
    Client { api, token_url, id: "client", secret: "hush-hush", scope: "", assume: "" }
}

/// An action that reads something with a token, and the values that it is given.
pub struct Reader {
    action: Action,
    values: Vec<(&'static str, Value)>,
}

impl Reader {
    pub fn of(client: &Client<'_>) -> Reader {
        let action = Action::sound(&format!(
            "[action]\nname = \"Read\"\nmethod = \"GET\"\nurl = \"{}\"\n[action.auth]\ntype = \"oauth2\"\n\
             token_url = \"{}\"\nclient_id = \"{{global.id}}\"\nclient_secret = \"{{secret.hidden}}\"\n\
             scope = \"{{global.scope}}\"\n[action.response.2xx]\naction_success = \"TRUE\"\n\
             [attributes]\n\"global.id\" = \"string\"\n\"global.scope\" = \"string\"\n[lint]\nunknown-secret = \"allow\"\n\
             [assume]\n{}",
            client.api, client.token_url, client.assume
        ));
        let values = vec![
            ("secret.hidden", client.secret.into()),
            ("global.id", client.id.into()),
            ("global.scope", client.scope.into()),
        ];
        Reader { action, values }
    }

    pub fn case(&self) -> hookwright::case::Case {
        self.action.case(&self.values)
    }

    pub fn plan(&self) -> &hookwright::plan::Plan {
        self.action.plan()
    }

    /// Sends it for real, to this machine only.
    pub fn send(&self, worker: &LiveWorker, tokens: &TokenCache) -> Exchange {
        let mut allowed = AllowedHosts::default();
        allowed.allow("127.0.0.1");
        let case = self.case();
        worker.exchange(self.plan(), &Inputs::of_case(&case, &[]), Live { tokens, allowed: &allowed }).expect("an exchange")
    }
}

/// The status of the reply, or why there is none.
pub fn status(exchange: &Exchange) -> Result<u16, String> {
    match (&exchange.reply, &exchange.error) {
        (Some(reply), None) => Ok(reply.status),
        (_, error) => {
            Err(error.as_ref().map(|error| format!("{}: {}", error.kind.name(), error.message)).unwrap_or_default())
        }
    }
}
