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
        let scheme = match forwarded(parts, "x-forwarded-proto") {
            Some(word) if word.eq_ignore_ascii_case("https") => "https",
            _ => "http",
        };
        Self(format!("{scheme}://{}", host(parts)).into())
    }

    /// The origin that the request with this head was sent to, whatever public address the service
    /// has; several sites may be served. Where nothing trusted says how it came, it came as the
    /// public address has it.
    #[must_use]
    pub fn requested(parts: &Parts) -> Self {
        let public = parts.extensions.get::<PublicBase>();
        let secure = match forwarded(parts, "x-forwarded-proto") {
            Some(word) => word.eq_ignore_ascii_case("https"),
            None => public.is_some_and(|PublicBase(base)| base.starts_with("https:")),
        };
        let scheme = if secure { "https" } else { "http" };
        Self(format!("{scheme}://{}", host(parts)).into())
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

/// The host that a request was sent to, with its port if it named one, in lower case.
///
/// Unlike [`Origin`] it is the request's own even where the service has a public address: several
/// sites may be served, and the host tells which one is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(String);

impl Host {
    /// The host of the request with this head; empty where it is no text.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let sent = parts.headers.get(header::HOST);
        let unreadable = sent.is_some_and(|host| host.to_str().is_err());
        if unreadable && forwarded(parts, "x-forwarded-host").is_none() {
            return Self(String::new());
        }
        Self(host(parts).to_ascii_lowercase())
    }

    /// The host as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is written as host names are: letters, digits, dots and hyphens, or an IPv6
    /// address in brackets, and a port of digits.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let (name, port) = match self.0.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, Some(port)),
            _ => (self.0.as_str(), None),
        };
        let bracketed = name
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let good_name = match bracketed {
            Some(address) => {
                address.contains(':')
                    && address
                        .bytes()
                        .all(|byte| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.')
            }
            None => {
                !name.is_empty()
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-')
            }
        };
        let good_port = port
            .is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
        good_name && good_port
    }
}

/// What a trusted proxy in front says.
fn forwarded<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.extensions.get::<TrustForwarded>()?;
    first_word(&parts.headers, name)
}

/// The host that a request was sent to, with its port if it named one, to the letter; `localhost`
/// where it names none. [`Host`] is the same in lower case, and says whether it is one.
#[must_use]
pub fn host(parts: &Parts) -> &str {
    let sent = parts.headers.get(header::HOST);
    let sent = sent.and_then(|host| Some(host.to_str().ok()?.trim()));
    forwarded(parts, "x-forwarded-host")
        .or(sent.filter(|host| !host.is_empty()))
        .or_else(|| parts.uri.authority().map(http::uri::Authority::as_str))
        .unwrap_or("localhost")
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
