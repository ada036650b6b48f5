//! Listening, and stopping without dropping a request.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Serves until `stop` is done, then lets requests in flight finish for at most `grace`. New connections are refused
/// meanwhile. Handlers find the peer's address in `ConnectInfo<SocketAddr>`.
///
/// # Errors
/// The listener failed.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> io::Result<()> {
    let (stopping, mut stopped) = watch::channel(false);
    let signalled = async move {
        stop.await;
        stopping.send_replace(true);
    };
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(signalled);
    let out_of_patience = async {
        // Fails only when the sender is gone, which is after it has sent.
        let _ = stopped.wait_for(|stopping| *stopping).await;
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        served = serving => served,
        () = out_of_patience => {
            tracing::warn!("requests were still in flight after {} s and were dropped", grace.as_secs());
            Ok(())
        }
    }
}

/// Waits for SIGTERM or SIGINT.
///
/// # Errors
/// The signals cannot be listened to.
pub fn signalled() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        let name = tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        };
        tracing::info!("stopping on {name}");
    })
}
