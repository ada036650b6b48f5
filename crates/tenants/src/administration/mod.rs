//! What is beyond the APIs that platforms know: tenants as code, tenants that were deleted, and which
//! hosts are known.
//!
//! Invariant: a file is carried out whole, in one transaction, or not at all.
//! Invariant: a purge says what it forgets; nothing that was kept goes without an entry in the log.
//! Invariant: whether a host is known is answered from memory.

pub mod code;
pub mod deleted;
mod deletions;
pub mod hosts;
mod known;
mod plans;
mod sync;

use provost_app::identity::OWN_SCHEMES;
use provost_app::{App, Staff};
use provost_drf::{Dialect, Family, Media, Permitted, View};

/// The route table.
#[must_use]
pub fn administration() -> Family<App> {
    let family = Family::at(
        "/api/provost/v1/",
        "Tenant administration",
        "Tenants as code, and tenants that were deleted",
    )
    .schemes(OWN_SCHEMES)
    .dialect(Dialect::Problems)
    .bodies(&[Media::Json])
    .active_only()
    .view(
        "tenants:plan",
        View::new()
            .post(plans::plan, "See what a file of tenants would do")
            .guard(staff),
    )
    .view(
        "tenants:apply",
        View::new()
            .post(plans::apply, "Make the tenants those of a file")
            .guard(staff),
    )
    .view(
        "tenants:export",
        View::new()
            .get(plans::export, "The tenants as a file")
            .guard(staff),
    )
    .view(
        "tenants/sync",
        View::new()
            .get(sync::status, "How far the LMS was told of tenants")
            .guard(staff),
    );
    deletions(family)
}

fn deletions(family: Family<App>) -> Family<App> {
    family
        .view(
            "deleted-tenants/",
            View::new()
                .get(deletions::list, "Deleted tenants, newest first")
                .guard(staff),
        )
        .view(
            "deleted-tenants/{id}/",
            View::new()
                .get(
                    deletions::retrieve,
                    "One deleted tenant, with what is kept of it",
                )
                .delete(deletions::destroy, "Purge a deleted tenant")
                .guard(staff),
        )
        .view(
            "deleted-tenants/{id}/restore/",
            View::new()
                .post(deletions::restore, "Bring a deleted tenant back")
                .guard(staff),
        )
}

/// The route that asks nobody who they are: a web server asks it before it gets a certificate.
#[must_use]
pub fn known_host() -> Family<App> {
    Family::at(
        "/api/provost/v1/",
        "Tenant hosts",
        "Whether a host is a tenant's, or the platform's own",
    )
    .schemes(&[])
    .dialect(Dialect::Problems)
    .optional_slash()
    .view(
        "tenants/known-host",
        View::new()
            .get(known::known_host, "Whether a host is known here")
            .guard(anybody),
    )
}

/// Guards every view but one.
async fn staff(_: Permitted<Staff>) {}

/// Guards what is open to everybody.
async fn anybody() {}
