//! Where time comes from.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, Utc};

/// The clock of one [`App`](crate::App): the system's, or one that a test sets.
///
/// Times are cut to microseconds, which is what the store keeps, so that a value reads
/// back as it was written.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `time` until [`set`](Self::set) moves it.
    #[must_use]
    pub fn fixed(time: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(AtomicI64::new(time.timestamp_micros()))))
    }

    /// Moves a fixed clock; the system's clock is not ours to move and stays.
    pub fn set(&self, time: DateTime<Utc>) {
        if let Some(micros) = &self.0 {
            micros.store(time.timestamp_micros(), Ordering::Relaxed);
        }
    }

    /// The time now, in whole microseconds.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Some(micros) => DateTime::from_timestamp_micros(micros.load(Ordering::Relaxed))
                .unwrap_or(DateTime::UNIX_EPOCH),
            #[expect(
                clippy::disallowed_methods,
                reason = "the one place that reads the system's clock"
            )]
            None => Utc::now().trunc_subsecs(6),
        }
    }
}
