//! Who may do something somewhere?

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use foldhash::fast::RandomState;
use provost_keys::scope::Kind;
use provost_keys::stored;

use crate::MAX_HOPS;
use crate::engine::Engine;
use crate::grants::NodeId;
use crate::judge::Because;

/// A subject who may, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The stored key, `user^ada`.
    pub subject: String,
    /// Whether the subject is known as staff, whatever the reason.
    pub staff: bool,
    /// What decides for this subject; the same as [`Engine::decide`] says.
    pub because: Because,
}

impl Engine {
    /// Every subject who may do `action` in `scope`, ordered by key. Roles are not subjects.
    ///
    /// Found from the roles that permit the action and the assignments of these roles that cover the
    /// scope, so the cost follows the answer and not the number of subjects.
    #[must_use]
    pub fn subjects(&self, action: &str, scope: &str) -> Vec<Holder> {
        self.subjects_after(action, scope, "", usize::MAX)
    }

    /// The first `limit` of [`Engine::subjects`] whose key stands after `after`: a page.
    ///
    /// Whoever may is found anew for each page, but decided upon only as far as the page reaches.
    #[must_use]
    pub fn subjects_after(
        &self,
        action: &str,
        scope: &str,
        after: &str,
        limit: usize,
    ) -> Vec<Holder> {
        let Some(kind) = Kind::of_stored(scope) else {
            return Vec::new();
        };
        let mut candidates = self.candidates(action, scope);
        if kind.staff_bypass() {
            candidates.extend(self.grants.staff());
        }
        let named = candidates
            .into_iter()
            .filter_map(|node| Some(Reverse((&*self.grants.node(node)?.name, node))));
        // A heap, because all of them are sorted only when all of them are wanted.
        let mut waiting: BinaryHeap<Reverse<(&str, NodeId)>> = named
            .filter(|Reverse((name, _))| *name > after && !is_role(name))
            .collect();
        let mut found = Vec::new();
        while found.len() < limit
            && let Some(Reverse((name, node))) = waiting.pop()
        {
            let staff = self.grants.node(node).is_some_and(|node| node.staff);
            let decision = self.decision(Some(node), staff, action, scope);
            if decision.allowed {
                found.push(Holder {
                    subject: name.to_owned(),
                    staff,
                    because: decision.because,
                });
            }
        }
        found
    }

    /// Everything from which a rule that permits can be reached: the owners of such rules, and
    /// backwards along the assignments that cover the scope.
    fn candidates(&self, action: &str, scope: &str) -> HashSet<NodeId, RandomState> {
        let Some(action) = self.rules.action(action) else {
            return HashSet::default();
        };
        let permits = self
            .rules
            .books()
            .iter()
            .filter(|book| book.verdict(action, scope).allow.is_some());
        let mut frontier: Vec<NodeId> = permits.map(|book| book.owner).collect();
        let mut reached: HashSet<NodeId, RandomState> = frontier.iter().copied().collect();
        let patterns = self.grants.patterns.matching(scope);
        for _ in 0..MAX_HOPS {
            let mut next = Vec::new();
            for (&role, &pattern) in frontier
                .iter()
                .flat_map(|role| patterns.iter().map(move |pattern| (role, pattern)))
            {
                for held in self.grants.holders(pattern, role) {
                    if reached.insert(held.by) {
                        next.push(held.by);
                    }
                }
            }
            frontier = next;
        }
        reached
    }
}

fn is_role(key: &str) -> bool {
    stored::split(key).is_some_and(|(namespace, _)| namespace == stored::ROLE)
}
