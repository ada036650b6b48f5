//! `[tenants]` and `[mfe]`: the sections are the tenants' own; what is wrong in them, they say.

use provost_tenancy::{Mfe, Settings};

use super::Wrong;

pub(super) fn validate(tenants: &Settings, mfe: &Mfe) -> Vec<Wrong> {
    let tenants = under("tenants", tenants.validate());
    tenants.chain(under("mfe", mfe.validate())).collect()
}

/// What is wrong with the settings of a section.
pub(super) fn under(
    section: &'static str,
    wrong: Vec<(&'static str, String)>,
) -> impl Iterator<Item = Wrong> {
    wrong
        .into_iter()
        .map(move |(key, why)| Wrong::new(format!("{section}.{key}"), why))
}
