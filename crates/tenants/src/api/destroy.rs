//! `delete/{tenant_name}`: a tenant goes, and can be brought back for a while.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, State};
use http::request::Parts;
use provost_app::{Admin, Answer, App};
use provost_drf::describe::{GenContext, Operation, OperationInput, query_parameter};
use provost_drf::{Json, Path, Permitted, Problem};
use provost_tenancy::summary::tenant_name;
use schemars::json_schema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer;
use super::attempt::{Attempt, Peer};
use crate::removal::{self, Whole};
use crate::work::Work;

const DRY_RUN: &str = "dry_run";

/// A tenant, as paths name it.
#[derive(Deserialize)]
pub struct Named {
    pub(super) tenant_name: String,
}

/// Whether to remove nothing, and say what would go.
pub struct DryRun(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for DryRun {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.uri.query().map(str::to_owned)))
    }
}

impl OperationInput for DryRun {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let about = "Remove nothing, and say what would go.";
        query_parameter(operation, DRY_RUN, about, json_schema!({"type": "boolean"}));
    }
}

/// Remove a tenant: its configuration, its routes and its associations. Organizations, courses and
/// people stay. The name is free at once.
pub async fn destroy(
    State(app): State<App>,
    admin: Permitted<Admin>,
    peer: Peer,
    Path(path): Path<Named>,
    dry_run: DryRun,
) -> Answer<Json<Value>> {
    let dry_run = answer::switch(dry_run.0.as_deref(), DRY_RUN);
    if let Ok(true) = dry_run {
        return Ok(Json(preview(&app, &path.tenant_name).await?));
    }
    let mut attempt = Attempt::new("delete", &admin, peer);
    attempt.tenant_name.clone_from(&path.tenant_name);
    let came = match dry_run {
        Ok(_) => remove(&app, &admin, &attempt).await,
        Err(problem) => Err(problem),
    };
    Ok(Json(attempt.finish(&app, came).await?))
}

/// What would go.
async fn preview(app: &App, name: &str) -> Result<Value, Problem> {
    let whole = whole(app, app.store().read(), name).await?;
    let settings = &app.settings().tenants;
    let organizations = whole.organizations.iter().map(|(_, name)| name);
    let domains = whole.routes.iter().map(|route| &route.domain);
    Ok(json!({
        "status": "success",
        "dry_run": true,
        "tenant_id": whole.config.id,
        "tenant_name": tenant_name(&whole.config.meta, &whole.config.external_key, &settings.base_domain),
        "removes": {
            "external_key": whole.config.external_key,
            "domains": domains.collect::<Vec<_>>(),
            "organization_associations": organizations.collect::<Vec<_>>(),
        },
        "restorable_days": settings.restore_days,
        "message": "Nothing was deleted.",
    }))
}

async fn whole(app: &App, db: &provost_store::Db, name: &str) -> Result<Whole, Problem> {
    let config = answer::named(db, &app.settings().tenants, name).await?;
    let found = removal::wholes(db, vec![config])
        .await
        .map_err(answer::fault)?;
    found.into_iter().next().ok_or_else(Problem::not_found)
}

async fn remove(app: &App, admin: &Permitted<Admin>, attempt: &Attempt) -> Result<Value, Problem> {
    let mut work = Work::begin(app, &**admin).await.map_err(answer::fault)?;
    let whole = whole(app, &work.tx, &attempt.tenant_name).await?;
    let id = whole.config.id;
    let gone = async {
        removal::remove(&mut work, std::slice::from_ref(&whole)).await?;
        attempt.succeeded(app, &work.tx, id, 200).await?;
        work.commit().await
    };
    gone.await.map_err(answer::fault)?;
    let base = &app.settings().tenants.base_domain;
    Ok(json!({
        "status": "success",
        "tenant_id": id,
        "tenant_name": tenant_name(&whole.config.meta, &whole.config.external_key, base),
        "message": "Tenant deleted successfully.",
    }))
}
