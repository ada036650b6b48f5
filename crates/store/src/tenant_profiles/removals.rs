//! Tenants and groups that went, and sweeping away what is left of them.
//!
//! Removing takes one row and notes that the rest is to be swept, in the same transaction: from then on
//! no query finds it, and nobody waits longer for a tenant with a hundred thousand records than for
//! one with none. What applications are to keep is noted too, and stays.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

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
    const COLUMNS: [&str; 4] = ["profile_id", "tenant_id", "group_key", "removed_at"];
    let (tenant, tenant_id) = going.tenant;
    data::forget_former(tx, tenant_id, going.group.map(|(_, id)| id), keeping).await?;
    let group = going.group.map(|(group, _)| group);
    match group {
        Some(group) => select::remove(tx, "profile_groups", group).await?,
        None => select::remove(tx, "tenant_profiles", tenant).await?,
    };
    let row = vec![
        value(tenant),
        value(tenant_id),
        value(group),
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Removal {
    /// The key.
    pub id: i64,
    profile_id: i64,
    group_key: Option<i64>,
}

/// The first removal whose key is greater than `after`.
pub async fn next(db: &Db, after: i64) -> Result<Option<Removal>, Fault> {
    let select = Query::select()
        .columns(["id", "profile_id", "group_key"])
        .from("profile_removals")
        .and_where(Expr::col("id").gt(after))
        .order_by("id", Order::Asc)
        .limit(1)
        .take();
    one(db, &select).await
}

impl Removal {
    /// Whether a row of `table` is left of what went.
    fn left(self, table: &'static str) -> sea_orm::sea_query::SimpleExpr {
        match self.group_key {
            Some(group) => column(table, "group_key").eq(group),
            None => column(table, "profile_id").eq(self.profile_id),
        }
    }

    fn records(self) -> SelectStatement {
        let kept = kept_by(self.id);
        Query::select()
            .column(("profile_data", "id"))
            .from("profile_data")
            .and_where(self.left("profile_data"))
            .and_where(
                column("profile_data", "application_id")
                    .in_subquery(kept)
                    .not(),
            )
            .take()
    }

    fn people(self) -> SelectStatement {
        Query::select()
            .expr_as(column("profile_people", "user_id"), "id")
            .from("profile_people")
            .and_where(self.left("profile_people"))
            .take()
    }

    /// Groups of a tenant; a group that went by itself is gone already.
    fn groups(self) -> Option<SelectStatement> {
        self.group_key.is_none().then(|| {
            Query::select()
                .column("id")
                .from("profile_groups")
                .and_where(Expr::col("profile_id").eq(self.profile_id))
                .take()
        })
    }
}

/// Takes away up to `most` rows of what is left of a removal; how many there were. Less than `most`
/// means that all are away but what is kept, and the removal too if nothing is.
pub async fn sweep(tx: &Tx, removal: Removal, most: u64) -> Result<u64, Fault> {
    let mut left = most;
    let statements = [
        ("profile_data", "id", Some(removal.records())),
        ("profile_people", "user_id", Some(removal.people())),
        ("profile_groups", "id", removal.groups()),
    ];
    for (table, key, rows) in statements {
        let Some(mut rows) = rows.filter(|_| left > 0) else {
            continue;
        };
        let ids: Vec<i64> = tx.column(rows.limit(left)).await?;
        if ids.is_empty() {
            continue;
        }
        let delete = Query::delete()
            .from_table(table)
            .and_where(tx.dialect().is_one_of_ids(Expr::col(key), &ids))
            .take();
        tx.run(&delete).await?;
        left = left.saturating_sub(ids.len() as u64);
    }
    if left > 0 && !keeps_anything(tx, removal).await? {
        select::remove(tx, "profile_removals", removal.id).await?;
    }
    Ok(most - left)
}

async fn keeps_anything(tx: &Tx, removal: Removal) -> Result<bool, Fault> {
    let select = Query::select()
        .column("id")
        .from("profile_data")
        .and_where(removal.left("profile_data"))
        .take();
    any(tx, &select).await
}
