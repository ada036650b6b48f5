//! The route table.

use provost_app::App;
use provost_drf::{Dialect, Family, Media, View};

use crate::{applications, domains, groups, login, resellers, templates, tenants};

/// Every path is served with and without its final slash.
#[must_use]
pub fn family() -> Family<App> {
    let family = Family::at(
        "/api/v1/",
        "Tenant profiles",
        "Tenants, groups, domains, resellers and templates, in the APIO style",
    )
    .schemes(login::SCHEMES)
    .strict()
    .dialect(Dialect::Details)
    .bodies(&[Media::Json])
    .optional_slash()
    .json_not_found();
    let family = signing_in(family);
    let family = of_tenants(family);
    let family = of_groups(family);
    let family = of_users(family);
    let family = of_system(family);
    of_templates(family)
}

fn signing_in(family: Family<App>) -> Family<App> {
    family
        .view(
            "login/",
            View::new()
                .post(login::login, "Sign in with a password")
                .guard(anybody),
        )
        .view(
            "logout/",
            View::new().post(login::logout, "Sign out").guard(anybody),
        )
}

fn of_tenants(family: Family<App>) -> Family<App> {
    family
        .view(
            "tenants/",
            View::new()
                .get(tenants::list::list, "Tenants that match criteria")
                .post(tenants::create::create, "Make a tenant"),
        )
        .view(
            "tenants/{tenant}/",
            View::new()
                .get(tenants::retrieve::retrieve, "One tenant")
                .put(tenants::update::update, "Change parts of a tenant")
                .delete(tenants::remove::destroy, "Remove a tenant"),
        )
        .view(
            "tenants/{tenant}/domains/",
            View::new()
                .get(domains::owned::of_tenant, "Domains of a tenant")
                .put(domains::owned::give_tenant, "Give a tenant domains")
                .delete(domains::owned::take_tenant, "Take domains from a tenant"),
        )
}

fn of_groups(family: Family<App>) -> Family<App> {
    family
        .view(
            "tenants/{tenant}/groups/",
            View::new()
                .get(groups::list::list, "Groups of a tenant that match criteria")
                .post(groups::create::create, "Make a group"),
        )
        .view(
            "tenants/{tenant}/groups/{group}/",
            View::new()
                .get(groups::retrieve, "One group")
                .put(groups::update::update, "Change parts of a group")
                .delete(groups::remove::destroy, "Remove a group"),
        )
        .view(
            "tenants/{tenant}/groups/{group}/domains/",
            View::new()
                .get(domains::owned::of_group, "Domains of a group")
                .put(domains::owned::give_group, "Give a group domains")
                .delete(domains::owned::take_group, "Take domains from a group"),
        )
        .view(
            "search/groups",
            View::new().get(
                groups::search::search,
                "Groups of all tenants that match criteria",
            ),
        )
}

fn of_users(family: Family<App>) -> Family<App> {
    const APPLICATIONS: &str =
        "tenants/{tenant}/groups/{group}/users/{user}/properties/applications/";
    const APPLICATION: &str =
        "tenants/{tenant}/groups/{group}/users/{user}/properties/applications/{application}/";
    const KEY: &str =
        "tenants/{tenant}/groups/{group}/users/{user}/properties/applications/{application}/{key}/";
    family
        .view(
            APPLICATIONS,
            View::new().get(
                applications::list,
                "Applications that keep something of a user",
            ),
        )
        .view(
            APPLICATION,
            View::new().get(applications::keys, "What an application keeps of a user"),
        )
        .view(
            KEY,
            View::new()
                .get(applications::retrieve, "Something kept of a user")
                .put(applications::update, "Keep something of a user")
                .delete(applications::destroy, "Forget something of a user"),
        )
}

fn of_system(family: Family<App>) -> Family<App> {
    family
        .view(
            "system/domains/",
            View::new()
                .get(domains::system::list, "Domains of the system")
                .post(domains::system::create, "Make a domain")
                .delete(domains::system::destroy, "Remove a domain"),
        )
        .view(
            "local/resellers/",
            View::new()
                .get(resellers::list, "Resellers")
                .post(resellers::create, "Make a reseller"),
        )
        .view(
            "local/resellers/{name}/",
            View::new()
                .get(resellers::retrieve, "One reseller")
                .put(resellers::update, "Change a reseller")
                .delete(resellers::destroy, "Remove a reseller"),
        )
}

fn of_templates(family: Family<App>) -> Family<App> {
    family
        .view(
            "configs/templates/categories/",
            View::new().get(
                templates::resources::categories,
                "What there are templates of",
            ),
        )
        .view(
            "configs/templates/categories/{category}/",
            View::new().get(templates::resources::list, "Templates of a category"),
        )
        .view(
            "configs/templates/categories/{category}/templates/",
            View::new().post(templates::resources::create, "Make a template"),
        )
        .view(
            "configs/templates/categories/{category}/templates/{name}/",
            View::new()
                .get(templates::resources::retrieve, "One template")
                .put(templates::resources::update, "Change a template")
                .delete(templates::resources::destroy, "Remove a template"),
        )
}

/// Guards what is open to everybody.
async fn anybody() {}
