//! `[database]`: which database, and how it is reached.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DatabaseUrl, Wrong};

/// Which database, and how it is reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite://FILE` (created when missing) or `postgres://USER:PASSWORD@HOST/NAME`.
    pub url: DatabaseUrl,
    /// How many connections are kept at most. On SQLite these read, and one more writes.
    pub max_connections: u32,
    /// How long a connection waits for a lock, or a request for a connection, in seconds.
    pub busy_timeout_seconds: u64,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: DatabaseUrl::new("sqlite://provost.sqlite3"),
            max_connections: 16,
            busy_timeout_seconds: 5,
        }
    }
}

impl Database {
    /// [`Database::busy_timeout_seconds`] as a duration.
    #[must_use]
    pub fn busy_timeout(&self) -> Duration {
        Duration::from_secs(self.busy_timeout_seconds)
    }

    pub(super) fn validate(&self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known
            .iter()
            .any(|scheme| self.url.reveal().starts_with(scheme))
        {
            wrong.push(Wrong::new(
                "database.url",
                "must begin with `sqlite:`, `postgres://` or `postgresql://`",
            ));
        }
        if self.max_connections == 0 {
            wrong.push(Wrong::new("database.max_connections", "must be at least 1"));
        }
        if self.busy_timeout_seconds == 0 {
            wrong.push(Wrong::new(
                "database.busy_timeout_seconds",
                "must be at least 1",
            ));
        }
        wrong
    }
}
