//! What making and changing a tenant or a group have in common.

use provost_app::Answer;
use provost_store::tenant_profiles::Named;
use provost_store::tenant_profiles::backends::{self, Backend};
use provost_store::tenant_profiles::domains::{self, Domain};
use provost_store::tenant_profiles::resellers;
use serde_json::Value;

use crate::actor::Actor;
use crate::attributes::{Object, Values, tenant as attributes};
use crate::level::Level;
use crate::refusal::{Code, Refusal, none};
use crate::work::Work;
use crate::{domains as domain_calls, record, resellers as reseller_calls};

/// The reseller that a request names, made if the settings say so; nothing where it takes the owner
/// away.
///
/// # Errors
/// 58 where somebody who is bound to a reseller names another one, or none; 1005 where there is none of
/// that name and none is made, which only who is above a tenant may let happen.
pub(crate) async fn owner(work: &mut Work<'_>, actor: &Actor, name: &str) -> Answer<Option<Named>> {
    let parameter = attributes::RESELLER.name;
    if actor.reseller().is_some_and(|own| own.name != name) {
        return Err(Refusal::unauthorized(parameter).into());
    }
    if name.is_empty() {
        return Ok(None);
    }
    if let Some(reseller) = resellers::find(&work.tx, name).await? {
        return Ok(Some(reseller.into()));
    }
    let settings = &work.app.settings().profiles;
    let makes = settings.apio_object_creation.reseller && actor.level >= Level::SystemAdmin;
    if !makes {
        let reason = format!("Reseller '{name}' does not exist");
        return Err(Refusal::of(Code::ResellerNotFound, parameter, reason).into());
    }
    let made = resellers::create(&work.tx, name, "", &Object::new()).await?;
    let facts = reseller_calls::facts(&made);
    work.note(record::RESELLER_CREATED, name, None, Some(facts));
    Ok(Some(made.into()))
}

/// The domain of the system of this name, whatever its case; made if the request, or else the settings,
/// say so.
///
/// # Errors
/// 1006 where there is none and none is made.
pub(super) async fn default_domain(
    work: &mut Work<'_>,
    name: &str,
    values: &Values,
) -> Answer<Domain> {
    if let Some(domain) = domains::named(&work.tx, &[name]).await?.pop() {
        return Ok(domain);
    }
    let asked = values.flag(&attributes::AUTO_CREATE_DOMAIN);
    let settings = &work.app.settings().profiles;
    if asked.unwrap_or(settings.auto_create.tenant_default_domain) {
        return domain_calls::make(work, name).await;
    }
    Err(domain_calls::unknown(attributes::DEFAULT_DOMAIN.name, name, "the system").into())
}

/// The domain of this name among those of a tenant, whatever its case.
///
/// # Errors
/// 1006 where it has none of that name.
pub(crate) fn own_domain(owned: &[Domain], parameter: &str, name: &str) -> Result<Named, Refusal> {
    let found = domain_calls::find(owned, name);
    found
        .map(|domain| Named {
            id: domain.id,
            name: domain.name.clone(),
        })
        .ok_or_else(|| domain_calls::unknown(parameter, name, "the tenant"))
}

/// The backend that a request names; nothing where it names none (specification, section 4.2.6).
///
/// # Errors
/// 58 where the caller does not tell backends apart; 61 where there is none of that name that the caller
/// may use.
pub(super) async fn backend(
    work: &Work<'_>,
    actor: &Actor,
    object: &Object,
) -> Answer<Option<Backend>> {
    let named = [attributes::BACKEND.name, attributes::BACKEND_EXTERNAL.name];
    if !actor.chooses_backends() {
        let given = named.into_iter().filter(|name| object.contains_key(*name));
        let refusals: Vec<Refusal> = given.map(Refusal::unauthorized).collect();
        return none(&refusals).map(|()| None);
    }
    let found = match named.map(|name| object.get(name)) {
        [Some(Value::String(name)), _] => backends::find(&work.tx, name).await?,
        [None, Some(Value::String(name))] => {
            let called = backends::called(&work.tx, name).await?;
            let mut usable = called.into_iter();
            usable.find(|backend| actor.may_use(backend.id))
        }
        // What is given is no text, which is refused with everything else that is no text.
        _ => return Ok(None),
    };
    let usable = found.filter(|backend| actor.may_use(backend.id));
    Ok(Some(usable.ok_or_else(Refusal::no_backend)?))
}
