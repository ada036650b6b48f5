//! `/api/tenant/v1/` and `/api/mfe_config/v1`.

mod attempts;
mod callers;
mod creating;
mod listing;
mod mfe;
mod removing;
mod world;
