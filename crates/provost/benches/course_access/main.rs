//! What course access costs as an organization grows: the lists of the old API, and decisions.
//!
//! One organization of 1,000, 20,000 or 200,000 learners, nine in ten of them in one of its groups. A page must not cost
//! more because the organization is larger. SQLite; every answer's status is checked and its body read.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot be set up has nothing to say"
)]

#[path = "../http/call.rs"]
#[expect(dead_code, reason = "shared with the benchmark of the AuthZ API")]
mod call;
mod platform;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use serde_json::json;
use tokio::runtime::Runtime;

use call::Call;
use platform::{COURSES, Platform, course, username};

const SIZES: [u64; 3] = [1_000, 20_000, 200_000];

/// The lists: what is asked, under the name that the figure has.
const LISTS: [(&str, &str); 9] = [
    ("users", "users/"),
    ("users_in_a_group", "users/?group=1"),
    ("users_search", "users/?search=user000077"),
    ("memberships", "memberships/"),
    ("memberships_late", "memberships/?offset=800"),
    ("rules", "membership-rules/"),
    ("groups", "course-access-groups/"),
    ("courses", "courses/"),
    ("courses_search", "courses/?search=things+77"),
];

fn old(below: &str) -> String {
    format!("/course_access_groups/api/v1/{below}")
}

fn lists(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    for size in SIZES {
        let platform = runtime.block_on(Platform::of(size));
        let mut bench = criterion.benchmark_group("course_access_lists");
        for (name, below) in LISTS {
            let call = Call::get(&old(below), &platform.admin);
            bench.bench_function(BenchmarkId::new(name, size), |bencher| {
                bencher
                    .to_async(&runtime)
                    .iter(|| call.of(&platform.router));
            });
        }
        bench.finish();
        after_a_write(criterion, &runtime, &platform);
        decisions(criterion, &runtime, &platform);
    }
}

/// The first page after a group was renamed, when its total is not remembered. The writing is not counted.
fn after_a_write(criterion: &mut Criterion, runtime: &Runtime, platform: &Platform) {
    let named = AtomicU64::new(0);
    let mut bench = criterion.benchmark_group("course_access_lists_after_a_write");
    for name in ["users", "memberships"] {
        let call = Call::get(&old(&format!("{name}/")), &platform.admin);
        bench.bench_function(BenchmarkId::new(name, platform.size), |bencher| {
            bencher.to_async(runtime).iter_custom(async |times| {
                let mut spent = Duration::ZERO;
                for _ in 0..times {
                    let name = format!("Group {}", named.fetch_add(1, Ordering::Relaxed));
                    platform.rename(&name).await;
                    let started = Instant::now();
                    call.of(&platform.router).await;
                    spent += started.elapsed();
                }
                spent
            });
        });
    }
}

/// One question and a thousand, and the first hundred courses of a learner.
fn decisions(criterion: &mut Criterion, runtime: &Runtime, platform: &Platform) {
    let mut bench = criterion.benchmark_group("course_access_decisions");
    for questions in [1_u64, 1_000] {
        let checks: Vec<_> = (0..questions)
            .map(|at| {
                let user = username(3 + platform::scattered(at) % (platform.size - 3));
                json!({"user": user, "courses": [course(at % COURSES)]})
            })
            .collect();
        let call = Call::post(
            "/api/provost/v1/course-access/check",
            &platform.superuser,
            &json!({"checks": checks}),
        );
        let id = BenchmarkId::new(format!("check_{questions}"), platform.size);
        bench.bench_function(id, |bencher| {
            bencher.to_async(runtime).iter(|| call.of(&platform.router));
        });
    }
    let target = format!(
        "/api/provost/v1/course-access/courses?user={}",
        username(77)
    );
    let call = Call::get(&target, &platform.superuser);
    let id = BenchmarkId::new("courses_of_a_learner", platform.size);
    bench.bench_function(id, |bencher| {
        bencher.to_async(runtime).iter(|| call.of(&platform.router));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .without_plots();
    targets = lists
}
criterion_main!(benches);
