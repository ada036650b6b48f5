//! The layer around every request.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use parking_lot::Mutex;
use provost::layers::Shell;
use provost::settings::{Log, LogFormat, Server};
use provost::telemetry::{Metrics, logs};
use provost_drf::absolute::Origin;
use provost_drf::{Caller, Via};
use tower::ServiceExt as _;

use crate::subscriber::subscribe;

fn shell() -> Shell {
    let settings = Server {
        body_limit_bytes: 1000,
        ..Server::default()
    };
    Shell::new(&settings, None, false)
}

fn router() -> Router {
    Router::new()
        .route("/items/{id}/", get(async || "an item"))
        .route(
            "/id/",
            get(async |headers: HeaderMap| headers["x-request-id"].to_str().unwrap().to_owned()),
        )
        .route("/panic/", get(async || -> &'static str { panic!("boom") }))
        .route(
            "/never/",
            get(async || std::future::pending::<&'static str>().await),
        )
        .route("/fails/", get(async || StatusCode::BAD_GATEWAY))
        .route("/user/", get(async || (axum::Extension(caller()), "known")))
        .route(
            "/origin/",
            get(async |origin: Origin| origin.as_str().to_owned()),
        )
        .route("/read/", post(read))
}

/// Whom the families name in their answers.
fn caller() -> Caller {
    Caller {
        id: 42,
        username: "ada".into(),
        email: "ada@example.org".into(),
        is_active: true,
        is_staff: false,
        is_superuser: false,
        via: Via::Session,
        claims: None,
        application: None,
        request_id: None,
    }
}

/// Reads its body as the APIs do, and says how it went.
async fn read(request: Request) -> Result<String, StatusCode> {
    match to_bytes(request.into_body(), usize::MAX).await {
        Ok(bytes) => Ok(bytes.len().to_string()),
        Err(_) => Err(StatusCode::PAYLOAD_TOO_LARGE),
    }
}

/// Sends one request, and gives the status, the request's id and the body.
async fn send(shell: Shell, request: Request) -> (u16, String, String) {
    let response = shell.around(router()).oneshot(request).await.unwrap();
    let id = response.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, id, String::from_utf8(body.to_vec()).unwrap())
}

fn get_request(path: &str) -> Request {
    Request::get(path).body(Body::empty()).unwrap()
}

/// A body whose length nobody announced, as with chunked transfer.
fn unannounced(bytes: usize) -> Body {
    Body::from_stream(futures_util::stream::iter(
        (0..bytes).map(|_| Ok::<_, std::io::Error>("x")),
    ))
}

#[tokio::test]
async fn a_request_keeps_its_id_if_it_is_fit_to_be_logged() {
    let long = "x".repeat(65);
    for (given, kept) in [
        ("abc-1.2_3", true),
        ("two words", false),
        ("a\tb", false),
        ("\"", false),
        (long.as_str(), false),
        ("", false),
    ] {
        let request = Request::get("/id/")
            .header("x-request-id", given)
            .body(Body::empty())
            .unwrap();
        let (_, answered, seen) = send(shell(), request).await;
        assert_eq!(answered, seen, "the handler and the client see the same id");
        assert_eq!(answered == given, kept, "{given:?}");
        assert!(
            kept || uuid::Uuid::parse_str(&answered).is_ok(),
            "{answered}"
        );
    }
}

#[tokio::test]
async fn bodies_are_bounded_whether_announced_or_not() {
    for (body, status, text) in [
        (Body::from("x".repeat(1000)), 200, "1000"),
        (
            Body::from("x".repeat(1001)),
            413,
            r#"{"detail":"The request body is too large."}"#,
        ),
        (unannounced(1000), 200, "1000"),
        (unannounced(1001), 413, ""),
    ] {
        let request = Request::post("/read/").body(body).unwrap();
        let (answered, _, said) = send(shell(), request).await;
        assert_eq!((answered, said.as_str()), (status, text));
    }
    // Where a family has words of its own for problems, these are its words too.
    let request = Request::post("/api/v1/tenants/").body(Body::from("x".repeat(1001)));
    let (answered, _, said) = send(shell(), request.unwrap()).await;
    assert_eq!(
        (answered, said.as_str()),
        (413, r#"{"details":"The request body is too large."}"#)
    );
}

#[tokio::test]
async fn whatever_happens_there_is_an_answer() {
    // The work is looked at once before the time-out is, so only what is not done at once takes too long.
    let impatient = Shell {
        timeout: Duration::ZERO,
        ..shell()
    };
    for (path, status, text) in [
        ("/items/7/", 200, "an item"),
        ("/nowhere/", 404, ""),
        ("/panic/", 500, r#"{"detail":"A server error occurred."}"#),
        ("/never/", 503, r#"{"detail":"The request took too long."}"#),
    ] {
        let (answered, _, said) = send(impatient.clone(), get_request(path)).await;
        assert_eq!((answered, said.as_str()), (status, text), "{path}");
    }
}

#[tokio::test]
async fn requests_are_counted_by_route_method_and_status() {
    let metrics = Metrics::new().unwrap();
    let shell = Shell {
        metrics: Some(metrics.clone()),
        ..shell()
    };
    for path in ["/items/1/", "/items/2/", "/nowhere/", "/fails/"] {
        send(shell.clone(), get_request(path)).await;
    }
    let odd = Request::builder()
        .method("BREW")
        .uri("/items/1/")
        .body(Body::empty())
        .unwrap();
    send(shell, odd).await;
    let page = metrics.render();
    for line in [
        r#"http_requests_total{route="/items/{id}/",method="GET",status="200"} 2"#,
        r#"http_requests_total{route="unmatched",method="GET",status="404"} 1"#,
        r#"http_requests_total{route="/fails/",method="GET",status="502"} 1"#,
        r#"http_requests_total{route="/items/{id}/",method="OTHER",status="405"} 1"#,
        r#"http_request_duration_seconds_count{route="/items/{id}/",method="GET",status="200"} 2"#,
        r#"http_request_duration_seconds_bucket{route="/fails/",method="GET",status="502",le="10"} 1"#,
        "http_requests_in_flight 0",
    ] {
        assert!(
            page.lines().any(|found| found == line),
            "{line} is not in\n{page}"
        );
    }
}

#[tokio::test]
async fn a_request_that_its_client_gave_up_is_not_in_flight() {
    let metrics = Metrics::new().unwrap();
    let shell = Shell {
        metrics: Some(metrics.clone()),
        ..shell()
    };
    let mut request = Box::pin(shell.around(router()).oneshot(get_request("/never/")));
    assert!(futures_util::poll!(&mut request).is_pending());
    assert!(metrics.render().contains("http_requests_in_flight 1"));
    drop(request);
    assert!(metrics.render().contains("http_requests_in_flight 0"));
}

#[tokio::test]
async fn absolute_addresses_come_from_the_settings_a_trusted_proxy_or_the_request() {
    for (public_url, trusted, peer, origin) in [
        (None, "10.0.0.0/8", "10.1.2.3:4", "https://lms.example.org"),
        (None, "10.0.0.0/8", "192.0.2.1:4", "http://inner"),
        (
            Some("https://a.example.org"),
            "10.0.0.0/8",
            "10.1.2.3:4",
            "https://a.example.org",
        ),
    ] {
        let settings = Server {
            public_url: public_url.map(str::to_owned),
            trusted_proxies: vec![trusted.parse().unwrap()],
            ..Server::default()
        };
        let request = Request::get("/origin/")
            .header("host", "inner")
            .header("x-forwarded-proto", "https")
            .header("x-forwarded-host", "lms.example.org")
            .extension(ConnectInfo::<std::net::SocketAddr>(peer.parse().unwrap()))
            .body(Body::empty())
            .unwrap();
        let (_, _, seen) = send(Shell::new(&settings, None, false), request).await;
        assert_eq!(seen, origin);
    }
}

/// A place for log lines that a test can read.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The lines that a request leaves.
async fn logged(format: LogFormat, filter: &str, request: Request) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let layer = logs::layer(
        &Log {
            format,
            filter: filter.to_owned(),
        },
        move || writer.clone(),
    )
    .unwrap();
    let guard = subscribe(layer);
    send(shell(), request).await;
    drop(guard);
    let bytes = lines.0.lock().clone();
    String::from_utf8(bytes).unwrap()
}

fn secretive(path: &str) -> Request {
    Request::get(format!("{path}?search=ada@example.org"))
        .header("x-request-id", "r-1")
        .header("authorization", "JWT token-text")
        .header("cookie", "sessionid=cookie-text")
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn a_request_leaves_one_json_line_with_what_can_be_asked_about_it() {
    let line = logged(LogFormat::Json, "info", secretive("/user/")).await;
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["message"], "GET /user/ answered 200");
    assert_eq!(line["http.method"], "GET");
    assert_eq!(line["http.route"], "/user/");
    assert_eq!(line["http.status"], 200);
    let took = line["duration_ms"].to_string();
    let digits = took.split_once('.').map_or(0, |(_, digits)| digits.len());
    assert!((0..=3).contains(&digits), "{took}");
    assert_eq!(line["span"]["request.id"], "r-1");
    assert_eq!(line["span"]["user.id"], 42);
}

#[tokio::test]
async fn lines_hold_no_path_query_token_cookie_or_address() {
    for path in ["/items/secret-item/", "/secret-path/"] {
        for format in [LogFormat::Text, LogFormat::Json] {
            let lines = logged(format, "trace", secretive(path)).await;
            assert!(lines.contains("r-1"), "{lines}");
            for private in [
                "ada@example.org",
                "token-text",
                "cookie-text",
                "secret-item",
                "secret-path",
            ] {
                assert!(!lines.contains(private), "{private} in {lines}");
            }
        }
    }
}

#[tokio::test]
async fn the_line_of_a_request_can_be_filtered_out_unless_it_failed() {
    let filter = "info,provost::request=warn";
    assert_eq!(
        logged(LogFormat::Text, filter, get_request("/items/1/")).await,
        ""
    );
    assert!(
        logged(LogFormat::Text, filter, get_request("/fails/"))
            .await
            .contains("GET /fails/ answered 502")
    );
}
