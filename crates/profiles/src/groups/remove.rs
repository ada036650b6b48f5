//! `DELETE tenants/{id}/groups/{group}/`: removing a group.

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Json, Path};
use provost_store::tenant_profiles::removals::{self, Going};

use crate::actor::Actor;
use crate::ask::{Ask, Remove};
use crate::attributes::group as attributes;
use crate::attributes::tenant::EXCLUDED_APPLICATIONS;
use crate::level::Level;
use crate::record;
use crate::wire::{self, Nothing};
use crate::work::Work;

/// Remove a group.
pub(crate) async fn destroy(
    State(app): State<App>,
    actor: Actor,
    Path((tenant_id, group_id)): Path<(String, String)>,
    ask: Ask<Remove, attributes::Group>,
) -> Answer<Json<Nothing>> {
    let place = (tenant_id.as_str(), group_id.as_str());
    actor.reaches_group(place, Level::TenantAdmin)?;
    let object = ask.object()?;
    let mut work = Work::begin(&app, &actor).await?;
    let (tenant, group) = actor.group(&work.tx, place, Level::TenantAdmin).await?;
    let shown = wire::Group::of(&tenant_id, &group);
    let stored = wire::object(&shown);
    let values = Ask::<Remove, attributes::Group>::read_in(&object, &stored)?;
    let keeping = values.list(&EXCLUDED_APPLICATIONS);
    let going = Going {
        tenant: (tenant.id, &tenant.tenant_id),
        group: Some((group.id, &group.group_id)),
    };
    removals::remove(&work.tx, going, keeping, app.now()).await?;
    let mut facts = record::group(&tenant_id, &group);
    let excluded = EXCLUDED_APPLICATIONS.name.to_owned();
    facts.insert(excluded, keeping.into());
    let subject = record::group_subject(&tenant_id, &group_id);
    work.note(record::GROUP_DELETED, &subject, Some(facts.into()), None);
    work.commit().await?;
    Ok(Json(Nothing {}))
}
