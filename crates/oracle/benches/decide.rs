//! What a decision costs at growing numbers of assignments, beside casbin and Cedar; what a change, a
//! listing and a build cost.
//!
//! `warm` asks sixteen questions over and over; `cold` asks others all the time, over the whole population,
//! so that nothing is in the caches of the processor.
//!
//! casbin is measured at 1,000 and 10,000 assignments: a decision evaluates a script for every one of the
//! 132 rules and compares the scope with every scope any assignment names, so it takes milliseconds and
//! grows with their number. Cedar gets its requests and entities ready-made and is measured up to 100,000,
//! which is enough to see that it does not grow. Both would make the run long without saying more.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up has nothing to say"
)]

mod others;
mod population;

use std::hint::black_box;

use casbin::CoreApi;
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use provost_policy::Engine;

use others::Cedar;
use population::{Population, Question, dice};

const SIZES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// More questions than the caches hold subjects.
const COLD: usize = 200_000;
const WARM: usize = 16;

fn ask(engine: &Engine, question: &Question) -> bool {
    engine
        .decide(&question.subject, &question.action, &question.scope)
        .allowed
}

fn decide(criterion: &mut Criterion) {
    let mut bench = criterion.benchmark_group("decide");
    for size in SIZES {
        let population = Population::of(size);
        let engine = population.engine();
        for (name, count) in [("warm", WARM), ("cold", COLD)] {
            let questions = population.questions(count, &mut dice(7));
            let mut next = questions.iter().cycle();
            bench.bench_function(BenchmarkId::new(name, size), |bencher| {
                bencher.iter(|| ask(&engine, black_box(next.next().unwrap())));
            });
        }
    }
}

fn others(criterion: &mut Criterion) {
    for size in [1_000, 10_000, 100_000] {
        let population = Population::of(size);
        let engine = population.engine();
        let questions = population.questions(WARM, &mut dice(7));
        beside_cedar(criterion, &population, &engine, &questions);
        if size <= 10_000 {
            beside_casbin(criterion, &population, &engine, &questions);
        }
    }
}

fn beside_cedar(
    criterion: &mut Criterion,
    population: &Population,
    engine: &Engine,
    questions: &[Question],
) {
    let cedar = Cedar::build(population, questions);
    let requests: Vec<_> = questions.iter().map(Cedar::request).collect();
    for (question, request) in questions.iter().zip(&requests) {
        assert_eq!(
            ask(engine, question),
            cedar.allows(request),
            "{}",
            question.scope
        );
    }
    let mut next = requests.iter().cycle();
    let mut bench = criterion.benchmark_group("others");
    bench.sample_size(10);
    bench.bench_function(
        BenchmarkId::new("cedar", population.grants.len()),
        |bencher| {
            bencher.iter(|| cedar.allows(black_box(next.next().unwrap())));
        },
    );
}

fn beside_casbin(
    criterion: &mut Criterion,
    population: &Population,
    engine: &Engine,
    questions: &[Question],
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let enforcer = runtime.block_on(others::casbin(population));
    let enforce = |question: &Question| {
        let request = (&*question.subject, &*question.action, &*question.scope);
        enforcer.enforce(request).unwrap()
    };
    for question in questions {
        assert_eq!(
            ask(engine, question),
            enforce(question),
            "{}",
            question.scope
        );
    }
    let mut next = questions.iter().cycle();
    let mut bench = criterion.benchmark_group("others");
    bench.sample_size(10);
    bench.bench_function(
        BenchmarkId::new("casbin", population.grants.len()),
        |bencher| {
            bencher.iter(|| enforce(black_box(next.next().unwrap())));
        },
    );
}

fn change_and_list(criterion: &mut Criterion) {
    for size in SIZES {
        let population = Population::of(size);
        let mut engine = population.engine();
        let mut dice = dice(9);
        let questions = population.questions(10_000, &mut dice);

        let mut next = questions.iter().cycle();
        let mut bench = criterion.benchmark_group("list");
        bench.bench_function(BenchmarkId::new("scopes", size), |bencher| {
            bencher.iter(|| {
                let question = next.next().unwrap();
                engine.scopes(&question.subject, &question.action)
            });
        });
        bench.finish();

        let mut id = i64::try_from(size).unwrap();
        let mut bench = criterion.benchmark_group("change");
        bench.bench_function(BenchmarkId::new("grant_and_revoke", size), |bencher| {
            bencher.iter_batched(
                || {
                    id += 1;
                    population.grant(id, &mut dice)
                },
                |grant| {
                    engine.grant(grant.clone());
                    engine.revoke(&grant.subject, &grant.role, &grant.scope);
                },
                BatchSize::SmallInput,
            );
        });
        bench.finish();
    }
}

fn build(criterion: &mut Criterion) {
    let mut bench = criterion.benchmark_group("build");
    bench.sample_size(10);
    for size in [100_000, 1_000_000] {
        let population = Population::of(size);
        bench.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_batched(
                || population.grants.clone(),
                |grants| Engine::build(population.policy.clone(), grants, [], 1),
                BatchSize::PerIteration,
            );
        });
    }
}

fn quick() -> Criterion {
    Criterion::default()
        .warm_up_time(std::time::Duration::from_millis(500))
        .measurement_time(std::time::Duration::from_secs(2))
        .without_plots()
}

criterion_group! {
    name = benches;
    config = quick();
    targets = decide, others, change_and_list, build
}
criterion_main!(benches);
