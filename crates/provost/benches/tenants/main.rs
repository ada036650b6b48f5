//! What tenants cost: what front ends are told, whether a host is known, and the list.
//!
//! 10,000 tenants on SQLite, through everything that surrounds requests when they are served; every answer's status is
//! checked and its body read. `mfe_config` stands beside a bare handler that knows the same hosts and sends the same
//! bytes, in the same group, so that their ratio can be read off whatever else the machine does.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot be set up has nothing to say"
)]

mod bare;
#[path = "../http/call.rs"]
#[expect(dead_code, reason = "shared with the benchmark of the AuthZ API")]
mod call;
#[path = "../http/measure.rs"]
mod measure;

use std::time::Duration;

use axum::Router;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use provost::layers::Shell;
use provost::settings::Settings;
use provost::telemetry::Metrics;
use provost_app::{App, Clock};
use provost_listing::LimitAsk;
use provost_store::tenants::{configs, routes, summaries};
use provost_store::{Options, Store};
use provost_tenancy::{Generated, TenantName, Wanted, generate};
use serde_json::{Map, json};
use tokio::runtime::Runtime;

use call::Call;
use measure::{in_process, over_tcp, runtime};

const TENANTS: usize = 10_000;
/// Tenants whose front ends ask in turn.
const ASKING: usize = 1_000;

/// The service with its tenants.
struct Platform {
    app: App,
    router: Router,
}

impl Platform {
    async fn new() -> Self {
        let settings = Settings::default();
        let store = Store::open(&Options::at("sqlite::memory:")).await.unwrap();
        store.migrate().await.unwrap();
        fill(&store, &settings.tenants).await;
        let app = App::open(store, settings.app(), Clock::system())
            .await
            .unwrap();
        let answered = provost::routes(&app, settings.slash());
        let metrics = Metrics::new().unwrap();
        let router = Shell::new(&settings.server, Some(metrics), false).around(answered);
        Self { app, router }
    }
}

fn name(number: usize) -> String {
    format!("tenant{number}")
}

async fn fill(store: &Store, settings: &provost_tenancy::Settings) {
    let tx = store.begin().await.unwrap();
    let made: Vec<Generated> = (0..TENANTS)
        .map(|number| {
            let name = TenantName::parse(&name(number), settings).unwrap();
            let wanted = Wanted {
                name: &name,
                platform_name: &format!("Platform number {number}"),
                theme_name: "indigo",
                organizations: &[],
            };
            generate(settings, &wanted)
        })
        .collect();
    let configs = made
        .iter()
        .enumerate()
        .map(|(number, made)| configs::NewConfig {
            external_key: made.external_key.clone(),
            lms_configs: made.lms_configs.clone(),
            studio_configs: Map::new(),
            theming_configs: made.theming_configs.clone(),
            meta: Map::from_iter([("tenant_name".to_owned(), json!(name(number)))]),
        });
    let ids = configs::create_all(&tx, configs.collect()).await.unwrap();
    let domains = made.iter().zip(&ids);
    let domains = domains.map(|(made, id)| (made.domains[0].clone(), *id));
    let domains: Vec<_> = domains.collect();
    routes::create_all(&tx, &domains).await.unwrap();
    tx.commit().await.unwrap();
}

/// What front ends of tenants from all over the platform ask.
fn asked() -> Vec<Call> {
    let step = TENANTS / ASKING;
    let hosts = (0..ASKING).map(|at| format!("{}.apps.local.openedx.io", name(at * step)));
    hosts
        .map(|host| Call::open("/api/mfe_config/v1?mfe=learning", &host))
        .collect()
}

fn mfe_config(criterion: &mut Criterion) {
    let runtime = runtime();
    let platform = runtime.block_on(Platform::new());
    let calls = asked();
    let bare = runtime.block_on(bare::router(&platform.router, TENANTS));
    let mut bench = criterion.benchmark_group("mfe_config");
    bench.throughput(Throughput::Elements(1));
    for (name, router) in [("bare", &bare), ("provost", &platform.router)] {
        in_process(
            &mut bench,
            BenchmarkId::from_parameter(name),
            &runtime,
            router,
            &calls,
        );
    }
    bench.finish();
    let mut bench = criterion.benchmark_group("mfe_config_tcp");
    bench.throughput(Throughput::Elements(1));
    for (name, router) in [("bare", &bare), ("provost", &platform.router)] {
        over_tcp(
            &mut bench,
            BenchmarkId::from_parameter(name),
            &runtime,
            router,
            &calls,
        );
    }
    bench.finish();
    known_host(criterion, &runtime, &platform);
    lists(criterion, &runtime, &platform);
}

/// What a proxy asks before it gets a certificate.
fn known_host(criterion: &mut Criterion, runtime: &Runtime, platform: &Platform) {
    let domain = format!("studio.{}.local.openedx.io", name(77));
    let target = format!("/api/provost/v1/tenants/known-host?domain={domain}");
    let call = Call::open(&target, "127.0.0.1");
    let mut bench = criterion.benchmark_group("known_host");
    in_process(
        &mut bench,
        BenchmarkId::from_parameter("provost"),
        runtime,
        &platform.router,
        &[call],
    );
    let settings = &platform.app.settings().tenants;
    bench.bench_function("index", |bencher| {
        bencher.iter(|| assert!(platform.app.tenants().knows(settings, &domain)));
    });
}

/// Pages of the list: with a total that is remembered and one that is not, searched for, and all of it.
fn lists(criterion: &mut Criterion, runtime: &Runtime, platform: &Platform) {
    let db = platform.app.store().read();
    let page = LimitAsk {
        limit: 20,
        offset: 0,
    };
    let mut bench = criterion.benchmark_group("tenant_list");
    for (name, search, ask, total) in [
        ("page", None, page, Some(TENANTS as u64)),
        ("page_after_a_write", None, page, None),
        ("search", Some("number 777"), page, None),
        ("all", None, LimitAsk::ALL, None),
    ] {
        bench.bench_function(BenchmarkId::new(name, TENANTS), |bencher| {
            bencher.to_async(runtime).iter(async || {
                let found = summaries::page(db, "local.openedx.io", search, &ask, total);
                assert!(!found.await.unwrap().rows.is_empty());
            });
        });
    }
}

criterion_group! {
    name = tenants;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .without_plots();
    targets = mfe_config
}
criterion_main!(tenants);
