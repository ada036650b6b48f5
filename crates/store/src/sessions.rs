//! Signed-in browsers. The key of a session is stored as a hash that the caller makes.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait};

use crate::batch::{Insert, value};
use crate::tables::session::{Column, Entity};
use crate::{Db, Fault, Tx, derive};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The hash of its key.
    pub key_hash: String,
    /// Whose it is.
    pub user_id: i64,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Begins a session. [`Fault::Dangling`] when there is no such user.
pub async fn create(tx: &Tx, session: &Session) -> Result<(), Fault> {
    let row = vec![
        value(session.key_hash.as_str()),
        value(session.user_id),
        value(derive::micros(session.created_at)),
        value(derive::micros(session.expires_at)),
    ];
    Insert::into(
        "sessions",
        &["key_hash", "user_id", "created_at", "expires_at"],
    )
    .run(tx, vec![row])
    .await
    .map(drop)
}

/// The session with this hash, expired or not.
pub async fn find(db: &Db, key_hash: &str) -> Result<Option<Session>, Fault> {
    let row = db.one(Entity::find_by_id(key_hash.to_owned())).await?;
    row.map(|row| {
        Ok(Session {
            key_hash: row.key_hash,
            user_id: row.user_id,
            created_at: derive::time(row.created_at)?,
            expires_at: derive::time(row.expires_at)?,
        })
    })
    .transpose()
}

/// Ends a session; whether there was one.
pub async fn delete(tx: &Tx, key_hash: &str) -> Result<bool, Fault> {
    let delete = Query::delete()
        .from_table(Entity)
        .and_where(Column::KeyHash.eq(key_hash))
        .take();
    Ok(tx.run(&delete).await? > 0)
}

/// Ends all sessions of a user; how many there were.
pub async fn delete_of_user(tx: &Tx, user_id: i64) -> Result<u64, Fault> {
    let delete = Query::delete()
        .from_table(Entity)
        .and_where(Column::UserId.eq(user_id))
        .take();
    tx.run(&delete).await
}

/// Removes the sessions that ended at `now` or before; how many there were.
pub async fn delete_expired(tx: &Tx, now: DateTime<Utc>) -> Result<u64, Fault> {
    let delete = Query::delete()
        .from_table(Entity)
        .and_where(Column::ExpiresAt.lte(derive::micros(now)))
        .take();
    tx.run(&delete).await
}
