//! What a member may hold. Types are strict: no text stands for a number, and no number for a text.

use provost_tenancy::{DEEPEST, is_deeper};
use schemars::{Schema, json_schema};
use serde_json::{Value, json};

use super::Object;
use crate::refusal::{Code, Refusal};

/// What a member may hold.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A text of so many characters, and what else is asked of it.
    Text(usize, usize, Check),
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// True or false.
    Flag,
    /// A whole number of at least this.
    Whole(i64),
    /// An object of texts with at most so many characters.
    Texts(&'static [(&'static str, usize)]),
    /// Any object that those can read again who read it inside of others.
    Free,
    /// A list of at most [`LONGEST`] texts like that.
    List(usize, usize, Check),
    /// A list of some of these texts.
    Choices(fn() -> Vec<&'static str>),
    /// An object of whole numbers of at least 1.
    Numbers(&'static [&'static str]),
}

/// What is asked of a text beside its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// Nothing.
    Any,
    /// It can stand in a path: no slash, no control character, no blank at its ends, and neither `.` nor `..`.
    Identifier,
    /// The name of a domain: no `@`, no blank.
    Domain,
    /// The address of a mailbox: an `@`.
    Email,
}

impl Check {
    fn wants(self) -> Option<&'static str> {
        match self {
            Self::Any => None,
            Self::Identifier => Some("without slashes, control characters and blanks around it"),
            Self::Domain => Some("without '@', blanks and control characters"),
            Self::Email => Some("with an '@'"),
        }
    }

    fn admits(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Identifier => {
                let is_a_step = [".", ".."].contains(&text);
                !is_a_step
                    && text.trim() == text
                    && !text.contains(|c: char| c == '/' || c.is_control())
            }
            Self::Domain => {
                !text.contains(|c: char| c == '@' || c.is_whitespace() || c.is_control())
            }
            Self::Email => text.contains('@'),
        }
    }
}

