//! The settings that handlers read; the program fills them from its file and environment.

use crate::identity;

/// What the application is told at start.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Credentials, keys, sessions and their limits.
    pub identity: identity::Settings,
    /// The wire profile.
    pub compat: Compat,
    /// URL under which uploaded files are served: prefix of an organization's logo.
    pub media_url: MediaUrl,
}

/// Where the two wire profiles differ; the defaults answer as a real platform does.
#[derive(Clone, Copy, Debug)]
pub struct Compat {
    /// Whether granting and revoking a role writes a row of
    /// `openedx_authz.roleassignmentaudit`. The reference writes it after commit, so its
    /// recordings, made inside transactions that never commit, hold none.
    pub role_assignment_audit: bool,
}

impl Default for Compat {
    fn default() -> Self {
        Self {
            role_assignment_audit: true,
        }
    }
}

/// A URL or path prefix that ends with a slash.
#[derive(Clone, Debug)]
pub struct MediaUrl(String);

impl MediaUrl {
    /// Takes a prefix, with or without its final slash.
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        Self(format!("{}/", prefix.trim_end_matches('/')))
    }

    /// The URL of a stored file, or nothing where there is no file.
    #[must_use]
    pub fn of(&self, path: &str) -> Option<String> {
        (!path.is_empty()).then(|| format!("{}{}", self.0, path.trim_start_matches('/')))
    }
}

impl Default for MediaUrl {
    fn default() -> Self {
        Self::new("/media")
    }
}
