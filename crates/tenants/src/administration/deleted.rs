//! Tenants that were deleted: which there are, bringing one back, and forgetting one for good.

use chrono::{DateTime, TimeDelta, Utc};
use provost_app::{App, Author, kind};
use provost_drf::times;
use provost_store::Fault;
use provost_store::changes::Entry;
use provost_store::tenants::configs::Config;
use provost_store::tenants::{deleted as store, routes};
use serde_json::json;

use crate::record;
use crate::removal;
use crate::work::Work;

pub use provost_store::tenants::deleted::{Deleted, Listed};

/// How many are read at a time.
const CHUNK: u64 = 100;

/// A tenant that is back.
#[derive(Clone, Debug)]
pub struct Restored {
    /// Its configuration, under its old key.
    pub config: Config,
    /// The domains it answers under.
    pub domains: Vec<String>,
}

/// Why a tenant does not come back.
#[derive(Debug, thiserror::Error)]
pub enum NotRestored {
    /// Nothing is kept of it: it is back already, or was purged.
    #[error("nothing is kept of this tenant any more")]
    Unknown,
    /// Others have what was its own; the text says who has what.
    #[error("{0}")]
    Taken(String),
    /// What was kept cannot be read.
    #[error("what was kept of deleted tenant {0} cannot be read")]
    Unreadable(i64),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<removal::NotRestored> for NotRestored {
    fn from(why: removal::NotRestored) -> Self {
        match why {
            removal::NotRestored::Taken(text) => Self::Taken(text),
            removal::NotRestored::Unreadable(id) => Self::Unreadable(id),
            // Its key, or that of a route, came back by an import.
            removal::NotRestored::Fault(Fault::Duplicate(_)) => {
                let text = "Another tenant or route has come to have the same number.";
                Self::Taken(text.to_owned())
            }
            removal::NotRestored::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// When a tenant that was deleted then may be purged.
#[must_use]
pub fn expiry(app: &App, deleted_at: DateTime<Utc>) -> DateTime<Utc> {
    let days = TimeDelta::days(app.settings().tenants.restore_days.into());
    deleted_at
        .checked_add_signed(days)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Brings a deleted tenant back, known by the key of what is kept of it.
///
/// # Errors
/// See [`NotRestored`].
pub async fn restore(app: &App, by: impl Into<Author>, id: i64) -> Result<Restored, NotRestored> {
    let mut work = Work::begin(app, by).await?;
    let kept = store::find(&work.tx, id).await?;
    let kept = kept.ok_or(NotRestored::Unknown)?;
    let config = removal::restore(&mut work, &kept).await?;
    let routes = routes::of_configs(&work.tx, &[config.id]).await?;
    work.commit().await?;
    Ok(Restored {
        config,
        domains: routes.into_iter().map(|route| route.domain).collect(),
    })
}

/// Forgets for good what is kept of a deleted tenant. Nothing happens, and it says so, if it is back
/// or somebody else was quicker.
///
/// # Errors
/// The database failed.
pub async fn purge(app: &App, by: impl Into<Author>, kept: &Deleted) -> Result<bool, Fault> {
    let mut work = Work::begin(app, by).await?;
    if !store::remove(&work.tx, kept.id).await? {
        return Ok(false);
    }
    let facts = json!({
        "id": kept.tenant_id,
        "tenant_name": kept.tenant_name,
        "external_key": kept.external_key,
        "deleted_at": times::text(&kept.deleted_at),
        "deleted_by": kept.deleted_by,
    });
    let subject = record::tenant_subject(kept.tenant_id);
    let entry = Entry {
        before: Some(facts),
        ..work.by.entry(kind::TENANT_PURGED, &subject)
    };
    work.entries.push(entry);
    work.commit().await?;
    Ok(true)
}

/// The first `limit` of the tenants that were deleted more than so many days ago, oldest first; only
/// those that follow after `last`.
///
/// # Errors
/// The database failed.
pub async fn older_than(
    app: &App,
    days: u32,
    last: Option<&Deleted>,
    limit: u64,
) -> Result<Vec<Deleted>, Fault> {
    let before = app.now().checked_sub_signed(TimeDelta::days(days.into()));
    let after = last.map(|kept| (kept.deleted_at, kept.id));
    match before {
        Some(before) => store::expired(app.store().read(), before, after, limit).await,
        // Nothing is as old as time.
        None => Ok(Vec::new()),
    }
}

/// Goes through all deleted tenants, newest first.
///
/// # Errors
/// The database failed.
pub async fn each(app: &App, mut visit: impl FnMut(Listed)) -> Result<(), Fault> {
    let mut before = None;
    loop {
        let chunk = store::page(app.store().read(), before, CHUNK).await?;
        let Some(last) = chunk.last() else {
            return Ok(());
        };
        before = Some(last.id);
        chunk.into_iter().for_each(&mut visit);
    }
}

/// What is kept under this key.
///
/// # Errors
/// The database failed.
pub async fn find(app: &App, id: i64) -> Result<Option<Deleted>, Fault> {
    store::find(app.store().read(), id).await
}

/// What was kept last of a tenant of exactly this name.
///
/// # Errors
/// The database failed.
pub async fn newest_named(app: &App, name: &str) -> Result<Option<Deleted>, Fault> {
    store::newest_named(app.store().read(), name).await
}
