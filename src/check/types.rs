//! The types of values as far as they can be known before an action runs: what a source gives, what a step into it gives,
//! what a filter makes of it. What is not known is never complained about.

use crate::assumption::id;
use crate::case::{Case, GivenAttribute, Subject};
use crate::diagnostic::Diagnostic;
use crate::filter::{Filter, Input, Output, is_numeric};
use crate::plan::{AttributeName, AuthValue, Expression, FilterArgument, FilterUse, LONGEST_CHAIN, Plan, Step, ValueSource};
use crate::template::AccessorKey;
use crate::value::{AttributeType, Data, Json, Scalar};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Boolean,
    Int,
    Float,
    Timestamp,
    List,
    Object,
    /// Declared as JSON: anything.
    Json,
    Bytes,
}

impl Kind {
    /// In a user's words, the way messages go on behind `is`.
    pub fn described(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Boolean => "a boolean",
            Kind::Int => "a whole number",
            Kind::Float => "a decimal number",
            Kind::Timestamp => "a timestamp",
            Kind::List => "a collection",
            Kind::Object => "an object",
            Kind::Json => "JSON",
            Kind::Bytes => "raw bytes",
        }
    }

    /// Whether there is nothing inside to step into.
    pub fn is_single(self) -> bool {
        !matches!(self, Kind::List | Kind::Object | Kind::Json)
    }

    /// Whether its text is of digits and their marks alone.
    pub fn is_number(self) -> bool {
        matches!(self, Kind::Int | Kind::Float)
    }

    fn of(declared: AttributeType) -> Kind {
        match declared.scalar {
            _ if declared.collection => Kind::List,
            Scalar::String => Kind::Text,
            Scalar::Boolean => Kind::Boolean,
            Scalar::Int => Kind::Int,
            Scalar::Float => Kind::Float,
            Scalar::Timestamp => Kind::Timestamp,
            Scalar::Json => Kind::Json,
        }
    }

    fn of_json(json: &Json) -> Option<Kind> {
        match json {
            Json::Null => None,
            Json::Bool(_) => Some(Kind::Boolean),
            Json::Number(number) => Some(if number.is_f64() { Kind::Float } else { Kind::Int }),
            Json::String(_) => Some(Kind::Text),
            Json::Array(_) => Some(Kind::List),
            Json::Object(_) => Some(Kind::Object),
        }
    }
}

/// What is known of a value.
#[derive(Clone, Debug, Default)]
pub struct Type<'a> {
    /// By declaration, or by what made the value.
    certain: Option<Kind>,
    /// What the items of a collection are.
    items: Option<Scalar>,
    /// The values that the cases give, those that are empty left out.
    samples: Vec<&'a Json>,
    /// The filter that made it, if one did.
    pub made_by: Option<&'static Filter>,
}

impl<'a> Type<'a> {
    fn certain(kind: Kind) -> Type<'a> {
        Type { certain: Some(kind), ..Type::default() }
    }

    /// What the value is; with the samples' word where nothing is declared, if they agree.
    pub fn kind(&self) -> Option<Kind> {
        match self.certain {
            None => self.of_samples(),
            Some(Kind::Json) => self.of_samples().or(self.certain),
            certain => certain,
        }
    }

    fn of_samples(&self) -> Option<Kind> {
        let mut kinds = self.samples.iter().filter_map(|sample| Kind::of_json(sample));
        let first = kinds.next()?;
        kinds.all(|kind| kind == first).then_some(first)
    }

    /// A step into the value.
    pub fn step(&self, step: &Step) -> Type<'a> {
        let samples: Vec<&Json> = self.samples.iter().filter_map(|sample| inside(sample, &step.key)).collect();
        let samples = samples.into_iter().filter(|sample| !is_empty(sample)).collect();
        let certain = self.items.filter(|_| matches!(step.key, AccessorKey::Index(_)));
        let certain = certain.map(|scalar| Kind::of(AttributeType::one(scalar)));
        Type { certain, items: None, samples, made_by: None }
    }

    /// Whether a filter leaves such a value as it is because it works on values of another kind. Bytes are the matter of
    /// [`bytes_not_encoded`](super::bytes_not_encoded).
    pub fn is_refused_by(&self, filter: &Filter) -> Option<Kind> {
        let kind = self.kind()?;
        let is_structure = matches!(kind, Kind::List | Kind::Object);
        let refused = match filter.input {
            _ if matches!(kind, Kind::Bytes | Kind::Json) => false,
            Input::Any => false,
            Input::Text => kind != Kind::Text,
            Input::Single => is_structure,
            Input::Number if kind == Kind::Text => self.is_never_numeric(),
            Input::Number | Input::Date => is_structure || kind == Kind::Boolean,
            Input::Collection => !is_structure,
        };
        refused.then_some(kind)
    }

    /// Texts that are numbers are taken for numbers, so only the cases can tell.
    fn is_never_numeric(&self) -> bool {
        let mut texts = self.samples.iter().filter_map(|sample| sample.as_str()).peekable();
        texts.peek().is_some() && texts.all(|text| !is_numeric(text))
    }

    /// What a filter makes of the value; one that cannot do its work leaves it as it is.
    pub fn filtered(self, used: &FilterUse) -> Type<'a> {
        let Some((filter, arguments)) = working(used) else { return self };
        if self.is_refused_by(filter).is_some() {
            return self;
        }
        let items = self.items;
        let known = |kind| Type { certain: kind, made_by: Some(filter), ..Type::default() };
        match (filter.output)(&arguments) {
            // A change of bytes leaves bytes, or leaves them alone.
            Output::Text if self.certain == Some(Kind::Bytes) && filter.input != Input::Any => self,
            Output::Text => known(Some(Kind::Text)),
            Output::Bytes => known(Some(Kind::Bytes)),
            Output::TextOrBytes => known(None),
            Output::Number => known(Some(Kind::Int)),
            Output::Collection => Type { items, ..known(Some(Kind::List)) },
            Output::Item => known(items.map(|scalar| Kind::of(AttributeType::one(scalar)))),
        }
    }
}

