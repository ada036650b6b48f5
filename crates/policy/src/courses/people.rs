//! Accounts, and what a person belongs to.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::CourseAccess;
use super::few::Few;

/// What of an account a decision depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Whether the account may be used.
    pub active: bool,
    /// Staff or superuser of the whole platform.
    pub admin: bool,
}

/// A membership, seen from the person; ordered by age.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Membership {
    pub(super) id: i64,
    pub(super) group: i64,
}

/// An organization that a person belongs to.
#[derive(Clone, Copy)]
struct Belonging {
    organization: i64,
    admin: bool,
}

/// Somebody of whom anything is known. A membership may be told before its account.
#[derive(Clone, Default)]
pub(super) struct Person {
    pub(super) account: Account,
    memberships: Few<Membership>,
    organizations: Few<Belonging>,
}

/// Somebody of whom nothing is known.
pub(super) static STRANGER: Person = Person {
    account: Account {
        active: false,
        admin: false,
    },
    memberships: Few::new(),
    organizations: Few::new(),
};

impl Person {
    /// Oldest first.
    pub(super) fn memberships(&self) -> &[Membership] {
        self.memberships.as_slice()
    }

    pub(super) fn administers(&self, organization: i64) -> bool {
        let mut all = self.organizations.as_slice().iter();
        all.any(|held| held.organization == organization && held.admin)
    }

    fn leave(&mut self, group: i64) {
        if self.memberships().iter().any(|held| held.group == group) {
            self.memberships
                .change(|all| all.retain(|held| held.group != group));
        }
    }
}

#[derive(Clone, Default)]
pub(super) struct People {
    by_id: HashMap<i64, Person, RandomState>,
    by_name: HashMap<Box<str>, i64, RandomState>,
}

impl People {
    pub(super) fn find(&self, user: i64) -> &Person {
        self.by_id.get(&user).unwrap_or(&STRANGER)
    }

    pub(super) fn set_user(&mut self, user: i64, username: &str, account: Account) {
        let known = self.by_id.contains_key(&user);
        self.by_id.entry(user).or_default().account = account;
        if self.by_name.get(username) == Some(&user) {
            return;
        }
        if known {
            // A new name, which is rare: the old one is looked for.
            self.by_name.retain(|_, named| *named != user);
        }
        self.by_name.insert(username.into(), user);
    }

    pub(super) fn add_member(&mut self, user: i64, organization: i64, admin: bool) {
        let person = self.by_id.entry(user).or_default();
        person.organizations.change(|all| {
            match all
                .iter_mut()
                .find(|held| held.organization == organization)
            {
                Some(held) => held.admin |= admin,
                None => all.push(Belonging {
                    organization,
                    admin,
                }),
            }
        });
    }

    pub(super) fn join(&mut self, user: i64, membership: Membership) {
        let person = self.by_id.entry(user).or_default();
        person.leave(membership.group);
        person.memberships.insert(membership);
    }

    pub(super) fn leave(&mut self, user: i64, group: i64) {
        if let Some(person) = self.by_id.get_mut(&user) {
            person.leave(group);
        }
    }

    pub(super) fn drop_group(&mut self, group: i64) {
        for person in self.by_id.values_mut() {
            person.leave(group);
        }
    }
}

impl CourseAccess {
    /// The account of a person, if there is one.
    #[must_use]
    pub fn user(&self, user: i64) -> Option<Account> {
        Some(self.people.by_id.get(&user)?.account)
    }

    /// The person with exactly this username.
    #[must_use]
    pub fn user_by_name(&self, username: &str) -> Option<i64> {
        self.people.by_name.get(username).copied()
    }

    /// Whether a person is an administrator of an organization. Whether the account is active is
    /// another question.
    #[must_use]
    pub fn is_admin_of(&self, user: i64, organization: i64) -> bool {
        self.people.find(user).administers(organization)
    }

    /// The organizations that a person belongs to, as administrator or not: one, as a rule.
    #[must_use]
    pub fn organizations_of(&self, user: i64) -> impl ExactSizeIterator<Item = i64> {
        let all = self.people.find(user).organizations.as_slice();
        all.iter().map(|held| held.organization)
    }
}
