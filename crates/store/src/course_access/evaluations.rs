//! Evaluations: the people of an organization held against its rules, and what came of it.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{
    Expr, ExprTrait, JoinType, LockType, Order, Query, SelectStatement, UpdateStatement,
};

use super::memberships::belongs;
use super::{PersonRef, R, column, one};
use crate::batch::{Insert, value};
use crate::{Db, Fault, Tx, derive};

/// How far an evaluation is, as it was last written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It was asked for.
    Queued,
    /// It is at work.
    Running,
    /// It went through everybody.
    Finished,
    /// It gave up.
    Failed,
    /// Another one was begun because this one had not been heard of for too long.
    Interrupted,
}

impl State {
    const ALL: [Self; 5] = [
        Self::Queued,
        Self::Running,
        Self::Finished,
        Self::Failed,
        Self::Interrupted,
    ];

    /// Whether more may come of it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }

    /// The stored word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }

    fn read(word: &str) -> Result<Self, Fault> {
        let state = Self::ALL.into_iter().find(|state| state.word() == word);
        state.ok_or_else(|| Fault::broken(format!("{word:?} is no state of an evaluation")))
    }
}

/// An evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The key.
    pub id: i64,
    /// How far it is.
    pub state: State,
    /// Whether it only says what it would do.
    pub dry_run: bool,
    /// How many people there are.
    pub total: i64,
    /// How many of them were looked at.
    pub done: i64,
    /// How many of them came into a group, or would have.
    pub joined: i64,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was last heard of.
    pub updated_at: DateTime<Utc>,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended, well or not.
    pub finished_at: Option<DateTime<Utc>>,
    /// Why it failed.
    pub error: Option<String>,
    /// What the body was that asked for it, where that came with a key of its own.
    pub body_hash: Option<String>,
}

/// An evaluation to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvaluation {
    /// Whose people and rules.
    pub organization: i64,
    /// See [`Evaluation::dry_run`].
    pub dry_run: bool,
    /// See [`Evaluation::total`].
    pub total: i64,
    /// The key by which the request can be told from others, and what its body was.
    pub request: Option<(String, String)>,
}

/// What became of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome<P> {
    /// Who.
    pub person: P,
    /// In one word.
    pub word: String,
    /// The rule that counts for them.
    pub rule: Option<i64>,
    /// Where that leads.
    pub group: Option<i64>,
}

const TABLE: &str = "access_evaluations";
const RESULTS: &str = "access_evaluation_results";

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    state: String,
    dry_run: bool,
    total: i64,
    done: i64,
    joined: i64,
    created_at: i64,
    updated_at: i64,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    error: Option<String>,
    body_hash: Option<String>,
}

impl TryFrom<Row> for Evaluation {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            state: State::read(&row.state)?,
            dry_run: row.dry_run,
            total: row.total,
            done: row.done,
            joined: row.joined,
            created_at: derive::time(row.created_at)?,
            updated_at: derive::time(row.updated_at)?,
            started_at: row.started_at.map(derive::time).transpose()?,
            finished_at: row.finished_at.map(derive::time).transpose()?,
            error: row.error,
            body_hash: row.body_hash,
        })
    }
}

fn shown(organization: i64) -> SelectStatement {
    const COLUMNS: [&str; 12] = [
        "id",
        "state",
        "dry_run",
        "total",
        "done",
        "joined",
        "created_at",
        "updated_at",
        "started_at",
        "finished_at",
        "error",
        "body_hash",
    ];
    super::from(TABLE)
        .columns(COLUMNS.map(|name| (R, name)))
        .and_where(column(R, "organization_id").eq(organization))
        .take()
}

async fn first(db: &Db, select: &SelectStatement) -> Result<Option<Evaluation>, Fault> {
    let row = one::<Row>(db, select).await?;
    row.map(Evaluation::try_from).transpose()
}

