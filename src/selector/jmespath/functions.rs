//! The functions by name, and how they read their arguments.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use super::errors::{RuntimeError, RuntimeErrorKind};
use super::interpret::{Interpreter, Outcome};
use super::plan::Pipeline;
use super::{calculations, lists, ordering, strings};

/// A function.
pub(super) struct Function {
    pub(super) name: &'static str,
    fewest: usize,
    /// None when there is no upper bound.
    most: Option<usize>,
    pub(super) run: Run,
}

/// Runs a function on its arguments, whose number has been checked.
type Run = for<'v> fn(&mut Arguments<'v, '_>) -> Outcome<'v>;

impl Function {
    const fn exactly(name: &'static str, count: usize, run: Run) -> Function {
        Function { name, fewest: count, most: Some(count), run }
    }

    const fn at_least(name: &'static str, fewest: usize, run: Run) -> Function {
        Function { name, fewest, most: None, run }
    }

    /// Whether the function takes a number of arguments.
    pub(super) fn accepts(&self, given: usize) -> bool {
        given >= self.fewest && self.most.is_none_or(|most| given <= most)
    }

    /// How many arguments the function takes, in words.
    pub(super) fn expected_arguments(&self) -> String {
        let bound = if self.most.is_none() { "at least " } else { "" };
        let plural = if self.fewest == 1 { "" } else { "s" };
        format!("{bound}{} argument{plural}", self.fewest)
    }
}

/// All functions, in the order of their names.
const FUNCTIONS: [Function; 27] = [
    Function::exactly("abs", 1, calculations::absolute),
    Function::exactly("avg", 1, calculations::average),
    Function::exactly("ceil", 1, calculations::ceiling),
    Function::exactly("contains", 2, lists::contains),
    Function::exactly("ends_with", 2, strings::ends_with),
    Function::exactly("floor", 1, calculations::floor),
    Function::exactly("join", 2, strings::join),
    Function::exactly("json_decode", 1, strings::json_decode),
    Function::exactly("keys", 1, lists::keys),
    Function::exactly("length", 1, lists::length),
    Function::exactly("map", 2, lists::map),
    Function::exactly("max", 1, ordering::maximum),
    Function::exactly("max_by", 2, ordering::maximum_by),
    Function::at_least("merge", 1, lists::merge),
    Function::exactly("min", 1, ordering::minimum),
    Function::exactly("min_by", 2, ordering::minimum_by),
    Function::at_least("not_null", 1, lists::not_null),
    Function::exactly("reverse", 1, lists::reverse),
    Function::exactly("sort", 1, ordering::sort),
    Function::exactly("sort_by", 2, ordering::sort_by),
    Function::exactly("starts_with", 2, strings::starts_with),
    Function::exactly("sum", 1, calculations::sum),
    Function::exactly("to_array", 1, lists::to_array),
    Function::exactly("to_number", 1, strings::to_number),
    Function::exactly("to_string", 1, strings::to_string),
    Function::exactly("type", 1, strings::type_name),
    Function::exactly("values", 1, lists::values),
];

static TABLE: [Function; FUNCTIONS.len()] = FUNCTIONS;

static NAMES: [&str; FUNCTIONS.len()] = {
    let mut names = [""; FUNCTIONS.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = TABLE[index].name;
        index += 1;
    }
    names
};

/// The names of all functions, in alphabetical order.
#[must_use]
pub fn function_names() -> &'static [&'static str] {
    &NAMES
}

/// The function of a name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    TABLE.iter().find(|function| function.name == name)
}

/// An argument of a call that runs.
pub(super) enum Argument<'v> {
    Value(Cow<'v, Value>),
    Reference(&'v Pipeline),
}

/// The arguments of a call, which a function takes one after the other.
pub(super) struct Arguments<'v, 'i> {
    pub(super) function: &'static str,
    values: std::vec::IntoIter<Argument<'v>>,
    taken: usize,
    pub(super) interpreter: &'i Interpreter,
}

impl<'v, 'i> Arguments<'v, 'i> {
    pub(super) fn new(function: &'static str, values: Vec<Argument<'v>>, interpreter: &'i Interpreter) -> Arguments<'v, 'i> {
        Arguments { function, values: values.into_iter(), taken: 0, interpreter }
    }

    /// Whether an argument is left.
    pub(super) fn has_more(&self) -> bool {
        !self.values.as_slice().is_empty()
    }

    fn next(&mut self) -> Argument<'v> {
        self.taken += 1;
        let missing = || Argument::Value(super::interpret::null());
        self.values.next().unwrap_or_else(missing)
    }

    /// A value of any type.
    pub(super) fn any(&mut self) -> Outcome<'v> {
        match self.next() {
            Argument::Value(value) => Ok(value),
            Argument::Reference(_) => Err(self.mismatch("a value", "an expression after `&`")),
        }
    }

    /// An expression after `&`.
    pub(super) fn reference(&mut self) -> Result<&'v Pipeline, RuntimeError> {
        match self.next() {
            Argument::Reference(reference) => Ok(reference),
            Argument::Value(value) => Err(self.mismatch("an expression after `&`", described(&value))),
        }
    }

    pub(super) fn number(&mut self) -> Result<Number, RuntimeError> {
        match self.any()?.as_ref() {
            Value::Number(number) => Ok(number.clone()),
            other => Err(self.mismatch("a number", described(other))),
        }
    }

    pub(super) fn string(&mut self) -> Result<Cow<'v, str>, RuntimeError> {
        match self.any()? {
            Cow::Borrowed(Value::String(text)) => Ok(Cow::Borrowed(text)),
            Cow::Owned(Value::String(text)) => Ok(Cow::Owned(text)),
            other => Err(self.mismatch("a string", described(&other))),
        }
    }

    pub(super) fn array(&mut self) -> Result<Cow<'v, [Value]>, RuntimeError> {
        match self.any()? {
            Cow::Borrowed(Value::Array(items)) => Ok(Cow::Borrowed(items)),
            Cow::Owned(Value::Array(items)) => Ok(Cow::Owned(items)),
            other => Err(self.mismatch("an array", described(&other))),
        }
    }

    pub(super) fn object(&mut self) -> Result<Cow<'v, Map<String, Value>>, RuntimeError> {
        match self.any()? {
            Cow::Borrowed(Value::Object(object)) => Ok(Cow::Borrowed(object)),
            Cow::Owned(Value::Object(object)) => Ok(Cow::Owned(object)),
            other => Err(self.mismatch("an object", described(&other))),
        }
    }

    /// The error for the argument taken last.
    pub(super) fn mismatch(&self, expected: &str, found: &str) -> RuntimeError {
        let (position, function) = (self.taken, self.function);
        let message = format!("argument {position} of `{function}` must be {expected}, it is {found}");
        RuntimeError::new(RuntimeErrorKind::InvalidType, message)
    }

    /// A computed number, unless it is out of range.
    pub(super) fn computed(&self, number: Option<Number>) -> Outcome<'v> {
        number.map(|number| Cow::Owned(Value::Number(number))).ok_or_else(|| {
            let function = self.function;
            let message = format!("the result of `{function}` is too large for a number");
            RuntimeError::new(RuntimeErrorKind::InvalidValue, message)
        })
    }
}

/// The type of a value, with its article.
pub(super) fn described(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
