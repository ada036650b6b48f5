//! Scope patterns: a key, or everything that begins alike.

/// Whether the scope text `key` matches a stored `pattern`.
///
/// Without `*` in the pattern both must be equal. Otherwise what stands before the first `*` must be
/// the beginning of `key`, possibly all of it; what follows the `*` is ignored. A `*` in `key` is an
/// ordinary character, so that a wide key is matched by itself and by wider ones only.
#[must_use]
pub fn key_match(key: &str, pattern: &str) -> bool {
    Cut::of(pattern).matches(key)
}

/// A pattern by its meaning: what counts of the stored text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ScopePattern {
    /// Exactly this stored key.
    Exact(String),
    /// Every stored key that begins with this text; the empty text stands for all keys.
    Prefix(String),
}

impl ScopePattern {
    /// The meaning of a stored scope.
    #[must_use]
    pub fn of(stored: &str) -> Self {
        Cut::of(stored).into()
    }

    /// Whether the stored key `scope` is among those meant.
    #[must_use]
    pub fn matches(&self, scope: &str) -> bool {
        Cut::from(self).matches(scope)
    }
}

/// [`ScopePattern`], borrowed: intersecting gives one of the two, so nothing is ever copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Cut<'a> {
    pub(crate) text: &'a str,
    pub(crate) prefix: bool,
}

impl<'a> Cut<'a> {
    pub(crate) const EVERYTHING: Cut<'static> = Cut {
        text: "",
        prefix: true,
    };

    pub(crate) fn of(stored: &'a str) -> Self {
        match stored.split_once('*') {
            Some((text, _)) => Self { text, prefix: true },
            None => Self {
                text: stored,
                prefix: false,
            },
        }
    }

    pub(crate) fn matches(self, scope: &str) -> bool {
        if self.prefix {
            scope.starts_with(self.text)
        } else {
            scope == self.text
        }
    }

    /// Whether every key meant by `other` is meant by this one.
    pub(crate) fn covers(self, other: Cut<'_>) -> bool {
        if self.prefix {
            other.text.starts_with(self.text)
        } else {
            !other.prefix && self.text == other.text
        }
    }

    /// The keys meant by both: two prefixes are nested or disjoint, so this is one of the two.
    pub(crate) fn intersect(self, other: Cut<'a>) -> Option<Cut<'a>> {
        if self.covers(other) {
            Some(other)
        } else if other.covers(self) {
            Some(self)
        } else {
            None
        }
    }
}

impl<'a> From<&'a ScopePattern> for Cut<'a> {
    fn from(pattern: &'a ScopePattern) -> Self {
        match pattern {
            ScopePattern::Exact(text) => Self {
                text,
                prefix: false,
            },
            ScopePattern::Prefix(text) => Self { text, prefix: true },
        }
    }
}

impl From<Cut<'_>> for ScopePattern {
    fn from(cut: Cut<'_>) -> Self {
        if cut.prefix {
            Self::Prefix(cut.text.to_owned())
        } else {
            Self::Exact(cut.text.to_owned())
        }
    }
}
