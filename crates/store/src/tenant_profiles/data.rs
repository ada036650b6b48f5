//! What applications keep of end users, by the address of the user: tenant, group and name.
//!
//! A record belongs to the group that was there when it was made. Where that group or its tenant went and
//! the record was to be kept, it is found at its address by whoever asks for what is gone, too.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{
    Condition, Expr, ExprTrait, OnConflict, Order, Query, SelectStatement, SimpleExpr,
};

use super::column;
use super::removals::{self, Gone};
use crate::batch::{Insert, value};
use crate::{Db, Fault, Tx, select};

/// Whose records are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Address<'a> {
    /// The id of the tenant.
    pub tenant_id: &'a str,
    /// The id of the group.
    pub group_id: &'a str,
    /// The name of the user.
    pub username: &'a str,
    /// The key of the group that is there now, if one is.
    pub group: Option<i64>,
    /// Whether what was kept of groups that are gone is asked for, too.
    pub gone: bool,
}

/// A record to be written.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// Whose application.
    pub application: &'a str,
    /// What the application calls it.
    pub key: &'a str,
    /// What it is.
    pub value: &'a str,
}

const TABLE: &str = "profile_data";
const R: &str = "removal";

impl Address<'_> {
    fn has_null_character(self) -> bool {
        [self.tenant_id, self.group_id, self.username]
            .iter()
            .any(|name| name.contains('\0'))
    }

    /// Whether a row is at the address and is to be found there.
    fn found(self) -> Condition {
        // Nothing is in no group.
        let own = column(TABLE, "group_key").eq(self.group.unwrap_or(0));
        let mut there = Condition::any().add(own);
        if self.gone {
            let kept = Condition::all()
                .add(Expr::exists(covering()))
                .add(Expr::exists(forgetting()).not());
            there = there.add(kept);
        }
        Condition::all()
            .add(column(TABLE, "tenant_id").eq(self.tenant_id))
            .add(column(TABLE, "group_id").eq(self.group_id))
            .add(column(TABLE, "username").eq(self.username))
            .add(there)
    }

    fn select(self, name: &'static str) -> SelectStatement {
        Query::select()
            .distinct()
            .column((TABLE, name))
            .from(TABLE)
            .cond_where(self.found())
            .order_by((TABLE, name), Order::Asc)
            .take()
    }
}

/// The removals by which a row went.
fn covering() -> SelectStatement {
    let of_any = |name| column(R, name).is_null();
    let of_own = |name| column(R, name).eq(column(TABLE, name));
    Query::select()
        .expr(Expr::val(1))
        .from_as("profile_removals", R)
        .and_where(column(R, "profile_id").eq(column(TABLE, "profile_id")))
        .and_where(of_any("group_key").or(of_own("group_key")))
        .and_where(of_any("group_id").or(of_own("group_id")))
        .take()
}

/// Those of them that were not to keep it.
fn forgetting() -> SelectStatement {
    let kept = Query::select()
        .expr(Expr::val(1))
        .from_as("profile_kept", "kept")
        .and_where(column("kept", "removal_id").eq(column(R, "id")))
        .and_where(column("kept", "application_id").eq(column(TABLE, "application_id")))
        .take();
    covering().and_where(Expr::exists(kept).not()).take()
}

/// The applications that a removal keeps the records of.
pub(super) fn kept_by(removal: i64) -> SelectStatement {
    Query::select()
        .column("application_id")
        .from("profile_kept")
        .and_where(Expr::col("removal_id").eq(removal))
        .take()
}

/// The applications that keep something of a user, in order.
pub async fn applications(db: &Db, address: Address<'_>) -> Result<Vec<String>, Fault> {
    if address.has_null_character() {
        return Ok(Vec::new());
    }
    db.column(&address.select("application_id")).await
}

/// What an application keeps of a user, by key, in order.
pub async fn keys(db: &Db, address: Address<'_>, application: &str) -> Result<Vec<String>, Fault> {
    if address.has_null_character() || application.contains('\0') {
        return Ok(Vec::new());
    }
    let mut select = address.select("key");
    select.and_where(column(TABLE, "application_id").eq(application));
    db.column(&select).await
}

/// What an application keeps of a user under a key.
pub async fn find(
    db: &Db,
    address: Address<'_>,
    application: &str,
    key: &str,
) -> Result<Option<String>, Fault> {
    let names = [application, key];
    if address.has_null_character() || names.iter().any(|name| name.contains('\0')) {
        return Ok(None);
    }
    // Of several, which only a tenant that was made anew can have, the youngest counts.
    let select = Query::select()
        .column((TABLE, "value"))
        .from(TABLE)
        .cond_where(address.found())
        .and_where(column(TABLE, "application_id").eq(application))
        .and_where(column(TABLE, "key").eq(key))
        .order_by((TABLE, "group_key"), Order::Desc)
        .limit(1)
        .take();
    Ok(db.column(&select).await?.pop())
}

