//! `hookwright mock --real-secrets`: the real values in the place of those that the cases give, so that a real platform's
//! signatures can be held against them. None of them is printed.

use hookwright::case::{Case, GivenSecret, Spec};
use hookwright::plan::Plan;

use crate::cli::Refusal;
use crate::cli::project::Project;
use crate::cli::secrets::{self, RealSecrets};

/// Gives every case of the specs the real values.
///
/// # Errors
/// When one has no value, or cannot be read.
pub fn give(project: &Project, specs: &mut [Spec]) -> Result<(), Refusal> {
    let used = specs.iter().filter_map(|spec| spec.plan.as_ref()).any(secrets::are_used);
    let real = if used { RealSecrets::open(project)? } else { RealSecrets::none() };
    for spec in specs {
        let Some(plan) = &spec.plan else { continue };
        for case in spec.cases.iter_mut().chain(spec.bare_case.as_deref_mut()) {
            replace(&real, plan, case).map_err(|Refusal(why)| Refusal(format!("`{}`: {why}", spec.path)))?;
        }
    }
    Ok(())
}

fn replace(real: &RealSecrets, plan: &Plan, case: &mut Case) -> Result<(), Refusal> {
    let (names, span) = (plan.used_secrets(), case.name.span);
    let values: Vec<GivenSecret> = real.values(&names, span)?;
    if let Some(missing) = names.iter().find(|name| values.iter().all(|known| known.name != **name)) {
        return Err(no_value("secret", missing, real));
    }
    case.given.secrets = values;
    secrets::set_aside(plan, &mut case.given);
    real.give_attributes(plan, &mut case.given, span)?;
    match secrets::attributes_without_value(plan, &case.given).first() {
        Some(missing) => Err(no_value("secret attribute", missing.attribute(), real)),
        None => Ok(()),
    }
}

fn no_value(what: &str, name: &str, real: &RealSecrets) -> Refusal {
    Refusal(format!("the {what} `{name}` has no value: looked at {}", real.places().looked_at(name)))
}
