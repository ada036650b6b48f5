//! Successful answers. Each type is one status.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Media, Problem};

/// 200 with a JSON body.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

/// 201 with a JSON body.
#[derive(Clone, Debug)]
pub struct Created<T>(pub T);

/// 204 without a body.
#[derive(Clone, Copy, Debug)]
pub struct NoContent;

/// 207: a batch was worked through; each entry says how it went.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct MultiStatus<C, E> {
    /// What was done.
    pub completed: Vec<C>,
    /// What could not be done, and why.
    pub errors: Vec<E>,
}

/// 200: what OPTIONS says of a view.
#[derive(Clone, Debug, Serialize)]
pub struct Metadata {
    name: &'static str,
    description: &'static str,
    renders: [&'static str; 1],
    parses: Vec<&'static str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    actions: Map<String, Value>,
}

impl Metadata {
    /// The metadata of the view of this name, without what its bodies hold.
    #[must_use]
    pub fn of(name: &'static str) -> Self {
        Self {
            name,
            description: "",
            renders: ["application/json"],
            parses: Media::ALL.map(Media::name).to_vec(),
            actions: Map::new(),
        }
    }

    /// The same of a view whose bodies have these media types.
    #[must_use]
    pub fn taking(mut self, bodies: &[Media]) -> Self {
        self.parses = bodies.iter().map(|media| media.name()).collect();
        self
    }

    /// The same, with the fields of the body that `method` takes.
    #[must_use]
    pub fn action(mut self, method: &str, fields: Value) -> Self {
        self.actions.insert(method.to_owned(), fields);
        self
    }
}

impl IntoResponse for Metadata {
    fn into_response(self) -> Response {
        json_response(StatusCode::OK, &self)
    }
}

/// `value` as compact UTF-8 JSON under `status`.
pub(crate) fn json_response(status: StatusCode, value: &(impl Serialize + ?Sized)) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => {
            let media = HeaderValue::from_static("application/json");
            (status, [(header::CONTENT_TYPE, media)], bytes).into_response()
        }
        Err(cause) => Problem::internal(cause).into_response(),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        json_response(StatusCode::OK, &self.0)
    }
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        json_response(StatusCode::CREATED, &self.0)
    }
}

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl<C: Serialize, E: Serialize> IntoResponse for MultiStatus<C, E> {
    fn into_response(self) -> Response {
        json_response(StatusCode::MULTI_STATUS, &self)
    }
}
