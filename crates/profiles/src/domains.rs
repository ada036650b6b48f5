//! Domains of the system, of tenants and of groups (specification, section 8).

use axum::extract::State;
use provost_app::{Answer, App, Error};
use provost_drf::{Created, Json, Path};
use provost_store::tenant_profiles::domains::{self, Domain, Owner};
use provost_store::tenant_profiles::groups::Group;
use provost_store::tenant_profiles::tenants::Tenant;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::actor::Actor;
use crate::ask::{Ask, Form};
use crate::attributes::kind::Check;
use crate::attributes::{Attribute, Deed, Kind, Rule};
use crate::level::Level;
use crate::record;
use crate::refusal::{Code, Refusal, none};
use crate::wire::Nothing;
use crate::work::Work;

/// One domain. To remove one, its name may stand under `domains` too.
const DOMAIN: Attribute = Attribute::new("domain", Kind::Text(1, 80, Check::Domain))
    .rules(Rule::Required, Rule::Required)
    .removing(Rule::Required)
    .lasting();
const DOMAINS: Attribute = Attribute::new("domains", Kind::List(1, 80, Check::Any))
    .rules(Rule::Required, Rule::Required)
    .removing(Rule::Required)
    .lasting();

/// The body of making a domain.
pub(crate) struct New;

impl Form for New {
    const DEED: Deed = Deed::Create;

    fn attributes() -> &'static [Attribute] {
        const { &[DOMAIN] }
    }
}

/// What removing a domain takes.
pub(crate) struct Old;

impl Form for Old {
    const DEED: Deed = Deed::Remove;

    fn attributes() -> &'static [Attribute] {
        const { &[DOMAIN.synonym("domains")] }
    }
}

/// The body of giving domains.
pub(crate) struct Given;

impl Form for Given {
    const DEED: Deed = Deed::Update;

    fn attributes() -> &'static [Attribute] {
        const { &[DOMAINS] }
    }
}

/// What taking domains takes.
pub(crate) struct Taken;

impl Form for Taken {
    const DEED: Deed = Deed::Remove;

    fn attributes() -> &'static [Attribute] {
        const { &[DOMAINS] }
    }
}

/// The domains of somebody.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ProfileDomains")]
pub(crate) struct Domains {
    /// One of them; empty where there is none.
    default_domain: String,
    domains: Vec<String>,
}

impl Domains {
    fn of(default: Option<&str>, domains: Vec<Domain>) -> Json<Self> {
        Json(Self {
            default_domain: default.unwrap_or_default().to_owned(),
            domains: names(domains),
        })
    }
}

fn names(domains: Vec<Domain>) -> Vec<String> {
    domains.into_iter().map(|domain| domain.name).collect()
}

/// The domain of a name among some, whatever its case.
pub(crate) fn find<'a>(domains: &'a [Domain], name: &str) -> Option<&'a Domain> {
    let folded = name.to_lowercase();
    domains.iter().find(|domain| domain.name.to_lowercase() == folded)
}

/// 1006: `owner` has no such domain.
pub(crate) fn unknown(parameter: &str, name: &str, owner: &str) -> Refusal {
    let reason = format!("Domain '{name}' is not defined for {owner}");
    Refusal::of(Code::DomainNotFound, parameter, reason)
}

fn in_use(parameter: &str, name: &str) -> Refusal {
    let reason = format!("Domain '{name}' is in use");
    Refusal::of(Code::DomainInUse, parameter, reason)
}

/// Domains of the system.
pub(crate) async fn system(State(app): State<App>, _: Actor) -> Answer<Json<Domains>> {
    let all = domains::all(app.store().read()).await?;
    let default = all.iter().find(|domain| domain.is_default);
    let default = default.map(|domain| domain.name.clone());
    Ok(Domains::of(default.as_deref(), all))
}

/// Make a domain.
pub(crate) async fn create(
    State(app): State<App>,
    actor: Actor,
    ask: Ask<New>,
) -> Answer<Created<Nothing>> {
    actor.at_least(Level::SystemAdmin)?;
    let values = ask.read()?;
    let name = values.text(&DOMAIN).unwrap_or_default();
    let mut work = Work::begin(&app, &actor).await?;
    if !domains::named(&work.tx, &[name]).await?.is_empty() {
        let reason = format!("Domain '{name}' already exists");
        return Err(Refusal::of(Code::AlreadyExists, DOMAIN.name, reason).into());
    }
    make(&mut work, name).await?;
    work.commit().await?;
    Ok(Created(Nothing {}))
}

