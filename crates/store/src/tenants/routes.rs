//! Which host leads to which tenant.

use std::collections::HashMap;

use provost_keys::text;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{FromQueryResult, QueryResult};

use crate::batch::{Insert, value};
use crate::select::{self, one};
use crate::{Db, Fault, Tx};

/// A host that leads to a tenant.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Route {
    /// The key.
    pub id: i64,
    /// The host, without a port; unique, compared exactly.
    pub domain: String,
    /// The key of the tenant.
    #[sea_orm(from_alias = "config_id")]
    pub config: i64,
}

const TABLE: &str = "tenant_routes";

fn shown() -> SelectStatement {
    Query::select()
        .columns(["id", "domain", "config_id"])
        .from(TABLE)
        .order_by("id", Order::Asc)
        .take()
}

/// All routes, in the order of their keys.
pub async fn all(db: &Db) -> Result<Vec<Route>, Fault> {
    db.list(&shown()).await
}

/// The route with this key.
pub async fn find(db: &Db, id: i64) -> Result<Option<Route>, Fault> {
    one(db, shown().and_where(Expr::col("id").eq(id))).await
}

/// The route of exactly this host.
pub async fn by_domain(db: &Db, domain: &str) -> Result<Option<Route>, Fault> {
    Ok(taken(db, &[domain]).await?.pop())
}

/// The routes to these tenants, in the order of their own keys.
pub async fn of_configs(db: &Db, configs: &[i64]) -> Result<Vec<Route>, Fault> {
    let listed = db.dialect().is_one_of_ids(Expr::col("config_id"), configs);
    db.list(shown().and_where(listed)).await
}

/// The routes of those of these hosts that have one, in the order of their keys.
pub async fn taken(db: &Db, domains: &[&str]) -> Result<Vec<Route>, Fault> {
    let listed = db.dialect().is_one_of(Expr::col("domain"), domains);
    db.list(shown().and_where(listed)).await
}

fn row(domain: &str, config: i64) -> Vec<SimpleExpr> {
    vec![value(domain), value(text::fold(domain)), value(config)]
}

/// Makes routes from hosts to tenants; their keys, in the order of `new`. [`Fault::Duplicate`] with
/// [`TenantRouteDomain`](crate::Constraint::TenantRouteDomain) when a host has one already or is
/// twice in `new`, [`Fault::Dangling`] when there is no such tenant.
pub async fn create_all(tx: &Tx, new: &[(String, i64)]) -> Result<Vec<i64>, Fault> {
    let rows = new.iter().map(|(domain, config)| row(domain, *config));
    let made = Insert::into(TABLE, &["domain", "domain_lower", "config_id"])
        .returning(tx, rows.collect(), &["domain", "id"])
        .await?;
    let pair = |row: &QueryResult| Ok((row.try_get("", "domain")?, row.try_get("", "id")?));
    let made = made
        .iter()
        .map(|row| pair(row).map_err(Fault::of))
        .collect::<Result<HashMap<String, i64>, Fault>>()?;
    let ids = new.iter().map(|(domain, _)| made.get(domain).copied());
    ids.collect::<Option<_>>()
        .ok_or_else(|| Fault::broken("an insert did not give every row"))
}

/// Makes routes again under the keys they had. Faults as [`create_all`], and [`Fault::Duplicate`] with
/// [`Key`](crate::Constraint::Key) when there is a route with such a key.
pub async fn restore(tx: &Tx, routes: &[Route]) -> Result<(), Fault> {
    let rows = routes.iter().map(|route| {
        let mut values = vec![value(route.id)];
        values.extend(row(&route.domain, route.config));
        values
    });
    Insert::into(TABLE, &["id", "domain", "domain_lower", "config_id"])
        .run(tx, rows.collect())
        .await?;
    super::keep_keys_rising(tx, TABLE).await
}

/// Writes host and tenant of the route with this key; whether there is one. Faults as
/// [`create_all`].
pub async fn change(tx: &Tx, route: &Route) -> Result<bool, Fault> {
    let update = Query::update()
        .table(TABLE)
        .value("domain", route.domain.as_str())
        .value("domain_lower", text::fold(&route.domain))
        .value("config_id", route.config)
        .and_where(Expr::col("id").eq(route.id))
        .take();
    Ok(tx.run(&update).await? > 0)
}

/// Removes the routes with these keys; how many there were.
pub async fn remove_all(tx: &Tx, ids: &[i64]) -> Result<u64, Fault> {
    select::remove_all(tx, TABLE, ids).await
}
