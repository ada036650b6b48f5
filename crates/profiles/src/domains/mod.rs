//! Domains of the system, of tenants and of groups (specification, section 8).

mod having;
pub(crate) mod owned;
pub(crate) mod system;

pub(crate) use having::{give_to_group, give_to_tenant};
pub(crate) use system::{make, set_default};

use provost_drf::Json;
use provost_store::tenant_profiles::domains::Domain;
use schemars::JsonSchema;
use serde::Serialize;

use crate::refusal::{Code, Refusal};

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
    domains
        .iter()
        .find(|domain| domain.name.to_lowercase() == folded)
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
