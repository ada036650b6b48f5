//! How a request is measured: handed to a router, or sent over a connection.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, BenchmarkId};
use http::StatusCode;
use provost::settings::Settings;
use provost::telemetry::Telemetry;
use tokio::runtime::Runtime;
use tokio::sync::Mutex;

use crate::call::{Call, Connection, answered};

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// Calls in turn, handed to a router.
pub fn in_process(
    bench: &mut Group<'_>,
    id: BenchmarkId,
    runtime: &Runtime,
    router: &Router,
    calls: &[Call],
) {
    let mut next = calls.iter().cycle();
    bench.bench_function(id, |bencher| {
        bencher.to_async(runtime).iter_batched(
            || next.next().unwrap().request(),
            |request| answered(router, request, StatusCode::OK),
            // Few enough to stay in the caches, as a request just read from a socket does.
            BatchSize::NumIterations(64),
        );
    });
}

/// Calls in turn, sent over one connection.
pub fn over_tcp(
    bench: &mut Group<'_>,
    id: BenchmarkId,
    runtime: &Runtime,
    router: &Router,
    calls: &[Call],
) {
    let requests: Vec<_> = calls.iter().map(Call::wire).collect();
    let connection = Mutex::new(runtime.block_on(Connection::to(router.clone())));
    let next = AtomicU64::new(0);
    bench.bench_function(id, |bencher| {
        bencher.to_async(runtime).iter(async || {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let request = &requests[usize::try_from(at).unwrap() % requests.len()];
            connection.lock().await.send(request).await;
        });
    });
}

/// The runtime of the program, with logs as in production.
pub fn runtime() -> Runtime {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut settings = Settings::default();
    "warn".clone_into(&mut settings.log.filter);
    let _entered = runtime.enter();
    // Started by whichever group comes first.
    drop(Telemetry::start(&settings));
    runtime
}
