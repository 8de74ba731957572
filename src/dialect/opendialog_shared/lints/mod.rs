//! Lints on what both of OpenDialog's webhook actions have: names, contexts, attributes. Each action lists those it wants.

pub mod ambiguous_action_name;
pub mod colliding_action_names;
pub mod context_out_of_phase;
pub mod literal_braces;
pub mod name_missing;
pub mod name_style;
pub mod name_too_long;
pub mod output_into_read_only_context;
pub mod output_overwrites_reserved;
pub mod secret_outside_auth;
pub mod session_attribute_lifetime;
pub mod undeclared_attribute;
pub mod unknown_context;
