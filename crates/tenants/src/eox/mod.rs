//! `/eox-tenant/`: the API of eox-tenant, which other services speak.
//!
//! Invariant: whoever may not call it learns nothing of what there is: who it is and what they may
//! comes before everything else.
//! Invariant: everything wrong with a body is said at once, what only the database knows included.

mod caller;
mod configs;
mod domain;
mod info;
mod key;
mod members;
mod microsites;
mod references;
mod root;
mod routes;

use provost_app::App;
use provost_drf::{Family, Media, Scheme, View};

use caller::Operator;
pub use key::path_without_suffix;

/// Where the collections are.
const BASE: &str = "/eox-tenant/api/v1/";

/// The route table. Paths with the suffix `.json` are for [`path_without_suffix`] to bring here.
#[must_use]
pub fn eox_tenant() -> Family<App> {
    let family = Family::at(
        BASE,
        "eox-tenant",
        "Configurations of tenants and the hosts they answer under, as rows",
    )
    .schemes(&[Scheme::Bearer, Scheme::Session, Scheme::Jwt])
    .strict()
    .bodies(&[Media::Json])
    .json_not_found()
    .view(
        "",
        View::new()
            .get(root::retrieve, "Where the collections are")
            .name("Api Root")
            .guard(anybody),
    );
    [with_configs, with_routes, with_microsites]
        .into_iter()
        .fold(family, |family, with| with(family))
}

/// The route that says what this is.
#[must_use]
pub fn info() -> Family<App> {
    Family::at(
        "/eox-tenant/",
        "eox-tenant: version",
        "Which version of eox-tenant clients may take this for",
    )
    .schemes(&[])
    .view(
        "eox-info",
        View::new()
            .get(info::retrieve, "Name and version")
            .guard(anybody),
    )
}

/// What tenants are configured to.
fn with_configs(family: Family<App>) -> Family<App> {
    let all = View::new()
        .get(configs::list, "Configurations of tenants")
        .post(configs::create, "Make a configuration")
        .name("Tenant Config List");
    let one = View::new()
        .get(configs::retrieve, "One configuration")
        .put(configs::update, "Replace a configuration")
        .patch(configs::partial_update, "Change parts of a configuration")
        .delete(configs::destroy, "Remove a configuration with its routes")
        .name("Tenant Config Instance");
    let routed = View::new()
        .patch(domain::update, "Change the configuration of a host")
        .name("Update By Domain");
    family
        .view("configs/", all.guard(operator))
        .view("configs/update-by-domain/", routed.guard(operator))
        .view("configs/{key}/", one.guard(operator))
}

/// Which host leads to which configuration.
fn with_routes(family: Family<App>) -> Family<App> {
    let all = View::new()
        .get(routes::list, "Hosts and their configurations")
        .post(routes::create, "Lead a host to a configuration")
        .name("Route List");
    let one = View::new()
        .get(routes::retrieve, "One host")
        .put(routes::update, "Replace a host or where it leads")
        .patch(routes::partial_update, "Change a host or where it leads")
        .delete(routes::destroy, "Lead a host nowhere")
        .name("Route Instance");
    family
        .view("routes/", all.guard(operator))
        .view("routes/{key}/", one.guard(operator))
}

/// What came before configurations.
fn with_microsites(family: Family<App>) -> Family<App> {
    let all = View::new()
        .get(microsites::list, "Microsites")
        .post(microsites::create, "Make a microsite")
        .name("Microsite List");
    let one = View::new()
        .get(microsites::retrieve, "One microsite")
        .put(microsites::update, "Replace a microsite")
        .patch(microsites::partial_update, "Change parts of a microsite")
        .delete(microsites::destroy, "Remove a microsite")
        .name("Microsite Instance");
    family
        .view("microsites/", all.guard(operator))
        .view("microsites/{key}/", one.guard(operator))
}

/// Guards the collections.
async fn operator(_: Operator) {}

/// Guards what is open to everybody.
async fn anybody() {}
