//! What the change log says of this family's writes: the objects of eox-tenant's API, whole, so that
//! whoever follows the log needs nothing else.

use provost_app::kind;
use provost_store::tenants::configs::Config;
use provost_store::tenants::microsites::Microsite;
use provost_store::tenants::routes::Route;
use serde_json::{Value, json};

/// What happened to a thing, and the kind of entry that says so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kinds {
    pub(crate) created: &'static str,
    pub(crate) changed: &'static str,
    pub(crate) deleted: &'static str,
}

pub(crate) const CONFIG: Kinds = Kinds {
    created: kind::TENANT_CONFIG_CREATED,
    changed: kind::TENANT_CONFIG_CHANGED,
    deleted: kind::TENANT_CONFIG_DELETED,
};

pub(crate) const ROUTE: Kinds = Kinds {
    created: kind::TENANT_ROUTE_CREATED,
    changed: kind::TENANT_ROUTE_CHANGED,
    deleted: kind::TENANT_ROUTE_DELETED,
};

pub(crate) const MICROSITE: Kinds = Kinds {
    created: kind::TENANT_MICROSITE_CREATED,
    changed: kind::TENANT_MICROSITE_CHANGED,
    deleted: kind::TENANT_MICROSITE_DELETED,
};

/// A tenant's configuration, as the subject of an entry.
pub(crate) fn tenant_subject(id: i64) -> String {
    format!("tenant:{id}")
}

/// A route, as the subject of an entry.
pub(crate) fn route_subject(id: i64) -> String {
    format!("route:{id}")
}

/// A microsite, as the subject of an entry.
pub(crate) fn microsite_subject(id: i64) -> String {
    format!("microsite:{id}")
}

/// A tenant's configuration, as it was or is.
pub(crate) fn config(config: &Config) -> Value {
    json!({
        "id": config.id,
        "lms_configs": config.lms_configs,
        "studio_configs": config.studio_configs,
        "theming_configs": config.theming_configs,
        "meta": config.meta,
        "external_key": config.external_key,
        "organizations": config.organizations,
    })
}

/// A route, as it was or is.
pub(crate) fn route(route: &Route) -> Value {
    json!({"id": route.id, "domain": route.domain, "config": route.config})
}

/// A microsite, as it was or is.
pub(crate) fn microsite(microsite: &Microsite) -> Value {
    json!({
        "id": microsite.id,
        "values": microsite.values,
        "key": microsite.key,
        "subdomain": microsite.subdomain,
        "organizations": microsite.organizations,
    })
}

/// Whether a thing was changed at all. Columns keep the order of members, so another order is a change.
pub(crate) fn differ((before, after): &(Value, Value)) -> bool {
    let [before, after] = [before, after].map(Value::to_string);
    before != after
}
