//! Tenants that were removed and may come back, each as a document of everything it was.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use serde_json::Value;

use crate::batch::{Insert, value};
use crate::{Db, Fault, Tx, derive, select};

/// A tenant that was removed.
#[derive(Debug, Clone, PartialEq)]
pub struct Deleted {
    /// The key of this row.
    pub id: i64,
    /// The key that the tenant had.
    pub tenant_id: i64,
    /// What it was called.
    pub tenant_name: String,
    /// What other systems called it.
    pub external_key: String,
    /// When it was removed.
    pub deleted_at: DateTime<Utc>,
    /// The name of who removed it.
    pub deleted_by: String,
    /// Everything it was; what that looks like is the caller's business.
    pub document: Value,
}

/// A tenant that is being removed.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDeleted {
    /// See [`Deleted::tenant_id`].
    pub tenant_id: i64,
    /// See [`Deleted::tenant_name`].
    pub tenant_name: String,
    /// See [`Deleted::external_key`].
    pub external_key: String,
    /// See [`Deleted::deleted_by`].
    pub deleted_by: String,
    /// See [`Deleted::document`].
    pub document: Value,
}

const TABLE: &str = "deleted_tenants";

const COLUMNS: [&str; 6] = [
    "tenant_id",
    "tenant_name",
    "external_key",
    "deleted_at",
    "deleted_by",
    "document",
];

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    tenant_id: i64,
    tenant_name: String,
    external_key: String,
    deleted_at: i64,
    deleted_by: String,
    document: String,
}

impl TryFrom<Row> for Deleted {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            tenant_id: row.tenant_id,
            tenant_name: row.tenant_name,
            external_key: row.external_key,
            deleted_at: derive::time(row.deleted_at)?,
            deleted_by: row.deleted_by,
            document: derive::document(&row.document)?,
        })
    }
}

fn shown() -> SelectStatement {
    Query::select()
        .column("id")
        .columns(COLUMNS)
        .from(TABLE)
        .take()
}

async fn read(db: &Db, select: &SelectStatement) -> Result<Vec<Deleted>, Fault> {
    let rows: Vec<Row> = db.list(select).await?;
    rows.into_iter().map(Deleted::try_from).collect()
}

/// Keeps tenants that are removed now. Names that hold null characters get U+FFFD in their place.
pub async fn put_all(tx: &Tx, new: &[NewDeleted], now: DateTime<Utc>) -> Result<(), Fault> {
    let now = derive::micros(now);
    let rows = new.iter().map(|new| {
        vec![
            value(new.tenant_id),
            value(derive::storable(&new.tenant_name)),
            value(derive::storable(&new.external_key)),
            value(now),
            value(derive::storable(&new.deleted_by)),
            value(new.document.to_string()),
        ]
    });
    Insert::into(TABLE, &COLUMNS)
        .run(tx, rows.collect())
        .await
        .map(drop)
}

/// The newest `limit` rows before the one with the key `before`, or of all, newest first.
pub async fn page(db: &Db, before: Option<i64>, limit: u64) -> Result<Vec<Deleted>, Fault> {
    let earlier = before.map(|before| Expr::col("id").lt(before));
    let select = shown()
        .and_where_option(earlier)
        .order_by("id", Order::Desc)
        .limit(limit)
        .take();
    read(db, &select).await
}

/// The row with this key.
pub async fn find(db: &Db, id: i64) -> Result<Option<Deleted>, Fault> {
    let own = Expr::col("id").eq(id);
    Ok(read(db, shown().and_where(own)).await?.pop())
}

/// What was kept last of the tenant with this key.
pub async fn newest_of(db: &Db, tenant_id: i64) -> Result<Option<Deleted>, Fault> {
    newest(db, Expr::col("tenant_id").eq(tenant_id)).await
}

/// What was kept last of a tenant of exactly this name.
pub async fn newest_named(db: &Db, tenant_name: &str) -> Result<Option<Deleted>, Fault> {
    let tenant_name = derive::storable(tenant_name);
    newest(db, Expr::col("tenant_name").eq(tenant_name)).await
}

async fn newest(db: &Db, wanted: Expr) -> Result<Option<Deleted>, Fault> {
    let select = shown()
        .and_where(wanted)
        .order_by("id", Order::Desc)
        .limit(1)
        .take();
    Ok(read(db, &select).await?.pop())
}

/// Forgets what was kept under this key; whether there was anything.
pub async fn remove(tx: &Tx, id: i64) -> Result<bool, Fault> {
    select::remove(tx, TABLE, id).await
}

/// Forgets what was kept under these keys; how much there was.
pub async fn remove_all(tx: &Tx, ids: &[i64]) -> Result<u64, Fault> {
    select::remove_all(tx, TABLE, ids).await
}

/// The first `limit` of the tenants that were removed before `time`, oldest first.
pub async fn expired(db: &Db, time: DateTime<Utc>, limit: u64) -> Result<Vec<Deleted>, Fault> {
    let select = shown()
        .and_where(Expr::col("deleted_at").lt(derive::micros(time)))
        .order_by("deleted_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(limit)
        .take();
    read(db, &select).await
}
