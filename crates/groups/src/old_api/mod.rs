//! The reference's own API: one module for each of its collections, named as they are.
//!
//! Invariant: a request works on one organization: that of its host, or the one that staff name.
//! Invariant: nothing of another organization is shown or taken, except where a comment says so.

mod courses;
mod describe;
mod group_courses;
mod groups;
mod memberships;
mod named;
mod place;
mod public_courses;
mod rules;
mod users;

use provost_app::App;
use provost_drf::{Family, Permitted, Scheme, View};

use place::SiteAdmin;

/// The schemes of the reference, in its order.
const SCHEMES: &[Scheme] = &[
    Scheme::Basic,
    Scheme::ActiveSession,
    Scheme::Token,
    Scheme::Bearer,
];

/// Where the old API is.
const BASE: &str = "/course_access_groups/api/v1/";

/// The path that serves what a client asks for at `path`, where the old API was given another
/// `prefix`; any other path is itself.
#[must_use]
pub fn path_under(prefix: &str, path: &str) -> String {
    let below = path.strip_prefix(prefix.trim_end_matches('/'));
    match below.and_then(|below| below.strip_prefix('/')) {
        Some(below) if !path.starts_with(BASE) => format!("{BASE}{below}"),
        _ => path.to_owned(),
    }
}

/// The route table of the old API.
#[must_use]
pub fn family() -> Family<App> {
    let family = Family::at(
        BASE,
        "Course access groups",
        "Which people of an organization may see which of its courses",
    )
    .schemes(SCHEMES)
    .precondition(place::precondition)
    .forgives_slash();
    [
        with_groups,
        with_memberships,
        with_rules,
        with_public_courses,
        with_group_courses,
        with_users,
        with_courses,
    ]
    .into_iter()
    .fold(family, |family, with| with(family))
}

/// Groups.
fn with_groups(family: Family<App>) -> Family<App> {
    let all = View::new()
        .get(groups::list, "Groups of the organization")
        .post(groups::create, "Make a group")
        .options(groups::describe_list);
    let one = View::new()
        .get(groups::retrieve, "One group")
        .put(groups::update, "Change a group")
        .patch(groups::partial_update, "Change parts of a group")
        .delete(groups::destroy, "Remove a group and all that is in it")
        .options(groups::describe_instance);
    family
        .view("course-access-groups/", all.guard(site_admin))
        .view("course-access-groups/{key}/", one.guard(site_admin))
}

/// Who is in which group.
fn with_memberships(family: Family<App>) -> Family<App> {
    let all = View::new()
        .get(memberships::list, "Who is in which group")
        .post(memberships::create, "Put somebody into a group")
        .options(memberships::describe_list);
    let one = View::new()
        .get(memberships::retrieve, "One membership")
        .put(memberships::update, "Change a membership")
        .patch(memberships::partial_update, "Change parts of a membership")
        .delete(memberships::destroy, "Take somebody out of a group")
        .options(memberships::describe_instance);
    family
        .view("memberships/", all.guard(site_admin))
        .view("memberships/{key}/", one.guard(site_admin))
}

/// Rules that put people into groups.
fn with_rules(family: Family<App>) -> Family<App> {
    let all = View::new()
        .get(rules::list, "Rules that put people into groups")
        .post(rules::create, "Make a rule")
        .options(rules::describe_list);
    let one = View::new()
        .get(rules::retrieve, "One rule")
        .put(rules::update, "Change a rule")
        .patch(rules::partial_update, "Change parts of a rule")
        .delete(rules::destroy, "Remove a rule")
        .options(rules::describe_instance);
    family
        .view("membership-rules/", all.guard(site_admin))
        .view("membership-rules/{key}/", one.guard(site_admin))
}

/// Courses that everybody may see.
fn with_public_courses(family: Family<App>) -> Family<App> {
    let all = View::new()
        .get(public_courses::list, "Courses that everybody may see")
        .post(public_courses::create, "Make a course public")
        .options(public_courses::describe_list);
    let one = View::new()
        .get(public_courses::retrieve, "One public course")
        .put(public_courses::update, "Make another course public instead")
        .patch(
            public_courses::partial_update,
            "Make another course public instead, or none",
        )
        .delete(public_courses::destroy, "Make a course public no longer")
        .options(public_courses::describe_instance);
    family
        .view("public-courses/", all.guard(site_admin))
        .view("public-courses/{key}/", one.guard(site_admin))
}

/// Courses that the members of groups may see.
fn with_group_courses(family: Family<App>) -> Family<App> {
    let all = View::new()
        .get(group_courses::list, "Which groups may see which courses")
        .post(group_courses::create, "Show a course to a group")
        .options(group_courses::describe_list);
    let one = View::new()
        .get(group_courses::retrieve, "One link of a course and a group")
        .put(group_courses::update, "Change a link")
        .patch(group_courses::partial_update, "Change parts of a link")
        .delete(group_courses::destroy, "Hide a course from a group")
        .options(group_courses::describe_instance);
    family
        .view("group-courses/", all.guard(site_admin))
        .view("group-courses/{key}/", one.guard(site_admin))
}

/// People, to be read.
fn with_users(family: Family<App>) -> Family<App> {
    let all = View::new().get(users::list, "Learners of the organization");
    let one = View::new().get(users::retrieve, "One learner");
    family
        .view("users/", all.name("User List").guard(site_admin))
        .view("users/{key}/", one.name("User Instance").guard(site_admin))
}

/// Courses, to be read.
fn with_courses(family: Family<App>) -> Family<App> {
    let all = View::new().get(courses::list, "Courses of the organization");
    let one = View::new().get(courses::retrieve, "One course");
    family
        .view("courses/", all.name("Course List").guard(site_admin))
        .view(
            "courses/{key}/",
            one.name("Course Instance").guard(site_admin),
        )
}

/// Guards every view: whoever administrates the site of the host.
async fn site_admin(_: Permitted<SiteAdmin>) {}
