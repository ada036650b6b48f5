//! Truth values.

use std::borrow::Cow;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use crate::{Invalid, texts};

/// A boolean: JSON's own, the numbers 0 and 1, or one of the words
/// `t y yes true on 1` / `f n no false off 0` in any case, untrimmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Flag(pub bool);

impl Flag {
    /// Read a word.
    #[must_use]
    pub fn word(text: &str) -> Option<Self> {
        match text.to_lowercase().as_str() {
            "t" | "y" | "yes" | "true" | "on" | "1" => Some(Self(true)),
            "f" | "n" | "no" | "false" | "off" | "0" => Some(Self(false)),
            _ => None,
        }
    }
}

impl std::ops::Deref for Flag {
    type Target = bool;

    fn deref(&self) -> &bool {
        &self.0
    }
}

impl Deserr<Invalid> for Flag {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let found = match value {
            Value::Null => return Err(Invalid::null(location)),
            Value::Boolean(flag) => Some(Self(flag)),
            Value::Integer(0) | Value::Float(0.0) => Some(Self(false)),
            Value::Integer(1) | Value::Float(1.0) => Some(Self(true)),
            Value::String(text) => Self::word(&text),
            _ => None,
        };
        found.ok_or_else(|| Invalid::at(location, texts::NOT_BOOLEAN))
    }
}

impl JsonSchema for Flag {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Flag".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "boolean" })
    }
}
