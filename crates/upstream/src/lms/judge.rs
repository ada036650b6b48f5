//! What an answer means, by its status and by whether it speaks JSON.

use std::time::Duration;

use chrono::DateTime;
use http::header::{DATE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, StatusCode, header::HeaderName};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use crate::Failure;
use crate::transport::Answer;

/// The longest text of a refusal that is kept, in characters.
const TEXT: usize = 1_000;

/// The answer if it is a success, else the failure that its status stands for.
pub(super) fn judge(answer: Answer) -> Result<Answer, Failure> {
    let status = answer.status.as_u16();
    match status {
        200..=299 => Ok(answer),
        300..=399 => Err(redirect(&answer)),
        401 | 403 => Err(Failure::Unauthorized { status }),
        408 | 429 | 500.. => Err(Failure::Busy {
            status,
            retry_after: retry_after(&answer.headers),
        }),
        400..=499 => Err(refusal(&answer)),
        _ => Err(Failure::nonsense(format!("its status is {status}"))),
    }
}

/// The body as JSON of the expected kind. The cause is told without quoting the body, which may hold secrets.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| {
        let what = match error.classify() {
            Category::Data => "its JSON is of another kind",
            _ => "it is no JSON",
        };
        Failure::nonsense(format!(
            "{what} (line {}, column {})",
            error.line(),
            error.column()
        ))
    })
}

/// A refusal in the words of the API is JSON. A page for people comes from something that stands before it, or in its
/// place, and says nothing of the call; except where it is too large, which only the call itself can change.
fn refusal(answer: &Answer) -> Failure {
    let status = answer.status.as_u16();
    let is_too_large = [
        StatusCode::PAYLOAD_TOO_LARGE,
        StatusCode::URI_TOO_LONG,
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
    ]
    .contains(&answer.status);
    match serde_json::from_slice::<Value>(&answer.body) {
        Ok(said) => Failure::Refused {
            status,
            text: text(&said),
        },
        Err(_) if is_too_large => Failure::Refused {
            status,
            text: "it is too large".to_owned(),
        },
        Err(_) => Failure::nonsense(format!("it is no JSON, with status {status}")),
    }
}

fn text(said: &Value) -> String {
    let whole = match (
        said.get("detail"),
        said.as_object().map(serde_json::Map::len),
    ) {
        (Some(Value::String(detail)), Some(1)) => detail.clone(),
        _ => said.to_string(),
    };
    whole.chars().take(TEXT).collect()
}

/// Where a redirect leads, without its query, which may hold a ticket.
fn redirect(answer: &Answer) -> Failure {
    let target = text_of(&answer.headers, &LOCATION).unwrap_or_default();
    let target = target.split(['?', '#']).next().unwrap_or_default();
    let status = answer.status.as_u16();
    Failure::nonsense(format!("it redirects to `{target}` (status {status})"))
}

/// Seconds, or a moment, which is counted from the answer's own date: their clock need not be ours.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let asked = text_of(headers, &RETRY_AFTER)?.trim();
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(asked).ok()?;
    let said = DateTime::parse_from_rfc2822(text_of(headers, &DATE)?).ok()?;
    Some((until - said).to_std().unwrap_or_default())
}

fn text_of<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn answer(status: u16, headers: &[(HeaderName, &'static str)], body: &str) -> Answer {
        let headers = headers.iter().cloned();
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers
                .map(|(name, value)| (name, value.parse().unwrap()))
                .collect(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    fn check(status: u16, body: &str, expected: &Failure) {
        let failure = judge(answer(status, &[], body)).unwrap_err();
        assert_eq!(failure, *expected, "{status} {body}");
    }

    fn refused(status: u16, text: &str) -> Failure {
        let text = text.to_owned();
        Failure::Refused { status, text }
    }

    #[test]
    fn a_success_is_any_status_of_that_kind() {
        for status in [200, 201, 204] {
            assert!(judge(answer(status, &[], "")).is_ok());
        }
    }

    #[test]
    fn a_refusal_says_why_in_the_words_of_the_api() {
        check(
            404,
            r#"{"detail":"Not found."}"#,
            &refused(404, "Not found."),
        );
        let taken = r#"{"domain":["route with this domain name already exists."]}"#;
        check(400, taken, &refused(400, taken));
        let both = r#"{"detail":"a","code":"b"}"#;
        check(400, both, &refused(400, both));
        let long = format!("\"{}\"", "ä".repeat(5_000));
        let Err(Failure::Refused { text, .. }) = judge(answer(400, &[], &long)) else {
            panic!("a long text is a refusal too");
        };
        assert_eq!(text.chars().count(), TEXT);
    }

    #[test]
    fn a_page_for_people_refuses_nothing() {
        for status in [400, 404, 405] {
            let failure = judge(answer(status, &[], "<h1>Bad Request</h1>")).unwrap_err();
            assert!(matches!(failure, Failure::Nonsense { .. }), "{status}");
        }
        check(413, "<h1>Too Large</h1>", &refused(413, "it is too large"));
    }

    #[test]
    fn credentials_and_overload_pass() {
        for status in [401, 403] {
            check(status, "{}", &Failure::Unauthorized { status });
        }
        for status in [408, 429, 500, 502, 503, 599] {
            let retry_after = None;
            check(
                status,
                "",
                &Failure::Busy {
                    status,
                    retry_after,
                },
            );
        }
    }

    #[test]
    fn a_pause_is_asked_for_in_seconds_or_as_a_moment() {
        let now = (DATE, "Wed, 21 Oct 2015 07:28:00 GMT");
        let at = |asked| (RETRY_AFTER, asked);
        for (headers, seconds) in [
            (vec![], None),
            (vec![at("120")], Some(120)),
            (vec![at("soon")], None),
            (vec![at("-1")], None),
            (vec![at("Wed, 21 Oct 2015 07:28:30 GMT")], None),
            (
                vec![now.clone(), at("Wed, 21 Oct 2015 07:28:30 GMT")],
                Some(30),
            ),
            (
                vec![now.clone(), at("Wed, 21 Oct 2015 07:27:00 GMT")],
                Some(0),
            ),
        ] {
            let failure = judge(answer(503, &headers, "")).unwrap_err();
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(failure.retry_after(), expected, "{headers:?}");
        }
    }

    #[test]
    fn what_an_answer_holds_is_not_told() {
        let answer = answer(200, &[], r#"{"id": "open sesame"}"#);
        let failure = read::<super::super::objects::Written>(&answer).unwrap_err();
        assert_eq!(
            failure.to_string(),
            "the answer is not of this API: its JSON is of another kind (line 1, column 20)"
        );
    }
}
