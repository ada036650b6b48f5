//! Traces, sent to a collector of our own.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::routing::{get, post};
use provost::layers::Shell;
use provost::settings::{Server, Telemetry};
use provost::telemetry::traces::Traces;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tower::ServiceExt as _;

use crate::subscriber::subscribe;

/// A collector that hands on each batch as it came: Protocol Buffers, in which texts stand as they are.
async fn collector() -> (String, mpsc::UnboundedReceiver<Bytes>) {
    let (tell, batches) = mpsc::unbounded_channel();
    let router = Router::new().route(
        "/v1/traces",
        post(async move |body: Bytes| {
            tell.send(body).unwrap();
            ([("content-type", "application/x-protobuf")], Bytes::new())
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}/v1/traces"), batches)
}

fn holds(batch: &[u8], part: &[u8]) -> bool {
    batch.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn a_request_is_traced_as_a_child_of_its_callers_span_and_sent_when_the_program_stops() {
    let (endpoint, mut batches) = collector().await;
    let settings = Telemetry {
        otlp_endpoint: Some(endpoint),
        service_name: "provost-under-test".into(),
        sample_ratio: 0.0,
    };
    let traces = Traces::start(&settings).unwrap().unwrap();
    let guard = subscribe(traces.layer());
    let shell = Shell::new(&Server::default(), None, true);
    let router = shell.around(Router::new().route("/items/{id}/", get(async || "an item")));
    // The last two digits say that the caller traces, which outweighs our own sample ratio of none.
    let request = Request::get("/items/7/")
        .header(
            "traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        )
        .body(Body::empty())
        .unwrap();
    router.oneshot(request).await.unwrap();
    drop(guard);
    traces.stop().await;
    let batch = batches.recv().await.unwrap();
    let trace = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes();
    let parent = 0xb7ad_6b71_6920_3331_u64.to_be_bytes();
    for part in [
        &trace[..],
        &parent[..],
        b"GET /items/{id}/",
        b"provost-under-test",
        b"http.response.status_code",
    ] {
        assert!(
            holds(&batch, part),
            "{:?} is not in the batch",
            String::from_utf8_lossy(part)
        );
    }
}

#[tokio::test]
async fn nothing_is_traced_without_an_endpoint() {
    assert!(Traces::start(&Telemetry::default()).unwrap().is_none());
}
