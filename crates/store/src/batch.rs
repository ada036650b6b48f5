//! Many rows in few statements.

use std::collections::HashSet;
use std::hash::Hash;

use sea_orm::QueryResult;
use sea_orm::sea_query::{Expr, InsertStatement, OnConflict, Query, SimpleExpr};

use crate::{Db, Fault};

/// How many rows an insert gets at once; a power of two.
const ROWS: usize = 512;

/// How many of `left` rows the next statement takes: the greatest power of two, so that a table
/// has ten texts of inserts and not a thousand. Connections keep what they prepared, and a long
/// insert is large in there.
fn share(left: usize, most: usize) -> usize {
    let most = left.min(most).clamp(1, ROWS);
    1 << most.ilog2()
}

/// An insert of many rows into one table.
pub(crate) struct Insert {
    pub(crate) table: &'static str,
    pub(crate) columns: Vec<&'static str>,
    pub(crate) conflict: Option<OnConflict>,
}

impl Insert {
    pub(crate) fn into(table: &'static str, columns: &[&'static str]) -> Self {
        Self {
            table,
            columns: columns.to_vec(),
            conflict: None,
        }
    }

    pub(crate) fn on_conflict(mut self, conflict: OnConflict) -> Self {
        self.conflict = Some(conflict);
        self
    }

    /// Inserts the rows; how many there are now that were not, or were changed.
    pub(crate) async fn run(self, db: &Db, rows: Vec<Vec<SimpleExpr>>) -> Result<u64, Fault> {
        let mut changed = 0;
        for statement in self.statements(db, rows)? {
            changed += db.run(&statement).await?;
        }
        Ok(changed)
    }

    /// Inserts the rows and answers with some of their columns, in no particular order.
    pub(crate) async fn returning(
        self,
        db: &Db,
        rows: Vec<Vec<SimpleExpr>>,
        columns: &[&'static str],
    ) -> Result<Vec<QueryResult>, Fault> {
        let mut answer = Vec::with_capacity(rows.len());
        for mut statement in self.statements(db, rows)? {
            statement.returning(Query::returning().columns(columns.iter().copied()));
            answer.extend(db.rows(&statement).await?);
        }
        Ok(answer)
    }

    /// Inserts one row; the key it got.
    pub(crate) async fn one_id(self, db: &Db, row: Vec<SimpleExpr>) -> Result<i64, Fault> {
        let made = self.returning(db, vec![row], &["id"]).await?;
        let made = made
            .first()
            .ok_or_else(|| Fault::broken("an insert gave no row"))?;
        made.try_get("", "id").map_err(Fault::of)
    }

    fn statements(
        &self,
        db: &Db,
        rows: Vec<Vec<SimpleExpr>>,
    ) -> Result<Vec<InsertStatement>, Fault> {
        let most = db.dialect().most_values() / self.columns.len().max(1);
        let mut statements = Vec::with_capacity(rows.len() / ROWS + 10);
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let mut insert = Query::insert();
            insert
                .into_table(self.table)
                .columns(self.columns.iter().copied());
            let share = share(rows.len(), most);
            for row in rows.by_ref().take(share) {
                insert.values(row).map_err(Fault::broken)?;
            }
            if let Some(conflict) = &self.conflict {
                insert.on_conflict(conflict.clone());
            }
            statements.push(insert);
        }
        Ok(statements)
    }
}

/// A value that may be missing, as part of a row.
pub(crate) fn value<T: Into<sea_orm::Value>>(value: T) -> SimpleExpr {
    Expr::value(value)
}

/// Each value once, in the order of first mention.
pub(crate) fn distinct<T: Copy + Eq + Hash>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    values.filter(|value| seen.insert(*value)).collect()
}

/// The column `id` of rows that an insert gave back in no order, smallest first.
pub(crate) fn sorted_ids(rows: &[QueryResult]) -> Result<Vec<i64>, Fault> {
    let mut ids = rows
        .iter()
        .map(|row| row.try_get("", "id").map_err(Fault::of))
        .collect::<Result<Vec<i64>, _>>()?;
    ids.sort_unstable();
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn rows_are_shared_out_in_powers_of_two() {
        for (rows, most, expected) in [
            (1, 9000, &[1][..]),
            (37, 9000, &[32, 4, 1]),
            (1300, 9000, &[512, 512, 256, 16, 4]),
            (300, 200, &[128, 128, 32, 8, 4]),
            (2, 0, &[1, 1]),
        ] {
            let mut left = rows;
            let mut shares = Vec::new();
            while left > 0 {
                shares.push(share(left, most));
                left -= shares.last().unwrap();
            }
            assert_eq!(shares, expected, "{rows} rows, at most {most}");
        }
    }
}
