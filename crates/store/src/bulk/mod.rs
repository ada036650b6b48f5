//! Whole tables in and out, for fixtures: rows by the description of their table.
//!
//! Callers give and get the columns of [`Table::columns`], in that order, and after them the keys
//! of [`Table::links`]. Columns that repeat others in lower case are computed here on the way in
//! and left out on the way out.

mod cell;
mod columns;
pub(crate) mod links;
mod read;
pub mod tables;
mod write;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{Db, Fault};

use columns::Derived;
pub use read::{MOST_DANGLING, dangling, scan};
pub use tables::{ALL, table};
pub use write::{RowFault, upsert};

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing, where the column allows it.
    Null,
    /// For [`Kind::Bool`].
    Bool(bool),
    /// For [`Kind::Int`].
    Int(i64),
    /// For [`Kind::Text`].
    Text(String),
    /// For [`Kind::Time`]; kept to the microsecond.
    Time(DateTime<Utc>),
    /// For [`Kind::Json`].
    Json(Value),
    /// For a [`Link`]: keys of the other table's rows, each once.
    Keys(Vec<i64>),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A text.
    Text,
    /// A time.
    Time,
    /// A JSON document.
    Json,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may hold nothing.
    pub nullable: bool,
    /// The table and column whose values it repeats.
    pub references: Option<(&'static str, &'static str)>,
}

/// A relation of many rows to many, which a fixture writes as a list in one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The table that holds the pairs.
    pub table: &'static str,
    /// The column there that repeats the key of this table.
    pub from: &'static str,
    /// The column there that repeats the key of the other table, and that table.
    pub to: (&'static str, &'static str),
}

/// A table.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The column that tells its rows apart; among `columns`.
    pub key: &'static str,
    /// What callers give and get, in this order.
    pub columns: &'static [Column],
    /// What callers give and get after the columns.
    pub links: &'static [Link],
    derived: &'static [Derived],
    /// Whether the database counts up the key.
    counted: bool,
}

/// A reference to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dangling {
    /// The table of the row.
    pub table: &'static str,
    /// The key of the row, as text.
    pub key: String,
    /// The column that refers.
    pub column: &'static str,
    /// What it refers to, as text.
    pub value: String,
}

impl Table {
    fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }

    fn key_column(&self) -> Result<(usize, Column), Fault> {
        let position = self.position(self.key);
        position
            .and_then(|position| Some((position, *self.columns.get(position)?)))
            .ok_or_else(|| Fault::broken(format!("{} has no key column", self.name)))
    }
}

fn misfit(table: &Table, column: &str) -> Fault {
    Fault::broken(format!("a value does not fit {}.{column}", table.name))
}

/// From here to the end of the transaction, rows may refer to rows that come later.
pub async fn defer_references(db: &Db) -> Result<(), Fault> {
    db.script(db.dialect().defer_references()).await
}

/// Makes the next key of every counted table greater than all it holds, once rows were written with
/// their keys. A key that was given is never given again, even if its row is gone.
pub async fn advance_sequences(db: &Db) -> Result<(), Fault> {
    for table in ALL.iter().filter(|table| table.counted) {
        if let Some(advance) = db.dialect().advance_sequence(table.name) {
            db.script(&advance).await?;
        }
    }
    Ok(())
}
