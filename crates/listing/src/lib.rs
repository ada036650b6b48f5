//! What a list accepts and what a page holds.
//!
//! Knows: page numbers, offsets and their windows; ordering, search and filter names; the rows of
//! one page with their total. Both edges read these values: the wire dialect fills them from a
//! query string, the store turns them into statements.
//!
//! Must not know: HTTP, JSON, SQL, columns.
//!
//! Invariant: a [`Window`] never reaches past its listing, and only the first page may be empty.
//! Invariant: an [`Ask`] names only what its [`Listing`] offers.

mod ask;
mod page;
pub mod search;

pub use ask::{Ask, Filter, Kind, Listed, Listing, Wanted};
pub use page::{LimitAsk, PageAsk, PageNumber, Slice, Window};

/// Which way a listing is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first. Equal rows keep the order they would have ascending.
    Descending,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}
