//! Copying the platform's course access roles into role assignments, and back.

mod back;
mod forward;

use std::collections::HashSet;

use provost_app::{App, Author};
use provost_keys::stored;
use provost_store::changes::Entry;
use provost_store::legacy::{AccessRole, Part};
use provost_store::waffle::{self, Overrides};
use provost_store::{Fault, Tx};
use serde_json::json;

use crate::grants::Change;
use crate::waffle::FLAG;

pub use back::roll_back;
pub use forward::migrate;

/// Each course access role that has an equivalent, and the equivalent.
const EQUIVALENTS: [(&str, &str); 6] = [
    ("instructor", "course_admin"),
    ("staff", "course_staff"),
    ("limited_staff", "course_limited_staff"),
    ("data_researcher", "course_data_researcher"),
    ("beta_testers", "course_beta_tester"),
    ("ccx_coach", "ccx_coach"),
];

/// What is to be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Everything of the organization with this short name.
    Org(String),
    /// What belongs to these courses, nothing organization-wide among it.
    Courses(Vec<String>),
}

/// Why nothing can be selected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSelected {
    /// Neither an organization nor a course is named.
    #[error("name an organization or at least one course")]
    Everything,
    /// Something is no key of a course.
    #[error("`{0}` is no course: its key begins with `course-v1:`")]
    NotACourse(String),
}

impl Selection {
    /// The organization, if one is named, or else the courses.
    ///
    /// # Errors
    /// See [`NotSelected`]. An empty name of an organization names none.
    pub fn of(org: Option<String>, courses: Vec<String>) -> Result<Self, NotSelected> {
        if let Some(org) = org.filter(|org| !org.is_empty()) {
            return Ok(Self::Org(org));
        }
        if courses.is_empty() {
            return Err(NotSelected::Everything);
        }
        match courses.iter().find(|key| !key.starts_with("course-v1:")) {
            Some(other) => Err(NotSelected::NotACourse(other.clone())),
            None => Ok(Self::Courses(courses)),
        }
    }

    fn part(&self) -> Part<'_> {
        match self {
            Self::Org(org) => Part::Org(org),
            Self::Courses(keys) => Part::Courses(keys),
        }
    }

    /// The courses that say `opposite` of where the copy leads, and are therefore left out of a
    /// copy of their whole organization.
    async fn left_out(
        &self,
        tx: &Tx,
        opposite: fn(Overrides) -> Vec<String>,
    ) -> Result<HashSet<String>, Fault> {
        match self {
            Self::Org(_) => {
                let courses = waffle::state(tx, FLAG).await?.courses;
                Ok(opposite(courses).into_iter().collect())
            }
            Self::Courses(_) => Ok(HashSet::new()),
        }
    }
}

/// What a copy does beside copying.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// Remove each row that was copied.
    pub delete: bool,
    /// Change nothing; only say what would be done.
    pub dry_run: bool,
}

/// Why a row was not copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// No role is the equivalent of the course access role.
    UnknownRole,
    /// The course overrides the flag of course authoring with the opposite of its organization.
    FlagOverride,
    /// The row names neither a course nor an organization that a role can be given in.
    NoScope,
    /// The user has the role there already.
    AssignmentFailed,
    /// No course access role is the equivalent of the role.
    NoLegacyEquivalent,
    /// The scope names no organization, which a course access role needs.
    UnexpectedScopeType,
    /// The assignment is nobody's: there is no such user.
    UnexpectedError,
}

impl Reason {
    /// The reference's word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::UnknownRole => "unknown_role",
            Self::FlagOverride => "skipped_for_flag_override",
            Self::NoScope => "no_scope",
            Self::AssignmentFailed => "assignment_failed",
            Self::NoLegacyEquivalent => "no_legacy_equivalent",
            Self::UnexpectedScopeType => "unexpected_scope_type",
            Self::UnexpectedError => "unexpected_error",
        }
    }
}

/// A row that was not copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Whose it is.
    pub username: String,
    /// Its role, in the vocabulary it is copied from.
    pub role: String,
    /// The course or organization, or the external key of the scope.
    pub place: String,
    /// Why it was not copied.
    pub reason: Reason,
}

/// What a copy did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many rows were copied.
    pub copied: usize,
    /// The others, in the order of their keys.
    pub left: Vec<Left>,
}

/// Commits what was done, or forgets it.
async fn finish(app: &App, tx: Tx, entries: &[Entry], manner: Manner) -> Result<(), Fault> {
    if manner.dry_run {
        return Ok(());
    }
    app.commit(tx, entries).await
}

/// What the change log says about a course access role.
fn entry(by: &Author, id: i64, username: &str, role: &AccessRole, change: Change) -> Entry {
    let value = Some(json!({
        "id": id,
        "user_id": role.user_id,
        "org": role.org,
        "course_id": role.course_id,
        "role": role.role,
    }));
    let subject = stored::user(username);
    let org = Some(role.org.clone()).filter(|org| !org.is_empty());
    match change {
        Change::Given => Entry {
            org,
            after: value,
            ..by.entry("authz.access_role.created", &subject)
        },
        Change::Taken => Entry {
            org,
            before: value,
            ..by.entry("authz.access_role.deleted", &subject)
        },
    }
}