/// Makes a domain of the system that there is not.
pub(crate) async fn make(work: &mut Work<'_>, name: &str) -> Answer<Domain> {
    let domain = domains::create(&work.tx, name).await?;
    let facts = json!({"name": name, "default": domain.is_default});
    work.note(record::DOMAIN_CREATED, name, None, Some(facts));
    Ok(domain)
}

/// Remove a domain.
pub(crate) async fn destroy(
    State(app): State<App>,
    actor: Actor,
    ask: Ask<Old>,
) -> Answer<Json<Nothing>> {
    actor.at_least(Level::SystemAdmin)?;
    let values = ask.read()?;
    let name = values.text(&DOMAIN).unwrap_or_default();
    let mut work = Work::begin(&app, &actor).await?;
    let found = domains::named(&work.tx, &[name]).await?.pop();
    let domain = found.ok_or_else(|| unknown(DOMAIN.name, name, "the system"))?;
    if domain.is_default || domains::is_assigned(&work.tx, domain.id).await? {
        return Err(in_use(DOMAIN.name, &domain.name).into());
    }
    domains::remove(&work.tx, domain.id).await?;
    let facts = json!({"name": domain.name, "default": false});
    work.note(record::DOMAIN_DELETED, &domain.name, Some(facts), None);
    work.commit().await?;
    Ok(Json(Nothing {}))
}

/// Whoever has domains, as one request knows them.
struct Having {
    owner: Owner,
    /// What the log calls it.
    subject: String,
    /// The key and the name of its default.
    default: (i64, String),
    /// The tenant, of a group.
    above: Option<i64>,
}

impl Having {
    fn tenant(tenant: &Tenant) -> Self {
        let default = &tenant.default_domain;
        Self {
            owner: Owner::Tenant(tenant.id),
            subject: record::tenant_subject(&tenant.tenant_id),
            default: (default.id, default.name.clone()),
            above: None,
        }
    }

    fn group(tenant: &Tenant, group: &Group) -> Self {
        let default = group.default_domain.clone();
        Self {
            owner: Owner::Group(group.id),
            subject: record::group_subject(&tenant.tenant_id, &group.group_id),
            default: default.map(|named| (named.id, named.name)).unwrap_or_default(),
            above: Some(tenant.id),
        }
    }

