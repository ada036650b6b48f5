//! `[lms]`: where the LMS is, and how it lets us in.

use std::time::Duration;

use http::{HeaderValue, Uri};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Backoff, Secret};

/// The LMS whose eox-tenant API is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The address of the LMS to which tenants are sent, e.g. `https://lms.example.com`. Empty: there is none, and nothing is sent.
    pub base_url: String,
    /// The id of the OAuth2 application that stands for this service at the LMS, with client credentials as its grant.
    pub client_id: String,
    /// The secret of that application.
    pub client_secret: Secret,
    /// An access token of the LMS that is used as it is, instead of `client_id` and `client_secret`.
    pub access_token: Secret,
    /// The path under which the LMS has the API of eox-tenant.
    pub api_prefix: String,
    /// How long one call may take, in seconds. A list of everything may take six times that.
    pub timeout_seconds: u64,
    /// The longest pause before the first new try of what failed, in milliseconds. It doubles with each try.
    pub retry_first_milliseconds: u64,
    /// The longest pause before any new try, in seconds. The LMS can ask for longer ones, up to an hour.
    pub retry_longest_seconds: u64,
    /// A PEM file of certificate authorities that are trusted besides the usual ones. Those of the system are not read by themselves.
    pub ca_certificate: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: String::new(),
            client_id: String::new(),
            client_secret: Secret::default(),
            access_token: Secret::default(),
            api_prefix: "/eox-tenant".to_owned(),
            timeout_seconds: 10,
            retry_first_milliseconds: 500,
            retry_longest_seconds: 60,
            ca_certificate: String::new(),
        }
    }
}

impl Settings {
    /// Whether there is an LMS at all.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.base_url.is_empty()
    }

    /// [`Settings::timeout_seconds`] as a duration.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    /// How long one write may take at most: it may ask for a token, and be made once more with a fresh one where the LMS
    /// does not take the first, so that there are four requests.
    #[must_use]
    pub fn longest_write(&self) -> Duration {
        self.timeout() * 4
    }

    /// The pauses between tries.
    #[must_use]
    pub fn backoff(&self) -> Backoff {
        Backoff {
            first: Duration::from_millis(self.retry_first_milliseconds),
            longest: Duration::from_secs(self.retry_longest_seconds),
        }
    }

    /// What is wrong: the name of a setting, and the rest of a sentence that begins with it. Without an LMS nothing
    /// about its address and credentials is.
    #[must_use]
    pub fn validate(&self) -> Vec<(&'static str, String)> {
        let mut wrong = self.times();
        if self.is_on() {
            if let Err(why) = origin(&self.base_url) {
                wrong.push(("base_url", why.to_owned()));
            }
            wrong.extend(self.credentials());
        }
        if !is_path(&self.api_prefix) {
            let why = "must be a path that begins with a slash, or be empty";
            wrong.push(("api_prefix", why.to_owned()));
        }
        wrong
    }

    fn times(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        if !(1..=600).contains(&self.timeout_seconds) {
            wrong.push(("timeout_seconds", "must be from 1 to 600".to_owned()));
        }
        if self.retry_first_milliseconds == 0 {
            wrong.push(("retry_first_milliseconds", "must be at least 1".to_owned()));
        }
        let Backoff { first, longest } = self.backoff();
        if longest < first || self.retry_longest_seconds > 86_400 {
            let why = "must be at least `retry_first_milliseconds`, and at most a day (86400)";
            wrong.push(("retry_longest_seconds", why.to_owned()));
        }
        wrong
    }

    fn credentials(&self) -> Vec<(&'static str, String)> {
        let has_client = !self.client_id.is_empty() || !self.client_secret.is_empty();
        let mut wrong = Vec::new();
        match (self.access_token.is_empty(), has_client) {
            (false, true) => wrong.push((
                "access_token",
                "must be empty where `client_id` or `client_secret` is set".to_owned(),
            )),
            (true, false) => wrong.push((
                "client_id",
                "must be set where `base_url` is, or `access_token` must".to_owned(),
            )),
            (true, true) if self.client_id.is_empty() => {
                wrong.push(("client_id", "must be set with `client_secret`".to_owned()));
            }
            (true, true) if self.client_secret.is_empty() => {
                wrong.push(("client_secret", "must be set with `client_id`".to_owned()));
            }
            _ => {}
        }
        if HeaderValue::from_str(self.access_token.reveal()).is_err() {
            let why = "must not hold control characters";
            wrong.push(("access_token", why.to_owned()));
        }
        wrong
    }
}

