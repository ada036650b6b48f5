//! Assignments: who holds which role where, in both directions.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::model::Grant;
use crate::patterns::{Mark, PatternId, Patterns, Shape, index};

/// A subject or a role: both share one table, because imported data may let roles hold roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(u32);

/// One assignment, seen from its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) mark: Mark,
    pub(crate) pattern: PatternId,
    pub(crate) role: NodeId,
    pub(crate) grant: i64,
}

#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) name: Arc<str>,
    /// What it holds, in the order of [`Edge`].
    pub(crate) edges: Vec<Edge>,
    /// Position of its rules, if it has any.
    pub(crate) book: Option<u32>,
    pub(crate) staff: bool,
}

/// One assignment, seen from role and scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Held {
    pub(crate) grant: i64,
    pub(crate) by: NodeId,
}

/// The graph of assignments. Names that lost their last assignment stay until the next build.
#[derive(Clone, Default)]
pub(crate) struct Grants {
    nodes: Vec<Node>,
    by_name: HashMap<Arc<str>, NodeId, RandomState>,
    pub(crate) patterns: Patterns,
    /// Who holds a role in exactly one stored scope, by key of the row. New rows have the highest
    /// key, so that adding is a push.
    holders: HashMap<(PatternId, NodeId), Vec<Held>, RandomState>,
    staff: BTreeSet<NodeId>,
}

impl Grants {
    pub(crate) fn build(grants: impl IntoIterator<Item = Grant>) -> Self {
        let mut all = Self::default();
        for grant in grants {
            all.push(&grant);
        }
        for node in &mut all.nodes {
            node.edges.sort_unstable();
            node.edges.dedup();
            node.edges.shrink_to_fit();
        }
        for held in all.holders.values_mut() {
            held.sort_unstable();
            held.dedup();
            held.shrink_to_fit();
        }
        all
    }

    /// Adds without keeping order; only for `build`.
    fn push(&mut self, grant: &Grant) {
        let (by, edge) = self.edge(grant);
        if let Some(node) = self.nodes.get_mut(by.0 as usize) {
            node.edges.push(edge);
        }
        let held = Held {
            grant: grant.id,
            by,
        };
        self.holders
            .entry((edge.pattern, edge.role))
            .or_default()
            .push(held);
    }

    fn edge(&mut self, grant: &Grant) -> (NodeId, Edge) {
        let by = self.intern(&grant.subject);
        let role = self.intern(&grant.role);
        let pattern = self.patterns.intern(&grant.scope);
        let mark = self.patterns.mark(pattern);
        (
            by,
            Edge {
                mark,
                pattern,
                role,
                grant: grant.id,
            },
        )
    }

    pub(crate) fn insert(&mut self, grant: &Grant) {
        let (by, edge) = self.edge(grant);
        let Some(node) = self.nodes.get_mut(by.0 as usize) else {
            return;
        };
        let Err(at) = node.edges.binary_search(&edge) else {
            return;
        };
        node.edges.insert(at, edge);
        let holders = self.holders.entry((edge.pattern, edge.role)).or_default();
        let held = Held {
            grant: grant.id,
            by,
        };
        if let Err(at) = holders.binary_search(&held) {
            holders.insert(at, held);
        }
    }

    /// Removes every assignment of exactly this subject, role and scope.
    pub(crate) fn remove(&mut self, subject: &str, role: &str, scope: &str) {
        let (Some(by), Some(role)) = (self.find(subject), self.find(role)) else {
            return;
        };
        let Some(pattern) = self.patterns.find(scope) else {
            return;
        };
        let Some(node) = self.nodes.get_mut(by.0 as usize) else {
            return;
        };
        let mark = self.patterns.mark(pattern);
        let start = node
            .edges
            .partition_point(|edge| (edge.mark, edge.pattern, edge.role) < (mark, pattern, role));
        let end = node
            .edges
            .partition_point(|edge| (edge.mark, edge.pattern, edge.role) <= (mark, pattern, role));
        let key = (pattern, role);
        let Some(holders) = self.holders.get_mut(&key) else {
            return;
        };
        for edge in node.edges.drain(start..end) {
            if let Ok(at) = holders.binary_search(&Held {
                grant: edge.grant,
                by,
            }) {
                holders.remove(at);
            }
        }
        if holders.is_empty() {
            self.holders.remove(&key);
        }
    }

