//! A decision with everything that led to it.

use std::collections::HashSet;
use std::fmt;

use foldhash::fast::RandomState;

use crate::MAX_HOPS;
use crate::engine::Engine;
use crate::grants::{Edge, NodeId};
use crate::judge::{Because, Decision};
use crate::model::{Definition, Grant};

/// A decision and what it rests on, or what was missing. `Display` says it in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The decision, the same as [`Engine::decide_for`] gives.
    pub decision: Decision,
    /// The assignments from the subject to the role of the deciding rule, in order. Empty when the
    /// rule names the subject itself, when staff decided, and when no rule was found.
    pub path: Vec<Grant>,
    /// The rule that decided, if one did.
    pub definition: Option<Definition>,
    /// How the action of the rule grants the action asked for: both, and what lies between. Empty when
    /// they are the same or no rule decided.
    pub implication: Vec<String>,
    /// The assignments of the subject that cover the scope, by key.
    pub covering: Vec<Grant>,
    /// The assignments of the subject that give the action, but not in this scope, by key.
    pub elsewhere: Vec<Grant>,
    /// The roles that would permit the action in this scope, in stored order.
    pub sufficient: Vec<String>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.decision.allowed {
            "Allowed"
        } else {
            "Refused"
        };
        write!(out, "{verdict}: {}", self.reason())
    }
}

impl Explanation {
    fn reason(&self) -> String {
        let near = self.near();
        match self.decision.because {
            Because::Staff => "staff may do anything in libraries and courses.".to_owned(),
            Because::Grant { definition, .. } => {
                let path = self.path_text();
                format!("{path}, and rule {definition} permits the action there.")
            }
            Because::Direct { definition } => {
                format!("rule {definition} names the subject itself.")
            }
            Because::Denied { definition, grant } if grant.is_some() => {
                let path = self.path_text();
                format!("{path}, and rule {definition} denies the action there.")
            }
            Because::Denied { definition, .. } => {
                format!("rule {definition} denies; no assignment can outweigh it.")
            }
            Because::NoGrant => format!("no assignment covers the scope{near}"),
            Because::NoDefinition => {
                format!("no role held in the scope permits the action{near}")
            }
            Because::UnknownAction => "no rule knows the action.".to_owned(),
            Because::MalformedScope => "the scope is not a well-formed key.".to_owned(),
        }
    }

    fn path_text(&self) -> String {
        let steps = self.path.iter();
        let steps = steps.map(|step| {
            format!(
                "assignment {} gives {} in {}",
                step.id, step.role, step.scope
            )
        });
        steps.collect::<Vec<_>>().join(", ")
    }

    fn near(&self) -> &'static str {
        if self.elsewhere.is_empty() {
            "."
        } else {
            ", though assignments in other scopes would."
        }
    }
}

/// One assignment on a path.
#[derive(Clone, Copy)]
struct Step {
    by: NodeId,
    edge: Edge,
}

impl Engine {
    /// Explains the answer to one question. Costs more than the answer; not for the path of a request.
    #[must_use]
    pub fn explain(&self, subject: &str, staff: bool, action: &str, scope: &str) -> Explanation {
        let decision = self.decide_for(subject, staff, action, scope);
        let definition = self.deciding(decision.because);
        let node = self.grants.find(subject);
        let through = matches!(
            decision.because,
            Because::Grant { .. } | Because::Denied { grant: Some(_), .. }
        );
        let path = match (node, &definition) {
            (Some(node), Some(rule)) if through => self.path(node, &rule.subject, scope),
            _ => Vec::new(),
        };
        let implication = match &definition {
            // Staff are refused by rules about other actions, too; then there is no chain.
            Some(rule) if rule.action != action => self.implication(&rule.action, action),
            _ => Vec::new(),
        };
        let (covering, elsewhere) = self.around(node, action, scope);
        let sufficient = self.sufficient(action, scope);
        Explanation {
            decision,
            path,
            definition,
            implication,
            covering,
            elsewhere,
            sufficient,
        }
    }

    fn deciding(&self, because: Because) -> Option<Definition> {
        let (Because::Grant { definition, .. }
        | Because::Direct { definition }
        | Because::Denied { definition, .. }) = because
        else {
            return None;
        };
        self.rules
            .policy
            .definitions
            .iter()
            .find(|rule| rule.id == definition)
            .cloned()
    }

