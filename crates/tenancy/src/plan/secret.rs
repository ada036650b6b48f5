//! What of a plan nobody should find in a terminal or in the log of a pipeline.

use serde_json::Value;

use super::{Desired, Difference, Object, Plan};

/// What stands in place of a value that is secret.
pub(super) const HIDDEN: &str = "(hidden)";

/// Last words of names whose values are likely to open a door; more letters may stand before them.
const ENDINGS: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "apikey",
    "auth",
    "jwk",
    "pwd",
];

/// Last words that say so only if they stand alone.
const WORDS: [&str; 5] = ["key", "dsn", "salt", "jwt", "cert"];

impl Plan {
    /// The plan without the values of secret settings, to be shown in whatever form. Its
    /// [digest](Self::digest) is another one.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        let changes = self.change.iter_mut().map(|change| &mut change.desired);
        for desired in self.create.iter_mut().chain(changes) {
            desired.hide_secrets();
        }
        for change in &mut self.change {
            change
                .differences
                .iter_mut()
                .for_each(Difference::hide_secrets);
        }
        self
    }
}

impl Desired {
    fn hide_secrets(&mut self) {
        for column in [
            &mut self.lms_configs,
            &mut self.studio_configs,
            &mut self.theming_configs,
            &mut self.meta,
        ] {
            hide_members(column);
        }
    }
}

impl Difference {
    fn hide_secrets(&mut self) {
        let is_secret = leads_to_secret(&self.path);
        for value in [&mut self.before, &mut self.after].into_iter().flatten() {
            if is_secret && hides(value) {
                *value = HIDDEN.into();
            } else {
                hide(value);
            }
        }
    }
}

fn hide_members(members: &mut Object) {
    for (name, value) in members {
        if is_hidden(name, value) {
            *value = HIDDEN.into();
        } else {
            hide(value);
        }
    }
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(members) => hide_members(members),
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::String(text) if carries_password(text) => *value = HIDDEN.into(),
        _ => {}
    }
}

/// Whether the value of a member is secret.
pub(super) fn is_hidden(member: &str, value: &Value) -> bool {
    is_secret(member) && hides(value)
}

/// Whether a value can be a secret at all: a switch opens no door.
pub(super) fn hides(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(_))
}

/// Whether a text is a URL with a password: `amqp://user:password@host`.
pub(super) fn carries_password(text: &str) -> bool {
    text.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        user.is_some_and(|user| user.contains(':'))
    })
}

/// Whether a path goes through a member whose value is secret.
pub(super) fn leads_to_secret(path: &str) -> bool {
    let is_end = |letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '-';
    path.split(is_end).any(is_secret)
}

/// Whether the value of a setting with this name is likely to open a door: its last word says so, or
/// one of its words is `private`. `ACCESS_TOKEN_COOKIE_NAME` is a name, and `SMTP_PASSWORD` is none.
fn is_secret(member: &str) -> bool {
    let words = || member.split(['_', '-', ' ']);
    let last = words().next_back().unwrap_or_default();
    let lower = last.to_ascii_lowercase();
    let word = lower.strip_suffix('s').unwrap_or(&lower);
    ENDINGS.iter().any(|ending| word.ends_with(ending))
        || WORDS.contains(&word)
        || lower == "pass"
        || last.ends_with("Key")
        || words().any(|word| word.eq_ignore_ascii_case("private"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_settings_say_which_are_secret() {
        for name in [
            "SECRET_KEY",
            "JWT_PRIVATE_SIGNING_JWK",
            "JWT_PRIVATE_SIGNING_JWK_SET",
            "EMAIL_HOST_PASSWORD",
            "SENTRY_DSN",
            "GOOGLE_CREDENTIALS",
            "AWS_SECRET_ACCESS_KEY",
            "JWT_AUTH",
            "HTTP_BASIC_AUTH",
            "SOCIAL_AUTH_OAUTH_SECRETS",
            "SOCIAL_AUTH_SAML_SP_PRIVATE_KEY",
            "db-passwd",
            "smtpPassword",
            "apiKey",
            "stripeSecretKey",
            "PASSWORD_SALT",
            "MYSQL_PWD",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "ACCESS_TOKEN_COOKIE_NAME",
            "JWT_ISSUER",
            "PASSWORD_RESET_SUPPORT_LINK",
            "PLATFORM_NAME",
            "AUTHOR",
            "KEYCLOAK_URL",
            "privateer",
            "external_keyring",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn what_is_secret_is_hidden_wherever_it_stands() {
        let mut value = json!({
            "A": [{"JWT_PRIVATE_SIGNING_JWK": {"d": "x"}, "B": 1}],
            "BROKER": "amqp://user:x@host/vhost",
            "AT": "https://host/@user:name",
            "ENABLE_AUTH": true,
            "TOKEN": 5,
            "API_KEY": null,
        });
        hide(&mut value);
        let expected = json!({
            "A": [{"JWT_PRIVATE_SIGNING_JWK": HIDDEN, "B": 1}],
            "BROKER": HIDDEN,
            "AT": "https://host/@user:name",
            "ENABLE_AUTH": true,
            "TOKEN": HIDDEN,
            "API_KEY": null,
        });
        assert_eq!(value, expected);
    }
}
