//! The attributes of a tenant (specification, sections 3.1 and 4.2), in the order of their table.

use std::sync::LazyLock;

use super::kind::Check::{Any, Domain, Email, Identifier};
use super::{Attribute, Kind, Rule, Table};
use Rule::{Forbidden, Ignored, Optional, Required};

/// What a tenant may be.
pub(crate) const SERVICE_PROVIDER: &str = "ServiceProvider";
/// See [`SERVICE_PROVIDER`].
pub(crate) const ENTERPRISE: &str = "Enterprise";
pub(crate) const KINDS: &[&str] = &[SERVICE_PROVIDER, ENTERPRISE];

const NAME_OF_ROW: Kind = Kind::Text(1, 80, Any);
const EXTERNAL_ID: Kind = Kind::Text(1, 255, Any);

pub(crate) const TENANT_ID: Attribute = Attribute::new("tenantId", Kind::Text(1, 30, Identifier))
    .rules(Required, Forbidden)
    .removing(Forbidden)
    .lasting();
pub(crate) const TYPE: Attribute = Attribute::new("type", Kind::Choice(KINDS))
    .rules(Required, Forbidden)
    .removing(Forbidden)
    .lasting();
/// Only a service provider may have it; see [`crate::tenants`].
pub(crate) const CUSTOM_ROUTING: Attribute = Attribute::new("useCustomRoutingProfile", Kind::Flag)
    .rules(Optional, Forbidden)
    .removing(Forbidden)
    .lasting();
pub(crate) const DEFAULT_DOMAIN: Attribute =
    Attribute::new("defaultDomain", Kind::Text(1, 80, Domain))
        .removing(Forbidden)
        .lasting();
pub(crate) const NAME: Attribute = Attribute::new("name", NAME_OF_ROW)
    .removing(Forbidden)
    .lasting();
pub(crate) const SUPPORT_EMAIL: Attribute =
    Attribute::new("supportEmail", Kind::Text(1, 80, Email)).removing(Forbidden);
pub(crate) const CONTACT: Attribute = Attribute::new(
    "contactInformation",
    Kind::Texts(&[("name", 30), ("phoneNumber", 30), ("emailAddress", 80)]),
)
.synonym("contact")
.removing(Forbidden);
pub(crate) const ADDRESS: Attribute = Attribute::new(
    "addressInformation",
    Kind::Texts(&[
        ("addressLine1", 80),
        ("addressLine2", 80),
        ("city", 50),
        ("state", 50),
        ("stateDisplayName", 50),
        ("postalCode", 50),
        ("country", 50),
    ]),
)
.synonym("address")
.removing(Forbidden);
pub(crate) const RESELLER: Attribute =
    Attribute::new("resellerId", NAME_OF_ROW).removing(Forbidden);
/// Nobody looks at them unless tenant data are switched on.
pub(crate) const EXTERNAL_IDS: [Attribute; 4] = [
    Attribute::new("externalId1", EXTERNAL_ID).removing(Forbidden),
    Attribute::new("externalId2", EXTERNAL_ID).removing(Forbidden),
    Attribute::new("externalId3", EXTERNAL_ID).removing(Forbidden),
    Attribute::new("externalId4", EXTERNAL_ID).removing(Forbidden),
];
pub(crate) const LANGUAGES: Attribute = Attribute::new("useTenantLanguages", Kind::Flag)
    .removing(Forbidden)
    .lasting();

/// What says how a request is carried out.
pub(crate) const NO_RESELLER_TO_GROUPS: Attribute =
    Attribute::new("noResellerIdToGroups", Kind::Flag)
        .rules(Ignored, Optional)
        .lasting();
pub(crate) const FORCE_RESELLER_TO_GROUPS: Attribute =
    Attribute::new("forceResellerIdToGroups", Kind::Flag)
        .rules(Ignored, Optional)
        .lasting();
/// An empty text stands for none.
pub(crate) const TEMPLATE: Attribute =
    Attribute::new("templateName", Kind::Text(0, 80, Any)).lasting();
pub(crate) const AUTO_CREATE_DOMAIN: Attribute =
    Attribute::new("autoCreateDomain", Kind::Flag).lasting();
pub(crate) const BACKEND: Attribute = Attribute::new("backendName", NAME_OF_ROW).lasting();
pub(crate) const BACKEND_EXTERNAL: Attribute =
    Attribute::new("backendExternalName", NAME_OF_ROW).lasting();
pub(crate) const DELETE_GROUPS: Attribute = Attribute::new("deleteEvenIfNonEmpty", Kind::Flag)
    .rules(Ignored, Ignored)
    .removing(Optional)
    .lasting();
pub(crate) const EXCLUDED_APPLICATIONS: Attribute =
    Attribute::new("_excludedAppIds", Kind::List(1, 128, Any))
        .rules(Ignored, Ignored)
        .removing(Optional)
        .lasting();

/// What a tenant has.
pub(crate) static OWN: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let mut own = vec![
        TENANT_ID,
        TYPE,
        CUSTOM_ROUTING,
        DEFAULT_DOMAIN,
        NAME,
        SUPPORT_EMAIL,
        CONTACT,
        ADDRESS,
        RESELLER,
    ];
    own.extend(EXTERNAL_IDS);
    own.push(LANGUAGES);
    own
});

/// What a request may say of a tenant, and how it is to be carried out.
pub(crate) static TABLE: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let mut table = OWN.clone();
    table.extend([
        NO_RESELLER_TO_GROUPS,
        FORCE_RESELLER_TO_GROUPS,
        TEMPLATE,
        AUTO_CREATE_DOMAIN,
        BACKEND,
        BACKEND_EXTERNAL,
        DELETE_GROUPS,
        EXCLUDED_APPLICATIONS,
    ]);
    table
});

/// Requests about a tenant.
pub(crate) struct Tenant;

impl Table for Tenant {
    fn attributes() -> &'static [Attribute] {
        &TABLE
    }
}

/// The table as the settings have it: without tenant data, nobody looks at external ids.
pub(crate) fn table(tenant_data: bool) -> Vec<Attribute> {
    let is_data = |attribute: &Attribute| {
        let mut all = EXTERNAL_IDS.iter();
        all.any(|external| external.name == attribute.name)
    };
    let mut table = TABLE.clone();
    table.retain(|attribute| tenant_data || !is_data(attribute));
    table
}
