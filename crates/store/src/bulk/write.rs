//! Whole tables in.

use std::collections::HashMap;

use provost_keys::text;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Expr, OnConflict, Query, SelectStatement, SimpleExpr};

use super::cell::{decode, encode, shown};
use super::links::Listed;
use super::{Cell, Column, Derived, Table, links, misfit};
use crate::batch::{Insert, value};
use crate::tenants::Object;
use crate::{Constraint, Db, Fault, derive, fault};

/// The failure of [`upsert`].
#[derive(Debug)]
pub struct RowFault {
    /// The row at fault, counted from 0, where it can be told.
    pub row: Option<usize>,
    /// What is wrong.
    pub fault: Fault,
}

impl From<Fault> for RowFault {
    fn from(fault: Fault) -> Self {
        Self { row: None, fault }
    }
}

impl From<RowFault> for Fault {
    fn from(refused: RowFault) -> Self {
        refused.fault
    }
}

/// How many rows are written at once.
const ROWS: usize = 1024;

/// Writes rows; one whose key is stored already overwrites it, and the last of several with one
/// key wins. Several thousand rows to a call are a good measure. Wants a transaction.
///
/// A row that does not fit the description is [`Fault::Broken`] and names the column; a value
/// that must be unique under another key is [`Fault::Duplicate`], and the transaction can go on
/// with what was written before.
pub async fn upsert(tx: &Db, table: &'static Table, rows: Vec<Vec<Cell>>) -> Result<(), RowFault> {
    let mut rows = last_of_each(table, rows)?;
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS));
        let listed = split_links(table, &mut rows)?;
        if fault::has_unique(table.name) {
            write_guarded(tx, table, rows).await?;
        } else {
            let values = encoded(table, rows)?;
            write(tx, table, values).await?;
        }
        links::write(tx, table, &listed).await?;
        rows = rest;
    }
    Ok(())
}

fn split_links(table: &Table, rows: &mut [Placed]) -> Result<Vec<Listed>, RowFault> {
    let mut listed = Vec::new();
    for (place, row) in rows {
        match links::split(table, row) {
            Ok(lists) => listed.extend(lists),
            Err(fault) => {
                let row = Some(*place);
                return Err(RowFault { row, fault });
            }
        }
    }
    Ok(listed)
}

/// A row and its place among those given.
type Placed = (usize, Vec<Cell>);

fn encoded(table: &Table, rows: Vec<Placed>) -> Result<Vec<Vec<SimpleExpr>>, RowFault> {
    rows.into_iter()
        .map(|(place, row)| {
            values(table, row).map_err(|fault| RowFault {
                row: Some(place),
                fault,
            })
        })
        .collect()
}

async fn write(tx: &Db, table: &Table, values: Vec<Vec<SimpleExpr>>) -> Result<(), Fault> {
    let derived = table.derived.iter().flat_map(Derived::columns);
    let columns: Vec<&'static str> = table
        .columns
        .iter()
        .map(|column| column.name)
        .chain(derived.copied())
        .collect();
    let mut conflict = OnConflict::column(table.key);
    if columns.len() == 1 {
        conflict.do_nothing();
    } else {
        let others = columns.iter().copied().filter(|name| *name != table.key);
        conflict.update_columns(others);
    }
    Insert::into(table.name, &columns)
        .on_conflict(conflict)
        .run(tx, values)
        .await
        .map(drop)
}

