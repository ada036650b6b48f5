//! Profiles of tenants and what belongs to them: groups, domains, resellers, templates, backends, who
//! administers what, and what applications keep of end users.
//!
//! A list is one statement however long it is, and so is removing a tenant: what hangs from one that is
//! gone is found by no query, since each comes by the tenant, and is swept away later ([`removals`]).
//!
//! Invariant: keys of tenants and groups are never given twice, so that nothing left of one that is
//! gone is ever taken for another's.
//! Invariant: a domain of a group is one of its tenant's, and the default domain of either is among its
//! own.

pub mod backends;
pub mod data;
pub mod domains;
pub mod groups;
pub mod ownership;
pub mod people;
pub mod removals;
pub mod resellers;
pub mod search;
pub mod templates;
pub mod tenants;

use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement, SimpleExpr};

use crate::{Db, Fault};

/// A row of another table, by key and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The key.
    pub id: i64,
    /// The name.
    pub name: String,
}

impl Named {
    /// What a left join found.
    fn found(id: Option<i64>, name: Option<String>) -> Option<Self> {
        id.zip(name).map(|(id, name)| Self { id, name })
    }
}

/// A column of a table that a statement knows by an alias.
fn column(table: &'static str, name: &'static str) -> SimpleExpr {
    Expr::col((table, name))
}

/// Whether a statement selects anything.
async fn any(db: &Db, select: &SelectStatement) -> Result<bool, Fault> {
    Ok(!db.rows(select.clone().limit(1)).await?.is_empty())
}

/// A number of rows, as far as a database can count.
fn countable(rows: u64) -> u64 {
    Ord::min(rows, i64::MAX.unsigned_abs())
}

/// Whether `column` is `id`, nothing being equal to nothing.
fn same(column: SimpleExpr, id: Option<i64>) -> SimpleExpr {
    match id {
        Some(id) => column.eq(id),
        None => column.is_null(),
    }
}
