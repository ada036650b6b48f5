//! Protection against forged requests: Django's double submit of a cookie and a header.
//!
//! A page of another origin can make a browser send our cookies, but can read neither the
//! cookie `csrftoken` nor set the header `X-CSRFToken`. So an unsafe request whose credentials
//! came in a cookie must repeat the cookie's secret in the header; and if the browser says
//! which origin sent it, that origin must be this one or a trusted one.

use std::borrow::Cow;

use http::{HeaderMap, Method, header};
use subtle::ConstantTimeEq as _;

use super::secret;

#[cfg(test)]
mod tests;

/// Name of the cookie that holds the secret.
pub const COOKIE: &str = "csrftoken";
/// Name of the header that repeats it.
pub const HEADER: &str = "x-csrftoken";
/// Length of a secret in letters and digits.
const SECRET: usize = 32;
/// Length of a masked token: the mask, and the secret shifted by it.
const TOKEN: usize = 2 * SECRET;
/// The alphabet that secrets are made of and shifted in.
const ALPHABET: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Why a request is refused; `Display` is Django's reason text, which the client sees as
/// `{"detail":"CSRF Failed: <reason>"}` with status 403.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// No cookie.
    #[error("CSRF cookie not set.")]
    NoCookie,
    /// The cookie is not a token at all.
    #[error("CSRF cookie {0}.")]
    BadCookie(Flaw),
    /// No header.
    #[error("CSRF token missing.")]
    NoToken,
    /// The header is not a token, or not the cookie's.
    #[error("CSRF token from the 'X-Csrftoken' HTTP header {0}.")]
    BadToken(Flaw),
    /// The browser names an origin that is not trusted.
    #[error("Origin checking failed - {0} does not match any trusted origins.")]
    Origin(String),
    /// Over TLS, without an origin, the page must be named.
    #[error("Referer checking failed - no Referer.")]
    NoReferer,
    /// What names the page is not a URL with a scheme and a host.
    #[error("Referer checking failed - Referer is malformed.")]
    MalformedReferer,
    /// The page came without TLS, so that anybody on the way may have written it.
    #[error("Referer checking failed - Referer is insecure while host is secure.")]
    InsecureReferer,
    /// The browser says that a page of another site sent the request.
    #[error("Fetch metadata checking failed - the request comes from another site.")]
    OtherSite,
    /// The page belongs to another host.
    #[error("Referer checking failed - {0} does not match any trusted origins.")]
    Referer(String),
}

impl Refusal {
    /// The reason in the words of the platform's older releases, which told fewer apart.
    #[must_use]
    pub fn older_text(&self) -> String {
        match self {
            Self::BadCookie(_) | Self::NoToken | Self::BadToken(_) => {
                "CSRF token missing or incorrect.".to_owned()
            }
            other => other.to_string(),
        }
    }
}

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Flaw {
    /// Neither 32 nor 64 characters.
    #[error("has incorrect length")]
    Length,
    /// Something other than letters and digits of ASCII.
    #[error("has invalid characters")]
    Characters,
    /// Not the secret of the cookie.
    #[error("incorrect")]
    Mismatch,
}

/// Where a request was sent to, as the client saw it.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// `http` or `https`.
    pub scheme: &'a str,
    /// Host, with its port unless it is the scheme's own.
    pub host: &'a str,
    /// Other origins whose pages may send unsafe requests; `https://*.example.com` means every
    /// host below `example.com`, and itself.
    pub trusted: &'a [String],
}

/// Whether requests of this method change nothing (RFC 9110 section 9.2.1), so that a forged
/// one does no harm.
#[must_use]
pub fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE].contains(method)
}

/// Checks an unsafe request: its origin, then the pair of cookie and header.
///
/// `cookie` is the value of the cookie `csrftoken`.
///
/// # Errors
/// The first [`Refusal`] in Django's order.
pub fn check(headers: &HeaderMap, cookie: Option<&str>, site: Site<'_>) -> Result<(), Refusal> {
    check_origin(headers, site)?;
    let cookie = cookie.ok_or(Refusal::NoCookie)?;
    let secret = secret_of(cookie).map_err(Refusal::BadCookie)?;
    let token = headers.get(HEADER).ok_or(Refusal::NoToken)?;
    let token = token
        .to_str()
        .map_err(|_| Refusal::BadToken(Flaw::Characters))?;
    let repeated = secret_of(token).map_err(Refusal::BadToken)?;
    if repeated.as_bytes().ct_eq(secret.as_bytes()).into() {
        Ok(())
    } else {
        Err(Refusal::BadToken(Flaw::Mismatch))
    }
}

