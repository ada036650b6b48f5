//! The index of who may see which course.

use provost_policy::courses::{Account, CourseAccess};
use provost_store::course_access::facts;
use provost_store::{Db, Fault, changes};
use serde_json::Value;

use super::{CHUNK, each, flag, is_admin, is_retired, number, text};
use crate::kind;

/// Applies one entry that needs no compilation; entries of other kinds change nothing here.
///
/// What was, goes; what is, comes: the same for what was created, changed and deleted.
pub(super) fn apply(courses: &mut CourseAccess, entry: &changes::Change) {
    let tell = match entry.kind.as_str() {
        kind::USER_CREATED | kind::USER_CHANGED => user,
        kind::GROUP_DELETED => group,
        kind::MEMBERSHIP_CREATED | kind::MEMBERSHIP_CHANGED | kind::MEMBERSHIP_DELETED => {
            membership
        }
        kind::EVALUATION_APPLIED => memberships,
        kind::PUBLIC_COURSE_CREATED | kind::PUBLIC_COURSE_CHANGED | kind::PUBLIC_COURSE_DELETED => {
            public_course
        }
        kind::GROUP_COURSE_CREATED | kind::GROUP_COURSE_CHANGED | kind::GROUP_COURSE_DELETED => {
            group_course
        }
        kind::ORGANIZATION_CREATED => organization,
        _ => return,
    };
    for (facts, holds) in [(&entry.before, false), (&entry.after, true)] {
        if let Some(facts) = facts {
            tell(courses, facts, holds);
        }
    }
}

fn user(courses: &mut CourseAccess, facts: &Value, holds: bool) {
    let (Some(id), Some(username)) = (number(facts, "id"), text(facts, "username")) else {
        return;
    };
    // What an entry does not say stays as it was, which is refused where nothing was.
    let known = courses.user(id).unwrap_or_default();
    let account = Account {
        active: flag(facts, "is_active").unwrap_or(known.active),
        admin: is_admin(facts).unwrap_or(known.admin),
    };
    // Who is retired has no account here.
    if holds && !is_retired(facts) {
        courses.set_user(id, username, account);
    }
}

fn organization(courses: &mut CourseAccess, facts: &Value, holds: bool) {
    let (Some(id), Some(short_name)) = (number(facts, "id"), text(facts, "short_name")) else {
        return;
    };
    // Only rows that came in from elsewhere have a UUID.
    if holds {
        courses.add_organization(id, short_name, None);
    }
}

fn group(courses: &mut CourseAccess, facts: &Value, holds: bool) {
    if let (Some(id), false) = (number(facts, "id"), holds) {
        courses.drop_group(id);
    }
}

fn membership(courses: &mut CourseAccess, facts: &Value, holds: bool) {
    let [id, user, group] = ["id", "user", "group"].map(|name| number(facts, name));
    let (Some(id), Some(user), Some(group)) = (id, user, group) else {
        return;
    };
    if holds {
        courses.join(id, user, group);
    } else {
        courses.leave(user, group);
    }
}

/// Many at once, each as `[id, user, group]`.
fn memberships(courses: &mut CourseAccess, facts: &Value, holds: bool) {
    let made = facts.get("memberships").and_then(Value::as_array);
    for made in made.into_iter().flatten().filter(|_| holds) {
        let [id, user, group] = [0, 1, 2].map(|place| made.get(place).and_then(Value::as_i64));
        if let (Some(id), Some(user), Some(group)) = (id, user, group) {
            courses.join(id, user, group);
        }
    }
}

fn public_course(courses: &mut CourseAccess, facts: &Value, holds: bool) {
    if let Some(course) = text(facts, "course") {
        courses.set_public(course, holds);
    }
}

fn group_course(courses: &mut CourseAccess, facts: &Value, holds: bool) {
    let (Some(course), Some(group)) = (text(facts, "course"), number(facts, "group")) else {
        return;
    };
    if holds {
        courses.link(course, group);
    } else {
        courses.unlink(course, group);
    }
}

/// Builds the index of all rows.
pub(super) async fn compile(db: &Db, revision: u64) -> Result<CourseAccess, Fault> {
    let mut courses = CourseAccess::default();
    tell_directory(db, &mut courses).await?;
    tell_people(db, &mut courses).await?;
    tell_courses(db, &mut courses).await?;
    courses.set_revision(revision);
    Ok(courses)
}

async fn tell_directory(db: &Db, courses: &mut CourseAccess) -> Result<(), Fault> {
    for (site, domain) in facts::sites(db).await? {
        courses.add_site(site, &domain);
    }
    for (site, organization) in facts::site_organizations(db).await? {
        courses.add_site_organization(site, organization);
    }
    for (id, short_name, uuid) in facts::organizations(db).await? {
        courses.add_organization(id, &short_name, uuid.as_deref());
    }
    Ok(())
}

async fn tell_people(db: &Db, courses: &mut CourseAccess) -> Result<(), Fault> {
    let users = |after| facts::users(db, after, CHUNK);
    each(CHUNK, i64::MIN, users, |row| {
        let account = Account {
            active: row.is_active,
            admin: row.is_admin,
        };
        courses.set_user(row.id, &row.username, account);
        row.id
    })
    .await?;
    let members = |after| facts::members(db, after, CHUNK);
    each(CHUNK, i64::MIN, members, |row| {
        courses.add_member(row.user_id, row.organization_id, row.is_admin);
        row.id
    })
    .await?;
    let memberships = |after| facts::memberships(db, after, CHUNK);
    each(CHUNK, i64::MIN, memberships, |(id, user, group)| {
        courses.join(id, user, group);
        id
    })
    .await
}

async fn tell_courses(db: &Db, courses: &mut CourseAccess) -> Result<(), Fault> {
    let keys = |after: String| async move { facts::courses(db, &after, CHUNK).await };
    each(CHUNK, String::new(), keys, |key| {
        courses.add_course(&key);
        key
    })
    .await?;
    let offers = |after| facts::offers(db, after, CHUNK);
    each(CHUNK, i64::MIN, offers, |(id, course, organization)| {
        courses.add_offer(&course, organization);
        id
    })
    .await?;
    let flags = |after| facts::flags(db, after, CHUNK);
    each(CHUNK, i64::MIN, flags, |(id, course)| {
        courses.set_public(&course, true);
        id
    })
    .await?;
    let links = |after| facts::links(db, after, CHUNK);
    each(CHUNK, i64::MIN, links, |(id, course, group)| {
        courses.link(&course, group);
        id
    })
    .await
}
