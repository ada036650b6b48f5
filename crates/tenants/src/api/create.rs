//! `create`: a tenant, made whole by one request.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use deserr::Deserr;
use http::{HeaderName, StatusCode};
use provost_app::identity::secret::digest;
use provost_app::{Admin, Answer, App};
use provost_drf::describe::{self, GenContext, Operation, OperationOutput, Responses};
use provost_drf::{
    Created, Flag, IdempotencyKey, Invalid, Optional, Payload, Permitted, Problem, Query, Unread,
    times,
};
use provost_store::Fault;
use provost_store::tenants::answers::{self, Kept};
use provost_store::tenants::configs::{self, NewConfig};
use provost_store::tenants::routes;
use provost_tenancy::provision::{self, Generated};
use provost_tenancy::site::{APPS, Site};
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::answer;
use super::attempt::{Attempt, Peer};
use super::wanted::{self, Create, Wanted};
use crate::work::{Associated, New, Work};

/// The name of this operation among kept answers.
const OPERATION: &str = "tenant.create";
/// How long an answer is kept for whoever asks again with the same key.
const REPEATABLE: TimeDelta = TimeDelta::days(1);

/// How much the answer tells.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Options {
    /// With the addresses of Studio and of all front ends, and lines for a hosts file.
    #[deserr(default)]
    verbose: Optional<Flag>,
}

/// Make a tenant, with its routes, its configuration and its organizations: all of it, or nothing.
pub async fn create(
    State(app): State<App>,
    admin: Permitted<Admin>,
    peer: Peer,
    key: Result<IdempotencyKey, Problem>,
    options: Result<Query<Options>, Problem>,
    body: Result<Unread<Create>, Problem>,
) -> Answer<Made> {
    let mut attempt = Attempt::new("create", &admin, peer);
    let came = attempt_it(&app, &admin, &mut attempt, (key, options, body)).await;
    Ok(attempt.finish(&app, came).await?)
}

type Sent = (
    Result<IdempotencyKey, Problem>,
    Result<Query<Options>, Problem>,
    Result<Unread<Create>, Problem>,
);

/// 201: a tenant was made, by this request or by an earlier one with the same key.
pub struct Made {
    body: Value,
    replayed: bool,
}

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

impl IntoResponse for Made {
    fn into_response(self) -> Response {
        let made = Created(self.body);
        if self.replayed {
            ([(REPLAYED, "true")], made).into_response()
        } else {
            made.into_response()
        }
    }
}

impl OperationOutput for Made {
    type Inner = Self;

    fn inferred_responses(context: &mut GenContext, _: &mut Operation) -> Responses {
        let about = "Made; with `Idempotency-Replayed` by an earlier request with the same key";
        let mut all = describe::json::<Map<String, Value>>(context, 201, about);
        all.extend(describe::problem(
            context,
            Some(409),
            "There is one of this name",
        ));
        all
    }
}

async fn attempt_it(
    app: &App,
    admin: &Permitted<Admin>,
    attempt: &mut Attempt,
    (key, options, body): Sent,
) -> Result<Made, Problem> {
    let payload = body?.decode().await?;
    attempt.request = wanted::members(&payload).into();
    let name = payload.get("tenant_name").and_then(Value::as_str);
    name.unwrap_or_default()
        .clone_into(&mut attempt.tenant_name);
    let verbose = answer::checked(options)?.0.verbose;
    let verbose = verbose.is_some_and(|flag| flag.0);
    let request = answer::checked(key)?.0.map(|key| Request {
        key,
        hash: hash(&payload),
    });
    let read = wanted::read(&payload, &app.settings().tenants);
    let wanted = read.map_err(|errors| answer::invalid(&errors))?;
    let work = Work::begin(app, &**admin).await.map_err(answer::fault)?;
    let made = make(work, admin.id, attempt, &wanted, (request, verbose)).await;
    made.map_err(|failure| match failure {
        Failure::Taken => taken(app, &wanted),
        Failure::Reused => answer::refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "This Idempotency-Key was used with another body.",
        ),
        Failure::Fault(fault) => answer::fault(fault),
    })
}

/// What tells a request from others with the same key, however its members are ordered.
fn hash(payload: &Payload) -> String {
    let members: BTreeMap<String, Value> = wanted::members(payload).into_iter().collect();
    digest(&json!(members).to_string())
}

/// A request that may come again.
struct Request {
    key: String,
    hash: String,
}

/// Why a tenant is not made.
enum Failure {
    /// There is one of this name.
    Taken,
    /// The request's key belongs to another request.
    Reused,
    /// The database failed.
    Fault(Fault),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Duplicate(_) => Self::Taken,
            other => Self::Fault(other),
        }
    }
}

