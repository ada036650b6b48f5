//! What the change log says of accounts.
//!
//! Invariant: what an entry says of an account was read in the transaction that writes the entry, so
//! that it is true where the entry stands in the log.
//! Invariant: no password is in an entry, in no form.

use provost_store::changes::Entry;
use provost_store::users::{self, User};
use provost_store::{Fault, Tx};
use serde_json::{Value, json};

use crate::identity::password;
use crate::{Author, kind};

/// The facts of an account that this transaction has read or written, for [`kind::USER_CREATED`] and
/// [`kind::USER_CHANGED`]: the indexes in memory are told by them.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn facts(tx: &Tx, user: &User) -> Result<Value, Fault> {
    Ok(json!({
        "id": user.id,
        "username": user.username,
        "is_active": user.is_active,
        "is_staff": user.is_staff,
        "is_superuser": user.is_superuser,
        "retired": users::is_retired(tx, user.id).await?,
    }))
}

/// Replaces the password of an account that this transaction has read; the entry that says so, which
/// leaves the switches of the account alone.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn set_password(
    tx: &Tx,
    author: &Author,
    user: &User,
    encoded: &str,
) -> Result<Entry, Fault> {
    users::set_password(tx, user.id, encoded).await?;
    let before = if password::is_usable(&user.password) {
        "usable"
    } else {
        "unusable"
    };
    Ok(Entry {
        before: Some(json!({"password": before})),
        after: Some(json!({"password": "changed"})),
        ..author.entry(
            kind::USER_CHANGED,
            &provost_keys::stored::user(&user.username),
        )
    })
}
