//! Everything that is not a success: the only type with a status and a body of its own.

use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use serde_json::Value;

use crate::gate::reworded;
use crate::output::json_response;
use crate::{Dialect, Invalid, texts};

/// An answer that is not a success.
///
/// In the default dialect it is `{"detail": text}`, `{"message": text}` or the field errors; under
/// [`Dialect::Problems`](crate::Dialect::Problems) the same value is an RFC 9457 document.
/// A 401 gets its challenge, or becomes a 403, in the family that answers it.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// 400 with field errors.
    Invalid(Invalid),
    /// Any status with `{"detail": text}`.
    Detail {
        /// The status.
        status: StatusCode,
        /// The public text.
        text: Cow<'static, str>,
    },
    /// Any status with `{"message": text}`.
    Message {
        /// The status.
        status: StatusCode,
        /// The public text.
        text: Cow<'static, str>,
    },
    /// Any status with a body of its own.
    Body {
        /// The status.
        status: StatusCode,
        /// The JSON body.
        body: Arc<Value>,
    },
    /// 429: asked too often; free again in this many seconds.
    Throttled {
        /// Seconds until the next request may pass.
        seconds: u64,
    },
    /// 500. The cause was logged when this was made and is nobody's business outside.
    Internal,
}

impl Problem {
    /// `{"detail": text}` under `status`.
    #[must_use]
    pub fn detail(status: StatusCode, text: impl Into<Cow<'static, str>>) -> Self {
        Self::Detail {
            status,
            text: text.into(),
        }
    }

    /// `{"message": text}` under `status`.
    #[must_use]
    pub fn message(status: StatusCode, text: impl Into<Cow<'static, str>>) -> Self {
        Self::Message {
            status,
            text: text.into(),
        }
    }

    /// A body of its own under `status`.
    #[must_use]
    pub fn body(status: StatusCode, body: Value) -> Self {
        Self::Body {
            status,
            body: Arc::new(body),
        }
    }

    /// 400 with a text: the request could not be read.
    #[must_use]
    pub fn malformed(text: impl Into<Cow<'static, str>>) -> Self {
        Self::detail(StatusCode::BAD_REQUEST, text)
    }

    /// 401: no credentials.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::refused_credentials(texts::NOT_AUTHENTICATED)
    }

    /// 401 with a text: credentials that are not accepted.
    #[must_use]
    pub fn refused_credentials(text: impl Into<Cow<'static, str>>) -> Self {
        Self::detail(StatusCode::UNAUTHORIZED, text)
    }

    /// 403 with the standard text.
    #[must_use]
    pub fn denied() -> Self {
        Self::denied_because(texts::DENIED)
    }

    /// 403 with a text of its own.
    #[must_use]
    pub fn denied_because(text: impl Into<Cow<'static, str>>) -> Self {
        Self::detail(StatusCode::FORBIDDEN, text)
    }

    /// 404 with the standard text.
    #[must_use]
    pub fn not_found() -> Self {
        Self::not_found_because(texts::NOT_FOUND)
    }

    /// 404 with a text of its own.
    #[must_use]
    pub fn not_found_because(text: impl Into<Cow<'static, str>>) -> Self {
        Self::detail(StatusCode::NOT_FOUND, text)
    }

    /// 404: the listing has no such page.
    #[must_use]
    pub fn invalid_page() -> Self {
        Self::not_found_because(texts::INVALID_PAGE)
    }

    /// 405.
    #[must_use]
    pub fn method_not_allowed(method: &Method) -> Self {
        Self::detail(
            StatusCode::METHOD_NOT_ALLOWED,
            texts::method_not_allowed(method),
        )
    }

    /// 406.
    #[must_use]
    pub fn not_acceptable() -> Self {
        Self::detail(StatusCode::NOT_ACCEPTABLE, texts::NOT_ACCEPTABLE)
    }

    /// 409 with a text.
    #[must_use]
    pub fn conflict(text: impl Into<Cow<'static, str>>) -> Self {
        Self::detail(StatusCode::CONFLICT, text)
    }

    /// 413.
    #[must_use]
    pub fn too_large() -> Self {
        Self::detail(StatusCode::PAYLOAD_TOO_LARGE, texts::TOO_LARGE)
    }

    /// 415, quoting the content type as it was sent.
    #[must_use]
    pub fn unsupported_media_type(sent: &str) -> Self {
        Self::detail(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            texts::unsupported_media_type(sent),
        )
    }

    /// 429 with `Retry-After`.
    #[must_use]
    pub fn throttled(seconds: u64) -> Self {
        Self::Throttled { seconds }
    }

    /// 503: not now, perhaps soon.
    #[must_use]
    pub fn unavailable(text: impl Into<Cow<'static, str>>) -> Self {
        Self::detail(StatusCode::SERVICE_UNAVAILABLE, text)
    }

    /// 500. Logs the cause, once and privately; the answer does not contain it.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let cause = cause.into();
        let mut text = cause.to_string();
        let mut source = cause.source();
        while let Some(deeper) = source {
            text.push_str(": ");
            text.push_str(&deeper.to_string());
            source = deeper.source();
        }
        tracing::error!(error = text, "a request could not be served");
        Self::Internal
    }

    /// The answer in a dialect, where no family gives it.
    #[must_use]
    pub fn worded(self, dialect: Dialect) -> Response {
        reworded(self.into_response(), dialect)
    }

    /// The status this is answered with, before a family turns a 401 without a challenge to 403.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Detail { status, .. }
            | Self::Message { status, .. }
            | Self::Body { status, .. } => *status,
            Self::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Invalid(_) | Self::Body { .. } => None,
            Self::Detail { text, .. } | Self::Message { text, .. } => Some(Cow::Borrowed(text)),
            Self::Throttled { seconds } => Some(texts::throttled(*seconds)),
            Self::Internal => Some(Cow::Borrowed(texts::INTERNAL)),
        }
    }

    fn reference_body(&self) -> Response {
        let status = self.status();
        match self {
            Self::Invalid(invalid) => json_response(status, invalid),
            Self::Body { body, .. } => json_response(status, body.as_ref()),
            Self::Message { text, .. } => json_response(status, &Message { message: text }),
            _ => json_response(
                status,
                &Detail {
                    detail: &self.text().unwrap_or_default(),
                },
            ),
        }
    }

    /// The same problem as `{"details": text}`, answered under `status`; nothing where it has a body
    /// of its own, unless that is what the platform says of a token.
    pub(crate) fn details(&self, status: StatusCode) -> Option<Response> {
        let text = match self {
            Self::Body { body, .. } => body.get("developer_message")?.as_str()?.into(),
            _ => self.text()?,
        };
        Some(json_response(status, &Details { details: &text }))
    }

    /// The same problem as an RFC 9457 document, answered under `status`.
    pub(crate) fn document(&self, status: StatusCode) -> Response {
        let document = Document {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: self.text(),
            errors: match self {
                Self::Invalid(invalid) => Some(invalid),
                _ => None,
            },
        };
        let mut response = json_response(status, &document);
        let media = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media);
        response
    }
}

/// The body `{"detail": text}` of most problems.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "Detail")]
pub(crate) struct Detail<'a> {
    /// What went wrong.
    detail: &'a str,
}

/// The body `{"details": text}` of problems of [`Dialect::Details`](crate::Dialect::Details).
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "Details")]
pub(crate) struct Details<'a> {
    /// What went wrong.
    details: &'a str,
}

#[derive(Serialize)]
struct Message<'a> {
    message: &'a str,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a Invalid>,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.reference_body();
        if let Self::Throttled { seconds } = self {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        // The family's layer renders it again when the family speaks another dialect.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}
