//! `POST tenants/{id}/groups/`: making a group.

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Created, Path, Problem};
use provost_store::tenant_profiles::Named;
use provost_store::tenant_profiles::domains::{self, Domain, Owner};
use provost_store::tenant_profiles::groups::{self, Group};
use provost_store::tenant_profiles::templates::Template;
use provost_store::tenant_profiles::tenants::Tenant;
use serde_json::json;

use super::describe;
use crate::actor::Actor;
use crate::ask::{Ask, Create};
use crate::attributes::tenant::RESELLER;
use crate::attributes::{self as all, Deed, Object, Values, group as attributes};
use crate::level::Level;
use crate::refusal::{Code, Refusal};
use crate::templates::{self, Category};
use crate::tenants::{own_domain, owner};
use crate::work::Work;
use crate::{record, wire};

/// Make a group.
pub(crate) async fn create(
    State(app): State<App>,
    actor: Actor,
    Path(tenant_id): Path<String>,
    ask: Ask<Create, attributes::Group>,
) -> Answer<Created<wire::Group>> {
    actor.reaches(&tenant_id, Level::TenantAdmin)?;
    let object = ask.object()?;
    let mut work = Work::begin(&app, &actor).await?;
    let tenant = actor
        .tenant(&work.tx, &tenant_id, Level::TenantAdmin)
        .await?;
    let group = make(&mut work, &actor, &tenant, object).await?;
    work.commit().await?;
    Ok(Created(wire::Group::of(&tenant_id, &group)))
}

/// Makes a group of a tenant as an object and the template that it names say.
///
/// # Errors
/// What is refused, of the first of these that refuses anything: the members of the object, the id, the
/// domain, the reseller, the template.
async fn make(
    work: &mut Work<'_>,
    actor: &Actor,
    tenant: &Tenant,
    object: Object,
) -> Answer<Group> {
    let values = read(work, tenant, object).await?;
    let group_id = values.text(&attributes::GROUP_ID).unwrap_or_default();
    if groups::find(&work.tx, tenant.id, group_id).await?.is_some() {
        let reason = format!("Group '{group_id}' already exists");
        let parameter = attributes::GROUP_ID.name;
        return Err(Refusal::of(Code::AlreadyExists, parameter, reason).into());
    }
    let owned = domains::of(&work.tx, Owner::Tenant(tenant.id)).await?;
    let draft = draft(work, actor, (tenant, &owned), &values).await?;
    let made = make_all(work, tenant, vec![draft]).await?.pop();
    made.ok_or_else(|| Problem::Internal.into())
}

/// What an object and the template that it names say of a group.
///
/// # Errors
/// What is wrong with its members.
pub(crate) async fn read(work: &Work<'_>, tenant: &Tenant, mut object: Object) -> Answer<Values> {
    templates::complete(work, Category::Group, &mut object).await?;
    let mut stored = Object::new();
    stored.insert("tenantId".to_owned(), json!(tenant.tenant_id));
    all::read(&attributes::TABLE, Deed::Create, &object, &stored)
}

/// A group to be made, and the template whose actions are then carried out.
pub(crate) type Draft = (Group, Option<Template>);

/// A group of a tenant, which has these domains, as it is to be made.
///
/// # Errors
/// See [`make`].
pub(crate) async fn draft(
    work: &mut Work<'_>,
    actor: &Actor,
    (tenant, owned): (&Tenant, &[Domain]),
    values: &Values,
) -> Answer<Draft> {
    let domain = match values.text(&attributes::DEFAULT_DOMAIN) {
        Some(name) => own_domain(owned, attributes::DEFAULT_DOMAIN.name, name)?,
        None => tenant.default_domain.clone(),
    };
    let reseller = match (values.text(&RESELLER), &tenant.reseller) {
        // Whoever sees a reseller's groups alone makes none that is hidden from them.
        (None, _) if actor.confined_to_groups_of().is_some() => actor.reseller().cloned(),
        (None, inherited) => inherited.clone(),
        (Some(name), Some(inherited)) if inherited.name == name && actor.reseller().is_none() => {
            Some(inherited.clone())
        }
        (Some(name), _) => owner(work, actor, name).await?,
    };
    let template = templates::named(work, Category::Group, values).await?;
    let group_id = values.text(&attributes::GROUP_ID).unwrap_or_default();
    let mut group = Group {
        reseller,
        ..bare(tenant, group_id, domain)
    };
    describe(&mut group, values);
    Ok((group, template))
}

/// Makes groups of a tenant, each with its default domain; they are as many as there are drafts, in
/// their order.
///
/// # Errors
/// 1009 where an action of a template fails.
pub(crate) async fn make_all(
    work: &mut Work<'_>,
    tenant: &Tenant,
    drafts: Vec<Draft>,
) -> Answer<Vec<Group>> {
    let (mut made, templates): (Vec<Group>, Vec<_>) = drafts.into_iter().unzip();
    let ids = groups::create_all(&work.tx, &made).await?;
    let mut assigned = Vec::with_capacity(made.len());
    for (group, id) in made.iter_mut().zip(ids) {
        group.id = id;
        assigned.extend(group.default_domain.as_ref().map(|domain| (id, domain.id)));
        let subject = record::group_subject(&tenant.tenant_id, &group.group_id);
        let facts = record::group(&tenant.tenant_id, group);
        work.note(record::GROUP_CREATED, &subject, None, Some(facts.into()));
    }
    domains::assign_to_groups(&work.tx, &assigned).await?;
    for (group, template) in made.iter().zip(templates) {
        if let Some(template) = template {
            templates::act_on_group(work, &template, tenant, group).await?;
        }
    }
    Ok(made)
}

fn bare(tenant: &Tenant, group_id: &str, domain: Named) -> Group {
    Group {
        id: 0,
        tenant: tenant.id,
        group_id: group_id.to_owned(),
        name: String::new(),
        user_limit: 0,
        user_count: 0,
        default_domain: Some(domain),
        cli_name: String::new(),
        cli_phone_number: String::new(),
        dialing_code: String::new(),
        time_zone: String::new(),
        contact: Object::new(),
        address: Object::new(),
        reseller: None,
    }
}
