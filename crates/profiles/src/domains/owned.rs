//! `tenants/{id}/domains/` and `tenants/{id}/groups/{group}/domains/`: who has which domain.

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Json, Path};

use super::Domains;
use super::having::{Having, PARAMETER, give, take};
use crate::actor::Actor;
use crate::ask::{Ask, Remove, Update};
use crate::attributes::kind::Check;
use crate::attributes::{Attribute, Kind, Object, Rule, Table};
use crate::level::Level;
use crate::wire::Nothing;
use crate::work::Work;

const DOMAINS: Attribute = Attribute::new(PARAMETER, Kind::List(1, 80, Check::Any))
    .rules(Rule::Required, Rule::Required)
    .removing(Rule::Required)
    .lasting();

/// Requests about domains that somebody has.
pub(crate) struct Names;

impl Table for Names {
    fn attributes() -> &'static [Attribute] {
        const { &[DOMAINS] }
    }
}

/// Domains of a tenant.
pub(crate) async fn of_tenant(
    State(app): State<App>,
    actor: Actor,
    Path(tenant_id): Path<String>,
) -> Answer<Json<Domains>> {
    let db = app.store().read();
    let tenant = actor.tenant(db, &tenant_id, Level::TenantAdmin).await?;
    Having::tenant(&tenant).shown(db).await
}

/// Give a tenant domains.
pub(crate) async fn give_tenant(
    State(app): State<App>,
    actor: Actor,
    Path(tenant_id): Path<String>,
    ask: Ask<Update, Names>,
) -> Answer<Json<Domains>> {
    actor.reaches(&tenant_id, Level::TenantAdmin)?;
    let object = ask.object()?;
    let work = Work::begin(&app, &actor).await?;
    let tenant = actor
        .tenant(&work.tx, &tenant_id, Level::TenantAdmin)
        .await?;
    let having = Having::tenant(&tenant);
    given(work, &having, &object).await
}

/// Take domains from a tenant.
pub(crate) async fn take_tenant(
    State(app): State<App>,
    actor: Actor,
    Path(tenant_id): Path<String>,
    ask: Ask<Remove, Names>,
) -> Answer<Json<Nothing>> {
    actor.reaches(&tenant_id, Level::TenantAdmin)?;
    let object = ask.object()?;
    let work = Work::begin(&app, &actor).await?;
    let tenant = actor
        .tenant(&work.tx, &tenant_id, Level::TenantAdmin)
        .await?;
    taken(work, &Having::tenant(&tenant), &object).await
}

/// Domains of a group.
pub(crate) async fn of_group(
    State(app): State<App>,
    actor: Actor,
    Path((tenant_id, group_id)): Path<(String, String)>,
) -> Answer<Json<Domains>> {
    let db = app.store().read();
    let place = (tenant_id.as_str(), group_id.as_str());
    let (tenant, group) = actor.group(db, place, Level::GroupAdmin).await?;
    Having::group(&tenant, &group).shown(db).await
}

/// Give a group domains.
pub(crate) async fn give_group(
    State(app): State<App>,
    actor: Actor,
    Path((tenant_id, group_id)): Path<(String, String)>,
    ask: Ask<Update, Names>,
) -> Answer<Json<Domains>> {
    let place = (tenant_id.as_str(), group_id.as_str());
    actor.reaches_group(place, Level::GroupAdmin)?;
    let object = ask.object()?;
    let work = Work::begin(&app, &actor).await?;
    let (tenant, group) = actor.group(&work.tx, place, Level::GroupAdmin).await?;
    let having = Having::group(&tenant, &group);
    given(work, &having, &object).await
}

/// Take domains from a group.
pub(crate) async fn take_group(
    State(app): State<App>,
    actor: Actor,
    Path((tenant_id, group_id)): Path<(String, String)>,
    ask: Ask<Remove, Names>,
) -> Answer<Json<Nothing>> {
    let place = (tenant_id.as_str(), group_id.as_str());
    actor.reaches_group(place, Level::GroupAdmin)?;
    let object = ask.object()?;
    let work = Work::begin(&app, &actor).await?;
    let (tenant, group) = actor.group(&work.tx, place, Level::GroupAdmin).await?;
    taken(work, &Having::group(&tenant, &group), &object).await
}

/// Gives the domains that an object names, and shows all there are then.
async fn given(mut work: Work<'_>, having: &Having, object: &Object) -> Answer<Json<Domains>> {
    let values = Ask::<Update, Names>::read_in(object, &Object::new())?;
    give(&mut work, having, values.list(&DOMAINS)).await?;
    let shown = having.shown(&work.tx).await?;
    work.commit().await?;
    Ok(shown)
}

/// Takes the domains that an object names.
async fn taken(mut work: Work<'_>, having: &Having, object: &Object) -> Answer<Json<Nothing>> {
    let values = Ask::<Remove, Names>::read_in(object, &Object::new())?;
    take(&mut work, having, values.list(&DOMAINS)).await?;
    work.commit().await?;
    Ok(Json(Nothing {}))
}
