//! Keys of people's own programs: `Authorization: Token <key>`, answered as the platform does.

use provost_drf::Problem;
use provost_store::users::User;
use provost_store::{Fault, tokens};

use crate::App;

/// Why a key is refused; `Display` is the platform's text.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum Refusal {
    /// The scheme word and nothing after it.
    #[error("Invalid token header. No credentials provided.")]
    NotProvided,
    /// More than one word after the scheme.
    #[error("Invalid token header. Token string should not contain spaces.")]
    Malformed,
    /// No such key.
    #[error("Invalid token.")]
    Unknown,
    /// The key's user is inactive.
    #[error("User inactive or deleted.")]
    Inactive,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::refused_credentials(refusal.to_string())
    }
}

/// The key in the words of an `Authorization` header; `None` if the header is not of this scheme.
pub(super) fn read<'a>(words: &[&'a str]) -> Option<Result<&'a str, Refusal>> {
    let (scheme, rest) = words.split_first()?;
    if !scheme.eq_ignore_ascii_case("token") {
        return None;
    }
    Some(match rest {
        [] => Err(Refusal::NotProvided),
        [key] => Ok(key),
        _ => Err(Refusal::Malformed),
    })
}

/// The active user of a key.
pub(super) async fn find(app: &App, key: &str) -> Result<Result<User, Refusal>, Fault> {
    Ok(match tokens::holder(app.store().read(), key).await? {
        None => Err(Refusal::Unknown),
        Some(user) if !user.is_active => Err(Refusal::Inactive),
        Some(user) => Ok(user),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_words_can_be_a_key() {
        let cases = [
            (&[] as &[&str], None),
            (&["Token"], Some(Err(Refusal::NotProvided))),
            (&["token", "x"], Some(Ok("x"))),
            (&["Token", "x", "y"], Some(Err(Refusal::Malformed))),
            (&["Bearer", "x"], None),
        ];
        for (words, expected) in cases {
            assert_eq!(read(words), expected, "{words:?}");
        }
    }
}
