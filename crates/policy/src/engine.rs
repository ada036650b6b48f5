//! The engine: rules and assignments, compiled, and the ways to change them.

use crate::grants::Grants;
use crate::model::{Grant, Policy};
use crate::rules::Rules;

/// The compiled policy.
///
/// Asking takes `&self`; changing takes `&mut self` and costs microseconds, whatever the number of
/// assignments. Only a change of the rules needs a new build.
#[derive(Clone)]
pub struct Engine {
    pub(crate) rules: Rules,
    pub(crate) grants: Grants,
    pub(crate) revision: u64,
}

impl Engine {
    /// Compiles rules, assignments (in any order) and the keys of staff (`user^ada`).
    ///
    /// `revision` is handed back with every answer and means nothing to the engine.
    #[must_use]
    pub fn build(
        policy: Policy,
        grants: impl IntoIterator<Item = Grant>,
        staff: impl IntoIterator<Item = String>,
        revision: u64,
    ) -> Self {
        let mut grants = Grants::build(grants);
        for subject in staff {
            grants.set_staff(&subject, true);
        }
        let rules = Rules::build(policy, &mut grants);
        Self {
            rules,
            grants,
            revision,
        }
    }

    /// Adds one assignment. Adding the same row again changes nothing; a second row (another key)
    /// of the same subject, role and scope is kept beside the first.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a row is handed over, as rows are in `build`"
    )]
    pub fn grant(&mut self, grant: Grant) {
        self.grants.insert(&grant);
    }

    /// Removes every assignment of exactly this subject, role and stored scope. Broader and narrower
    /// ones stay. Nothing happens when there is none.
    pub fn revoke(&mut self, subject: &str, role: &str, scope: &str) {
        self.grants.remove(subject, role, scope);
    }

    /// Says whether `subject` is staff from now on.
    pub fn set_staff(&mut self, subject: &str, staff: bool) {
        self.grants.set_staff(subject, staff);
    }

    /// Whether `subject` is known as staff.
    #[must_use]
    pub fn is_staff(&self, subject: &str) -> bool {
        self.grants
            .find(subject)
            .and_then(|node| self.grants.node(node))
            .is_some_and(|node| node.staff)
    }

    /// The revision of the policy this engine holds.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Sets the revision, after the changes that belong to it.
    pub fn set_revision(&mut self, revision: u64) {
        self.revision = revision;
    }

    /// Whether there are any rules. Without rules nobody but staff may do anything.
    #[must_use]
    pub fn has_definitions(&self) -> bool {
        !self.rules.policy.definitions.is_empty()
    }

    /// Rules and implications, in stored order.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.rules.policy
    }
}
