//! A family of echoing handlers, callers named by a header, and one way to check an answer.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use provost_drf::{Authenticate, Caller, Family, Identity, Problem, Scheme};
use tower::ServiceExt;

/// One request.
#[derive(Clone)]
pub(crate) struct Ask {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

/// One answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Ask {
    /// A request by nobody.
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.parse().unwrap(),
            path: path.to_owned(),
            headers: vec![("host", "lms.test".to_owned())],
            body: Bytes::new(),
        }
    }

    /// A request by ada.
    pub(crate) fn ada(method: &str, path: &str) -> Self {
        Self::new(method, path).with("x-user", "ada")
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same request, sent to another host.
    pub(crate) fn at(mut self, host: &str) -> Self {
        self.headers.retain(|(name, _)| *name != "host");
        self.with("host", host)
    }

    pub(crate) fn body(self, content_type: &str, body: impl Into<Bytes>) -> Self {
        let mut ask = self.with("content-type", content_type);
        ask.body = body.into();
        ask
    }

    pub(crate) fn json(self, body: impl Into<Bytes>) -> Self {
        self.body("application/json", body)
    }

    pub(crate) fn form(self, body: &str) -> Self {
        self.body("application/x-www-form-urlencoded", body.to_owned())
    }

    pub(crate) fn request(&self) -> Request<Body> {
        let mut request = Request::builder().method(&self.method).uri(&self.path);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        request.body(Body::from(self.body.clone())).unwrap()
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Status and body in one line.
    pub(crate) fn line(&self) -> String {
        format!(
            "{} {}",
            self.status.as_u16(),
            String::from_utf8_lossy(&self.body)
        )
    }
}

/// Who asks: `x-user: ada` is somebody, `x-user: expired` is refused, a cookie is a session.
pub(crate) fn authenticate() -> Authenticate {
    Arc::new(|parts, entrance| {
        Box::pin(async move {
            let user = parts
                .headers
                .get("x-user")
                .map(|user| user.to_str().unwrap().to_owned());
            let outcome = match user.as_deref() {
                None => Ok(None),
                Some("expired") => Err(Problem::refused_credentials("Token has expired.")),
                Some("forged") => Err(Problem::denied_because("CSRF Failed: CSRF cookie not set.")),
                Some(name) => Ok(Some(caller(name, entrance.schemes[0]))),
            };
            let identity = Identity {
                session_consulted: parts.headers.contains_key("cookie"),
                challenge: HeaderValue::from_static("JWT realm=\"api\""),
                outcome,
            };
            (parts, identity)
        })
    })
}

fn caller(name: &str, via: Scheme) -> Caller {
    Caller {
        id: 7,
        username: name.into(),
        email: format!("{name}@example.com").into(),
        is_active: true,
        is_staff: name == "root",
        is_superuser: false,
        via,
        claims: None,
        application: None,
        request_id: None,
    }
}

/// The answer of `family` to `ask`.
pub(crate) fn answer(family: Family<()>, ask: &Ask) -> Answer {
    answer_of(
        family
            .into_router(&(), &authenticate())
            .fallback(provost_drf::not_found_page),
        ask.request(),
    )
}

/// The answer of `router` to `request`.
pub(crate) fn answer_of(router: Router, request: Request<Body>) -> Answer {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let response = router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    })
}

/// Every request of `cases` gets the answer beside it: status, blank, body.
pub(crate) fn check(
    family: impl Fn() -> Family<()>,
    cases: impl IntoIterator<Item = (Ask, impl AsRef<str>)>,
) {
    for (ask, expected) in cases {
        let found = answer(family(), &ask).line();
        let sent = String::from_utf8_lossy(&ask.body[..ask.body.len().min(200)]);
        assert_eq!(
            found,
            expected.as_ref(),
            "{} {} {:?} {sent}",
            ask.method,
            ask.path,
            ask.headers
        );
    }
}
