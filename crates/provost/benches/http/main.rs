//! What requests cost, through everything that surrounds them when they are served: limits, request id, metrics, the
//! span and the log at `warn`. SQLite; every answer's status is checked and its body read.
//!
//! `validate_me` stands beside a bare handler in the same group, so that their ratio can be read off whatever else the
//! machine does. The lists are measured at three sizes, because their cost must not grow with the platform.
//!
//! One task asks, one request at a time: what is measured is the work of a request, not how many cores there are.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot be set up has nothing to say"
)]

mod bare;
#[expect(dead_code, reason = "shared with the benchmark of tenants")]
mod call;
mod evaluation;
mod measure;
mod platform;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use criterion::{
    BatchSize, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use http::StatusCode;
use serde_json::json;
use tokio::runtime::Runtime;

use call::{Call, answered};
use measure::{in_process, over_tcp, runtime};
use platform::{LARGEST_SCOPE, ORG_ADMIN, Platform, SUPERUSER, USUAL_SCOPE, scattered, username};

const SIZES: [u64; 3] = [1_000, 20_000, 200_000];
const LARGEST: u64 = 200_000;

/// Callers whose tokens and accounts are remembered.
const CALLERS: u64 = 1_000;
/// More callers than tokens are remembered, so that each comes with one that must be verified.
const STRANGERS: u64 = 12_000;

fn validate_me(criterion: &mut Criterion) {
    let runtime = runtime();
    let platform = runtime.block_on(Platform::of(LARGEST));
    let bare = bare::router();
    for questions in [1, 10] {
        let calls = runtime.block_on(questions_of(&platform, CALLERS, questions));
        let strangers = runtime.block_on(questions_of(&platform, STRANGERS, questions));
        let mut bench = criterion.benchmark_group("validate_me");
        bench.throughput(Throughput::Elements(1));
        let asked = [
            ("bare", &bare, &calls),
            ("provost", &platform.router, &calls),
            ("provost_new_token", &platform.router, &strangers),
        ];
        for (name, router, calls) in asked {
            in_process(
                &mut bench,
                BenchmarkId::new(name, questions),
                &runtime,
                router,
                calls,
            );
        }
        bench.finish();

        let mut bench = criterion.benchmark_group("validate_me_tcp");
        bench.throughput(Throughput::Elements(1));
        for (name, router) in [("bare", &bare), ("provost", &platform.router)] {
            over_tcp(
                &mut bench,
                BenchmarkId::new(name, questions),
                &runtime,
                router,
                &calls,
            );
        }
    }
    while_writing(criterion, &runtime, &platform);
    writes(criterion, &runtime, &platform);
}

async fn questions_of(platform: &Platform, callers: u64, questions: u64) -> Vec<Call> {
    let mut calls = Vec::new();
    for caller in 0..callers {
        calls.push(platform.questions(ORG_ADMIN + 1 + caller, questions).await);
    }
    calls
}

/// One question at a time while somebody gives one role a second.
fn while_writing(criterion: &mut Criterion, runtime: &Runtime, platform: &Platform) {
    let calls = runtime.block_on(questions_of(platform, CALLERS, 1));
    let token = runtime.block_on(platform.token(SUPERUSER));
    let router = platform.router.clone();
    let writer = runtime.spawn(async move {
        let mut second = tokio::time::interval(Duration::from_secs(1));
        for user in CALLERS.. {
            second.tick().await;
            assigning(&token, "course_auditor", user).of(&router).await;
        }
    });
    let mut bench = criterion.benchmark_group("validate_me");
    bench.throughput(Throughput::Elements(1));
    // Long enough to hold several writes.
    bench.measurement_time(Duration::from_secs(5));
    let id = BenchmarkId::new("provost_one_write_a_second", 1);
    in_process(&mut bench, id, runtime, &platform.router, &calls);
    bench.finish();
    writer.abort();
}

/// Giving one role to one user: looked up, stored, audited, logged, committed, and known to the policy.
fn writes(criterion: &mut Criterion, runtime: &Runtime, platform: &Platform) {
    let token = runtime.block_on(platform.token(SUPERUSER));
    let mut users = LARGEST / 2..;
    let mut bench = criterion.benchmark_group("roles_users_put");
    bench.throughput(Throughput::Elements(1));
    bench.bench_function(BenchmarkId::from_parameter(LARGEST), |bencher| {
        bencher.to_async(runtime).iter_batched(
            || assigning(&token, "course_staff", users.next().unwrap()).request(),
            |request| answered(&platform.router, request, StatusCode::MULTI_STATUS),
            BatchSize::PerIteration,
        );
    });
}

fn assigning(token: &str, role: &str, user: u64) -> Call {
    let body = json!({"role": role, "scope": USUAL_SCOPE, "users": [username(user)]});
    let target = "/api/authz/v1/roles/users/";
    Call::put(target, token, &body, StatusCode::MULTI_STATUS)
}

/// The lists: what is asked, under the name that the figure has. What narrows the lists of people is fixed, so that
/// it finds as much on a large platform as on a small one.
fn lists() -> Vec<(&'static str, String)> {
    let found = username(ORG_ADMIN);
    let list = |path: &str| format!("/api/authz/v1/{path}");
    vec![
        ("assignments", list("assignments/")),
        ("assignments_of_org", list("assignments/?orgs=Org0")),
        (
            "assignments_search",
            list(&format!("assignments/?search={found}")),
        ),
        ("users", list("users/")),
        ("users_search", list(&format!("users/?search={found}"))),
        (
            "members",
            list(&format!("roles/users/?scope={}", encoded(USUAL_SCOPE))),
        ),
        (
            "members_search",
            list(&format!(
                "roles/users/?scope={}&search=ada",
                encoded(USUAL_SCOPE)
            )),
        ),
        (
            "members_of_largest",
            list(&format!("roles/users/?scope={}", encoded(LARGEST_SCOPE))),
        ),
        ("scopes", list("scopes/")),
        ("scopes_search", list("scopes/?search=things%2077")),
        ("orgs", list("orgs/")),
        ("orgs_search", list("orgs/?search=university%203")),
    ]
}

fn encoded(scope: &str) -> String {
    scope.replace('+', "%2B")
}

fn pages(criterion: &mut Criterion) {
    let runtime = runtime();
    for size in SIZES {
        let platform = runtime.block_on(Platform::of(size));
        for (caller, id) in [("superuser", SUPERUSER), ("org_admin", ORG_ADMIN)] {
            let token = runtime.block_on(platform.token(id));
            let mut bench = criterion.benchmark_group(format!("lists_{caller}"));
            for (name, target) in lists() {
                // The largest scope is not the org admin's.
                if id == ORG_ADMIN && target.contains("Org1") {
                    continue;
                }
                let call = Call::get(&target, &token);
                bench.bench_function(BenchmarkId::new(name, size), |bencher| {
                    bencher
                        .to_async(&runtime)
                        .iter(|| call.of(&platform.router));
                });
            }
        }
        after_a_write(criterion, &runtime, &platform);
    }
}

/// The first page after a role was given, when its total is not remembered. The writing is not counted.
fn after_a_write(criterion: &mut Criterion, runtime: &Runtime, platform: &Platform) {
    let token: Arc<str> = runtime.block_on(platform.token(SUPERUSER));
    let user = AtomicU64::new(0);
    let mut bench = criterion.benchmark_group("lists_after_a_write");
    for name in ["assignments", "users"] {
        let call = Call::get(&format!("/api/authz/v1/{name}/"), &token);
        bench.bench_function(BenchmarkId::new(name, platform.size), |bencher| {
            bencher.to_async(runtime).iter_custom(async |times| {
                let mut spent = Duration::ZERO;
                for _ in 0..times {
                    let user = scattered(user.fetch_add(1, Ordering::Relaxed)) % platform.size + 1;
                    assigning(&token, "course_editor", user)
                        .of(&platform.router)
                        .await;
                    let started = Instant::now();
                    call.of(&platform.router).await;
                    spent += started.elapsed();
                }
                spent
            });
        });
    }
}

/// Everybody of a large organization held against its rules. Filling the platform is not counted.
fn evaluations(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut bench = criterion.benchmark_group("evaluations");
    bench.sampling_mode(SamplingMode::Flat);
    let id = BenchmarkId::from_parameter(evaluation::PEOPLE);
    bench.bench_function(id, |bencher| {
        bencher.to_async(&runtime).iter_custom(async |times| {
            let mut spent = Duration::ZERO;
            for _ in 0..times {
                spent += evaluation::takes().await;
            }
            spent
        });
    });
}

fn quick() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .without_plots()
}

fn steady() -> Criterion {
    quick()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
}

criterion_group! {
    name = decisions;
    config = steady();
    targets = validate_me
}
criterion_group! {
    name = listings;
    config = quick();
    targets = pages, evaluations
}
criterion_main!(decisions, listings);
