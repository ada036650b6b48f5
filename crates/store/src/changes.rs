//! The change log: who did what, in the order in which it became true.
//!
//! Invariant: the numbers have no gaps and follow the order of the commits, on both databases:
//! they are taken from a counter whose row the transaction holds until its end. Hence a reader
//! that has seen number n misses nothing by asking for what is after n.
//! Invariant: the counter is the first lock of every transaction that writes, on PostgreSQL
//! ([`hold`]); `SQLite`'s writers are alone from their start anyway. No two writers can then wait
//! for each other, whatever they touch and in whatever order.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde_json::Value;

use crate::batch::{Insert, value};
use crate::tables::change::{Column, Entity, Model};
use crate::tables::change_counter;
use crate::{Db, Fault, Tx, derive};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused for want of permission.
    Denied,
}

impl Outcome {
    /// The stored word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Denied => "denied",
        }
    }
}

/// One thing that was done or refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key of the account that did it; `None` for the program itself.
    pub actor_id: Option<i64>,
    /// The name of who did it, as it was then.
    pub actor: String,
    /// For whom it was done, when that is somebody else.
    pub on_behalf_of: Option<String>,
    /// The request it was part of.
    pub request_id: Option<String>,
    /// The organization it concerns.
    pub org: Option<String>,
    /// What was done, general to special: `authz.role.assigned`.
    pub kind: String,
    /// What it was done to.
    pub subject: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What was changed, as it was.
    pub before: Option<Value>,
    /// What was changed, as it is.
    pub after: Option<Value>,
}

impl Entry {
    /// Something done, by nobody in particular; to be completed.
    #[must_use]
    pub fn new(kind: &str, subject: &str) -> Self {
        Self {
            actor_id: None,
            actor: String::new(),
            on_behalf_of: None,
            request_id: None,
            org: None,
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            outcome: Outcome::Done,
            before: None,
            after: None,
        }
    }
}

/// An entry as it stands in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// 1 for the first, then one more each time.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// See [`Entry::actor_id`].
    pub actor_id: Option<i64>,
    /// See [`Entry::actor`].
    pub actor: String,
    /// See [`Entry::on_behalf_of`].
    pub on_behalf_of: Option<String>,
    /// See [`Entry::request_id`].
    pub request_id: Option<String>,
    /// See [`Entry::org`].
    pub org: Option<String>,
    /// See [`Entry::kind`].
    pub kind: String,
    /// See [`Entry::subject`].
    pub subject: String,
    /// See [`Entry::outcome`].
    pub outcome: Outcome,
    /// See [`Entry::before`].
    pub before: Option<Value>,
    /// See [`Entry::after`].
    pub after: Option<Value>,
}

impl TryFrom<Model> for Change {
    type Error = Fault;

    fn try_from(row: Model) -> Result<Self, Fault> {
        let outcome = match row.outcome.as_str() {
            "denied" => Outcome::Denied,
            _ => Outcome::Done,
        };
        Ok(Self {
            seq: row.seq,
            at: derive::time(row.at)?,
            actor_id: row.actor_id,
            actor: row.actor,
            on_behalf_of: row.on_behalf_of,
            request_id: row.request_id,
            org: row.org,
            kind: row.kind,
            subject: row.subject,
            outcome,
            before: row.before.as_deref().map(derive::document).transpose()?,
            after: row.after.as_deref().map(derive::document).transpose()?,
        })
    }
}

const COLUMNS: [&str; 12] = [
    "seq",
    "at",
    "actor_id",
    "actor",
    "on_behalf_of",
    "request_id",
    "org",
    "kind",
    "subject",
    "outcome",
    "before",
    "after",
];

/// Makes this transaction the only one that writes, until it ends.
///
/// [`Store::begin`](crate::Store::begin) calls it before anything else is locked.
pub(crate) async fn hold(tx: &Tx) -> Result<(), Fault> {
    if !tx.dialect().has_many_writers() {
        return Ok(());
    }
    let counter = Query::select()
        .column(change_counter::Column::Seq)
        .from(change_counter::Entity)
        .lock_exclusive()
        .take();
    tx.rows(&counter).await.map(drop)
}

