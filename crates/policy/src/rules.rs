//! Rules, compiled: for every role and scope pattern, which action is decided by which row.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::MAX_HOPS;
use crate::grants::{Grants, NodeId};
use crate::model::{Effect, Policy};
use crate::pattern::{Cut, ScopePattern};
use crate::patterns::index;

/// One of the actions any rule or implication mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ActionId(u32);

/// Position of a rule in stored order.
pub(crate) type Row = u32;

/// For every action the first rule that decides it. A table of rows instead of a bit set: the same
/// single load says whether the action is decided and by which rule.
#[derive(Clone)]
struct Deciding(Box<[Row]>);

impl Deciding {
    const NONE: Row = Row::MAX;

    fn empty(actions: usize) -> Self {
        Self(vec![Self::NONE; actions].into_boxed_slice())
    }

    fn add(&mut self, action: ActionId, row: Row) {
        if let Some(first) = self.0.get_mut(action.0 as usize) {
            *first = row.min(*first);
        }
    }

    fn row(&self, action: ActionId) -> Option<Row> {
        self.0
            .get(action.0 as usize)
            .copied()
            .filter(|&row| row != Self::NONE)
    }
}

/// The rules of one role (or user) for one scope pattern.
#[derive(Clone)]
struct Chapter {
    scope: ScopePattern,
    allow: Deciding,
    /// Absent in chapters without any deny row, which is all of the shipped ones.
    deny: Option<Deciding>,
}

/// All rules of one role (or user).
#[derive(Clone)]
pub(crate) struct Book {
    pub(crate) owner: NodeId,
    chapters: Vec<Chapter>,
    pub(crate) rows: Vec<Row>,
}

/// What a book says about an action in a scope: the first rule of each effect.
#[derive(Clone, Copy, Default)]
pub(crate) struct Verdict {
    pub(crate) allow: Option<Row>,
    pub(crate) deny: Option<Row>,
}

impl Book {
    fn begun(owner: NodeId) -> Self {
        Self {
            owner,
            chapters: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Where the rules with this scope and effect are entered.
    fn deciding(
        &mut self,
        scope: ScopePattern,
        effect: Effect,
        actions: usize,
    ) -> Option<&mut Deciding> {
        let known = self.chapters.iter().position(|known| known.scope == scope);
        let at = known.unwrap_or_else(|| {
            self.chapters.push(Chapter {
                scope,
                allow: Deciding::empty(actions),
                deny: None,
            });
            self.chapters.len() - 1
        });
        let chapter = self.chapters.get_mut(at)?;
        Some(match effect {
            Effect::Allow => &mut chapter.allow,
            Effect::Deny => chapter.deny.get_or_insert_with(|| Deciding::empty(actions)),
        })
    }

    pub(crate) fn verdict(&self, action: ActionId, scope: &str) -> Verdict {
        let mut verdict = Verdict::default();
        for chapter in &self.chapters {
            if !chapter.scope.matches(scope) {
                continue;
            }
            verdict.allow = earliest(verdict.allow, chapter.allow.row(action));
            if let Some(deny) = &chapter.deny {
                verdict.deny = earliest(verdict.deny, deny.row(action));
            }
        }
        verdict
    }

    /// The patterns in which the action is decided with this effect.
    pub(crate) fn patterns(
        &self,
        action: ActionId,
        effect: Effect,
    ) -> impl Iterator<Item = Cut<'_>> {
        self.chapters.iter().filter_map(move |chapter| {
            let deciding = match effect {
                Effect::Allow => Some(&chapter.allow),
                Effect::Deny => chapter.deny.as_ref(),
            };
            deciding?.row(action).map(|_| Cut::from(&chapter.scope))
        })
    }
}

fn earliest(one: Option<Row>, other: Option<Row>) -> Option<Row> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The compiled rules.
#[derive(Clone, Default)]
pub(crate) struct Rules {
    pub(crate) policy: Policy,
    actions: HashMap<Box<str>, ActionId, RandomState>,
    books: Vec<Book>,
    /// The first deny row of all: a single one anywhere refuses staff.
    pub(crate) first_deny: Option<Row>,
}

impl Rules {
    /// Compiles `policy`, interning the owners of rules in `grants`.
    pub(crate) fn build(policy: Policy, grants: &mut Grants) -> Self {
        let mut rules = Self {
            policy,
            ..Self::default()
        };
        rules.intern_actions();
        let closure = rules.closure();
        for row in 0..rules.policy.definitions.len() {
            rules.enter(index(row), &closure, grants);
        }
        rules
    }

