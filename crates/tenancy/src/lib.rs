//! What a tenant is: its names and hosts, what it is configured with, which host it answers under,
//! and tenants as code.
//!
//! Knows: what a tenant may be called; the hosts, URLs and settings that follow from its name; which
//! settings are in effect at a host, and what front ends are told there; what a list shows of a
//! tenant; the settings of all that.
//! Must not know: databases, HTTP, async, time, where the rows come from or when they are read.
//!
//! Invariant: what is generated depends on the settings and on what is asked for, and on nothing else.
//! Invariant: no text of a client makes any of this fail otherwise than by the error that says so.
//! Invariant: a directory changed step by step answers as one that is told the rows that are left.
//! Invariant: asking a directory leaves no more behind than one answer for each tenant, and one for
//! each front end of which the tenant or the platform says something else.
//! Invariant: an export of the tenants there are is a file with nothing to do, whatever they hold.
//! Invariant: a plan that was carried out leaves nothing to do.

mod depth;
mod directory;
pub mod effective;
mod export;
mod file;
pub mod names;
mod plan;
pub mod provision;
mod settings;
mod show;
pub mod site;
pub mod summary;

pub use depth::{DEEPEST, is_deeper};
pub use directory::{Directory, NotAPlatform, Platform, Rendered};
pub use effective::{NotAFilter, organization_filter};
pub use export::export;
pub use file::{Entry, File, Keyed, Named, Wrong};
pub use names::{NameError, TenantName};
pub use plan::{Change, Desired, Difference, Plan, Present, Removal, plan};
pub use provision::{Generated, Wanted, generate};
pub use settings::{Mfe, Settings};
pub use site::{APPS, App, Site};
pub use summary::{Summary, tenant_name};
