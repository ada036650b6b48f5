//! Checking passwords and client secrets: slow on purpose, and so a few at a time.
//!
//! Invariant: every check of a password goes through [`SignIn::check`], so that guesses are
//! throttled whatever door they come to.
//! Invariant: a name that nobody has takes as long to refuse as a wrong password.

use chrono::{DateTime, Duration, Utc};
use parking_lot::Mutex;
use provost_drf::Problem;
use provost_store::Fault;
use provost_store::users::{self, Found, User};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::password;
use super::recent::Recent;
use super::settings;
use super::throttle::{Client, Throttle, Throttled};
use crate::{App, Author, Error, account};

/// Right answers remembered by each generation.
const REMEMBERED: usize = 1_000;
/// How long a right answer is remembered: clients that send the same password with every
/// request pay for it once in that time. A changed password is another question.
const MEMORY: Duration = Duration::minutes(5);

/// Why a password was not checked.
#[derive(Debug)]
pub enum Unchecked {
    /// Too many wrong answers came before.
    Throttled(Throttled),
    /// The store failed.
    Fault(Fault),
}

impl From<Throttled> for Unchecked {
    fn from(throttled: Throttled) -> Self {
        Self::Throttled(throttled)
    }
}

impl From<Fault> for Unchecked {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Unchecked> for Error {
    fn from(unchecked: Unchecked) -> Self {
        match unchecked {
            Unchecked::Throttled(throttled) => Self(Problem::throttled(throttled.seconds)),
            Unchecked::Fault(fault) => fault.into(),
        }
    }
}

/// The checks of one process.
pub struct SignIn {
    throttle: Throttle,
    permits: Semaphore,
    /// Until when a pair of password and hash is known to fit, by its keyed digest: the key
    /// never leaves the process, so what is kept is of no use outside it.
    known: Mutex<Recent<[u8; 32], DateTime<Utc>>>,
    key: [u8; 32],
}

impl SignIn {
    /// Takes the limits.
    #[must_use]
    pub fn new(settings: &settings::SignIn) -> Self {
        let parallel = usize::try_from(settings.parallel).unwrap_or(1).max(1);
        Self {
            throttle: Throttle::new(settings),
            permits: Semaphore::new(parallel.min(Semaphore::MAX_PERMITS)),
            known: Mutex::new(Recent::new(REMEMBERED)),
            key: rand::random(),
        }
    }

