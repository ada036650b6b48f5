//! Opaque OAuth2 bearer tokens (RFC 6750), answered as the platform does.

use chrono::{DateTime, Utc};
use http::StatusCode;
use provost_drf::Problem;
use provost_store::users::User;
use provost_store::{Fault, oauth, users};
use serde_json::json;

use super::secret;
use crate::App;

/// Why a bearer token is refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Refusal {
    /// A scheme word and nothing after it.
    NotProvided,
    /// More than one word after the scheme.
    Malformed,
    /// No such token.
    Unknown,
    /// The token's time is over.
    Expired,
    /// The token's user is inactive.
    Inactive(String),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (code, message) = match refusal {
            Refusal::NotProvided => (
                "token_not_provided",
                "Invalid token header. No credentials provided.".to_owned(),
            ),
            Refusal::Malformed => (
                "token_malformed",
                "Invalid token header. Token string should not contain spaces.".to_owned(),
            ),
            Refusal::Unknown => (
                "token_nonexistent",
                "The provided access token does not match any valid tokens.".to_owned(),
            ),
            Refusal::Expired => (
                "token_expired",
                "The provided access token has expired and is no longer valid.".to_owned(),
            ),
            Refusal::Inactive(username) => (
                "user_not_active",
                format!("User inactive or deleted: {username}"),
            ),
        };
        let body = json!({"error_code": code, "developer_message": message});
        Self::body(StatusCode::UNAUTHORIZED, body)
    }
}

/// The token in the words of an `Authorization` header; `None` if the header is not of this
/// scheme. A single word and three or more are refused whatever the first one says, as the
/// platform does: nothing after this scheme could read them.
pub(super) fn read<'a>(words: &[&'a str]) -> Option<Result<&'a str, Refusal>> {
    match *words {
        [] => None,
        [_] => Some(Err(Refusal::NotProvided)),
        [scheme, token] => announces(scheme).then_some(Ok(token)),
        _ => Some(Err(Refusal::Malformed)),
    }
}

/// Whether a scheme word is that of bearer tokens.
pub(super) fn announces(word: &str) -> bool {
    word.eq_ignore_ascii_case("bearer")
}

/// The active user of an opaque token, and the key of the application that it was given to.
pub(super) async fn find(
    app: &App,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Result<(User, i64), Refusal>, Fault> {
    let db = app.store().read();
    let Some(stored) = oauth::token(db, &secret::digest(token)).await? else {
        return Ok(Err(Refusal::Unknown));
    };
    if stored.expires_at <= now {
        return Ok(Err(Refusal::Expired));
    }
    Ok(match users::find(db, stored.user_id).await? {
        None => Err(Refusal::Unknown),
        Some(user) if !user.is_active => Err(Refusal::Inactive(user.username)),
        Some(user) => Ok((user, stored.application_id)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_words_can_be_a_token() {
        let cases = [
            (&[] as &[&str], None),
            (&["Bearer"], Some(Err(Refusal::NotProvided))),
            (&["Anything"], Some(Err(Refusal::NotProvided))),
            (&["bearer", "x"], Some(Ok("x"))),
            (&["Anything", "x"], None),
            (&["Anything", "x", "y"], Some(Err(Refusal::Malformed))),
        ];
        for (words, expected) in cases {
            assert_eq!(read(words), expected, "{words:?}");
        }
    }

    #[test]
    fn each_refusal_has_the_platforms_body() {
        let cases = [
            (
                Refusal::NotProvided,
                "token_not_provided",
                "Invalid token header. No credentials provided.",
            ),
            (
                Refusal::Malformed,
                "token_malformed",
                "Invalid token header. Token string should not contain spaces.",
            ),
            (
                Refusal::Unknown,
                "token_nonexistent",
                "The provided access token does not match any valid tokens.",
            ),
            (
                Refusal::Expired,
                "token_expired",
                "The provided access token has expired and is no longer valid.",
            ),
            (
                Refusal::Inactive("ada".to_owned()),
                "user_not_active",
                "User inactive or deleted: ada",
            ),
        ];
        for (refusal, code, message) in cases {
            let body = json!({"error_code": code, "developer_message": message});
            let expected = Problem::body(StatusCode::UNAUTHORIZED, body);
            assert_eq!(Problem::from(refusal), expected);
        }
    }
}
