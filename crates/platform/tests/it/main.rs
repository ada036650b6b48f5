//! The change log from outside: what every write leaves in it, and how it is read.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod pages;
mod world;
mod writes;
