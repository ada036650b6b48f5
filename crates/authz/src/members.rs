//! `roles/users/`: who holds which role in a scope; give and take roles.

use std::collections::HashSet;

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App, Author};
use provost_drf::{
    Caller, Choice, Invalid, LowerWords, Maybe, MultiStatus, NonEmpty, Optional, Page, Permitted,
    Query, Unread,
};
use provost_store::listings::{self, MemberOrder, MembersAsk};
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::{self, ManagesScope, ReadsScope};
use crate::fields::{self, AnyText, Name, Order, Paging};
use crate::grants::{self, Outcome};

/// What the members of a scope are sorted by.
#[derive(Clone, Copy, Debug, Default, Deserr, JsonSchema)]
#[deserr(error = Invalid, rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
pub enum SortBy {
    /// The username.
    #[default]
    Username,
    /// The name of the user's profile.
    #[deserr(rename = "full_name")]
    #[schemars(rename = "full_name")]
    FullName,
    /// The mail address.
    Email,
}

/// The query of a scope's members.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct MembersQuery {
    /// Key of a scope; only assignments on exactly this scope are listed.
    scope: Name,
    /// Text to find in the username, the full name or the mail address.
    #[deserr(default)]
    search: Optional<AnyText>,
    /// Names of roles in lower case, of which a member holds at least one.
    #[deserr(default)]
    roles: LowerWords,
    /// What to sort by.
    #[deserr(default)]
    sort_by: Choice<SortBy>,
    /// Direction of the sort.
    #[deserr(default)]
    order: Choice<Order>,
}

/// Somebody who holds roles in a scope.
#[derive(Serialize, JsonSchema)]
pub struct Member {
    username: String,
    /// Name of the profile; empty for a user who is inactive or unknown, or has no profile.
    full_name: String,
    /// Mail address; empty for a user who is inactive or unknown.
    email: String,
    /// Names of all roles held in exactly this scope, oldest first.
    roles: Vec<String>,
}

/// Users who hold roles in exactly one scope.
pub async fn list(
    State(app): State<App>,
    _caller: Permitted<ReadsScope>,
    paging: Paging,
    Query(query): Query<MembersQuery>,
) -> Answer<Page<Member>> {
    let ask = MembersAsk {
        scope: fields::scope(&query.scope)?.stored(),
        search: query.search.0.map(|text| text.to_lowercase()),
        roles: query.roles.into_vec(),
        order: match query.sort_by.0 {
            SortBy::Username => MemberOrder::Username,
            SortBy::FullName => MemberOrder::ProfileName,
            SortBy::Email => MemberOrder::Email,
        },
        direction: query.order.0.into(),
    };
    let members = listings::members(app.store().read(), &ask, &paging.ask()).await?;
    Ok(paging.page(members.map(|member| Member {
        username: member.username,
        full_name: member.full_name,
        email: member.email,
        roles: member.roles,
    }))?)
}

/// Assignments that one request may make: users times scopes, which a small body can make huge.
const MOST_ASSIGNMENTS: usize = 100_000;
const TOO_MANY_ASSIGNMENTS: &str = "Ensure users times scopes are no more than 100000.";

/// The body of giving a role.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Assign {
    /// Name of a role that is defined for the kind of each scope.
    role: Name,
    /// Key of the scope; exactly one of `scope` and `scopes` is to be given.
    #[deserr(default)]
    scope: Maybe<Name>,
    /// Keys of the scopes.
    #[deserr(default)]
    scopes: Optional<Vec<Name>>,
    /// Usernames or mail addresses.
    users: NonEmpty<Name>,
}

/// What was done for one user.
#[derive(Serialize, JsonSchema)]
pub struct Done {
    /// The identifier as it was sent, trimmed.
    user_identifier: String,
    /// The scope, where roles are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// `role_added` or `role_removed`.
    status: &'static str,
}

/// Why nothing was done for one user.
#[derive(Serialize, JsonSchema)]
pub struct Failed {
    /// The identifier as it was sent, trimmed.
    user_identifier: String,
    /// The scope, where roles are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// `user_not_found`, `user_already_has_role`, `user_does_not_have_role`,
    /// `role_assignment_error` or `role_removal_error`.
    error: &'static str,
}

/// Give a role to users. A user who cannot be served never stops the others.
pub async fn assign(
    State(app): State<App>,
    caller: Caller,
    body: Unread<Assign>,
) -> Answer<MultiStatus<Done, Failed>> {
    let body = body.decode().await?;
    access::manages_scopes_of(&app, &caller, &body)?;
    let ask: Assign = body.read()?;
    let named = named_scopes(ask.scope.value(), ask.scopes.0)?;
    let mut seen = HashSet::new();
    let mut users: Vec<String> = ask.users.into_iter().map(Name::into_string).collect();
    users.retain(|user| seen.insert(user.clone()));
    if named.len() * users.len() > MOST_ASSIGNMENTS {
        return Err(Invalid::non_field(TOO_MANY_ASSIGNMENTS).into());
    }
    let scopes = grants::grantable(&app, &ask.role, &named).await?;
    let by = Author::from(&caller);
    let outcomes = grants::assign(&app, &by, &ask.role, &scopes, &users).await?;
    Ok(reported(outcomes, true))
}

/// The query of taking a role.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Revoke {
    /// Name of the role.
    role: Name,
    /// Key of the scope.
    scope: Name,
    /// Usernames or mail addresses, separated by commas; they are lower-cased.
    users: LowerWords,
}

/// Take a role from users. A user who does not hold it never stops the others.
pub async fn revoke(
    State(app): State<App>,
    caller: Permitted<ManagesScope>,
    Query(ask): Query<Revoke>,
) -> Answer<MultiStatus<Done, Failed>> {
    let named = [ask.scope.into_string()];
    let scopes = grants::grantable(&app, &ask.role, &named).await?;
    let by = Author::from(&*caller);
    let users = ask.users.into_vec();
    let outcomes = grants::revoke(&app, &by, &ask.role, &scopes, &users).await?;
    Ok(reported(outcomes, false))
}

/// Exactly one of the two must name scopes.
fn named_scopes(scope: Option<Name>, scopes: Option<Vec<Name>>) -> Result<Vec<String>, Invalid> {
    match (scope, scopes) {
        (Some(_), Some(_)) => Err(Invalid::non_field(
            "Provide either 'scope' or 'scopes', not both.",
        )),
        (Some(scope), None) => Ok(vec![scope.into_string()]),
        (None, Some(scopes)) if !scopes.is_empty() => {
            Ok(scopes.into_iter().map(Name::into_string).collect())
        }
        (None, _) => Err(Invalid::non_field(
            "Either 'scope' or 'scopes' must be provided.",
        )),
    }
}

/// Outcomes as the wire tells them: apart by success, in the order in which they came.
fn reported(outcomes: Vec<Outcome>, with_scope: bool) -> MultiStatus<Done, Failed> {
    let mut answer = MultiStatus {
        completed: Vec::new(),
        errors: Vec::new(),
    };
    for outcome in outcomes {
        let user_identifier = outcome.identifier;
        let scope = with_scope.then_some(outcome.scope);
        match outcome.result {
            Ok(status) => answer.completed.push(Done {
                user_identifier,
                scope,
                status,
            }),
            Err(error) => answer.errors.push(Failed {
                user_identifier,
                scope,
                error,
            }),
        }
    }
    answer
}
