//! Absolute addresses: scheme and host as the client used them.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OriginalUri};
use http::request::Parts;
use http::{HeaderMap, header};

/// The public address of the service (`https://lms.example.org`), as a request extension; it wins
/// over everything the request says.
#[derive(Clone, Debug)]
pub struct PublicBase(pub Arc<str>);

/// As a request extension: the proxy in front is trusted, so `X-Forwarded-Proto` and
/// `X-Forwarded-Host` are believed.
#[derive(Clone, Copy, Debug)]
pub struct TrustForwarded;

/// Scheme and host of a request, `http://lms.example.org:8000`. As an argument it never fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(Arc<str>);

impl Origin {
    /// Work out the origin of the request with this head.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        if let Some(PublicBase(base)) = parts.extensions.get() {
            let trimmed = base.trim_end_matches('/');
            return Self(if trimmed.len() == base.len() {
                Arc::clone(base)
            } else {
                trimmed.into()
            });
        }
        let trusted = parts.extensions.get::<TrustForwarded>().is_some();
        let forwarded = |name| {
            if trusted {
                first_word(&parts.headers, name)
            } else {
                None
            }
        };
        let scheme = match forwarded("x-forwarded-proto") {
            Some(word) if word.eq_ignore_ascii_case("https") => "https",
            _ => "http",
        };
        let host = forwarded("x-forwarded-host")
            .or_else(|| first_word(&parts.headers, header::HOST.as_str()))
            .or_else(|| parts.uri.authority().map(http::uri::Authority::as_str))
            .unwrap_or("localhost");
        Self(format!("{scheme}://{host}").into())
    }

    /// The origin itself, without a path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `path` under this origin; an address that is absolute already stays as it is.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        if path.contains("://") {
            return path.to_owned();
        }
        let slash = if path.starts_with('/') { "" } else { "/" };
        format!("{}{slash}{path}", self.0)
    }
}

fn first_word<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let value = headers.get(name)?.to_str().ok()?;
    let word = value.split(',').next().unwrap_or_default().trim();
    (!word.is_empty()).then_some(word)
}

/// Where the request went, for links to other pages of the same listing.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    origin: Origin,
    uri: http::Uri,
}

impl Place {
    pub(crate) fn of(parts: &Parts) -> Self {
        // Inside a nested router the address is cut; the original is kept beside it.
        let uri = match parts.extensions.get::<OriginalUri>() {
            Some(OriginalUri(uri)) => uri.clone(),
            None => parts.uri.clone(),
        };
        Self {
            origin: Origin::of(parts),
            uri,
        }
    }

    pub(crate) fn query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }

    /// The same address with some parameters set (`Some`) or removed (`None`): parameters sorted
    /// by name, repeated values in their order, everything encoded anew.
    pub(crate) fn with(&self, changes: &[(&str, Option<String>)]) -> String {
        let pairs = crate::form::pairs(self.query().as_bytes());
        let replaced = |name: &str| changes.iter().any(|(change, _)| *change == name);
        let mut all: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_ref()))
            .filter(|(name, _)| !replaced(name))
            .collect();
        for (name, value) in changes {
            if let Some(value) = value {
                all.push((name, value));
            }
        }
        all.sort_by_key(|(name, _)| *name);
        let query: Vec<String> = all
            .iter()
            .map(|(name, value)| {
                format!(
                    "{}={}",
                    crate::form::encode(name),
                    crate::form::encode(value)
                )
            })
            .collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!(
            "{}{}{mark}{}",
            self.origin.as_str(),
            self.uri.path(),
            query.join("&")
        )
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts))
    }
}
