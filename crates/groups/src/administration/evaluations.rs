//! `evaluations/`: everybody who is there already, held against the rules.

use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use deserr::Deserr;
use http::StatusCode;
use provost_app::identity::secret::digest;
use provost_app::{Answer, App, Author, kind};
use provost_drf::absolute::Origin;
use provost_drf::{
    Accepted, Flag, IdempotencyKey, Invalid, Json, KeysetPage, Optional, Path, Problem, Time,
    Unread,
};
use provost_store::Tx;
use provost_store::course_access::candidates;
use provost_store::course_access::evaluations::{
    self as store, NewEvaluation, Outcome, State as Stored,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::Keys;
use super::job::Job;
use super::scope::{Admin, Row, after, cursor};
use crate::record;
use crate::wire::PersonRef;

/// An evaluation that was not heard of for so long is given up.
const SILENCE: TimeDelta = TimeDelta::seconds(60);

/// An evaluation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Evaluation {
    id: i64,
    /// How far it is.
    #[schemars(extend("enum" = ["queued", "running", "finished", "failed", "interrupted"]))]
    state: &'static str,
    /// Whether it only says what it would do.
    dry_run: bool,
    /// How many people there are.
    total: i64,
    /// How many of them were looked at.
    done: i64,
    /// How many of them came into a group, or would have.
    joined: i64,
    created_at: Time,
    started_at: Option<Time>,
    finished_at: Option<Time>,
    /// Why it failed.
    error: Option<String>,
}

impl Evaluation {
    fn of(row: store::Evaluation, now: DateTime<Utc>) -> Self {
        Self {
            id: row.id,
            state: state(&row, now).word(),
            dry_run: row.dry_run,
            total: row.total,
            done: row.done,
            joined: row.joined,
            created_at: row.created_at.into(),
            started_at: row.started_at.map(Time::from),
            finished_at: row.finished_at.map(Time::from),
            error: row.error,
        }
    }
}

/// How far an evaluation is; one that is silent is interrupted, whether or not that was written.
fn state(row: &store::Evaluation, now: DateTime<Utc>) -> Stored {
    if row.state.is_open() && now - row.updated_at >= SILENCE {
        Stored::Interrupted
    } else {
        row.state
    }
}

/// What became of one person.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "EvaluationResult")]
pub struct Became {
    user: PersonRef,
    #[schemars(extend("enum" = [
        "joined", "would_join", "already_member", "no_rule", "no_domain", "failed"
    ]))]
    outcome: String,
    /// Key of the rule that counts for them.
    rule: Option<i64>,
    /// Key of the group that the rule leads to.
    group: Option<i64>,
}

impl From<Outcome<provost_store::course_access::PersonRef>> for Became {
    fn from(row: Outcome<provost_store::course_access::PersonRef>) -> Self {
        Self {
            user: row.person.into(),
            outcome: row.word,
            rule: row.rule,
            group: row.group,
        }
    }
}

/// The body that begins an evaluation.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid, deny_unknown_fields)]
pub struct Begin {
    /// Put nobody anywhere, and say what would be done.
    #[deserr(default)]
    dry_run: Optional<Flag>,
}

/// Evaluations, newest first.
pub async fn list(
    State(app): State<App>,
    admin: Admin,
    keys: Keys,
) -> Answer<KeysetPage<Evaluation>> {
    let (db, limit) = (app.store().read(), keys.one_more());
    let found = store::page(db, admin.organization, cursor(&keys)?, limit).await?;
    let now = app.now();
    let rows = found.into_iter().map(|row| Evaluation::of(row, now));
    Ok(keys.cut(rows.collect(), |row: &Evaluation| row.id.to_string()))
}

/// One evaluation.
pub async fn retrieve(
    State(app): State<App>,
    admin: Admin,
    Path(row): Path<Row>,
) -> Answer<Json<Evaluation>> {
    let found = store::find(app.store().read(), admin.organization, row.id).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    Ok(Json(Evaluation::of(found, app.now())))
}