const COLUMNS: [&str; 8] = [
    "profile_id",
    "group_key",
    "tenant_id",
    "group_id",
    "username",
    "application_id",
    "key",
    "value",
];

/// What identifies a record.
const UNIQUE: [&str; 4] = ["group_key", "username", "application_id", "key"];

/// Writes a record of a user of a group that is there, by the keys of its tenant and its own.
pub async fn put(
    tx: &Tx,
    address: Address<'_>,
    (tenant, group): (i64, i64),
    record: Record<'_>,
) -> Result<(), Fault> {
    // What was kept of a former group gives way.
    remove(tx, address, record.application, record.key).await?;
    let mut row: Vec<SimpleExpr> = vec![value(tenant), value(group)];
    let texts = [
        address.tenant_id,
        address.group_id,
        address.username,
        record.application,
        record.key,
        record.value,
    ];
    row.extend(texts.map(value));
    let replace = OnConflict::columns(UNIQUE)
        .update_column("value")
        .to_owned();
    Insert::into(TABLE, &COLUMNS)
        .on_conflict(replace)
        .run(tx, vec![row])
        .await
        .map(drop)
}

/// Removes a record; whether there was one.
pub async fn remove(
    tx: &Tx,
    address: Address<'_>,
    application: &str,
    key: &str,
) -> Result<bool, Fault> {
    let delete = Query::delete()
        .from_table(TABLE)
        .cond_where(address.found())
        .and_where(column(TABLE, "application_id").eq(application))
        .and_where(column(TABLE, "key").eq(key))
        .take();
    Ok(tx.run(&delete).await? > 0)
}

/// Removes what applications keep of an account where it belongs to a group.
pub(crate) async fn remove_of_account(tx: &Tx, user: i64) -> Result<(), Fault> {
    let of_account = |name: &'static str, table: &'static str, key: &'static str| {
        Query::select()
            .column(name)
            .from(table)
            .and_where(Expr::col(key).eq(user))
            .take()
    };
    let name = of_account("username", "users", "id");
    let group = of_account("group_key", "profile_people", "user_id");
    let delete = Query::delete()
        .from_table(TABLE)
        .and_where(Expr::col("group_key").in_subquery(group))
        .and_where(Expr::col("username").in_subquery(name))
        .take();
    tx.run(&delete).await.map(drop)
}

/// What was kept of former tenants of this id, or of former groups of one, is kept no more, but for what
/// these applications keep. However much it is, only that is noted: sweeping takes it away.
pub(super) async fn forget_former(
    tx: &Tx,
    tenant_id: &str,
    group_id: Option<&str>,
    keeping: &[String],
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    match group_id {
        Some(group_id) => forget_of_group(tx, tenant_id, group_id, keeping, now).await,
        None => forget_of_tenant(tx, tenant_id, keeping).await,
    }
}

async fn forget_of_tenant(tx: &Tx, tenant_id: &str, keeping: &[String]) -> Result<(), Fault> {
    let former = Query::select()
        .column("id")
        .from("profile_removals")
        .and_where(Expr::col("tenant_id").eq(tenant_id))
        .take();
    let spared = tx.dialect().is_one_of(Expr::col("application_id"), keeping);
    let delete = Query::delete()
        .from_table("profile_kept")
        .and_where(Expr::col("removal_id").in_subquery(former))
        .and_where(spared.not())
        .take();
    tx.run(&delete).await.map(drop)
}

/// A removal of a tenant keeps the records of all of its groups, so that those of one are noted beside it.
async fn forget_of_group(
    tx: &Tx,
    tenant_id: &str,
    group_id: &str,
    keeping: &[String],
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let kept = Query::select()
        .column("removal_id")
        .from("profile_kept")
        .take();
    let own = Expr::col("group_id")
        .is_null()
        .or(Expr::col("group_id").eq(group_id));
    let former = Query::select()
        .distinct()
        .columns(["profile_id", "group_key"])
        .from("profile_removals")
        .and_where(Expr::col("tenant_id").eq(tenant_id))
        .and_where(own)
        .and_where(Expr::col("id").in_subquery(kept))
        .take();
    for (tenant, group) in select::pairs::<i64, Option<i64>>(tx, &former).await? {
        let gone = Gone {
            tenant,
            tenant_id,
            group,
            group_id: Some(group_id),
        };
        removals::note(tx, gone, keeping, now).await?;
    }
    Ok(())
}
