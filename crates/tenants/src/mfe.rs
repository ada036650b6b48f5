//! `/api/mfe_config/v1`: what the front ends of a site ask for when a page loads.
//!
//! Invariant: an answer comes from memory, and was rendered once.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{StatusCode, header};
use provost_app::App;
use provost_drf::absolute;
use provost_drf::describe::{
    self, GenContext, Operation, OperationInput, OperationOutput, Responses, query_parameter,
};
use provost_drf::{Family, IfNoneMatch, View, query_value};
use provost_tenancy::Rendered;
use schemars::json_schema;

/// The route table.
#[must_use]
pub fn mfe_config() -> Family<App> {
    Family::at(
        "/api/mfe_config/",
        "Front-end configuration",
        "What the front ends of a site ask for when a page loads",
    )
    .schemes(&[])
    .optional_slash()
    .view(
        "v1",
        View::new()
            .get(retrieve, "Configuration of the front ends of the host")
            .guard(anybody),
    )
}

/// Guards what is open to everybody.
async fn anybody() {}

/// Which front end asks, on which host.
pub struct Asked {
    host: Box<str>,
    /// The name of the application; empty where it does not say.
    mfe: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            host: absolute::host(parts).into(),
            mfe: query_value(parts, "mfe").unwrap_or_default(),
        })
    }
}

impl OperationInput for Asked {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let about = "The application, such as `learning`: what it alone is told comes on top.";
        query_parameter(operation, "mfe", about, json_schema!({"type": "string"}));
    }
}

/// The configuration, or that the client has it.
pub struct Configuration {
    /// Nothing where this platform does not tell.
    rendered: Option<Arc<Rendered>>,
    /// Whether the client has it.
    kept: bool,
    seconds: u32,
}

impl IntoResponse for Configuration {
    fn into_response(self) -> Response {
        let Some(rendered) = self.rendered else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let cached = format!("max-age={}", self.seconds);
        let headers = [
            (header::ETAG, rendered.etag.clone()),
            (header::CACHE_CONTROL, cached),
            // Front ends have hosts of their own, and whoever asks is told all of it.
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        ];
        if self.kept {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let media = [(header::CONTENT_TYPE, "application/json")];
        (headers, media, Body::from(rendered.body.clone())).into_response()
    }
}

impl OperationOutput for Configuration {
    type Inner = Self;

    fn inferred_responses(context: &mut GenContext, _: &mut Operation) -> Responses {
        let mut all = describe::json::<serde_json::Map<String, serde_json::Value>>(
            context,
            200,
            "One flat object, with an ETag",
        );
        all.extend(describe::empty(304, "The one of If-None-Match"));
        all.extend(describe::empty(404, "This platform does not tell"));
        all
    }
}

/// Configuration of the front ends of the host that the request was sent to: of its tenant, or else
/// the platform's own.
pub async fn retrieve(State(app): State<App>, asked: Asked, seen: IfNoneMatch) -> Configuration {
    let mfe = &app.settings().mfe;
    let rendered = mfe.enabled.then(|| {
        let directory = app.tenants();
        directory.mfe_config(app.platform(), &asked.host, &asked.mfe)
    });
    Configuration {
        kept: rendered
            .as_ref()
            .is_some_and(|rendered| seen.has(&rendered.etag)),
        rendered,
        seconds: mfe.cache_seconds,
    }
}