/// Checks who sent a request, from `Origin` and, over TLS and without it, from `Referer`.
///
/// # Errors
/// A [`Refusal`] about the origin or the referer.
pub fn check_origin(headers: &HeaderMap, site: Site<'_>) -> Result<(), Refusal> {
    if let Some(origin) = headers.get(header::ORIGIN) {
        let origin = String::from_utf8_lossy(origin.as_bytes());
        return if is_trusted(&origin, site) {
            Ok(())
        } else {
            Err(Refusal::Origin(origin.into_owned()))
        };
    }
    if site.scheme != "https" {
        return Ok(());
    }
    let referer = headers.get(header::REFERER).ok_or(Refusal::NoReferer)?;
    let referer = String::from_utf8_lossy(referer.as_bytes());
    let origin = origin_of(&referer).ok_or(Refusal::MalformedReferer)?;
    if !origin.starts_with("https://") {
        return Err(Refusal::InsecureReferer);
    }
    if is_trusted(&origin, site) {
        Ok(())
    } else {
        Err(Refusal::Referer(referer.into_owned()))
    }
}

/// Checks by what browsers say alone that no page of another site sent a request: the origin, if one is
/// named, is this one or a trusted one, and without one the browser does not speak of another site
/// (W3C Fetch Metadata). Browsers that know `SameSite` send at least one of the two headers with every
/// unsafe request of a page; what sends neither is no page.
///
/// # Errors
/// [`Refusal::Origin`] or [`Refusal::OtherSite`].
pub fn check_site(headers: &HeaderMap, site: Site<'_>) -> Result<(), Refusal> {
    if headers.contains_key(header::ORIGIN) {
        return check_origin(headers, site);
    }
    match headers
        .get("sec-fetch-site")
        .map(http::HeaderValue::as_bytes)
    {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Refusal::OtherSite),
    }
}

/// Scheme and authority of an absolute URL.
fn origin_of(url: &str) -> Option<String> {
    let url: http::Uri = url.parse().ok()?;
    Some(format!(
        "{}://{}",
        url.scheme_str()?,
        url.authority()?.as_str()
    ))
}

fn is_trusted(origin: &str, site: Site<'_>) -> bool {
    let own = origin
        .split_once("://")
        .is_some_and(|(scheme, host)| scheme == site.scheme && host == site.host);
    own || site.trusted.iter().any(|trusted| covers(trusted, origin))
}

/// Whether a trusted origin is this one, or a pattern `scheme://*.domain` that covers it.
fn covers(trusted: &str, origin: &str) -> bool {
    let Some((scheme, domain)) = trusted.split_once("://*.") else {
        return trusted == origin;
    };
    let Some(host) = origin
        .strip_prefix(scheme)
        .and_then(|rest| rest.strip_prefix("://"))
    else {
        return false;
    };
    host.strip_suffix(domain)
        .is_some_and(|below| below.is_empty() || below.ends_with('.'))
}

/// A fresh secret for the cookie.
#[must_use]
pub fn fresh() -> String {
    secret::letters_and_digits(SECRET)
}

/// Whether a cookie's value can go on being used.
#[must_use]
pub fn is_token(text: &str) -> bool {
    secret_of(text).is_ok()
}

/// A token for the header: the cookie's secret under a fresh mask, so that no two answers hold
/// the same text (a compressed page would otherwise give the secret away bit by bit).
/// `None` if the cookie's value is no token.
#[must_use]
pub fn masked(cookie: &str) -> Option<String> {
    let secret = secret_of(cookie).ok()?;
    let mask = fresh();
    let shifted = shift(&secret, &mask, |secret, mask| secret + mask);
    Some(format!("{mask}{shifted}"))
}

/// The secret that a plain or masked token stands for.
fn secret_of(token: &str) -> Result<Cow<'_, str>, Flaw> {
    if ![SECRET, TOKEN].contains(&token.chars().count()) {
        return Err(Flaw::Length);
    }
    if !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Flaw::Characters);
    }
    Ok(match token.split_at_checked(SECRET) {
        Some((mask, shifted)) if !shifted.is_empty() => {
            let size = ALPHABET.len();
            Cow::Owned(shift(shifted, mask, |shifted, mask| shifted + size - mask))
        }
        _ => Cow::Borrowed(token),
    })
}

/// Combines two texts letter by letter, as places in the alphabet.
fn shift(text: &str, mask: &str, combine: impl Fn(usize, usize) -> usize) -> String {
    let place = |byte: u8| ALPHABET.iter().position(|&letter| letter == byte);
    text.bytes()
        .zip(mask.bytes())
        .filter_map(|(text, mask)| {
            let place = combine(place(text)?, place(mask)?) % ALPHABET.len();
            ALPHABET.get(place).copied().map(char::from)
        })
        .collect()
}
