//! The scopes of all assignments, each text kept once.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::pattern::Cut;

/// A position in a table of the engine.
pub(crate) fn index(length: usize) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "four thousand million entries do not fit into memory"
    )]
    let index = length as u32;
    index
}

/// One of the [`Patterns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PatternId(u32);

/// How long a pattern is and whether it must match to the end. Prefixes sort before exact keys, and
/// by length among themselves, so that the candidates for one scope text stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shape(u32);

impl Shape {
    const EXACT: u32 = 1 << 31;

    pub(crate) fn prefix(length: usize) -> Self {
        Self(index(length) & !Self::EXACT)
    }

    pub(crate) fn exact(length: usize) -> Self {
        Self(index(length) | Self::EXACT)
    }

    fn of(cut: Cut<'_>) -> Self {
        if cut.prefix {
            Self::prefix(cut.text.len())
        } else {
            Self::exact(cut.text.len())
        }
    }

    /// The length of the prefix; `None` for exact keys.
    pub(crate) fn prefix_length(self) -> Option<usize> {
        (self.0 & Self::EXACT == 0).then_some(self.0 as usize)
    }
}

/// What an assignment keeps of its pattern, so that most mismatches cost no further look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub(crate) shape: Shape,
    /// Hash of the text that counts. Equal tags are only a hint: the texts are compared after it.
    pub(crate) tag: u64,
}

#[derive(Clone)]
struct Entry {
    stored: Arc<str>,
    cut: u32,
}

/// Interned scope texts. Texts of revoked assignments stay until the engine is built anew.
#[derive(Clone, Default)]
pub(crate) struct Patterns {
    entries: Vec<Entry>,
    by_stored: HashMap<Arc<str>, PatternId, RandomState>,
    /// Patterns with `*`, by what stands before it.
    by_prefix: HashMap<Box<str>, Vec<PatternId>, RandomState>,
    /// How many different prefixes have each length.
    prefix_lengths: BTreeMap<usize, usize>,
    tags: RandomState,
}

impl Patterns {
    pub(crate) fn intern(&mut self, stored: &str) -> PatternId {
        if let Some(&known) = self.by_stored.get(stored) {
            return known;
        }
        let id = PatternId(index(self.entries.len()));
        let cut = Cut::of(stored);
        let shared: Arc<str> = Arc::from(stored);
        self.entries.push(Entry {
            stored: Arc::clone(&shared),
            cut: index(cut.text.len()),
        });
        self.by_stored.insert(shared, id);
        if cut.prefix {
            let alike = self.by_prefix.entry(Box::from(cut.text)).or_default();
            if alike.is_empty() {
                *self.prefix_lengths.entry(cut.text.len()).or_default() += 1;
            }
            alike.push(id);
        }
        id
    }

    pub(crate) fn find(&self, stored: &str) -> Option<PatternId> {
        self.by_stored.get(stored).copied()
    }

    /// The stored text, `*` and all.
    pub(crate) fn stored(&self, id: PatternId) -> &str {
        self.entries
            .get(id.0 as usize)
            .map_or("", |entry| &entry.stored)
    }

    pub(crate) fn cut(&self, id: PatternId) -> Cut<'_> {
        Cut::of(self.stored(id))
    }

    /// The part of the stored text that counts, as bytes.
    pub(crate) fn counted(&self, id: PatternId) -> &[u8] {
        self.entries
            .get(id.0 as usize)
            .and_then(|entry| entry.stored.as_bytes().get(..entry.cut as usize))
            .unwrap_or_default()
    }

    pub(crate) fn tag(&self, text: &[u8]) -> u64 {
        self.tags.hash_one(text)
    }

    pub(crate) fn mark(&self, id: PatternId) -> Mark {
        let cut = self.cut(id);
        Mark {
            shape: Shape::of(cut),
            tag: self.tag(cut.text.as_bytes()),
        }
    }

    /// Every pattern that the stored key `scope` matches.
    pub(crate) fn matching(&self, scope: &str) -> Vec<PatternId> {
        let mut found = Vec::new();
        if !scope.contains('*') {
            found.extend(self.find(scope));
        }
        for &length in self.prefix_lengths.keys() {
            // `get` is `None` inside a character as well, where no prefix can end.
            if let Some(prefix) = scope.get(..length) {
                found.extend(self.by_prefix.get(prefix).into_iter().flatten());
            }
        }
        found
    }
}
