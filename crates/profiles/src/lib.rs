//! Tenant profiles: what operators say of their tenants, groups and resellers, as provisioning front ends
//! in the APIO style speak.
//!
//! The old API is under `/api/v1/`, and everything of our own under `/api/provost/v1/`.
//!
//! Knows what each call takes and answers, who may make it, and which numbered error says what is wrong.
//! Must not know SQL, how credentials are checked, or how a site is provisioned: a profile and a site of
//! the same id are two views of one tenant, and neither is made or removed by the other.
//!
//! Invariant: a request is carried out whole or not at all, and all that is wrong with its members is
//! told together.
//! Invariant: the old API has what belongs to a tenant from [`actor`] alone, which asks whether it may be.
//! Invariant: a group's reseller is what was said last, of the group itself or by propagation from its
//! tenant.

mod actor;
mod administration;
mod applications;
mod ask;
mod attributes;
pub mod bulk;
mod domains;
mod groups;
mod level;
mod login;
mod record;
mod refusal;
mod resellers;
mod routes;
mod sweeping;
mod templates;
mod tenants;
mod wire;
mod work;

pub use administration::{administration, backends, people, views};
pub use level::Level;
pub use refusal::Code;
pub use routes::family;
pub use sweeping::{keep_sweeping, sweep};
