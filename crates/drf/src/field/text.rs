//! Texts.

use std::borrow::Cow;
use std::ops::Deref;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use provost_keys::text::trim;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::scalar_text;
use crate::{Invalid, texts};

/// A trimmed text of at most `MAX` characters, not blank. Numbers are accepted and written out.
///
/// `BLANK` allows an empty text, `TRIM` switches trimming; see [`Blankable`] and [`Verbatim`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize, const BLANK: bool = false, const TRIM: bool = true>(String);

/// A trimmed text that may be empty.
pub type Blankable<const MAX: usize> = Text<MAX, true, true>;

/// A text taken exactly as it was sent; not empty.
pub type Verbatim<const MAX: usize> = Text<MAX, false, false>;

impl<const MAX: usize, const BLANK: bool, const TRIM: bool> Text<MAX, BLANK, TRIM> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize, const BLANK: bool, const TRIM: bool> Deref for Text<MAX, BLANK, TRIM> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize, const BLANK: bool, const TRIM: bool> From<Text<MAX, BLANK, TRIM>>
    for String
{
    fn from(text: Text<MAX, BLANK, TRIM>) -> Self {
        text.0
    }
}

impl<const MAX: usize, const BLANK: bool, const TRIM: bool> std::fmt::Display
    for Text<MAX, BLANK, TRIM>
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A test a text must pass, and the sentence for failing it.
pub(crate) type Rule = (fn(&str) -> bool, &'static str);

/// The rules of one text field.
pub(crate) struct Rules {
    pub(crate) max: usize,
    pub(crate) blank: bool,
    pub(crate) trim: bool,
    /// One more rule.
    pub(crate) also: Option<Rule>,
}

impl Rules {
    /// Apply the rules, in the reference's order; all that are broken are reported.
    pub(crate) fn read<V: IntoValue>(
        &self,
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<String, Invalid> {
        let text = match value {
            Value::Null => return Err(Invalid::null(location)),
            Value::Boolean(_) => None,
            value => scalar_text(value),
        };
        let text = text.ok_or_else(|| Invalid::at(location, texts::NOT_TEXT))?;
        let text = if self.trim { trimmed(text) } else { text };
        if text.is_empty() {
            return if self.blank {
                Ok(text)
            } else {
                Err(Invalid::at(location, texts::BLANK))
            };
        }
        match self.broken(&text, location) {
            Some(invalid) => Err(invalid),
            None => Ok(text),
        }
    }

    fn broken(&self, text: &str, location: ValuePointerRef<'_>) -> Option<Invalid> {
        // No text has more characters than bytes, so short ones are never counted.
        let long = text.len() > self.max && text.chars().count() > self.max;
        let also = self
            .also
            .filter(|(holds, _)| !holds(text))
            .map(|(_, sentence)| sentence.into());
        let sentences = [
            long.then(|| texts::too_long(self.max)),
            text.contains('\0').then_some(texts::NULL_CHARACTERS.into()),
            also,
        ];
        sentences
            .into_iter()
            .flatten()
            .map(|sentence| Invalid::at(location, sentence))
            .reduce(|mut all, next| {
                all.extend(next);
                all
            })
    }

    pub(crate) fn schema(&self, format: Option<&str>) -> Schema {
        let mut schema = json_schema!({
            "type": "string",
            "minLength": usize::from(!self.blank),
        });
        if self.max != usize::MAX {
            schema.insert("maxLength".to_owned(), self.max.into());
        }
        if let Some(format) = format {
            schema.insert("format".to_owned(), format.into());
        }
        schema
    }
}

fn trimmed(text: String) -> String {
    let inner = trim(&text);
    if inner.len() == text.len() {
        text
    } else {
        inner.to_owned()
    }
}

impl<const MAX: usize, const BLANK: bool, const TRIM: bool> Text<MAX, BLANK, TRIM> {
    const RULES: Rules = Rules {
        max: MAX,
        blank: BLANK,
        trim: TRIM,
        also: None,
    };
}

impl<const MAX: usize, const BLANK: bool, const TRIM: bool> Deserr<Invalid>
    for Text<MAX, BLANK, TRIM>
{
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Invalid> {
        Self::RULES.read(value, location).map(Self)
    }
}

impl<const MAX: usize, const BLANK: bool, const TRIM: bool> JsonSchema for Text<MAX, BLANK, TRIM> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        Self::RULES.schema(None)
    }
}
