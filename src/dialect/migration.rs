//! Rewriting a spec of one dialect as a spec of another, where a platform has replaced its own actions.

use super::{DIALECTS, Dialect, dialect_of, opendialog, opendialog_legacy};
use crate::case::Spec;
use crate::plan::Plan;
use crate::spec::{Reading, toml_text};

/// A spec that was rewritten.
#[derive(Clone, Debug)]
pub struct Migration {
    pub text: String,
    /// The dialect that it is written in by now.
    pub dialect: &'static str,
    /// What the new action does in another way, one sentence each.
    pub changes: Vec<String>,
}

/// Writes a spec's text anew: the text, the plan that was made of it, the dialect it is for.
type Migrate = fn(&str, &Plan, &Dialect) -> Result<(String, Vec<String>), Unmigrated>;

/// From which dialect to which.
static MIGRATIONS: &[(&Dialect, &Dialect, Migrate)] =
    &[(&opendialog_legacy::DIALECT, &opendialog::DIALECT, opendialog_legacy::migrate)];

/// Why a spec is not rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmigrated {
    /// There is nothing to rewrite it as.
    OfAnotherDialect(String),
    /// It cannot be read well enough.
    Unreadable(String),
    /// Its successor has no way of writing something that stands in it.
    Inexpressible(String),
}

/// Rewrites a compiled spec.
///
/// # Errors
/// When its dialect has no successor, or when it cannot be read or not be written as one.
pub fn migrate(spec: &Spec, text: &str) -> Result<Migration, Unmigrated> {
    let table = toml_text::parse(text, spec.file, &mut Vec::new());
    let dialect = dialect_of(&table, &mut Reading { findings: Vec::new(), elsewhere: &[] });
    let known = MIGRATIONS.iter().find(|(from, _, _)| dialect.is_some_and(|dialect| std::ptr::eq(*from, dialect)));
    let Some((_, to, rewrite)) = known else {
        let name = dialect.unwrap_or(DIALECTS[0]).name;
        let takes: Vec<&str> = MIGRATIONS.iter().map(|(from, _, _)| from.name).collect();
        let why = format!("is of the dialect `{name}`; only `{}` can be migrated", takes.join("`, `"));
        return Err(Unmigrated::OfAnotherDialect(why));
    };
    let plan = match (&spec.plan, &spec.not_runnable) {
        (Some(plan), None) => plan,
        (_, why) => {
            let why = why.clone().unwrap_or_else(|| "it cannot be read".into());
            return Err(Unmigrated::Unreadable(why));
        }
    };
    let (text, changes) = rewrite(text, plan, to)?;
    Ok(Migration { text, dialect: to.name, changes })
}
