//! Keys of other objects.

use std::borrow::Cow;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::scalar_text;
use crate::{Invalid, python};

/// Names another object by its key. Decoding refuses nothing but null and the empty text: whether
/// there is such an object is the handler's to find out, and its refusal shows what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    shown: String,
    id: Option<i64>,
}

impl Reference {
    /// What one member of a body refers to; nothing for null and the empty text.
    #[must_use]
    pub fn of(value: &serde_json::Value) -> Option<Self> {
        deserr::deserialize(value.clone()).ok()
    }

    /// The value as the reference's language shows it; lists and objects as JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The whole number it stands for: truth counts as 1, a fraction is cut off, a text is read
    /// leniently. Nothing where it is none of 64 bits.
    #[must_use]
    pub fn id(&self) -> Option<i64> {
        self.id
    }
}

/// A fraction without what is behind its point.
fn truncated(number: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range is checked, and cutting off is what is wanted"
    )]
    (number.abs() < 9.2e18).then_some(number as i64)
}

impl Deserr<Invalid> for Reference {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let id = match &value {
            Value::Null => return Err(Invalid::null(location)),
            Value::String(text) if text.is_empty() => return Err(Invalid::null(location)),
            Value::Boolean(flag) => Some(i64::from(*flag)),
            Value::Integer(number) => i64::try_from(*number).ok(),
            Value::NegativeInteger(number) => Some(*number),
            Value::Float(number) => truncated(*number),
            Value::String(text) => python::integer(text).and_then(|id| i64::try_from(id).ok()),
            Value::Sequence(_) | Value::Map(_) => None,
        };
        let shown = match value {
            Value::Sequence(_) | Value::Map(_) => serde_json::Value::from(value).to_string(),
            scalar => scalar_text(scalar).unwrap_or_default(),
        };
        Ok(Self { shown, id })
    }
}

impl JsonSchema for Reference {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Reference".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "string"] })
    }
}
