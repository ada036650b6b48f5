//! What a request carries: the words of `Authorization`, its cookies, and where it came from.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{HeaderMap, header};
use provost_drf::absolute::{Origin, TrustForwarded};

use super::settings::Settings;
use super::throttle::Client;
use super::{csrf, session};

#[cfg(test)]
mod tests;

/// The platform's JWT in one cookie.
pub const JWT_COOKIE: &str = "edx-jwt-cookie";
/// Header and payload of it, readable by scripts.
pub const JWT_COOKIE_PAYLOAD: &str = "edx-jwt-cookie-header-payload";
/// Its signature, not readable by scripts, so that no script can carry the token away.
pub const JWT_COOKIE_SIGNATURE: &str = "edx-jwt-cookie-signature";
/// The header by which a request says that its JWT cookies are meant as credentials.
const USE_JWT_COOKIE: &str = "use-jwt-cookie";

/// The credentials of one request, borrowed from its head.
pub struct Credentials<'a> {
    pub(super) parts: &'a Parts,
    authorization: Option<Cow<'a, str>>,
}

impl<'a> Credentials<'a> {
    /// Looks at the head of a request.
    #[must_use]
    pub fn of(parts: &'a Parts) -> Self {
        let authorization = parts.headers.get(header::AUTHORIZATION);
        Self {
            parts,
            authorization: authorization.map(|value| text(value.as_bytes())),
        }
    }

    /// The words of `Authorization`, split at blanks; none without the header.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        self.authorization
            .as_deref()
            .unwrap_or_default()
            .split_ascii_whitespace()
            .collect()
    }

    /// The value of a cookie; the last, if it is there several times, as the platform reads it.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&'a str> {
        cookie(&self.parts.headers, name)
    }

    /// The session key, if there is one.
    #[must_use]
    pub fn session_key(&self) -> Option<&'a str> {
        self.cookie(session::COOKIE)
    }

    /// Whether the request asks for its JWT cookies to be looked at.
    #[must_use]
    pub fn uses_jwt_cookie(&self) -> bool {
        let asks = self.parts.headers.get(USE_JWT_COOKIE);
        asks.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"))
    }

    /// The JWT in the cookies: put together from its halves, or whole.
    #[must_use]
    pub fn jwt_cookie(&self) -> Option<Cow<'a, str>> {
        let halves = self
            .cookie(JWT_COOKIE_PAYLOAD)
            .zip(self.cookie(JWT_COOKIE_SIGNATURE));
        match halves {
            Some((payload, signature)) => Some(format!("{payload}.{signature}").into()),
            None => self.cookie(JWT_COOKIE).map(Cow::Borrowed),
        }
    }

    /// Checks that cookie-borne credentials were not sent by somebody else's page: nothing for
    /// a safe method, else the origin and the CSRF token.
    ///
    /// # Errors
    /// Which of them does not fit.
    pub fn check_csrf(&self, settings: &Settings) -> Result<(), csrf::Refusal> {
        if csrf::is_safe(&self.parts.method) {
            return Ok(());
        }
        let origin = Origin::of(self.parts);
        let cookie = self.cookie(csrf::COOKIE);
        csrf::check(&self.parts.headers, cookie, site(&origin, settings))
    }

    /// Checks that a page of another site did not send cookie-borne credentials, by what browsers say
    /// themselves: nothing for a safe method, else `Sec-Fetch-Site` and `Origin`. Other clients send
    /// neither, and nobody can make them send a cookie of somebody else's.
    ///
    /// # Errors
    /// The request came from a page of another site.
    pub fn check_site(&self, settings: &Settings) -> Result<(), csrf::Refusal> {
        if csrf::is_safe(&self.parts.method) {
            return Ok(());
        }
        let origin = Origin::of(self.parts);
        csrf::check_site(&self.parts.headers, site(&origin, settings))
    }

    /// Where the request came from, as far as its attempts to sign in are counted.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::from(self.address())
    }

    /// Where the request came from: the peer, or what the trusted proxy in front wrote down
    /// last (what stands before it, the client may have written itself).
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        let extensions = &self.parts.extensions;
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(address)| address.ip());
        let trusted = extensions.get::<TrustForwarded>().is_some();
        let forwarded = self
            .parts
            .headers
            .get_all("x-forwarded-for")
            .iter()
            .next_back();
        let forwarded = forwarded
            .filter(|_| trusted)
            .and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        forwarded.or(peer)
    }
}

/// Where a request was sent to, with the origins that may send unsafe ones.
#[must_use]
pub fn site<'a>(origin: &'a Origin, settings: &'a Settings) -> csrf::Site<'a> {
    let (scheme, host) = origin.as_str().split_once("://").unwrap_or_default();
    csrf::Site {
        scheme,
        host,
        trusted: &settings.csrf.trusted_origins,
    }
}

/// What is no UTF-8 is replaced. Nearly every text is UTF-8, and asking that first is cheaper than
/// looking for what to replace.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .filter(|(found, _)| found.trim() == name)
        .map(|(_, value)| value.trim())
        .map(|value| {
            let quoted = value
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'));
            quoted.unwrap_or(value)
        })
        .next_back()
}
