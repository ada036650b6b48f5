//! `/api/provost/v1/changes`: the change log, as pages and as lines.

use axum::extract::{RawQuery, State};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use provost_app::{Answer, App, Staff};
use provost_drf::{
    Choice, Dialect, Family, Integer, Invalid, Keyset, KeysetPage, Lines, Optional, Permitted,
    Query, Scheme, Text, Time, View, query_pairs,
};
use provost_store::Fault;
use provost_store::changes::{self, Filter};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Entries of an export that are held at a time.
const CHUNK: u64 = 1_000;

/// The route table.
///
/// What a request says of itself counts before the session that a browser adds.
#[must_use]
pub fn family() -> Family<App> {
    Family::at(
        "/api/provost/v1/",
        "Change log",
        "What was done, or refused, by whom",
    )
    .schemes(&[Scheme::Jwt, Scheme::Bearer, Scheme::Basic, Scheme::Session])
    .dialect(Dialect::Problems)
    .active_only()
    .view(
        "changes",
        View::new().get(list, "What was done lately").guard(staff),
    )
    .view(
        "changes/export",
        View::new()
            .get(export, "The change log as JSON lines")
            .guard(staff),
    )
}

async fn staff(_: Permitted<Staff>) {}

/// What came of it.
#[derive(Clone, Copy, Debug, Deserr, JsonSchema, Serialize)]
#[deserr(error = Invalid, rename_all = lowercase)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused for want of permission.
    Denied,
}

impl From<Outcome> for changes::Outcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::Done,
            Outcome::Denied => Self::Denied,
        }
    }
}

impl From<changes::Outcome> for Outcome {
    fn from(outcome: changes::Outcome) -> Self {
        match outcome {
            changes::Outcome::Done => Self::Done,
            changes::Outcome::Denied => Self::Denied,
        }
    }
}

/// Any text that is not blank.
type Words = Text<{ usize::MAX }>;

/// Which entries to keep; all that are given must hold.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct ChangesQuery {
    /// Exactly this actor.
    #[deserr(default)]
    actor: Optional<Words>,
    /// Kinds that begin with this.
    #[deserr(default)]
    kind: Optional<Words>,
    /// Exactly this subject.
    #[deserr(default)]
    subject: Optional<Words>,
    /// Exactly this organization.
    #[deserr(default)]
    org: Optional<Words>,
    /// Only this outcome.
    #[deserr(default)]
    outcome: Optional<Choice<Outcome>>,
    /// At this time or later.
    #[deserr(default)]
    from: Optional<Time>,
    /// Before this time.
    #[deserr(default)]
    until: Optional<Time>,
}

impl From<ChangesQuery> for Filter {
    fn from(query: ChangesQuery) -> Self {
        let text = |words: Optional<Words>| words.0.map(Words::into_string);
        Self {
            actor: text(query.actor),
            kind: text(query.kind),
            subject: text(query.subject),
            org: text(query.org),
            outcome: query.outcome.0.map(|outcome| outcome.0.into()),
            from: query.from.0.map(|time| time.0),
            until: query.until.0.map(|time| time.0),
        }
    }
}

/// One entry of the change log.
#[derive(Serialize, JsonSchema)]
pub struct Change {
    /// 1 for the first entry, then one more each time, in the order in which they became true.
    seq: i64,
    /// When.
    #[serde(serialize_with = "provost_drf::times::serialize")]
    at: DateTime<Utc>,
    /// Key of the account that did it; null for the program itself.
    actor_id: Option<i64>,
    /// Name of who did it, as it was then.
    actor: String,
    /// For whom it was done, where that is somebody else.
    on_behalf_of: Option<String>,
    /// The request it was part of.
    request_id: Option<String>,
    /// Short name of the organization it concerns.
    org: Option<String>,
    /// What was done, general to special.
    kind: String,
    /// What it was done to.
    subject: String,
    outcome: Outcome,
    /// What was changed, as it was.
    before: Option<Value>,
    /// What was changed, as it is.
    after: Option<Value>,
}

impl From<changes::Change> for Change {
    fn from(change: changes::Change) -> Self {
        Self {
            seq: change.seq,
            at: change.at,
            actor_id: change.actor_id,
            actor: change.actor,
            on_behalf_of: change.on_behalf_of,
            request_id: change.request_id,
            org: change.org,
            kind: change.kind,
            subject: change.subject,
            outcome: change.outcome.into(),
            before: change.before,
            after: change.after,
        }
    }
}

/// The parameters that every route here takes.
const FILTERS: [&str; 7] = [
    "actor", "kind", "subject", "org", "outcome", "from", "until",
];

/// Refuses parameters that the route does not know, and a `limit` that is none: an answer to a
/// misspelt filter would show more than was asked for, and look as if it did not.
fn refuse_unknown(asked: Option<&str>, more: &[&str]) -> Result<(), Invalid> {
    for (name, value) in query_pairs(asked.unwrap_or_default()) {
        if !FILTERS.iter().chain(more).any(|known| *known == name) {
            return Err(Invalid::field(name, "There is no such parameter."));
        }
        let is_number = || value.parse::<u64>().is_ok_and(|limit| limit > 0);
        if name == "limit" && !value.is_empty() && !is_number() {
            return Err(Invalid::field(
                name,
                "A whole number from 1 on is required.",
            ));
        }
    }
    Ok(())
}

/// Entries, newest first. What is written while somebody turns pages shows on none of them.
pub async fn list(
    State(app): State<App>,
    _caller: Permitted<Staff>,
    RawQuery(asked): RawQuery,
    keys: Keyset,
    Query(query): Query<ChangesQuery>,
) -> Answer<KeysetPage<Change>> {
    refuse_unknown(asked.as_deref(), &["limit", "cursor"])?;
    let before = keys.after.as_deref().map(number).transpose()?;
    let db = app.store().read();
    let found = changes::page(db, &query.into(), before, keys.one_more()).await?;
    let rows = found.into_iter().map(Change::from).collect();
    Ok(keys.cut(rows, |change: &Change| change.seq.to_string()))
}

fn number(cursor: &str) -> Result<i64, Invalid> {
    cursor
        .parse()
        .map_err(|_| Invalid::field("cursor", "Invalid cursor"))
}

/// Where an export begins.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct ExportQuery {
    /// Only what came after the entry with this number: the last one of a former export.
    #[deserr(default)]
    after: Optional<Integer<0>>,
}

/// Every entry that is there now, oldest first, one on each line.
pub async fn export(
    State(app): State<App>,
    _caller: Permitted<Staff>,
    RawQuery(asked): RawQuery,
    Query(start): Query<ExportQuery>,
    Query(query): Query<ChangesQuery>,
) -> Answer<Lines<Change>> {
    refuse_unknown(asked.as_deref(), &["after"])?;
    let filter = Filter::from(query);
    let last = changes::last_seq(app.store().read()).await?;
    let after = start.after.map_or(0, |after| after.0);
    Ok(Lines::in_chunks(after, move |after| {
        let (app, filter) = (app.clone(), filter.clone());
        async move { chunk(&app, &filter, after, last).await }
    }))
}

/// The entries after one number up to another, and the number to go on from.
async fn chunk(
    app: &App,
    filter: &Filter,
    after: i64,
    last: i64,
) -> Result<Option<(Vec<Change>, i64)>, Fault> {
    let mut found = changes::chunk(app.store().read(), filter, after, CHUNK).await?;
    found.retain(|change| change.seq <= last);
    let Some(end) = found.last().map(|change| change.seq) else {
        return Ok(None);
    };
    Ok(Some((found.into_iter().map(Change::from).collect(), end)))
}