    fn row(&self, step: Step) -> Grant {
        Grant {
            id: step.edge.grant,
            subject: self.grants.name(step.by).to_owned(),
            role: self.grants.name(step.edge.role).to_owned(),
            scope: self.grants.patterns.stored(step.edge.pattern).to_owned(),
        }
    }

    fn matching_steps(&self, by: NodeId, scope: &str) -> Vec<Step> {
        let mut steps = Vec::new();
        self.grants
            .visit_matching(self.grants.edges(by), scope, |edge| {
                steps.push(Step { by, edge: *edge });
            });
        steps.sort_unstable_by_key(|step| step.edge.grant);
        steps
    }

    /// The shortest way to the role, and of several the one the decision was made by.
    fn path(&self, start: NodeId, role: &str, scope: &str) -> Vec<Grant> {
        let target = self.grants.find(role);
        let mut reached: HashSet<NodeId, RandomState> = HashSet::from_iter([start]);
        let mut frontier: Vec<Vec<Step>> = vec![Vec::new()];
        for _ in 0..MAX_HOPS {
            let mut next = Vec::new();
            for path in frontier {
                let at = path.last().map_or(start, |step| step.edge.role);
                for step in self.matching_steps(at, scope) {
                    let mut longer = path.clone();
                    longer.push(step);
                    next.push(longer);
                }
            }
            let grant = |step: Option<&Step>| step.map(|step| (step.edge.grant, step.edge.role));
            next.sort_by_key(|path| (grant(path.first()), grant(path.last())));
            next.retain(|path| {
                path.last()
                    .is_some_and(|step| reached.insert(step.edge.role))
            });
            if let Some(found) = next
                .iter()
                .find(|path| path.last().map(|step| step.edge.role) == target)
            {
                return found.iter().map(|step| self.row(*step)).collect();
            }
            frontier = next;
        }
        Vec::new()
    }

    fn implication(&self, from: &str, to: &str) -> Vec<String> {
        let mut reached: Vec<(&str, Option<usize>)> = vec![(from, None)];
        let mut at = 0;
        while let Some(&(action, _)) = reached.get(at) {
            if action == to {
                return chain(&reached, at);
            }
            for row in self
                .rules
                .policy
                .implications
                .iter()
                .filter(|row| row.granting == action)
            {
                if !reached.iter().any(|(known, _)| *known == row.implied) {
                    reached.push((&row.implied, Some(at)));
                }
            }
            at += 1;
        }
        Vec::new()
    }

    fn around(&self, node: Option<NodeId>, action: &str, scope: &str) -> (Vec<Grant>, Vec<Grant>) {
        let Some(by) = node else {
            return (Vec::new(), Vec::new());
        };
        let covering = self.matching_steps(by, scope);
        let action = self.rules.action(action);
        let gives = |role: NodeId| {
            let book = self
                .grants
                .node(role)
                .and_then(|node| node.book)
                .and_then(|at| self.rules.book(at));
            action.is_some_and(|action| {
                book.is_some_and(|book| {
                    book.patterns(action, crate::Effect::Allow).next().is_some()
                })
            })
        };
        let covers = |edge: &Edge| covering.iter().any(|step| step.edge == *edge);
        let others = self
            .grants
            .edges(by)
            .iter()
            .filter(|edge| gives(edge.role) && !covers(edge));
        let mut elsewhere: Vec<Grant> = others
            .map(|edge| self.row(Step { by, edge: *edge }))
            .collect();
        elsewhere.sort_unstable_by_key(|grant| grant.id);
        (
            covering.iter().map(|step| self.row(*step)).collect(),
            elsewhere,
        )
    }

    fn sufficient(&self, action: &str, scope: &str) -> Vec<String> {
        let Some(action) = self.rules.action(action) else {
            return Vec::new();
        };
        let permits = self.rules.books().iter().filter(|book| {
            let verdict = book.verdict(action, scope);
            verdict.allow.is_some() && verdict.deny.is_none()
        });
        permits
            .map(|book| self.grants.name(book.owner).to_owned())
            .collect()
    }
}

/// Reads a chain backwards from its end.
fn chain(reached: &[(&str, Option<usize>)], end: usize) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = Some(end);
    while let Some(&(name, before)) = at.and_then(|at| reached.get(at)) {
        names.push(name.to_owned());
        at = before;
    }
    names.reverse();
    names
}
