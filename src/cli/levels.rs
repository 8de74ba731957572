//! `--allow` and `--deny`: levels of lints from the command line, over those of manifest and spec.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};
use hookwright::case::Level;
use hookwright::check::Catalogue;
use hookwright::diagnostic::{Severity, did_you_mean};
use hookwright::source::{FileId, Span};

use super::Refusal;

/// Lints and their levels in the order given; `None`: allowed. The last one for a name counts.
#[derive(Clone, Debug, Default)]
pub struct Levels(Vec<(String, Option<Severity>)>);

const FLAGS: [(&str, Option<Severity>, &str); 2] = [
    ("allow", None, "Drop the findings of a lint; may be repeated, or list several with commas"),
    ("deny", Some(Severity::Error), "Make the findings of a lint errors; may be repeated, or list several with commas"),
];

impl Args for Levels {
    fn augment_args(command: Command) -> Command {
        FLAGS.into_iter().fold(command, |command, (name, _, help)| {
            let flag = Arg::new(name).long(name).value_name("NAME").action(ArgAction::Append).value_delimiter(',');
            command.arg(flag.help(help))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Levels::augment_args(command)
    }
}

impl FromArgMatches for Levels {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Levels, Error> {
        let mut found: Vec<(usize, String, Option<Severity>)> = Vec::new();
        for (flag, severity, _) in FLAGS {
            let names = matches.get_many::<String>(flag).unwrap_or_default();
            let places = matches.indices_of(flag).unwrap_or_default();
            found.extend(places.zip(names).map(|(place, name)| (place, name.trim().to_string(), severity)));
        }
        found.sort_by_key(|(place, ..)| *place);
        Ok(Levels(found.into_iter().map(|(_, name, severity)| (name, severity)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Levels::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Levels {
    /// Refuses names that no lint has.
    pub fn check(&self, catalogue: &Catalogue) -> Result<(), Refusal> {
        let Some((name, _)) = self.0.iter().find(|(name, _)| catalogue.find(name).is_none()) else { return Ok(()) };
        let help = did_you_mean(name, catalogue.names());
        let help = help.unwrap_or_else(|| "`hookwright explain` lists them".into());
        Err(format!("no lint named `{name}`; {help}").into())
    }

    /// As they stand behind the levels of a file.
    pub fn of_file(&self, file: FileId) -> impl Iterator<Item = Level> {
        let span = Span::new(file, 0, 0);
        self.0.iter().map(move |(lint, severity)| Level { lint: lint.clone(), severity: *severity, span })
    }

    /// Whether the findings of a lint are dropped.
    pub fn allows(&self, lint: &str) -> bool {
        self.0.iter().rev().find(|(name, _)| name == lint).is_some_and(|(_, severity)| severity.is_none())
    }
}
