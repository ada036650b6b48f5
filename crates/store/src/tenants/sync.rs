//! What another platform was told of tenants: how far in the change log, by whom, under which keys it
//! knows them, and what it refused.
//!
//! Invariant: one holder at most is at it. Whoever has lost the lease to another is told so by
//! [`advance`] and [`failed`], and is to drop what else the transaction has written.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{
    Condition, Expr, ExprTrait, OnConflict, Order, Query, SelectStatement, SimpleExpr,
    UpdateStatement,
};

use crate::batch::{Insert, value};
use crate::select::{one, pairs, total_of};
use crate::{Db, Fault, Tx, derive};

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Which platform is meant; none was yet if there is none.
    pub target: Option<String>,
    /// The number in the change log up to which everything was told or refused.
    pub seq: i64,
    /// Who is at it, or was until `lease_until`.
    pub holder: Option<String>,
    /// Until when nobody else may be at it.
    pub lease_until: Option<DateTime<Utc>>,
    /// When `seq` was last written.
    pub last_pushed_at: Option<DateTime<Utc>>,
    /// What went wrong last, however long ago.
    pub last_error: Option<String>,
    /// When that was.
    pub last_error_at: Option<DateTime<Utc>>,
    /// How often it went wrong since `seq` was last written.
    pub failures: u64,
}

/// Something that the other platform does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The key.
    pub id: i64,
    /// The number of the change.
    pub seq: i64,
    /// The kind of the change.
    pub kind: String,
    /// What was changed.
    pub subject: String,
    /// The status of the answer.
    pub status: u16,
    /// What the answer said.
    pub error: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Something that the other platform has just refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRefused {
    /// See [`Refused::seq`].
    pub seq: i64,
    /// See [`Refused::kind`].
    pub kind: String,
    /// See [`Refused::subject`].
    pub subject: String,
    /// See [`Refused::status`].
    pub status: u16,
    /// See [`Refused::error`].
    pub error: String,
}

const STATE: &str = "lms_sync";
const OBJECTS: &str = "lms_objects";
const REFUSED: &str = "lms_refused";

/// How far it is.
pub async fn state(db: &Db) -> Result<State, Fault> {
    #[derive(FromQueryResult)]
    struct Row {
        target: Option<String>,
        seq: i64,
        holder: Option<String>,
        lease_until: Option<i64>,
        last_pushed_at: Option<i64>,
        last_error: Option<String>,
        last_error_at: Option<i64>,
        failures: i64,
    }
    const COLUMNS: [&str; 8] = [
        "target",
        "seq",
        "holder",
        "lease_until",
        "last_pushed_at",
        "last_error",
        "last_error_at",
        "failures",
    ];
    let select = Query::select().columns(COLUMNS).from(STATE).take();
    let row: Row = one(db, &select)
        .await?
        .ok_or_else(|| Fault::broken("the state of the sync has no row"))?;
    Ok(State {
        target: row.target,
        seq: row.seq,
        holder: row.holder,
        lease_until: row.lease_until.map(derive::time).transpose()?,
        last_pushed_at: row.last_pushed_at.map(derive::time).transpose()?,
        last_error: row.last_error,
        last_error_at: row.last_error_at.map(derive::time).transpose()?,
        failures: row.failures.unsigned_abs(),
    })
}

