//! The kinds of scopes, and how a stored key tells its kind.

use super::error::{Form, ScopeError};
use crate::stored;

const LIBRARY: &str = "lib";
const COURSE: &str = "course-v1";
const CCX: &str = "ccx-v1";
const GLOBAL: &str = "global";
const PLATFORM: &str = "platform";
const ORG: &str = "org";

/// The least number of characters between `ns:` and the final `*` of an organization-wide key.
const SHORTEST_ORG: usize = 2;

/// What a scope covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One content library: `lib:ORG:SLUG`.
    Library,
    /// One course run: `course-v1:ORG+COURSE+RUN`.
    Course,
    /// One CCX course run: `ccx-v1:ORG+COURSE+RUN+ccx@N`.
    Ccx,
    /// Anything in the namespace `global`.
    Global,
    /// Every library of an organization: `lib:ORG:*`.
    OrgLibraries,
    /// Every course of an organization: `course-v1:ORG+*`.
    OrgCourses,
    /// Every library: `lib:*`.
    AllLibraries,
    /// Every course: `course-v1:*`.
    AllCourses,
    /// `platform:*`, an abstract type that clients can reach and nothing is granted on.
    AnyPlatform,
    /// The stored key `ns^*` of a concrete namespace, as role definitions use it.
    Generic,
    /// The stored key `org^org:XX*`, an abstract type nothing is granted on.
    AnyOrg,
}

impl Kind {
    /// The kind of a stored (namespaced) key, or `None` when the key cannot be resolved.
    ///
    /// The same rules as [`ScopeKey::resolve`], without allocating: a check asks this first.
    #[must_use]
    pub fn of_stored(stored: &str) -> Option<Kind> {
        classify(stored).ok().map(|(_, kind)| kind)
    }

    /// Whether the key stands for many objects: every kind that ends with `*`.
    #[must_use]
    pub fn is_glob(self) -> bool {
        !matches!(
            self,
            Self::Library | Self::Course | Self::Ccx | Self::Global
        )
    }

    /// Whether staff may do anything in a scope of this kind without a role: libraries and courses,
    /// singly, by organization and all together. CCX courses are not among them.
    #[must_use]
    pub fn staff_bypass(self) -> bool {
        matches!(
            self,
            Self::Library
                | Self::Course
                | Self::OrgLibraries
                | Self::OrgCourses
                | Self::AllLibraries
                | Self::AllCourses
        )
    }
}

/// The text between `ns:` and the final `*`, when it is long enough to name an organization.
pub(super) fn org_wide(rest: &str) -> Option<&str> {
    let between = rest.strip_suffix('*')?;
    (between.chars().count() >= SHORTEST_ORG).then_some(between)
}

pub(super) fn concrete(namespace: &str) -> Option<(&'static str, Kind)> {
    match namespace {
        LIBRARY => Some((LIBRARY, Kind::Library)),
        COURSE => Some((COURSE, Kind::Course)),
        CCX => Some((CCX, Kind::Ccx)),
        GLOBAL => Some((GLOBAL, Kind::Global)),
        _ => None,
    }
}

pub(super) fn platform_wide(namespace: &str) -> Option<(&'static str, Kind)> {
    match namespace {
        LIBRARY => Some((LIBRARY, Kind::AllLibraries)),
        COURSE => Some((COURSE, Kind::AllCourses)),
        PLATFORM => Some((PLATFORM, Kind::AnyPlatform)),
        _ => None,
    }
}

pub(super) fn organization_wide(namespace: &str) -> Option<(&'static str, Kind)> {
    match namespace {
        LIBRARY => Some((LIBRARY, Kind::OrgLibraries)),
        COURSE => Some((COURSE, Kind::OrgCourses)),
        ORG => Some((ORG, Kind::AnyOrg)),
        _ => None,
    }
}

/// Why a stored key does not resolve, without its texts: a check has no use for them.
#[derive(Clone, Copy)]
pub(super) enum Refusal {
    Format,
    Platform,
    Org,
    Everything,
    Glob,
    Namespace,
}

impl Refusal {
    pub(super) fn of(self, stored: &str) -> ScopeError {
        let key = stored.to_owned();
        let form = Form::Namespaced;
        let namespace = stored::split(stored)
            .map_or("", |(namespace, _)| namespace)
            .to_owned();
        match self {
            Self::Format => ScopeError::StoredFormat(key),
            Self::Platform => ScopeError::UnknownPlatform {
                namespace,
                form,
                key,
            },
            Self::Org => ScopeError::UnknownOrg {
                namespace,
                form,
                key,
            },
            Self::Everything => ScopeError::Everything(key),
            Self::Glob => ScopeError::StoredGlob(key),
            Self::Namespace => ScopeError::UnknownNamespace {
                namespace,
                form,
                key,
            },
        }
    }
}

pub(super) fn classify(stored: &str) -> Result<(&'static str, Kind), Refusal> {
    let (namespace, external) = split_stored(stored).ok_or(Refusal::Format)?;
    if !external.contains('*') {
        return concrete(namespace).ok_or(Refusal::Namespace);
    }
    if let Some(rest) = external
        .strip_prefix(namespace)
        .and_then(|rest| rest.strip_prefix(':'))
    {
        if rest == "*" {
            return platform_wide(namespace).ok_or(Refusal::Platform);
        }
        if org_wide(rest).is_some() {
            return organization_wide(namespace).ok_or(Refusal::Org);
        }
    }
    if namespace == GLOBAL {
        return Err(Refusal::Everything);
    }
    if external == "*" {
        return concrete(namespace)
            .map(|(namespace, _)| (namespace, Kind::Generic))
            .ok_or(Refusal::Namespace);
    }
    Err(Refusal::Glob)
}

/// Splits at the first `^`, if somewhere in the key a `^` has a character on both sides and no line
/// feed stands anywhere but at the very end.
fn split_stored(stored: &str) -> Option<(&str, &str)> {
    let line = stored.strip_suffix('\n').unwrap_or(stored);
    if line.contains('\n') {
        return None;
    }
    let inner = line.get(line.chars().next()?.len_utf8()..)?;
    let at = inner.find(stored::SEPARATOR)?;
    if at + 1 == inner.len() {
        return None;
    }
    stored::split(stored)
}
