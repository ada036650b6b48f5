//! Tenant provisioning: tenants, the hosts they answer under, their configuration, and the platform
//! they are pushed to.
//!
//! The provisioning API is under `/api/tenant/v1/`, eox-tenant's own under `/eox-tenant/`, what front
//! ends ask for under `/api/mfe_config/v1`, and everything of our own under `/api/provost/v1/`.
//!
//! Knows what each operation asks, of whom, and how it answers; what the platform must be told.
//! Must not know SQL, how a configuration is generated or merged, or which host is whose.
//!
//! Invariant: whatever writes goes through [`work`], so that the organizations that a configuration
//! names come with it and each write has its entry in the log.
//! Invariant: a tenant is made whole or not at all.

mod administration;
mod api;
mod eox;
mod mfe;
mod record;
mod removal;
mod work;

pub mod connector;

pub use administration::{administration, code, deleted, hosts, known_host};
pub use api::{family, health};
pub use eox::{eox_tenant, info, path_without_suffix};
pub use mfe::mfe_config;
