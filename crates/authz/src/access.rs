//! Who may call what: the permission rules of this family.
//!
//! A request is read once into the scopes that it acts on, and exactly these are what the
//! caller is asked about. The reference asked about one part of a request (a body) and acted
//! on another (the query); that hole is not copied.
//!
//! Permissions look at the switches of the caller's account, as the reference does, for whom staff
//! who are retired pass here. Decisions, visibility and our own API ask [`App::is_staff`].

use std::collections::HashSet;

use http::request::Parts;
use provost_app::App;
use provost_drf::{Caller, Invalid, Payload, Permission, Problem, query_value};
use provost_keys::scope::{Kind, ScopeKey};
use provost_keys::stored;
use serde_json::Value;

/// See a library's team.
pub(crate) const VIEW_LIBRARY_TEAM: &str = "act^content_libraries.view_library_team";
/// See a course's team.
pub(crate) const VIEW_COURSE_TEAM: &str = "act^courses.view_course_team";
/// Change a library's team.
pub(crate) const MANAGE_LIBRARY_TEAM: &str = "act^content_libraries.manage_library_team";
/// Change a course's team.
pub(crate) const MANAGE_COURSE_TEAM: &str = "act^courses.manage_course_team";
/// See a library.
const VIEW_LIBRARY: &str = "act^content_libraries.view_library";

/// Any of these, in any scope, opens the lists.
const VIEW_ANY_TEAM: [&str; 2] = [VIEW_LIBRARY_TEAM, VIEW_COURSE_TEAM];
/// Any of these, in any scope, opens what prepares a change of a team.
const MANAGE_ANY_TEAM: [&str; 2] = [MANAGE_LIBRARY_TEAM, MANAGE_COURSE_TEAM];
/// Any of these on a scope opens its roles and members. For libraries it is the permission to
/// view the library, not its team.
const READ_SCOPE: [&str; 2] = [VIEW_LIBRARY, VIEW_COURSE_TEAM];
/// Any of these on a scope lets its members be changed.
const MANAGE_SCOPE: [&str; 2] = MANAGE_ANY_TEAM;

/// May see the team of some scope: opens the lists.
pub struct SeesSomeTeam;
/// May change the team of some scope: opens what prepares such a change.
pub struct ManagesSomeTeam;
/// May read the scope that the query's `scope` names.
pub struct ReadsScope;
/// May change the team of the scope that the query's `scope` names.
pub struct ManagesScope;
/// Is staff: what views over all scopes ask for methods that they lack.
pub struct HasStaffSwitch;
/// What a view on one scope asks for methods that it lacks.
pub struct NamesScope;

impl Permission<App> for SeesSomeTeam {
    fn check(app: &App, caller: &Caller, _: &Parts) -> Result<(), Problem> {
        in_any_scope(app, caller, &VIEW_ANY_TEAM)
    }
}

impl Permission<App> for ManagesSomeTeam {
    fn check(app: &App, caller: &Caller, _: &Parts) -> Result<(), Problem> {
        in_any_scope(app, caller, &MANAGE_ANY_TEAM)
    }
}

impl Permission<App> for ReadsScope {
    fn check(app: &App, caller: &Caller, parts: &Parts) -> Result<(), Problem> {
        on_queried_scope(app, caller, &READ_SCOPE, parts)
    }
}

impl Permission<App> for ManagesScope {
    fn check(app: &App, caller: &Caller, parts: &Parts) -> Result<(), Problem> {
        on_queried_scope(app, caller, &MANAGE_SCOPE, parts)
    }
}

impl Permission<App> for HasStaffSwitch {
    fn check(_: &App, caller: &Caller, _: &Parts) -> Result<(), Problem> {
        granted_if(caller.is_admin())
    }
}

impl Permission<App> for NamesScope {
    fn check(_: &App, caller: &Caller, parts: &Parts) -> Result<(), Problem> {
        granted_if(caller.is_admin() || queried_scope(parts).is_some())
    }
}

fn granted_if(allowed: bool) -> Result<(), Problem> {
    if allowed {
        Ok(())
    } else {
        Err(Problem::denied())
    }
}

/// Staff, and whoever holds one of `actions` in some scope.
fn in_any_scope(app: &App, caller: &Caller, actions: &[&str]) -> Result<(), Problem> {
    let subject = stored::user(&caller.username);
    granted_if(
        caller.is_admin() || {
            let policy = app.policy();
            actions
                .iter()
                .any(|action| policy.holds_anywhere(&subject, action))
        },
    )
}

/// Staff, and whoever may do one of `actions` on the scope that the query names.
fn on_queried_scope(
    app: &App,
    caller: &Caller,
    actions: &[&str],
    parts: &Parts,
) -> Result<(), Problem> {
    granted_if(
        caller.is_admin()
            || queried_scope(parts).is_some_and(|scope| may(app, caller, actions, &scope)),
    )
}

/// The scope of the query, taken as it was sent: a padded key is refused here although
/// validation would trim it.
fn queried_scope(parts: &Parts) -> Option<ScopeKey> {
    manageable(&query_value(parts, "scope")?)
}

/// Staff, and whoever may change the team of every scope that the body names in `scopes`, or
/// else of the one in `scope`.
///
/// # Errors
/// 403, also for scopes of two namespaces in one request and for values that are no scope;
/// 400 for a body that is not an object.
pub(crate) fn manages_scopes_of(app: &App, caller: &Caller, body: &Payload) -> Result<(), Problem> {
    if caller.is_admin() {
        return Ok(());
    }
    if !body.as_value().is_object() {
        return Err(Invalid::not_a_dictionary(body.as_value()).into());
    }
    let scopes = acted_on(body).ok_or_else(Problem::denied)?;
    let namespaces: HashSet<&str> = scopes.iter().map(ScopeKey::namespace).collect();
    let allowed = namespaces.len() == 1
        && scopes
            .iter()
            .all(|scope| may(app, caller, &MANAGE_SCOPE, scope));
    granted_if(allowed)
}

/// The scopes that a body acts on: those of a non-empty `scopes`, or else the one of `scope`;
/// nothing where a value is no scope in which roles are given. A body with both is refused by
/// validation, so its `scope` only has to be one.
fn acted_on(body: &Payload) -> Option<Vec<ScopeKey>> {
    let single = match body.get("scope") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) if text.is_empty() => None,
        Some(value) => Some(manageable(value.as_str()?)?),
    };
    let listed: Vec<ScopeKey> = body
        .list("scopes")
        .iter()
        .map(|value| manageable(value.as_str()?))
        .collect::<Option<_>>()?;
    if listed.is_empty() {
        Some(vec![single?])
    } else {
        Some(listed)
    }
}

/// A scope of the two namespaces in which roles are given.
fn manageable(text: &str) -> Option<ScopeKey> {
    let scope = ScopeKey::parse(text).ok()?;
    matches!(
        scope.kind(),
        Kind::Library
            | Kind::Course
            | Kind::OrgLibraries
            | Kind::OrgCourses
            | Kind::AllLibraries
            | Kind::AllCourses
    )
    .then_some(scope)
}

fn may(app: &App, caller: &Caller, actions: &[&str], scope: &ScopeKey) -> bool {
    let subject = stored::user(&caller.username);
    let scope = scope.stored();
    let policy = app.policy();
    actions
        .iter()
        .any(|action| policy.decide_for(&subject, false, action, &scope).allowed)
}
