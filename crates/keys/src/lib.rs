//! Identifiers of the authorization family: how they are written by clients, how they
//! are stored, and what can be read from the text alone; and the text that is never shown.
//!
//! Knows: scope keys (`lib:Org1:LIB1`, `course-v1:Org1+*`), namespaced stored keys
//! (`lib^lib:Org1:LIB1`, `user^ada`), the two small text rules every comparison needs, and
//! secrets among the settings.
//! Must not know: databases, HTTP, policies, whether the named thing exists.
//!
//! Invariant: parsing never changes a key: [`scope::ScopeKey::external`] is the text that came in.
//! Invariant: no function here panics, whatever the text.
//! Invariant: a [`Secret`] gives itself away to [`Secret::reveal`] alone.
//! Invariant: the `Display` text of a [`scope::ScopeError`] is what a client reads, to the letter.

pub mod course;
mod grammar;
pub mod scope;
mod secret;
pub mod stored;
pub mod text;

pub use secret::Secret;
