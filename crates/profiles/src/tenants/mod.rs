//! `tenants/`: the profiles of tenants (specification, sections 4 and 5).

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod retrieve;
mod steps;
pub(crate) mod update;

pub(crate) use steps::{own_domain, owner};

use provost_app::App;
use provost_store::tenant_profiles::tenants::Tenant;

use crate::actor::Actor;
use crate::attributes::tenant as attributes;
use crate::attributes::{Attribute, Values};
use crate::wire;

/// A tenant as the settings show it.
pub(crate) fn shown(app: &App, tenant: &Tenant) -> wire::Tenant {
    wire::Tenant::of(tenant, has_data(app))
}

/// Whether tenants have external ids.
fn has_data(app: &App) -> bool {
    app.settings().profiles.apio_object_creation.tenant_data
}

/// What a request may say, as the settings have it.
fn table(app: &App, actor: &Actor) -> Vec<Attribute> {
    attributes::table(has_data(app) || actor.sees_all_data())
}

/// Writes into a tenant what needs no look at anything else.
fn describe(tenant: &mut Tenant, values: &Values) {
    values.set_text(&attributes::NAME, &mut tenant.name);
    values.set_text(&attributes::SUPPORT_EMAIL, &mut tenant.support_email);
    values.merge(&attributes::CONTACT, &mut tenant.contact);
    values.merge(&attributes::ADDRESS, &mut tenant.address);
    let external = attributes::EXTERNAL_IDS.iter();
    for (attribute, place) in external.zip(&mut tenant.external_ids) {
        values.set_text(attribute, place);
    }
    if let Some(languages) = values.flag(&attributes::LANGUAGES) {
        tenant.tenant_languages = languages;
    }
}
