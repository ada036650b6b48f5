//! Small statements that several families of tables share.

use provost_listing::LimitAsk;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{FromQueryResult, QueryResult, TryGetable};

use crate::{Db, Fault, Tx};

/// How many rows a statement selects, unless it is known.
pub(crate) async fn total_of(
    db: &Db,
    all: &SelectStatement,
    known: Option<u64>,
) -> Result<u64, Fault> {
    if let Some(total) = known {
        return Ok(total);
    }
    let count = Query::select()
        .expr(Func::count(Expr::cust("*")))
        .from_subquery(all.clone(), "counted")
        .take();
    let counted: Vec<i64> = db.column(&count).await?;
    Ok(counted.first().map_or(0, |count| count.unsigned_abs()))
}

/// Cuts the window out of the `total` rows of a statement; whether there is anything in it.
///
/// No number that is bound is greater than the total, however large those asked for are.
pub(crate) fn cut(select: &mut SelectStatement, ask: &LimitAsk, total: u64) -> bool {
    let window = ask.window();
    let left = total.saturating_sub(window.offset);
    if left > 0 {
        let limit = Ord::min(window.limit, left);
        select.limit(limit).offset(window.offset);
    }
    left > 0
}

/// The first row of a statement.
pub(crate) async fn one<T: FromQueryResult>(
    db: &Db,
    select: &SelectStatement,
) -> Result<Option<T>, Fault> {
    Ok(db.list(select).await?.into_iter().next())
}

/// Two columns of all rows of a statement.
pub(crate) async fn pairs<A: TryGetable, B: TryGetable>(
    db: &Db,
    select: &SelectStatement,
) -> Result<Vec<(A, B)>, Fault> {
    let rows = db.rows(select).await?;
    let pair = |row: &QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    rows.iter()
        .map(|row| pair(row).map_err(Fault::of))
        .collect()
}

/// Removes the row of a table with this key; whether there was one.
pub(crate) async fn remove(tx: &Tx, table: &'static str, id: i64) -> Result<bool, Fault> {
    let delete = Query::delete()
        .from_table(table)
        .and_where(Expr::col("id").eq(id))
        .take();
    Ok(tx.run(&delete).await? > 0)
}

/// Removes the rows of a table with these keys; how many there were.
pub(crate) async fn remove_all(tx: &Tx, table: &'static str, ids: &[i64]) -> Result<u64, Fault> {
    if ids.is_empty() {
        return Ok(0);
    }
    let delete = Query::delete()
        .from_table(table)
        .and_where(tx.dialect().is_one_of_ids(Expr::col("id"), ids))
        .take();
    tx.run(&delete).await
}