/// Takes or prolongs the lease; whether `holder` has it now, until `until`. Somebody else has it if
/// theirs has not ended at `now`.
pub async fn take_lease(
    tx: &Tx,
    holder: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool, Fault> {
    let free = Condition::any()
        .add(Expr::col("holder").is_null())
        .add(Expr::col("holder").eq(holder))
        .add(Expr::col("lease_until").lte(derive::micros(now)));
    // Whether it is free is part of the statement that takes it.
    let update = Query::update()
        .table(STATE)
        .value("holder", holder)
        .value("lease_until", derive::micros(until))
        .cond_where(free)
        .take();
    Ok(tx.run(&update).await? > 0)
}

/// An update of the state, if `holder` is still the last who took the lease.
fn held(holder: &str) -> UpdateStatement {
    Query::update()
        .table(STATE)
        .and_where(Expr::col("holder").eq(holder))
        .take()
}

/// Gives the lease back; whether `holder` was the last who took it.
pub async fn release(tx: &Tx, holder: &str) -> Result<bool, Fault> {
    let update = held(holder)
        .value("holder", None::<String>)
        .value("lease_until", None::<i64>)
        .take();
    Ok(tx.run(&update).await? > 0)
}

/// Writes down which platform is meant, and forgets everything about the one that was meant before, to
/// which it does not apply; `false`, and nothing is written, when somebody else has taken the lease.
pub async fn aim(tx: &Tx, holder: &str, target: &str) -> Result<bool, Fault> {
    let update = held(holder)
        .value("target", target)
        .value("seq", 0_i64)
        .value("failures", 0_i64)
        .take();
    if tx.run(&update).await? == 0 {
        return Ok(false);
    }
    for table in [OBJECTS, REFUSED] {
        let delete = Query::delete().from_table(table).take();
        tx.run(&delete).await?;
    }
    Ok(true)
}

/// Writes down that everything up to `seq` was told or refused; `false`, and nothing is written, when
/// somebody else has taken the lease.
pub async fn advance(tx: &Tx, holder: &str, seq: i64, now: DateTime<Utc>) -> Result<bool, Fault> {
    let update = held(holder)
        .value("seq", seq)
        .value("last_pushed_at", derive::micros(now))
        .value("failures", 0_i64)
        .take();
    Ok(tx.run(&update).await? > 0)
}

/// Writes down that it went wrong once more; `false`, and nothing is written, when somebody else has
/// taken the lease.
pub async fn failed(tx: &Tx, holder: &str, error: &str, now: DateTime<Utc>) -> Result<bool, Fault> {
    let update = held(holder)
        .value("failures", Expr::col("failures").add(1_i64))
        .value("last_error", derive::storable(error))
        .value("last_error_at", derive::micros(now))
        .take();
    Ok(tx.run(&update).await? > 0)
}

fn of_kind(kind: &str) -> SelectStatement {
    Query::select()
        .columns(["local_id", "remote_id"])
        .from(OBJECTS)
        .and_where(Expr::col("kind").eq(kind))
        .take()
}

/// The key under which the other platform knows what is `local` here.
pub async fn remote(db: &Db, kind: &str, local: i64) -> Result<Option<i64>, Fault> {
    let own = Expr::col("local_id").eq(local);
    let pair = pairs::<i64, i64>(db, of_kind(kind).and_where(own)).await?;
    Ok(pair.first().map(|(_, remote)| *remote))
}

/// The keys under which the other platform knows everything of a kind, by the keys it has here.
pub async fn remotes(db: &Db, kind: &str) -> Result<HashMap<i64, i64>, Fault> {
    Ok(pairs(db, &of_kind(kind)).await?.into_iter().collect())
}

/// Writes down under which key the other platform knows something of a kind: pairs of the key here
/// and the key there. What was written down before is forgotten; of two for one key, the last counts.
pub async fn link(tx: &Tx, kind: &str, objects: &[(i64, i64)]) -> Result<(), Fault> {
    let last: HashMap<i64, i64> = objects.iter().copied().collect();
    let rows = last
        .into_iter()
        .map(|(local, remote)| vec![value(kind), value(local), value(remote)]);
    let again = OnConflict::columns(["kind", "local_id"])
        .update_column("remote_id")
        .to_owned();
    Insert::into(OBJECTS, &["kind", "local_id", "remote_id"])
        .on_conflict(again)
        .run(tx, rows.collect())
        .await
        .map(drop)
}

/// Forgets under which keys the other platform knows these.
pub async fn unlink(tx: &Tx, kind: &str, locals: &[i64]) -> Result<(), Fault> {
    let listed = tx.dialect().is_one_of_ids(Expr::col("local_id"), locals);
    let delete = Query::delete()
        .from_table(OBJECTS)
        .and_where(Expr::col("kind").eq(kind))
        .and_where(listed)
        .take();
    tx.run(&delete).await.map(drop)
}

/// Writes down what the other platform has refused.
pub async fn refuse(tx: &Tx, refused: &[NewRefused], now: DateTime<Utc>) -> Result<(), Fault> {
    const COLUMNS: [&str; 6] = ["seq", "kind", "subject", "status", "error", "at"];
    let now = derive::micros(now);
    let row = |refused: &NewRefused| -> Vec<SimpleExpr> {
        vec![
            value(refused.seq),
            value(refused.kind.as_str()),
            value(refused.subject.as_str()),
            value(i64::from(refused.status)),
            value(derive::storable(&refused.error)),
            value(now),
        ]
    };
    Insert::into(REFUSED, &COLUMNS)
        .run(tx, refused.iter().map(row).collect())
        .await
        .map(drop)
}

/// The newest `limit` of what the other platform has refused, newest first.
pub async fn refused(db: &Db, limit: u64) -> Result<Vec<Refused>, Fault> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        seq: i64,
        kind: String,
        subject: String,
        status: i64,
        error: String,
        at: i64,
    }
    let select = Query::select()
        .columns(["id", "seq", "kind", "subject", "status", "error", "at"])
        .from(REFUSED)
        .order_by("id", Order::Desc)
        .limit(limit)
        .take();
    let rows: Vec<Row> = db.list(&select).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Refused {
                id: row.id,
                seq: row.seq,
                kind: row.kind,
                subject: row.subject,
                status: u16::try_from(row.status).map_err(Fault::broken)?,
                error: row.error,
                at: derive::time(row.at)?,
            })
        })
        .collect()
}

/// How much there is that the other platform has refused.
pub async fn count_refused(db: &Db) -> Result<u64, Fault> {
    let all = Query::select().column("id").from(REFUSED).take();
    total_of(db, &all, None).await
}

/// Forgets what was refused, of one subject or of all; how much there was.
pub async fn clear_refused(tx: &Tx, subject: Option<&str>) -> Result<u64, Fault> {
    let own = subject.map(|subject| Expr::col("subject").eq(subject));
    let mut delete = Query::delete();
    delete.from_table(REFUSED);
    if let Some(own) = own {
        delete.and_where(own);
    }
    tx.run(&delete).await
}
