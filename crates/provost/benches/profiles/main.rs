//! What removing a large tenant costs everybody else.
//!
//! A tenant of 10,000 groups with 100,000 records of end users is removed by one request, while others read and change
//! their own tenants as fast as they are answered; on SQLite, and on PostgreSQL where its programs are installed. What
//! others wait is measured before, while the tenant is removed and what is left of it is swept away, and, for
//! comparison, while all that is left is taken away in one statement a table.
//!
//! `cargo bench -p provost --bench profiles`. It is no benchmark of the usual kind, since what matters is the worst that
//! anybody waits, and that happens once.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark that cannot be set up has nothing to say, and says the rest to whoever looks"
)]

mod load;
mod platform;

use std::sync::Arc;
use std::time::{Duration, Instant};

use load::{Load, Waits};
use platform::{BIG, Platform, RECORDS};
use provost_store::tenant_profiles::removals;

/// How long the load runs by itself.
const QUIET: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() {
    // Test runners ask for a list, or for a quick look.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return;
    }
    measure("SQLite", "sqlite::memory:").await;
    match provost_pgtest::database(None) {
        Some(database) => measure("PostgreSQL", &database.url).await,
        None => println!("PostgreSQL is not installed: left out."),
    }
}

async fn measure(name: &str, url: &str) {
    println!("\n{name}: {} groups, {RECORDS} records", platform::GROUPS);
    let platform = Arc::new(Platform::new(url).await);
    let load = Load::start(&platform);
    tokio::time::sleep(QUIET).await;
    report("alone", &load.taken());

    let begun = Instant::now();
    let removed = platform.remove(BIG[0]).await;
    let answered = begun.elapsed();
    report("while it is removed", &load.finished().await);
    let begun = Instant::now();
    let rows = provost_profiles::sweep(&platform.app).await.unwrap();
    let swept = begun.elapsed();
    report("while it is swept", &load.finished().await);
    println!(
        "  answered in {answered:.0?} with {removed} groups; {rows} rows swept in {swept:.1?}"
    );

    platform.remove(BIG[1]).await;
    load.finished().await;
    let begun = Instant::now();
    at_once(&platform).await;
    let took = begun.elapsed();
    report("all in one transaction", &load.finished().await);
    println!("  {rows} rows in {took:.0?}");
    load.stop().await;
}

/// Takes away all that is left in one transaction, as if nobody waited.
async fn at_once(platform: &Platform) {
    let store = platform.app.store();
    let removal = removals::next(store.read(), 0).await.unwrap().unwrap();
    let tx = store.begin().await.unwrap();
    removals::sweep(&tx, &removal, 10_000_000).await.unwrap();
    tx.commit().await.unwrap();
}

fn report(when: &str, waits: &Waits) {
    for (what, waits) in [("reads", &waits.reads), ("writes", &waits.writes)] {
        println!(
            "  {when:<24} {what:<7} {:>7}  median {:>8.2?}  99 % {:>8.2?}  worst {:>8.2?}",
            waits.len(),
            Waits::at(waits, 0.5),
            Waits::at(waits, 0.99),
            Waits::at(waits, 1.0),
        );
    }
}
