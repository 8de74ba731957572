//! Expressions: a source, the way into it, and its filters.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use crate::assumption::{Assumptions, id};
use crate::filter::{Context, Filter, FilterFault};
use crate::plan::{
    AttributeName, AuthVariable, ByName, Declaration, Expression, FilterArgument, FilterUse, HeaderAuthentication,
    LONGEST_CHAIN, ListText, Plan, RequestPart, Text, ValueSource,
};
use crate::value::{AttributeType, Data, Json, MASK, Scalar, TaintedText, Value};

use super::inputs::TemplateFault;
use super::settled::{Settled, joined_by_commas, step_into};
use super::{ErrorKind, Failure, Inputs, Record};

/// The parts of the request that are known so far, as `_webhook` offers them.
#[derive(Debug, Default)]
pub struct KnownParts {
    pub parts: Vec<(RequestPart, Value)>,
}

impl KnownParts {
    pub fn get(&self, part: RequestPart) -> Value {
        self.parts.iter().find(|(known, _)| *known == part).map_or(Value::NULL, |(_, value)| value.clone())
    }
}

/// The authentication's own scope: its variables, each resolved once, when it is needed.
#[derive(Debug, Default)]
pub struct AuthScope<'a> {
    pub header: Option<&'a HeaderAuthentication>,
    pub resolved: RefCell<HashMap<&'a str, Value>>,
    /// The variables being resolved, outermost first.
    pub open: RefCell<Vec<&'a str>>,
}

impl<'a> AuthScope<'a> {
    pub fn of(header: &'a HeaderAuthentication) -> AuthScope<'a> {
        AuthScope { header: Some(header), ..AuthScope::default() }
    }

    fn definition(&self, name: &str) -> Option<&'a AuthVariable> {
        self.header.and_then(|header| header.variable(name))
    }
}

/// One evaluation of texts in one scope.
pub struct Evaluator<'a> {
    pub inputs: &'a Inputs<'a>,
    pub assumptions: &'a Assumptions,
    pub types: &'a ByName<Declaration>,
    pub default_context: &'a str,
    pub secret_attributes: &'a [AttributeName],
    pub list_text: ListText,
    pub record: &'a Record,
    pub parts: &'a KnownParts,
    /// Present while the authentication is resolved: the only place where secrets are decrypted.
    pub authentication: Option<&'a AuthScope<'a>>,
}

