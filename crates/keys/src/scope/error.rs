//! Why a text is not a scope.

/// Why a text is not a scope. `Display` gives the exact text clients read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// The wildcard over everything: `*` from a client, `global^…*…` in store.
    #[error(
        "Global scope wildcard '{0}' is not a valid scope. Use a specific scope key or a namespaced wildcard."
    )]
    Everything(String),
    /// Empty, without `:`, or against the grammar of its type.
    #[error("Invalid external_key format: {0}")]
    Format(String),
    /// The namespace has no scopes of its own.
    #[error("Unknown scope: {namespace} for {form}: {key}")]
    UnknownNamespace {
        /// The text before the separator.
        namespace: String,
        /// Which form of key was read.
        form: Form,
        /// The whole key.
        key: String,
    },
    /// `ns:*` of a namespace that has no platform-wide scope.
    #[error("Unknown platform glob scope: {namespace} for {form}: {key}")]
    UnknownPlatform {
        /// The text before the separator.
        namespace: String,
        /// Which form of key was read.
        form: Form,
        /// The whole key.
        key: String,
    },
    /// `ns:ORG*` of a namespace that has no organization-wide scope.
    #[error("Unknown org glob scope: {namespace} for {form}: {key}")]
    UnknownOrg {
        /// The text before the separator.
        namespace: String,
        /// Which form of key was read.
        form: Form,
        /// The whole key.
        key: String,
    },
    /// `org:XX*`: the platform knows the type and cannot use it, so for clients it is unknown.
    #[error("Unknown org glob scope: org for external_key: {0}")]
    Unsupported(String),
    /// An organization-wide key with the wrong separator or an impossible organization.
    #[error("Invalid external_key format for org glob scope: {0}")]
    OrgFormat(String),
    /// A `*` elsewhere than at the end, or with too little before it, in a client's key.
    #[error("Invalid glob pattern: '{0}' is not a valid platform or org-level glob")]
    Glob(String),
    /// The same in a stored key.
    #[error("Unknown glob pattern: '{0}' is not a valid platform or org-level glob")]
    StoredGlob(String),
    /// A stored key without namespace or without external key, or with a line feed inside.
    #[error("Invalid namespaced_key format: {0}")]
    StoredFormat(String),
}

/// Which form of a key an error speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// What clients see.
    External,
    /// What is stored.
    Namespaced,
}

impl std::fmt::Display for Form {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::External => "external_key",
            Self::Namespaced => "namespaced_key",
        })
    }
}
