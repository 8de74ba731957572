//! The values that every case has: those of the manifest's `[global]`, and the platform's own.

use super::{Dialect, contexts_of};
use crate::case::GivenAttribute;
use crate::plan::{AttributeName, ByName, Declaration};
use crate::source::Span;
use crate::spec::{Manifest, Reading, Table, given_value};
use crate::value::{Json, Map};

/// The values that every case has, for a template alone: the manifest's `[global]` and the platform's own.
pub fn ambient_of(
    dialect: &Dialect,
    manifest: &Manifest,
    types: &ByName<Declaration>,
    span: Span,
) -> ByName<GivenAttribute> {
    let mut silent = Reading { findings: Vec::new(), elsewhere: &[] };
    let mut given = global_values(&manifest.global, types, span);
    given.extend((dialect.declare)(&Table::empty(span), &contexts_of(dialect, manifest), &mut silent).given.iter().cloned());
    given
}

/// A global context as given values.
pub fn global_values(global: &Map<String, Json>, types: &ByName<Declaration>, span: Span) -> ByName<GivenAttribute> {
    let value = |(name, json): (&String, &Json)| {
        let name = AttributeName::new("global", name);
        let declared = types.get(&name);
        let value = given_value(declared.map(|known| known.declared), json.clone());
        GivenAttribute { name, value, span }
    };
    global.iter().map(value).collect()
}
