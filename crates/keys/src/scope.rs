//! Scopes: where a role applies.
//!
//! A scope is read in two ways. [`ScopeKey::parse`] reads what a client sent and is strict.
//! [`ScopeKey::resolve`] reads what the policy tables hold and is lax: it finds the kind of the
//! scope and leaves the grammar of concrete keys unchecked.

mod error;
mod kind;

use std::ops::Range;

use crate::grammar;
use crate::stored;

pub use error::{Form, ScopeError};
pub use kind::Kind;
use kind::{classify, concrete, org_wide, organization_wide, platform_wide};

/// A scope: its kind and the text it was read from.
///
/// Two spellings of one object are two scopes; equality is equality of texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ScopeKey {
    external: String,
    namespace: &'static str,
    kind: Kind,
    org: Option<Range<usize>>,
}

impl ScopeKey {
    /// Reads the external key a client sent, already trimmed.
    ///
    /// The rules apply in order: `*` alone; no `:`; keys with `*` (platform-wide, then
    /// organization-wide, then refused); concrete keys by the grammar of their type.
    pub fn parse(external: &str) -> Result<Self, ScopeError> {
        if external == "*" {
            return Err(ScopeError::Everything(external.to_owned()));
        }
        let Some((namespace, rest)) = external.split_once(':') else {
            return Err(ScopeError::Format(external.to_owned()));
        };
        if external.contains('*') {
            parse_glob(external, namespace, rest)
        } else {
            parse_concrete(external, namespace, rest)
        }
    }

    /// Reads a stored key. The external part is not held against the grammar of its type, so the
    /// organization may be unknown.
    pub fn resolve(stored: &str) -> Result<Self, ScopeError> {
        let (namespace, kind) = classify(stored).map_err(|refusal| refusal.of(stored))?;
        let external = stored::external(stored);
        Ok(Self {
            external: external.to_owned(),
            namespace,
            kind,
            org: org_of(kind, namespace, external),
        })
    }

    /// What the scope covers.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The namespace: `lib`, `course-v1`, `ccx-v1`, `global`, `platform` or `org`.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.namespace
    }

    /// The text clients see, exactly as it was read.
    #[must_use]
    pub fn external(&self) -> &str {
        &self.external
    }

    /// The namespaced key as the policy tables hold it.
    #[must_use]
    pub fn stored(&self) -> String {
        stored::scope(self.namespace, &self.external)
    }

    /// The organization the key names, if its kind has one and the text shows it.
    #[must_use]
    pub fn org(&self) -> Option<&str> {
        self.external.get(self.org.clone()?)
    }

    /// Whether it stands for everything of its namespace.
    #[must_use]
    pub fn is_platform(&self) -> bool {
        matches!(
            self.kind,
            Kind::AllLibraries | Kind::AllCourses | Kind::AnyPlatform
        )
    }

    /// See [`Kind::is_glob`].
    #[must_use]
    pub fn is_glob(&self) -> bool {
        self.kind.is_glob()
    }

    /// See [`Kind::staff_bypass`].
    #[must_use]
    pub fn staff_bypass(&self) -> bool {
        self.kind.staff_bypass()
    }
}

fn parse_glob(external: &str, namespace: &str, rest: &str) -> Result<ScopeKey, ScopeError> {
    if rest == "*" {
        let (namespace, kind) =
            platform_wide(namespace).ok_or_else(|| ScopeError::UnknownPlatform {
                namespace: namespace.to_owned(),
                form: Form::External,
                key: external.to_owned(),
            })?;
        return Ok(ScopeKey {
            external: external.to_owned(),
            namespace,
            kind,
            org: None,
        });
    }
    if org_wide(rest).is_none() {
        return Err(ScopeError::Glob(external.to_owned()));
    }
    let (namespace, kind) = match organization_wide(namespace) {
        Some((_, Kind::AnyOrg)) => return Err(ScopeError::Unsupported(external.to_owned())),
        Some(found) => found,
        None => {
            return Err(ScopeError::UnknownOrg {
                namespace: namespace.to_owned(),
                form: Form::External,
                key: external.to_owned(),
            });
        }
    };
    let org = org_of(kind, namespace, external);
    if org.is_none() {
        return Err(ScopeError::OrgFormat(external.to_owned()));
    }
    Ok(ScopeKey {
        external: external.to_owned(),
        namespace,
        kind,
        org,
    })
}

fn parse_concrete(external: &str, namespace: &str, rest: &str) -> Result<ScopeKey, ScopeError> {
    let Some((namespace, kind)) = concrete(namespace) else {
        return Err(ScopeError::UnknownNamespace {
            namespace: namespace.to_owned(),
            form: Form::External,
            key: external.to_owned(),
        });
    };
    let org = match kind {
        Kind::Library => grammar::library(rest),
        Kind::Course => grammar::course_run(rest),
        Kind::Ccx => grammar::ccx_run(rest),
        _ => Some(None),
    };
    let Some(org) = org else {
        return Err(ScopeError::Format(external.to_owned()));
    };
    let org = org.map(|range| shifted(range, namespace.len() + 1));
    Ok(ScopeKey {
        external: external.to_owned(),
        namespace,
        kind,
        org,
    })
}

/// The organization in the external key of a scope of this kind.
fn org_of(kind: Kind, namespace: &str, external: &str) -> Option<Range<usize>> {
    let rest = external.strip_prefix(namespace)?.strip_prefix(':')?;
    let range = match kind {
        Kind::Library => grammar::library(rest)??,
        Kind::Course => grammar::course_run(rest)??,
        Kind::Ccx => grammar::ccx_run(rest)??,
        Kind::OrgLibraries | Kind::OrgCourses => {
            let end = if kind == Kind::OrgLibraries {
                ":*"
            } else {
                "+*"
            };
            let org = rest.strip_suffix(end)?;
            grammar::is_organization(org).then_some(0..org.len())?
        }
        _ => return None,
    };
    Some(shifted(range, namespace.len() + 1))
}

fn shifted(range: Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}
