//! What the change log says of this family's writes.

use provost_store::tenant_profiles::groups::Group;
use provost_store::tenant_profiles::tenants::Tenant;

use crate::attributes::Object;
use crate::wire;

/// A tenant's profile came, changed, went. Where groups changed hands or went with it, their ids are in
/// `after` and `before`.
pub(crate) const TENANT_CREATED: &str = "profile.tenant.created";
pub(crate) const TENANT_CHANGED: &str = "profile.tenant.changed";
pub(crate) const TENANT_DELETED: &str = "profile.tenant.deleted";
/// A group came, changed, went.
pub(crate) const GROUP_CREATED: &str = "profile.group.created";
pub(crate) const GROUP_CHANGED: &str = "profile.group.changed";
pub(crate) const GROUP_DELETED: &str = "profile.group.deleted";
/// A domain of the system came, went, or became its default.
pub(crate) const DOMAIN_CREATED: &str = "profile.domain.created";
pub(crate) const DOMAIN_DELETED: &str = "profile.domain.deleted";
pub(crate) const DOMAIN_DEFAULT: &str = "profile.domain.default";
/// A tenant or group has other domains.
pub(crate) const DOMAINS_CHANGED: &str = "profile.domains.changed";
/// A reseller came, changed, went.
pub(crate) const RESELLER_CREATED: &str = "profile.reseller.created";
pub(crate) const RESELLER_CHANGED: &str = "profile.reseller.changed";
pub(crate) const RESELLER_DELETED: &str = "profile.reseller.deleted";
/// A template came, changed, went.
pub(crate) const TEMPLATE_CREATED: &str = "profile.template.created";
pub(crate) const TEMPLATE_CHANGED: &str = "profile.template.changed";
pub(crate) const TEMPLATE_DELETED: &str = "profile.template.deleted";
/// A backend came, changed, went.
pub(crate) const BACKEND_CREATED: &str = "profile.backend.created";
pub(crate) const BACKEND_CHANGED: &str = "profile.backend.changed";
pub(crate) const BACKEND_DELETED: &str = "profile.backend.deleted";
/// Somebody may do something else.
pub(crate) const PERSON_CHANGED: &str = "profile.person.changed";
/// An application keeps something else of an end user; what it is, the log does not say.
pub(crate) const DATA_CHANGED: &str = "profile.data.changed";

/// A tenant, as the subject of an entry.
pub(crate) fn tenant_subject(tenant_id: &str) -> String {
    format!("profile:{tenant_id}")
}

/// A group, as the subject of an entry. No id of a tenant has a slash.
pub(crate) fn group_subject(tenant_id: &str, group_id: &str) -> String {
    format!("profile:{tenant_id}/{group_id}")
}

/// A tenant as it was or is, whatever the settings show of it.
pub(crate) fn tenant(tenant: &Tenant) -> Object {
    let mut facts = wire::object(&wire::Tenant::of(tenant, true));
    if let Some((backend, _)) = &tenant.backend {
        facts.insert("backendName".to_owned(), backend.name.as_str().into());
    }
    facts
}

/// A group as it was or is.
pub(crate) fn group(tenant_id: &str, group: &Group) -> Object {
    wire::object(&wire::Group::of(tenant_id, group))
}
