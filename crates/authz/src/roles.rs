//! `roles/`: what each role permits in a scope, and how many users hold it there.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App};
use provost_drf::{Invalid, Page, Permitted, Query};
use provost_keys::scope::{Kind, ScopeKey};
use provost_keys::stored;
use provost_listing::Slice;
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::ReadsScope;
use crate::fields::{self, Name, Paging};

/// The query of `roles/`.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct RolesQuery {
    /// Key of a scope; it need not exist.
    scope: Name,
}

/// A role as it is defined for a kind of scope.
#[derive(Serialize, JsonSchema)]
#[expect(clippy::struct_field_names, reason = "the wire's name")]
pub struct Role {
    /// Name of the role.
    role: String,
    /// Names of the actions that the role permits, in the policy's order.
    permissions: Vec<String>,
    /// Users who hold the role in exactly this scope.
    user_count: usize,
}

/// Roles that can be given in a scope.
pub async fn list(
    State(app): State<App>,
    _caller: Permitted<ReadsScope>,
    paging: Paging,
    Query(query): Query<RolesQuery>,
) -> Answer<Page<Role>> {
    let scope = fields::scope(&query.scope)?;
    if matches!(scope.kind(), Kind::Global | Kind::AnyPlatform) {
        return Err(fields::missing_scope(&scope).into());
    }
    Ok(paging.page(Slice::cut(roles_in(&app, &scope), &paging.ask()))?)
}

fn roles_in(app: &App, scope: &ScopeKey) -> Vec<Role> {
    let policy = app.policy();
    policy
        .roles_in(scope.namespace())
        .into_iter()
        .map(|definition| Role {
            user_count: policy.holders(&stored::role(&definition.role), &scope.stored()),
            role: definition.role,
            permissions: definition.permissions,
        })
        .collect()
}
