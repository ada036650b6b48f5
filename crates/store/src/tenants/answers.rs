//! Answers that were given to requests with a key of their own, so that the same request gets the
//! same answer.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::Value;

use crate::batch::{Insert, value};
use crate::select::one;
use crate::{Db, Fault, Tx, derive};

/// An answer that was given.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// What the body of the request was, as a hash.
    pub body_hash: String,
    /// The status of the answer.
    pub status: u16,
    /// The body of the answer.
    pub body: Value,
}

const TABLE: &str = "kept_answers";

/// The answer that was given to a user's request for an operation with this key.
pub async fn find(db: &Db, user: i64, operation: &str, key: &str) -> Result<Option<Kept>, Fault> {
    #[derive(FromQueryResult)]
    struct Row {
        body_hash: String,
        status: i64,
        body: String,
    }
    if operation.contains('\0') || key.contains('\0') {
        return Ok(None);
    }
    let select = Query::select()
        .columns(["body_hash", "status", "body"])
        .from(TABLE)
        .and_where(Expr::col("user_id").eq(user))
        .and_where(Expr::col("operation").eq(operation))
        .and_where(Expr::col("key").eq(key))
        .take();
    let Some(row) = one::<Row>(db, &select).await? else {
        return Ok(None);
    };
    Ok(Some(Kept {
        body_hash: row.body_hash,
        status: u16::try_from(row.status).map_err(Fault::broken)?,
        body: derive::document(&row.body)?,
    }))
}

/// Keeps an answer. [`Fault::Duplicate`] with [`Key`](crate::Constraint::Key) when there is one
/// already, [`Fault::Dangling`] when there is no such user.
pub async fn keep(
    tx: &Tx,
    user: i64,
    operation: &str,
    key: &str,
    kept: &Kept,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    const COLUMNS: [&str; 7] = [
        "user_id",
        "operation",
        "key",
        "body_hash",
        "status",
        "body",
        "created_at",
    ];
    let row = vec![
        value(user),
        value(operation),
        value(key),
        value(kept.body_hash.as_str()),
        value(i64::from(kept.status)),
        value(kept.body.to_string()),
        value(derive::micros(now)),
    ];
    Insert::into(TABLE, &COLUMNS)
        .run(tx, vec![row])
        .await
        .map(drop)
}

/// Forgets the answers that were kept before a time; how many there were.
pub async fn forget_before(tx: &Tx, time: DateTime<Utc>) -> Result<u64, Fault> {
    let delete = Query::delete()
        .from_table(TABLE)
        .and_where(Expr::col("created_at").lt(derive::micros(time)))
        .take();
    tx.run(&delete).await
}
