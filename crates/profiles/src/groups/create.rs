//! `POST tenants/{id}/groups/`: making a group.

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Created, Path};
use provost_store::tenant_profiles::Named;
use provost_store::tenant_profiles::domains::{self, Owner};
use provost_store::tenant_profiles::groups::{self, Group};
use provost_store::tenant_profiles::tenants::Tenant;
use serde_json::json;

use super::describe;
use crate::actor::Actor;
use crate::ask::{Ask, Form};
use crate::attributes::tenant::RESELLER;
use crate::attributes::{self as all, Attribute, Deed, Object, Values, group as attributes};
use crate::level::Level;
use crate::refusal::{Code, Refusal, refused};
use crate::templates::{self, Category};
use crate::tenants::{own_domain, owner};
use crate::work::Work;
use crate::{record, wire};

/// The body of making a group.
pub(crate) struct New;

impl Form for New {
    const DEED: Deed = Deed::Create;

    fn attributes() -> &'static [Attribute] {
        const { &attributes::TABLE }
    }
}

/// Make a group.
pub(crate) async fn create(
    State(app): State<App>,
    actor: Actor,
    Path(tenant_id): Path<String>,
    ask: Ask<New>,
) -> Answer<Created<wire::Group>> {
    let mut work = Work::begin(&app, &actor).await?;
    let tenant = actor.tenant(&work.tx, &tenant_id, Level::TenantAdmin).await?;
    let group = make(&mut work, &actor, &tenant, ask.object()?).await?;
    work.commit().await?;
    Ok(Created(wire::Group::of(&tenant_id, &group)))
}

/// Makes a group of a tenant as an object and the template that it names say.
///
/// # Errors
/// What is refused, of the first of these that refuses anything: the members of the object, the id, the
/// domain, the reseller, the template.
pub(crate) async fn make(
    work: &mut Work<'_>,
    actor: &Actor,
    tenant: &Tenant,
    mut object: Object,
) -> Answer<Group> {
    templates::complete(work, Category::Group, &mut object).await?;
    let mut stored = Object::new();
    stored.insert("tenantId".to_owned(), json!(tenant.tenant_id));
    let values = all::read(&attributes::TABLE, Deed::Create, &object, &stored)
        .map_err(|refusals| refused(&refusals))?;
    let group_id = values.text(&attributes::GROUP_ID).unwrap_or_default();
    if groups::find(&work.tx, tenant.id, group_id).await?.is_some() {
        let reason = format!("Group '{group_id}' already exists");
        let parameter = attributes::GROUP_ID.name;
        return Err(Refusal::of(Code::AlreadyExists, parameter, reason).into());
    }
    let domain = domain(work, tenant, &values).await?;
    let reseller = match values.name(&RESELLER) {
        Some(name) => owner(work, actor, name).await?,
        None => tenant.reseller.clone(),
    };
    let template = templates::named(work, Category::Group, &values).await?;
    let mut group = Group {
        reseller,
        ..bare(tenant, group_id, domain.clone())
    };
    describe(&mut group, &values);
    group.id = groups::create(&work.tx, &group).await?;
    domains::assign(&work.tx, Owner::Group(group.id), &[domain.id]).await?;
    let subject = record::group_subject(&tenant.tenant_id, group_id);
    let facts = record::group(&tenant.tenant_id, &group);
    work.note(record::GROUP_CREATED, &subject, None, Some(facts));
    if let Some(template) = template {
        templates::act_on_group(work, &template, tenant, &group).await?;
    }
    Ok(group)
}

/// The domain that is named, which has to be the tenant's, or else the tenant's default.
async fn domain(work: &Work<'_>, tenant: &Tenant, values: &Values) -> Answer<Named> {
    let Some(name) = values.text(&attributes::DEFAULT_DOMAIN) else {
        return Ok(tenant.default_domain.clone());
    };
    let owned = domains::of(&work.tx, Owner::Tenant(tenant.id)).await?;
    Ok(own_domain(&owned, attributes::DEFAULT_DOMAIN.name, name)?)
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
