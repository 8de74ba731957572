//! The command line as users write it. The help teaches by example.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

use hookwright::fix::Reach;

use super::export::Export;
use super::levels::Levels;
use super::live::LiveOptions;
use super::mock::Mock;
use super::verify::Verify;

/// Compiles, lints, tests and mocks the webhook actions of conversational-AI platforms.
#[derive(Parser, Debug)]
#[command(
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  hookwright test                                   run every case of the project
  hookwright lint specs/opendialog                  what is wrong, without running anything
  hookwright render specs/opendialog/open_ticket.toml --format curl
  hookwright eval '{user.age | ordinal}' --given user.age=3
  hookwright explain unknown-filter

Exit codes: 0 all well; 1 findings, failed or new cases, a fault; 2 wrong use or nothing to do."
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Print findings and results only: no summary, no progress
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Work as if started in DIR
    #[arg(short = 'C', global = true, value_name = "DIR")]
    pub directory: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Report what is wrong with specs, without running anything
    #[command(after_help = "\
Examples:
  hookwright lint                          every spec of the project
  hookwright lint specs/crm 'specs/**/*_ticket.toml'
  hookwright lint --format json | jq '.[].lint'
  hookwright lint --deny-warnings          for CI
  hookwright lint --fix                    apply fixes that never change what the platform does
  hookwright lint --diff --unsafe          show what those fixes and the guesses would change
  hookwright lint --deny unknown-context --allow name-too-long,description-too-long")]
    Lint(Lint),
    /// Run cases against an in-process mock and compare them with approved snapshots
    #[command(after_help = "\
Examples:
  hookwright test                          every case of the project
  hookwright test specs/crm --case refused
  hookwright test --update                 approve new and changed snapshots
  hookwright test --watch                  run again what a changed file touches
  hookwright test --live --env staging     send the requests to a real service and check its replies
  hookwright test --shard 2/5 --format junit > report.xml")]
    Test(Test),
    /// Walk new and changed snapshots: accept, reject, skip
    #[command(after_help = "\
Examples:
  hookwright review                        one after the other
  hookwright review --side-by-side         the approved transcript left, the new one right
  hookwright review --list
  hookwright review --accept open_ticket   all that have this text in spec, case or path
  hookwright review --prune                remove snapshots that belong to no case")]
    Review(Review),
    /// Show the request that would be sent; sends nothing
    #[command(after_help = "\
Examples:
  hookwright render specs/opendialog/open_ticket.toml
  hookwright render specs/opendialog/open_ticket.toml --case 'opens a ticket' --format curl
  hookwright render SPEC --given user.age=36 --given @values.toml --format json")]
    Render(Render),
    /// Send the request of one action to its real service, as the testing panel does
    #[command(after_help = "\
Examples:
  hookwright send specs/crm/open_ticket.toml --given title='Broken TV'
  hookwright send SPEC --case 'opens a ticket' --env staging
  hookwright send SPEC --base-url http://127.0.0.1:8080 --format json
  hookwright send SPEC --save 'a customer without an e-mail'

Secrets come from the environment (HOOKWRIGHT_SECRET_API_KEY) or from the secrets file.")]
    Send(Send),
    /// Evaluate one template
    #[command(after_help = "\
Examples:
  hookwright eval 'Hello {first_name | uppercase}' --given first_name=Ada
  hookwright eval '{q}' --as url --given 'q=a b/c'
  echo '{\"template\":\"{age | ordinal}\",\"given\":{\"user\":{\"age\":3}}}' | hookwright eval --batch")]
    Eval(Eval),
    /// Try a response mapping on a sample reply
    #[command(after_help = "\
Examples:
  hookwright query 'data.items[*].id' reply.json
  curl -s https://api.example.com/orders | hookwright query 'length(orders)'
  hookwright query --kind object-path '$[0].userId' reply.json
  hookwright query --kind xml-path note.to reply.xml
  echo '{\"expression\":\"a.b\",\"document\":{\"a\":{\"b\":1}}}' | hookwright query --batch")]
    Query(Query),
    /// Serve a mock of every action, made from its spec
    #[command(after_help = "\
Examples:
  hookwright mock                          every action of the project, at http://127.0.0.1:8080
  hookwright mock specs/crm --listen 127.0.0.1:0 --format json
  hookwright mock --strict                 refuse what is not as the action sends it
  hookwright mock --latency 200ms

The page at /__hookwright/ shows every request as it comes.")]
    Mock(Mock),
    /// Write the mock for another program: as WireMock's stub mappings, as an OpenAPI description
    #[command(after_help = "\
