//! How the dialects' tables of assumptions are written.

/// Writes the assumptions of a dialect, each with its page: what is open, the values, how to switch. The literal behind
/// `such as` is the value that the page switches to; `values` are the list items, the default first. A spec names its dialect,
/// unless that is the default one.
macro_rules! assumptions {
    (default $dialect:literal: $($entries:tt)*) => { assumptions!(@ $dialect, "", $($entries)*) };
    ($dialect:literal: $($entries:tt)*) => {
        assumptions!(@ $dialect, concat!("dialect = \"", $dialect, "\"\n\n"), $($entries)*)
    };
    (@ $dialect:literal, $head:expr, $($name:literal: $default:literal, or $others:expr, such as $example:literal,
     $summary:literal, open: $open:literal, values: $values:literal;)*) => {
        &[$(Assumption {
            name: $name,
            default: $default,
            others: &$others,
            summary: $summary,
            page: concat!(
                "## What is open\n",
                $open,
                "\n\n## What we do\n",
                $values,
                "\n\n## How to switch\nIn a spec:\n```toml\n",
                $head,
                "[assume]\n",
                $name,
                " = \"",
                $example,
                "\"\n```\nIn the manifest, for every spec:\n```toml\n[assume.",
                $dialect,
                "]\n",
                $name,
                " = \"",
                $example,
                "\"\n```\n"
            ),
        }),*]
    };
}
