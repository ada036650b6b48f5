//! Tenants that were removed and may come back, each as a document of everything it was.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use serde_json::Value;

use crate::batch::{Insert, value};
use crate::{Db, Fault, Tx, derive, select};

/// The most characters that are kept of a name, which comes out of a document and may be of any length.
const LONGEST_NAME: usize = 255;

/// A tenant that was removed, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// See [`Deleted::id`].
    pub id: i64,
    /// See [`Deleted::tenant_id`].
    pub tenant_id: i64,
    /// See [`Deleted::tenant_name`].
    pub tenant_name: String,
    /// See [`Deleted::external_key`].
    pub external_key: String,
    /// See [`Deleted::deleted_at`].
    pub deleted_at: DateTime<Utc>,
    /// See [`Deleted::deleted_by`].
    pub deleted_by: String,
}

/// A tenant that was removed.
#[derive(Debug, Clone, PartialEq)]
pub struct Deleted {
    /// The key of this row.
    pub id: i64,
    /// The key that the tenant had.
    pub tenant_id: i64,
    /// What it was called; of a longer name, the first 255 characters.
    pub tenant_name: String,
    /// What other systems called it.
    pub external_key: String,
    /// The keys of tenants that had the same external key beside it.
    pub shared_with: Vec<i64>,
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
    /// See [`Deleted::shared_with`].
    pub shared_with: Vec<i64>,
    /// See [`Deleted::deleted_by`].
    pub deleted_by: String,
    /// See [`Deleted::document`].
    pub document: Value,
}

const TABLE: &str = "deleted_tenants";

const COLUMNS: [&str; 7] = [
    "tenant_id",
    "tenant_name",
    "external_key",
    "deleted_at",
    "deleted_by",
    "shared_with",
    "document",
];

#[derive(FromQueryResult)]
struct ListedRow {
    id: i64,
    tenant_id: i64,
    tenant_name: String,
    external_key: String,
    deleted_at: i64,
    deleted_by: String,
}

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    listed: ListedRow,
    shared_with: String,
    document: String,
}

impl TryFrom<ListedRow> for Listed {
    type Error = Fault;

    fn try_from(row: ListedRow) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            tenant_id: row.tenant_id,
            tenant_name: row.tenant_name,
            external_key: row.external_key,
            deleted_at: derive::time(row.deleted_at)?,
            deleted_by: row.deleted_by,
        })
    }
}

impl From<Deleted> for Listed {
    fn from(whole: Deleted) -> Self {
        Self {
            id: whole.id,
            tenant_id: whole.tenant_id,
            tenant_name: whole.tenant_name,
            external_key: whole.external_key,
            deleted_at: whole.deleted_at,
            deleted_by: whole.deleted_by,
        }
    }
}

impl TryFrom<Row> for Deleted {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        let listed = Listed::try_from(row.listed)?;
        Ok(Self {
            id: listed.id,
            tenant_id: listed.tenant_id,
            tenant_name: listed.tenant_name,
            external_key: listed.external_key,
            shared_with: keys(&row.shared_with)?,
            deleted_at: listed.deleted_at,
            deleted_by: listed.deleted_by,
            document: derive::document(&row.document)?,
        })
    }
}

fn keys(text: &str) -> Result<Vec<i64>, Fault> {
    serde_json::from_str(text).map_err(Fault::broken)
}

