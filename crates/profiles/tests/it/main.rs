//! The API of tenant profiles, asked as its clients ask, on each database.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than it expects fails"
)]

mod attributes;
mod bulk;
mod codes;
mod data;
mod deletion;
mod domains;
mod levels;
mod lists;
mod multi_as;
mod own_api;
mod propagation;
mod protocol;
mod resellers;
mod sign_in;
mod templates;
mod world;
