//! Field types: each decodes one kind of value, refuses with the reference's sentences, and says
//! in the document what it takes.

mod choice;
mod filter;
mod flag;
mod formats;
mod list;
mod maybe;
mod number;
mod reference;
mod text;
mod words;

pub use choice::Choice;
pub use filter::{NumberFilter, Ternary};
pub use flag::Flag;
pub use formats::{Email, Slug, Url};
pub use list::{Batch, Items, NonEmpty};
pub use maybe::{Maybe, Optional};
pub use number::Integer;
pub use reference::Reference;
pub use text::{Blankable, Text, Verbatim};
pub use words::{LowerWords, Words};

use deserr::{IntoValue, Value};

use crate::python;

/// A scalar as the text the reference's language makes of it; lists and objects have none.
pub(crate) fn scalar_text<V: IntoValue>(value: Value<V>) -> Option<String> {
    match value {
        Value::Boolean(true) => Some("True".to_owned()),
        Value::Boolean(false) => Some("False".to_owned()),
        Value::Integer(number) => Some(number.to_string()),
        Value::NegativeInteger(number) => Some(number.to_string()),
        Value::Float(number) => Some(python::float(number)),
        Value::String(text) => Some(text),
        Value::Null | Value::Sequence(_) | Value::Map(_) => None,
    }
}