/// What became of whom, in the order of their keys.
pub async fn results(
    State(app): State<App>,
    admin: Admin,
    Path(row): Path<Row>,
    keys: Keys,
) -> Answer<KeysetPage<Became>> {
    let db = app.store().read();
    let found = store::find(db, admin.organization, row.id).await?;
    let evaluation = found.ok_or_else(Problem::not_found)?.id;
    let found = store::results(
        db,
        (admin.organization, evaluation),
        after(&keys)?,
        keys.one_more(),
    )
    .await?;
    let rows = found.into_iter().map(Became::from).collect();
    Ok(keys.cut(rows, |row: &Became| row.user.id().to_string()))
}

/// Hold the organization's active people against its rules. Whoever is in no group comes into that
/// of the first rule for the domain of their mail address.
pub async fn create(
    State(app): State<App>,
    admin: Admin,
    key: IdempotencyKey,
    origin: Origin,
    body: Unread<Begin>,
) -> Answer<Accepted<Evaluation>> {
    let body = body.decode().await?;
    let hash = digest(&body.as_value().to_string());
    let dry_run = body.read::<Begin>()?.dry_run.is_some_and(|flag| flag.0);
    let request = key.0.map(|key| (key, hash));
    let id = begin(&app, &admin, dry_run, request).await?;
    let found = store::find(app.store().read(), admin.organization, id).await?;
    Ok(Accepted {
        location: origin.url(&format!("{}{id}/", admin.path)),
        body: Evaluation::of(found.ok_or_else(Problem::not_found)?, app.now()),
    })
}

/// Begins an evaluation, unless this request began one before; its key.
async fn begin(
    app: &App,
    admin: &Admin,
    dry_run: bool,
    request: Option<(String, String)>,
) -> Answer<i64> {
    let tx = app.store().begin().await?;
    store::lock(&tx, admin.organization).await?;
    if let Some(id) = begun(&tx, admin.organization, request.as_ref()).await? {
        return Ok(id);
    }
    clear(&tx, admin.organization, app.now()).await?;
    let total = candidates::count(&tx, admin.organization).await?;
    let new = NewEvaluation {
        organization: admin.organization,
        dry_run,
        total,
        request,
    };
    let id = store::create(&tx, &new, app.now()).await?;
    let facts = json!({"id": id, "dry_run": dry_run, "total": total});
    let about = (kind::EVALUATION_CREATED, subject(id));
    let changed = (None, Some(facts));
    record::commit(app, &**admin, tx, admin.organization, about, changed).await?;
    let job = Job {
        app: app.clone(),
        by: Author::from(&**admin),
        organization: admin.organization,
        id,
        dry_run,
    };
    job.start();
    Ok(id)
}

/// The evaluation that the same request began.
async fn begun(
    tx: &Tx,
    organization: i64,
    request: Option<&(String, String)>,
) -> Answer<Option<i64>> {
    let Some((key, hash)) = request else {
        return Ok(None);
    };
    match store::of_request(tx, organization, key).await? {
        Some(known) if known.body_hash.as_ref() != Some(hash) => {
            let text = "This Idempotency-Key was used with another body.";
            Err(Problem::detail(StatusCode::UNPROCESSABLE_ENTITY, text).into())
        }
        known => Ok(known.map(|known| known.id)),
    }
}

/// Refuses a second evaluation at once, and gives up those that are silent.
async fn clear(tx: &Tx, organization: i64, now: DateTime<Utc>) -> Answer<()> {
    for open in store::open(tx, organization).await? {
        if state(&open, now).is_open() {
            let text = format!("Evaluation {} is at work.", open.id);
            return Err(Problem::conflict(text).into());
        }
        store::interrupt(tx, open.id).await?;
    }
    Ok(())
}

/// An evaluation, as the subject of what the change log tells of it.
pub(super) fn subject(id: i64) -> String {
    format!("evaluation:{id}")
}
