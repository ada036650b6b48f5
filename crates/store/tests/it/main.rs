//! The acceptance suite of the store: the same cases on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod assignments;
mod bulk;
mod changes;
mod concurrency;
mod course_access;
mod database;
mod entrance;
mod facts;
mod legacy;
mod listings;
mod migrations;
mod parity;
mod rules;
mod scopes;
mod support;
mod tenant_profiles;
mod tenants;
mod users;
mod waffle;