/// Appends entries, all at the same time; the number of the last one (of the log, when there are
/// none to append).
///
/// To be called once, as the last thing before the commit.
pub async fn append(tx: &Tx, at: DateTime<Utc>, entries: &[Entry]) -> Result<i64, Fault> {
    if entries.is_empty() {
        return last_seq(tx).await;
    }
    let count = i64::try_from(entries.len()).map_err(Fault::broken)?;
    let last = advance(tx, count).await?;
    let at = derive::micros(at);
    let rows = (last - count + 1..)
        .zip(entries)
        .map(|(seq, entry)| row(seq, at, entry))
        .collect();
    Insert::into("changes", &COLUMNS).run(tx, rows).await?;
    Ok(last)
}

/// Takes the next `count` numbers; the last of them.
async fn advance(tx: &Tx, count: i64) -> Result<i64, Fault> {
    let advance = Query::update()
        .table(change_counter::Entity)
        .value(
            change_counter::Column::Seq,
            Expr::col(change_counter::Column::Seq).add(count),
        )
        .returning_col(change_counter::Column::Seq)
        .take();
    let last: Vec<i64> = tx.column(&advance).await?;
    last.first()
        .copied()
        .ok_or_else(|| Fault::broken("the change counter has no row"))
}

/// Values in the order of [`COLUMNS`].
fn row(seq: i64, at: i64, entry: &Entry) -> Vec<SimpleExpr> {
    vec![
        value(seq),
        value(at),
        value(entry.actor_id),
        value(entry.actor.as_str()),
        value(entry.on_behalf_of.clone()),
        value(entry.request_id.clone()),
        value(entry.org.clone()),
        value(entry.kind.as_str()),
        value(entry.subject.as_str()),
        value(entry.outcome.word()),
        value(entry.before.as_ref().map(Value::to_string)),
        value(entry.after.as_ref().map(Value::to_string)),
    ]
}

/// Which entries to keep; `None` keeps all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Exactly this actor.
    pub actor: Option<String>,
    /// A kind that begins with this.
    pub kind: Option<String>,
    /// Exactly this subject.
    pub subject: Option<String>,
    /// Exactly this organization.
    pub org: Option<String>,
    /// Exactly this outcome.
    pub outcome: Option<Outcome>,
    /// At this time or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this time.
    pub until: Option<DateTime<Utc>>,
}

/// The newest entries before number `before` (or of all) that the filter keeps, newest first.
pub async fn page(
    db: &Db,
    filter: &Filter,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Change>, Fault> {
    let select = keep(filter)
        .apply_if(before, |select, before| {
            select.filter(Column::Seq.lt(before))
        })
        .order_by_desc(Column::Seq)
        .limit(limit);
    read(db, select).await
}

/// All entries after number `seq`, oldest first: for whoever follows the log.
pub async fn since(db: &Db, seq: i64) -> Result<Vec<Change>, Fault> {
    let select = Entity::find().filter(Column::Seq.gt(seq));
    read(db, select.order_by_asc(Column::Seq)).await
}

/// What an entry is about, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// See [`Change::seq`].
    pub seq: i64,
    /// See [`Change::at`].
    pub at: DateTime<Utc>,
    /// See [`Entry::kind`].
    pub kind: String,
}

/// The headings of the first `limit` entries after number `seq`, oldest first.
pub async fn headings(db: &Db, seq: i64, limit: u64) -> Result<Vec<Heading>, Fault> {
    let select = Entity::find()
        .select_only()
        .columns([Column::Seq, Column::At, Column::Kind])
        .filter(Column::Seq.gt(seq))
        .order_by_asc(Column::Seq)
        .limit(limit);
    let rows = db.rows(&select.into_query()).await?;
    let rows = rows.iter().map(|row| {
        Ok(Heading {
            seq: row.try_get("", "seq").map_err(Fault::of)?,
            at: derive::time(row.try_get("", "at").map_err(Fault::of)?)?,
            kind: row.try_get("", "kind").map_err(Fault::of)?,
        })
    });
    rows.collect()
}

