//! `/api/tenant/v1/`: tenants made, listed and removed by name.
//!
//! Invariant: every attempt to make or remove a tenant by somebody who may leaves one row in the
//! audit log, whatever came of it.

mod answer;
mod attempt;
mod create;
mod destroy;
mod health;
mod list;
mod logs;
mod wanted;

pub(crate) use answer::message;
pub(crate) use list::hosts_entries;

use provost_app::{Admin, App};
use provost_drf::{Family, Media, Permitted, Scheme, View};

/// The route table.
#[must_use]
pub fn family() -> Family<App> {
    let list = View::new().get(list::list, "Tenants");
    let create = View::new().post(create::create, "Make a tenant");
    let delete = View::new().delete(destroy::destroy, "Remove a tenant");
    let detail = View::new().get(list::retrieve, "One tenant, with its configuration");
    let hosts = View::new().get(list::hosts, "Lines for a hosts file");
    let logs = View::new().get(logs::list, "Who made and removed which tenant");
    Family::at(
        "/api/tenant/v1/",
        "Tenants",
        "Tenants and all that their sites need to run",
    )
    .schemes(&[Scheme::Basic, Scheme::Jwt, Scheme::Bearer, Scheme::Session])
    .strict()
    .bodies(&[Media::Json, Media::Form])
    .optional_slash()
    .json_not_found()
    .view("list", list.guard(admin))
    .view("create", create.guard(admin))
    .view("delete/{tenant_name}", delete.guard(admin))
    .view("detail/{tenant_name}", detail.guard(admin))
    .view("hosts/{tenant_name}", hosts.guard(admin))
    .view("logs", logs.guard(admin))
}

/// The route that asks nobody who they are.
#[must_use]
pub fn health() -> Family<App> {
    Family::at(
        "/api/tenant/v1/",
        "Tenants: health",
        "Whether tenants can be served",
    )
    .schemes(&[])
    .optional_slash()
    .view(
        "health",
        View::new()
            .get(health::health, "Whether tenants can be served")
            .guard(anybody),
    )
}

/// Guards every view.
async fn admin(_: Permitted<Admin>) {}

/// Guards what is open to everybody.
async fn anybody() {}
