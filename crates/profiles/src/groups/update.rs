//! `PUT tenants/{id}/groups/{group}/`: changing parts of a group.

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Json, Path};
use provost_store::tenant_profiles::domains::{self, Domain, Owner};
use provost_store::tenant_profiles::groups::{self, Group};
use provost_store::tenant_profiles::tenants::Tenant;

use super::describe;
use crate::actor::Actor;
use crate::ask::{Ask, Update};
use crate::attributes::tenant::RESELLER;
use crate::attributes::{self as all, Deed, Object, Values, group as attributes};
use crate::level::Level;
use crate::refusal::Refusal;
use crate::templates::{self, Category};
use crate::tenants::{own_domain, owner};
use crate::work::Work;
use crate::{record, wire};

/// Change parts of a group.
pub(crate) async fn update(
    State(app): State<App>,
    actor: Actor,
    Path((tenant_id, group_id)): Path<(String, String)>,
    ask: Ask<Update, attributes::Group>,
) -> Answer<Json<wire::Group>> {
    let place = (tenant_id.as_str(), group_id.as_str());
    actor.reaches_group(place, Level::GroupAdmin)?;
    let object = ask.object()?;
    let mut work = Work::begin(&app, &actor).await?;
    let (tenant, group) = actor.group(&work.tx, place, Level::GroupAdmin).await?;
    let owned = domains::of(&work.tx, Owner::Tenant(tenant.id)).await?;
    let changed = change(&mut work, &actor, (&tenant, &owned), group, &object).await?;
    work.commit().await?;
    Ok(Json(wire::Group::of(&tenant_id, &changed)))
}

/// Changes a group of a tenant, which has these domains, as an object says.
///
/// # Errors
/// What is refused, of the first of these that refuses anything: rights, the members of the object, the
/// domain, the reseller, the template.
pub(crate) async fn change(
    work: &mut Work<'_>,
    actor: &Actor,
    (tenant, owned): (&Tenant, &[Domain]),
    before: Group,
    object: &Object,
) -> Answer<Group> {
    // Who administers a group alone may not give it away.
    if actor.level < Level::TenantAdmin && RESELLER.of(object).is_some() {
        return Err(Refusal::unauthorized(RESELLER.name).into());
    }
    let stored = wire::object(&wire::Group::of(&tenant.tenant_id, &before));
    let values = all::read(&attributes::TABLE, Deed::Update, object, &stored)?;
    let mut after = before.clone();
    describe(&mut after, &values);
    move_domain(work, owned, &mut after, &values).await?;
    if let Some(name) = values.text(&RESELLER) {
        after.reseller = owner(work, actor, name).await?;
    }
    let template = templates::named(work, Category::Group, &values).await?;
    if after != before {
        groups::change(&work.tx, &after).await?;
    }
    let subject = record::group_subject(&tenant.tenant_id, &before.group_id);
    let [old, new] =
        [&before, &after].map(|group| Some(record::group(&tenant.tenant_id, group).into()));
    work.note(record::GROUP_CHANGED, &subject, old, new);
    if let Some(template) = template {
        templates::act_on_group(work, &template, tenant, &after).await?;
    }
    Ok(after)
}

/// Makes the domain that is named, which has to be the tenant's, the default, and one of the group's.
async fn move_domain(
    work: &Work<'_>,
    owned: &[Domain],
    group: &mut Group,
    values: &Values,
) -> Answer<()> {
    let Some(name) = values.text(&attributes::DEFAULT_DOMAIN) else {
        return Ok(());
    };
    let domain = own_domain(owned, attributes::DEFAULT_DOMAIN.name, name)?;
    if group.default_domain.as_ref() != Some(&domain) {
        domains::assign(&work.tx, Owner::Group(group.id), &[domain.id]).await?;
        group.default_domain = Some(domain);
    }
    Ok(())
}
