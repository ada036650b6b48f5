//! The fields of each kind of object, and what is wrong with a value for them.

use serde_json::{Map, Value, json};

use crate::model::Model;
use crate::organizations;

/// The kinds of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Config,
    Route,
    Microsite,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// An object.
    Object,
    /// A text that is not blank, of at most so many characters.
    Text(usize),
    /// The same, and unlike that of every other route.
    Domain(usize),
    /// Any JSON but `null`.
    Any,
    /// The id of a config.
    Config,
    /// Ids of organizations; the only field that may be absent.
    Organizations,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Config, Self::Route, Self::Microsite];

    /// The part of the path.
    pub(crate) fn collection(self) -> &'static str {
        match self {
            Self::Config => "configs",
            Self::Route => "routes",
            Self::Microsite => "microsites",
        }
    }

    /// The name in messages.
    pub(crate) fn model(self) -> &'static str {
        match self {
            Self::Config => "TenantConfig",
            Self::Route => "Route",
            Self::Microsite => "Microsite",
        }
    }

    /// The field by which an object is found besides its id.
    pub(crate) fn key(self) -> Option<&'static str> {
        match self {
            Self::Config => Some("external_key"),
            Self::Route => None,
            Self::Microsite => Some("key"),
        }
    }

    /// The field that may hold `course_org_filter`.
    pub(crate) fn filtered(self) -> Option<&'static str> {
        match self {
            Self::Config => Some("lms_configs"),
            Self::Route => None,
            Self::Microsite => Some("values"),
        }
    }

    /// The fields after `id`, in the order in which they are shown.
    fn fields(self) -> &'static [(&'static str, Rule)] {
        match self {
            Self::Config => &[
                ("lms_configs", Rule::Object),
                ("studio_configs", Rule::Object),
                ("theming_configs", Rule::Object),
                ("meta", Rule::Object),
                ("external_key", Rule::Text(63)),
                ("organizations", Rule::Organizations),
            ],
            Self::Route => &[("domain", Rule::Domain(100)), ("config", Rule::Config)],
            Self::Microsite => &[
                ("values", Rule::Any),
                ("key", Rule::Text(63)),
                ("subdomain", Rule::Text(127)),
                ("organizations", Rule::Organizations),
            ],
        }
    }
}

/// The fields that a body gives; or, for each field that is wrong, its messages. `own` is the object that is written, if it
/// is there; `is_partial` whether fields may be absent.
pub(crate) fn read(
    model: &Model,
    kind: Kind,
    body: &Value,
    own: Option<i64>,
    is_partial: bool,
) -> Result<Map<String, Value>, Map<String, Value>> {
    let mut wrong = Map::new();
    let Value::Object(body) = body else {
        let got = python(body);
        let text = format!("Invalid data. Expected a dictionary, but got {got}.");
        wrong.insert("non_field_errors".to_owned(), json!([text]));
        return Err(wrong);
    };
    let mut given = Map::new();
    for &(name, rule) in kind.fields() {
        let value = match body.get(name) {
            Some(value) => accept(model, name, rule, value, own).map(Some),
            None if is_partial || rule == Rule::Organizations => Ok(None),
            None => Err("This field is required.".to_owned()),
        };
        match value {
            Ok(Some(value)) => drop(given.insert(name.to_owned(), value)),
            Ok(None) => {}
            Err(text) => drop(wrong.insert(name.to_owned(), json!([text]))),
        }
    }
    check_filter(kind, &given, &mut wrong);
    if wrong.is_empty() {
        Ok(given)
    } else {
        Err(wrong)
    }
}

fn check_filter(kind: Kind, given: &Map<String, Value>, wrong: &mut Map<String, Value>) {
    let Some(name) = kind.filtered() else { return };
    let settings = given.get(name).and_then(Value::as_object);
    if settings.is_some_and(|settings| organizations::filter(settings).is_none()) {
        let text = "course_org_filter must be a string or a list of strings.";
        wrong.insert(name.to_owned(), json!([text]));
    }
}

fn accept(
    model: &Model,
    name: &str,
    rule: Rule,
    value: &Value,
    own: Option<i64>,
) -> Result<Value, String> {
    if value.is_null() {
        return Err("This field may not be null.".to_owned());
    }
    match rule {
        Rule::Any => Ok(value.clone()),
        Rule::Object if value.is_object() => Ok(value.clone()),
        Rule::Object => Err(format!("{name} must be a dictionary.")),
        Rule::Text(longest) => text(value, longest),
        Rule::Domain(longest) => {
            let domain = text(value, longest)?;
            if model.is_taken(&domain, own) {
                return Err("route with this domain name already exists.".to_owned());
            }
            Ok(domain)
        }
        Rule::Config => pk(value, |id| model.contains(Kind::Config, id)).map(Value::from),
        Rule::Organizations => {
            let Value::Array(ids) = value else {
                let got = python(value);
                return Err(format!("Expected a list of items but got type \"{got}\"."));
            };
            let ids = ids.iter().map(|id| pk(id, |id| model.is_organization(id)));
            ids.collect()
        }
    }
}

fn text(value: &Value, longest: usize) -> Result<Value, String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return Err("Not a valid string.".to_owned()),
    };
    if text.is_empty() {
        return Err("This field may not be blank.".to_owned());
    }
    if text.chars().count() > longest {
        return Err(format!(
            "Ensure this field has no more than {longest} characters."
        ));
    }
    Ok(text.into())
}

fn pk(value: &Value, exists: impl Fn(i64) -> bool) -> Result<i64, String> {
    let id = match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    };
    let Some(id) = id else {
        let got = python(value);
        return Err(format!(
            "Incorrect type. Expected pk value, received {got}."
        ));
    };
    if exists(id) {
        return Ok(id);
    }
    Err(format!("Invalid pk \"{id}\" - object does not exist."))
}

/// What Python calls the type of a value.
fn python(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}
