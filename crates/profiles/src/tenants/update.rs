//! `PUT tenants/{id}/`: changing parts of a tenant (specification, section 4.2).

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Json, Path};
use provost_store::tenant_profiles::Named;
use provost_store::tenant_profiles::backends::Backend;
use provost_store::tenant_profiles::domains::{self, Owner};
use provost_store::tenant_profiles::ownership::{self, Owned};
use provost_store::tenant_profiles::tenants::{self, Tenant};

use super::{describe, shown, steps, table};
use crate::actor::Actor;
use crate::ask::{Ask, Update};
use crate::attributes::{self as all, Attribute, Deed, Object, Values, tenant as attributes};
use crate::level::Level;
use crate::refusal::{Refusal, none};
use crate::templates::{self, Category};
use crate::work::Work;
use crate::{record, wire};

/// Change parts of a tenant.
pub(crate) async fn update(
    State(app): State<App>,
    actor: Actor,
    Path(tenant_id): Path<String>,
    ask: Ask<Update, attributes::Tenant>,
) -> Answer<Json<wire::Tenant>> {
    actor.reaches(&tenant_id, Level::TenantAdmin)?;
    let object = ask.object()?;
    let mut work = Work::begin(&app, &actor).await?;
    let tenant = actor
        .tenant(&work.tx, &tenant_id, Level::TenantAdmin)
        .await?;
    let changed = change(&mut work, &actor, tenant, &object).await?;
    work.commit().await?;
    Ok(Json(shown(&app, &changed)))
}

/// What only who is above a tenant may say of it.
const ABOVE: [&Attribute; 4] = [
    &attributes::RESELLER,
    &attributes::NO_RESELLER_TO_GROUPS,
    &attributes::FORCE_RESELLER_TO_GROUPS,
    &attributes::AUTO_CREATE_DOMAIN,
];

/// Changes a tenant as an object says.
///
/// # Errors
/// What is refused, of the first of these that refuses anything: rights, backends, the members of the
/// object, the domain, the reseller, the template.
pub(crate) async fn change(
    work: &mut Work<'_>,
    actor: &Actor,
    before: Tenant,
    object: &Object,
) -> Answer<Tenant> {
    authorize(actor, object)?;
    let backend = steps::backend(work, actor, object).await?;
    let stored = wire::object(&shown(work.app, &before));
    let values = all::read(&table(work.app, actor), Deed::Update, object, &stored)?;
    let mut after = before.clone();
    describe(&mut after, &values);
    if let Some(Backend {
        id,
        name,
        external_name,
        ..
    }) = backend
    {
        after.backend = Some((Named { id, name }, external_name));
    }
    move_domain(work, &mut after, &values).await?;
    let mut given = Vec::new();
    if let Some(name) = values.text(&attributes::RESELLER) {
        after.reseller = steps::owner(work, actor, name).await?;
        given = propagate(work, actor, (&before, &after), &values).await?;
    }
    let template = templates::named(work, Category::Tenant, &values).await?;
    if after != before {
        tenants::change(&work.tx, &after).await?;
    }
    note(work, &before, &after, given);
    if let Some(template) = template {
        templates::act_on_tenant(work, actor, &template, &after).await?;
    }
    Ok(after)
}

/// 58 for each member that only who is above a tenant may say.
fn authorize(actor: &Actor, object: &Object) -> Answer<()> {
    if actor.level >= Level::SystemAdmin {
        return Ok(());
    }
    let given = ABOVE.iter().filter(|above| above.of(object).is_some());
    let refusals: Vec<Refusal> = given
        .map(|above| Refusal::unauthorized(above.name))
        .collect();
    none(&refusals)
}

/// Takes a tenant off its backend, so that everybody may use it again.
pub(crate) async fn without_backend(work: &mut Work<'_>, before: Tenant) -> Answer<Tenant> {
    if before.backend.is_none() {
        return Ok(before);
    }
    let after = Tenant {
        backend: None,
        ..before.clone()
    };
    tenants::change(&work.tx, &after).await?;
    note(work, &before, &after, Vec::new());
    Ok(after)
}

/// Makes the domain that is named the default, and one of the tenant's. The former one stays its own.
async fn move_domain(work: &mut Work<'_>, tenant: &mut Tenant, values: &Values) -> Answer<()> {
    let Some(name) = values.text(&attributes::DEFAULT_DOMAIN) else {
        return Ok(());
    };
    let domain = steps::default_domain(work, name, values).await?;
    domains::assign(&work.tx, Owner::Tenant(tenant.id), &[domain.id]).await?;
    tenant.default_domain = Named {
        id: domain.id,
        name: domain.name,
    };
    Ok(())
}

/// Gives groups to the new reseller of their tenant (specification, section 4.2.4); their ids.
async fn propagate(
    work: &mut Work<'_>,
    actor: &Actor,
    (before, after): (&Tenant, &Tenant),
    values: &Values,
) -> Answer<Vec<String>> {
    if values.flag(&attributes::NO_RESELLER_TO_GROUPS) == Some(true) {
        return Ok(Vec::new());
    }
    // Whoever is confined to a reseller's groups gives tenants to that reseller alone, and reaches none that
    // is not the reseller's already.
    if actor.confined_to_groups_of().is_some() {
        return Ok(Vec::new());
    }
    let key = |tenant: &Tenant| tenant.reseller.as_ref().map(|reseller| reseller.id);
    let owned = if values.flag(&attributes::FORCE_RESELLER_TO_GROUPS) == Some(true) {
        Owned::All
    } else {
        Owned::By(key(before))
    };
    Ok(ownership::give(&work.tx, before.id, owned, key(after)).await?)
}

/// Says in the log what changed, and which groups got another reseller by it.
fn note(work: &mut Work<'_>, before: &Tenant, after: &Tenant, given: Vec<String>) {
    let subject = record::tenant_subject(&before.tenant_id);
    let mut facts = record::tenant(after);
    if !given.is_empty() {
        facts.insert("resellerIdToGroups".to_owned(), given.into());
    }
    let before = record::tenant(before);
    let (before, after) = (Some(before.into()), Some(facts.into()));
    work.note(record::TENANT_CHANGED, &subject, before, after);
}
