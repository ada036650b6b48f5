//! An explanation in the words of the wire.

use provost_keys::stored;
use provost_policy::{Definition, Explanation, Grant};
use schemars::JsonSchema;
use serde::Serialize;

use super::ExplainAsk;
use super::fields::{Reason, Scope};
use super::patterns;
use crate::fields::Name;

/// How many assignments are named that did not decide.
const NAMED: usize = 100;

/// A decision and what it rests on, or what was missing.
#[derive(Serialize, JsonSchema)]
pub struct Explained {
    /// The revision of the policy that was asked.
    revision: u64,
    subject: Name,
    action: Name,
    scope: Scope,
    allowed: bool,
    reason: Reason,
    /// Whether the subject is staff.
    staff: bool,
    /// The assignments that lead from the subject to the role of the rule; empty if no rule decided,
    /// or one that names the subject itself.
    path: Vec<HeldRole>,
    /// The rule that decided, if one did.
    rule: Option<PolicyRule>,
    /// How the rule's action grants the one asked for: both, and what lies between; empty when they
    /// are the same.
    implication: Vec<String>,
    /// Assignments of the subject that cover the scope.
    covering: HeldRoles,
    /// Assignments of the subject that permit the action, but elsewhere.
    elsewhere: HeldRoles,
    /// Roles that would permit the action in this scope.
    sufficient_roles: Vec<String>,
}

/// A role held in a scope.
#[derive(Serialize, JsonSchema)]
pub struct HeldRole {
    /// Key of the assignment.
    id: i64,
    /// A username, or the name of a role that holds another one.
    subject: String,
    role: String,
    /// The key or pattern that the role is held on.
    scope: String,
}

/// Some of many assignments.
#[derive(Serialize, JsonSchema)]
pub struct HeldRoles {
    /// How many there are.
    total: usize,
    /// The oldest, a hundred at most.
    first: Vec<HeldRole>,
}

/// A rule of the policy.
#[derive(Serialize, JsonSchema)]
pub struct PolicyRule {
    /// Key of the rule.
    id: i64,
    /// The role that it is a rule of, or null for a rule that names a subject itself.
    role: Option<String>,
    action: String,
    /// The key or pattern in which it applies.
    scope: String,
    /// `allow` or `deny`.
    effect: String,
}

impl Explained {
    pub(super) fn of(ask: ExplainAsk, staff: bool, explanation: &Explanation) -> Self {
        let names = |stored: &[String]| stored.iter().map(external).collect();
        let decision = explanation.decision;
        Self {
            revision: decision.revision,
            subject: ask.subject,
            action: ask.action,
            scope: ask.scope,
            allowed: decision.allowed,
            reason: decision.because.into(),
            staff,
            path: explanation.path.iter().map(HeldRole::of).collect(),
            rule: explanation.definition.as_ref().map(PolicyRule::of),
            implication: names(&explanation.implication),
            covering: HeldRoles::of(&explanation.covering),
            elsewhere: HeldRoles::of(&explanation.elsewhere),
            sufficient_roles: names(&explanation.sufficient),
        }
    }
}

impl HeldRole {
    fn of(grant: &Grant) -> Self {
        Self {
            id: grant.id,
            subject: external(&grant.subject),
            role: external(&grant.role),
            scope: patterns::shown(&grant.scope),
        }
    }
}

impl HeldRoles {
    fn of(grants: &[Grant]) -> Self {
        Self {
            total: grants.len(),
            first: grants.iter().take(NAMED).map(HeldRole::of).collect(),
        }
    }
}

impl PolicyRule {
    fn of(definition: &Definition) -> Self {
        let role = match stored::split(&definition.subject) {
            Some((stored::ROLE, name)) => Some(name.to_owned()),
            _ => None,
        };
        Self {
            id: definition.id,
            role,
            action: external(&definition.action),
            scope: patterns::shown(&definition.scope),
            effect: definition.effect.to_string(),
        }
    }
}

fn external(stored: impl AsRef<str>) -> String {
    stored::external(stored.as_ref()).to_owned()
}
