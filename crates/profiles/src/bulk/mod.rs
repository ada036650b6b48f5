//! Tenants with their groups and domains, in and out as JSON lines.
//!
//! A line is an object with one member, which says what it is: `backend`, `domain`, `reseller` or
//! `tenant`. What a tenant needs stands before it. A tenant carries its groups and their domains.
//!
//! Invariant: a line is carried out whole, in one transaction, or not at all.
//! Invariant: taking in what was written out changes nothing, and into an empty database brings
//! everything back.

mod export;
mod groups;
mod import;

pub use export::export;
pub use import::{Done, Outcome, import};

/// What a line is.
const BACKEND: &str = "backend";
const DOMAIN: &str = "domain";
const RESELLER: &str = "reseller";
const TENANT: &str = "tenant";
/// The members of a tenant, and of a group, beside their attributes.
const DOMAINS: &str = "domains";
const GROUPS: &str = "groups";