/// The newest evaluations before the one with the key `before`, or of all, newest first.
pub async fn page(
    db: &Db,
    organization: i64,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Evaluation>, Fault> {
    let select = shown(organization)
        .and_where_option(before.map(|before| column(R, "id").lt(before)))
        .order_by((R, "id"), Order::Desc)
        .limit(limit)
        .take();
    let rows: Vec<Row> = db.list(&select).await?;
    rows.into_iter().map(Evaluation::try_from).collect()
}

/// The organization's evaluation with this key.
pub async fn find(db: &Db, organization: i64, id: i64) -> Result<Option<Evaluation>, Fault> {
    let select = shown(organization).and_where(column(R, "id").eq(id)).take();
    first(db, &select).await
}

/// The organization's evaluation that was asked for with this key of a request.
pub async fn of_request(
    db: &Db,
    organization: i64,
    key: &str,
) -> Result<Option<Evaluation>, Fault> {
    let select = shown(organization)
        .and_where(column(R, "idempotency_key").eq(key))
        .take();
    first(db, &select).await
}

/// The organization's evaluations that are queued or running, oldest first.
pub async fn open(db: &Db, organization: i64) -> Result<Vec<Evaluation>, Fault> {
    let select = shown(organization)
        .and_where(is_open(column(R, "state")))
        .order_by((R, "id"), Order::Asc)
        .take();
    let rows: Vec<Row> = db.list(&select).await?;
    rows.into_iter().map(Evaluation::try_from).collect()
}

fn is_open(state: Expr) -> Expr {
    state.is_in([State::Queued.word(), State::Running.word()])
}

/// Keeps others from making evaluations of the organization until the transaction ends.
pub async fn lock(tx: &Tx, organization: i64) -> Result<(), Fault> {
    let lock = Query::select()
        .column("id")
        .from("organizations")
        .and_where(Expr::col("id").eq(organization))
        .lock(LockType::NoKeyUpdate)
        .take();
    tx.rows(&lock).await.map(drop)
}

/// Makes an evaluation, queued; its key. [`Fault::Duplicate`] with
/// [`EvaluationKey`](crate::Constraint::EvaluationKey) when the request's key is taken.
pub async fn create(tx: &Tx, new: &NewEvaluation, now: DateTime<Utc>) -> Result<i64, Fault> {
    const COLUMNS: [&str; 10] = [
        "organization_id",
        "state",
        "dry_run",
        "total",
        "done",
        "joined",
        "created_at",
        "updated_at",
        "idempotency_key",
        "body_hash",
    ];
    let now = derive::micros(now);
    let (key, hash) = new.request.clone().unzip();
    let row = vec![
        value(new.organization),
        value(State::Queued.word()),
        value(new.dry_run),
        value(new.total),
        value(0_i64),
        value(0_i64),
        value(now),
        value(now),
        value(key),
        value(hash),
    ];
    Insert::into(TABLE, &COLUMNS).one_id(tx, row).await
}

/// An update of an evaluation, if it is queued or running.
fn heard(id: i64, now: DateTime<Utc>) -> UpdateStatement {
    Query::update()
        .table(TABLE)
        .value("updated_at", derive::micros(now))
        .and_where(Expr::col("id").eq(id))
        .and_where(is_open(Expr::col("state")))
        .take()
}

/// Says that an evaluation began; whether it was there to begin.
pub async fn begin(tx: &Tx, id: i64, now: DateTime<Utc>) -> Result<bool, Fault> {
    let update = heard(id, now)
        .value("state", State::Running.word())
        .value("started_at", derive::micros(now))
        .take();
    Ok(tx.run(&update).await? > 0)
}

/// Adds to what an evaluation has done; whether it is still to go on.
pub async fn advance(
    tx: &Tx,
    id: i64,
    (done, joined): (i64, i64),
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let update = heard(id, now)
        .value("done", Expr::col("done").add(done))
        .value("joined", Expr::col("joined").add(joined))
        .take();
    Ok(tx.run(&update).await? > 0)
}

/// Ends an evaluation that is queued or running; how many people it found is then how many there
/// were.
pub async fn finish(tx: &Tx, id: i64, now: DateTime<Utc>) -> Result<(), Fault> {
    let update = heard(id, now)
        .value("state", State::Finished.word())
        .value("total", Expr::col("done"))
        .value("finished_at", derive::micros(now))
        .take();
    tx.run(&update).await.map(drop)
}

/// Ends an evaluation that is queued or running because of an error.
pub async fn fail(tx: &Tx, id: i64, error: &str, now: DateTime<Utc>) -> Result<(), Fault> {
    let update = heard(id, now)
        .value("state", State::Failed.word())
        .value("error", error)
        .value("finished_at", derive::micros(now))
        .take();
    tx.run(&update).await.map(drop)
}

/// Writes down that an evaluation was interrupted: whoever is still at it stops.
pub async fn interrupt(tx: &Tx, id: i64) -> Result<(), Fault> {
    let update = Query::update()
        .table(TABLE)
        .value("state", State::Interrupted.word())
        .and_where(Expr::col("id").eq(id))
        .take();
    tx.run(&update).await.map(drop)
}

/// Writes down what became of people, each once in an evaluation.
pub async fn record(tx: &Tx, evaluation: i64, outcomes: &[Outcome<i64>]) -> Result<(), Fault> {
    const COLUMNS: [&str; 5] = ["evaluation_id", "user_id", "outcome", "rule_id", "group_id"];
    let rows = outcomes.iter().map(|outcome| {
        vec![
            value(evaluation),
            value(outcome.person),
            value(outcome.word.as_str()),
            value(outcome.rule),
            value(outcome.group),
        ]
    });
    Insert::into(RESULTS, &COLUMNS)
        .run(tx, rows.collect())
        .await
        .map(drop)
}

/// What became of the first `limit` people of an organization's evaluation whose key is greater than
/// `after`, in the order of their keys. Whoever has left the organization since is left out.
pub async fn results(
    db: &Db,
    (organization, evaluation): (i64, i64),
    after: i64,
    limit: u64,
) -> Result<Vec<Outcome<PersonRef>>, Fault> {
    #[derive(FromQueryResult)]
    struct Row {
        #[sea_orm(nested)]
        person: PersonRef,
        outcome: String,
        rule_id: Option<i64>,
        group_id: Option<i64>,
    }
    const U: &str = "u";
    let own = column(U, "id").eq(column(R, "user_id"));
    let select = super::from(RESULTS)
        .columns(["user_id", "outcome", "rule_id", "group_id"].map(|name| (R, name)))
        .columns([(U, "username"), (U, "email")])
        .join_as(JoinType::InnerJoin, "users", U, own)
        .and_where(column(R, "evaluation_id").eq(evaluation))
        .and_where(column(R, "user_id").gt(after))
        .and_where(belongs(column(R, "user_id"), organization))
        .order_by((R, "user_id"), Order::Asc)
        .limit(limit)
        .take();
    let rows: Vec<Row> = db.list(&select).await?;
    let outcomes = rows.into_iter().map(|row| Outcome {
        person: row.person,
        word: row.outcome,
        rule: row.rule_id,
        group: row.group_id,
    });
    Ok(outcomes.collect())
}
