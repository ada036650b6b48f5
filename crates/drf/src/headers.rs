//! What a view takes and says in headers: tags of what it answers, and keys of what it is asked.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderName, StatusCode, header};
use schemars::{JsonSchema, json_schema};
use serde::Serialize;

use crate::describe::{
    self, GenContext, Operation, OperationInput, OperationOutput, Responses, header_parameter,
};
use crate::{Invalid, Json, Problem};

/// A body under `STATUS` with a strong `ETag`.
#[derive(Clone, Debug)]
pub struct Tagged<const STATUS: u16, T> {
    /// The tag, in its quotes.
    pub tag: String,
    /// The body.
    pub body: T,
}

impl<const STATUS: u16, T: Serialize> IntoResponse for Tagged<STATUS, T> {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(STATUS).unwrap_or_default();
        (status, [(header::ETAG, self.tag)], Json(self.body)).into_response()
    }
}

impl<const STATUS: u16, T: JsonSchema> OperationOutput for Tagged<STATUS, T> {
    type Inner = T;

    fn inferred_responses(context: &mut GenContext, _: &mut Operation) -> Responses {
        describe::json::<T>(context, STATUS, "With a strong ETag")
    }
}

/// 200 with a strong `ETag`, or 304 for a client that has what the tag stands for;
/// [`IfNoneMatch::or`] makes it.
#[derive(Clone, Debug)]
pub enum Fresh<T> {
    /// The client has something else, or nothing.
    Sent(Tagged<200, T>),
    /// The client has it: the tag, in its quotes.
    Kept(String),
}

impl<T: Serialize> IntoResponse for Fresh<T> {
    fn into_response(self) -> Response {
        match self {
            Self::Sent(tagged) => tagged.into_response(),
            Self::Kept(tag) => (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response(),
        }
    }
}

impl<T: JsonSchema> OperationOutput for Fresh<T> {
    type Inner = T;

    fn inferred_responses(context: &mut GenContext, operation: &mut Operation) -> Responses {
        let mut all = Tagged::<200, T>::inferred_responses(context, operation);
        all.extend(describe::empty(304, "The client has it already"));
        all
    }
}

/// 202: it was begun, and here is where to ask how far it is.
#[derive(Clone, Debug)]
pub struct Accepted<T> {
    /// The path to ask at.
    pub location: String,
    /// The body.
    pub body: T,
}

impl<T: Serialize> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        let location = [(header::LOCATION, self.location)];
        (StatusCode::ACCEPTED, location, Json(self.body)).into_response()
    }
}

impl<T: JsonSchema> OperationOutput for Accepted<T> {
    type Inner = T;

    fn inferred_responses(context: &mut GenContext, _: &mut Operation) -> Responses {
        let mut all = describe::json::<T>(context, 202, "Begun; see Location");
        all.extend(describe::problem(
            context,
            Some(409),
            "Another one is running",
        ));
        all
    }
}

/// The tags that a client has seen, `If-Match`; without any, all are fine. As an argument it never
/// fails.
#[derive(Clone, Debug)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// Passes if the client has seen this tag, or asks for none.
    ///
    /// # Errors
    /// 412.
    pub fn check(&self, tag: &str) -> Result<(), Problem> {
        let Some(seen) = &self.0 else { return Ok(()) };
        let mut seen = seen.split(',').map(str::trim);
        if seen.any(|seen| seen == "*" || seen == tag) {
            return Ok(());
        }
        let text = "It was changed in the meantime: the tag does not match.";
        Err(Problem::detail(StatusCode::PRECONDITION_FAILED, text))
    }
}

/// The tags of what a client has, `If-None-Match`. As an argument it never fails.
#[derive(Clone, Debug)]
pub struct IfNoneMatch(Option<String>);

