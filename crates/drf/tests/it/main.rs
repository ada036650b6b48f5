//! The dialect over an in-process router: tables of requests and the answers they must get.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it is"
)]

mod bodies;
mod checks;
mod document;
mod fields;
mod hostile;
mod lines;
mod listings;
mod media;
mod nesting;
mod pages;
mod problems;
mod queries;
mod references;
mod slashes;
mod world;
