//! `deleted-tenants/`: tenants that can still be brought back.

use axum::extract::State;
use provost_app::{Answer, App, Error, Staff};
use provost_drf::{Invalid, Json, Keyset, KeysetPage, Path, Permitted, Problem, Time};
use provost_store::tenants::Object;
use provost_store::tenants::deleted as store;
use provost_tenancy::tenant_name;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::deleted::{self, Deleted, Listed, NotRestored, Restored};

/// A deleted tenant.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeletedTenant {
    /// The key of what is kept; a tenant may be deleted several times.
    id: i64,
    tenant_id: i64,
    tenant_name: String,
    external_key: String,
    deleted_at: Time,
    deleted_by: String,
    /// From then on, it may be purged.
    expires_at: Time,
}

/// A deleted tenant with what is kept of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeletedTenantDetail {
    #[serde(flatten)]
    tenant: DeletedTenant,
    /// A Django fixture of the tenant, its routes and its organizations.
    document: Value,
}

impl DeletedTenant {
    fn of(app: &App, row: Listed) -> Self {
        Self {
            id: row.id,
            tenant_id: row.tenant_id,
            tenant_name: row.tenant_name,
            external_key: row.external_key,
            expires_at: deleted::expiry(app, row.deleted_at).into(),
            deleted_at: row.deleted_at.into(),
            deleted_by: row.deleted_by,
        }
    }
}

impl DeletedTenantDetail {
    fn of(app: &App, mut row: Deleted) -> Self {
        let document = std::mem::take(&mut row.document);
        Self {
            tenant: DeletedTenant::of(app, row.into()),
            document,
        }
    }
}

/// A tenant that is back, under its old key.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RestoredTenant {
    tenant_id: i64,
    tenant_name: String,
    external_key: String,
    /// In the order in which they were routed.
    domains: Vec<String>,
    lms_configs: Object,
    studio_configs: Object,
    theming_configs: Object,
    meta: Object,
    /// The keys of its organizations.
    organizations: Vec<i64>,
}

impl RestoredTenant {
    fn of(app: &App, restored: Restored) -> Self {
        let Restored { config, domains } = restored;
        let base = &app.settings().tenants.base_domain;
        Self {
            tenant_id: config.id,
            tenant_name: tenant_name(&config.meta, &config.external_key, base),
            external_key: config.external_key,
            domains,
            lms_configs: config.lms_configs,
            studio_configs: config.studio_configs,
            theming_configs: config.theming_configs,
            meta: config.meta,
            organizations: config.organizations,
        }
    }
}

impl From<NotRestored> for Error {
    fn from(why: NotRestored) -> Self {
        match why {
            NotRestored::Unknown => Problem::not_found().into(),
            NotRestored::Taken(text) => Problem::conflict(text).into(),
            NotRestored::Fault(fault) => fault.into(),
            unreadable @ NotRestored::Unreadable(_) => Problem::internal(unreadable).into(),
        }
    }
}

/// The key of a row in a path.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Row {
    id: i64,
}

/// Deleted tenants, newest first.
pub async fn list(
    State(app): State<App>,
    _staff: Permitted<Staff>,
    keys: Keyset,
) -> Answer<KeysetPage<DeletedTenant>> {
    let before = keys.after.as_deref().map(number).transpose()?;
    let found = store::page(app.store().read(), before, keys.one_more()).await?;
    let rows = found.into_iter().map(|row| DeletedTenant::of(&app, row));
    Ok(keys.cut(rows.collect(), |row: &DeletedTenant| row.id.to_string()))
}

fn number(cursor: &str) -> Result<i64, Invalid> {
    let number = cursor.parse();
    number.map_err(|_| Invalid::field("cursor", "Invalid cursor"))
}

/// One deleted tenant, with what is kept of it.
pub async fn retrieve(
    State(app): State<App>,
    _staff: Permitted<Staff>,
    Path(row): Path<Row>,
) -> Answer<Json<DeletedTenantDetail>> {
    let found = deleted::find(&app, row.id).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    Ok(Json(DeletedTenantDetail::of(&app, found)))
}

/// Bring a deleted tenant back, under its old key and with its routes.
pub async fn restore(
    State(app): State<App>,
    staff: Permitted<Staff>,
    Path(row): Path<Row>,
) -> Answer<Json<RestoredTenant>> {
    let restored = deleted::restore(&app, &*staff, row.id).await?;
    Ok(Json(RestoredTenant::of(&app, restored)))
}

/// Purge a deleted tenant: it can be brought back no more. The answer is the last copy of it.
pub async fn destroy(
    State(app): State<App>,
    staff: Permitted<Staff>,
    Path(row): Path<Row>,
) -> Answer<Json<DeletedTenantDetail>> {
    let found = deleted::find(&app, row.id).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    if !deleted::purge(&app, &*staff, &found).await? {
        return Err(Problem::not_found().into());
    }
    Ok(Json(DeletedTenantDetail::of(&app, found)))
}
