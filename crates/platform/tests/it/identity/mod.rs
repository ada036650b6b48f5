//! Whole requests against a real store: who is let in, and what the others are told.

mod doors;
mod grants;
mod schemes;
mod tokens;
mod world;