/// Whether a text can stand between an origin and a path.
fn is_path(prefix: &str) -> bool {
    let parsed = prefix.parse::<http::uri::PathAndQuery>();
    let is_plain = parsed.is_ok_and(|path| path.query().is_none());
    prefix.is_empty() || (prefix.starts_with('/') && is_plain)
}

/// The address without a slash at its end, checked: with a scheme and a host, without credentials, query and fragment.
///
/// # Errors
/// The rest of a sentence that begins with the name of the setting.
pub(super) fn origin(base_url: &str) -> Result<&str, &'static str> {
    const WHY: &str = "must be an address like `https://lms.example.com`";
    let uri: Uri = base_url.parse().map_err(|_| WHY)?;
    let has_scheme = matches!(uri.scheme_str(), Some("http" | "https"));
    let authority = uri.authority().ok_or(WHY)?;
    if !has_scheme || authority.host().is_empty() || uri.query().is_some() {
        return Err(WHY);
    }
    if authority.as_str().contains('@') {
        return Err("must not hold credentials");
    }
    if base_url.contains('#') {
        return Err(WHY);
    }
    Ok(base_url.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on() -> Settings {
        Settings {
            base_url: "https://lms.example.com".to_owned(),
            client_id: "provost".to_owned(),
            client_secret: "open sesame".into(),
            ..Settings::default()
        }
    }

    fn check(change: impl FnOnce(&mut Settings), wrong: &[&str]) {
        let mut settings = on();
        change(&mut settings);
        let found = settings.validate();
        let fields: Vec<_> = found.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, wrong, "{settings:?}: {found:?}");
    }

    #[test]
    fn without_an_lms_no_credentials_are_wanted() {
        assert_eq!(Settings::default().validate(), []);
        assert!(!Settings::default().is_on());
    }

    #[test]
    fn an_address_has_a_scheme_a_host_and_no_more_than_a_path() {
        for fine in [
            "https://lms.example.com",
            "http://127.0.0.1:8000/",
            "https://example.com/lms",
        ] {
            check(|settings| settings.base_url = fine.to_owned(), &[]);
        }
        for wrong in [
            "lms.example.com",
            "ftp://lms.example.com",
            "https://",
            "https://user:word@lms.example.com",
            "https://lms.example.com/?next=/",
            "https://lms.example.com/#top",
            "not an address",
        ] {
            check(
                |settings| settings.base_url = wrong.to_owned(),
                &["base_url"],
            );
        }
    }

    #[test]
    fn credentials_are_a_client_with_its_secret_or_a_token() {
        check(|_| {}, &[]);
        check(|settings| settings.client_id.clear(), &["client_id"]);
        check(
            |settings| settings.client_secret = Secret::default(),
            &["client_secret"],
        );
        check(
            |settings| settings.access_token = "abc".into(),
            &["access_token"],
        );
        let token = |text: &'static str| {
            move |settings: &mut Settings| {
                settings.client_id.clear();
                settings.client_secret = Secret::default();
                settings.access_token = text.into();
            }
        };
        check(token("abc"), &[]);
        check(token(""), &["client_id"]);
        check(token("abc\n"), &["access_token"]);
    }

    #[test]
    fn times_and_the_path_have_bounds() {
        check(
            |settings| settings.timeout_seconds = 0,
            &["timeout_seconds"],
        );
        check(
            |settings| settings.timeout_seconds = 601,
            &["timeout_seconds"],
        );
        check(
            |settings| settings.retry_first_milliseconds = 0,
            &["retry_first_milliseconds"],
        );
        check(
            |settings| settings.retry_longest_seconds = 0,
            &["retry_longest_seconds"],
        );
        check(
            |settings| settings.retry_longest_seconds = u64::MAX,
            &["retry_longest_seconds"],
        );
        for wrong in ["eox-tenant", "/eox tenant", "/eox-tenant?x=1"] {
            check(
                |settings| settings.api_prefix = wrong.to_owned(),
                &["api_prefix"],
            );
        }
        check(|settings| settings.api_prefix.clear(), &[]);
    }

    #[test]
    fn secrets_are_not_shown() {
        let mut settings = on();
        settings.access_token = "abracadabra".into();
        let shown = format!("{settings:?}{}", serde_json::to_string(&settings).unwrap());
        assert!(!shown.contains("open sesame") && !shown.contains("abracadabra"));
        assert!(shown.contains("********"));
    }
}