/// A filter that the platform has and its literal arguments, if they are as many as it takes and none is wrong.
pub fn working(used: &FilterUse) -> Option<(&'static Filter, Vec<Option<&str>>)> {
    let FilterUse::Known { filter, arguments, .. } = used else { return None };
    let required = filter.parameters.iter().filter(|parameter| parameter.required).count();
    if arguments.len() < required || arguments.len() > filter.parameters.len() {
        return None;
    }
    let literals: Vec<Option<&str>> = arguments
        .iter()
        .map(|argument| match argument {
            FilterArgument::Text { text, .. } => Some(text.as_str()),
            FilterArgument::Value(_) => None,
        })
        .collect();
    (filter.check)(&literals).is_none().then_some((*filter, literals))
}

/// What is known of the values of a plan.
#[derive(Clone, Copy)]
pub struct Types<'a> {
    plan: &'a Plan,
    cases: &'a [Case],
    /// Only what is given in these contexts counts; `None`: in all.
    contexts: Option<&'a [&'a str]>,
}

impl<'a> Types<'a> {
    /// By declaration, and by the values of the contexts that no end user fills, which are the same in every conversation.
    pub fn with_constants(subject: &Subject<'a>) -> Types<'a> {
        let bare = subject.bare_case.map(std::slice::from_ref);
        let cases = subject.cases.get(..1).or(bare).unwrap_or_default();
        Types { plan: subject.plan, cases, contexts: Some(subject.plan.trusted_contexts) }
    }

    /// By declaration, and by what the cases give.
    pub fn with_samples(plan: &'a Plan, cases: &'a [Case]) -> Types<'a> {
        Types { plan, cases, contexts: None }
    }

