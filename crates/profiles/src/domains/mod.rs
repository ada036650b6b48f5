//! Domains of the system, of tenants and of groups (specification, section 8).

mod having;
pub(crate) mod owned;
pub(crate) mod system;

pub(crate) use having::{give_to_group, give_to_tenant};
pub(crate) use system::{make, set_default};

use std::collections::HashMap;

use provost_drf::Json;
use provost_store::tenant_profiles::domains::{self, Domain};
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
    fn of(default: Option<&str>, own: Vec<Domain>) -> Json<Self> {
        Json(Self {
            default_domain: default.unwrap_or_default().to_owned(),
            domains: names(own),
        })
    }
}

fn names(own: Vec<Domain>) -> Vec<String> {
    own.into_iter().map(|domain| domain.name).collect()
}

/// Domains by their names, folded.
pub(crate) fn by_name(known: &[Domain]) -> HashMap<String, &Domain> {
    let named = known.iter();
    named
        .map(|domain| (domains::folded(&domain.name), domain))
        .collect()
}

/// The domain of a name among some, whatever its case.
pub(crate) fn find<'a>(known: &'a [Domain], name: &str) -> Option<&'a Domain> {
    let folded = domains::folded(name);
    known
        .iter()
        .find(|domain| domains::folded(&domain.name) == folded)
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