impl<'a> Evaluator<'a> {
    pub fn new(plan: &'a Plan, inputs: &'a Inputs<'a>, record: &'a Record, parts: &'a KnownParts) -> Evaluator<'a> {
        Evaluator {
            inputs,
            assumptions: &plan.assumptions,
            types: &plan.types,
            default_context: plan.default_context,
            secret_attributes: &plan.secret_attributes,
            list_text: plan.list_text,
            record,
            parts,
            authentication: None,
        }
    }

    pub fn assume(&self, name: &'static str) -> &'a str {
        self.record.assume(self.assumptions, name)
    }

    /// A text with its values in their text form; a missing one is removed.
    pub fn text(&self, text: &Text) -> Result<TaintedText, Failure> {
        let mut result = TaintedText::default();
        for piece in self.settled(text) {
            match piece {
                Settled::Literal(written) => result.push_plain(written),
                Settled::Value(expression) => result.push(&self.text_of(self.value(&expression)?)?),
            }
        }
        self.settle_passes(text, result, |evaluator, value| evaluator.text_of(evaluator.value(value)?))
    }

    /// A lone value as it is, anything else as text.
    pub fn value_of_text(&self, text: &Text) -> Result<Value, Failure> {
        match self.settled(text).as_slice() {
            [Settled::Value(expression)] | [Settled::Value(expression), Settled::Literal("")] => self.value(expression),
            _ => Ok(self.text(text)?.into()),
        }
    }

    /// The text form of a value, by the assumption on raw bytes where it has some.
    pub fn text_of(&self, value: Value) -> Result<TaintedText, Failure> {
        let Data::Bytes(bytes) = &value.data else { return Ok(self.text_form(value)) };
        match self.assume(id::BYTES_IN_TEXT) {
            "refuse" => {
                let message = "raw bytes in a text; encode them with `base64` first";
                Err(Failure::new(ErrorKind::InvalidBody, message))
            }
            "lossy" => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                Ok(if value.is_secret() { TaintedText::secret(text) } else { TaintedText::plain(text) })
            }
            _ => Ok(value.to_text()),
        }
    }

    /// The text form of a value that is no raw bytes, as the platform writes lists.
    pub fn text_form(&self, value: Value) -> TaintedText {
        match (&value.data, self.list_text) {
            (Data::Json(list @ Json::Array(_)), ListText::Json) => {
                let joined = self.assume(id::LIST_IN_TEXT) == "joined";
                let text = if joined { joined_by_commas(list) } else { list.to_string() };
                if value.is_secret() { TaintedText::secret(text) } else { TaintedText::plain(text) }
            }
            _ => value.into_text(),
        }
    }

    /// A value that becomes text.
    pub fn value(&self, expression: &Expression) -> Result<Value, Failure> {
        let typed = self.typed(expression)?;
        if typed.otherwise.is_some_and(|other| other.to_text() != typed.value.to_text()) {
            let _ = self.assume(id::UNDECLARED_TYPE);
        }
        Ok(typed.value)
    }

    /// A value in a place where its type can be seen.
    pub fn value_with_type(&self, expression: &Expression) -> Result<Value, Failure> {
        let typed = self.typed(expression)?;
        if typed.otherwise.is_some() {
            let _ = self.assume(id::UNDECLARED_TYPE);
        }
        Ok(typed.value)
    }

    fn typed(&self, expression: &Expression) -> Result<Typed, Failure> {
        let value = self.source(&expression.source)?;
        let otherwise = self.other_type(&expression.source);
        let mut typed = Typed { value, otherwise };
        typed.charge(self.record)?;
        for step in &expression.path {
            typed = Typed::new(step_into(&typed.value, step), typed.otherwise.map(|other| step_into(&other, step)));
            typed.charge(self.record)?;
        }
        for filter in &expression.filters {
            typed = self.filtered(typed, filter)?;
            typed.charge(self.record)?;
        }
        Ok(typed)
    }

    fn source(&self, source: &ValueSource) -> Result<Value, Failure> {
        Ok(match source {
            ValueSource::Attribute(name) => self.attribute(name)?,
            ValueSource::UnknownContext { context, attribute } => self.unknown_context(context, attribute)?,
            ValueSource::Secret(name) => match self.authentication {
                Some(_) => self.inputs.secret(name, self.record)?,
                // Outside the authentication the platform sends the bullets themselves.
                None => Value::from(MASK),
            },
            ValueSource::Uuid if self.authentication.is_some() => self.builtin("uuid", || self.inputs.uuid.into())?,
            ValueSource::TimestampSeconds if self.authentication.is_some() => {
                self.builtin("timestamp", || Json::from(self.inputs.now).into())?
            }
            ValueSource::TimestampMicroseconds if self.authentication.is_some() => {
                self.builtin("timestamp_micro", || self.microseconds())?
            }
            ValueSource::Variable(name) => match self.authentication {
                Some(scope) => self.variable(scope, name)?,
                None => Value::NULL,
            },
            ValueSource::Request(part) => self.request_part(*part),
            ValueSource::Uuid
            | ValueSource::TimestampSeconds
            | ValueSource::TimestampMicroseconds
            | ValueSource::UnknownRequestPart(_) => Value::NULL,
        })
    }

    /// A built-in value, unless a variable of the same name hides it.
    fn builtin(&self, name: &str, value: impl FnOnce() -> Value) -> Result<Value, Failure> {
        match self.authentication {
            Some(scope) if scope.definition(name).is_some() => self.variable(scope, name),
            _ => Ok(value()),
        }
    }

    fn microseconds(&self) -> Value {
        let (seconds, micro) = (self.inputs.now, i64::from(self.inputs.microseconds));
        match self.assume(id::TIMESTAMP_MICRO) {
            "float" => format!("{seconds}.{micro:06}").into(),
            _ => Json::from(seconds.saturating_mul(1_000_000).saturating_add(micro)).into(),
        }
    }

    fn attribute(&self, name: &AttributeName) -> Result<Value, Failure> {
        let (value, is_secret) = (self.given(name), self.secret_attributes.contains(name));
        if is_secret {
            self.inputs.refuse_mask(name, &value)?;
        }
        if value.is_null() {
            let _ = self.assume(id::UNSET_VALUE);
        }
        let value = match self.as_undeclared_text(name, &value) {
            Some(text) if self.undeclared_is_text() => text,
            _ => value,
        };
        let value = value.tainted_if(is_secret);
        if value.is_secret() {
            self.record.secrets.borrow_mut().insert_value(&value);
        }
        self.record.note_read(name.full(), &value);
        Ok(value)
    }

    fn given(&self, name: &AttributeName) -> Value {
        self.inputs.given.attribute(name).cloned().unwrap_or(Value::NULL)
    }

    fn undeclared_is_text(&self) -> bool {
        self.assumptions.get(id::UNDECLARED_TYPE) == "string"
    }

    /// The platform takes an attribute without a declared type for text.
    fn as_undeclared_text(&self, name: &AttributeName, value: &Value) -> Option<Value> {
        let is_plain_text = value.is_null() || value.as_str().is_some();
        let is_declared = self.types.get(name).is_some();
        (!is_plain_text && !is_declared).then(|| AttributeType::one(Scalar::String).coerce(value))
    }

    /// What a source without a declared type gives under the other choice for it.
    fn other_type(&self, source: &ValueSource) -> Option<Value> {
        let name = match source {
            ValueSource::Attribute(name) => name.clone(),
            ValueSource::UnknownContext { attribute, .. } if self.assumptions.get(id::UNKNOWN_CONTEXT) != "empty" => {
                AttributeName::new(self.default_context, attribute)
            }
            _ => return None,
        };
        let value = self.given(&name);
        let text = self.as_undeclared_text(&name, &value)?;
        Some(if self.undeclared_is_text() { value } else { text })
    }

    fn unknown_context(&self, context: &str, attribute: &str) -> Result<Value, Failure> {
        self.record.log(format!("the context `{context}` is not known"));
        match self.assume(id::UNKNOWN_CONTEXT) {
            "empty" => Ok(Value::NULL),
            _ => self.attribute(&AttributeName::new(self.default_context, attribute)),
        }
    }

    fn request_part(&self, part: RequestPart) -> Value {
        let _ = match part {
            RequestPart::Headers => self.assume(id::WEBHOOK_HEADERS),
            RequestPart::QueryParams => self.assume(id::WEBHOOK_QUERY_PARAMS),
            _ => "",
        };
        self.parts.get(part)
    }

    fn variable(&self, scope: &'a AuthScope<'a>, name: &str) -> Result<Value, Failure> {
        if let Some(value) = scope.resolved.borrow().get(name) {
            return Ok(value.clone());
        }
        let Some(AuthVariable { name, value, .. }) = scope.definition(name) else {
            let message = format!("the authentication reads `_auth.{name}`, which is not defined");
            return Err(Failure::new(ErrorKind::AuthUndefined, message));
        };
        let name = name.value.as_str();
        self.check_cycle(&scope.open.borrow(), name)?;
        scope.open.borrow_mut().push(name);
        let value = self.auth_value(value);
        scope.open.borrow_mut().pop();
        let value = value?;
        scope.resolved.borrow_mut().insert(name, value.clone());
        Ok(value)
    }

    fn check_cycle(&self, open: &[&str], name: &str) -> Result<(), Failure> {
        if let Some(start) = open.iter().position(|known| *known == name) {
            let cycle: Vec<&str> = open[start..].iter().copied().chain([name]).collect();
            let message = format!("authentication variables form a cycle: {}", cycle.join(" → "));
            return Err(Failure::new(ErrorKind::AuthCycle, message));
        }
        if open.len() >= LONGEST_CHAIN {
            let message = format!("authentication variables refer to each other more than {LONGEST_CHAIN} deep");
            return Err(Failure::new(ErrorKind::AuthCycle, message));
        }
        Ok(())
    }

    pub(super) fn fault(&self, lint: &'static str, message: String) {
        self.record.log(message.clone());
        self.record.faults.borrow_mut().push(TemplateFault { lint, message });
    }

    fn filtered(&self, typed: Typed, filter: &FilterUse) -> Result<Typed, Failure> {
        let (filter, written) = match filter {
            FilterUse::Known { filter, arguments, .. } => (*filter, arguments),
            FilterUse::Unknown { name } => {
                self.fault("unknown-filter", format!("no filter named `{}`", name.value));
                return Ok(typed);
            }
        };
        let required = filter.parameters.iter().filter(|parameter| parameter.required).count();
        if written.len() < required || written.len() > filter.parameters.len() {
            let arguments = if written.len() == 1 { "argument" } else { "arguments" };
            self.fault("filter-arity", format!("`{}` was given {} {arguments}", filter.name, written.len()));
            return Ok(typed);
        }
        let literals: Vec<Option<&str>> = written.iter().map(literal).collect();
        if let Some(bad) = (filter.check)(&literals) {
            self.fault("filter-argument", bad.message);
            return Ok(typed);
        }
        let mut arguments = Vec::with_capacity(written.len());
        for argument in written {
            arguments.push(match argument {
                FilterArgument::Text { text, .. } => Value::from(text.as_str()),
                FilterArgument::Value(expression) => self.value_with_type(expression)?,
            });
        }
        // Only the choice that holds is logged and has assumptions of its own.
        let otherwise = typed.otherwise.map(|other| {
            let applied = self.applied(&other, filter, &arguments, &RefCell::default());
            applied.unwrap_or(other)
        });
        Ok(Typed::new(self.apply(typed.value, filter, &arguments), otherwise))
    }

    fn applied(
        &self,
        value: &Value,
        filter: &Filter,
        arguments: &[Value],
        occurred: &RefCell<BTreeSet<&'static str>>,
    ) -> Result<Value, FilterFault> {
        let context =
            Context { now: self.inputs.now, timezone: self.inputs.timezone, assumptions: self.assumptions, occurred };
        let carries_secret = !filter.one_way && (value.is_secret() || arguments.iter().any(Value::is_secret));
        let mut result = (filter.apply)(value, arguments, &context)?;
        result.taint = Default::default();
        Ok(result.tainted_if(carries_secret))
    }

    fn apply(&self, value: Value, filter: &Filter, arguments: &[Value]) -> Value {
        match self.applied(&value, filter, arguments, &self.record.occurred) {
            Ok(result) => result,
            Err(FilterFault::WrongInput(message)) => {
                self.record.log(message);
                value
            }
            Err(FilterFault::BadArgument(bad)) => {
                self.fault("filter-argument", bad.message);
                value
            }
        }
    }
}

/// A value, and what it would be under the other choice for an attribute without a declared type, if that differs.
struct Typed {
    value: Value,
    otherwise: Option<Value>,
}

impl Typed {
    fn new(value: Value, otherwise: Option<Value>) -> Typed {
        let otherwise = otherwise.filter(|other| other.data != value.data);
        Typed { value, otherwise }
    }

    fn charge(&self, record: &Record) -> Result<(), Failure> {
        record.charge(self.value.size())?;
        self.otherwise.as_ref().map_or(Ok(()), |other| record.charge(other.size()))
    }
}

fn literal(argument: &FilterArgument) -> Option<&str> {
    match argument {
        FilterArgument::Text { text, .. } => Some(text),
        FilterArgument::Value(_) => None,
    }
}
