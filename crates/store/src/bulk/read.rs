//! Whole tables out, and what is wrong with them.

use sea_orm::Order;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};

use super::cell::{decode, encode, shown};
use super::columns::int;
use super::{ALL, Cell, Column, Dangling, Table, links, misfit};
use crate::{Db, Fault};

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
    let read = db.rows(&select).await?;
    let mut rows = read
        .iter()
        .map(|row| {
            let cells = table.columns.iter().enumerate();
            cells.map(|(at, column)| decode(column, row, at)).collect()
        })
        .collect::<Result<Vec<Vec<Cell>>, Fault>>()?;
    links::append(db, table, &mut rows).await?;
    Ok(rows)
}

/// A place that refers to rows: where it is, and what it has to find there.
struct Place {
    table: &'static str,
    key: Column,
    column: Column,
    target: (&'static str, &'static str),
    /// What the report calls it.
    reported: (&'static str, &'static str),
}

/// References to rows that are not there, at most [`MOST_DANGLING`], table by table. Of a link,
/// the table is the one whose rows list it, and the column the link's table.
///
/// For the report of an import, before its commit would only say that there are some.
pub async fn dangling(db: &Db) -> Result<Vec<Dangling>, Fault> {
    let mut found: Vec<Dangling> = Vec::new();
    for place in places()? {
        for row in db
            .rows(&lost(&place, MOST_DANGLING - found.len() as u64))
            .await?
        {
            let (table, column) = place.reported;
            found.push(Dangling {
                table,
                key: shown(&decode(&place.key, &row, 0)?),
                column,
                value: shown(&decode(&place.column, &row, 1)?),
            });
        }
        if found.len() as u64 >= MOST_DANGLING {
            break;
        }
    }
    Ok(found)
}

fn places() -> Result<Vec<Place>, Fault> {
    let mut places = Vec::new();
    for table in ALL {
        let (_, key) = table.key_column()?;
        places.extend(table.columns.iter().filter_map(|column| {
            Some(Place {
                table: table.name,
                key,
                column: *column,
                target: column.references?,
                reported: (table.name, column.name),
            })
        }));
        places.extend(table.links.iter().map(|link| Place {
            table: link.table,
            key: int(link.from),
            column: int(link.to.0),
            target: (link.to.1, "id"),
            reported: (table.name, link.table),
        }));
    }
    Ok(places)
}

/// Key and value of the rows whose reference finds nothing.
fn lost(place: &Place, limit: u64) -> SelectStatement {
    let column = (place.table, place.column.name);
    let there = Query::select()
        .expr(Expr::val(1))
        .from(place.target.0)
        .and_where(Expr::col(place.target).equals(column))
        .take();
    Query::select()
        .column((place.table, place.key.name))
        .column(column)
        .from(place.table)
        .and_where(Expr::col(column).is_not_null())
        .and_where(Expr::exists(there).not())
        .order_by((place.table, place.key.name), Order::Asc)
        .limit(limit)
        .take()
}
