//! `hookwright send`: one action's request to the real service, as the platform's testing panel does it.

use hookwright::case::{Case, Given};
use hookwright::dialect;
use hookwright::eval::{Exchange, Hosts, Inputs, SecretPolicy};
use hookwright::plan::{AttributeName, Plan, ValueSource};
use hookwright::report::{exchange_json, panel};
use hookwright::run::TokenCache;
use hookwright::spec::{Environment, toml_text};
use hookwright::suite::{AllowedHosts, Live, LiveWorker, Moment};

use super::arguments::{Arguments, Send, SendFormat};
use super::ask;
use super::cautions::cautions;
use super::given::{Names, add_all, contexts_of_plan};
use super::keep::{Keeping, Kept};
use super::lint::passes;
use super::output::{note, pretty, print};
use super::project::{Checked, Project};
use super::render::{environment, globals, note_inactive, one_spec, runnable};
use super::secrets::{self, RealSecrets};
use super::{Ending, Refusal, target};

pub fn run(send: &Send, arguments: &Arguments) -> Result<Ending, Refusal> {
    let base_url = send.base_url.as_deref().map(target::base_url).transpose()?;
    let project = Project::open()?;
    let path = one_spec(&project, &send.spec, "send")?;
    let checked = project.check(std::slice::from_ref(&path)).whole()?.remove(0);
    let environment = send.env.as_deref().map(|name| environment(&project, name)).transpose()?;
    let Some(plan) = runnable(&checked.spec, "send") else { return Ok(Ending::Findings) };
    if !passes(&project, std::slice::from_ref(&checked), false) && !arguments.quiet {
        note(&format!("the lints find errors: `hookwright lint {path}` shows them"));
    }
    let sending = Sending { project: &project, checked: &checked, plan, send, environment };
    let keeping = send.save.as_deref().map(|name| Keeping::prepare(&project, &checked.spec, name)).transpose()?;
    let mut prepared = sending.prepare(arguments)?;
    sending.allow(&mut prepared.allowed, base_url.as_deref())?;
    note_inactive(plan);
    let exchange = sending.exchange(&prepared, base_url.as_deref())?;
    show(&path, &prepared.case, &exchange, send);
    if !arguments.quiet {
        let chosen = send.env.as_deref().zip(environment).filter(|_| base_url.is_none());
        cautions(&exchange, plan, chosen).iter().for_each(|caution| note(caution));
    }
    if let Some(keeping) = keeping {
        let (case, defaults) = (&prepared.case, &sending.defaults()?);
        keeping.write(&Kept { plan, case, defaults, environment, exchange: &exchange })?.iter().for_each(|what| note(what));
    }
    let success = exchange.outcome.as_ref().and_then(|outcome| outcome.success);
    Ok(if exchange.error.is_some() || success == Some(false) { Ending::Findings } else { Ending::Well })
}

/// One action and how it is to be sent.
struct Sending<'a> {
    project: &'a Project,
    checked: &'a Checked,
    plan: &'a Plan,
    send: &'a Send,
    environment: Option<&'a Environment>,
}

/// All that stands before a request leaves.
struct Prepared {
    /// With the values that count. Its clock, ids and replies do not.
    case: Case,
    secrets: RealSecrets,
    allowed: AllowedHosts,
}

