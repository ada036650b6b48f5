//! Plain reading of the rows: what is held, defined and counted, apart from any decision.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use provost_keys::stored;

use crate::engine::Engine;
use crate::grants::NodeId;
use crate::model::Effect;

/// An assignment of a known subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GrantRef<'a> {
    /// Key of the row.
    pub id: i64,
    /// The role, as stored.
    pub role: &'a str,
    /// The scope, as stored.
    pub scope: &'a str,
}

/// A role as it is offered in a namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDefinition {
    /// External name of the role.
    pub role: String,
    /// External names of its permissions, in stored order.
    pub permissions: Vec<String>,
}

/// The stored scope of a role's role that is followed even where hierarchy is not: exactly this text.
const ANYWHERE: &str = "*";

impl Engine {
    /// The assignments of `subject`, by key.
    #[must_use]
    pub fn grants_of<'a>(
        &'a self,
        subject: &str,
    ) -> impl ExactSizeIterator<Item = GrantRef<'a>> + use<'a> {
        let node = self.grants.find(subject);
        let mut held: Vec<GrantRef<'a>> = node
            .map_or(&[][..], |node| self.grants.edges(node))
            .iter()
            .map(|edge| GrantRef {
                id: edge.grant,
                role: self.grants.name(edge.role),
                scope: self.grants.patterns.stored(edge.pattern),
            })
            .collect();
        held.sort_unstable();
        held.into_iter()
    }

    /// How many assignments name exactly this role and this stored scope.
    #[must_use]
    pub fn holders(&self, role: &str, scope: &str) -> usize {
        match (self.grants.patterns.find(scope), self.grants.find(role)) {
            (Some(pattern), Some(role)) => self.grants.holders(pattern, role).len(),
            _ => 0,
        }
    }

    /// The stored scopes in which `subject` holds a role that names `action`: the answer to "may they
    /// do this anywhere?", in the order of the assignments, each scope once.
    ///
    /// This is not enforcement. Implication, deny rules, the scopes of the rules and staff do not
    /// count; hierarchy counts only where a role holds another one in the scope `*`.
    #[must_use]
    pub fn held_scopes(&self, subject: &str, action: &str) -> Vec<String> {
        let mut seen: HashSet<&str, RandomState> = HashSet::default();
        let mut gives: HashMap<&str, bool, RandomState> = HashMap::default();
        let mut scopes = Vec::new();
        for GrantRef { role, scope, .. } in self.grants_of(subject) {
            let gives = *gives
                .entry(role)
                .or_insert_with(|| self.names_action(self.grants.find(role), action));
            if gives && seen.insert(scope) {
                scopes.push(scope.to_owned());
            }
        }
        scopes
    }

    /// Whether [`Engine::held_scopes`] names any scope, without making the list.
    #[must_use]
    pub fn holds_anywhere(&self, subject: &str, action: &str) -> bool {
        let node = self.grants.find(subject);
        let edges = node.map_or(&[][..], |node| self.grants.edges(node));
        // Few, however many the assignments are.
        let mut asked: Vec<NodeId> = Vec::new();
        edges.iter().any(|edge| {
            let is_new = !asked.contains(&edge.role);
            if is_new {
                asked.push(edge.role);
            }
            is_new && self.names_action(Some(edge.role), action)
        })
    }

    /// How many rules the role has, whatever their scope and effect, and those of roles it holds in the
    /// scope `*`. This is what clients see as the number of permissions.
    #[must_use]
    pub fn permission_count(&self, role: &str) -> usize {
        self.with_inherited(self.grants.find(role))
            .into_iter()
            .map(|node| self.rows(node).len())
            .sum()
    }

    /// The roles that have a rule for the whole of `namespace` (stored scope `ns^*`), in the order in
    /// which the rules first name them, with the actions of those rules.
    #[must_use]
    pub fn roles_in(&self, namespace: &str) -> Vec<RoleDefinition> {
        let scope = stored::scope(namespace, ANYWHERE);
        let mut roles: Vec<RoleDefinition> = Vec::new();
        for definition in self
            .rules
            .policy
            .definitions
            .iter()
            .filter(|definition| definition.scope == scope)
        {
            let Some((stored::ROLE, name)) = stored::split(&definition.subject) else {
                continue;
            };
            let permission = stored::external(&definition.action).to_owned();
            match roles.iter_mut().find(|role| role.role == name) {
                Some(role) => role.permissions.push(permission),
                None => roles.push(RoleDefinition {
                    role: name.to_owned(),
                    permissions: vec![permission],
                }),
            }
        }
        roles
    }

    fn names_action(&self, role: Option<NodeId>, action: &str) -> bool {
        self.with_inherited(role)
            .into_iter()
            .flat_map(|node| self.rows(node))
            .any(|&row| {
                let definition = self.rules.policy.definitions.get(row as usize);
                definition.is_some_and(|rule| rule.effect == Effect::Allow && rule.action == action)
            })
    }

    fn rows(&self, node: NodeId) -> &[u32] {
        let book = self.grants.node(node).and_then(|node| node.book);
        book.and_then(|at| self.rules.book(at))
            .map_or(&[], |book| &book.rows)
    }

    /// The role, and every role reached over roles held in exactly the scope `*`.
    fn with_inherited(&self, role: Option<NodeId>) -> Vec<NodeId> {
        let mut reached: Vec<NodeId> = role.into_iter().collect();
        let anywhere = self.grants.patterns.find(ANYWHERE);
        let mut at = 0;
        while let Some(&node) = reached.get(at) {
            at += 1;
            for edge in self.grants.edges(node) {
                if Some(edge.pattern) == anywhere && !reached.contains(&edge.role) {
                    reached.push(edge.role);
                }
            }
        }
        reached
    }
}
