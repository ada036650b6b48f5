//! Listening and stopping.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use provost::{health, listen};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

struct Server {
    address: std::net::SocketAddr,
    entered: Arc<Notify>,
    release: Arc<Notify>,
    stop: oneshot::Sender<()>,
    done: JoinHandle<std::io::Result<()>>,
}

/// A server whose `/slow` tells when it was entered and answers when it is released.
async fn server(grace: Duration) -> Server {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (Arc::clone(&entered), Arc::clone(&release));
    let slow = async move || {
        tell.notify_one();
        wait.notified().await;
        "finished"
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let router = Router::new().route("/slow", get(slow));
    let stopped = async { stopped.await.unwrap() };
    let done = tokio::spawn(listen::serve(listener, router, stopped, grace));
    Server {
        address,
        entered,
        release,
        stop,
        done,
    }
}

/// Asks for `/slow` and returns once the handler runs.
async fn ask(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream
        .write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    server.entered.notified().await;
    stream
}

async fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn stopping_lets_requests_in_flight_finish() {
    let server = server(Duration::from_mins(1)).await;
    let stream = ask(&server).await;
    server.stop.send(()).unwrap();
    server.release.notify_one();
    assert!(answer(stream).await.ends_with("finished"));
    server.done.await.unwrap().unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn stopping_does_not_wait_longer_than_the_grace() {
    let server = server(Duration::ZERO).await;
    let _stream = ask(&server).await;
    server.stop.send(()).unwrap();
    server.done.await.unwrap().unwrap();
}

#[tokio::test]
async fn health_says_whether_requests_can_be_answered_and_keeps_the_reason_to_itself() {
    use tower::ServiceExt as _;
    for (ready, path, expected) in [
        (Ok(()), "/health/live", (200, r#"{"status":"ok"}"#)),
        (Ok(()), "/health/ready", (200, r#"{"status":"ok"}"#)),
        (
            Err("no database"),
            "/health/live",
            (200, r#"{"status":"ok"}"#),
        ),
        (
            Err("no database"),
            "/health/ready",
            (503, r#"{"status":"unavailable"}"#),
        ),
        (Ok(()), "/metrics", (404, "")),
    ] {
        let check: health::Ready =
            Arc::new(move || Box::pin(async move { ready.map_err(str::to_owned) }));
        let request = axum::extract::Request::get(path)
            .body(axum::body::Body::empty())
            .unwrap();
        let response = health::router(check, None).oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 1000)
            .await
            .unwrap();
        assert_eq!(
            (status, std::str::from_utf8(&body).unwrap()),
            expected,
            "{path}"
        );
    }
}
