//! `system/domains/`: the domains that there are.

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Created, Json};
use provost_store::Fault;
use provost_store::tenant_profiles::domains::{self, Domain};
use serde_json::json;

use super::{Domains, in_use, unknown};
use crate::actor::Actor;
use crate::ask::{Ask, Create, Remove};
use crate::attributes::kind::Check;
use crate::attributes::{Attribute, Kind, Rule, Table};
use crate::level::Level;
use crate::record;
use crate::refusal::{Code, Refusal};
use crate::wire::Nothing;
use crate::work::Work;

/// One domain.
const DOMAIN: Attribute = Attribute::new("domain", Kind::Text(1, 80, Check::Domain))
    .rules(Rule::Required, Rule::Required)
    .removing(Rule::Required)
    .lasting();

/// Requests to make a domain.
pub(crate) struct New;

impl Table for New {
    fn attributes() -> &'static [Attribute] {
        const { &[DOMAIN] }
    }
}

/// Requests to remove one: its name may stand under `domains` too.
pub(crate) struct Old;

impl Table for Old {
    fn attributes() -> &'static [Attribute] {
        const { &[DOMAIN.synonym("domains")] }
    }
}

/// Domains of the system.
pub(crate) async fn list(State(app): State<App>, _: Actor) -> Answer<Json<Domains>> {
    let all = domains::all(app.store().read()).await?;
    let default = all.iter().find(|domain| domain.is_default);
    let default = default.map(|domain| domain.name.clone());
    Ok(Domains::of(default.as_deref(), all))
}

/// Make a domain.
pub(crate) async fn create(
    State(app): State<App>,
    actor: Actor,
    ask: Ask<Create, New>,
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

/// Makes a domain the default of the system.
pub(crate) async fn set_default(work: &mut Work<'_>, domain: &Domain) -> Result<(), Fault> {
    let before = domains::default(&work.tx).await?;
    domains::set_default(&work.tx, domain.id).await?;
    let before = before.map(|before| json!({"name": before.name}));
    let after = Some(json!({"name": domain.name}));
    work.note(record::DOMAIN_DEFAULT, &domain.name, before, after);
    Ok(())
}

/// Remove a domain.
pub(crate) async fn destroy(
    State(app): State<App>,
    actor: Actor,
    ask: Ask<Remove, Old>,
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
