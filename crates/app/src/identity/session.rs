//! Sessions of signed-in browsers: a random key in a cookie, its digest in the store.

use std::fmt;

use chrono::{DateTime, Duration, Utc};
use provost_store::changes::Entry;
use provost_store::sessions::{self, Session};
use provost_store::users::{self, User};
use provost_store::{Constraint, Fault, Tx, oauth};
use serde_json::json;

use super::secret;
use crate::{App, Author};

/// Name of the cookie.
pub const COOKIE: &str = "sessionid";
/// Kind of the change log's entry for a session that began.
const CREATED: &str = "session.created";
/// Kind of the entry for a session that was ended, or for all of a user.
const DELETED: &str = "session.deleted";
/// Length of a key: 256 random bits in hexadecimal digits.
const KEY: usize = 64;

/// A session that has begun.
#[derive(Clone)]
pub struct Begun {
    /// The key: the value of the cookie. It is nowhere else; the store has its digest.
    pub key: String,
    /// When the session ends.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for Begun {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a session until {}", self.expires_at)
    }
}

/// Begins a session of the user with this key, without saying that the person signed in: for
/// support and for tests.
///
/// # Errors
/// [`Fault::Dangling`] when there is no such user; any other [`Fault`] of the store.
pub async fn begin(app: &App, user: i64, author: &Author) -> Result<Begun, Fault> {
    let user = users::find(app.store().read(), user).await?;
    let user = user.ok_or(Fault::Dangling(Constraint::Reference))?;
    let tx = app.store().begin().await?;
    commit(app, tx, &user, author).await
}

/// Begins a session of a person who signed in, and notes when.
///
/// # Errors
/// A [`Fault`] of the store; no session has then begun.
pub async fn sign_in(app: &App, user: &User, request_id: Option<&str>) -> Result<Begun, Fault> {
    let tx = app.store().begin().await?;
    users::set_last_login(&tx, user.id, app.now()).await?;
    commit(app, tx, user, &author(user, request_id)).await
}

/// Puts the session into `tx`, removes those that have ended, writes it down and commits.
async fn commit(app: &App, tx: Tx, user: &User, author: &Author) -> Result<Begun, Fault> {
    let now = app.now();
    let life = app.identities().settings().cookies.session_seconds;
    let expires_at = now + Duration::seconds(life.into());
    let key = secret::fresh_key();
    let session = Session {
        key_hash: secret::digest(&key),
        user_id: user.id,
        created_at: now,
        expires_at,
    };
    sessions::create(&tx, &session).await?;
    sessions::delete_expired(&tx, now).await?;
    let subject = provost_keys::stored::user(&user.username);
    let mut entry = author.entry(CREATED, &subject);
    entry.after = Some(json!({"user_id": user.id, "expires_at": expires_at}));
    app.commit(tx, &[entry]).await?;
    Ok(Begun { key, expires_at })
}

/// The user of a session that has not ended; `None` also for what is no key at all.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn find(app: &App, key: &str) -> Result<Option<User>, Fault> {
    if key.len() != KEY {
        return Ok(None);
    }
    let db = app.store().read();
    match sessions::find(db, &secret::digest(key)).await? {
        Some(session) if app.now() < session.expires_at => users::find(db, session.user_id).await,
        _ => Ok(None),
    }
}

/// Ends the session with this key, if there is one, and writes it down.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn end(app: &App, key: &str, request_id: Option<&str>) -> Result<(), Fault> {
    let Some(user) = find(app, key).await? else {
        return Ok(());
    };
    let tx = app.store().begin().await?;
    if sessions::delete(&tx, &secret::digest(key)).await? {
        let subject = provost_keys::stored::user(&user.username);
        let mut entry = author(&user, request_id).entry(DELETED, &subject);
        entry.before = Some(json!({"user_id": user.id}));
        app.commit(tx, &[entry]).await?;
    }
    Ok(())
}

/// How much of what a user was signed in by has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Sessions.
    pub sessions: u64,
    /// Opaque OAuth2 tokens.
    pub tokens: u64,
}

/// Ends every session and every opaque token of a user; JSON Web Tokens are valid until they expire,
/// since nothing of them is kept. How many there were, and the entry that says so, if there were any.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn end_all(
    tx: &Tx,
    author: &Author,
    user: &User,
) -> Result<(Ended, Option<Entry>), Fault> {
    let ended = Ended {
        sessions: sessions::delete_of_user(tx, user.id).await?,
        tokens: oauth::delete_tokens_of_user(tx, user.id).await?,
    };
    let Ended { sessions, tokens } = ended;
    let entry = (sessions + tokens > 0).then(|| Entry {
        before: Some(json!({"user_id": user.id, "sessions": sessions, "tokens": tokens})),
        ..author.entry(DELETED, &provost_keys::stored::user(&user.username))
    });
    Ok((ended, entry))
}

fn author(user: &User, request_id: Option<&str>) -> Author {
    Author {
        id: Some(user.id),
        name: user.username.clone(),
        on_behalf_of: None,
        request_id: request_id.map(str::to_owned),
    }
}