Examples:
  hookwright export wiremock > stubs.json              one document, for POST /__admin/mappings/import
  hookwright export wiremock --output wiremock         a folder, for WireMock's --root-dir
  hookwright export openapi specs/crm > crm.json
  hookwright export openapi --output openapi.json --server https://mock.example.com

What the other program cannot do is said on standard error. No secret is written.")]
    Export(Export),
    /// Show a client certificate, and whether it can be used
    #[command(after_help = "\
Examples:
  hookwright certificate client.p12        asks for the password where one is needed
  hookwright certificate client.p12 --password-env CLIENT_PASSWORD
  hookwright certificate client.pem --format json | jq .days_left

Exit codes: 0 it can be used; 1 something is wrong with it; 2 it cannot be read.")]
    Certificate(Certificate),
    /// Check a signed request: signature, age, and the hash of what was sent
    Verify(Verify),
    /// Write a legacy OpenDialog action as Webhook V2, and show what changes
    #[command(after_help = "\
Examples:
  hookwright migrate specs/crm/full_name.toml           the patch, and what V2 does in another way
  hookwright migrate specs/crm/full_name.toml --write   put it in the spec's place

Exit codes: 0 every case behaves alike; 1 a case does not, or the spec cannot be read; 2 it is no legacy spec.")]
    Migrate(Migrate),
    /// Print the page of a lint, assumption, filter, error kind or key
    #[command(after_help = "\
Examples:
  hookwright explain                       the list
  hookwright explain unknown-filter
  hookwright explain format_date
  hookwright explain hmac_function_encoding")]
    Explain(Explain),
    /// Print a completion script for a shell
    #[command(after_help = "\
Examples:
  hookwright completions bash > ~/.local/share/bash-completion/completions/hookwright
  hookwright completions zsh > \"${fpath[1]}/_hookwright\"")]
    Completions { shell: clap_complete::Shell },
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("mend").args(["fix", "diff"]).multiple(true))]
pub struct Lint {
    /// Specs, flows, folders or globs; none means the project's spec folders
    pub paths: Vec<String>,
    /// How to print
    #[arg(long, default_value = "human")]
    pub format: LintFormat,
    /// Let warnings fail the run too
    #[arg(long)]
    pub deny_warnings: bool,
    #[command(flatten)]
    pub levels: Levels,
    /// Apply safe fixes, then report what is left
    #[arg(long)]
    pub fix: bool,
    /// Print what fixes would change as a patch, and change nothing
    #[arg(long)]
    pub diff: bool,
    /// Take guesses as well: fixes that may change what the platform does
    #[arg(long = "unsafe", requires = "mend")]
    pub guesses: bool,
}

/// A number of those who do the work.
fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("nothing is done by 0; the least is 1".into()),
        number => number.map_err(|error: std::num::ParseIntError| error.to_string()),
    }
}

impl Lint {
    /// Which fixes are wanted.
    pub fn reach(&self) -> Reach {
        if self.guesses { Reach::All } else { Reach::Safe }
    }
}

#[derive(Args, Debug)]
pub struct Test {
    /// Specs, flows, folders or globs; none means the project's spec folders
    pub paths: Vec<String>,
    /// Only cases and flows of this name or, if there is none, with this text in their name; may be repeated
    #[arg(long = "case", value_name = "TEXT")]
    pub cases: Vec<String>,
    /// Approve new and changed snapshots
    #[arg(long)]
    pub update: bool,
    /// How many cases run at once; default: one for each processor, with `--live` one
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub jobs: Option<usize>,
    /// Run one part of N, as in 2/5; a case stays in its part whatever comes or goes beside it
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
    /// Begin no other case after the first that fails
    #[arg(long)]
    pub fail_fast: bool,
    /// List the N slowest cases; default: those of more than a second
    #[arg(long, value_name = "N")]
    pub slowest: Option<usize>,
    /// Go on when all is run: run again what a changed file touches, until Ctrl-C
    #[arg(long)]
    pub watch: bool,
    #[command(flatten)]
    pub live: LiveOptions,
    /// How to print
    #[arg(long, default_value = "human")]
    pub format: TestFormat,
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("how").args(["list", "accept", "reject", "prune", "side_by_side"]))]
pub struct Review {
    /// List what waits for review
    #[arg(long)]
    pub list: bool,
    /// Accept all, or those with TEXT in spec, case or path
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = "")]
    pub accept: Option<String>,
    /// Reject all, or those with TEXT in spec, case or path
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = "")]
    pub reject: Option<String>,
    /// Remove snapshots that belong to no case
    #[arg(long)]
    pub prune: bool,
    /// Show the approved transcript left and the new one right, where the terminal is wide enough
    #[arg(long)]
    pub side_by_side: bool,
}

