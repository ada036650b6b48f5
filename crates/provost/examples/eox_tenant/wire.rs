//! Requests and answers: who is let in, what goes wrong on purpose, and what is written down.

use std::sync::Arc;
use std::time::Duration;

use http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::fields::Kind;
use crate::files::{Files, Line};
use crate::mode::{self, Mode};
use crate::model::Model;
use crate::refusal::Reply;

const API: &str = "/eox-tenant/api/v1/";

/// What becomes an answer; an error closes the connection without one.
type Answer = Result<Response<Full<Bytes>>, Closed>;

/// The connection is closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("closed without an answer")]
pub(crate) struct Closed;

/// The LMS that is played.
#[derive(Debug)]
pub(crate) struct Lms {
    token: Option<String>,
    client: Option<(String, String)>,
    token_seconds: u32,
    mode: Mutex<Mode>,
    /// One lock, so that the journal has the order in which things were carried out.
    world: Mutex<(Model, Files)>,
}

impl Lms {
    pub(crate) fn new(
        token: Option<String>,
        client: Option<(String, String)>,
        token_seconds: u32,
        files: Files,
        model: Model,
    ) -> Self {
        Self {
            token,
            client,
            token_seconds,
            mode: Mutex::default(),
            world: Mutex::new((model, files)),
        }
    }
}

/// Answers one request.
pub(crate) async fn respond(lms: Arc<Lms>, request: Request<Incoming>) -> Answer {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Closed)?.to_bytes();
    let path = parts.uri.path().to_owned();
    match (parts.method.as_str(), path.as_str()) {
        ("PUT", "/control/mode") => Ok(set_mode(&lms, &body)),
        ("GET", "/control/state") => Ok(json_answer(200, &state(&lms))),
        ("POST", "/oauth2/access_token" | "/oauth2/access_token/") => Ok(grant(&lms, &body)),
        ("GET", "/eox-tenant/eox-info") => {
            let info = json!({"version": "14.3.0", "name": "eox-tenant", "git": ""});
            Ok(json_answer(200, &info))
        }
        ("GET", API) => Ok(json_answer(200, &root(&parts))),
        _ if path.starts_with(API) => api(&lms, &parts, &body).await,
        _ => Ok(page(404, "Not Found")),
    }
}

async fn api(lms: &Lms, parts: &Parts, body: &Bytes) -> Answer {
    let mode = {
        let mut mode = lms.mode.lock();
        (mode.take(parts.method.as_str()), mode.milliseconds)
    };
    match mode.0 {
        mode::Kind::Error => return Ok(page(500, "Server Error (500)")),
        mode::Kind::Garbage => return Ok(page(200, "Down for maintenance")),
        _ => {}
    }
    let answer = carry_out(lms, parts, body);
    match mode {
        (mode::Kind::Drop, _) => Err(Closed),
        (mode::Kind::Slow, milliseconds) => {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            Ok(answer)
        }
        _ => Ok(answer),
    }
}

fn carry_out(lms: &Lms, parts: &Parts, body: &Bytes) -> Response<Full<Bytes>> {
    if let Some(refusal) = stranger(lms, parts) {
        return refusal;
    }
    let body = match json_body(parts, body) {
        Ok(body) => body,
        Err(refusal) => return reply(refusal),
    };
    let target = parts
        .uri
        .path_and_query()
        .map_or("", |target| target.as_str());
    let path = target.strip_prefix(API).unwrap_or_default();
    let method = parts.method.as_str();
    let mut world = lms.world.lock();
    let (model, files) = &mut *world;
    let answer = model.answer(method, path, body.as_ref());
    if let Some(id) = answer.written {
        let line = Line {
            method: method.to_owned(),
            path: path.to_owned(),
            body,
            id,
        };
        if let Err(error) = files.append(&line) {
            return page(500, &format!("cannot be written down: {error}"));
        }
    }
    reply(answer)
}

