//! The recorded exchanges of the reference implementations, replayed in-process.
//!
//! Each case runs on a database of its own that holds the rows it was recorded on, with the
//! clock at the time of the recording.

mod compare;
mod recording;
mod replay;

use std::collections::BTreeMap;
use std::sync::Arc;

use recording::{Case, Kind, Recording};

/// Cases that are refused on purpose: id and reason.
fn refused() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(recording::folder("refused.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn authz_answers_as_recorded() {
    check("authz").await;
}

/// Replays every case of one folder and reports all that differ.
async fn check(family: &str) {
    let recording = Arc::new(Recording::read(family));
    let refused = refused();
    let worlds = Arc::new(replay::Worlds::new().await);
    let mut running = tokio::task::JoinSet::new();
    let mut differences = Vec::new();
    let count = recording.cases.len();
    for index in 0..count {
        if running.len() >= 4 {
            differences.extend(running.join_next().await.unwrap().unwrap());
        }
        if refused.contains_key(&recording.cases[index].id) {
            continue;
        }
        let (recording, worlds) = (recording.clone(), worlds.clone());
        running.spawn(async move {
            let case = &recording.cases[index];
            replay::replay(&worlds, &recording, case)
                .await
                .map(|found| describe(case, &found))
        });
    }
    while let Some(outcome) = running.join_next().await {
        differences.extend(outcome.unwrap());
    }
    assert!(count > 1_000, "the recordings of {family} are complete");
    assert!(
        differences.is_empty(),
        "{} of {count} cases of {family} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

fn describe(case: &Case, found: &str) -> String {
    let request = &case.request;
    let kind = match case.kind {
        Kind::Exchange => "",
        Kind::Crash => " (crash)",
    };
    format!(
        "{}{kind}\n    {} {}?{} {}\n    {found}",
        case.id, request.method, request.path, request.query, request.body
    )
}
