//! No debug output shows a secret, whatever holds it.

use std::fmt::Debug;

use hookwright::case::{Given, GivenAttribute, GivenSecret, Reply};
use hookwright::dialect::{compile, read_manifest};
use hookwright::eval::oauth2::{token, token_request};
use hookwright::eval::{Exchange, Hosts, Inputs, Outcome, Record, SecretPlaces, SecretPolicy, SecretValues, TokenExchange};
use hookwright::plan::AttributeName;
use hookwright::report::{Secrecy, Shown};
use hookwright::run::{Freshness, Sent, TokenCache};
use hookwright::source::Sources;
use hookwright::suite::AllowedHosts;
use hookwright::value::{TaintedText, Value};

const SECRET: &str = "k-4f9a8b7c6d";

const SPEC: &str = r#"
[action]
name = "Orders"
method = "POST"
url = "https://shop.example.com/orders"
body = '{ "a": "{a}" }'
[action.auth]
type = "oauth2"
token_url = "https://shop.example.com/token"
client_id = "bot"
client_secret = "{secret.key}"
[[case]]
name = "one"
given.secret.key = "k-4f9a8b7c6d"
given.user.a = 1
"#;

/// The texts by which the secret would be seen: itself, its bytes, and the Base64 of it behind `bot:`.
fn assert_hidden(what: &str, value: &dyn Debug) {
    let bytes = format!("{:?}", SECRET.as_bytes());
    for shown in [format!("{value:?}"), format!("{value:#?}").replace("\n", "").replace(' ', "")] {
        for secret in [SECRET, "NGY5YThiN2M2Z", bytes.trim_matches(['[', ']']), &bytes.replace(' ', "")[1..20]] {
            assert!(!shown.contains(secret), "{what} shows {secret}: {shown}");
        }
    }
}

#[test]
fn no_debug_output_shows_a_secret() {
    let sources = Sources::in_memory();
    let manifest_text = format!("[defaults.given.secret]\nkey = \"{SECRET}\"\nother = {{ base64 = \"{SECRET}\" }}\n");
    let manifest = read_manifest(&sources, sources.add("hookwright.toml", manifest_text));
    sources.add("specs/a.toml", SPEC);
    let spec = compile("specs/a.toml", &manifest, &sources).expect("loaded");
    assert_hidden("the manifest", &manifest);
    assert_hidden("the spec", &spec);
    let mut allowed = AllowedHosts::default();
    allowed.allow_named_in(SPEC);
    assert_hidden("the hosts", &allowed);
    assert_hidden("the source", &sources.file(spec.file));
    let (case, plan) = (&spec.cases[0], spec.plan.as_ref().expect("a plan"));
    assert_hidden("the case", case);
    let span = case.name.span;
    let attribute = GivenAttribute { name: AttributeName::new("user", "x"), value: Value::secret(SECRET), span };
    let secret = GivenSecret { name: "key".into(), value: TaintedText::secret(SECRET), span };
    let given = Given { attributes: [attribute].into_iter().collect(), secrets: vec![secret] };
    assert_hidden("the values", &given);

    let places = SecretPlaces::default();
    let secrets = SecretPolicy::Real(&places);
    let inputs = Inputs { given: &given, secrets, hosts: Hosts::AsWritten, ..Inputs::of_case(case, &[]) };
    assert_hidden("the inputs", &inputs);
    let record = Record::of(&given);
    record.log(format!("the server said {SECRET}"));
    let hookwright::plan::Authentication::OAuth2(oauth) = &plan.authentication else { panic!("no OAuth2") };
    let asked = token_request(oauth, plan, &inputs, &record).expect("a request");
    assert_hidden("the token request", &asked);
    let body = format!("{{\"access_token\":\"{SECRET}\",\"expires_in\":60}}");
    let headers = vec![("X-Echo".to_string(), SECRET.to_string())];
    let reply = Reply { status: 200, headers, delay_milliseconds: 0, body: body.into_bytes() };
    assert_hidden("the reply", &reply);
    let got = token(&reply, &plan.assumptions, &record).expect("a token");
    assert_hidden("the token", &got);
    let cache = TokenCache::default();
    let freshness = Freshness { now_milliseconds: 0, margin_milliseconds: 0 };
    assert!(cache.slot(&asked.key).turn().token(freshness, || Ok(got.clone())).0.is_ok());
    assert_hidden("the cache", &cache);
    assert_hidden("the record", &record);
    let sent = Sent { reached: true, reply: Some(reply.clone()), failure: None, elapsed: std::time::Duration::ZERO };
    assert_hidden("what was sent", &sent);

    let outcome = Outcome {
        attributes: vec![(AttributeName::new("user", "echo"), Value::from(SECRET))],
        log: vec![format!("said {SECRET}")],
        ..Outcome::default()
    };
    let exchange = Exchange {
        token: Some(TokenExchange {
            request: Some(asked.request.clone()),
            reply: Some(reply.clone()),
            ..TokenExchange::default()
        }),
        request: Some(asked.request),
        reply: Some(reply),
        error: Some(hookwright::eval::Failure::new(hookwright::eval::ErrorKind::Tls, format!("they said {SECRET}"))),
        outcome: Some(outcome),
        ..Exchange::default()
    };
    let exchange = record.into_exchange(plan, exchange);
    assert_hidden("the exchange", &exchange);
    assert_hidden("what is shown of it", &Shown::new(&exchange, Secrecy::Masked));
    let mut net = SecretValues::default();
    net.insert(SECRET);
    assert_hidden("the net", &net);
}
