//! `POST tenants/`: making a tenant (specification, section 5.2).

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::Created;
use provost_store::tenant_profiles::Named;
use provost_store::tenant_profiles::backends::{self, Backend};
use provost_store::tenant_profiles::domains::{self, Domain, Owner};
use provost_store::tenant_profiles::tenants::{self, Tenant};

use super::{describe, shown, steps, table};
use crate::actor::Actor;
use crate::ask::{Ask, Create};
use crate::attributes::{self as all, Attribute, Deed, Object, Values, tenant as attributes};
use crate::level::Level;
use crate::refusal::{Code, Refusal, refused};
use crate::templates::{self, Category};
use crate::work::Work;
use crate::{record, wire};

/// Make a tenant.
pub(crate) async fn create(
    State(app): State<App>,
    actor: Actor,
    ask: Ask<Create, attributes::Tenant>,
) -> Answer<Created<wire::Tenant>> {
    actor.at_least(Level::SystemAdmin)?;
    let object = ask.object()?;
    let mut work = Work::begin(&app, &actor).await?;
    let tenant = make(&mut work, &actor, object).await?;
    work.commit().await?;
    Ok(Created(shown(&app, &tenant)))
}

/// Makes a tenant as an object and the template that it names say.
///
/// # Errors
/// What is refused, of the first of these that refuses anything: backends, the members of the object, the
/// id, the domain, the reseller, the template.
pub(crate) async fn make(work: &mut Work<'_>, actor: &Actor, mut object: Object) -> Answer<Tenant> {
    let backend = steps::backend(work, actor, &object).await?;
    templates::complete(work, Category::Tenant, &mut object).await?;
    let values = read(work.app, actor, &object)?;
    let tenant_id = values.text(&attributes::TENANT_ID).unwrap_or_default();
    untaken(work, tenant_id).await?;
    let domain = domain(work, &values).await?;
    let reseller = match values.name(&attributes::RESELLER) {
        Some(name) => steps::owner(work, actor, name).await?,
        None => actor.reseller().cloned(),
    };
    let template = templates::named(work, Category::Tenant, &values).await?;
    let backend = match backend {
        Some(backend) => Some(backend),
        None => usual_backend(work, actor).await?,
    };
    let mut tenant = Tenant {
        backend: backend.map(|it| {
            (
                Named {
                    id: it.id,
                    name: it.name,
                },
                it.external_name,
            )
        }),
        reseller,
        ..bare(&values, &domain)
    };
    describe(&mut tenant, &values);
    tenant.id = tenants::create(&work.tx, &tenant).await?;
    domains::assign(&work.tx, Owner::Tenant(tenant.id), &[domain.id]).await?;
    let subject = record::tenant_subject(&tenant.tenant_id);
    let facts = record::tenant(&tenant);
    work.note(record::TENANT_CREATED, &subject, None, Some(facts.into()));
    if let Some(template) = template {
        templates::act_on_tenant(work, actor, &template, &tenant).await?;
    }
    Ok(tenant)
}

/// 11: there is a tenant of this id, whatever its case.
async fn untaken(work: &Work<'_>, tenant_id: &str) -> Answer<()> {
    if tenants::is_taken(&work.tx, tenant_id).await? {
        let reason = format!("Tenant '{tenant_id}' already exists");
        let parameter = attributes::TENANT_ID.name;
        return Err(Refusal::of(Code::AlreadyExists, parameter, reason).into());
    }
    Ok(())
}

/// What an object says, as the table and the condition of [`attributes::CUSTOM_ROUTING`] have it.
fn read(app: &App, actor: &Actor, object: &Object) -> Answer<Values> {
    let read = all::read_or_refusals(&table(app, actor), Deed::Create, object, &Object::new());
    let custom = &attributes::CUSTOM_ROUTING;
    let is = |attribute: &Attribute, what: serde_json::Value| attribute.of(object) == Some(&what);
    let misplaced = is(custom, true.into()) && is(&attributes::TYPE, attributes::ENTERPRISE.into());
    if !misplaced {
        return read.map_err(|refusals| refused(&refusals).into());
    }
    let reason = format!(
        "Parameter '{}' cannot be true for '{}'",
        custom.name,
        attributes::ENTERPRISE
    );
    let mut refusals = read.err().unwrap_or_default();
    refusals.push(Refusal::of(Code::Invalid, custom.name, reason));
    all::sort(&attributes::TABLE, &mut refusals);
    Err(refused(&refusals).into())
}

/// The domain that is named, or else the default of the system.
async fn domain(work: &mut Work<'_>, values: &Values) -> Answer<Domain> {
    if let Some(name) = values.text(&attributes::DEFAULT_DOMAIN) {
        return steps::default_domain(work, name, values).await;
    }
    let default = domains::default(&work.tx).await?;
    Ok(default.ok_or_else(|| {
        let name = attributes::DEFAULT_DOMAIN.name;
        let reason =
            format!("Parameter '{name}' is required, since the system has no default domain");
        Refusal::of(Code::Missing, name, reason)
    })?)
}

/// The backend of a tenant whose maker names none: the first that the maker may use, or the default.
async fn usual_backend(work: &Work<'_>, actor: &Actor) -> Answer<Option<Backend>> {
    let Some(allowed) = actor.backends() else {
        return Ok(backends::default(&work.tx).await?);
    };
    let first = allowed.first().copied();
    let found = backends::find_all(&work.tx, &Vec::from_iter(first))
        .await?
        .pop();
    Ok(Some(found.ok_or_else(Refusal::no_backend)?))
}

fn bare(values: &Values, domain: &Domain) -> Tenant {
    let text = |attribute| values.text(attribute).unwrap_or_default().to_owned();
    Tenant {
        id: 0,
        tenant_id: text(&attributes::TENANT_ID),
        kind: text(&attributes::TYPE),
        name: String::new(),
        default_domain: Named {
            id: domain.id,
            name: domain.name.clone(),
        },
        support_email: String::new(),
        contact: Object::new(),
        address: Object::new(),
        custom_routing: values.flag(&attributes::CUSTOM_ROUTING).unwrap_or(false),
        tenant_languages: false,
        reseller: None,
        external_ids: Default::default(),
        backend: None,
    }
}
