//! What OPTIONS says of the fields that bodies hold.

use provost_drf::Metadata;
use serde_json::{Map, Value, json};

/// The field `id`.
pub(crate) fn id() -> Value {
    json!({"type": "integer", "required": false, "read_only": true, "label": "ID"})
}

/// A text of at most `most` characters.
pub(crate) fn text(label: &str, required: bool, help: Option<&str>, most: usize) -> Value {
    let mut field = Map::new();
    field.insert("type".to_owned(), json!("string"));
    field.insert("required".to_owned(), json!(required));
    field.insert("read_only".to_owned(), json!(false));
    field.insert("label".to_owned(), json!(label));
    if let Some(help) = help {
        field.insert("help_text".to_owned(), json!(help));
    }
    field.insert("max_length".to_owned(), json!(most));
    field.into()
}

/// The key of another object.
pub(crate) fn reference(label: &str) -> Value {
    json!({"type": "field", "required": true, "read_only": false, "label": label})
}

/// The metadata of a row's view: what it takes is said only if there is such a row.
pub(crate) fn instance<T, E>(
    name: &'static str,
    found: &Result<T, E>,
    fields: fn() -> Value,
) -> Metadata {
    let metadata = Metadata::of(name);
    match found {
        Ok(_) => metadata.action("PUT", fields()),
        Err(_) => metadata,
    }
}
