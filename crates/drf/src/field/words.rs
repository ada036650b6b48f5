//! Comma lists in one text.

use std::borrow::Cow;
use std::ops::Deref;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use provost_keys::text::trim;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::scalar_text;
use crate::{Invalid, texts};

/// A comma list: split, trimmed, without empty items and without repeats. No items left means no
/// filter; a blank text is refused. `LOWER` folds the items to lower case first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words<const LOWER: bool = false>(Vec<String>);

/// A comma list in lower case.
pub type LowerWords = Words<true>;

impl<const LOWER: bool> Words<LOWER> {
    /// Split `text`.
    #[must_use]
    pub fn split(text: &str) -> Self {
        let mut seen = std::collections::HashSet::new();
        let items = text.split(',').map(trim).filter(|item| !item.is_empty());
        let items = items.map(|item| {
            if LOWER {
                item.to_lowercase()
            } else {
                item.to_owned()
            }
        });
        Self(items.filter(|item| seen.insert(item.clone())).collect())
    }

    /// The items.
    #[must_use]
    pub fn into_vec(self) -> Vec<String> {
        self.0
    }
}

impl<const LOWER: bool> Deref for Words<LOWER> {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl<const LOWER: bool> Deserr<Invalid> for Words<LOWER> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        let text = match value {
            Value::Null => return Err(Invalid::null(location)),
            Value::Boolean(_) => None,
            value => scalar_text(value),
        };
        let text = text.ok_or_else(|| Invalid::at(location, texts::NOT_TEXT))?;
        if trim(&text).is_empty() {
            return Err(Invalid::at(location, texts::BLANK));
        }
        Ok(Self::split(&text))
    }
}

impl<const LOWER: bool> JsonSchema for Words<LOWER> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Words".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "minLength": 1,
            "description": "Items separated by commas.",
        })
    }
}
