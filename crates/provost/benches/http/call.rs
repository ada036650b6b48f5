//! One request, to be made again and again: handed to a router, or sent over a connection that stays open.

use axum::Router;
use axum::body::{Body, Bytes};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use std::fmt::Write as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

/// A request and the status that must come back.
#[derive(Clone)]
pub struct Call {
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Bytes,
    status: StatusCode,
}

impl Call {
    pub fn get(target: &str, token: &str) -> Self {
        Self::new(Method::GET, target, token, Bytes::new(), StatusCode::OK)
    }

    /// A `GET` of what is open to everybody, at some host.
    pub fn open(target: &str, host: &str) -> Self {
        let host = HeaderValue::try_from(host).unwrap();
        Self {
            method: Method::GET,
            target: target.to_owned(),
            headers: HeaderMap::from_iter([(HOST, host)]),
            body: Bytes::new(),
            status: StatusCode::OK,
        }
    }

    pub fn post(target: &str, token: &str, body: &Value) -> Self {
        Self::new(
            Method::POST,
            target,
            token,
            body.to_string().into(),
            StatusCode::OK,
        )
    }

    pub fn put(target: &str, token: &str, body: &Value, status: StatusCode) -> Self {
        let body = body.to_string().into();
        Self::new(Method::PUT, target, token, body, status)
    }

    fn new(method: Method, target: &str, token: &str, body: Bytes, status: StatusCode) -> Self {
        let authorization = HeaderValue::try_from(token).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("127.0.0.1"));
        headers.insert(AUTHORIZATION, authorization);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Self {
            method,
            target: target.to_owned(),
            headers,
            body,
            status,
        }
    }

    /// The request as a router takes it.
    pub fn request(&self) -> Request<Body> {
        let mut request = Request::new(Body::from(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.target.parse().unwrap();
        request.headers_mut().clone_from(&self.headers);
        request
    }

    /// Lets a router answer and gives the whole body.
    pub async fn of(&self, router: &Router) -> Bytes {
        answered(router, self.request(), self.status).await
    }

    /// The request as it goes over the wire.
    pub fn wire(&self) -> Bytes {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            write!(text, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
        }
        write!(text, "content-length: {}\r\n\r\n", self.body.len()).unwrap();
        [text.as_bytes(), &self.body].concat().into()
    }
}

/// The body of what a router answers to a request, which must be of this status.
pub async fn answered(router: &Router, request: Request<Body>, status: StatusCode) -> Bytes {
    let response = router.clone().oneshot(request).await.unwrap();
    let found = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(found, status, "{body:?}");
    body
}

/// A connection to a router that listens on the loopback device.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    pub async fn to(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (_, never) = tokio::sync::watch::channel(0);
        let limits = provost::listen::Limits {
            head: std::time::Duration::from_mins(10),
            grace: std::time::Duration::ZERO,
        };
        tokio::spawn(provost::listen::serve(listener, router, never, limits));
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            received: Vec::with_capacity(64 * 1024),
        }
    }

    /// Sends a request and reads its answer to the last byte of its body.
    pub async fn send(&mut self, request: &[u8]) {
        self.stream.write_all(request).await.unwrap();
        self.received.clear();
        while !is_complete(&self.received) {
            let count = self.stream.read_buf(&mut self.received).await.unwrap();
            assert_ne!(count, 0, "the connection was closed");
        }
        assert!(self.received.starts_with(b"HTTP/1.1 200"));
    }
}

/// Whether an answer is there as far as its `content-length` says.
fn is_complete(answer: &[u8]) -> bool {
    let Some(head) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
        return false;
    };
    let text = std::str::from_utf8(&answer[..head]).unwrap();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map(|length| length.parse::<usize>().unwrap());
    answer.len() >= head + 4 + length.unwrap()
}
