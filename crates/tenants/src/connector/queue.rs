//! What is left to push: the entries of the log after a number.

use provost_app::kind;
use provost_store::changes::{self, Change, Filter, Waiting};
use provost_store::{Fault, Store};
use serde_json::Value;

use super::object::Kind;

/// How many entries are read at once; each may be as large as two configurations.
const CHUNK: u64 = 20;

/// The entries that concern the LMS, or may, among the next ones of the log from the first that waits.
///
/// They are read along the numbers of the log and looked through here: to have the database pick out a
/// few kinds would make it sort everything that waits, each time.
pub(super) async fn next(store: &Store, waiting: &Waiting) -> Result<Vec<Change>, Fault> {
    let all = Filter::default();
    let mut entries = changes::chunk(store.read(), &all, waiting.first - 1, CHUNK).await?;
    let kinds = kinds();
    entries.retain(|change| kinds.contains(&change.kind.as_str()));
    Ok(entries)
}

/// What there is after number `seq` that concerns the LMS, or may.
pub(super) async fn waiting(store: &Store, seq: i64) -> Result<Option<Waiting>, Fault> {
    changes::waiting(store.read(), &kinds(), seq).await
}

/// Whether an entry says that rows of tenants were written that have no entries of their own.
pub(super) fn is_import_of_tenants(change: &Change) -> bool {
    if change.kind != kind::IMPORTED {
        return false;
    }
    let rows = change.after.as_ref().and_then(|after| after.get("rows"));
    // An entry that does not say what was imported may speak of anything.
    let Some(Value::Object(rows)) = rows else {
        return true;
    };
    rows.keys().any(|label| label.starts_with("eox_tenant."))
}

/// The kinds of entries that concern the LMS: changes of tenants, and imports, whose rows have no entries
/// of their own.
fn kinds() -> Vec<&'static str> {
    let own = Kind::ALL.into_iter().flat_map(|kind| {
        let kinds = kind.entries();
        [kinds.created, kinds.changed, kinds.deleted]
    });
    own.chain([kind::IMPORTED]).collect()
}
