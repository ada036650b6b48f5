//! Lists. A plain `Vec<T>` is a list of values, with its errors keyed by index.

use std::borrow::Cow;
use std::ops::Deref;

use deserr::{Deserr, IntoValue, Sequence, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use crate::invalid::{Invalid, depth};
use crate::texts;

/// A list of values that is not empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct NonEmpty<T>(Vec<T>);

/// A list of objects, as a body or inside one. Its errors are a list with `{}` for good elements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Items<T>(pub Vec<T>);

impl<T> NonEmpty<T> {
    /// The values.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T> Deref for NonEmpty<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> Deref for Items<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> IntoIterator for NonEmpty<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<T> IntoIterator for Items<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<T: Deserr<Invalid>> Deserr<Invalid> for NonEmpty<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let all = Vec::<T>::deserialize_from_value(value, location)?;
        if all.is_empty() {
            Err(Invalid::at(location, texts::EMPTY_LIST))
        } else {
            Ok(Self(all))
        }
    }
}

impl<T: Deserr<Invalid>> Deserr<Invalid> for Items<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let sequence = match value {
            Value::Sequence(sequence) => sequence,
            other => return Err(Invalid::not_a_list_of_objects(location, other.kind())),
        };
        let of = sequence.len();
        // The element's own decoder reports relative to an index; a list of objects is another form.
        match Vec::<T>::deserialize_from_value(Value::<V>::Sequence(sequence), location) {
            Ok(all) => Ok(Self(all)),
            Err(invalid) => Err(invalid.into_item(depth(location), of)),
        }
    }
}

impl<T: JsonSchema> JsonSchema for NonEmpty<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("NonEmpty_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Vec::<T>::json_schema(generator);
        schema.insert("minItems".to_owned(), 1.into());
        schema
    }
}

impl<T: JsonSchema> JsonSchema for Items<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Items_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<T>::json_schema(generator)
    }
}

/// A list of at most `MOST` things; a longer one is refused before its elements are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch<T, const MOST: usize>(pub Vec<T>);

impl<T: Deserr<Invalid>, const MOST: usize> Deserr<Invalid> for Batch<T, MOST> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        if let Value::Sequence(all) = &value
            && all.len() > MOST
        {
            let text = format!("Ensure this field has no more than {MOST} elements.");
            return Err(Invalid::at(location, text));
        }
        Vec::deserialize_from_value(value, location).map(Self)
    }
}

impl<T: JsonSchema, const MOST: usize> JsonSchema for Batch<T, MOST> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Batch_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<T>();
        json_schema!({"type": "array", "items": items, "maxItems": MOST})
    }
}
