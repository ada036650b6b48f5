//! Whole numbers.

use std::borrow::Cow;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::scalar_text;
use crate::{Invalid, python, texts};

/// A whole number between `MIN` and `MAX`: a number, or a text the reference's language reads as
/// one (`" 7 "`, `"1.0"`). Booleans and fractions are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Integer<const MIN: i64 = { i64::MIN }, const MAX: i64 = { i64::MAX }>(pub i64);

/// Without a fraction of zeros: `1.0` and `1.` are whole.
fn without_zeros(text: &str) -> &str {
    let text = provost_keys::text::trim(text);
    match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole,
        _ => text,
    }
}

impl<const MIN: i64, const MAX: i64> Deserr<Invalid> for Integer<MIN, MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let text = match value {
            Value::Null => return Err(Invalid::null(location)),
            Value::Boolean(_) => None,
            value => scalar_text(value),
        };
        let number = text
            .as_deref()
            .and_then(|text| python::integer(without_zeros(text)));
        let number = number.ok_or_else(|| Invalid::at(location, texts::NOT_INTEGER))?;
        if number > i128::from(MAX) {
            return Err(Invalid::at(location, texts::too_big(MAX)));
        }
        match i64::try_from(number) {
            Ok(number) if number >= MIN => Ok(Self(number)),
            _ => Err(Invalid::at(location, texts::too_small(MIN))),
        }
    }
}

impl<const MIN: i64, const MAX: i64> JsonSchema for Integer<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Integer".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = json_schema!({ "type": "integer" });
        if MIN != i64::MIN {
            schema.insert("minimum".to_owned(), MIN.into());
        }
        if MAX != i64::MAX {
            schema.insert("maximum".to_owned(), MAX.into());
        }
        schema
    }
}
