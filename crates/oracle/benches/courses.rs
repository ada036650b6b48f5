//! What it costs to ask who may see which course, to list what somebody sees, to follow a change, and to
//! build the index: 200,000 people in 2,000 groups, 10,000 courses.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up has nothing to say"
)]

#[expect(dead_code, reason = "only the dice are shared")]
mod population;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use provost_policy::courses::{Account, CourseAccess};

use population::{Dice, dice};

const PEOPLE: i64 = 200_000;
const GROUPS: u64 = 2_000;
const COURSES: u64 = 10_000;
const ORGANIZATIONS: u64 = 200;
/// More questions than the caches hold people.
const COLD: usize = 200_000;
const WARM: usize = 16;

fn number(dice: &mut Dice, limit: u64) -> i64 {
    dice.below(limit).cast_signed()
}

fn course(number: u64) -> String {
    format!("course-v1:Org{}+C{number}+2026", number % ORGANIZATIONS)
}

/// One person in a thousand is staff, one in a hundred administers the own organization; one course in
/// a hundred is public, and the others are in three groups each.
fn index() -> CourseAccess {
    let mut dice = dice(1);
    let mut index = CourseAccess::default();
    for user in 1..=PEOPLE {
        let account = Account {
            active: true,
            admin: user % 1_000 == 0,
        };
        index.set_user(user, &format!("learner_{user}"), account);
        index.add_member(user, number(&mut dice, ORGANIZATIONS), user % 100 == 0);
        index.join(user, user, number(&mut dice, GROUPS));
    }
    for at in 0..COURSES {
        let key = course(at);
        index.add_course(&key);
        index.add_offer(&key, (at % ORGANIZATIONS).cast_signed());
        index.set_public(&key, at % 100 == 0);
        for _ in 0..3 {
            index.link(&key, number(&mut dice, GROUPS));
        }
    }
    index
}

fn ask(criterion: &mut Criterion) {
    let index = index();
    let mut dice = dice(7);
    let mut bench = criterion.benchmark_group("courses");
    for (name, count) in [("decide/warm", WARM), ("decide/cold", COLD)] {
        let questions: Vec<(i64, String)> = (0..count)
            .map(|_| {
                let user = 1 + number(&mut dice, PEOPLE.unsigned_abs());
                (user, course(dice.below(COURSES)))
            })
            .collect();
        let mut next = questions.iter().cycle();
        bench.bench_function(name, |bencher| {
            bencher.iter(|| {
                let (user, course) = black_box(next.next().unwrap());
                index.decide(Some(*user), course)
            });
        });
    }
    for (name, user) in [("all/learner", 7), ("all/admin", 100), ("all/staff", 1_000)] {
        bench.bench_function(name, |bencher| {
            bencher.iter(|| index.courses_after(black_box(Some(user)), "", usize::MAX));
        });
    }
    bench.bench_function("page/learner", |bencher| {
        bencher.iter(|| index.courses_after(black_box(Some(7)), "", 20));
    });
}

fn change(criterion: &mut Criterion) {
    let mut index = index();
    let mut bench = criterion.benchmark_group("courses");
    bench.bench_function("join_and_leave", |bencher| {
        bencher.iter(|| {
            index.join(PEOPLE + 1, black_box(7), -1);
            index.leave(7, -1);
        });
    });
    bench.bench_function("drop_group", |bencher| {
        bencher.iter(|| index.drop_group(black_box(-1)));
    });
    bench.sample_size(10);
    bench.bench_function("build", |bencher| bencher.iter(self::index));
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
    targets = ask, change
}
criterion_main!(benches);
