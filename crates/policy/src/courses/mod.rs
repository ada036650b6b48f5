//! Who may see which course, and which organization a host belongs to.
//!
//! [`CourseAccess`] holds the facts that are asked for at every request: who belongs to which group,
//! which group is linked to which course, which course is public, which organization offers what.
//! There is one way in, a fact at a time: an index is built of the same calls that change it.
//!
//! Invariant: a fact that is told twice changes nothing the second time.
//! Invariant: told all changes of a log in order, from any point on that is not later than what the
//! index holds, it ends as one that is built of the rows at the log's end.
//! Invariant: [`CourseAccess::courses_after`] names exactly the known courses that
//! [`CourseAccess::decide`] grants.
//! Invariant: asking about a course allocates nothing.

mod catalogue;
mod decide;
mod directory;
mod few;
mod people;

pub use decide::{Reason, Verdict};
pub use directory::read_uuid;
pub use people::Account;

use catalogue::Catalogue;
use directory::Directory;
use people::{Membership, People};

/// The index; empty until it is told.
#[derive(Clone, Default)]
pub struct CourseAccess {
    people: People,
    catalogue: Catalogue,
    directory: Directory,
    revision: u64,
}

impl CourseAccess {
    /// The revision of the facts this index holds.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Sets the revision, after the changes that belong to it.
    pub fn set_revision(&mut self, revision: u64) {
        self.revision = revision;
    }

    /// A person's account: came, or is now this.
    pub fn set_user(&mut self, user: i64, username: &str, account: Account) {
        self.people.set_user(user, username, account);
    }

    /// A person belongs to an organization. Of several rows for the same pair, one that makes an
    /// administrator is enough.
    pub fn add_member(&mut self, user: i64, organization: i64, admin: bool) {
        self.people.add_member(user, organization, admin);
    }

    /// A person is in a group, by this membership.
    pub fn join(&mut self, membership: i64, user: i64, group: i64) {
        let membership = Membership {
            id: membership,
            group,
        };
        self.people.join(user, membership);
    }

    /// A person is no longer in a group.
    pub fn leave(&mut self, user: i64, group: i64) {
        self.people.leave(user, group);
    }

    /// A course exists.
    pub fn add_course(&mut self, course: &str) {
        self.catalogue.know(course);
    }

    /// An organization has an active link to a course, which need not exist.
    pub fn add_offer(&mut self, course: &str, organization: i64) {
        self.catalogue.offer(course, organization);
    }

    /// Says whether a course is public from now on.
    pub fn set_public(&mut self, course: &str, public: bool) {
        self.catalogue.set_public(course, public);
    }

    /// The people of a group may see a course.
    pub fn link(&mut self, course: &str, group: i64) {
        self.catalogue.link(course, group);
    }

    /// The people of a group may no longer see a course as such.
    pub fn unlink(&mut self, course: &str, group: i64) {
        self.catalogue.unlink(course, group);
    }

    /// A group went, with its memberships and its links. Goes through all people and courses.
    pub fn drop_group(&mut self, group: i64) {
        self.people.drop_group(group);
        self.catalogue.drop_group(group);
    }
}
