//! What the change log says of this family's writes.

use provost_app::{App, Author};
use provost_store::changes::Entry;
use serde_json::Value;

/// An entry about `subject` in an organization, with what was and what is.
pub(crate) fn entry(
    app: &App,
    by: &Author,
    organization: i64,
    (kind, subject): (&str, String),
    before: Option<Value>,
    after: Option<Value>,
) -> Entry {
    Entry {
        org: app
            .course_access()
            .short_name(organization)
            .map(str::to_owned),
        before,
        after,
        ..by.entry(kind, &subject)
    }
}
