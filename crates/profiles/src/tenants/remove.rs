//! `DELETE tenants/{id}/`: removing a tenant (specification, section 4.3).

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Json, Path};
use provost_store::tenant_profiles::removals::{self, Going};
use provost_store::tenant_profiles::tenants::Tenant;
use provost_store::tenant_profiles::{groups, ownership};
use schemars::JsonSchema;
use serde::Serialize;

use super::{shown, table};
use crate::actor::Actor;
use crate::ask::{Ask, Remove};
use crate::attributes::{self as all, Deed, tenant as attributes};
use crate::level::Level;
use crate::refusal::{Code, Refusal};
use crate::work::Work;
use crate::{record, wire};

/// What went with a tenant.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantProfileRemoved")]
pub(crate) struct Removed {
    /// The groups that went with it, where any did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    deleted_group_ids: Vec<String>,
}

/// Remove a tenant.
pub(crate) async fn destroy(
    State(app): State<App>,
    actor: Actor,
    Path(tenant_id): Path<String>,
    ask: Ask<Remove, attributes::Tenant>,
) -> Answer<Json<Removed>> {
    actor.at_least(Level::SystemAdmin)?;
    let object = ask.object()?;
    let mut work = Work::begin(&app, &actor).await?;
    let tenant = actor
        .tenant(&work.tx, &tenant_id, Level::SystemAdmin)
        .await?;
    let stored = wire::object(&shown(&app, &tenant));
    let values = all::read(&table(&app, &actor), Deed::Remove, &object, &stored)?;
    let deleted_group_ids = groups::ids(&work.tx, tenant.id).await?;
    let too = values.flag(&attributes::DELETE_GROUPS) == Some(true);
    if !deleted_group_ids.is_empty() && !too {
        return Err(not_empty(&tenant_id, "groups").into());
    }
    spare_others(&work, &actor, &tenant).await?;
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

/// 1004: the tenant has groups that are none of the caller's reseller's.
async fn spare_others(work: &Work<'_>, actor: &Actor, tenant: &Tenant) -> Answer<()> {
    if let Some(reseller) = actor.confined_to_groups_of()
        && ownership::has_others(&work.tx, tenant.id, reseller).await?
    {
        let what = "groups that are not the reseller's";
        return Err(not_empty(&tenant.tenant_id, what).into());
    }
    Ok(())
}

fn not_empty(tenant_id: &str, what: &str) -> Refusal {
    let reason = format!("Tenant '{tenant_id}' still has {what}");
    Refusal::new(Code::TenantNotEmpty, reason)
}
