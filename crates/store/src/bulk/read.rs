//! Whole tables out, and what is wrong with them.

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{Order, QueryResult};

use super::write::encode;
use super::{ALL, Cell, Column, Dangling, Kind, Table, misfit};
use crate::{Db, Fault, derive};

/// How many references to nothing [`dangling`] reports at most.
pub const MOST_DANGLING: u64 = 100;

/// The first `limit` rows whose key is greater than `after` (or of all), in the order of the keys.
pub async fn scan(
    db: &Db,
    table: &'static Table,
    after: Option<&Cell>,
    limit: u64,
) -> Result<Vec<Vec<Cell>>, Fault> {
    let (_, key) = table.key_column()?;
    let mut select = Query::select();
    select
        .columns(table.columns.iter().map(|column| column.name))
        .from(table.name)
        .order_by(table.key, Order::Asc)
        .limit(limit);
    if let Some(after) = after {
        let after = encode(&key, after.clone()).ok_or_else(|| misfit(table, table.key))?;
        select.and_where(Expr::col(table.key).gt(after));
    }
    db.rows(&select)
        .await?
        .iter()
        .map(|row| {
            let cells = table.columns.iter().enumerate();
            cells.map(|(at, column)| decode(column, row, at)).collect()
        })
        .collect()
}

pub(super) fn decode(column: &Column, row: &QueryResult, at: usize) -> Result<Cell, Fault> {
    let cell = match column.kind {
        Kind::Bool => row
            .try_get_by_index::<Option<bool>>(at)
            .map_err(Fault::of)?
            .map(Cell::Bool),
        Kind::Int => row
            .try_get_by_index::<Option<i64>>(at)
            .map_err(Fault::of)?
            .map(Cell::Int),
        Kind::Text => row
            .try_get_by_index::<Option<String>>(at)
            .map_err(Fault::of)?
            .map(Cell::Text),
        Kind::Time => row
            .try_get_by_index::<Option<i64>>(at)
            .map_err(Fault::of)?
            .map(|micros| derive::time(micros).map(Cell::Time))
            .transpose()?,
        Kind::Json => row
            .try_get_by_index::<Option<String>>(at)
            .map_err(Fault::of)?
            .map(|text| derive::document(&text).map(Cell::Json))
            .transpose()?,
    };
    Ok(cell.unwrap_or(Cell::Null))
}

/// A key as a report shows it.
pub(super) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Bool(flag) => flag.to_string(),
        Cell::Int(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Time(time) => time.to_rfc3339(),
        Cell::Json(document) => document.to_string(),
    }
}

/// References to rows that are not there, at most [`MOST_DANGLING`], table by table.
///
/// For the report of an import, before its commit would only say that there are some.
pub async fn dangling(db: &Db) -> Result<Vec<Dangling>, Fault> {
    let mut found: Vec<Dangling> = Vec::new();
    for table in ALL {
        let (_, key) = table.key_column()?;
        for column in table.columns {
            let Some((target, target_column)) = column.references else {
                continue;
            };
            let there = Query::select()
                .expr(Expr::val(1))
                .from(target)
                .and_where(Expr::col((target, target_column)).equals((table.name, column.name)))
                .take();
            let select = Query::select()
                .column((table.name, key.name))
                .column((table.name, column.name))
                .from(table.name)
                .and_where(Expr::col((table.name, column.name)).is_not_null())
                .and_where(Expr::exists(there).not())
                .order_by((table.name, key.name), Order::Asc)
                .limit(MOST_DANGLING - found.len() as u64)
                .take();
            for row in db.rows(&select).await? {
                found.push(Dangling {
                    table: table.name,
                    key: shown(&decode(&key, &row, 0)?),
                    column: column.name,
                    value: shown(&decode(column, &row, 1)?),
                });
            }
            if found.len() as u64 >= MOST_DANGLING {
                return Ok(found);
            }
        }
    }
    Ok(found)
}
