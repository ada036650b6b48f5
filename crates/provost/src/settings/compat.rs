//! `[compat]`: the switches in which one platform's answers differ from another's.
//!
//! The defaults answer as an Open edX platform does. `conformance/provost.toml` turns them to what the recorded
//! exchanges show.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The switches in which one platform's answers differ from another's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Compat {
    /// What a path answers that lacks the trailing slash of its route.
    pub missing_slash: MissingSlash,
    /// Whether granting and revoking a role writes a row of the audit model, beside the entry in the change log.
    pub role_assignment_audit: bool,
}

/// What a path answers that lacks the trailing slash of its route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MissingSlash {
    /// 301 to the path with the slash.
    Redirect,
    /// 404.
    NotFound,
}

impl Default for Compat {
    fn default() -> Self {
        Self {
            missing_slash: MissingSlash::Redirect,
            role_assignment_audit: true,
        }
    }
}
