//! Questions of the rest of a platform: who may see which course, and why.
//!
//! Every answer comes from the index in memory and names its revision.

use axum::extract::State;
use deserr::Deserr;
use provost_app::identity::OWN_SCHEMES;
use provost_app::{Answer, App, may_ask_about};
use provost_drf::{
    Batch, Body, Caller, Dialect, Family, Invalid, Json, Keyset, KeysetPage, Maybe, Optional,
    Query, Text, View,
};
use provost_policy::courses::{CourseAccess, Reason};
use schemars::JsonSchema;
use serde::Serialize;

/// Pages of a hundred, a thousand at most.
type Keys = Keyset<100, 1000>;
/// A username.
type Username = Text<255>;
/// The key of a course, which need not exist.
type CourseKey = Text<255>;

/// Courses that one request may ask about, over all its people.
const MOST: usize = 1_000;
/// The key of somebody who has no account.
const STRANGER: i64 = i64::MIN;

/// The route table of the decisions.
#[must_use]
pub fn decisions() -> Family<App> {
    Family::at(
        "/api/provost/v1/course-access/",
        "Course access",
        "Who may see which course, and why",
    )
    .schemes(OWN_SCHEMES)
    .dialect(Dialect::Problems)
    .active_only()
    .view(
        "check",
        View::new().post(check, "May they see these courses?"),
    )
    .view(
        "courses",
        View::new().get(list_courses, "Which courses may somebody see?"),
    )
}

/// One person and some courses.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Check {
    /// A username; one that nobody has is a person without anything. Null is somebody who is not
    /// signed in.
    user: Maybe<Username>,
    /// Keys of courses.
    courses: Batch<CourseKey, MOST>,
}

/// The body of a batch.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Checks {
    /// People with courses: a thousand courses at most, over all of them.
    checks: Batch<Check, MOST>,
}

/// The answer about one person and one course.
#[derive(Serialize, JsonSchema)]
pub struct Checked {
    user: Option<Username>,
    course: CourseKey,
    granted: bool,
    #[serde(flatten)]
    because: Because,
}

/// What decided.
#[derive(Serialize, JsonSchema)]
pub struct Because {
    /// `public`, `staff`, `organization_admin` or `member`; or why not: `anonymous`, `not_member`.
    reason: &'static str,
    /// The group whose members may see the course, where that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<i64>,
    /// The membership in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    membership: Option<i64>,
    /// Short name of the organization that the person administrates, where that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
}

impl Because {
    fn of(index: &CourseAccess, reason: Reason) -> Self {
        let (mut group, mut membership, mut organization) = (None, None, None);
        match reason {
            Reason::Member {
                group: joined,
                membership: by,
            } => (group, membership) = (Some(joined), Some(by)),
            Reason::OrganizationAdmin { organization: own } => {
                organization = index.short_name(own).map(str::to_owned);
            }
            _ => {}
        }
        Self {
            reason: reason.word(),
            group,
            membership,
            organization,
        }
    }
}

/// The answers of a batch.
#[derive(Serialize, JsonSchema)]
pub struct CheckedBatch {
    /// The revision of the index that gave all of them.
    revision: u64,
    /// One for each course of each person, in their order.
    results: Vec<Checked>,
}

/// Answer every question, or none: who may not ask about one of the people gets no answer.
pub async fn check(
    State(app): State<App>,
    caller: Caller,
    Body(ask): Body<Checks>,
) -> Answer<Json<CheckedBatch>> {
    let checks = ask.checks.0;
    if checks
        .iter()
        .map(|check| check.courses.0.len())
        .sum::<usize>()
        > MOST
    {
        let text = format!("Ensure there are no more than {MOST} courses over all checks.");
        return Err(Invalid::field("checks", text).into());
    }
    let people = checks.iter().filter_map(|check| named(&check.user));
    may_ask_about(&app, &caller, people)?;
    let index = app.course_access();
    let mut results = Vec::new();
    for Check { user, courses } in checks {
        let user = user.value();
        let id = user.as_deref().map(|name| id_of(&index, name));
        results.extend(courses.0.into_iter().map(|course| {
            let verdict = index.decide(id, &course);
            Checked {
                user: user.clone(),
                granted: verdict.granted,
                because: Because::of(&index, verdict.reason),
                course,
            }
        }));
    }
    Ok(Json(CheckedBatch {
        revision: index.revision(),
        results,
    }))
}

/// Who is asked about; about nobody, everybody may ask.
fn named(user: &Maybe<Username>) -> Option<&str> {
    match user {
        Maybe::Value(user) => Some(user),
        Maybe::Absent | Maybe::Null => None,
    }
}

/// The query of somebody's courses.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct CoursesQuery {
    /// A username; without it, whoever asks.
    #[deserr(default)]
    user: Optional<Username>,
}

/// A course that somebody may see.
#[derive(Serialize, JsonSchema)]
pub struct Granted {
    course: String,
    #[serde(flatten)]
    because: Because,
}

/// A page of the courses that somebody may see.
#[derive(Serialize, JsonSchema)]
pub struct GrantedPage {
    /// The revision of the index that gave this page.
    revision: u64,
    #[serde(flatten)]
    page: KeysetPage<Granted>,
}

/// List the courses that somebody may see, by key.
pub async fn list_courses(
    State(app): State<App>,
    caller: Caller,
    keys: Keys,
    Query(ask): Query<CoursesQuery>,
) -> Answer<Json<GrantedPage>> {
    let user = ask.user.0.as_deref().unwrap_or(&caller.username);
    may_ask_about(&app, &caller, [user].into_iter())?;
    let limit = usize::try_from(keys.one_more()).unwrap_or(usize::MAX);
    let index = app.course_access();
    let after = keys.after.as_deref().unwrap_or_default();
    let found = index.courses_after(Some(id_of(&index, user)), after, limit);
    let rows = found.into_iter().map(|(course, reason)| Granted {
        course,
        because: Because::of(&index, reason),
    });
    Ok(Json(GrantedPage {
        revision: index.revision(),
        page: keys.cut(rows.collect(), |row: &Granted| row.course.clone()),
    }))
}

fn id_of(index: &CourseAccess, username: &str) -> i64 {
    index.user_by_name(username).unwrap_or(STRANGER)
}
