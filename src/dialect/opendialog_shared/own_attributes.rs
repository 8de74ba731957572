//! The attributes that the platform brings along in `user`. They cannot be declared anew.
//!
//! Source: the attribute configuration of OpenDialog core's public source of 2021; page "Webhook action", Default outputs.

use crate::plan::OwnAttributes;
use crate::value::{AttributeType, Scalar};

const STRING: Option<AttributeType> = Some(AttributeType::one(Scalar::String));
const INT: Option<AttributeType> = Some(AttributeType::one(Scalar::Int));
const BOOLEAN: Option<AttributeType> = Some(AttributeType::one(Scalar::Boolean));
const TIMESTAMP: Option<AttributeType> = Some(AttributeType::one(Scalar::Timestamp));

/// Each with its type, where the platform says one.
pub static OWN_ATTRIBUTES: OwnAttributes = &[
    ("name", STRING),
    ("first_name", STRING),
    ("last_name", STRING),
    ("full_name", STRING),
    ("email", STRING),
    ("external_id", STRING),
    ("age", INT),
    ("id", None),
    ("timestamp", TIMESTAMP),
    ("first_seen", TIMESTAMP),
    ("last_seen", TIMESTAMP),
    ("context", None),
    ("operation", None),
    ("platform", None),
    ("all", None),
    ("utterance", None),
    ("utterance_text", STRING),
    ("utterance_type", STRING),
    ("utterance_user", None),
    ("utterance_user_id", STRING),
    ("current_conversation", None),
    ("current_scene", None),
    ("current_turn", None),
    ("current_intent", None),
    ("action_success", BOOLEAN),
];
