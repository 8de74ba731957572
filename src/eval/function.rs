//! Functions of the authentication.

use hmac::{Hmac, KeyInit, Mac};

use crate::assumption::id;
use crate::plan::{AuthValue, Function, FunctionUse};
use crate::value::{TaintedText, Value};

use super::Failure;
use super::expression::Evaluator;

impl Evaluator<'_> {
    pub fn auth_value(&self, value: &AuthValue) -> Result<Value, Failure> {
        match value {
            AuthValue::Text(text) => self.value_of_text(text),
            AuthValue::Function(function) => self.function(function),
        }
    }

    fn function(&self, function: &FunctionUse) -> Result<Value, Failure> {
        match (function.function, function.arguments.as_slice()) {
            (Some(Function::HmacSha256), [message, key]) => {
                let message = self.value_of_text(message)?.to_bytes();
                let key = self.value_of_text(key)?.to_bytes();
                Ok(self.hmac_sha256(&message, &key))
            }
            _ => {
                let name = &function.call.name.value;
                let given = function.arguments.len();
                let message = match function.function {
                    Some(_) => format!("`{name}` takes 2 arguments, and was given {given}"),
                    None => format!("there is no function `{name}`"),
                };
                self.fault("unknown-function", message);
                self.unknown_function(function)
            }
        }
    }

    fn hmac_sha256(&self, message: &[u8], key: &[u8]) -> Value {
        use base64::Engine;
        // HMAC takes keys of any length (RFC 2104), so this cannot fail.
        let Ok(mut mac) = Hmac::<sha2::Sha256>::new_from_slice(key) else { return Value::NULL };
        mac.update(message);
        let digest = mac.finalize().into_bytes();
        match self.assume(id::HMAC_FUNCTION_ENCODING) {
            "base64" => base64::engine::general_purpose::STANDARD.encode(digest).into(),
            _ => hex::encode(digest).into(),
        }
    }

    /// The platform has no such function: what is written is text with values in it.
    fn unknown_function(&self, function: &FunctionUse) -> Result<Value, Failure> {
        let mut text = TaintedText::plain(format!("{}(", function.call.name.value));
        for (index, argument) in function.arguments.iter().enumerate() {
            text.push_plain(if index > 0 { ", " } else { "" });
            text.push(&self.text(argument)?);
        }
        text.push_plain(")");
        Ok(text.into())
    }
}
