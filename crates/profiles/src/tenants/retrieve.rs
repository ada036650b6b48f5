//! `GET tenants/{id}/`: one tenant.

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Json, Path};

use super::shown;
use crate::actor::Actor;
use crate::level::Level;
use crate::wire;

/// One tenant.
pub(crate) async fn retrieve(
    State(app): State<App>,
    actor: Actor,
    Path(tenant_id): Path<String>,
) -> Answer<Json<wire::Tenant>> {
    let db = app.store().read();
    let tenant = actor.tenant(db, &tenant_id, Level::TenantAdmin).await?;
    Ok(Json(shown(&app, &tenant)))
}
