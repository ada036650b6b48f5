//! `assignments/` and `users/{username}/assignments/`: who holds which role where.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App};
use provost_drf::{Choice, Invalid, Optional, Page, Path, Permitted, Query, Words};
use provost_keys::scope::{Kind, ScopeKey};
use provost_keys::stored;
use provost_listing::Slice;
use provost_store::listings::{self, AssignmentOrder, AssignmentRow, Filter};
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::SeesSomeTeam;
use crate::fields::{Order, Paging, Untrimmed, full_name};
use crate::users::some;
use crate::visibility;

/// What assignments are sorted by.
#[derive(Clone, Copy, Debug, Default, Deserr, JsonSchema)]
#[deserr(error = Invalid, rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
pub enum SortBy {
    /// The role.
    Role,
    /// The scope's org.
    Org,
    /// The scope's key.
    Scope,
    /// First and last name of the holder.
    #[default]
    #[deserr(rename = "full_name")]
    #[schemars(rename = "full_name")]
    FullName,
    /// Username of the holder.
    Username,
    /// Mail address of the holder.
    Email,
}

/// The query of assignments.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct AssignmentsQuery {
    /// Short names of orgs, separated by commas.
    #[deserr(default)]
    orgs: Optional<Words>,
    /// Names of roles, separated by commas.
    #[deserr(default)]
    roles: Optional<Words>,
    /// Keys of scopes, separated by commas.
    #[deserr(default)]
    scopes: Optional<Words>,
    /// Text to find in the username, full name or mail address, whatever its case.
    #[deserr(default)]
    search: Optional<Untrimmed>,
    /// What to sort by.
    #[deserr(default)]
    sort_by: Choice<SortBy>,
    /// Direction of the sort.
    #[deserr(default)]
    order: Choice<Order>,
}

/// What one person's assignments are sorted by.
#[derive(Clone, Copy, Debug, Default, Deserr, JsonSchema)]
#[deserr(error = Invalid, rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
pub enum SortOwnBy {
    /// The role.
    #[default]
    Role,
    /// The scope's org.
    Org,
    /// The scope's key.
    Scope,
}

/// The query of one person's assignments.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct OwnQuery {
    /// Short names of orgs, separated by commas.
    #[deserr(default)]
    orgs: Optional<Words>,
    /// Names of roles, separated by commas.
    #[deserr(default)]
    roles: Optional<Words>,
    /// What to sort by.
    #[deserr(default)]
    sort_by: Choice<SortOwnBy>,
    /// Direction of the sort.
    #[deserr(default)]
    order: Choice<Order>,
}

/// A role in a scope.
#[derive(Serialize, JsonSchema)]
pub struct Held {
    /// Always false: staff and superusers hold no assignment by being what they are.
    is_superadmin: bool,
    role: String,
    /// Org of the scope, `*` for scopes that hold for all, empty for those that have none.
    org: Option<String>,
    scope: String,
    /// Permissions of the role in the stored policy.
    permission_count: usize,
}

/// A role in a scope, and who holds it.
#[derive(Serialize, JsonSchema)]
pub struct Assignment {
    #[serde(flatten)]
    held: Held,
    /// First and last name of the account.
    full_name: String,
    username: String,
    email: String,
}

/// Assignments of active users that the caller may see.
pub async fn list(
    State(app): State<App>,
    caller: Permitted<SeesSomeTeam>,
    paging: Paging,
    Query(query): Query<AssignmentsQuery>,
) -> Answer<Page<Assignment>> {
    let filter = Filter {
        seen: visibility::seen(&app, &caller),
        username: None,
        scopes: some(query.scopes),
        orgs: some(query.orgs),
        roles: some(query.roles),
        search: query.search.0.map(|text| text.0.to_lowercase()),
    };
    let by = match query.sort_by.0 {
        SortBy::Role => AssignmentOrder::Role,
        SortBy::Org => AssignmentOrder::Org,
        SortBy::Scope => AssignmentOrder::Scope,
        SortBy::FullName => AssignmentOrder::FullName,
        SortBy::Username => AssignmentOrder::Username,
        SortBy::Email => AssignmentOrder::Email,
    };
    let slice = page(&app, &filter, by, query.order.0, &paging).await?;
    Ok(paging.page(slice.map(|row| Assignment {
        held: Held::of(&app, &row),
        full_name: full_name(&row.first_name, &row.last_name),
        username: row.username,
        email: row.email,
    }))?)
}

/// Assignments of one active user that the caller may see; none for an unknown name.
pub async fn list_of_user(
    State(app): State<App>,
    caller: Permitted<SeesSomeTeam>,
    Path(username): Path<String>,
    paging: Paging,
    Query(query): Query<OwnQuery>,
) -> Answer<Page<Held>> {
    let filter = Filter {
        seen: visibility::seen(&app, &caller),
        username: Some(username),
        scopes: None,
        orgs: some(query.orgs),
        roles: some(query.roles),
        search: None,
    };
    let by = match query.sort_by.0 {
        SortOwnBy::Role => AssignmentOrder::Role,
        SortOwnBy::Org => AssignmentOrder::Org,
        SortOwnBy::Scope => AssignmentOrder::Scope,
    };
    let slice = page(&app, &filter, by, query.order.0, &paging).await?;
    Ok(paging.page(slice.map(|row| Held::of(&app, &row)))?)
}

async fn page(
    app: &App,
    filter: &Filter,
    by: AssignmentOrder,
    order: Order,
    paging: &Paging,
) -> Answer<Slice<AssignmentRow>> {
    let ask = paging.ask();
    let total = app.total("assignments", filter);
    let (db, known) = (app.store().read(), total.known());
    let slice = listings::assignments(db, filter, by, order.into(), &ask, known).await?;
    total.remember(slice.total);
    Ok(slice)
}

impl Held {
    fn of(app: &App, row: &AssignmentRow) -> Self {
        let org = match ScopeKey::resolve(&row.scope) {
            Ok(scope) if scope.is_platform() => Some("*".to_owned()),
            Ok(scope) if scope.kind() != Kind::Global => scope.org().map(str::to_owned),
            // Rows whose scope does not resolve are not listed.
            _ => Some(String::new()),
        };
        Self {
            is_superadmin: false,
            role: stored::external(&row.role).to_owned(),
            org,
            scope: stored::external(&row.scope).to_owned(),
            permission_count: app.policy().permission_count(&row.role),
        }
    }
}
