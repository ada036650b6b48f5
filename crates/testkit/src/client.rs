//! Who asks, and what comes back.

use axum::Router;
use axum::body::Body;
use http::header::{CONTENT_TYPE, COOKIE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// A caller: every request of it carries the same headers.
#[derive(Clone)]
pub struct Client {
    router: Router,
    headers: HeaderMap,
}

impl Client {
    /// A caller without credentials.
    pub(crate) fn new(router: Router) -> Self {
        Self {
            router,
            headers: HeaderMap::new(),
        }
        .header(HOST.as_str(), "testserver")
    }

    /// The same caller in a browser session, with the double submit that unsafe methods need.
    pub(crate) fn in_session(self, key: &str) -> Self {
        let token = "0123456789abcdefghijklmnopqrstuv";
        self.header(
            COOKIE.as_str(),
            &format!("sessionid={key}; csrftoken={token}"),
        )
        .header("x-csrftoken", token)
    }

    /// The same caller with one more header on each request.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(
            HeaderName::try_from(name).unwrap(),
            HeaderValue::from_str(value).unwrap(),
        );
        self
    }

    /// The same caller at another router, such as that of a second process on one database.
    #[must_use]
    pub fn at(&self, router: Router) -> Self {
        Self {
            router,
            headers: self.headers.clone(),
        }
    }

    /// `GET` of a path with its query.
    pub async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, None, String::new()).await
    }

    /// `DELETE` of a path with its query.
    pub async fn delete(&self, target: &str) -> Answer {
        self.send("DELETE", target, None, String::new()).await
    }

    /// `POST` of a JSON body.
    pub async fn post(&self, target: &str, body: &Value) -> Answer {
        self.json("POST", target, body).await
    }

    /// `PUT` of a JSON body.
    pub async fn put(&self, target: &str, body: &Value) -> Answer {
        self.json("PUT", target, body).await
    }

    /// Any method with a JSON body.
    pub async fn json(&self, method: &str, target: &str, body: &Value) -> Answer {
        self.send(method, target, Some("application/json"), body.to_string())
            .await
    }

    /// Any request.
    pub async fn send(
        &self,
        method: &str,
        target: &str,
        content_type: Option<&str>,
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(target);
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        self.request(request.body(body.into()).unwrap()).await
    }

    /// A request as it stands, with the caller's headers where it has none of that name.
    pub async fn request(&self, mut request: Request<Body>) -> Answer {
        for (name, value) in &self.headers {
            if !request.headers().contains_key(name) {
                request.headers_mut().insert(name.clone(), value.clone());
            }
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, as it was sent.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// One header, if it was sent.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        Some(self.headers.get(name)?.to_str().unwrap().to_owned())
    }

    /// Status and body in one line, as tests compare them.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.status, self.text())
    }
}
