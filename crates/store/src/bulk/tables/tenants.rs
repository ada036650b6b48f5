//! Tenants: what each is configured to, where it is found, and what was done to it.

use super::super::columns::{Derived, counted, fold, int, json, linked, maybe, text, time, to};
use super::super::{Link, Table};

/// Organizations of tenants.
pub static TENANT_ORGANIZATIONS: Table =
    counted("tenant_organizations", &[int("id"), text("name")], &[]);

/// Which organizations belong to which tenant.
pub(crate) const CONFIG_ORGANIZATIONS: Link = Link {
    table: "tenant_config_organizations",
    from: "config_id",
    to: ("organization_id", "tenant_organizations"),
};

/// What tenants are configured to.
pub static TENANT_CONFIGS: Table = linked(
    counted(
        "tenant_configs",
        &[
            int("id"),
            text("external_key"),
            json("lms_configs"),
            json("studio_configs"),
            json("theming_configs"),
            json("meta"),
        ],
        &[Derived::Tenant {
            columns: ["key_lower", "name_lower", "platform_lower", "summary"],
        }],
    ),
    &[CONFIG_ORGANIZATIONS],
);

/// Hosts of tenants.
pub static TENANT_ROUTES: Table = counted(
    "tenant_routes",
    &[
        int("id"),
        text("domain"),
        to(int("config_id"), "tenant_configs"),
    ],
    &[fold("domain", "domain_lower")],
);

/// Which organizations belong to which microsite.
pub(crate) const MICROSITE_ORGANIZATIONS: Link = Link {
    table: "microsite_organizations",
    from: "microsite_id",
    to: ("organization_id", "tenant_organizations"),
};

/// What came before tenants.
pub static MICROSITES: Table = linked(
    counted(
        "microsites",
        &[int("id"), text("key"), text("subdomain"), json("values")],
        &[],
    ),
    &[MICROSITE_ORGANIZATIONS],
);

/// Who made and removed which tenant, or tried to.
pub static PROVISIONING_LOGS: Table = counted(
    "provisioning_logs",
    &[
        int("id"),
        text("action"),
        text("status"),
        text("tenant_name"),
        maybe(int("tenant_id")),
        text("performed_by"),
        json("request_data"),
        int("response_status"),
        text("error_message"),
        maybe(text("ip_address")),
        time("created_at"),
    ],
    &[],
);
