//! What came before tenants: settings by the beginning of a host.

use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use serde_json::Value;

use crate::batch::{Insert, value};
use crate::bulk::links;
use crate::bulk::tables::MICROSITE_ORGANIZATIONS;
use crate::{Db, Fault, Tx, derive, select};

/// A microsite.
#[derive(Debug, Clone, PartialEq)]
pub struct Microsite {
    /// The key of the row.
    pub id: i64,
    /// What other systems call it; several may have the same.
    pub key: String,
    /// The host it answers under; several may have the same, and the first one counts.
    pub subdomain: String,
    /// Its settings, usually an object.
    pub values: Value,
    /// The keys of its organizations, smallest first.
    pub organizations: Vec<i64>,
}

/// A microsite to be made, which has no organizations yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMicrosite {
    /// See [`Microsite::key`].
    pub key: String,
    /// See [`Microsite::subdomain`].
    pub subdomain: String,
    /// See [`Microsite::values`].
    pub values: Value,
}

const TABLE: &str = "microsites";

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    key: String,
    subdomain: String,
    values: String,
}

fn shown() -> SelectStatement {
    Query::select()
        .columns(["id", "key", "subdomain", "values"])
        .from(TABLE)
        .order_by("id", Order::Asc)
        .take()
}

async fn read(db: &Db, select: &SelectStatement) -> Result<Vec<Microsite>, Fault> {
    let rows: Vec<Row> = db.list(select).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut organizations = links::pairs(db, &MICROSITE_ORGANIZATIONS, &ids).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Microsite {
                id: row.id,
                key: row.key,
                subdomain: row.subdomain,
                values: derive::document(&row.values)?,
                organizations: organizations.remove(&row.id).unwrap_or_default(),
            })
        })
        .collect()
}

/// All microsites, in the order of their keys.
pub async fn all(db: &Db) -> Result<Vec<Microsite>, Fault> {
    read(db, &shown()).await
}

/// The microsite whose row has this key.
pub async fn find(db: &Db, id: i64) -> Result<Option<Microsite>, Fault> {
    let own = Expr::col("id").eq(id);
    Ok(read(db, shown().and_where(own)).await?.pop())
}

/// The microsites that other systems call by exactly this key, in the order of their rows; two at
/// most, which is enough to know that there are several.
pub async fn by_key(db: &Db, key: &str) -> Result<Vec<Microsite>, Fault> {
    if key.contains('\0') {
        return Ok(Vec::new());
    }
    let own = Expr::col("key").eq(key);
    read(db, shown().and_where(own).limit(2)).await
}

/// Makes a microsite; the key of its row.
pub async fn create(tx: &Tx, new: &NewMicrosite) -> Result<i64, Fault> {
    let row = vec![
        value(new.key.as_str()),
        value(new.subdomain.as_str()),
        value(new.values.to_string()),
    ];
    Insert::into(TABLE, &["key", "subdomain", "values"])
        .one_id(tx, row)
        .await
}

/// Writes everything of the microsite with this row but its organizations; whether there is one.
pub async fn change(tx: &Tx, microsite: &Microsite) -> Result<bool, Fault> {
    let update = Query::update()
        .table(TABLE)
        .value("key", microsite.key.as_str())
        .value("subdomain", microsite.subdomain.as_str())
        .value("values", microsite.values.to_string())
        .and_where(Expr::col("id").eq(microsite.id))
        .take();
    Ok(tx.run(&update).await? > 0)
}

/// Removes a microsite, and what ties it to organizations; whether there was one.
pub async fn remove(tx: &Tx, id: i64) -> Result<bool, Fault> {
    select::remove(tx, TABLE, id).await
}

/// Makes the organizations of microsites, by the keys of their rows, the listed ones.
/// [`Fault::Dangling`] when there is no such microsite or organization. No microsite may be listed
/// twice.
pub async fn organize(tx: &Tx, organizations: &[(i64, Vec<i64>)]) -> Result<(), Fault> {
    super::organize(tx, &MICROSITE_ORGANIZATIONS, organizations).await
}
