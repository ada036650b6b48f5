//! Relations of many rows to many: written and read beside the rows that list them.

use std::collections::HashMap;

use sea_orm::Order;
use sea_orm::sea_query::{Expr, Query};

use super::{Cell, Link, Table, misfit};
use crate::batch::{Insert, distinct, value};
use crate::{Db, Fault};

/// The keys that each link of a row lists, beside the row's own key.
pub(super) type Listed = (i64, Vec<Vec<i64>>);

/// Takes the lists off the end of a row, so that what is left are the table's columns.
pub(super) fn split(table: &Table, row: &mut Vec<Cell>) -> Result<Option<Listed>, Fault> {
    if table.links.is_empty() {
        return Ok(None);
    }
    let lists = row.split_off(row.len().min(table.columns.len()));
    let (position, _) = table.key_column()?;
    let Some(Cell::Int(key)) = row.get(position) else {
        return Err(misfit(table, table.key));
    };
    let lists = lists.into_iter().map(|cell| match cell {
        Cell::Keys(keys) => Ok(distinct(keys.into_iter())),
        _ => Err(misfit(table, "a list of keys")),
    });
    Ok(Some((*key, lists.collect::<Result<_, _>>()?)))
}

/// Makes the stored pairs of these rows the listed ones.
pub(super) async fn write(tx: &Db, table: &Table, rows: &[Listed]) -> Result<(), Fault> {
    let keys: Vec<i64> = rows.iter().map(|(key, _)| *key).collect();
    for (at, link) in table.links.iter().enumerate() {
        let delete = Query::delete()
            .from_table(link.table)
            .and_where(tx.dialect().is_one_of_ids(Expr::col(link.from), &keys))
            .take();
        tx.run(&delete).await?;
        let listed = rows.iter().flat_map(|(key, lists)| {
            let others = lists.get(at).into_iter().flatten();
            others.map(|other| vec![value(*key), value(*other)])
        });
        Insert::into(link.table, &[link.from, link.to.0])
            .run(tx, listed.collect())
            .await?;
    }
    Ok(())
}

/// Puts the lists at the end of rows that were read.
pub(super) async fn append(db: &Db, table: &Table, rows: &mut [Vec<Cell>]) -> Result<(), Fault> {
    let (position, _) = table.key_column()?;
    let key_of = |row: &[Cell]| match row.get(position) {
        Some(Cell::Int(key)) => Some(*key),
        _ => None,
    };
    let keys: Vec<i64> = rows.iter().filter_map(|row| key_of(row)).collect();
    for link in table.links {
        let mut pairs = pairs(db, link, &keys).await?;
        for row in &mut *rows {
            let others = key_of(row).and_then(|key| pairs.remove(&key));
            row.push(Cell::Keys(others.unwrap_or_default()));
        }
    }
    Ok(())
}

async fn pairs(db: &Db, link: &Link, keys: &[i64]) -> Result<HashMap<i64, Vec<i64>>, Fault> {
    let select = Query::select()
        .columns([link.from, link.to.0])
        .from(link.table)
        .and_where(db.dialect().is_one_of_ids(Expr::col(link.from), keys))
        .order_by(link.to.0, Order::Asc)
        .take();
    let mut pairs: HashMap<i64, Vec<i64>> = HashMap::new();
    for row in db.rows(&select).await? {
        let key = row.try_get_by_index(0).map_err(Fault::of)?;
        let other = row.try_get_by_index(1).map_err(Fault::of)?;
        pairs.entry(key).or_default().push(other);
    }
    Ok(pairs)
}
