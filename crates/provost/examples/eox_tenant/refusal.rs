//! What the API says when it does not do what was asked.

use serde_json::{Map, Value, json};

/// An answer of the API.
#[derive(Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Option<Value>,
    /// The id of what was made, changed or removed.
    pub(crate) written: Option<i64>,
    /// The methods that would do, for the header `Allow`.
    pub(crate) allow: Option<&'static str>,
}

impl Reply {
    /// An answer that changed nothing.
    pub(crate) fn plain(status: u16, body: Value) -> Self {
        Self {
            status,
            body: Some(body),
            written: None,
            allow: None,
        }
    }

    /// An answer to a write that was carried out.
    pub(crate) fn written(status: u16, id: i64, body: Option<Value>) -> Self {
        Self {
            status,
            body,
            written: Some(id),
            allow: None,
        }
    }

    pub(crate) fn detail(status: u16, text: &str) -> Self {
        Self::plain(status, json!({ "detail": text }))
    }

    pub(crate) fn not_found() -> Self {
        Self::detail(404, "Not found.")
    }

    /// No object of this model is meant.
    pub(crate) fn missing(model: &str) -> Self {
        Self::detail(404, &format!("No {model} matches the given query."))
    }

    /// Several objects are meant.
    pub(crate) fn several(model: &str) -> Self {
        let text = format!("More than one {model} matches the given query.");
        Self::detail(409, &text)
    }

    pub(crate) fn not_allowed(method: &str, allow: &'static str) -> Self {
        let text = format!("Method \"{method}\" not allowed.");
        Self {
            allow: Some(allow),
            ..Self::detail(405, &text)
        }
    }

    /// The messages of each field that is wrong.
    pub(crate) fn invalid(wrong: Map<String, Value>) -> Self {
        Self::plain(400, Value::Object(wrong))
    }
}
