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
    for (at, link) in table.links.iter().enumerate() {
        let listed = rows.iter().filter_map(|(key, lists)| {
            let others = lists.get(at)?;
            Some((*key, others.as_slice()))
        });
        replace(tx, link, &listed.collect::<Vec<_>>()).await?;
    }
    Ok(())
}

/// Makes the stored pairs of these keys the listed ones, in which none is twice.
pub(crate) async fn replace(tx: &Db, link: &Link, listed: &[(i64, &[i64])]) -> Result<(), Fault> {
    if listed.is_empty() {
        return Ok(());
    }
    let keys: Vec<i64> = listed.iter().map(|(key, _)| *key).collect();
    let delete = Query::delete()
        .from_table(link.table)
        .and_where(tx.dialect().is_one_of_ids(Expr::col(link.from), &keys))
        .take();
    tx.run(&delete).await?;
    let pairs = listed.iter().flat_map(|(key, others)| {
        let row = |other: &i64| vec![value(*key), value(*other)];
        others.iter().map(row)
    });
    Insert::into(link.table, &[link.from, link.to.0])
        .run(tx, pairs.collect())
        .await
        .map(drop)
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

/// The keys that each of these lists, smallest first; those that list none are left out.
pub(crate) async fn pairs(
    db: &Db,
    link: &Link,
    keys: &[i64],
) -> Result<HashMap<i64, Vec<i64>>, Fault> {
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
