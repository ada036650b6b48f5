//! Tenants as code, tenants that were deleted, and which hosts are known.

mod access;
mod applying;
mod deleted;
mod many;
mod moving;
mod random;
mod refusals;
mod world;
