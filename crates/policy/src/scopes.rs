//! Where may a subject do something?

use std::collections::HashSet;

use foldhash::fast::RandomState;
use provost_keys::scope::Kind;

use crate::MAX_HOPS;
use crate::engine::Engine;
use crate::grants::NodeId;
use crate::model::Effect;
use crate::pattern::{Cut, ScopePattern};
use crate::rules::ActionId;

/// The scopes in which one subject may do one action: `contains` answers exactly as a decision would.
///
/// For a query over stored keys: when [`ScopeSet::staff`] is `Some`, that is the answer for every
/// library, course, organization-wide and platform-wide key, and the patterns matter only for other
/// kinds. When it is `None`, a key is in the set if it matches one of [`ScopeSet::allowed`] and none
/// of [`ScopeSet::denied`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeSet {
    staff: Option<bool>,
    allowed: Vec<ScopePattern>,
    denied: Vec<ScopePattern>,
    revision: u64,
}

impl ScopeSet {
    /// Whether the stored key `scope` is in the set. A malformed key never is.
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        let Some(kind) = Kind::of_stored(scope) else {
            return false;
        };
        match self.staff {
            Some(answer) if kind.staff_bypass() => answer,
            _ => {
                self.allowed.iter().any(|pattern| pattern.matches(scope))
                    && !self.denied.iter().any(|pattern| pattern.matches(scope))
            }
        }
    }

    /// The answer for the six kinds of scope in which staff need no role
    /// ([`Kind::staff_bypass`]): `Some(false)` when a deny rule exists, `None` for everybody else.
    #[must_use]
    pub fn staff(&self) -> Option<bool> {
        self.staff
    }

    /// Whether the set holds every library and every course because the subject is staff.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.staff == Some(true)
    }

    /// Keys and prefixes that are in the set unless denied. Sorted; none covers another.
    #[must_use]
    pub fn allowed(&self) -> &[ScopePattern] {
        &self.allowed
    }

    /// Keys and prefixes that are not in the set, whatever else says so. Sorted; none covers another.
    #[must_use]
    pub fn denied(&self) -> &[ScopePattern] {
        &self.denied
    }

    /// Whether no key at all can be in the set. What is left of the allowed patterns may still match
    /// nothing but malformed keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.staff != Some(true) && self.allowed.is_empty()
    }

    /// The revision of the policy that was asked.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }
}

impl Engine {
    /// The scopes in which `subject` may do `action`. Whether the subject is staff is looked up.
    #[must_use]
    pub fn scopes(&self, subject: &str, action: &str) -> ScopeSet {
        self.scopes_for(subject, self.is_staff(subject), action)
    }

    /// [`Engine::scopes`] for a caller of whom it is already known whether they are staff.
    #[must_use]
    pub fn scopes_for(&self, subject: &str, staff: bool, action: &str) -> ScopeSet {
        let mut allowed = Vec::new();
        let mut denied = Vec::new();
        if let (Some(node), Some(action)) = (self.grants.find(subject), self.rules.action(action)) {
            self.collect(node, action, &mut allowed, &mut denied);
        }
        let denied = outermost(denied);
        allowed.retain(|pattern| !denied.iter().any(|wider| wider.covers(*pattern)));
        ScopeSet {
            staff: staff.then(|| self.staff_answer().allows()),
            allowed: outermost(allowed)
                .into_iter()
                .map(ScopePattern::from)
                .collect(),
            denied: denied.into_iter().map(ScopePattern::from).collect(),
            revision: self.revision,
        }
    }

    /// Follows every chain of assignments, narrowing the pattern at each. Two patterns meet in one of
    /// the two, so there are never more states than roles times patterns.
    fn collect<'a>(
        &'a self,
        start: NodeId,
        action: ActionId,
        allowed: &mut Vec<Cut<'a>>,
        denied: &mut Vec<Cut<'a>>,
    ) {
        let mut reached: HashSet<(NodeId, Cut<'a>), RandomState> = HashSet::default();
        let mut frontier = vec![(start, Cut::EVERYTHING)];
        for hop in 0..=MAX_HOPS {
            let mut next = Vec::new();
            for (node, held) in frontier {
                let Some(node) = self.grants.node(node) else {
                    continue;
                };
                if let Some(book) = node.book.and_then(|at| self.rules.book(at)) {
                    let within = |effect| {
                        let patterns = book.patterns(action, effect);
                        patterns.filter_map(move |scope| held.intersect(scope))
                    };
                    allowed.extend(within(Effect::Allow));
                    denied.extend(within(Effect::Deny));
                }
                if hop == MAX_HOPS {
                    continue;
                }
                for edge in &node.edges {
                    let Some(narrowed) = held.intersect(self.grants.patterns.cut(edge.pattern))
                    else {
                        continue;
                    };
                    if reached.insert((edge.role, narrowed)) {
                        next.push((edge.role, narrowed));
                    }
                }
            }
            frontier = next;
        }
    }
}

/// The patterns no other one covers, sorted by text.
fn outermost(mut patterns: Vec<Cut<'_>>) -> Vec<Cut<'_>> {
    // A prefix sorts before everything it covers, and before the exact key of the same text.
    patterns.sort_unstable_by_key(|pattern| (pattern.text, !pattern.prefix));
    let mut kept: Vec<Cut<'_>> = Vec::with_capacity(patterns.len());
    let mut widest: Option<Cut<'_>> = None;
    for pattern in patterns {
        if widest.is_some_and(|wider| wider.covers(pattern)) {
            continue;
        }
        // What an exact key covers is only itself, so the last kept pattern is enough to look at:
        // between a prefix and what it covers nothing stands that it does not cover.
        widest = Some(pattern);
        kept.push(pattern);
    }
    kept
}
