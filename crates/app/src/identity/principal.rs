//! The users that tokens name: looked up once, remembered, created when they are new.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use provost_drf::{Caller, Problem, Via};
use provost_store::changes::{self, Entry, Filter};
use provost_store::users::{self, NewUser, User};
use provost_store::{Db, Fault, Tx};
use serde_json::Value;

use super::jwt::{self, Claims};
use super::recent::Recent;
use super::secret;
use super::settings::CopiedClaim;
use crate::{App, Author, Error, account, kind};

/// Users remembered by each generation.
const REMEMBERED: usize = 20_000;
/// The longest username and address that Django's columns take, in characters.
const MAX_USERNAME: usize = 150;
const MAX_EMAIL: usize = 254;

/// Users by username, as the change log last said they are.
///
/// Invariant: what is remembered was read after the last [`forget`](Self::forget) began.
pub(super) struct Principals {
    known: Mutex<Recent<Arc<str>, Principal>>,
    /// How often everything was forgotten: a row read before the last time is not kept.
    generation: AtomicU64,
}

/// What a caller is, apart from how they came.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Principal {
    id: i64,
    username: Arc<str>,
    email: Arc<str>,
    is_active: bool,
    is_staff: bool,
    is_superuser: bool,
}

impl From<&User> for Principal {
    fn from(user: &User) -> Self {
        Self {
            id: user.id,
            username: user.username.as_str().into(),
            email: user.email.as_str().into(),
            is_active: user.is_active,
            is_staff: user.is_staff,
            is_superuser: user.is_superuser,
        }
    }
}

impl Principal {
    pub(super) fn is_active(&self) -> bool {
        self.is_active
    }

    pub(super) fn caller(self, via: Via, claims: Option<Arc<Claims>>) -> Caller {
        Caller {
            id: self.id,
            username: self.username,
            email: self.email,
            is_active: self.is_active,
            is_staff: self.is_staff,
            is_superuser: self.is_superuser,
            via,
            claims,
            // Only an opaque token is tied to one.
            application: None,
            // The request is not known here; `authenticate` adds its id.
            request_id: None,
        }
    }
}

impl Principals {
    pub(super) fn new() -> Self {
        Self {
            known: Mutex::new(Recent::new(REMEMBERED)),
            generation: AtomicU64::new(0),
        }
    }

    /// Forgets everybody, because some user changed.
    pub(super) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.known.lock().clear();
    }

    fn get(&self, username: &str) -> Option<Principal> {
        self.known.lock().get(username).cloned()
    }

    /// Remembers what was read since `generation` began.
    fn put(&self, generation: u64, principal: &Principal) {
        let mut known = self.known.lock();
        if self.generation.load(Ordering::SeqCst) == generation {
            known.insert(principal.username.clone(), principal.clone());
        }
    }
}

/// What the claims say about the user, as far as the settings copy it.
#[derive(Clone, Copy, Debug, Default)]
struct Copied<'a> {
    is_staff: Option<bool>,
    email: Option<&'a str>,
}

impl<'a> Copied<'a> {
    /// A claim that is missing, null or of another type says nothing.
    fn of(claims: &'a Claims, copied: &[CopiedClaim]) -> Self {
        let mut found = Self::default();
        for claim in copied {
            match claim {
                CopiedClaim::Administrator => {
                    found.is_staff = claims.get("administrator").and_then(Value::as_bool);
                }
                CopiedClaim::Email => {
                    found.email = claims
                        .get("email")
                        .and_then(Value::as_str)
                        .filter(|email| storable(email, MAX_EMAIL));
                }
            }
        }
        found
    }

    fn agrees(&self, principal: &Principal) -> bool {
        self.is_staff
            .is_none_or(|staff| staff == principal.is_staff)
            && self.email.is_none_or(|email| *email == *principal.email)
    }
}

fn storable(text: &str, max: usize) -> bool {
    text.chars().count() <= max && !text.contains('\0')
}

/// Who comes with a verified token.
#[derive(Clone, Copy)]
pub(super) struct Bearer<'a> {
    /// Whom the token names.
    pub(super) name: &'a str,
    /// The claims of the token.
    pub(super) claims: &'a Claims,
    pub(super) request_id: Option<&'a str>,
    pub(super) now: DateTime<Utc>,
    /// Whether a user may be made, as far as the family asked is concerned.
    pub(super) may_be_new: bool,
}