/// What a member holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given {
    /// What is on record is to go.
    Cleared,
    /// A text.
    Text(String),
    /// True or false.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// Texts by name; nothing where one is to go.
    Texts(Vec<(&'static str, Option<String>)>),
    /// An object.
    Free(Object),
    /// Texts.
    List(Vec<String>),
    /// Whole numbers by name.
    Numbers(Vec<(&'static str, i64)>),
}

impl Kind {
    /// Reads a value of the member `name`.
    pub(super) fn read(&self, name: &str, value: &Value) -> Result<Given, Vec<Refusal>> {
        let wrong = || vec![self.refusal(name, value)];
        match self {
            Self::Text(min, max, check) => text(value, *min, *max, *check).map(Given::Text),
            Self::Choice(choices) => value
                .as_str()
                .filter(|text| choices.contains(text))
                .map(|text| Given::Text(text.to_owned())),
            Self::Flag => value.as_bool().map(Given::Flag),
            Self::Whole(min) => whole(value, *min).map(Given::Whole),
            Self::Texts(members) => return texts(name, members, value).ok_or_else(wrong)?,
            Self::Free => value
                .as_object()
                .filter(|_| !is_deeper(value, DEEPEST))
                .map(|object| Given::Free(object.clone())),
            Self::List(min, max, check) => {
                let items = listed(value).map(|items| {
                    let items = items.iter().map(|item| text(item, *min, *max, *check));
                    items.collect::<Option<Vec<_>>>()
                });
                items.flatten().map(Given::List)
            }
            Self::Choices(choices) => {
                let choices = choices();
                let items = listed(value).map(|items| {
                    let items = items.iter().map(|item| {
                        let text = item.as_str().filter(|text| choices.contains(text));
                        text.map(str::to_owned)
                    });
                    items.collect::<Option<Vec<_>>>()
                });
                items.flatten().map(Given::List)
            }
            Self::Numbers(members) => numbers(members, value).map(Given::Numbers),
        }
        .ok_or_else(wrong)
    }

    /// What is wrong with a value of the member `name`.
    fn refusal(&self, name: &str, value: &Value) -> Refusal {
        let has_null = value.as_str().is_some_and(|text| text.contains('\0'));
        let reason = if has_null {
            format!("Parameter '{name}' must not contain the null character")
        } else {
            format!("Parameter '{name}' must be {}", self.wants())
        };
        Refusal::of(Code::Invalid, name, reason)
    }

    /// What it has to be, as the rest of a sentence.
    fn wants(&self) -> String {
        match self {
            Self::Text(min, max, check) => format!("a text {}", measure(*min, *max, *check)),
            Self::Choice(choices) => format!("one of {}", quoted(choices)),
            Self::Flag => "true or false".to_owned(),
            Self::Whole(min) => format!("a whole number of at least {min}"),
            Self::Texts(_) => "an object".to_owned(),
            Self::Free => format!("an object, nested at most {DEEPEST} levels deep"),
            Self::List(min, max, check) => {
                format!(
                    "a list of at most {LONGEST} texts {}",
                    measure(*min, *max, *check)
                )
            }
            Self::Choices(choices) => format!("a list of {}", quoted(&choices())),
            Self::Numbers(members) => {
                format!(
                    "an object of {}, whole numbers of at least 1",
                    quoted(members)
                )
            }
        }
    }

    /// What it looks like in the document.
    pub(super) fn schema(&self) -> Schema {
        match self {
            Self::Text(min, max, _) => {
                json_schema!({"type": "string", "minLength": min, "maxLength": max})
            }
            Self::Choice(choices) => json_schema!({"enum": choices}),
            Self::Flag => json_schema!({"type": "boolean"}),
            Self::Whole(min) => json_schema!({"type": "integer", "minimum": min}),
            Self::Texts(members) => {
                let members = members.iter().map(|(name, max)| {
                    (
                        (*name).to_owned(),
                        json!({"type": ["string", "null"], "maxLength": max}),
                    )
                });
                json_schema!({"type": "object", "properties": members.collect::<Object>()})
            }
            Self::Free => json_schema!({"type": "object", "additionalProperties": true}),
            Self::List(..) => json_schema!({"type": "array", "items": {"type": "string"}}),
            Self::Choices(choices) => {
                json_schema!({"type": "array", "items": {"enum": choices()}})
            }
            Self::Numbers(members) => {
                let members = members
                    .iter()
                    .map(|name| ((*name).to_owned(), json!({"type": "integer", "minimum": 1})));
                json_schema!({"type": "object", "properties": members.collect::<Object>()})
            }
        }
    }

    /// The value that texts of a query stand for; what stands for none is left as it is, and refused
    /// when it is read.
    pub(crate) fn of_query(&self, texts: &[&str]) -> Value {
        let last = texts.last().copied().unwrap_or_default();
        match self {
            Self::Flag => match last {
                "true" | "1" => true.into(),
                "false" | "0" => false.into(),
                other => other.into(),
            },
            Self::Whole(_) => last
                .parse::<i64>()
                .map_or_else(|_| last.into(), Value::from),
            Self::List(..) | Self::Choices(_) => texts
                .iter()
                .flat_map(|text| text.split(','))
                .filter(|text| !text.is_empty())
                .map(Value::from)
                .collect(),
            Self::Texts(_) | Self::Free | Self::Numbers(_) => {
                serde_json::from_str(last).unwrap_or_else(|_| last.into())
            }
            Self::Text(..) | Self::Choice(_) => last.into(),
        }
    }
}

/// How many texts a list may have: more than anybody has domains, and no more than can be looked up while
/// others wait.
const LONGEST: usize = 10_000;

fn listed(value: &Value) -> Option<&Vec<Value>> {
    value.as_array().filter(|items| items.len() <= LONGEST)
}

fn text(value: &Value, min: usize, max: usize, check: Check) -> Option<String> {
    let text = value.as_str()?;
    let length = text.chars().count();
    let fits = (min..=max).contains(&length) && check.admits(text) && !text.contains('\0');
    fits.then(|| text.to_owned())
}

fn whole(value: &Value, min: i64) -> Option<i64> {
    value.as_i64().filter(|number| *number >= min)
}

fn numbers(members: &'static [&'static str], value: &Value) -> Option<Vec<(&'static str, i64)>> {
    let object = value.as_object()?;
    let mut numbers = Vec::new();
    for name in members {
        if let Some(value) = object.get(*name) {
            numbers.push((*name, whole(value, 1)?));
        }
    }
    Some(numbers)
}

/// The members of an object of texts; nothing where it is no object.
fn texts(
    name: &str,
    members: &'static [(&'static str, usize)],
    value: &Value,
) -> Option<Result<Given, Vec<Refusal>>> {
    let object = value.as_object()?;
    let mut given = Vec::new();
    let mut refusals = Vec::new();
    for (member, max) in members {
        match object.get(*member) {
            None => {}
            Some(Value::Null) => given.push((*member, None)),
            Some(value) => {
                if let Some(text) = text(value, 0, *max, Check::Any) {
                    given.push((*member, Some(text).filter(|text| !text.is_empty())));
                } else {
                    let parameter = format!("{name}.{member}");
                    let reason = format!(
                        "Parameter '{parameter}' must be a text of at most {max} characters"
                    );
                    refusals.push(Refusal::of(Code::Invalid, &parameter, reason));
                }
            }
        }
    }
    Some(if refusals.is_empty() {
        Ok(Given::Texts(given))
    } else {
        Err(refusals)
    })
}

fn measure(min: usize, max: usize, check: Check) -> String {
    let mut measure = match min {
        0 => format!("of at most {max} characters"),
        _ => format!("of {min} to {max} characters"),
    };
    if let Some(wants) = check.wants() {
        measure.push(' ');
        measure.push_str(wants);
    }
    measure
}

fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    names.join(", ")
}
