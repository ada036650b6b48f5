//! How often credentials may be guessed.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, Duration, Utc};
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};

use super::recent::Recent;
use super::settings;

/// Windows remembered by each generation; a few megabytes when full. Whoever overflows it to
/// be forgotten needs many addresses, since each has a limit of its own.
const CAPACITY: usize = 20_000;

/// Where guesses come from: an address, an IPv6 network of 64 bits (what one customer is
/// given), or nowhere known.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Client(Option<IpAddr>);

impl From<Option<IpAddr>> for Client {
    fn from(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(
                address.to_bits() & !u128::from(u64::MAX),
            )),
        }))
    }
}

/// Too many failures; try again after so many seconds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Throttled {
    /// Whole seconds to wait, at least one.
    pub seconds: u64,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Key {
    /// A name, as its digest: names may be as long as a client likes.
    Name([u8; 32], Client),
    Address(Client),
}

#[derive(Clone, Copy, Debug)]
struct Window {
    since: DateTime<Utc>,
    failures: u32,
}

/// Counts failures per name and address, and per address, in windows that begin with the
/// first failure.
///
/// Invariant: bounded memory, whatever is guessed.
#[derive(Debug)]
pub struct Throttle {
    attempts: u32,
    address_attempts: u32,
    window: Duration,
    windows: Mutex<Recent<Key, Window>>,
}

impl Throttle {
    /// Takes the limits.
    #[must_use]
    pub fn new(settings: &settings::SignIn) -> Self {
        Self {
            attempts: settings.attempts.max(1),
            address_attempts: settings.address_attempts.max(1),
            window: Duration::seconds(settings.window_seconds.max(1).into()),
            windows: Mutex::new(Recent::new(CAPACITY)),
        }
    }

    /// Whether `name` may be tried from `client` now; counts nothing.
    ///
    /// # Errors
    /// [`Throttled`] if one of the two limits is reached.
    pub fn ask(&self, name: &str, client: Client, now: DateTime<Utc>) -> Result<(), Throttled> {
        self.check(&mut self.windows.lock(), self.keys(name, client), now)
    }

    /// Counts a failure before it is known to be one, so that guesses at the same time count;
    /// [`succeeded`](Self::succeeded) takes it back.
    ///
    /// # Errors
    /// [`Throttled`] if one of the two limits is reached; nothing is then counted.
    pub fn begin(&self, name: &str, client: Client, now: DateTime<Utc>) -> Result<(), Throttled> {
        let keys = self.keys(name, client);
        let mut windows = self.windows.lock();
        self.check(&mut windows, keys, now)?;
        for (key, _) in keys {
            match windows.get(&key) {
                Some(window) if self.left(*window, now).is_some() => {
                    window.failures = window.failures.saturating_add(1);
                }
                _ => {
                    let since = now;
                    windows.insert(key, Window { since, failures: 1 });
                }
            }
        }
        Ok(())
    }

    /// Forgets the failures of `name` from `client`, and the one of this attempt for the
    /// address: a right password says nothing about the address's other guesses.
    pub fn succeeded(&self, name: &str, client: Client) {
        let mut windows = self.windows.lock();
        windows.remove(&Key::Name(digest(name), client));
        if let Some(window) = windows.get(&Key::Address(client)) {
            window.failures = window.failures.saturating_sub(1);
        }
    }

    fn check(
        &self,
        windows: &mut Recent<Key, Window>,
        keys: [(Key, u32); 2],
        now: DateTime<Utc>,
    ) -> Result<(), Throttled> {
        for (key, limit) in keys {
            if let Some(window) = windows.get(&key).copied()
                && let Some(left) = self.left(window, now)
                && window.failures >= limit
            {
                // Rounded up, and never zero: a client that waits that long is let in.
                let seconds = (left.num_milliseconds() + 999) / 1000;
                return Err(Throttled {
                    seconds: u64::try_from(seconds).unwrap_or(0).max(1),
                });
            }
        }
        Ok(())
    }

    fn keys(&self, name: &str, client: Client) -> [(Key, u32); 2] {
        [
            (Key::Name(digest(name), client), self.attempts),
            (Key::Address(client), self.address_attempts),
        ]
    }

