//! What takes the place of the reference's plug-in inside the platform: it was called when
//! somebody came, and when somebody wanted to see a course.

use axum::extract::State;
use deserr::Deserr;
use http::StatusCode;
use http::request::Parts;
use provost_app::{Answer, App, Author};
use provost_drf::{
    Blankable, Body, Caller, Choice, Family, Flag, Invalid, Json, Permission, Permitted, Problem,
    Query, Reference, Scheme, Text, View,
};
use provost_policy::courses::Reason;
use provost_store::users::{self, User};
use schemars::JsonSchema;
use serde::Serialize;

use crate::enrolment::{self, Refused};
use crate::wire::Membership;

/// The route table.
#[must_use]
pub fn internal() -> Family<App> {
    Family::at(
        "/course_access_groups/internal/v1/",
        "Course access, for the platform",
        "What the platform says of its users, and asks before it shows a course",
    )
    .schemes(&[
        Scheme::Basic,
        Scheme::Jwt,
        Scheme::ActiveSession,
        Scheme::Token,
        Scheme::Bearer,
    ])
    .view(
        "events/user-activated",
        View::new().post(user_activated, "An account was activated"),
    )
    .view(
        "events/user-registered",
        View::new().post(user_registered, "An account was made"),
    )
    .view(
        "access",
        View::new().get(access, "May somebody see this course, here?"),
    )
}

/// May speak for the platform: an active superuser.
pub struct Platform;

impl Permission<App> for Platform {
    fn check(_: &App, caller: &Caller, _: &Parts) -> Result<(), Problem> {
        if caller.is_active && caller.is_superuser {
            Ok(())
        } else {
            Err(Problem::denied())
        }
    }
}

/// The body of an event.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Event {
    /// The key of the account.
    user: Reference,
}

/// What came of an event.
#[derive(Serialize, JsonSchema)]
pub struct Joined {
    /// The membership that the person has now, if any.
    membership: Option<Membership>,
}

/// Put the person into the group that the rules of the organization say.
pub async fn user_activated(
    State(app): State<App>,
    caller: Permitted<Platform>,
    Body(event): Body<Event>,
) -> Answer<Json<Joined>> {
    let user = user(&app, &event.user).await?;
    let by = Author::from(&*caller);
    match enrolment::enrol(&app, &by, &user).await? {
        Ok(membership) => Ok(joined(membership)),
        Err(Refused::NoOrganization) => Ok(joined(None)),
        Err(refused) => Err(not_enrolled(refused, &user, "USER_ACCOUNT_ACTIVATED").into()),
    }
}

/// The same, unless the account has still to be activated.
pub async fn user_registered(
    State(app): State<App>,
    caller: Permitted<Platform>,
    Body(event): Body<Event>,
) -> Answer<Json<Joined>> {
    let user = user(&app, &event.user).await?;
    if !user.is_active {
        tracing::info!(
            user.id,
            "Received REGISTER_USER signal for an inactive user, who is left alone"
        );
        return Ok(joined(None));
    }
    let by = Author::from(&*caller);
    match enrolment::enrol(&app, &by, &user).await? {
        Ok(membership) => Ok(joined(membership)),
        Err(refused) => Err(not_enrolled(refused, &user, "REGISTER_USER").into()),
    }
}

async fn user(app: &App, key: &Reference) -> Answer<User> {
    let id = key.id().ok_or_else(Problem::not_found)?;
    let found = users::find(app.store().read(), id).await?;
    Ok(found.ok_or_else(Problem::not_found)?)
}

fn joined(
    membership: Option<provost_store::course_access::memberships::Membership>,
) -> Json<Joined> {
    Json(Joined {
        membership: membership.map(Membership::from),
    })
}

/// The user is named by key: logs hold no mail addresses.
fn not_enrolled(refused: Refused, user: &User, signal: &str) -> Problem {
    tracing::error!(user.id, user.is_active, signal, error = %refused, "a signal was not followed");
    Problem::malformed(refused.to_string())
}

/// What somebody wants to do with a course. All are answered alike.
#[derive(Clone, Copy, Debug, Deserr, JsonSchema)]
#[deserr(error = Invalid, rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
pub enum Action {
    /// Enrol in it.
    Enroll,
    /// See it in the catalogue.
    #[deserr(rename = "see_in_catalog")]
    #[schemars(rename = "see_in_catalog")]
    SeeInCatalog,
    /// See its page.
    #[deserr(rename = "see_about_page")]
    #[schemars(rename = "see_about_page")]
    SeeAboutPage,
    /// See that it exists.
    #[deserr(rename = "see_exists")]
    #[schemars(rename = "see_exists")]
    SeeExists,
}

/// One question of the platform.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct AccessQuery {
    /// The key of the account; empty for somebody who is not signed in.
    user: Blankable<20>,
    /// The key of the course.
    course: Text<255>,
    /// What is to be done with it.
    #[expect(dead_code, reason = "checked, and then the same for all")]
    action: Choice<Action>,
    /// What the platform would answer by itself.
    default: Flag,
    /// The domain of the site.
    site: Text<255>,
}

/// The answer to the platform.
#[derive(Serialize, JsonSchema)]
pub struct Access {
    has_access: bool,
    /// `feature_off`, `platform_denied`, `public`, `anonymous`, `staff`, `organization_admin`,
    /// `member` or `not_member`.
    reason: &'static str,
}

/// Answer for one course. Groups never widen what the platform itself allows.
pub async fn access(
    State(app): State<App>,
    _caller: Permitted<Platform>,
    Query(ask): Query<AccessQuery>,
) -> Answer<Json<Access>> {
    let settings = &app.settings().course_access;
    if !restricts(&app, &ask.site) {
        return Ok(verdict(*ask.default, "feature_off"));
    }
    if !settings.organizations {
        let text = "Course access groups need `course_access_groups.organizations`.";
        return Err(Problem::detail(StatusCode::INTERNAL_SERVER_ERROR, text).into());
    }
    if !*ask.default {
        return Ok(verdict(false, "platform_denied"));
    }
    let user = Some(ask.user).filter(|user| !user.is_empty());
    let user = user
        .map(|user| user.parse())
        .transpose()
        .map_err(|_| Invalid::field("user", "A valid integer is required."))?;
    let index = app.course_access();
    let found = index.decide(user, &ask.course);
    let organizations = index.organizations_of_course(&ask.course).len();
    if organizations > 1 && matches!(found.reason, Reason::Member { .. } | Reason::NotMember) {
        tracing::warn!(
            organizations,
            "Course Access Group: This module expects a one:one relationship between \
             organizations and course. Course: {}",
            ask.course
        );
    }
    Ok(verdict(found.granted, found.reason.word()))
}

/// Whether access is restricted on the site of this host, whose port means nothing unless it is part
/// of a site's domain.
fn restricts(app: &App, host: &str) -> bool {
    let settings = &app.settings().course_access;
    let index = app.course_access();
    let without_port = host
        .rsplit_once(':')
        .filter(|(name, _)| index.site_of(name) == index.site_of(host))
        .map_or(host, |(name, _)| name);
    settings.restricts(host) || settings.restricts(without_port)
}

fn verdict(has_access: bool, reason: &'static str) -> Json<Access> {
    Json(Access { has_access, reason })
}