impl Sending<'_> {
    fn prepare(&self, arguments: &Arguments) -> Result<Prepared, Refusal> {
        let mut case = self.chosen()?;
        // Those are for tests.
        case.given.secrets.clear();
        if let Some(environment) = self.environment {
            globals(&mut case, environment, self.plan);
        }
        secrets::set_aside(self.plan, &mut case.given);
        let contexts = contexts_of_plan(self.plan);
        let names = Names { contexts: &contexts, types: &self.plan.types, span: case.name.span, takes_dates: true };
        add_all(&mut case.given, &self.send.given, &names)?;
        let mut allowed = AllowedHosts::default();
        let missing = missing(self.plan, &case.given);
        if ask::somebody() {
            for name in missing {
                if let Some(answer) = ask::text(&question(self.plan, name))? {
                    allowed.allow_named_in(&answer);
                    add_all(&mut case.given, &[format!("{name}={answer}")], &names)?;
                }
            }
        } else if !missing.is_empty() && !arguments.quiet {
            let missing: Vec<&str> = missing.iter().map(|name| name.full()).collect();
            note(&format!("nothing is given for `{}`: see `--given` and `--case`", missing.join("`, `")));
        }
        let secrets = self.secrets(&mut case)?;
        Ok(Prepared { case, secrets, allowed })
    }

    /// The case that is named, the only one, or the defaults alone.
    fn chosen(&self) -> Result<Case, Refusal> {
        let spec = &self.checked.spec;
        match (&self.send.case, spec.cases.as_slice()) {
            (None, [only]) => Ok(only.clone()),
            (None, _) => self.defaults(),
            (Some(name), cases) => {
                let filter = [name.clone()];
                let chosen: Vec<&Case> = super::choice::selected(cases, &filter).collect();
                match chosen.as_slice() {
                    [one] => Ok((*one).clone()),
                    [] => Err(super::render::no_case(spec, name)),
                    several => {
                        let names: Vec<&str> = several.iter().map(|case| case.name.value.as_str()).collect();
                        Err(format!("`{name}` is in the names of several cases: `{}`", names.join("`, `")).into())
                    }
                }
            }
        }
    }

    fn defaults(&self) -> Result<Case, Refusal> {
        let path = &self.checked.spec.path;
        let defaults = dialect::defaults_alone(path, &self.project.manifest, &self.project.sources);
        let defaults = defaults.map_err(|problem| format!("`{path}` {problem}"))?;
        defaults.map(|case| *case).ok_or_else(|| format!("`{path}` has no case").into())
    }

    /// Adds the real values of those secrets that the command line does not give, and asks for what is missing.
    fn secrets(&self, case: &mut Case) -> Result<RealSecrets, Refusal> {
        let mut wanted = self.plan.used_secrets();
        wanted.retain(|name| case.given.secret(name).is_none());
        let attributes = secrets::attributes_without_value(self.plan, &case.given);
        let real = match wanted.is_empty() && attributes.is_empty() {
            true => RealSecrets::none(),
            false => RealSecrets::open(self.project)?,
        };
        real.give_attributes(self.plan, &mut case.given, case.name.span)?;
        if ask::somebody() {
            for name in secrets::attributes_without_value(self.plan, &case.given) {
                if let Some(value) = ask::secret(&format!("{name} (not shown): "))? {
                    secrets::give(self.plan, &mut case.given, name, &value, case.name.span);
                }
            }
        }
        case.given.secrets.extend(real.values(&wanted, case.name.span)?);
        wanted.retain(|name| case.given.secret(name).is_none());
        if ask::somebody() {
            for name in wanted {
                if let Some(value) = ask::secret(&format!("secret.{name} (not shown): "))? {
                    let secret = hookwright::case::GivenSecret { name: name.to_string(), value, span: case.name.span };
                    case.given.secrets.push(secret);
                }
            }
        }
        Ok(real)
    }

    fn allow(&self, allowed: &mut AllowedHosts, base_url: Option<&str>) -> Result<(), Refusal> {
        let file = self.checked.spec.file;
        let spec = &toml_text::parse(&self.project.sources.file(file).text, file, &mut Vec::new());
        let (given, hosts) = (&self.send.given, &self.send.allowed_hosts);
        let plan = self.checked.spec.plan.as_ref();
        target::Named { spec, plan, given, base_url, hosts, environment: self.environment }.allow(allowed)
    }

    fn exchange(&self, prepared: &Prepared, base_url: Option<&str>) -> Result<Exchange, Refusal> {
        let hosts = match (base_url, self.environment) {
            (Some(url), _) => Hosts::Base(url),
            (None, Some(environment)) => Hosts::Environment(&environment.hosts),
            (None, None) => Hosts::AsWritten,
        };
        let moment = Moment::now();
        let inputs = Inputs {
            given: &prepared.case.given,
            now: moment.seconds,
            microseconds: moment.microseconds,
            timezone: &prepared.case.timezone,
            uuid: &moment.uuid,
            secrets: SecretPolicy::Real(prepared.secrets.places()),
            hosts,
        };
        let worker = LiveWorker::start().map_err(|error| format!("nothing can be sent: {error}"))?;
        let tokens = TokenCache::default();
        Ok(worker.exchange(self.plan, &inputs, Live { tokens: &tokens, allowed: &prepared.allowed })?)
    }
}

/// The attributes that the request reads and that have no value, each once, without those that are secrets.
fn missing<'a>(plan: &'a Plan, given: &Given) -> Vec<&'a AttributeName> {
    let mut missing = Vec::new();
    for (_, expression) in plan.all_expressions() {
        let ValueSource::Attribute(name) = &expression.source else { continue };
        let is_absent = plan.absent_contexts.contains(&name.context());
        let is_no_question = is_absent || plan.secret_attributes.contains(name);
        if !is_no_question && given.attribute(name).is_none() && !missing.contains(&name) {
            missing.push(name);
        }
    }
    missing
}

/// `user.age (int): `.
fn question(plan: &Plan, name: &AttributeName) -> String {
    let declared = plan.types.iter().find(|known| known.name == *name).map(|known| known.declared);
    match declared {
        Some(declared) => format!("{name} ({declared}): "),
        None => format!("{name} (text or JSON): "),
    }
}

fn show(path: &str, case: &Case, exchange: &Exchange, send: &Send) {
    match send.format {
        SendFormat::Json => print(&pretty(&exchange_json(path, &case.name.value, exchange))),
        SendFormat::Human => {
            let name = &case.name.value;
            let heading = if name.is_empty() { String::new() } else { format!("with the values of the case `{name}`\n\n") };
            print(&format!("{heading}{}", panel(exchange)));
        }
    }
}