    fn intern_actions(&mut self) {
        let Policy {
            definitions,
            implications,
        } = &self.policy;
        let named = definitions.iter().map(|definition| &definition.action);
        let implied = implications
            .iter()
            .flat_map(|row| [&row.granting, &row.implied]);
        for action in named.chain(implied) {
            let next = ActionId(index(self.actions.len()));
            self.actions
                .entry(Box::from(action.as_str()))
                .or_insert(next);
        }
    }

    /// For every action the actions it grants: itself, and what it implies within nine hops.
    fn closure(&self) -> Vec<Vec<ActionId>> {
        let mut implied: HashMap<ActionId, Vec<ActionId>, RandomState> = HashMap::default();
        for row in &self.policy.implications {
            if let (Some(granting), Some(to)) =
                (self.action(&row.granting), self.action(&row.implied))
            {
                implied.entry(granting).or_default().push(to);
            }
        }
        let reach = |start: ActionId| {
            let mut reached = vec![start];
            let mut frontier = vec![start];
            for _ in 0..MAX_HOPS {
                let mut next = Vec::new();
                for action in frontier
                    .iter()
                    .filter_map(|action| implied.get(action))
                    .flatten()
                {
                    if !reached.contains(action) {
                        reached.push(*action);
                        next.push(*action);
                    }
                }
                frontier = next;
            }
            reached
        };
        (0..self.actions.len())
            .map(|action| reach(ActionId(index(action))))
            .collect()
    }

    fn enter(&mut self, row: Row, closure: &[Vec<ActionId>], grants: &mut Grants) {
        let Some(rule) = self.policy.definitions.get(row as usize) else {
            return;
        };
        let Some(action) = self.actions.get(rule.action.as_str()) else {
            return;
        };
        let (actions, effect) = (self.actions.len(), rule.effect);
        let (scope, granted) = (
            ScopePattern::of(&rule.scope),
            closure.get(action.0 as usize),
        );
        let owner = grants.intern(&rule.subject);
        let Some(book) = self.book_of(owner, grants) else {
            return;
        };
        book.rows.push(row);
        let Some(deciding) = book.deciding(scope, effect, actions) else {
            return;
        };
        for action in granted.into_iter().flatten() {
            deciding.add(*action, row);
        }
        if effect == Effect::Deny {
            self.first_deny.get_or_insert(row);
        }
    }

    /// The book of `owner`, begun if there is none yet.
    fn book_of(&mut self, owner: NodeId, grants: &mut Grants) -> Option<&mut Book> {
        let known = grants.node(owner).and_then(|node| node.book);
        let at = known.unwrap_or_else(|| {
            let next = index(self.books.len());
            self.books.push(Book::begun(owner));
            grants.set_book(owner, next);
            next
        });
        self.books.get_mut(at as usize)
    }

    pub(crate) fn action(&self, action: &str) -> Option<ActionId> {
        self.actions.get(action).copied()
    }

    pub(crate) fn book(&self, at: u32) -> Option<&Book> {
        self.books.get(at as usize)
    }

    pub(crate) fn books(&self) -> &[Book] {
        &self.books
    }

    /// Key of the rule at this position.
    pub(crate) fn id(&self, row: Row) -> i64 {
        self.policy
            .definitions
            .get(row as usize)
            .map_or(0, |definition| definition.id)
    }
}
