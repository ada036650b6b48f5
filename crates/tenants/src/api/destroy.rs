//! `delete/{tenant_name}`: a tenant goes, and can be brought back for a while.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Admin, Answer, App};
use provost_drf::{Flag, Invalid, Json, Optional, Path, Permitted, Problem, Query};
use provost_tenancy::summary::tenant_name;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer;
use super::attempt::{Attempt, Peer};
use crate::removal::{self, Whole};
use crate::work::Work;

/// A tenant, as paths name it.
#[derive(Deserialize)]
pub struct Named {
    pub(super) tenant_name: String,
}

/// What to do.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Options {
    /// Remove nothing, and say what would go.
    #[deserr(default)]
    dry_run: Optional<Flag>,
}

/// Remove a tenant: its configuration, its routes and its associations. Organizations, courses and
/// people stay. The name is free at once.
pub async fn destroy(
    State(app): State<App>,
    admin: Permitted<Admin>,
    peer: Peer,
    Path(path): Path<Named>,
    options: Result<Query<Options>, Problem>,
) -> Answer<Json<Value>> {
    let dry_run = answer::checked(options)?.0.dry_run;
    if dry_run.is_some_and(|flag| flag.0) {
        return Ok(Json(preview(&app, &path.tenant_name).await?));
    }
    let mut attempt = Attempt::new("delete", &admin, peer);
    attempt.tenant_name.clone_from(&path.tenant_name);
    let came = remove(&app, &admin, &attempt).await;
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