impl IfNoneMatch {
    /// Whether the client has what `tag` (in its quotes) stands for. Tags are compared weakly, as
    /// RFC 9110 section 13.1.2 has it: a cache in between may have weakened ours.
    #[must_use]
    pub fn has(&self, tag: &str) -> bool {
        let seen = self.0.as_deref().unwrap_or_default();
        let mut seen = seen.split(',').map(str::trim);
        seen.any(|seen| seen == "*" || seen.strip_prefix("W/").unwrap_or(seen) == tag)
    }

    /// What `tag` stands for, made only if the client does not have it.
    pub fn or<T>(&self, tag: String, body: impl FnOnce() -> T) -> Fresh<T> {
        if self.has(&tag) {
            Fresh::Kept(tag)
        } else {
            let body = body();
            Fresh::Sent(Tagged { tag, body })
        }
    }
}

/// All values of a header as one list; nothing without the header.
fn list(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values = headers.get_all(name).iter();
    let values: Vec<_> = values
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(list(&parts.headers, header::IF_MATCH)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(list(&parts.headers, header::IF_NONE_MATCH)))
    }
}

impl OperationInput for IfMatch {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let about = "Do it only if the ETag is one of these.";
        header_parameter(
            operation,
            "If-Match",
            about,
            json_schema!({"type": "string"}),
        );
    }

    fn inferred_early_responses(context: &mut GenContext, _: &mut Operation) -> Responses {
        describe::problem(context, Some(412), "The ETag is another one")
    }
}

impl OperationInput for IfNoneMatch {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let about = "Answer it only if the ETag is none of these.";
        header_parameter(
            operation,
            "If-None-Match",
            about,
            json_schema!({"type": "string"}),
        );
    }
}

/// The longest key of a request, in characters.
const LONGEST: usize = 255;

/// `Idempotency-Key`: what tells a repeated request from a new one, if the client says it.
///
/// As an argument: 400 for a key that is empty, longer than 255 characters or not printable ASCII.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(pub Option<String>);

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Invalid> {
    let Some(sent) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let key = sent.to_str().map(str::trim).unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST {
        let text = format!("Use 1 to {LONGEST} printable characters of ASCII.");
        return Err(Invalid::field("Idempotency-Key", text));
    }
    Ok(Some(key.to_owned()))
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(idempotency_key(&parts.headers).map(Self)?)
    }
}

impl OperationInput for IdempotencyKey {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let about =
            "The same request again, with the same key, is answered as before and not done again.";
        let schema = json_schema!({"type": "string", "minLength": 1, "maxLength": LONGEST});
        header_parameter(operation, "Idempotency-Key", about, schema);
    }

    fn inferred_early_responses(context: &mut GenContext, _: &mut Operation) -> Responses {
        let other = "The key was used for another body";
        describe::problem(context, Some(422), other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_matches_itself_whole_and_strongly() {
        for (seen, expected) in [
            (None, true),
            (Some("*"), true),
            (Some("\"a\""), true),
            (Some("\"b\", \"a\""), true),
            (Some("\"b\""), false),
            (Some("W/\"a\""), false),
            (Some("a"), false),
            (Some(""), false),
        ] {
            let seen = IfMatch(seen.map(str::to_owned));
            assert_eq!(seen.check("\"a\"").is_ok(), expected, "{:?}", seen.0);
        }
    }

    #[test]
    fn what_a_client_has_is_not_sent_again() {
        for (seen, expected) in [
            (None, 200),
            (Some("*"), 304),
            (Some("\"a\""), 304),
            (Some("\"b\", \"a\""), 304),
            (Some("W/\"a\""), 304),
            (Some("\"b\""), 200),
            (Some("a"), 200),
            (Some(""), 200),
        ] {
            let seen = IfNoneMatch(seen.map(str::to_owned));
            let answer = seen.or("\"a\"".to_owned(), || 5).into_response();
            let tag = answer.headers().get("etag").unwrap();
            assert_eq!(
                (answer.status().as_u16(), tag.as_bytes()),
                (expected, &b"\"a\""[..]),
                "{:?}",
                seen.0
            );
        }
    }
}