async fn make(
    mut work: Work<'_>,
    user: i64,
    attempt: &Attempt,
    wanted: &Wanted,
    (request, verbose): (Option<Request>, bool),
) -> Result<Made, Failure> {
    let app = work.app;
    if let Some(request) = &request
        && let Some(body) = replay(&work, user, attempt, request).await?
    {
        work.commit().await?;
        return Ok(Made {
            body,
            replayed: true,
        });
    }
    let new = tenant(app, &work.by.name, wanted);
    refuse_taken(&work, &new).await?;
    let made = work.create(vec![new]).await?;
    let id = made.first().map_or(0, |config| config.id);
    let body = body(app, id, wanted, verbose);
    let status = StatusCode::CREATED.as_u16();
    attempt.succeeded(app, &work.tx, id, status).await?;
    if let Some(Request { key, hash }) = request {
        let kept = Kept {
            body_hash: hash,
            status,
            body: body.clone(),
        };
        answers::keep(&work.tx, user, OPERATION, &key, &kept, app.now()).await?;
    }
    work.commit().await?;
    Ok(Made {
        body,
        replayed: false,
    })
}

/// What the same request was answered before, if it was and not too long ago.
async fn replay(
    work: &Work<'_>,
    user: i64,
    attempt: &Attempt,
    request: &Request,
) -> Result<Option<Value>, Failure> {
    let app = work.app;
    answers::forget_before(&work.tx, app.now() - REPEATABLE).await?;
    let found = answers::find(&work.tx, user, OPERATION, &request.key).await?;
    let Some(kept) = found else { return Ok(None) };
    if kept.body_hash != request.hash {
        return Err(Failure::Reused);
    }
    let tenant = kept.body.get("tenant_id").and_then(Value::as_i64);
    attempt
        .replayed(app, &work.tx, tenant.unwrap_or_default(), kept.status)
        .await?;
    Ok(Some(kept.body))
}

/// A name is taken by whoever has its domain or its key.
async fn refuse_taken(work: &Work<'_>, new: &New) -> Result<(), Failure> {
    let domains: Vec<&str> = new.domains.iter().map(String::as_str).collect();
    let key = new.config.external_key.as_str();
    let routed = routes::taken(&work.tx, &domains).await?;
    let keyed = configs::keys_taken(&work.tx, &[key]).await?;
    if routed.is_empty() && keyed.is_empty() {
        Ok(())
    } else {
        Err(Failure::Taken)
    }
}

/// The tenant as it is written.
fn tenant(app: &App, by: &str, wanted: &Wanted) -> New {
    let asked = provision::Wanted {
        name: &wanted.tenant_name,
        platform_name: &wanted.platform_name,
        theme_name: &wanted.theme_name,
        organizations: &wanted.organizations,
    };
    let Generated {
        external_key,
        lms_configs,
        studio_configs,
        theming_configs,
        domains,
    } = provision::generate(&app.settings().tenants, &asked);
    let meta = Map::from_iter([
        ("created_by".to_owned(), by.into()),
        ("tenant_name".to_owned(), wanted.tenant_name.as_str().into()),
        ("created_at".to_owned(), times::text(&app.now()).into()),
    ]);
    New {
        config: NewConfig {
            external_key,
            lms_configs,
            studio_configs,
            theming_configs,
            meta,
        },
        domains,
        associated: Associated::by_filter(wanted.organizations.clone()),
    }
}

fn taken(app: &App, wanted: &Wanted) -> Problem {
    let status = StatusCode::from_u16(app.settings().tenants.duplicate_status);
    let text = format!("Tenant '{}' already exists.", wanted.tenant_name);
    answer::refused(
        status.unwrap_or(StatusCode::CONFLICT),
        "tenant_exists",
        &text,
    )
}

fn body(app: &App, id: i64, wanted: &Wanted, verbose: bool) -> Value {
    let site = Site::of(&app.settings().tenants, wanted.tenant_name.as_str());
    let urls = APPS
        .iter()
        .map(|app| (app.name.to_owned(), site.mfe_url(app).into()));
    let urls: Map<String, Value> = urls.collect();
    let mut body = json!({
        "status": "success",
        "tenant_id": id,
        "tenant_name": wanted.tenant_name.as_str(),
        "lms_url": site.lms_url(),
        "authn_url": urls.get("authn"),
        "learner_dashboard_url": urls.get("learner-dashboard"),
        "message": "Tenant created successfully. Add DNS entries to your hosts file.",
    });
    if let Some(body) = body.as_object_mut().filter(|_| verbose) {
        body.insert("studio_url".to_owned(), site.studio_url().into());
        body.insert("mfe_urls".to_owned(), urls.into());
        body.insert("hosts_entries".to_owned(), json!(site.hosts_entries()));
    }
    body
}
