//! One cell: to the database, from it, and into a report.

use sea_orm::QueryResult;
use sea_orm::sea_query::SimpleExpr;

use super::{Cell, Column, Kind};
use crate::batch::value;
use crate::{Fault, derive};

/// A cell as a value of its column; nothing if it does not fit.
pub(super) fn encode(column: &Column, cell: Cell) -> Option<SimpleExpr> {
    Some(match (column.kind, cell) {
        (Kind::Bool, Cell::Bool(flag)) => value(flag),
        (Kind::Int, Cell::Int(number)) => value(number),
        (Kind::Text, Cell::Text(text)) => value(text),
        (Kind::Time, Cell::Time(time)) => value(derive::micros(time)),
        (Kind::Json, Cell::Json(document)) => value(document.to_string()),
        (kind, Cell::Null) if column.nullable => match kind {
            Kind::Bool => value(None::<bool>),
            Kind::Int | Kind::Time => value(None::<i64>),
            Kind::Text | Kind::Json => value(None::<String>),
        },
        _ => return None,
    })
}

/// The cell of a column that stands at this place of a row.
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
        Cell::Keys(keys) => format!("{keys:?}"),
    }
}
