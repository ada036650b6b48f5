//! How long to wait before a call is tried again.

use std::time::Duration;

/// The longest pause that a service can ask for: whoever asks for more has a broken clock.
const LONGEST_ASKED: Duration = Duration::from_hours(1);

/// Pauses that double, drawn at random so that not all callers come back at the same moment ("full jitter").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The upper bound of the first pause.
    pub first: Duration,
    /// The upper bound of every pause.
    pub longest: Duration,
}

impl Backoff {
    /// The pause after the failed try number `attempt`, counted from 0: a share of `first` doubled `attempt` times, at
    /// most `longest`. `random` says which share; it is drawn evenly from all numbers.
    ///
    /// `asked` is what the service asked for ([`Failure::retry_after`](crate::Failure::retry_after)): the pause is no
    /// shorter, up to one hour.
    #[must_use]
    pub fn pause(&self, attempt: u32, asked: Option<Duration>, random: u32) -> Duration {
        let doubled = 2_u32
            .checked_pow(attempt)
            .and_then(|factor| self.first.checked_mul(factor));
        let bound = doubled.map_or(self.longest, |bound| bound.min(self.longest));
        let drawn = share(bound, random);
        asked.map_or(drawn, |asked| drawn.max(asked.min(LONGEST_ASKED)))
    }
}

/// `random` of 2³² parts of a time, to the millisecond.
fn share(whole: Duration, random: u32) -> Duration {
    let milliseconds = (whole.as_millis() * u128::from(random)) >> 32;
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff {
        first: Duration::from_millis(500),
        longest: Duration::from_mins(1),
    };
    const HALF: u32 = 1 << 31;

    fn check(attempt: u32, asked: Option<u64>, random: u32, milliseconds: u128) {
        let pause = BACKOFF.pause(attempt, asked.map(Duration::from_secs), random);
        let case = format!("attempt {attempt}, asked {asked:?}, random {random}");
        assert_eq!(pause.as_millis(), milliseconds, "{case}");
    }

    #[test]
    fn the_bound_doubles_until_the_longest() {
        for (attempt, milliseconds) in [
            (0, 250),
            (1, 500),
            (2, 1_000),
            (6, 16_000),
            (7, 30_000),
            (31, 30_000),
            (32, 30_000),
            (u32::MAX, 30_000),
        ] {
            check(attempt, None, HALF, milliseconds);
        }
    }

    #[test]
    fn the_pause_is_any_share_of_the_bound() {
        for (random, milliseconds) in [(0, 0), (HALF / 2, 250), (HALF, 500), (u32::MAX, 999)] {
            check(1, None, random, milliseconds);
        }
    }

    #[test]
    fn what_the_service_asks_for_is_waited_at_least_but_never_more_than_an_hour() {
        check(0, Some(5), HALF, 5_000);
        check(5, Some(5), HALF, 8_000);
        check(0, Some(0), HALF, 250);
        check(0, Some(600), HALF, 600_000);
        check(0, Some(1_000_000), HALF, 3_600_000);
    }

    #[test]
    fn no_pair_of_bounds_overflows() {
        let endless = Backoff {
            first: Duration::MAX,
            longest: Duration::MAX,
        };
        let pause = endless.pause(3, None, u32::MAX);
        assert!(pause > Duration::from_hours(24));
    }
}
