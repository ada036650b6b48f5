//! Query strings and path parameters.

use axum::extract::FromRequestParts;
use deserr::Deserr;
use http::request::Parts;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::shape::Shape;
use crate::{Invalid, Problem, form};

/// The query string as a `T`, with all field errors at once: a repeated parameter's last value
/// counts, unknown ones are ignored, and a blank optional one is absent.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

/// The parameters in the path. One that is not a `T` names nothing: 404.
#[derive(Clone, Debug)]
pub struct Path<T>(pub T);

impl<S, T> FromRequestParts<S> for Query<T>
where
    S: Send + Sync,
    T: Deserr<Invalid> + JsonSchema + 'static,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs = form::pairs(parts.uri.query().unwrap_or_default().as_bytes());
        let value = form::value(&pairs, &Shape::of::<T>());
        Ok(Self(deserr::deserialize::<T, Value, Invalid>(value)?))
    }
}

impl<S, T> FromRequestParts<S> for Path<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::not_found()),
        }
    }
}
