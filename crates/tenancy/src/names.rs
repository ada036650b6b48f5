//! Names that tenants, themes and organizations may have.

use std::fmt;

use crate::settings::Settings;

/// The longest label of a domain name.
const LONGEST_LABEL: usize = 63;

/// The most characters of an external key, and of the key of a microsite.
pub const LONGEST_KEY: usize = 63;

/// The most characters of the domain of a route.
pub const LONGEST_DOMAIN: usize = 100;

/// The most characters of the host of a microsite.
pub const LONGEST_SUBDOMAIN: usize = 127;

/// The most characters of the name of an organization.
pub const LONGEST_ORGANIZATION: usize = 100;

/// The most characters of the name of a theme.
pub const LONGEST_THEME: usize = 100;

/// The most characters of what a platform calls itself.
pub const LONGEST_PLATFORM: usize = 255;

/// The most organizations that are named where a tenant is made.
pub const MOST_ORGANIZATIONS: usize = 100;

/// The most organizations that a `course_org_filter` names.
pub const MOST_FILTERED: usize = 1_000;

/// The name of a tenant: the first label of its domains.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantName(String);

/// Why a text is no name of a tenant, in the words that a client is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It is no label of a domain name, or one that begins like an encoded one (`xn--`).
    #[error(
        "Enter a valid tenant name: lowercase letters, digits and hyphens, starting and ending with a letter or digit, at most 63 characters."
    )]
    Malformed,
    /// The tenant's domain would be too long.
    #[error("Ensure this field has no more than {limit} characters.")]
    TooLong {
        /// How many characters there may be.
        limit: usize,
    },
    /// The name is kept for something else.
    #[error("'{name}' is a reserved name.")]
    Reserved {
        /// The name.
        name: String,
    },
}

impl TenantName {
    /// Reads a name as it was sent. Nothing is trimmed, and upper case is refused rather than
    /// folded: routes are compared to the letter, and browsers send hosts in lower case.
    /// Of several reasons against a name, the first is told.
    pub fn parse(text: &str, settings: &Settings) -> Result<Self, NameError> {
        // Labels with two hyphens at their third place are encoded names; nobody means one.
        let is_encoded = text.as_bytes().get(2..4) == Some(b"--");
        if !is_label(text) || is_encoded {
            return Err(NameError::Malformed);
        }
        let limit = longest(settings);
        if text.len() > limit {
            return Err(NameError::TooLong { limit });
        }
        if is_reserved(text, settings) {
            let name = text.to_owned();
            return Err(NameError::Reserved { name });
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for TenantName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How many characters the name of a tenant may have, so that its domain has at most 63.
#[must_use]
pub fn longest(settings: &Settings) -> usize {
    let suffix = settings.base_domain.chars().count().saturating_add(1);
    LONGEST_KEY.saturating_sub(suffix)
}

/// A tenant with the label of a host as its name would answer at a host of the platform's own.
fn is_reserved(name: &str, settings: &Settings) -> bool {
    let labels = [&settings.mfe_label, &settings.studio_label];
    settings
        .reserved_names
        .iter()
        .chain(labels)
        .any(|reserved| reserved.eq_ignore_ascii_case(name))
}

/// Whether a text is a label of a domain name as browsers send it: 1 to 63 lower-case ASCII
/// letters, digits and hyphens, no hyphen at its ends.
#[must_use]
pub fn is_label(text: &str) -> bool {
    let is_character =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LONGEST_LABEL).contains(&text.len())
        && text.bytes().all(is_character)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Whether a theme may have this name: 1 to 100 ASCII letters, digits, `_`, `-` and `.`, the first
/// no dot, because themes are directories.
#[must_use]
pub fn is_theme(name: &str) -> bool {
    is_plain(name, LONGEST_THEME) && !name.starts_with('.')
}

/// Whether an organization may have this short name: 1 to 100 ASCII letters, digits, `.`, `_`
/// and `-`.
#[must_use]
pub fn is_organization(name: &str) -> bool {
    is_plain(name, LONGEST_ORGANIZATION)
}

/// Whether a text may stand for a host in files of other programs: ASCII letters, digits, `.`, `-` and
/// `_`. A domain that is routed may be any text; one that is no host never comes with a request.
#[must_use]
pub fn is_host(text: &str) -> bool {
    is_plain(text, usize::MAX)
}

fn is_plain(name: &str, longest: usize) -> bool {
    let is_character = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=longest).contains(&name.len()) && name.bytes().all(is_character)
}

/// Whether a platform may be called this: 1 to 255 characters, no space at the ends, since the name
/// is trimmed before it is kept, and no null character, which databases do not keep.
#[must_use]
pub fn is_platform_name(name: &str) -> bool {
    let length = name.chars().count();
    (1..=LONGEST_PLATFORM).contains(&length) && name.trim() == name && !name.contains('\0')
}
