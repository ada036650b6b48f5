//! `DELETE tenants/{id}/`: removing a tenant (specification, section 4.3).

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Json, Path};
use provost_store::tenant_profiles::groups;
use provost_store::tenant_profiles::removals::{self, Going};
use schemars::JsonSchema;
use serde::Serialize;

use super::{shown, table};
use crate::actor::Actor;
use crate::ask::{Ask, Remove};
use crate::attributes::{self as all, Deed, tenant as attributes};
use crate::level::Level;
use crate::refusal::{Code, Refusal, refused};
use crate::work::Work;
use crate::{record, wire};

/// What went with a tenant.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantProfileRemoved")]
pub(crate) struct Removed {
    /// The groups that went with it, where any did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deleted_group_ids: Vec<String>,
}

/// Remove a tenant.
pub(crate) async fn destroy(
    State(app): State<App>,
    actor: Actor,
    Path(tenant_id): Path<String>,
    ask: Ask<Remove, attributes::Tenant>,
) -> Answer<Json<Removed>> {
    let mut work = Work::begin(&app, &actor).await?;
    let tenant = actor
        .tenant(&work.tx, &tenant_id, Level::SystemAdmin)
        .await?;
    let stored = wire::object(&shown(&app, &tenant));
    let values = all::read(&table(&app, &actor), Deed::Remove, &ask.object()?, &stored)
        .map_err(|refusals| refused(&refusals))?;
    let deleted_group_ids = groups::ids(&work.tx, tenant.id).await?;
    let too = values.flag(&attributes::DELETE_GROUPS) == Some(true);
    if !deleted_group_ids.is_empty() && !too {
        let reason = format!("Tenant '{tenant_id}' still has groups");
        return Err(Refusal::new(Code::TenantNotEmpty, reason).into());
    }
    let keeping = values.list(&attributes::EXCLUDED_APPLICATIONS);
    let going = Going {
        tenant: (tenant.id, &tenant.tenant_id),
        group: None,
    };
    removals::remove(&work.tx, going, keeping, app.now()).await?;
    let mut facts = record::tenant(&tenant);
    facts.insert(
        "deletedGroupIds".to_owned(),
        deleted_group_ids.clone().into(),
    );
    let excluded = attributes::EXCLUDED_APPLICATIONS.name.to_owned();
    facts.insert(excluded, keeping.into());
    let subject = record::tenant_subject(&tenant_id);
    work.note(record::TENANT_DELETED, &subject, Some(facts.into()), None);
    work.commit().await?;
    Ok(Json(Removed { deleted_group_ids }))
}
