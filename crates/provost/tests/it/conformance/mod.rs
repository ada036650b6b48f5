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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn groups_answers_as_recorded() {
    check("groups").await;
}

/// Cases that are replayed at once.
const PARALLEL: usize = 4;

/// Replays every case of one folder and reports all that differ.
async fn check(family: &str) {
    let recording = Arc::new(Recording::read(family));
    let refused = Arc::new(refused());
    let worlds = Arc::new(replay::Worlds::new().await);
    let mut running = tokio::task::JoinSet::new();
    let mut differences: Vec<String> = Vec::new();
    for cases in recording.by_rows() {
        if running.len() >= PARALLEL {
            differences.extend(running.join_next().await.unwrap().unwrap());
        }
        let (recording, worlds, refused) = (recording.clone(), worlds.clone(), refused.clone());
        running.spawn(async move {
            let ground = worlds.ground(&recording, cases[0]).await;
            let mut differences = Vec::new();
            for case in cases.into_iter().map(|index| &recording.cases[index]) {
                if refused.contains_key(&case.id) {
                    continue;
                }
                if let Some(found) = ground.replay(&recording, case).await {
                    differences.push(describe(case, &found));
                }
            }
            differences
        });
    }
    while let Some(outcome) = running.join_next().await {
        differences.extend(outcome.unwrap());
    }
    let count = recording.cases.len();
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