    async fn shown(&self, app: &App) -> Answer<Json<Domains>> {
        let own = domains::of(app.store().read(), self.owner).await?;
        Ok(Domains::of(Some(&self.default.1), own))
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
    Having::tenant(&tenant).shown(&app).await
}

/// Give a tenant domains.
pub(crate) async fn give_tenant(
    State(app): State<App>,
    actor: Actor,
    Path(tenant_id): Path<String>,
    ask: Ask<Given>,
) -> Answer<Json<Domains>> {
    let mut work = Work::begin(&app, &actor).await?;
    let tenant = actor.tenant(&work.tx, &tenant_id, Level::TenantAdmin).await?;
    let having = Having::tenant(&tenant);
    give(&mut work, &having, ask.read()?.list(&DOMAINS)).await?;
    work.commit().await?;
    having.shown(&app).await
}

/// Take domains from a tenant.
pub(crate) async fn take_tenant(
    State(app): State<App>,
    actor: Actor,
    Path(tenant_id): Path<String>,
    ask: Ask<Taken>,
) -> Answer<Json<Nothing>> {
    let mut work = Work::begin(&app, &actor).await?;
    let tenant = actor.tenant(&work.tx, &tenant_id, Level::TenantAdmin).await?;
    take(&mut work, &Having::tenant(&tenant), ask.read()?.list(&DOMAINS)).await?;
    work.commit().await?;
    Ok(Json(Nothing {}))
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
    Having::group(&tenant, &group).shown(&app).await
}

/// Give a group domains.
pub(crate) async fn give_group(
    State(app): State<App>,
    actor: Actor,
    Path((tenant_id, group_id)): Path<(String, String)>,
    ask: Ask<Given>,
) -> Answer<Json<Domains>> {
    let mut work = Work::begin(&app, &actor).await?;
    let place = (tenant_id.as_str(), group_id.as_str());
    let (tenant, group) = actor.group(&work.tx, place, Level::GroupAdmin).await?;
    let having = Having::group(&tenant, &group);
    give(&mut work, &having, ask.read()?.list(&DOMAINS)).await?;
    work.commit().await?;
    having.shown(&app).await
}

/// Take domains from a group.
pub(crate) async fn take_group(
    State(app): State<App>,
    actor: Actor,
    Path((tenant_id, group_id)): Path<(String, String)>,
    ask: Ask<Taken>,
) -> Answer<Json<Nothing>> {
    let mut work = Work::begin(&app, &actor).await?;
    let place = (tenant_id.as_str(), group_id.as_str());
    let (tenant, group) = actor.group(&work.tx, place, Level::GroupAdmin).await?;
    take(&mut work, &Having::group(&tenant, &group), ask.read()?.list(&DOMAINS)).await?;
    work.commit().await?;
    Ok(Json(Nothing {}))
}

/// Gives a tenant domains of the system.
///
/// # Errors
/// 1006 for each that the system does not have; none is then given.
pub(crate) async fn give_to_tenant(
    work: &mut Work<'_>,
    tenant: &Tenant,
    names: &[String],
) -> Answer<()> {
    give(work, &Having::tenant(tenant), names).await
}

/// Gives a group domains of its tenant.
///
/// # Errors
/// 1006 for each that the tenant does not have; none is then given.
pub(crate) async fn give_to_group(
    work: &mut Work<'_>,
    tenant: &Tenant,
    group: &Group,
    names: &[String],
) -> Answer<()> {
    give(work, &Having::group(tenant, group), names).await
}

async fn give(work: &mut Work<'_>, having: &Having, names: &[String]) -> Answer<()> {
    let (known, place) = match having.above {
        Some(tenant) => (domains::of(&work.tx, Owner::Tenant(tenant)).await?, "the tenant"),
        None => (domains::named(&work.tx, names).await?, "the system"),
    };
    let ids = keys(&known, names, |name| unknown(DOMAINS.name, name, place))?;
    let before = domains::of(&work.tx, having.owner).await?;
    domains::assign(&work.tx, having.owner, &ids).await?;
    note(work, having, before).await
}

async fn take(work: &mut Work<'_>, having: &Having, names: &[String]) -> Answer<()> {
    let before = domains::of(&work.tx, having.owner).await?;
    let place = match having.owner {
        Owner::Tenant(_) => "the tenant",
        Owner::Group(_) => "the group",
    };
    let ids = keys(&before, names, |name| unknown(DOMAINS.name, name, place))?;
    let mut used = match having.owner {
        Owner::Tenant(tenant) => domains::used_by_groups(&work.tx, tenant, &ids).await?,
        Owner::Group(_) => Vec::new(),
    };
    used.push(having.default.0);
    let in_use = before
        .iter()
        .filter(|domain| ids.contains(&domain.id) && used.contains(&domain.id))
        .map(|domain| in_use(DOMAINS.name, &domain.name));
    none(&in_use.collect::<Vec<_>>())?;
    domains::unassign(&work.tx, having.owner, &ids).await?;
    note(work, having, before).await
}

/// The keys of the named among the known.
fn keys(
    known: &[Domain],
    names: &[String],
    refuse: impl Fn(&str) -> Refusal,
) -> Result<Vec<i64>, Error> {
    let mut ids = Vec::new();
    let mut refusals = Vec::new();
    for name in names {
        match find(known, name) {
            Some(domain) => ids.push(domain.id),
            None => refusals.push(refuse(name)),
        }
    }
    ids.sort_unstable();
    ids.dedup();
    none(&refusals).map(|()| ids)
}

/// Says in the log what domains somebody has now.
async fn note(work: &mut Work<'_>, having: &Having, before: Vec<Domain>) -> Answer<()> {
    let after = domains::of(&work.tx, having.owner).await?;
    let [before, after] = [before, after].map(|domains| Some(json!({"domains": names(domains)})));
    work.note(record::DOMAINS_CHANGED, &having.subject, before, after);
    Ok(())
}
