//! `[course_access_groups]`: the section is the application's own; what can be wrong in it is said here.

use provost_app::settings::CourseAccess;

use super::Wrong;

pub(super) fn validate(settings: &CourseAccess) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    if !settings.prefix.is_empty() && !settings.prefix.starts_with('/') {
        let why = "must begin with a slash, or be empty";
        wrong.push(Wrong::new("course_access_groups.prefix", why));
    }
    if settings.page_size == 0 {
        let why = "must be at least 1";
        wrong.push(Wrong::new("course_access_groups.page_size", why));
    }
    wrong
}
