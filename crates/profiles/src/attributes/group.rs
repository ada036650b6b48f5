//! The attributes of a group (specification, section 7.1), in the order of their table.

use std::sync::LazyLock;

use super::kind::Check::{Any, Domain, Identifier};
use super::tenant::{ADDRESS, CONTACT, EXCLUDED_APPLICATIONS, RESELLER, TEMPLATE};
use super::{Attribute, Kind, Rule, Table};
use Rule::{Forbidden, Required};

/// The time zone of a group that says none.
pub(crate) const UTC: &str = "UTC";

/// The tenant is in the path.
pub(crate) const TENANT_ID: Attribute = Attribute::new("tenantId", Kind::Text(1, 30, Identifier))
    .rules(Forbidden, Forbidden)
    .removing(Forbidden)
    .lasting();
pub(crate) const GROUP_ID: Attribute = Attribute::new("groupId", Kind::Text(1, 30, Identifier))
    .rules(Required, Forbidden)
    .removing(Forbidden)
    .lasting();
pub(crate) const GROUP_NAME: Attribute =
    Attribute::new("groupName", Kind::Text(0, 80, Any)).removing(Forbidden);
pub(crate) const USER_LIMIT: Attribute =
    Attribute::new("userLimit", Kind::Whole(0)).removing(Forbidden);
pub(crate) const USER_COUNT: Attribute = Attribute::new("userCount", Kind::Whole(0))
    .rules(Forbidden, Forbidden)
    .removing(Forbidden)
    .lasting();
pub(crate) const DEFAULT_DOMAIN: Attribute =
    Attribute::new("defaultDomain", Kind::Text(1, 80, Domain))
        .removing(Forbidden)
        .lasting();
pub(crate) const CLI_NAME: Attribute =
    Attribute::new("cliName", Kind::Text(0, 80, Any)).removing(Forbidden);
pub(crate) const CLI_PHONE_NUMBER: Attribute =
    Attribute::new("cliPhoneNumber", Kind::Text(0, 30, Any)).removing(Forbidden);
pub(crate) const DIALING_CODE: Attribute =
    Attribute::new("locationDialingCode", Kind::Text(0, 30, Any)).removing(Forbidden);
pub(crate) const TIME_ZONE: Attribute =
    Attribute::new("timeZone", Kind::Text(1, 50, Any)).removing(Forbidden);
/// Nothing has one.
pub(crate) const TIME_ZONE_DISPLAY_NAME: Attribute =
    Attribute::new("timeZoneDisplayName", Kind::Text(0, 80, Any))
        .rules(Forbidden, Forbidden)
        .removing(Forbidden);

/// What a group has.
pub(crate) static OWN: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    vec![
        TENANT_ID,
        GROUP_ID,
        GROUP_NAME,
        USER_LIMIT,
        USER_COUNT,
        DEFAULT_DOMAIN,
        CLI_NAME,
        CLI_PHONE_NUMBER,
        DIALING_CODE,
        TIME_ZONE,
        TIME_ZONE_DISPLAY_NAME,
        CONTACT,
        ADDRESS,
        RESELLER,
    ]
});

/// What a request may say of a group, and how it is to be carried out.
pub(crate) static TABLE: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let mut table = OWN.clone();
    table.extend([TEMPLATE, EXCLUDED_APPLICATIONS]);
    table
});

/// Requests about a group.
pub(crate) struct Group;

impl Table for Group {
    fn attributes() -> &'static [Attribute] {
        &TABLE
    }
}