impl Bearer<'_> {
    /// The user whom the token names; created when missing and brought up to the copied claims, where
    /// the settings say so. Nothing of this asks whether the user is active.
    ///
    /// Nobody, if there is no such user and none can be made, among them whoever was deleted after
    /// the token was issued.
    ///
    /// # Errors
    /// What a fault of the store means.
    pub(super) async fn principal(&self, app: &App) -> Result<Option<Principal>, Problem> {
        let Self { name, claims, .. } = *self;
        let identities = app.identities();
        let settings = &identities.settings().jwt;
        let copied = Copied::of(claims, &settings.copied_claims);
        let generation = identities.principals.generation.load(Ordering::SeqCst);
        let known = identities.principals.get(name);
        if let Some(known) = known.filter(|known| copied.agrees(known)) {
            return Ok(Some(known));
        }
        if !storable(name, MAX_USERNAME) {
            return Ok(None);
        }
        let found = users::by_username(app.store().read(), name).await;
        let found = found.map_err(failed)?.as_ref().map(Principal::from);
        let exists = found.is_some();
        if let Some(principal) = found.filter(|principal| copied.agrees(principal)) {
            identities.principals.put(generation, &principal);
            return Ok(Some(principal));
        }
        if !exists {
            let db = app.store().read();
            let creates = self.may_be_new && settings.create_users;
            if !creates || is_outlived(db, name, claims).await.map_err(failed)? {
                return Ok(None);
            }
        }
        // Not remembered: the write itself makes everything be forgotten.
        self.provide(app, copied).await.map_err(failed)
    }

    /// Creates the user if missing, copies what differs, and writes both down. Nothing where the user
    /// was deleted a moment ago.
    async fn provide(&self, app: &App, copied: Copied<'_>) -> Result<Option<Principal>, Fault> {
        let author = Author {
            request_id: self.request_id.map(str::to_owned),
            ..Author::program("auth.jwt")
        };
        let tx = app.store().begin().await?;
        let newcomer = newcomer(self.name, copied, self.now);
        let (mut user, made) = users::ensure(&tx, &newcomer).await?;
        if made && (!self.may_be_new || is_outlived(&tx, self.name, self.claims).await?) {
            return Ok(None);
        }
        let mut entries = Vec::new();
        let subject = provost_keys::stored::user(self.name);
        let before = facts(&tx, &user).await?;
        if made {
            entries.push(Entry {
                after: Some(before.clone()),
                ..author.entry(kind::USER_CREATED, &subject)
            });
        }
        if !copied.agrees(&Principal::from(&user)) {
            copy(&tx, &mut user, copied).await?;
            entries.push(Entry {
                before: Some(before),
                after: Some(facts(&tx, &user).await?),
                ..author.entry(kind::USER_CHANGED, &subject)
            });
        }
        let principal = Principal::from(&user);
        app.commit(tx, &entries).await?;
        Ok(Some(principal))
    }
}

fn failed(fault: Fault) -> Problem {
    Error::from(fault).0
}

/// 401: the token is good, and names nobody.
pub(super) fn unknown(name: &str) -> Problem {
    Problem::refused_credentials(format!(
        "[edx-drf-extensions] User retrieval failed for username {name}."
    ))
}

/// Whether the account that a token was issued for was deleted since: nobody comes back by a token
/// that was not yet used up.
async fn is_outlived(db: &Db, name: &str, claims: &Claims) -> Result<bool, Fault> {
    let deletions = Filter {
        kind: Some(kind::USER_DELETED.to_owned()),
        subject: Some(provost_keys::stored::user(name)),
        ..Filter::default()
    };
    let last = changes::page(db, &deletions, None, 1).await?;
    Ok(last.first().is_some_and(|deletion| {
        jwt::issued_at(claims).is_none_or(|issued| issued <= deletion.at.timestamp())
    }))
}

/// 401: the token is not good.
pub(super) fn refused(rejection: jwt::Rejection) -> Problem {
    Problem::refused_credentials(rejection.to_string())
}

/// A user as the platform makes one for a token: active, no password, nothing but the name and
/// what is copied.
fn newcomer(name: &str, copied: Copied<'_>, now: DateTime<Utc>) -> NewUser {
    NewUser {
        username: name.to_owned(),
        email: copied.email.unwrap_or_default().to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        // Django's mark of an unusable password.
        password: format!("!{}", secret::letters_and_digits(40)),
        is_active: true,
        is_staff: copied.is_staff.unwrap_or_default(),
        is_superuser: false,
        date_joined: now,
    }
}

async fn copy(tx: &Tx, user: &mut User, copied: Copied<'_>) -> Result<(), Fault> {
    if let Some(email) = copied.email {
        email.clone_into(&mut user.email);
    }
    user.is_staff = copied.is_staff.unwrap_or(user.is_staff);
    users::update_email_staff(tx, user.id, &user.email, user.is_staff).await?;
    Ok(())
}

/// What an entry says of a user, with the address, which may be what was copied.
async fn facts(tx: &Tx, user: &User) -> Result<Value, Fault> {
    let mut facts = account::facts(tx, user).await?;
    if let Some(facts) = facts.as_object_mut() {
        facts.insert("email".to_owned(), user.email.as_str().into());
    }
    Ok(facts)
}
