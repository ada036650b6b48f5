//! Tables, migrations and queries on SQLite and PostgreSQL.
//!
//! Knows: both databases, every table, which statements must share a transaction.
//! Must not know: HTTP, status codes, who may do what.
//!
//! A query is a function `module::verb(&Db, …)` that takes and gives plain structs. Missing rows
//! are `None`. Everything that writes wants a [`Tx`] from [`Store::begin`].
//!
//! Invariant: no public signature mentions the database library; entities stay in `tables`.
//! Invariant: one transaction writes at a time, in both databases: on PostgreSQL each takes the row of
//! the change counter before any other lock, so that none ends in a deadlock.
//! Invariant: text is compared byte by byte in both databases.
//! Invariant: a time is a count of microseconds since 1970 in a 64-bit column, in both databases.
//! Invariant: SQL that is not built from parts is in `dialect`, both versions side by side.
//! Invariant: the columns that repeat another one in lower case are written here and nowhere else.

mod batch;
mod db;
mod derive;
mod dialect;
mod fault;
mod migrations;
mod pool;
mod scopes;
mod select;
mod tables;

pub mod assignments;
pub mod bulk;
pub mod changes;
pub mod course_access;
pub mod courses;
pub mod legacy;
pub mod listings;
pub mod oauth;
pub mod organizations;
pub mod rules;
pub mod sessions;
pub mod tenant_profiles;
pub mod tenants;
pub mod tokens;
pub mod users;
pub mod waffle;

pub use db::{Db, Tx};
pub use dialect::Dialect;
pub use fault::{Constraint, Fault};
pub use migrations::Applied;
pub use pool::{Options, PoolStats, Store};
