//! Tenants and groups that went, and sweeping away what is left of them.
//!
//! Removing takes one row and notes that the rest is to be swept, in the same transaction: from then on
//! no query finds it, and nobody waits longer for a tenant with a hundred thousand records than for
//! one with none. What applications are to keep is noted too, and stays.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr};

use super::data::{self, kept_by};
use super::{any, column};
use crate::batch::{Insert, value};
use crate::select::{self, one};
use crate::{Db, Fault, Tx, derive};

/// What goes, by key and id.
#[derive(Debug, Clone, Copy)]
pub struct Going<'a> {
    /// The tenant.
    pub tenant: (i64, &'a str),
    /// Only this group of it.
    pub group: Option<(i64, &'a str)>,
}

/// Removes a tenant with its domains, or a group with its own, and everything of them but what the
/// applications in `keeping` keep.
pub async fn remove(
    tx: &Tx,
    going: Going<'_>,
    keeping: &[String],
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let (tenant, tenant_id) = going.tenant;
    data::forget_former(tx, tenant_id, going.group.map(|(_, id)| id), keeping, now).await?;
    let group = going.group.map(|(group, _)| group);
    match group {
        Some(group) => select::remove(tx, "profile_groups", group).await?,
        None => select::remove(tx, "tenant_profiles", tenant).await?,
    };
    let gone = Gone {
        tenant,
        tenant_id,
        group,
        group_id: going.group.map(|(_, id)| id),
    };
    note(tx, gone, keeping, now).await
}

/// What is noted as gone: of a tenant everything, or only what belonged to a group.
pub(super) struct Gone<'a> {
    /// The key of the tenant.
    pub(super) tenant: i64,
    /// Its id.
    pub(super) tenant_id: &'a str,
    /// Only of the group with this key.
    pub(super) group: Option<i64>,
    /// Only of groups of this id.
    pub(super) group_id: Option<&'a str>,
}

/// Notes that something is gone, but what these applications keep.
pub(super) async fn note(
    tx: &Tx,
    gone: Gone<'_>,
    keeping: &[String],
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    const COLUMNS: [&str; 5] = [
        "profile_id",
        "tenant_id",
        "group_key",
        "group_id",
        "removed_at",
    ];
    let row = vec![
        value(gone.tenant),
        value(gone.tenant_id),
        value(gone.group),
        value(gone.group_id),
        value(derive::micros(now)),
    ];
    let removal = Insert::into("profile_removals", &COLUMNS)
        .one_id(tx, row)
        .await?;
    let mut keeping: Vec<&String> = keeping.iter().collect();
    keeping.sort_unstable();
    keeping.dedup();
    let kept = keeping
        .into_iter()
        .map(|application| vec![value(removal), value(application.as_str())]);
    Insert::into("profile_kept", &["removal_id", "application_id"])
        .run(tx, kept.collect())
        .await
        .map(drop)
}

/// What is to be swept.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Removal {
    /// The key.
    pub id: i64,
    profile_id: i64,
    group_key: Option<i64>,
    group_id: Option<String>,
}

/// The first removal whose key is greater than `after`.
pub async fn next(db: &Db, after: i64) -> Result<Option<Removal>, Fault> {
    let select = Query::select()
        .columns(["id", "profile_id", "group_key", "group_id"])
        .from("profile_removals")
        .and_where(Expr::col("id").gt(after))
        .order_by("id", Order::Asc)
        .limit(1)
        .take();
    one(db, &select).await
}

impl Removal {
    /// Whether a record is of what went.
    fn took(&self) -> SimpleExpr {
        let column = |name| column("profile_data", name);
        let mut took = column("profile_id").eq(self.profile_id);
        if let Some(group) = self.group_key {
            took = took.and(column("group_key").eq(group));
        }
        if let Some(group_id) = &self.group_id {
            took = took.and(column("group_id").eq(group_id.as_str()));
        }
        took
    }

    fn all_records(&self) -> SelectStatement {
        Query::select()
            .column(("profile_data", "id"))
            .from("profile_data")
            .and_where(self.took())
            .take()
    }

    /// Records that are not kept.
    fn records(&self) -> SelectStatement {
        let application = column("profile_data", "application_id");
        let mut records = self.all_records();
        records.and_where(application.in_subquery(kept_by(self.id)).not());
        records
    }

    /// Groups of a tenant; a group that went by itself is gone already.
    fn groups(&self) -> Option<SelectStatement> {
        let is_whole = self.group_key.is_none() && self.group_id.is_none();
        is_whole.then(|| {
            Query::select()
                .column("id")
                .from("profile_groups")
                .and_where(Expr::col("profile_id").eq(self.profile_id))
                .take()
        })
    }

    /// What is to be taken away, by table.
    fn left(&self) -> impl Iterator<Item = (&'static str, SelectStatement)> {
        let groups = self.groups().map(|groups| ("profile_groups", groups));
        [("profile_data", self.records())].into_iter().chain(groups)
    }
}

/// Whether [`sweep`] would do anything: something is left to be taken away, or nothing is kept and the
/// removal is still there.
pub async fn is_due(db: &Db, removal: &Removal) -> Result<bool, Fault> {
    for (_, rows) in removal.left() {
        if any(db, &rows).await? {
            return Ok(true);
        }
    }
    if any(db, &removal.all_records()).await? {
        return Ok(false);
    }
    let own = Query::select()
        .column("id")
        .from("profile_removals")
        .and_where(Expr::col("id").eq(removal.id))
        .take();
    any(db, &own).await
}

/// Takes away up to `most` rows of what is left of a removal; how many there were. Less than `most`
/// means that all are away but what is kept, and the removal too if nothing is.
///
/// What belonged to accounts is left: whoever could do something with what is gone can do nothing, until
/// somebody says otherwise.
pub async fn sweep(tx: &Tx, removal: &Removal, most: u64) -> Result<u64, Fault> {
    let mut left = most;
    for (table, mut rows) in removal.left() {
        if left == 0 {
            break;
        }
        let ids: Vec<i64> = tx.column(rows.limit(left)).await?;
        select::remove_all(tx, table, &ids).await?;
        left = left.saturating_sub(ids.len() as u64);
    }
    if left > 0 && !any(tx, &removal.all_records()).await? {
        select::remove(tx, "profile_removals", removal.id).await?;
    }
    Ok(most - left)
}

/// The greatest key of the removals on record.
pub async fn newest(db: &Db) -> Result<Option<i64>, Fault> {
    let select = Query::select()
        .column("id")
        .from("profile_removals")
        .order_by("id", Order::Desc)
        .limit(1)
        .take();
    Ok(db.column(&select).await?.pop())
}
