//! The names of all settings, read out of their schema.

use serde_json::Value;

use super::Settings;

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Its section, e.g. `auth.jwt`.
    pub section: String,
    /// Its name in the section, e.g. `secret`.
    pub name: String,
    /// What kind of value it takes.
    pub kind: Kind,
    /// What it does, in whole sentences.
    pub description: String,
    /// The values it may take, where they are few.
    pub choices: Vec<String>,
    /// What it is when nobody sets it; nothing when it is then absent.
    pub default: Option<Value>,
    /// Whether its value must not be printed.
    pub secret: bool,
}

/// What kind of value a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// A list of texts; separated by commas in the environment and in flags.
    List,
}

impl Key {
    /// All settings, ordered by section and name.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut keys = Vec::new();
        collect(Settings::schema().as_value(), "", &mut keys);
        keys.sort_by(|a, b| (&a.section, &a.name).cmp(&(&b.section, &b.name)));
        keys
    }

    /// The section and the name, e.g. `auth.jwt.secret`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }

    /// The variable that sets it, e.g. `PROVOST__AUTH__JWT__SECRET`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!(
            "{}{}",
            super::load::PREFIX,
            self.path().replace('.', "__").to_ascii_uppercase()
        )
    }

    /// The name most like a misspelt one, if any is alike.
    #[must_use]
    pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        known
            .into_iter()
            .map(|name| (strsim::normalized_damerau_levenshtein(wrong, name), name))
            .filter(|(likeness, _)| *likeness > 0.6)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, name)| name)
    }
}

/// Walks the schema: an object with properties is a section, anything else a setting.
fn collect(schema: &Value, section: &str, keys: &mut Vec<Key>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    for (name, property) in properties {
        if property.get("properties").is_some() {
            let inner = if section.is_empty() {
                name.clone()
            } else {
                format!("{section}.{name}")
            };
            collect(property, &inner, keys);
        } else {
            keys.push(key(section, name, property));
        }
    }
}

fn key(section: &str, name: &str, property: &Value) -> Key {
    let description = property
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    Key {
        section: section.to_owned(),
        name: name.to_owned(),
        kind: kind(property),
        description: description.replace('\n', " "),
        choices: choices(property.get("items").unwrap_or(property)),
        default: property
            .get("default")
            .filter(|value| !value.is_null())
            .cloned(),
        secret: is_secret(property),
    }
}

/// The kind that the schema's `type` names; a choice among texts has no `type` of its own.
fn kind(property: &Value) -> Kind {
    let named = match property.get("type") {
        Some(Value::Array(types)) => types
            .iter()
            .filter_map(Value::as_str)
            .find(|name| *name != "null"),
        Some(Value::String(name)) => Some(name.as_str()),
        _ => None,
    };
    match named {
        Some("boolean") => Kind::Flag,
        Some("integer") => Kind::Whole,
        Some("number") => Kind::Number,
        Some("array") => Kind::List,
        _ => Kind::Text,
    }
}

/// The values of a choice: described ones stand in `oneOf` as constants, the others in `enum`.
fn choices(property: &Value) -> Vec<String> {
    let listed = |name: &str| {
        property
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    listed("oneOf")
        .filter_map(|variant| variant.get("const"))
        .chain(listed("enum"))
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// An optional secret is a choice between the secret and nothing.
fn is_secret(property: &Value) -> bool {
    let marked = |schema: &Value| schema.get("writeOnly") == Some(&Value::Bool(true));
    marked(property)
        || property
            .get("anyOf")
            .and_then(Value::as_array)
            .is_some_and(|any| any.iter().any(marked))
}
