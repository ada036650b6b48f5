//! A service that answers what it was told to, in order, and keeps what it was asked.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use futures_util::stream::{self, Stream, StreamExt as _};
use parking_lot::Mutex;
use provost_upstream::lms::{Lms, Settings};
use serde_json::Value;
use tokio::net::TcpListener;

/// What the service answers to one request.
pub enum Reply {
    Answer(Response),
    /// Nothing, ever.
    Silence,
    /// The head, and never the end of the body.
    Half,
}

/// A request that came.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The method, a space, and the path with its query.
    pub line: String,
    pub authorization: String,
    pub content_type: String,
    pub body: String,
}

type Shared = Arc<Mutex<(VecDeque<Reply>, Vec<Seen>)>>;

/// The service; it stops with the test's runtime.
pub struct Stand {
    pub url: String,
    shared: Shared,
}

impl Stand {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Shared::default();
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, shared }
    }

    /// Answers the next requests so.
    pub fn will(&self, replies: impl IntoIterator<Item = Reply>) {
        self.shared.lock().0.extend(replies);
    }

    /// The requests since the last time.
    pub fn seen(&self) -> Vec<Seen> {
        let mut shared = self.shared.lock();
        assert!(shared.0.is_empty(), "less was asked than expected");
        std::mem::take(&mut shared.1)
    }

    /// The first lines of the requests since the last time.
    pub fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// Settings with a token of our own, so that every request is one of the API.
    pub fn settings(&self) -> Settings {
        Settings {
            base_url: self.url.clone(),
            access_token: "given".into(),
            timeout_seconds: 1,
            ..Settings::default()
        }
    }

    pub fn lms(&self) -> Lms {
        Lms::new(&self.settings()).unwrap()
    }
}

async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let header = |name: &str| {
        let value = parts.headers.get(name);
        value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    };
    let seen = Seen {
        line: format!("{} {}", parts.method, parts.uri),
        authorization: header("authorization"),
        content_type: header("content-type"),
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let reply = {
        let mut shared = shared.lock();
        shared.1.push(seen);
        shared.0.pop_front()
    };
    match reply {
        Some(Reply::Answer(response)) => response,
        Some(Reply::Silence) => std::future::pending().await,
        Some(Reply::Half) => Response::new(Body::from_stream(half())),
        None => status(418, "more was asked than expected"),
    }
}

/// A body of one piece and no end.
fn half() -> impl Stream<Item = Result<&'static str, Infallible>> + Send {
    stream::once(async { Ok("[") }).chain(stream::pending())
}

/// An answer with a status and a body of any kind.
pub fn status(status: u16, body: impl Into<Body>) -> Response {
    let builder = Response::builder().status(status);
    builder.body(body.into()).unwrap()
}

/// A JSON answer.
pub fn json(code: u16, body: &Value) -> Reply {
    Reply::Answer(status(code, body.to_string()))
}

/// An answer with a header.
pub fn with_header(code: u16, name: &'static str, value: &'static str) -> Reply {
    let mut response = status(code, "");
    response.headers_mut().insert(name, value.parse().unwrap());
    Reply::Answer(response)
}
