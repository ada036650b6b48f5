//! Organizations whose courses belong to tenants. They are never removed.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{Expr, Order, Query, SelectStatement};
use sea_orm::{FromQueryResult, QueryResult};

use crate::batch::{Insert, distinct, value};
use crate::select::pairs;
use crate::{Db, Fault, Tx};

/// An organization of tenants; the platform's own organization of that short name is another row.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct TenantOrganization {
    /// The key.
    pub id: i64,
    /// Unique, compared exactly.
    pub name: String,
}

const TABLE: &str = "tenant_organizations";

fn shown() -> SelectStatement {
    Query::select()
        .columns(["id", "name"])
        .from(TABLE)
        .order_by("id", Order::Asc)
        .take()
}

/// The keys of the organizations with these names; those that are missing are made.
pub async fn ensure(tx: &Tx, names: &[&str]) -> Result<HashMap<String, i64>, Fault> {
    let mut keys = HashMap::new();
    if names.is_empty() {
        return Ok(keys);
    }
    let listed = tx.dialect().is_one_of(Expr::col("name"), names);
    let there: Vec<TenantOrganization> = tx.list(shown().and_where(listed)).await?;
    keys.extend(there.into_iter().map(|row| (row.name, row.id)));
    // Nobody else writes meanwhile.
    let missing: Vec<&str> = distinct(names.iter().copied())
        .into_iter()
        .filter(|name| !keys.contains_key(*name))
        .collect();
    let rows = missing.iter().map(|name| vec![value(*name)]).collect();
    let made = Insert::into(TABLE, &["name"])
        .returning(tx, rows, &["id", "name"])
        .await?;
    let pair = |row: &QueryResult| Ok((row.try_get("", "name")?, row.try_get("", "id")?));
    for row in &made {
        let (name, id) = pair(row).map_err(Fault::of)?;
        keys.insert(name, id);
    }
    Ok(keys)
}

/// All of them, in the order of their keys.
pub async fn all(db: &Db) -> Result<Vec<TenantOrganization>, Fault> {
    db.list(&shown()).await
}

/// Those of the keys that an organization has.
pub async fn existing(db: &Db, ids: &[i64]) -> Result<HashSet<i64>, Fault> {
    super::existing(db, TABLE, ids).await
}

/// The names of those of the organizations with these keys that there are.
pub async fn names(db: &Db, ids: &[i64]) -> Result<HashMap<i64, String>, Fault> {
    let listed = db.dialect().is_one_of_ids(Expr::col("id"), ids);
    let select = shown().and_where(listed).take();
    Ok(pairs(db, &select).await?.into_iter().collect())
}
