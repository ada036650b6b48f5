//! Listening and stopping.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use provost::health;
use provost::listen::{self, Limits, Stopped};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

struct Server {
    address: std::net::SocketAddr,
    entered: Arc<Notify>,
    release: Arc<Notify>,
    stop: watch::Sender<u32>,
    done: JoinHandle<Stopped>,
}

/// A server whose `/slow` tells when it was entered and answers when it is released.
async fn server(grace: Duration) -> Server {
    limited(Limits {
        head: Duration::from_mins(1),
        grace,
    })
    .await
}

async fn limited(limits: Limits) -> Server {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (Arc::clone(&entered), Arc::clone(&release));
    let slow = async move || {
        tell.notify_one();
        wait.notified().await;
        "finished"
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stops) = watch::channel(0);
    let router = Router::new().route("/slow", get(slow));
    let done = tokio::spawn(listen::serve(listener, router, stops, limits));
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
    server.stop.send_modify(|told| *told += 1);
    server.release.notify_one();
    assert!(answer(stream).await.ends_with("finished"));
    assert_eq!(server.done.await.unwrap(), Stopped::Finished);
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn stopping_does_not_wait_longer_than_the_grace() {
    let server = server(Duration::ZERO).await;
    let _stream = ask(&server).await;
    server.stop.send_modify(|told| *told += 1);
    assert_eq!(server.done.await.unwrap(), Stopped::Dropped);
}

#[tokio::test]
async fn being_told_to_stop_twice_ends_it_at_once() {
    let server = server(Duration::from_hours(1)).await;
    let _stream = ask(&server).await;
    for _ in 0..2 {
        server.stop.send_modify(|told| *told += 1);
    }
    assert_eq!(server.done.await.unwrap(), Stopped::Dropped);
}

#[tokio::test]
async fn whoever_sends_no_whole_head_is_hung_up_on_and_nobody_else() {
    let server = limited(Limits {
        head: Duration::from_millis(100),
        grace: Duration::ZERO,
    })
    .await;
    let waits = ask(&server).await;
    for begun in [
        "",
        "P",
        "PRI * HTTP/2",
        "GET /slow HT",
        "GET /slow HTTP/1.1\r\nhost: x\r\n",
        // Answered, and then nothing more.
        "GET /none HTTP/1.1\r\nhost: x\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(begun.as_bytes()).await.unwrap();
        let mut said = Vec::new();
        let read = stream.read_to_end(&mut said);
        let closed = tokio::time::timeout(Duration::from_secs(20), read).await;
        closed.expect(begun).unwrap();
    }
    // Its head was whole; the limit is not for the answer.
    server.release.notify_one();
    assert!(answer(waits).await.ends_with("finished"));
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
