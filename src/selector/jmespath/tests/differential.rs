//! Compares with `jpx-core`, another implementation, on generated expressions.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::super::Expression;
use super::super::budget::Budget;

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..4_i64).prop_map(Value::from),
        (-3..4_i32).prop_map(|number| Value::from(f64::from(number) / 2.0)),
        prop::sample::select(vec!["", "a", "b", "é", "ab", "[1]", "1"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let entry = (name(), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            prop::collection::vec(entry, 0..4).prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c"]).prop_map(str::to_owned)
}

fn literal() -> impl Strategy<Value = String> {
    let literals = ["`1`", "`0.5`", "'a'", "'é'", "`null`", "`[1, 2]`", "`{\"a\": 1}`", "`true`", "''"];
    prop::sample::select(literals.to_vec()).prop_map(str::to_owned)
}

fn suffix(inner: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let fixed = ["[*]", "[]", "[0]", "[-1]", "[1:]", "[::-1]", "[:2]", "[-1:0:-2]", ".*"];
    prop_oneof![
        prop::sample::select(fixed.to_vec()).prop_map(str::to_owned),
        name().prop_map(|name| format!(".{name}")),
        inner.clone().prop_map(|inner| format!("[?{inner}]")),
        inner.clone().prop_map(|inner| format!(".[{inner}, a]")),
        (name(), inner).prop_map(|(key, inner)| format!(".{{{key}: {inner}, d: @}}")),
    ]
    .boxed()
}

fn call(inner: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let one = [
        "abs",
        "avg",
        "ceil",
        "floor",
        "keys",
        "length",
        "max",
        "merge",
        "min",
        "not_null",
        "reverse",
        "sort",
        "sum",
        "to_array",
        "to_number",
        // Not `to_string`: the other implementation writes whole floats as `1.0`.
        "type",
        "values",
    ];
    let two = ["contains", "ends_with", "join", "starts_with", "merge", "not_null"];
    let by = ["sort_by", "max_by", "min_by"];
    let select = |names: &[&'static str]| prop::sample::select(names.to_vec());
    let pair = (inner.clone(), inner.clone());
    prop_oneof![
        4 => (select(&one), inner).prop_map(|(name, inner)| format!("{name}({inner})")),
        1 => (select(&two), pair.clone()).prop_map(|(name, (a, b))| format!("{name}({a}, {b})")),
        1 => (select(&by), pair.clone()).prop_map(|(name, (a, b))| format!("{name}({a}, &{b})")),
        1 => pair.prop_map(|(a, b)| format!("map(&{a}, {b})")),
    ]
    .boxed()
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![3 => name(), 1 => literal(), 1 => Just("@".to_owned()), 1 => Just("*".to_owned())];
    leaf.prop_recursive(5, 24, 2, |inner| {
        let inner = inner.boxed();
        let operators = ["|", "||", "&&", "==", "!="];
        let operator = prop::sample::select(operators.to_vec());
        prop_oneof![
            4 => (inner.clone(), suffix(inner.clone())).prop_map(|(left, suffix)| left + &suffix),
            2 => (inner.clone(), operator, inner.clone()).prop_map(|(a, operator, b)| format!("{a} {operator} {b}")),
            // Not between strings, which the other implementation orders.
            1 => inner.clone().prop_map(|inner| format!("{inner} < `1`")),
            1 => inner.clone().prop_map(|inner| format!("`0` >= {inner}")),
            1 => inner.clone().prop_map(|inner| format!("({inner})")),
            1 => inner.clone().prop_map(|inner| format!("!{inner}")),
            1 => inner.clone().prop_map(|inner| format!("[{inner}]")),
            2 => call(inner),
        ]
    })
}

/// Both fail, or both give the same by value.
fn agree(ours: &Option<Value>, theirs: &Option<Value>) -> bool {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => Budget::new().equal(ours, theirs).unwrap(),
        (ours, theirs) => ours.is_none() && theirs.is_none(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn results_agree(expression in expression(), document in document()) {
        let ours = Expression::compile(&expression).ok().and_then(|ours| ours.evaluate(&document).ok());
        let theirs = jpx_core::compile(&expression).ok().and_then(|theirs| theirs.search(&document).ok());
        prop_assert!(agree(&ours, &theirs), "{} on {}: {:?} {:?}", expression, document, ours, theirs);
    }
}