/// The first `limit` entries after number `seq` that the filter keeps, oldest first: for whoever
/// follows the log or copies it, who asks again from the last number they got.
pub async fn chunk(db: &Db, filter: &Filter, seq: i64, limit: u64) -> Result<Vec<Change>, Fault> {
    read(db, first_after(filter, seq, limit)).await
}

fn first_after(filter: &Filter, seq: i64, limit: u64) -> sea_orm::Select<Entity> {
    let select = keep(filter).filter(Column::Seq.gt(seq));
    select.order_by_asc(Column::Seq).limit(limit)
}

/// What waits for whoever follows the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many entries.
    pub entries: u64,
    /// The number of the first of them.
    pub first: i64,
    /// When that was written.
    pub since: DateTime<Utc>,
}

/// What there is after number `seq` of exactly these kinds; `None` when there is nothing.
///
/// It costs as much as waits, however much there was before: each kind has its own part of an index,
/// in the order of the numbers.
pub async fn waiting(db: &Db, kinds: &[&str], seq: i64) -> Result<Option<Waiting>, Fault> {
    let rows = db.rows(&count_waiting(kinds, seq)).await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let number = |column| {
        row.try_get_by_index::<Option<i64>>(column)
            .map_err(Fault::of)
    };
    let (Some(entries), Some(first), Some(since)) = (number(0)?, number(1)?, number(2)?) else {
        return Ok(None);
    };
    Ok(Some(Waiting {
        entries: entries.unsigned_abs(),
        first,
        since: derive::time(since)?,
    }))
}

fn count_waiting(kinds: &[&str], seq: i64) -> SelectStatement {
    let select = Entity::find()
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .filter(Column::Seq.gt(seq))
        .select_only()
        .expr(Column::Seq.count())
        .expr(Column::Seq.min())
        .expr(Column::At.min());
    select.into_query()
}

/// The number of the last entry; 0 when there is none.
pub async fn last_seq(db: &Db) -> Result<i64, Fault> {
    let select = Query::select()
        .column(change_counter::Column::Seq)
        .from(change_counter::Entity)
        .take();
    Ok(db.column(&select).await?.first().copied().unwrap_or(0))
}

async fn read(db: &Db, select: sea_orm::Select<Entity>) -> Result<Vec<Change>, Fault> {
    db.rows(&select.into_query())
        .await?
        .iter()
        .map(|row| Change::try_from(Model::from_query_result(row, "").map_err(Fault::of)?))
        .collect()
}

fn keep(filter: &Filter) -> sea_orm::Select<Entity> {
    Entity::find()
        .apply_if(filter.actor.as_deref(), |select, actor| {
            select.filter(Column::Actor.eq(actor))
        })
        .apply_if(filter.kind.as_deref(), |select, kind| {
            // A range, not a pattern: it uses the index in both databases, and no character of
            // the text means anything else. U+10FFFF sorts after whatever follows the prefix.
            select
                .filter(Column::Kind.gte(kind))
                .filter(Column::Kind.lt(format!("{kind}\u{10ffff}")))
        })
        .apply_if(filter.subject.as_deref(), |select, subject| {
            select.filter(Column::Subject.eq(subject))
        })
        .apply_if(filter.org.as_deref(), |select, org| {
            select.filter(Column::Org.eq(org))
        })
        .apply_if(filter.outcome, |select, outcome| {
            select.filter(Column::Outcome.eq(outcome.word()))
        })
        .apply_if(filter.from, |select, from| {
            select.filter(Column::At.gte(derive::micros(from)))
        })
        .apply_if(filter.until, |select, until| {
            select.filter(Column::At.lt(derive::micros(until)))
        })
}

#[cfg(test)]
mod tests;
