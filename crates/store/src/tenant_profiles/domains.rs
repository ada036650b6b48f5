//! Domains: those that the system has, and which of them tenants and groups have.

use std::collections::HashMap;

use provost_keys::text;
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement, SimpleExpr};

use super::{any, column};
use crate::batch::{Insert, value};
use crate::select::{self, one, pairs};
use crate::{Db, Fault, Tx};

/// A domain that the system has.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Domain {
    /// The key.
    pub id: i64,
    /// The name as it was first written; unique whatever its case.
    pub name: String,
    /// Whether it is the default of the system.
    pub is_default: bool,
}

/// Whose domains are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A tenant, by key.
    Tenant(i64),
    /// A group, by key.
    Group(i64),
}

impl Owner {
    fn table(self) -> (&'static str, &'static str, i64) {
        match self {
            Self::Tenant(id) => ("profile_tenant_domains", "profile_id", id),
            Self::Group(id) => ("profile_group_domains", "group_key", id),
        }
    }
}

const TABLE: &str = "profile_domains";

fn shown() -> SelectStatement {
    Query::select()
        .columns(["id", "name", "is_default"])
        .from(TABLE)
        .order_by("name", Order::Asc)
        .take()
}

/// A name as names are compared.
#[must_use]
pub fn folded(name: &str) -> String {
    text::fold(name)
}

/// All domains of the system, by name.
pub async fn all(db: &Db) -> Result<Vec<Domain>, Fault> {
    db.list(&shown()).await
}

/// Those of the system's domains that have one of these names, whatever their case.
pub async fn named<S: AsRef<str>>(db: &Db, names: &[S]) -> Result<Vec<Domain>, Fault> {
    let folded: Vec<String> = names.iter().map(|name| text::fold(name.as_ref())).collect();
    let listed = db.dialect().is_one_of(Expr::col("name_lower"), &folded);
    db.list(shown().and_where(listed)).await
}

/// The default of the system, if it has one.
pub async fn default(db: &Db) -> Result<Option<Domain>, Fault> {
    one(db, shown().and_where(Expr::col("is_default").eq(true))).await
}

/// Makes a domain; the first one of all is the default. [`Fault::Duplicate`] with
/// [`ProfileDomain`](crate::Constraint::ProfileDomain) when there is one of that name.
pub async fn create(tx: &Tx, name: &str) -> Result<Domain, Fault> {
    let is_default = !any(tx, &shown()).await?;
    let row = vec![value(name), value(text::fold(name)), value(is_default)];
    let id = Insert::into(TABLE, &["name", "name_lower", "is_default"])
        .one_id(tx, row)
        .await?;
    Ok(Domain {
        id,
        name: name.to_owned(),
        is_default,
    })
}

/// Makes the domain with this key the system's default.
pub async fn set_default(tx: &Tx, id: i64) -> Result<(), Fault> {
    let update = Query::update()
        .table(TABLE)
        .value("is_default", Expr::col("id").eq(id))
        .take();
    tx.run(&update).await.map(drop)
}

/// Removes a domain that nobody has. [`Fault::Dangling`] when somebody has it.
pub async fn remove(tx: &Tx, id: i64) -> Result<bool, Fault> {
    select::remove(tx, TABLE, id).await
}

/// Whether a tenant has the domain. A group has only domains of its tenant.
pub async fn is_assigned(db: &Db, id: i64) -> Result<bool, Fault> {
    let select = Query::select()
        .column("domain_id")
        .from("profile_tenant_domains")
        .and_where(Expr::col("domain_id").eq(id))
        .take();
    any(db, &select).await
}

/// The domains of a tenant or group, by name.
pub async fn of(db: &Db, owner: Owner) -> Result<Vec<Domain>, Fault> {
    let (table, key, id) = owner.table();
    let own = Query::select()
        .column("domain_id")
        .from(table)
        .and_where(Expr::col(key).eq(id))
        .take();
    db.list(shown().and_where(Expr::col("id").in_subquery(own)))
        .await
}

/// The names of the domains of many groups, by key of the group, each in order.
pub async fn of_groups(db: &Db, groups: &[i64]) -> Result<HashMap<i64, Vec<String>>, Fault> {
    let select = Query::select()
        .column(("tie", "group_key"))
        .column(("domain", "name"))
        .from_as("profile_group_domains", "tie")
        .join_as(
            sea_orm::JoinType::InnerJoin,
            TABLE,
            "domain",
            column("domain", "id").eq(column("tie", "domain_id")),
        )
        .and_where(
            db.dialect()
                .is_one_of_ids(column("tie", "group_key"), groups),
        )
        .order_by(("domain", "name"), Order::Asc)
        .take();
    let mut domains: HashMap<i64, Vec<String>> = HashMap::new();
    for (group, name) in pairs::<i64, String>(db, &select).await? {
        domains.entry(group).or_default().push(name);
    }
    Ok(domains)
}

/// Gives domains to a tenant or group; those that it has already stay.
pub async fn assign(tx: &Tx, owner: Owner, domains: &[i64]) -> Result<(), Fault> {
    let (table, key, id) = owner.table();
    tie(tx, (table, key), domains.iter().map(|domain| (id, *domain))).await
}

/// Gives domains to groups, by the keys of group and domain; those that they have already stay.
pub async fn assign_to_groups(tx: &Tx, ties: &[(i64, i64)]) -> Result<(), Fault> {
    let (table, key, _) = Owner::Group(0).table();
    tie(tx, (table, key), ties.iter().copied()).await
}

async fn tie(
    tx: &Tx,
    (table, key): (&'static str, &'static str),
    ties: impl Iterator<Item = (i64, i64)>,
) -> Result<(), Fault> {
    let rows: Vec<Vec<SimpleExpr>> = ties
        .map(|(owner, domain)| vec![value(owner), value(domain)])
        .collect();
    let known = OnConflict::columns([key, "domain_id"])
        .do_nothing()
        .to_owned();
    Insert::into(table, &[key, "domain_id"])
        .on_conflict(known)
        .run(tx, rows)
        .await
        .map(drop)
}

/// Takes domains from a tenant or group.
pub async fn unassign(tx: &Tx, owner: Owner, domains: &[i64]) -> Result<(), Fault> {
    let (table, key, id) = owner.table();
    let delete = Query::delete()
        .from_table(table)
        .and_where(Expr::col(key).eq(id))
        .and_where(tx.dialect().is_one_of_ids(Expr::col("domain_id"), domains))
        .take();
    tx.run(&delete).await.map(drop)
}

/// Those of the domains that some group of the tenant has.
pub async fn used_by_groups(db: &Db, tenant: i64, domains: &[i64]) -> Result<Vec<i64>, Fault> {
    let groups = Query::select()
        .column("id")
        .from("profile_groups")
        .and_where(Expr::col("profile_id").eq(tenant))
        .take();
    let select = Query::select()
        .distinct()
        .column("domain_id")
        .from("profile_group_domains")
        .and_where(db.dialect().is_one_of_ids(Expr::col("domain_id"), domains))
        .and_where(Expr::col("group_key").in_subquery(groups))
        .take();
    db.column(&select).await
}
