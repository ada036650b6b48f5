//! Tenants: what each is configured to, the hosts it answers under, its organizations, what was done
//! to it, and what another platform was told of it.
//!
//! The columns that hold JSON keep it as it came, members in their order. A list costs the same
//! number of statements however long it is, and so does writing many rows, but for chunks as large
//! as a statement may be.

pub mod answers;
pub mod configs;
pub mod deleted;
pub mod log;
pub mod microsites;
pub mod organizations;
pub mod routes;
pub mod summaries;
pub mod sync;

use std::collections::HashSet;

use sea_orm::sea_query::{Expr, Query};

use crate::batch::distinct;
use crate::bulk::{Link, links};
use crate::{Db, Fault, Tx};

/// A JSON object whose members keep their order.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// Makes the organizations of rows, by key, the listed ones.
async fn organize(tx: &Tx, link: &Link, organizations: &[(i64, Vec<i64>)]) -> Result<(), Fault> {
    let listed: Vec<(i64, Vec<i64>)> = organizations
        .iter()
        .map(|(key, others)| (*key, distinct(others.iter().copied())))
        .collect();
    let listed: Vec<(i64, &[i64])> = listed
        .iter()
        .map(|(key, others)| (*key, others.as_slice()))
        .collect();
    links::replace(tx, link, &listed).await
}

/// Those of the keys that a row of the table has.
async fn existing(db: &Db, table: &'static str, ids: &[i64]) -> Result<HashSet<i64>, Fault> {
    let select = Query::select()
        .column("id")
        .from(table)
        .and_where(db.dialect().is_one_of_ids(Expr::col("id"), ids))
        .take();
    Ok(db.column(&select).await?.into_iter().collect())
}

/// After rows were written with their keys: the next key is still greater than all there ever were.
async fn keep_keys_rising(tx: &Tx, table: &'static str) -> Result<(), Fault> {
    match tx.dialect().advance_sequence(table) {
        Some(advance) => tx.script(&advance).await,
        None => Ok(()),
    }
}