/// The refusal of whoever is not let in.
fn stranger(lms: &Lms, parts: &Parts) -> Option<Response<Full<Bytes>>> {
    let token = lms.token.as_ref()?;
    let given = parts.headers.get(AUTHORIZATION);
    let given = given.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let body = match given {
        Some(given) if given == token => return None,
        Some(_) => json!({
            "error_code": "token_nonexistent",
            "developer_message": "The provided access token does not match any valid tokens.",
        }),
        None => json!({"detail": "Invalid token"}),
    };
    let mut answer = json_answer(401, &body);
    let challenge = HeaderValue::from_static("Bearer realm=\"api\"");
    answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    Some(answer)
}

/// The body of a write: JSON, or nothing at all.
fn json_body(parts: &Parts, body: &Bytes) -> Result<Option<Value>, Reply> {
    if body.is_empty() {
        return Ok(None);
    }
    let media = parts.headers.get(CONTENT_TYPE);
    let media = media
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if media.split(';').next().map(str::trim) != Some("application/json") {
        let text = format!("Unsupported media type \"{media}\" in request.");
        return Err(Reply::detail(415, &text));
    }
    let parsed = serde_json::from_slice(body);
    parsed
        .map(Some)
        .map_err(|error| Reply::detail(400, &format!("JSON parse error - {error}")))
}

/// Gives a token for client credentials.
fn grant(lms: &Lms, body: &Bytes) -> Response<Full<Bytes>> {
    let form = |name: &str| {
        let mut pairs = form_urlencoded::parse(body);
        let pair = pairs.find(|(key, _)| key == name);
        pair.map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    if form("grant_type") != "client_credentials" {
        return json_answer(400, &json!({"error": "unsupported_grant_type"}));
    }
    let given = (form("client_id"), form("client_secret"));
    if lms.client.as_ref().is_some_and(|client| *client != given) {
        return json_answer(401, &json!({"error": "invalid_client"}));
    }
    let token = lms.token.as_deref().unwrap_or("anything");
    let granted = json!({
        "access_token": token,
        "expires_in": lms.token_seconds,
        "token_type": "Bearer",
        "scope": "read write",
    });
    json_answer(200, &granted)
}

fn set_mode(lms: &Lms, body: &Bytes) -> Response<Full<Bytes>> {
    match serde_json::from_slice::<Mode>(body) {
        Ok(mode) => {
            let shown = json!(mode);
            *lms.mode.lock() = mode;
            json_answer(200, &shown)
        }
        Err(error) => json_answer(400, &json!({"detail": error.to_string()})),
    }
}

fn state(lms: &Lms) -> Value {
    let mode = json!(*lms.mode.lock());
    let world = lms.world.lock();
    let all = |kind| world.0.all(kind);
    json!({
        "mode": mode,
        "configs": all(Kind::Config),
        "routes": all(Kind::Route),
        "microsites": all(Kind::Microsite),
        "organizations": world.0.organizations(),
    })
}

/// Where the lists are.
fn root(parts: &Parts) -> Value {
    let host = parts.headers.get(HOST);
    let host = host
        .and_then(|value| value.to_str().ok())
        .unwrap_or("localhost");
    let address = |name: &str| format!("http://{host}{API}{name}/");
    json!({
        "microsites": address("microsites"),
        "configs": address("configs"),
        "routes": address("routes"),
    })
}

fn reply(reply: Reply) -> Response<Full<Bytes>> {
    let mut answer = match reply.body {
        Some(body) => json_answer(reply.status, &body),
        None => answer(reply.status, "application/json", String::new()),
    };
    if let Some(allow) = reply.allow {
        let allow = HeaderValue::from_static(allow);
        answer.headers_mut().insert(ALLOW, allow);
    }
    answer
}

fn json_answer(status: u16, body: &Value) -> Response<Full<Bytes>> {
    answer(status, "application/json", body.to_string())
}

/// A page for people, as the platform and what stands before it show.
fn page(status: u16, text: &str) -> Response<Full<Bytes>> {
    let html = format!("<!doctype html><title>{text}</title><h1>{text}</h1>");
    answer(status, "text/html; charset=utf-8", html)
}

fn answer(status: u16, media: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    let media = HeaderValue::from_static(media);
    answer.headers_mut().insert(CONTENT_TYPE, media);
    answer
}