    /// The type of an expression, steps and filters included.
    pub fn of(self, expression: &'a Expression) -> Type<'a> {
        self.expression(expression, 0)
    }

    /// The type of an expression before its filters.
    pub fn unfiltered(self, expression: &'a Expression) -> Type<'a> {
        self.before_filters(expression, 0)
    }

    /// The type of a source.
    pub fn source(self, source: &'a ValueSource) -> Type<'a> {
        self.of_source(source, 0)
    }

    fn expression(self, expression: &'a Expression, depth: usize) -> Type<'a> {
        expression.filters.iter().fold(self.before_filters(expression, depth), Type::filtered)
    }

    fn before_filters(self, expression: &'a Expression, depth: usize) -> Type<'a> {
        expression.path.iter().fold(self.of_source(&expression.source, depth), |known, step| known.step(step))
    }

    fn of_source(self, source: &'a ValueSource, depth: usize) -> Type<'a> {
        match source {
            ValueSource::Attribute(name) => self.attribute(name),
            ValueSource::Variable(name) => self.variable(name, depth),
            // All of `_webhook` is text; headers and query parameters are JSON as text.
            ValueSource::Secret(_) | ValueSource::Uuid | ValueSource::Request(_) => Type::certain(Kind::Text),
            ValueSource::TimestampSeconds => Type::certain(Kind::Int),
            // A number or a text, by an assumption.
            ValueSource::TimestampMicroseconds => Type::default(),
            ValueSource::UnknownContext { .. } | ValueSource::UnknownRequestPart(_) => Type::default(),
        }
    }

    fn attribute(self, name: &AttributeName) -> Type<'a> {
        let declared = self.plan.attribute_type(name);
        let undeclared_is_text = self.plan.assumptions.get(id::UNDECLARED_TYPE) == "string";
        Type {
            certain: declared.map(Kind::of).or(undeclared_is_text.then_some(Kind::Text)),
            items: declared.filter(|declared| declared.collection).map(|declared| declared.scalar),
            samples: self.samples(name),
            made_by: None,
        }
    }

    fn samples(self, name: &AttributeName) -> Vec<&'a Json> {
        if self.contexts.is_some_and(|contexts| !contexts.contains(&name.context())) {
            return Vec::new();
        }
        let given = self.cases.iter().filter_map(|case| given(case, name));
        let values = given.filter_map(|given| match &given.value.data {
            Data::Json(json) if !is_empty(json) => Some(json),
            _ => None,
        });
        values.collect()
    }

    fn variable(self, name: &str, depth: usize) -> Type<'a> {
        if depth >= LONGEST_CHAIN {
            return Type::default();
        }
        match self.plan.variable(name).map(|variable| &variable.value) {
            None => Type::default(),
            Some(AuthValue::Text(text)) => match text.lone() {
                Some(expression) => self.expression(expression, depth + 1),
                None => Type::certain(Kind::Text),
            },
            Some(AuthValue::Function(_)) => Type::certain(Kind::Text),
        }
    }
}

/// What a case gives for an attribute, and where.
pub fn given<'a>(case: &'a Case, name: &AttributeName) -> Option<&'a GivenAttribute> {
    case.given.attributes.get(name)
}

/// A source as users write it.
pub fn written(source: &ValueSource, plan: &Plan) -> String {
    match source {
        ValueSource::Attribute(name) if name.context() == plan.default_context => name.attribute().to_string(),
        ValueSource::Attribute(name) => name.full().to_string(),
        ValueSource::UnknownContext { context, attribute } => format!("{context}.{attribute}"),
        ValueSource::Secret(name) => format!("secret.{name}"),
        ValueSource::Variable(name) => format!("_auth.{name}"),
        ValueSource::Uuid => "_auth.uuid".to_string(),
        ValueSource::TimestampSeconds => "_auth.timestamp".to_string(),
        ValueSource::TimestampMicroseconds => "_auth.timestamp_micro".to_string(),
        ValueSource::Request(part) => format!("_webhook.{}", part.name()),
        ValueSource::UnknownRequestPart(name) => format!("_webhook.{name}"),
    }
}

/// A source with the first of the steps into it.
pub fn written_with_steps(expression: &Expression, taken: usize, plan: &Plan) -> String {
    let steps = expression.path.iter().take(taken).map(|step| match &step.key {
        AccessorKey::Key(key) => format!("['{key}']"),
        AccessorKey::Index(index) => format!("[{index}]"),
    });
    written(&expression.source, plan) + &steps.collect::<String>()
}

/// The place where a source was declared, if it was, as a related one.
pub fn with_declaration(diagnostic: Diagnostic, source: &ValueSource, plan: &Plan) -> Diagnostic {
    let ValueSource::Attribute(name) = source else { return diagnostic };
    match plan.declaration(name) {
        Some(known) => diagnostic.related(known.span, format!("declared `{}` here", known.declared)),
        None => diagnostic,
    }
}

/// The place that the type of a source, or of what stands inside it, is known from, as a related one: its declaration, or
/// the first case that gives it.
pub fn with_origin(diagnostic: Diagnostic, source: &ValueSource, subject: &Subject<'_>) -> Diagnostic {
    let ValueSource::Attribute(name) = source else { return diagnostic };
    let plan = subject.plan;
    let is_json = |known: AttributeType| known == AttributeType::one(Scalar::Json);
    if plan.attribute_type(name).is_some_and(|known| !is_json(known)) {
        return with_declaration(diagnostic, source, plan);
    }
    // What all cases share may come from the manifest, and has no place of its own.
    if plan.trusted_contexts.contains(&name.context()) {
        return diagnostic;
    }
    match subject.cases.iter().find_map(|case| given(case, name).filter(|given| !given.value.is_empty())) {
        Some(given) => diagnostic.related(given.span, "given here"),
        None => diagnostic,
    }
}

/// Nothing, or what stands for nothing.
fn is_empty(json: &Json) -> bool {
    json.is_null() || json.as_str().is_some_and(str::is_empty)
}

/// What a step finds, as in evaluation.
pub fn inside<'json>(json: &'json Json, key: &AccessorKey) -> Option<&'json Json> {
    match (key, json) {
        (AccessorKey::Key(key), Json::Object(entries)) => entries.get(key),
        (AccessorKey::Index(index), Json::Object(entries)) => entries.get(&index.to_string()),
        (AccessorKey::Index(index), Json::Array(items)) => usize::try_from(*index).ok().and_then(|index| items.get(index)),
        (AccessorKey::Key(key), Json::Array(items)) => key.parse::<usize>().ok().and_then(|index| items.get(index)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::test_support::{attribute, case, expression, lone, name, plan, span, text_argument};
    use crate::filter::find;
    use crate::plan::{AuthVariable, Authentication, Declaration, HeaderAuthentication};
    use serde_json::json;

    fn used(filter: &str, arguments: &[&str]) -> FilterUse {
        let arguments = arguments.iter().map(|argument| text_argument(argument, 0)).collect();
        FilterUse::Known {
            filter: find(filter).expect("a filter"),
            arguments,
            name_span: span(),
            arguments_span: span(),
            span: span(),
        }
    }

    fn through(declared: &str, filters: &[(&str, &[&str])]) -> Option<Kind> {
        let mut plan = plan();
        let declared = AttributeType::parse(declared).expect("a type");
        plan.types.put(Declaration { name: AttributeName::new("user", "a"), declared, span: span() });
        let filters = filters.iter().map(|(filter, arguments)| used(filter, arguments)).collect();
        let expression = Expression { filters, ..attribute("a") };
        Types::with_samples(&plan, &[]).of(&expression).kind()
    }

    #[test]
    fn a_type_flows_through_filters() {
        assert_eq!(through("int", &[]), Some(Kind::Int));
        assert_eq!(through("int[]", &[("count", &[])]), Some(Kind::Int));
        assert_eq!(through("int[]", &[("where", &["x", "1"]), ("last", &[])]), Some(Kind::Int));
        assert_eq!(through("string[]", &[("last", &["2"])]), Some(Kind::List));
        assert_eq!(through("json", &[("last", &[])]), None);
        assert_eq!(through("string", &[("md5", &[])]), Some(Kind::Bytes));
        assert_eq!(through("string", &[("md5", &[]), ("uppercase", &[])]), Some(Kind::Bytes));
        assert_eq!(through("string", &[("md5", &[]), ("base64", &[])]), Some(Kind::Text));
        assert_eq!(through("string", &[("base64", &["-d"])]), None);
    }

    #[test]
    fn a_filter_that_cannot_do_its_work_changes_nothing() {
        assert_eq!(through("boolean", &[("uppercase", &[])]), Some(Kind::Boolean));
        assert_eq!(through("string", &[("count", &[])]), Some(Kind::Text));
        assert_eq!(through("string", &[("hmac", &["sha256"])]), Some(Kind::Text));
        assert_eq!(through("string", &[("hmac", &["sha3", "key"])]), Some(Kind::Text));
    }

    #[test]
    fn cases_count_where_nothing_is_declared_and_they_agree() {
        let kind = |values: &[Json]| {
            let plan = plan();
            let cases: Vec<Case> = values
                .iter()
                .map(|value| {
                    let mut case = case(200, &json!({}));
                    let name = AttributeName::new("user", "a");
                    case.given.attributes.put(GivenAttribute { name, value: value.clone().into(), span: span() });
                    case
                })
                .collect();
            Types::with_samples(&plan, &cases).of(&attribute("a")).kind()
        };
        assert_eq!(kind(&[]), None);
        assert_eq!(kind(&[json!(null), json!(""), json!([1])]), Some(Kind::List));
        assert_eq!(kind(&[json!("x"), json!([1])]), None);
    }

    #[test]
    fn variables_that_stand_for_each_other_end() {
        let mut plan = plan();
        let variable = |own: &str, reads: &str| AuthVariable {
            name: name(own),
            value: AuthValue::Text(lone(expression(ValueSource::Variable(reads.into())))),
            removal: None,
        };
        let variables = vec![variable("a", "b"), variable("b", "a")];
        plan.authentication = Authentication::Header(HeaderAuthentication::new(variables, Vec::new()));
        assert_eq!(Types::with_samples(&plan, &[]).of(&expression(ValueSource::Variable("a".into()))).kind(), None);
    }
}
