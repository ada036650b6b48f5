//! What this family says and takes in headers.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderName, StatusCode, header};
use provost_drf::describe::{
    self, GenContext, Operation, OperationInput, OperationOutput, Responses, header_parameter,
};
use provost_drf::{Invalid, Json, Problem};
use schemars::{JsonSchema, json_schema};
use serde::Serialize;

/// A body under `STATUS` with a strong `ETag`.
pub struct Tagged<const STATUS: u16, T> {
    pub(super) tag: String,
    pub(super) body: T,
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

/// 202: it was begun, and here is where to ask how far it is.
pub struct Accepted<T> {
    pub(super) location: String,
    pub(super) body: T,
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
        let other = "The key was used for another body";
        all.extend(describe::problem(context, Some(422), other));
        all
    }
}

/// The tags that a client has seen, `If-Match`; without any, all are fine.
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// Passes if the client has seen this tag, or asks for none.
    ///
    /// # Errors
    /// 412.
    pub(super) fn check(&self, tag: &str) -> Result<(), Problem> {
        let Some(seen) = &self.0 else { return Ok(()) };
        let mut seen = seen.split(',').map(str::trim);
        if seen.any(|seen| seen == "*" || seen == tag) {
            return Ok(());
        }
        let text = "It was changed in the meantime: the tag does not match.";
        Err(Problem::detail(StatusCode::PRECONDITION_FAILED, text))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let seen = parts.headers.get_all(header::IF_MATCH).iter();
        let seen: Vec<_> = seen
            .map(|seen| String::from_utf8_lossy(seen.as_bytes()))
            .collect();
        Ok(Self((!seen.is_empty()).then(|| seen.join(","))))
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

/// The longest key of a request, in characters.
const LONGEST: usize = 255;

/// `Idempotency-Key`: what tells a repeated request from a new one, if the client says it.
pub struct IdempotencyKey(pub(super) Option<String>);

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
            "The same request again, with the same key, is answered by the same evaluation.";
        let schema = json_schema!({"type": "string", "minLength": 1, "maxLength": LONGEST});
        header_parameter(operation, "Idempotency-Key", about, schema);
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
}
