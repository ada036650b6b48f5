//! The clients against services that behave, and against those that do not.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected fails"
)]

mod failures;
mod lists;
mod objects;
mod stand;
mod tls;
mod tokens;
