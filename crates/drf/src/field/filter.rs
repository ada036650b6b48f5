//! Values of filters, as the reference's filter library reads them.

use std::borrow::Cow;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::scalar_text;
use crate::{Invalid, python, texts};

/// Yes, no, or no filter at all, which is what everything but the exact words means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ternary(pub Option<bool>);

/// A whole number to filter by; a fraction is cut off. Nothing where no row can have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberFilter(pub Option<i64>);

/// The greatest number that the reference takes.
const MOST: f64 = 1e50;
/// The most characters of a number: nobody means more, and reading them takes time.
const LONGEST: usize = 400;

impl Deserr<Invalid> for Ternary {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        _: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        Ok(Self(match scalar_text(value).as_deref() {
            Some("True" | "true" | "2") => Some(true),
            Some("False" | "false" | "3") => Some(false),
            _ => None,
        }))
    }
}

impl Deserr<Invalid> for NumberFilter {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let text = scalar_text(value).unwrap_or_default();
        let text = provost_keys::text::trim(&text);
        if let Some(number) = python::integer(text).and_then(|n| i64::try_from(n).ok()) {
            return Ok(Self(Some(number)));
        }
        let number = decimal(text).ok_or_else(|| Invalid::at(location, texts::FILTER_NUMBER))?;
        if number > MOST {
            return Err(Invalid::at(location, texts::FILTER_TOO_BIG));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the range is checked, and cutting off is what is wanted"
        )]
        Ok(Self((number.abs() < 9.2e18).then_some(number as i64)))
    }
}

/// A finite decimal number, with or without an exponent.
fn decimal(text: &str) -> Option<f64> {
    let is_number = |c: char| c.is_ascii_digit() || ".eE+-".contains(c);
    if text.len() > LONGEST || !text.chars().all(is_number) {
        // Digits of other scripts and separated ones make whole numbers, however great.
        return python::integer(text).map(|_| f64::MAX);
    }
    let number: f64 = text.parse().ok()?;
    // What is finite but beyond this type is beyond the greatest number as well.
    Some(number.clamp(f64::MIN, f64::MAX))
}

impl JsonSchema for Ternary {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Ternary".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "boolean" })
    }
}

impl JsonSchema for NumberFilter {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "NumberFilter".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "maximum": MOST })
    }
}