    pub(crate) fn intern(&mut self, name: &str) -> NodeId {
        if let Some(&known) = self.by_name.get(name) {
            return known;
        }
        let id = NodeId(index(self.nodes.len()));
        let name: Arc<str> = Arc::from(name);
        self.nodes.push(Node {
            name: Arc::clone(&name),
            edges: Vec::new(),
            book: None,
            staff: false,
        });
        self.by_name.insert(name, id);
        id
    }

    pub(crate) fn find(&self, name: &str) -> Option<NodeId> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    pub(crate) fn name(&self, id: NodeId) -> &str {
        self.node(id).map_or("", |node| &node.name)
    }

    pub(crate) fn edges(&self, id: NodeId) -> &[Edge] {
        self.node(id).map_or(&[], |node| &node.edges)
    }

    pub(crate) fn set_book(&mut self, id: NodeId, book: u32) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.book = Some(book);
        }
    }

    pub(crate) fn set_staff(&mut self, subject: &str, staff: bool) {
        let id = if staff {
            Some(self.intern(subject))
        } else {
            self.find(subject)
        };
        let Some(id) = id else { return };
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.staff = staff;
        }
        if staff {
            self.staff.insert(id);
        } else {
            self.staff.remove(&id);
        }
    }

    pub(crate) fn staff(&self) -> impl Iterator<Item = NodeId> {
        self.staff.iter().copied()
    }

    pub(crate) fn holders(&self, pattern: PatternId, role: NodeId) -> &[Held] {
        self.holders
            .get(&(pattern, role))
            .map_or(&[], Vec::as_slice)
    }

    /// Calls `visit` with every assignment of `edges` whose pattern the stored key `scope` matches.
    ///
    /// The edges of one subject are sorted by shape and tag: one search for every different length
    /// of prefix the subject holds, and one for the scope itself, however many assignments there are.
    pub(crate) fn visit_matching<'a>(
        &self,
        edges: &'a [Edge],
        scope: &str,
        mut visit: impl FnMut(&'a Edge),
    ) {
        let text = scope.as_bytes();
        let mut rest = edges;
        while let Some(first) = rest.first() {
            let Some(length) = first.mark.shape.prefix_length() else {
                break;
            };
            let Some(prefix) = text.get(..length) else {
                // Longer prefixes follow, and then the exact keys.
                let skip = rest.partition_point(|edge| edge.mark.shape < Shape::exact(0));
                rest = rest.get(skip..).unwrap_or_default();
                break;
            };
            let end = rest.partition_point(|edge| edge.mark.shape <= first.mark.shape);
            let (run, after) = rest.split_at(end);
            self.visit_equal(run, first.mark.shape, prefix, &mut visit);
            rest = after;
        }
        if !rest.is_empty() {
            self.visit_equal(rest, Shape::exact(text.len()), text, &mut visit);
        }
    }

    fn visit_equal<'a>(
        &self,
        edges: &'a [Edge],
        shape: Shape,
        text: &[u8],
        visit: &mut impl FnMut(&'a Edge),
    ) {
        let mark = Mark {
            shape,
            tag: self.patterns.tag(text),
        };
        let start = edges.partition_point(|edge| edge.mark < mark);
        for edge in edges
            .iter()
            .skip(start)
            .take_while(|edge| edge.mark == mark)
        {
            if self.patterns.counted(edge.pattern) == text {
                visit(edge);
            }
        }
    }
}