    /// What is left of a window that `now` lies in.
    fn left(&self, window: Window, now: DateTime<Utc>) -> Option<Duration> {
        let left = window.since + self.window - now;
        (left > Duration::zero() && left <= self.window).then_some(left)
    }
}

fn digest(name: &str) -> [u8; 32] {
    Sha256::digest(name.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: settings::SignIn = settings::SignIn {
        attempts: 3,
        address_attempts: 5,
        window_seconds: 60,
        parallel: 1,
        inactive_users: false,
    };

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_000 + milliseconds).unwrap()
    }

    fn client(address: &str) -> Client {
        Client::from(Some(address.parse().unwrap()))
    }

    /// Fails `times` times and gives the seconds to wait after each, 0 for none.
    fn fail(throttle: &Throttle, name: &str, from: Client, now: DateTime<Utc>) -> u64 {
        throttle
            .begin(name, from, now)
            .err()
            .map_or(0, |throttled| throttled.seconds)
    }

    #[test]
    fn a_name_is_refused_from_an_address_after_its_failures_until_the_window_ends() {
        let throttle = Throttle::new(&SETTINGS);
        let here = client("192.0.2.1");
        let waits = [0, 1_000, 2_000, 3_000, 59_000, 59_999, 60_000, 60_001]
            .map(|moment| fail(&throttle, "ada", here, at(moment)));
        assert_eq!(waits, [0, 0, 0, 57, 1, 1, 0, 0]);
    }

    #[test]
    fn other_names_and_other_addresses_are_not_affected() {
        let throttle = Throttle::new(&SETTINGS);
        let (here, there) = (client("192.0.2.1"), client("192.0.2.2"));
        for _ in 0..3 {
            assert_eq!(fail(&throttle, "ada", here, at(0)), 0);
        }
        assert_ne!(fail(&throttle, "ada", here, at(0)), 0);
        assert_eq!(fail(&throttle, "ada", there, at(0)), 0);
        assert_eq!(fail(&throttle, "bob", here, at(0)), 0);
    }

    #[test]
    fn an_address_is_refused_whatever_the_name() {
        let throttle = Throttle::new(&SETTINGS);
        let here = client("192.0.2.1");
        let waits: Vec<u64> = (0..7)
            .map(|guess| fail(&throttle, &format!("user{guess}"), here, at(0)))
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 60, 60]);
        assert_eq!(fail(&throttle, "user9", client("192.0.2.2"), at(0)), 0);
    }

    #[test]
    fn success_forgives_the_name_but_not_the_addresses_other_guesses() {
        let throttle = Throttle::new(&SETTINGS);
        let here = client("192.0.2.1");
        for round in 0..10 {
            assert_eq!(fail(&throttle, "ada", here, at(round)), 0);
            throttle.succeeded("ada", here);
        }
        let guesses: Vec<u64> = (0..6)
            .map(|guess| fail(&throttle, &format!("user{guess}"), here, at(0)))
            .collect();
        assert_eq!(guesses, [0, 0, 0, 0, 0, 60]);
    }

    #[test]
    fn a_clock_that_goes_back_shuts_nobody_out() {
        let throttle = Throttle::new(&SETTINGS);
        let here = client("192.0.2.1");
        for _ in 0..3 {
            fail(&throttle, "ada", here, at(1_000_000));
        }
        assert_eq!(fail(&throttle, "ada", here, at(0)), 0);
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        assert_eq!(client("2001:db8::1"), client("2001:db8::ffff:2"));
        assert_ne!(client("2001:db8::1"), client("2001:db8:0:1::1"));
        assert_eq!(client("::ffff:192.0.2.1"), client("192.0.2.1"));
        assert_ne!(client("192.0.2.1"), Client::from(None));
    }

    #[test]
    fn memory_stays_bounded_under_a_flood_of_names() {
        let throttle = Throttle::new(&settings::SignIn {
            address_attempts: u32::MAX,
            ..SETTINGS
        });
        let here = client("192.0.2.1");
        for guess in 0..3 * CAPACITY {
            fail(&throttle, &guess.to_string(), here, at(0));
        }
        assert!(throttle.windows.lock().len() <= 2 * CAPACITY);
    }
}
