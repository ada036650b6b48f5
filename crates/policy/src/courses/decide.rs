//! One decision, and the list of all that are granted.

use super::CourseAccess;
use super::catalogue::Course;
use super::people::Person;

/// The answer to one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the course may be seen.
    pub granted: bool,
    /// What decided.
    pub reason: Reason,
}

/// What decided; the first that holds, in this order, is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Granted: the course is public.
    Public,
    /// Refused: nobody is signed in.
    Anonymous,
    /// Granted: active staff and superusers see every course.
    Staff,
    /// Granted: an active administrator of the only organization that offers the course.
    OrganizationAdmin {
        /// The organization.
        organization: i64,
    },
    /// Granted: the person is in a group that is linked to the course.
    Member {
        /// The group; of several, the one that was joined first.
        group: i64,
        /// The membership.
        membership: i64,
    },
    /// Refused: none of these.
    NotMember,
}

impl Reason {
    /// Whether this is a reason to grant.
    #[must_use]
    pub fn grants(self) -> bool {
        !matches!(self, Self::Anonymous | Self::NotMember)
    }

    /// The word for it on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Anonymous => "anonymous",
            Self::Staff => "staff",
            Self::OrganizationAdmin { .. } => "organization_admin",
            Self::Member { .. } => "member",
            Self::NotMember => "not_member",
        }
    }
}

impl CourseAccess {
    /// Whether `user` may see `course`, and why; nobody is signed in without a `user`.
    ///
    /// Whether groups decide at all on a site, and what the platform itself says, comes first and
    /// is the caller's.
    #[must_use]
    pub fn decide(&self, user: Option<i64>, course: &str) -> Verdict {
        let person = user.map(|user| self.people.find(user));
        let reason = judge(person, self.catalogue.find(course));
        Verdict {
            granted: reason.grants(),
            reason,
        }
    }

    /// The first `limit` existing courses that `user` may see whose keys are greater than `after`, in
    /// the order of keys (bytes), with the reasons.
    #[must_use]
    pub fn courses_after(
        &self,
        user: Option<i64>,
        after: &str,
        limit: usize,
    ) -> Vec<(String, Reason)> {
        let person = user.map(|user| self.people.find(user));
        self.catalogue
            .after(after)
            .map(|course| (course, judge(person, Some(course))))
            .filter(|(_, reason)| reason.grants())
            .take(limit)
            .map(|(course, reason)| (course.key.as_ref().to_owned(), reason))
            .collect()
    }

    /// The organizations with an active link to a course. Where there are several, nobody counts as
    /// an administrator of the course.
    #[must_use]
    pub fn organizations_of_course(&self, course: &str) -> &[i64] {
        let course = self.catalogue.find(course);
        course.map_or(&[], Course::organizations)
    }
}

fn judge(person: Option<&Person>, course: Option<&Course>) -> Reason {
    if course.is_some_and(|course| course.public) {
        return Reason::Public;
    }
    let Some(person) = person else {
        return Reason::Anonymous;
    };
    if person.account.active && person.account.admin {
        return Reason::Staff;
    }
    let Some(course) = course else {
        return Reason::NotMember;
    };
    if let [organization] = *course.organizations()
        && person.account.active
        && person.administers(organization)
    {
        return Reason::OrganizationAdmin { organization };
    }
    let mut memberships = person.memberships().iter();
    memberships
        .find(|held| course.is_linked(held.group))
        .map_or(Reason::NotMember, |held| Reason::Member {
            group: held.group,
            membership: held.id,
        })
}