#[derive(Args, Debug)]
pub struct Render {
    /// The spec
    pub spec: String,
    /// Only the case of this name, or with this text in its name
    #[arg(long, value_name = "NAME")]
    pub case: Option<String>,
    /// Values over the case's: dotted names, or @FILE with TOML or JSON
    #[arg(long, value_name = "K=V")]
    pub given: Vec<String>,
    /// An environment of the manifest: its hosts and globals
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    /// How to print
    #[arg(long, default_value = "human")]
    pub format: RenderFormat,
    /// Print secret values instead of bullets
    #[arg(long)]
    pub show_secrets: bool,
}

#[derive(Args, Debug)]
pub struct Send {
    /// The spec
    pub spec: String,
    /// Take the values of the case of this name, or with this text in its name
    #[arg(long, value_name = "NAME")]
    pub case: Option<String>,
    /// Values: dotted names, or @FILE with TOML or JSON
    #[arg(long, value_name = "K=V")]
    pub given: Vec<String>,
    /// An environment of the manifest: its hosts and globals
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    /// Scheme, host and port to send to instead
    #[arg(long, value_name = "URL", conflicts_with = "env")]
    pub base_url: Option<String>,
    /// Another host that requests may go to; may be repeated
    #[arg(long = "allow-host", value_name = "HOST")]
    pub allowed_hosts: Vec<String>,
    /// Write the exchange into the spec, as a new case of this name
    #[arg(long, value_name = "NAME")]
    pub save: Option<String>,
    /// How to print
    #[arg(long, default_value = "human")]
    pub format: SendFormat,
}

#[derive(Args, Debug)]
pub struct Eval {
    /// The template; read from standard input when absent
    pub template: Option<String>,
    /// The platform whose template it is
    #[arg(long, default_value = "opendialog")]
    pub dialect: String,
    /// Values: dotted names, or @FILE with TOML or JSON
    #[arg(long, value_name = "K=V")]
    pub given: Vec<String>,
    /// What the result is for
    #[arg(long = "as", value_name = "PLACE", default_value = "text")]
    pub place: Place,
    /// Evaluate as in the authentication, where secrets are decrypted
    #[arg(long)]
    pub auth: bool,
    /// Go on as the platform does where a filter is unknown
    #[arg(long)]
    pub lenient: bool,
    /// The end user's time zone
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub timezone: String,
    /// Read and answer one JSON object a line, the options being the defaults
    #[arg(long, conflicts_with_all = ["template", "given"])]
    pub batch: bool,
}

#[derive(Args, Debug)]
pub struct Query {
    /// The expression
    #[arg(required_unless_present = "batch")]
    pub expression: Option<String>,
    /// The sample reply; read from standard input when absent
    pub file: Option<PathBuf>,
    /// The kind of expression; with --batch, of the lines that name none
    #[arg(long, default_value = "jmespath")]
    pub kind: QueryKind,
    /// Read and answer one JSON object a line
    #[arg(long, conflicts_with_all = ["expression", "file"])]
    pub batch: bool,
}

#[derive(Args, Debug)]
pub struct Certificate {
    /// The file: PKCS #12, PEM or DER
    pub file: PathBuf,
    /// The environment variable that holds the file's password
    #[arg(long, value_name = "NAME")]
    pub password_env: Option<String>,
    /// How to print
    #[arg(long, default_value = "human")]
    pub format: CertificateFormat,
}

#[derive(Args, Debug)]
pub struct Migrate {
    /// The spec
    pub spec: String,
    /// Write the new spec in the place of the old one
    #[arg(long)]
    pub write: bool,
}

#[derive(Args, Debug)]
pub struct Explain {
    /// What to explain; without it, the list
    pub name: Option<String>,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes it the choice of the whole process.
    pub fn write_global(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::AlwaysAnsi,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LintFormat {
    Human,
    Json,
    Github,
    Sarif,
    Junit,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestFormat {
    Human,
    Json,
    Junit,
    Github,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenderFormat {
    Human,
    Json,
    Curl,
    Http,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateFormat {
    Human,
    Json,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendFormat {
    Human,
    Json,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Text,
    Json,
    Url,
    Header,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryKind {
    /// JMESPath over JSON
    Jmespath,
    /// A path such as `data.userId` or `$[0]['name']` over JSON
    ObjectPath,
    /// The same over XML, from the root element on
    XmlPath,
}
