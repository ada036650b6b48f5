//! The policy engine: an index that answers who may do what, where, and why.
//!
//! Knows: rules (which role permits which action in which scopes), action implications,
//! assignments (who holds which role where), who is staff; the compiled [`Engine`] that decides,
//! lists scopes and lists subjects; the shipped [`catalogue`] of roles; who may see which of the
//! [`courses`].
//! Must not know: databases, HTTP, async, time, where the rows come from or when they are read.
//!
//! All keys are namespaced: `user^ada`, `role^library_admin`, `act^courses.view_course`,
//! `lib^lib:Org1:LIB1`.
//!
//! Invariant: deny wins; an unknown action, an unknown subject and a malformed scope are refused.
//! Invariant: [`ScopeSet::contains`] of [`Engine::scopes`] agrees with [`Engine::decide`] on every text.
//! Invariant: [`Engine::subjects`] names exactly the known subjects that [`Engine::decide`] allows.
//! Invariant: an engine changed step by step answers as one built anew from the same rows.
//! Invariant: [`Engine::decide`] allocates nothing unless the subject holds a role that itself holds roles.

pub mod catalogue;
pub mod courses;
mod engine;
mod explain;
mod grants;
mod held;
mod judge;
mod model;
mod pattern;
mod patterns;
mod rules;
mod scopes;
mod subjects;

pub use engine::Engine;
pub use explain::Explanation;
pub use held::{GrantRef, RoleDefinition};
pub use judge::{Because, Decision};
pub use model::{Definition, Effect, Grant, Implication, Policy};
pub use pattern::{ScopePattern, key_match};
pub use scopes::ScopeSet;
pub use subjects::Holder;

/// How many assignments, or implications, may be followed one after the other.
pub const MAX_HOPS: usize = 9;
