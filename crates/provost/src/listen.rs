//! Listening, and stopping without dropping a request.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tower::ServiceExt as _;

/// How long connections may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For the head of a request to be there, from the connection or from the answer before it.
    pub head: Duration,
    /// For requests in flight to finish once the service stops.
    pub grace: Duration,
}

/// How the service stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Every request was answered.
    Finished,
    /// Requests in flight were dropped.
    Dropped,
}

/// How often the process was told to stop: once is to end in good order, twice is to end at once.
pub type Stops = watch::Receiver<u32>;

/// Serves until the process is told to stop, then lets requests in flight finish for at most [`Limits::grace`], or until
/// it is told again. New connections are refused meanwhile. Handlers find the peer's address in `ConnectInfo<SocketAddr>`.
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    mut stops: Stops,
    limits: Limits,
) -> Stopped {
    let graceful = GracefulShutdown::new();
    loop {
        tokio::select! {
            // An accept that fails is tried again by the trait itself.
            (stream, peer) = Listener::accept(&mut listener) => {
                let watcher = graceful.watcher();
                tokio::spawn(connection(stream, peer, router.clone(), watcher, limits.head));
            }
            true = told(&mut stops, 1) => break,
        }
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => Stopped::Finished,
        () = tokio::time::sleep(limits.grace) => {
            tracing::warn!("requests were still in flight after {} s and were dropped", limits.grace.as_secs());
            Stopped::Dropped
        }
        true = told(&mut stops, 2) => {
            tracing::warn!("told to stop again: requests in flight were dropped");
            Stopped::Dropped
        }
    }
}

/// Waits until the process was told to stop so often; `false` if nobody is left who could tell.
pub async fn told(stops: &mut Stops, times: u32) -> bool {
    stops.wait_for(|told| *told >= times).await.is_ok()
}

/// Answers what comes over one connection. Whoever sends no request, or half of one, is hung up on.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    watcher: Watcher,
    head: Duration,
) {
    let has_asked = Arc::new(AtomicBool::new(false));
    let asks = Arc::clone(&has_asked);
    let service = router.map_request(move |mut request: Request<Incoming>| {
        asks.store(true, Ordering::Relaxed);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(Body::new)
    });
    let service = TowerToHyperService::new(service);
    let builder = protocols(head);
    let serving = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let mut serving = pin!(watcher.watch(serving));
    // The limit of HTTP/1 begins once the version of the protocol is known.
    let mut silent = pin!(tokio::time::sleep(head));
    let served = tokio::select! {
        served = serving.as_mut() => served,
        () = silent.as_mut() => {
            if !has_asked.load(Ordering::Relaxed) {
                return;
            }
            serving.await
        }
    };
    if let Err(error) = served {
        tracing::trace!(%error, "a connection broke");
    }
}

/// HTTP/1 and HTTP/2, each with its limits.
fn protocols(head: Duration) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(head);
    // An idle connection is asked for a sign of life, and one that gives none is closed.
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(head)
        .keep_alive_timeout(head);
    builder
}

/// Counts each SIGTERM and SIGINT, for as long as the process runs.
///
/// # Errors
/// The signals cannot be listened to.
pub fn signals() -> io::Result<Stops> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (stop, stops) = watch::channel(0);
    tokio::spawn(async move {
        loop {
            let name = tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            };
            tracing::info!("stopping on {name}");
            stop.send_modify(|told| *told += 1);
        }
    });
    Ok(stops)
}
