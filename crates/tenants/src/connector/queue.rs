//! What is left to push: the entries of the log after a number.

use chrono::{DateTime, Utc};
use provost_app::kind;
use provost_store::changes::{self, Change, Filter};
use provost_store::{Fault, Store};
use serde_json::Value;

/// How many entries are read at once; each may be as large as two configurations.
const CHUNK: u64 = 20;

/// What the kinds of entries begin with that concern the LMS: changes of tenants, and imports, whose
/// rows have no entries of their own.
const KINDS: [&str; 2] = ["tenant.", kind::IMPORTED];

/// The first entries after number `seq` that concern the LMS, or may.
pub(super) async fn after(store: &Store, seq: i64) -> Result<Vec<Change>, Fault> {
    // One look at the log: what the second query finds must not be older than what the first missed.
    let look = store.snapshot().await?;
    let mut entries = Vec::new();
    for filter in filters() {
        entries.extend(changes::chunk(&look, &filter, seq, CHUNK).await?);
    }
    entries.sort_by_key(|change| change.seq);
    entries.truncate(usize::try_from(CHUNK).unwrap_or(usize::MAX));
    Ok(entries)
}

/// How many entries after number `seq` concern the LMS, or may, and when the first was written.
pub(super) async fn backlog(
    store: &Store,
    seq: i64,
) -> Result<(u64, Option<DateTime<Utc>>), Fault> {
    let (mut entries, mut since) = (0, None);
    for filter in filters() {
        let (more, first) = changes::left(store.read(), &filter, seq).await?;
        entries += more;
        since = since.into_iter().chain(first).min();
    }
    Ok((entries, since))
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

fn filters() -> impl Iterator<Item = Filter> {
    KINDS.into_iter().map(|kind| Filter {
        kind: Some(kind.to_owned()),
        ..Filter::default()
    })
}
