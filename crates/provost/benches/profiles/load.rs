//! Others, who read and change their own tenants as fast as they are answered.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::platform::{Platform, SMALL};

/// How many read at once, and how many write.
const READERS: usize = 4;
const WRITERS: usize = 4;

/// In this time, whoever waits when nobody is in the way is answered.
const SHORTLY: Duration = Duration::from_millis(100);

/// How long others waited for their answers.
#[derive(Default)]
pub struct Waits {
    pub reads: Vec<Duration>,
    pub writes: Vec<Duration>,
}

impl Waits {
    /// How long this share of them waited at most.
    pub fn at(waits: &[Duration], share: f64) -> Duration {
        let mut sorted = waits.to_vec();
        sorted.sort_unstable();
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list"
        )]
        let place = ((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1);
        sorted.get(place).copied().unwrap_or_default()
    }
}

/// A load that is on.
pub struct Load {
    waits: Arc<Mutex<Waits>>,
    goes_on: Arc<AtomicBool>,
    tasks: JoinSet<()>,
}

impl Load {
    /// Begins.
    pub fn start(platform: &Arc<Platform>) -> Self {
        let mut load = Self {
            waits: Arc::default(),
            goes_on: Arc::new(AtomicBool::new(true)),
            tasks: JoinSet::new(),
        };
        for number in 0..READERS + WRITERS {
            let (waits, goes_on) = (Arc::clone(&load.waits), Arc::clone(&load.goes_on));
            let platform = Arc::clone(platform);
            load.tasks.spawn(async move {
                let mut round = number;
                while goes_on.load(Ordering::Relaxed) {
                    round += 7;
                    one(&platform, &waits, number < READERS, round).await;
                }
            });
        }
        load
    }

    /// What was waited since this was last asked.
    pub fn taken(&self) -> Waits {
        mem::take(&mut self.waits.lock().unwrap())
    }

    /// The same, with what those wait for who are waiting now.
    pub async fn finished(&self) -> Waits {
        tokio::time::sleep(SHORTLY).await;
        self.taken()
    }

    /// Ends.
    pub async fn stop(self) {
        self.goes_on.store(false, Ordering::Relaxed);
        self.tasks.join_all().await;
    }
}

async fn one(platform: &Platform, waits: &Mutex<Waits>, reads: bool, round: usize) {
    let tenant = format!("/api/v1/tenants/small{}", round % SMALL);
    let begun = Instant::now();
    let (status, body) = if reads {
        platform
            .ask("GET", &format!("{tenant}/groups/"), String::new())
            .await
    } else {
        let body = format!("{{\"name\": \"round {round}\"}}");
        platform.ask("PUT", &format!("{tenant}/"), body).await
    };
    assert_eq!(status, 200, "{body}");
    let waited = begun.elapsed();
    let mut waits = waits.lock().unwrap();
    if reads {
        waits.reads.push(waited);
    } else {
        waits.writes.push(waited);
    }
}
