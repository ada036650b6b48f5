//! What a tenant is: tables of cases, and a directory against plain rules.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect has failed"
)]

mod as_code;
mod consistency;
mod directory;
mod effective;
mod mfe;
mod names;
mod provision;
mod settings;
mod site;
mod summary;

use serde_json::{Map, Value};

/// The members of a JSON object.
fn object(value: &Value) -> Map<String, Value> {
    value.as_object().expect("a JSON object").clone()
}
