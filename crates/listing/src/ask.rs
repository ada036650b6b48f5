//! The vocabulary of a listing (what may be ordered, searched and filtered by) and a request in it.

use crate::{Direction, search};

/// What a filter parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One text, compared exactly.
    Text,
    /// A comma list of texts, any of which may match.
    Words,
    /// A boolean word; anything else is a bad boolean.
    Flag,
    /// A whole number.
    Integer,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A boolean word saying whether the value must be null.
    IsNull,
    /// A moment; rows at or after it.
    Since,
    /// A moment; rows before it.
    Until,
}

/// What a filter asks for, already checked against its [`Kind`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Exactly this text.
    Text(String),
    /// Any of these texts.
    Words(Vec<String>),
    /// This truth value.
    Flag(bool),
    /// This number.
    Integer(i64),
    /// Null when true, not null when false.
    IsNull(bool),
    /// At or after, in microseconds since 1970-01-01T00:00:00Z.
    Since(i64),
    /// Before, in microseconds since 1970-01-01T00:00:00Z.
    Until(i64),
}

/// One filter parameter: its name on the wire, what it compares, and what it holds.
#[derive(Clone, Copy, Debug)]
pub struct Filter<By: 'static> {
    /// The query parameter.
    pub name: &'static str,
    /// What is compared.
    pub by: By,
    /// What the parameter holds.
    pub kind: Kind,
}

/// What a list accepts. A constant, written beside the query that serves it.
#[derive(Clone, Copy, Debug)]
pub struct Listing<By: 'static> {
    /// The order when none is asked for.
    pub default_order: (By, Direction),
    /// Ordering names on the wire.
    pub order: &'static [(&'static str, By)],
    /// What a search looks into.
    pub search: &'static [By],
    /// Filter parameters.
    pub filters: &'static [Filter<By>],
    /// Rows per page when none are asked for.
    pub page_size: u64,
    /// The most rows per page.
    pub page_max: u64,
}

/// A set of names a list can be ordered, searched and filtered by.
pub trait Listed: Copy + Send + Sync + 'static {
    /// What the list accepts.
    const LISTING: Listing<Self>;
}

impl<By: Copy + 'static> Listing<By> {
    /// A list that is ordered by `by`, ascending, unless asked otherwise; ten rows a page, at most
    /// a hundred.
    #[must_use]
    pub const fn ordered_by(by: By) -> Self {
        Self {
            default_order: (by, Direction::Ascending),
            order: &[],
            search: &[],
            filters: &[],
            page_size: 10,
            page_max: 100,
        }
    }

    /// Sort the other way unless asked otherwise.
    #[must_use]
    pub const fn descending(mut self) -> Self {
        self.default_order.1 = Direction::Descending;
        self
    }

    /// Offer these ordering names.
    #[must_use]
    pub const fn order(mut self, names: &'static [(&'static str, By)]) -> Self {
        self.order = names;
        self
    }

    /// Search in these.
    #[must_use]
    pub const fn search(mut self, columns: &'static [By]) -> Self {
        self.search = columns;
        self
    }

    /// Offer these filters.
    #[must_use]
    pub const fn filter(mut self, filters: &'static [Filter<By>]) -> Self {
        self.filters = filters;
        self
    }

    /// `size` rows a page, at most `max` when the client asks for more.
    #[must_use]
    pub const fn pages(mut self, size: u64, max: u64) -> Self {
        self.page_size = size;
        self.page_max = max;
        self
    }

    /// Read an ordering parameter: a comma list, `-` for descending. Unknown names are dropped;
    /// when none is left the default order applies.
    #[must_use]
    pub fn read_order(&self, text: &str) -> Vec<(By, Direction)> {
        let mut wanted: Vec<_> = text
            .split(',')
            .filter_map(|term| self.order_term(term.trim()))
            .collect();
        if wanted.is_empty() {
            wanted.push(self.default_order);
        }
        wanted
    }

    fn order_term(&self, term: &str) -> Option<(By, Direction)> {
        let (name, direction) = match term.strip_prefix('-') {
            Some(name) => (name, Direction::Descending),
            None => (term, Direction::Ascending),
        };
        self.order
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, by)| (*by, direction))
    }

    /// Read a search parameter into terms; a list that searches nothing has none.
    #[must_use]
    pub fn read_search(&self, text: &str) -> Vec<String> {
        if self.search.is_empty() {
            Vec::new()
        } else {
            search::terms(text)
        }
    }
}

impl<By> Filter<By> {
    /// A filter named `name` on `by`, holding a `kind`.
    #[must_use]
    pub const fn new(name: &'static str, by: By, kind: Kind) -> Self {
        Self { name, by, kind }
    }
}

/// One request in a listing's vocabulary; the page is asked for separately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask<By> {
    /// Sort keys, most significant first; never empty.
    pub order: Vec<(By, Direction)>,
    /// Terms, each of which must occur in some searched column.
    pub search: Vec<String>,
    /// Filters, all of which must hold.
    pub filters: Vec<(By, Wanted)>,
}

impl<By: Listed> Default for Ask<By> {
    fn default() -> Self {
        Self {
            order: vec![By::LISTING.default_order],
            search: Vec::new(),
            filters: Vec::new(),
        }
    }
}