/// Writes rows so that a repeated value can be traced to its row: `PostgreSQL` answers no query
/// after a failure unless there is a point to go back to.
async fn write_guarded(tx: &Db, table: &Table, rows: Vec<Placed>) -> Result<(), RowFault> {
    let values = encoded(table, rows.clone())?;
    tx.script("SAVEPOINT rows").await?;
    match write(tx, table, values).await {
        Ok(()) => Ok(tx.script("RELEASE SAVEPOINT rows").await?),
        Err(Fault::Duplicate(constraint)) => {
            tx.script("ROLLBACK TO SAVEPOINT rows").await?;
            Err(RowFault {
                row: culprit(tx, table, constraint, &rows).await?,
                fault: Fault::Duplicate(constraint),
            })
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The row whose values in the constraint's columns another row has, among `rows` or stored.
async fn culprit(
    db: &Db,
    table: &Table,
    constraint: Constraint,
    rows: &[Placed],
) -> Result<Option<usize>, Fault> {
    let at = constraint.columns().iter();
    let at: Vec<usize> = at.filter_map(|column| table.position(column)).collect();
    if at.is_empty() {
        return Ok(None);
    }
    let mut places: HashMap<Vec<String>, (usize, String)> = HashMap::with_capacity(rows.len());
    let (key_at, key) = table.key_column()?;
    let mut firsts = Vec::with_capacity(rows.len());
    for (place, row) in rows {
        let cells: Vec<&Cell> = at.iter().filter_map(|at| row.get(*at)).collect();
        // Nothing is equal to nothing in a unique column.
        let Some(first) = cells.first().filter(|_| !cells.contains(&&Cell::Null)) else {
            continue;
        };
        firsts.push(*first);
        let values = cells.iter().map(|cell| shown(cell)).collect();
        let key = row.get(key_at).map(shown).unwrap_or_default();
        if places.insert(values, (*place, key)).is_some() {
            return Ok(Some(*place));
        }
    }
    let unique: Vec<Column> = at
        .iter()
        .filter_map(|at| table.columns.get(*at).copied())
        .collect();
    for row in db.rows(&holders(db, table, &unique, &firsts)).await? {
        let values = shown_columns(&row, &unique)?;
        let stored_key = shown(&decode(&key, &row, unique.len())?);
        if let Some((place, _)) = places.get(&values).filter(|(_, key)| *key != stored_key) {
            return Ok(Some(*place));
        }
    }
    Ok(None)
}

fn shown_columns(row: &QueryResult, columns: &[Column]) -> Result<Vec<String>, Fault> {
    let columns = columns.iter().enumerate();
    columns
        .map(|(at, column)| Ok(shown(&decode(column, row, at)?)))
        .collect()
}

/// Values in `columns` and key of the stored rows that have one of `firsts`, texts or numbers, in
/// the first of them.
fn holders(db: &Db, table: &Table, columns: &[Column], firsts: &[&Cell]) -> SelectStatement {
    let first = columns.first().map_or(table.key, |column| column.name);
    let ids: Vec<i64> = firsts
        .iter()
        .filter_map(|cell| match cell {
            Cell::Int(id) => Some(*id),
            _ => None,
        })
        .collect();
    let listed = if ids.is_empty() {
        let texts: Vec<String> = firsts.iter().map(|cell| shown(cell)).collect();
        db.dialect().is_one_of(Expr::col(first), &texts)
    } else {
        db.dialect().is_one_of_ids(Expr::col(first), &ids)
    };
    Query::select()
        .columns(columns.iter().map(|column| column.name))
        .column(table.key)
        .from(table.name)
        .and_where(listed)
        .take()
}

/// `PostgreSQL` refuses two rows with one key in one statement, `SQLite` takes the last.
fn last_of_each(table: &Table, rows: Vec<Vec<Cell>>) -> Result<Vec<Placed>, RowFault> {
    #[derive(PartialEq, Eq, Hash)]
    enum Key {
        Int(i64),
        Text(String),
    }
    let (position, _) = table.key_column()?;
    let mut last: HashMap<Key, usize> = HashMap::with_capacity(rows.len());
    let mut kept: Vec<Placed> = Vec::with_capacity(rows.len());
    for (place, row) in rows.into_iter().enumerate() {
        let key = match row.get(position) {
            Some(Cell::Int(key)) => Key::Int(*key),
            Some(Cell::Text(key)) => Key::Text(key.clone()),
            _ => {
                return Err(RowFault {
                    row: Some(place),
                    fault: misfit(table, table.key),
                });
            }
        };
        if let Some(earlier) = last.get(&key).and_then(|at| kept.get_mut(*at)) {
            *earlier = (place, row);
        } else {
            last.insert(key, kept.len());
            kept.push((place, row));
        }
    }
    Ok(kept)
}

fn values(table: &Table, row: Vec<Cell>) -> Result<Vec<SimpleExpr>, Fault> {
    if row.len() != table.columns.len() {
        return Err(Fault::broken(format!(
            "a row of {} has {} values instead of {}",
            table.name,
            row.len(),
            table.columns.len()
        )));
    }
    let derived: Vec<SimpleExpr> = table
        .derived
        .iter()
        .flat_map(|derived| derive_values(table, *derived, &row))
        .collect();
    let given = table.columns.iter().zip(row);
    let given =
        given.map(|(column, cell)| encode(column, cell).ok_or_else(|| misfit(table, column.name)));
    given.chain(derived.into_iter().map(Ok)).collect()
}

fn derive_values(table: &Table, derived: Derived, row: &[Cell]) -> Vec<SimpleExpr> {
    let text_of = |column: &str| match table.position(column).and_then(|at| row.get(at)) {
        Some(Cell::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    match derived {
        Derived::Fold { of, .. } => vec![value(text_of(of).map(text::fold))],
        Derived::FullName { .. } => {
            let [first, last] = ["first_name", "last_name"].map(|name| text_of(name).unwrap_or(""));
            vec![value(derive::full_name_lower(first, last))]
        }
        Derived::Tenant { .. } => {
            let nothing = Object::new();
            let document = |column: &str| match table.position(column).and_then(|at| row.get(at)) {
                Some(Cell::Json(serde_json::Value::Object(document))) => document,
                _ => &nothing,
            };
            let key = text_of("external_key").unwrap_or("");
            let documents = ["lms_configs", "theming_configs", "meta"].map(document);
            derive::tenant_columns(key, documents).values().to_vec()
        }
        Derived::Rule { .. } => {
            let [ptype, v1, v2] = ["ptype", "v1", "v2"].map(|name| text_of(name).unwrap_or(""));
            let columns = derive::rule_columns(ptype, v1, v2);
            vec![
                value(columns.scope_org),
                value(columns.v1_lower),
                value(columns.v2_lower),
                value(columns.scope_org_lower),
            ]
        }
    }
}
