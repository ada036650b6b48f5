//! The token that a call carries: given, or got with client credentials and kept for as long as it is good.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Uri};
use http_body_util::Full;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::judge::{judge, read};
use super::settings::Settings;
use crate::Failure;
use crate::transport::{Bounds, Transport};

/// How long before its end a token is no longer used: a call that begins in time must also arrive in time.
const MARGIN: Duration = Duration::from_secs(30);
/// How long a token is kept of which the LMS does not say when it ends.
const UNSAID: u64 = 300;
/// The largest answer that is read.
const BYTES: usize = 1 << 20;

/// Where tokens come from, and the one that is in use.
pub(super) struct Tokens {
    source: Source,
    /// Held while a token is fetched, so that many calls at once fetch one.
    kept: Mutex<Option<Kept>>,
}

enum Source {
    Given(HeaderValue),
    Client { address: Uri, form: Bytes },
}

struct Kept {
    bearer: HeaderValue,
    until: Instant,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

impl Tokens {
    /// `base` is the address of the LMS, without a slash at its end.
    ///
    /// # Errors
    /// The setting that is wrong, and why.
    pub(super) fn new(settings: &Settings, base: &str) -> Result<Self, (&'static str, String)> {
        let source = if settings.access_token.is_empty() {
            Source::Client {
                address: format!("{base}/oauth2/access_token")
                    .parse()
                    .map_err(|_| ("base_url", "must be an address".to_owned()))?,
                form: form(settings),
            }
        } else {
            let bearer = bearer(settings.access_token.reveal())
                .ok_or_else(|| ("access_token", "cannot be sent in a header".to_owned()))?;
            Source::Given(bearer)
        };
        Ok(Self {
            source,
            kept: Mutex::new(None),
        })
    }

    /// The header that the next call carries; asks the LMS for a token if there is none that is good.
    pub(super) async fn bearer(
        &self,
        transport: &Transport,
        time: Duration,
    ) -> Result<HeaderValue, Failure> {
        let (address, form) = match &self.source {
            Source::Given(bearer) => return Ok(bearer.clone()),
            Source::Client { address, form } => (address, form),
        };
        let mut kept = self.kept.lock().await;
        if let Some(good) = kept.as_ref().filter(|kept| Instant::now() < kept.until) {
            return Ok(good.bearer.clone());
        }
        let bounds = Bounds { time, bytes: BYTES };
        let fresh = fetch(transport, address, form, bounds).await?;
        let bearer = fresh.bearer.clone();
        *kept = Some(fresh);
        Ok(bearer)
    }

    /// Drops the token of a call that was not let in. Gives whether another one can be had.
    pub(super) async fn forget(&self, refused: &HeaderValue) -> bool {
        if let Source::Given(_) = self.source {
            return false;
        }
        let mut kept = self.kept.lock().await;
        // Another call may have fetched a new one meanwhile.
        if kept.as_ref().is_some_and(|kept| kept.bearer == *refused) {
            *kept = None;
        }
        true
    }
}

/// Asks for a token by RFC 6749 section 4.4, with the credentials in the form, as the platform wants them.
async fn fetch(
    transport: &Transport,
    address: &Uri,
    form: &Bytes,
    bounds: Bounds,
) -> Result<Kept, Failure> {
    let mut request = Request::new(Full::new(form.clone()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = address.clone();
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let urlencoded = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(CONTENT_TYPE, urlencoded);
    let asked = Instant::now();
    let answer = transport.send(request, bounds).await?;
    // Whatever is said against the request for a token is said against us, and not against what is to be written.
    let answer = judge(answer).map_err(|failure| match failure {
        Failure::Refused { status, .. } => Failure::Unauthorized { status },
        other => other,
    })?;
    let granted: Granted = read(&answer)?;
    let bearer = bearer(&granted.access_token)
        .ok_or_else(|| Failure::nonsense("its token cannot be sent in a header"))?;
    tracing::debug!(seconds = granted.expires_in, "got a token of the LMS");
    Ok(Kept {
        bearer,
        until: asked + good_for(granted.expires_in),
    })
}

/// How long a token is used: until shortly before its end, which is at most half of its life, and a day at most.
fn good_for(expires_in: Option<u64>) -> Duration {
    let life = Duration::from_secs(expires_in.unwrap_or(UNSAID).min(86_400));
    life.saturating_sub(MARGIN.min(life / 2))
}

fn form(settings: &Settings) -> Bytes {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", &settings.client_id)
        .append_pair("client_secret", settings.client_secret.reveal())
        .append_pair("token_type", "bearer")
        .finish()
        .into()
}

/// The header value, marked so that it is shown nowhere.
fn bearer(token: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_used_until_shortly_before_its_end() {
        for (expires_in, seconds) in [
            (Some(3_600), 3_570),
            (Some(60), 30),
            (Some(10), 5),
            (Some(0), 0),
            (None, 270),
            (Some(u64::MAX), 86_370),
        ] {
            let good = good_for(expires_in);
            assert_eq!(good, Duration::from_secs(seconds), "{expires_in:?}");
        }
    }

    #[test]
    fn a_token_is_sent_only_where_a_header_can_hold_it() {
        assert!(bearer("abc").unwrap().is_sensitive());
        assert!(bearer("abc\r\nX-Other: 1").is_none());
    }
}
