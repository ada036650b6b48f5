//! One of several texts.

use std::borrow::Cow;
use std::ops::Deref;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::scalar_text;
use crate::{Invalid, texts};

/// One of the names of the unit enum `E` (derive `Deserr` and `JsonSchema`, rename in both),
/// untrimmed and case-sensitive. Anything else is `"x" is not a valid choice.`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice<E>(pub E);

impl<E> Deref for Choice<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.0
    }
}

impl<E: Deserr<Invalid>> Deserr<Invalid> for Choice<E> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        if matches!(value, Value::Null) {
            return Err(Invalid::null(location));
        }
        match scalar_text(value) {
            Some(text) => E::deserialize_from_value(Value::<V>::String(text), location).map(Self),
            None => Err(Invalid::at(location, texts::NOT_TEXT)),
        }
    }
}

impl<E: JsonSchema> JsonSchema for Choice<E> {
    fn inline_schema() -> bool {
        E::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        E::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        E::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        E::json_schema(generator)
    }
}