    /// Whether `password` fits `encoded`, asked for `name` by `client`; `None` stands for the
    /// hash of a name that nobody has.
    ///
    /// # Errors
    /// [`Throttled`] after too many wrong answers; nothing is then computed.
    pub async fn check(
        &self,
        name: &str,
        client: Client,
        password: &str,
        encoded: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool, Throttled> {
        self.throttle.ask(name, client, now)?;
        let known = encoded.map(|encoded| self.digest(password, encoded));
        if known.is_some_and(|digest| self.remembers(&digest, now)) {
            return Ok(true);
        }
        // Counted while holding a permit, so that a burst of right passwords is not taken for
        // a burst of guesses: no more are undecided at a time than checks may run.
        let _permit = self.permits.acquire().await;
        self.throttle.begin(name, client, now)?;
        let fits = verify(password.to_owned(), encoded.map(str::to_owned)).await;
        if fits {
            self.throttle.succeeded(name, client);
            if let Some(digest) = known {
                self.known.lock().insert(digest, now + MEMORY);
            }
        }
        Ok(fits)
    }

    /// The user with this username or address, if the password is the right one and the user
    /// may sign in. A hash of an older kind is replaced by one of today's.
    ///
    /// # Errors
    /// [`Unchecked`] after too many wrong answers, or if the store failed.
    pub async fn user(
        &self,
        app: &App,
        name: &str,
        client: Client,
        password: &str,
    ) -> Result<Option<User>, Unchecked> {
        let found = users::resolve(app.store().read(), &[name]).await?.pop();
        let user = match found {
            Some(Found::One(user)) => Some(user),
            _ => None,
        };
        // Counted by username where there is one, so that an address is no second set of tries.
        let counted = user.as_ref().map_or(name, |user| &user.username);
        let encoded = user.as_ref().map(|user| user.password.as_str());
        let now = app.now();
        if !self.check(counted, client, password, encoded, now).await? {
            return Ok(None);
        }
        let inactive_too = app.identities().settings().sign_in.inactive_users;
        let Some(user) = user.filter(|user| user.is_active || inactive_too) else {
            return Ok(None);
        };
        if password::needs_upgrade(&user.password) {
            upgrade(app, &user, password).await?;
        }
        Ok(Some(user))
    }

    fn remembers(&self, digest: &[u8; 32], now: DateTime<Utc>) -> bool {
        let mut known = self.known.lock();
        let until = known.get(digest).copied();
        until.is_some_and(|until| now < until && until <= now + MEMORY)
    }

    fn digest(&self, password: &str, encoded: &str) -> [u8; 32] {
        // A hash holds no line break, so the pair is unambiguous.
        Sha256::new()
            .chain_update(self.key)
            .chain_update(encoded)
            .chain_update(b"\n")
            .chain_update(password)
            .finalize()
            .into()
    }
}

/// Writes a hash of today's kind in place of an older one, as Django does at sign-in.
async fn upgrade(app: &App, user: &User, password: &str) -> Result<(), Fault> {
    let Some(encoded) = hash(password.to_owned()).await else {
        return Ok(());
    };
    let tx = app.store().begin().await?;
    let current = users::find(&tx, user.id).await?;
    // A password that somebody set since this one was checked stays.
    let Some(current) = current.filter(|current| current.password == user.password) else {
        return Ok(());
    };
    let author = Author::program("auth.sign_in");
    let mut entry = account::set_password(&tx, &author, &current, &encoded).await?;
    entry.after = Some(json!({"password": "rehashed"}));
    app.commit(tx, &[entry]).await
}

/// Hashes a new password on a blocking thread. `None` if it is too long.
pub async fn hash(password: String) -> Option<String> {
    blocking(move || password::hash(&password)).await.flatten()
}

async fn verify(password: String, encoded: Option<String>) -> bool {
    let fits = blocking(move || match encoded {
        Some(encoded) if password::is_usable(&encoded) => password::verify(&password, &encoded),
        _ => password::refuse(&password),
    });
    fits.await.unwrap_or(false)
}

/// Runs `work` where it blocks nobody; `None` if it panicked or the process is ending.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => Some(outcome),
        Err(error) => {
            tracing::error!(%error, "a password check did not finish");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `letmein`, cheaply.
    const ENCODED: &str = "pbkdf2_sha256$1000$seasalt$R1/GfWtwog1T8Ev9VndgDjzkiRzbFr8JpmJtL9cMmQU=";
    /// `letmein` with another salt would be another hash; this one fits nothing.
    const OTHER: &str = "pbkdf2_sha256$1000$seasalt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    fn sign_in(parallel: u32) -> SignIn {
        SignIn::new(&settings::SignIn {
            attempts: 3,
            parallel,
            ..settings::SignIn::default()
        })
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    async fn ask(
        sign_in: &SignIn,
        password: &str,
        encoded: Option<&str>,
        now: i64,
    ) -> Result<bool, u64> {
        let client = Client::from(None);
        let outcome = sign_in
            .check("ada", client, password, encoded, at(now))
            .await;
        outcome.map_err(|throttled| throttled.seconds)
    }

    #[tokio::test]
    async fn a_right_password_fits_and_others_do_not() {
        let sign_in = sign_in(2);
        assert_eq!(ask(&sign_in, "letmein", Some(ENCODED), 0).await, Ok(true));
        assert_eq!(ask(&sign_in, "letmeout", Some(ENCODED), 0).await, Ok(false));
        assert_eq!(ask(&sign_in, "letmein", Some("!"), 0).await, Ok(false));
        assert_eq!(ask(&sign_in, "letmein", Some(ENCODED), 0).await, Ok(true));
    }

    #[tokio::test]
    async fn guesses_are_throttled_even_when_the_last_is_right() {
        let sign_in = sign_in(2);
        for _ in 0..3 {
            assert_eq!(ask(&sign_in, "letmeout", Some(ENCODED), 0).await, Ok(false));
        }
        assert_eq!(ask(&sign_in, "letmein", Some(ENCODED), 0).await, Err(300));
        assert_eq!(ask(&sign_in, "letmein", Some(ENCODED), 299).await, Err(1));
        assert_eq!(ask(&sign_in, "letmein", Some(ENCODED), 300).await, Ok(true));
    }

    #[tokio::test]
    async fn names_that_nobody_has_are_throttled_alike() {
        let sign_in = sign_in(2);
        for _ in 0..3 {
            assert_eq!(ask(&sign_in, "letmein", None, 0).await, Ok(false));
        }
        assert_eq!(ask(&sign_in, "letmein", None, 0).await, Err(300));
    }

    #[tokio::test]
    async fn a_remembered_password_does_not_fit_a_changed_hash_and_is_forgotten_in_time() {
        let sign_in = sign_in(2);
        assert_eq!(ask(&sign_in, "letmein", Some(ENCODED), 0).await, Ok(true));
        let remembered = sign_in.digest("letmein", ENCODED);
        assert!(sign_in.remembers(&remembered, at(299)));
        assert!(!sign_in.remembers(&remembered, at(300)));
        assert!(!sign_in.remembers(&remembered, at(-1)));
        assert_eq!(ask(&sign_in, "letmein", Some(OTHER), 0).await, Ok(false));
    }

    #[tokio::test]
    async fn a_burst_of_right_passwords_is_not_a_burst_of_guesses() {
        let sign_in = std::sync::Arc::new(sign_in(1));
        let mut burst = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let sign_in = sign_in.clone();
            burst.spawn(async move { ask(&sign_in, "letmein", Some(ENCODED), 0).await });
        }
        assert_eq!(burst.join_all().await, [Ok(true); 20]);
    }
}