/// A name as it is kept: U+FFFD stands for each null character, and what is too long is cut.
fn kept_name(text: &str) -> String {
    let kept = text.chars().take(LONGEST_NAME);
    derive::storable(&kept.collect::<String>())
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

/// Keeps tenants that are removed now. Names that hold null characters get U+FFFD in their place, and
/// long ones are cut.
pub async fn put_all(tx: &Tx, new: &[NewDeleted], now: DateTime<Utc>) -> Result<(), Fault> {
    let now = derive::micros(now);
    let rows = new.iter().map(|new| {
        vec![
            value(new.tenant_id),
            value(kept_name(&new.tenant_name)),
            value(derive::storable(&new.external_key)),
            value(now),
            value(derive::storable(&new.deleted_by)),
            value(Value::from(new.shared_with.as_slice()).to_string()),
            value(new.document.to_string()),
        ]
    });
    Insert::into(TABLE, &COLUMNS)
        .run(tx, rows.collect())
        .await
        .map(drop)
}

/// The newest `limit` rows before the one with the key `before`, or of all, newest first.
pub async fn page(db: &Db, before: Option<i64>, limit: u64) -> Result<Vec<Listed>, Fault> {
    const COLUMNS: [&str; 6] = [
        "id",
        "tenant_id",
        "tenant_name",
        "external_key",
        "deleted_at",
        "deleted_by",
    ];
    let earlier = before.map(|before| Expr::col("id").lt(before));
    let select = Query::select()
        .columns(COLUMNS)
        .from(TABLE)
        .and_where_option(earlier)
        .order_by("id", Order::Desc)
        .limit(limit)
        .take();
    let rows: Vec<ListedRow> = db.list(&select).await?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// The row with this key.
pub async fn find(db: &Db, id: i64) -> Result<Option<Deleted>, Fault> {
    let own = Expr::col("id").eq(id);
    Ok(read(db, shown().and_where(own)).await?.pop())
}

/// What was kept last of a tenant of exactly this name, as far as names are kept.
pub async fn newest_named(db: &Db, tenant_name: &str) -> Result<Option<Deleted>, Fault> {
    let select = shown()
        .and_where(Expr::col("tenant_name").eq(kept_name(tenant_name)))
        .order_by("id", Order::Desc)
        .limit(1)
        .take();
    Ok(read(db, &select).await?.pop())
}

/// Forgets what was kept under this key; whether there was anything.
pub async fn remove(tx: &Tx, id: i64) -> Result<bool, Fault> {
    select::remove(tx, TABLE, id).await
}

/// The first `limit` of the tenants that were removed before `time`, oldest first; those only that come
/// after the one that was removed then and has that key in [`Deleted::id`].
pub async fn expired(
    db: &Db,
    time: DateTime<Utc>,
    after: Option<(DateTime<Utc>, i64)>,
    limit: u64,
) -> Result<Vec<Deleted>, Fault> {
    let deleted_at = || Expr::col("deleted_at");
    let later = after.map(|(time, id)| {
        let time = derive::micros(time);
        let at_once = deleted_at().eq(time).and(Expr::col("id").gt(id));
        Condition::any().add(deleted_at().gt(time)).add(at_once)
    });
    let select = shown()
        .and_where(deleted_at().lt(derive::micros(time)))
        .cond_where(later.unwrap_or_else(Condition::all))
        .order_by("deleted_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(limit)
        .take();
    read(db, &select).await
}

/// A tenant that was removed, and who had its external key beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sharing {
    /// See [`Deleted::tenant_id`].
    pub tenant_id: i64,
    /// See [`Deleted::external_key`].
    pub external_key: String,
    /// See [`Deleted::shared_with`].
    pub shared_with: Vec<i64>,
}

/// The tenants that were removed and had one of these external keys beside others.
pub async fn sharing(db: &Db, external_keys: &[&str]) -> Result<Vec<Sharing>, Fault> {
    let listed = db
        .dialect()
        .is_one_of(Expr::col("external_key"), external_keys);
    let select = Query::select()
        .columns(["tenant_id", "external_key", "shared_with"])
        .from(TABLE)
        .and_where(listed)
        .and_where(Expr::col("shared_with").ne("[]"))
        .take();
    let rows: Vec<SharingRow> = db.list(&select).await?;
    let sharing = rows.into_iter().map(|row| {
        Ok(Sharing {
            tenant_id: row.tenant_id,
            shared_with: keys(&row.shared_with)?,
            external_key: row.external_key,
        })
    });
    sharing.collect()
}

#[derive(FromQueryResult)]
struct SharingRow {
    tenant_id: i64,
    external_key: String,
    shared_with: String,
}
