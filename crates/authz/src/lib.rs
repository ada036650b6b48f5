//! The AuthZ API: roles, permissions, scopes and team members, under `/api/authz/v1/`; and
//! questions about anybody's permissions, under `/api/provost/v1/authz/`.
//!
//! Knows what each operation asks, of whom, and how it answers.
//! Must not know SQL, or how the policy decides.
//!
//! Invariant: a caller is asked about exactly the scopes that a request acts on.
//! Invariant: whatever is refused is refused before anything is written.
//! Invariant: lists show what the caller may see; the total counts nothing else.

mod access;
mod assignments;
mod decisions;
mod fields;
pub mod grants;
pub mod legacy;
mod members;
mod orgs;
mod permissions;
pub mod policy;
mod roles;
mod scopes;
mod users;
mod visibility;
mod waffle;

use provost_app::App;
use provost_drf::{Family, Permitted, View};

use access::{HasStaffSwitch, NamesScope};

pub use decisions::decisions;

/// The route table.
#[must_use]
pub fn family() -> Family<App> {
    Family::at(
        "/api/authz/v1/",
        "AuthZ",
        "Roles, permissions, scopes and team members",
    )
    .view(
        "permissions/validate/me",
        View::new().post(permissions::validate_me, "May the caller do this, there?"),
    )
    .view(
        "roles/",
        View::new()
            .get(roles::list, "Roles that can be given in a scope")
            .guard(names_scope),
    )
    .view(
        "roles/users/",
        View::new()
            .get(members::list, "Users who hold roles in a scope")
            .put(members::assign, "Give a role to users")
            .delete(members::revoke, "Take a role from users")
            .guard(names_scope),
    )
    .view(
        "orgs/",
        View::new()
            .get(orgs::list, "Organizations the caller has to do with")
            .guard(staff),
    )
    .view(
        "scopes/",
        View::new()
            .get(
                scopes::list,
                "Courses and libraries the caller may see or manage",
            )
            .guard(staff),
    )
    .view(
        "users/",
        View::new()
            .get(users::list, "People with roles the caller may see")
            .guard(staff),
    )
    .view(
        "users/validate/",
        View::new()
            .post(users::validate, "Which identifiers are people")
            .guard(staff),
    )
    .view(
        "users/{username}/assignments/",
        View::new()
            .get(assignments::list_of_user, "Roles of one person")
            .guard(staff),
    )
    .view(
        "assignments/",
        View::new()
            .get(assignments::list, "Assignments the caller may see")
            .guard(staff),
    )
    .view(
        "waffle-flag-states/",
        View::new().get(waffle::retrieve, "Where course authoring asks this service"),
    )
}

/// Guards a view over all scopes.
async fn staff(_: Permitted<HasStaffSwitch>) {}

/// Guards a view on one scope.
async fn names_scope(_: Permitted<NamesScope>) {}
