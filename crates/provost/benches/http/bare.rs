//! What any service of this kind must do at least: verify the token, read the questions, write answers.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, StatusCode};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::{Deserialize, Serialize};

use crate::platform::SECRET;

#[derive(Deserialize)]
struct Claims {
    preferred_username: String,
}

#[derive(Deserialize)]
struct Question {
    action: String,
    scope: Option<String>,
}

#[derive(Serialize)]
struct Verdict {
    action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    allowed: bool,
}

struct Known {
    key: DecodingKey,
    validation: Validation,
}

/// The route of the service, answered "yes" whatever is asked.
pub fn router() -> Router {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&["provost"]);
    let known = Known {
        key: DecodingKey::from_secret(SECRET.as_bytes()),
        validation,
    };
    Router::new()
        .route("/api/authz/v1/permissions/validate/me", post(validate_me))
        .with_state(Arc::new(known))
}

type Answer = ([(HeaderName, &'static str); 1], Vec<u8>);

async fn validate_me(
    State(known): State<Arc<Known>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, StatusCode> {
    let token = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("JWT "))
        .ok_or(StatusCode::UNAUTHORIZED)?;
    let token = jsonwebtoken::decode::<Claims>(token, &known.key, &known.validation)
        .map_err(|_| StatusCode::UNAUTHORIZED)?;
    let known_name = !token.claims.preferred_username.is_empty();
    let questions: Vec<Question> =
        serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let verdicts: Vec<Verdict> = questions
        .into_iter()
        .map(|Question { action, scope }| Verdict {
            action,
            scope,
            allowed: known_name,
        })
        .collect();
    let body = serde_json::to_vec(&verdicts).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(([(CONTENT_TYPE, "application/json")], body))
}
