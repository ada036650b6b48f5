//! One decision.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use provost_keys::scope::Kind;

use crate::MAX_HOPS;
use crate::engine::Engine;
use crate::grants::NodeId;
use crate::rules::{ActionId, Row};

/// The answer to one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether the action is allowed.
    pub allowed: bool,
    /// What decided.
    pub because: Because,
    /// The revision of the policy that was asked.
    pub revision: u64,
}

/// What decided.
///
/// When several assignments would do, a rule of the subject's own comes first, then the assignment
/// with the lowest key; of the rules behind it the first in stored order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// Allowed: staff may do anything in libraries and courses.
    Staff,
    /// Allowed by an assignment and a rule of the role it leads to.
    Grant {
        /// Key of the subject's assignment.
        grant: i64,
        /// Key of the rule.
        definition: i64,
    },
    /// Allowed by a rule that names the subject itself.
    Direct {
        /// Key of the rule.
        definition: i64,
    },
    /// Refused by a deny rule.
    Denied {
        /// Key of the rule.
        definition: i64,
        /// Key of the assignment through which the rule applies; `None` when the rule names the
        /// subject itself, and for staff, whom any deny rule refuses.
        grant: Option<i64>,
    },
    /// Refused: nothing the subject holds covers the scope.
    NoGrant,
    /// Refused: something the subject holds covers the scope, and no rule behind it permits the action there.
    NoDefinition,
    /// Refused: no rule and no implication knows the action.
    UnknownAction,
    /// Refused: the scope is not a well-formed stored key.
    MalformedScope,
}

impl Because {
    /// Whether this is a reason to allow.
    #[must_use]
    pub fn allows(self) -> bool {
        matches!(self, Self::Staff | Self::Grant { .. } | Self::Direct { .. })
    }
}

/// A rule found, and the assignment of the subject through which it was reached (`None`: none
/// needed). Ordered by that assignment first.
type Finding = (Option<i64>, Row);

/// What was found on the way, the best of each effect.
#[derive(Default)]
struct Findings {
    covered: bool,
    allow: Option<Finding>,
    deny: Option<Finding>,
}

impl Findings {
    fn keep(best: &mut Option<Finding>, grant: Option<i64>, row: Option<Row>) {
        let Some(row) = row else { return };
        if best.is_none_or(|known| (grant, row) < known) {
            *best = Some((grant, row));
        }
    }
}

impl Engine {
    /// Whether `subject` may do `action` in `scope`, and why. Whether the subject is staff is looked up.
    #[must_use]
    pub fn decide(&self, subject: &str, action: &str, scope: &str) -> Decision {
        let node = self.grants.find(subject);
        let staff = node
            .and_then(|node| self.grants.node(node))
            .is_some_and(|node| node.staff);
        self.decision(node, staff, action, scope)
    }

    /// [`Engine::decide`] for a caller of whom it is already known whether they are staff.
    #[must_use]
    pub fn decide_for(&self, subject: &str, staff: bool, action: &str, scope: &str) -> Decision {
        self.decision(self.grants.find(subject), staff, action, scope)
    }

    pub(crate) fn decision(
        &self,
        node: Option<NodeId>,
        staff: bool,
        action: &str,
        scope: &str,
    ) -> Decision {
        let because = self.judge(node, staff, action, scope);
        Decision {
            allowed: because.allows(),
            because,
            revision: self.revision,
        }
    }

    fn judge(&self, node: Option<NodeId>, staff: bool, action: &str, scope: &str) -> Because {
        let Some(kind) = Kind::of_stored(scope) else {
            return Because::MalformedScope;
        };
        if staff && kind.staff_bypass() {
            return self.staff_answer();
        }
        let Some(action) = self.rules.action(action) else {
            return Because::UnknownAction;
        };
        let Some(node) = node else {
            return Because::NoGrant;
        };
        let findings = self.findings(node, action, scope);
        if let Some((grant, row)) = findings.deny {
            return Because::Denied {
                definition: self.rules.id(row),
                grant,
            };
        }
        match findings.allow {
            Some((Some(grant), row)) => Because::Grant {
                grant,
                definition: self.rules.id(row),
            },
            Some((None, row)) => Because::Direct {
                definition: self.rules.id(row),
            },
            None if findings.covered => Because::NoDefinition,
            None => Because::NoGrant,
        }
    }

    /// Staff match every rule there is, the deny rules too.
    pub(crate) fn staff_answer(&self) -> Because {
        match self.rules.first_deny {
            None => Because::Staff,
            Some(row) => Because::Denied {
                definition: self.rules.id(row),
                grant: None,
            },
        }
    }

    fn consult(
        &self,
        findings: &mut Findings,
        node: NodeId,
        grant: Option<i64>,
        action: ActionId,
        scope: &str,
    ) {
        let book = self.grants.node(node).and_then(|node| node.book);
        let Some(book) = book.and_then(|at| self.rules.book(at)) else {
            return;
        };
        let verdict = book.verdict(action, scope);
        Findings::keep(&mut findings.allow, grant, verdict.allow);
        Findings::keep(&mut findings.deny, grant, verdict.deny);
    }

    fn findings(&self, node: NodeId, action: ActionId, scope: &str) -> Findings {
        let mut findings = Findings::default();
        let mut hierarchy = false;
        self.consult(&mut findings, node, None, action, scope);
        self.grants
            .visit_matching(self.grants.edges(node), scope, |edge| {
                findings.covered = true;
                hierarchy |= !self.grants.edges(edge.role).is_empty();
                self.consult(&mut findings, edge.role, Some(edge.grant), action, scope);
            });
        if hierarchy {
            self.findings_in_hierarchy(node, action, scope)
        } else {
            findings
        }
    }

    /// The same when roles hold roles, which only imported data does: breadth first, nine hops at most.
    fn findings_in_hierarchy(&self, start: NodeId, action: ActionId, scope: &str) -> Findings {
        let mut findings = Findings::default();
        let mut reached: HashSet<NodeId, RandomState> = HashSet::from_iter([start]);
        let mut frontier = vec![(start, None)];
        self.consult(&mut findings, start, None, action, scope);
        for _ in 0..MAX_HOPS {
            let mut next = Vec::new();
            for &(node, through) in &frontier {
                self.grants
                    .visit_matching(self.grants.edges(node), scope, |edge| {
                        next.push((through.unwrap_or(edge.grant), edge.grant, edge.role));
                    });
            }
            findings.covered |= !next.is_empty();
            // Of several ways to a role the one that begins with the oldest assignment is named.
            next.sort_unstable();
            frontier.clear();
            for (through, _, role) in next {
                if reached.insert(role) {
                    self.consult(&mut findings, role, Some(through), action, scope);
                    frontier.push((role, Some(through)));
                }
            }
        }
        findings
    }
}
