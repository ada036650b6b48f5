//! Programs that may ask for tokens, and the tokens they have. Secrets and tokens are stored as
//! the caller gives them: hashed.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Query, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::batch::{Insert, value};
use crate::tables::{oauth_application, oauth_token};
use crate::{Db, Fault, Tx, derive};

/// A program that may ask for tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The key.
    pub id: i64,
    /// Unique; what the program calls itself.
    pub client_id: String,
    /// The hash of its secret.
    pub client_secret: String,
    /// What people call it.
    pub name: String,
    /// On whose behalf it acts.
    pub user_id: Option<i64>,
    /// `confidential` or `public`.
    pub client_type: String,
    /// The flow it may use, `client-credentials` for instance.
    pub grant_type: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A program to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApplication {
    /// See [`Application::client_id`].
    pub client_id: String,
    /// See [`Application::client_secret`].
    pub client_secret: String,
    /// See [`Application::name`].
    pub name: String,
    /// See [`Application::user_id`].
    pub user_id: Option<i64>,
    /// See [`Application::client_type`].
    pub client_type: String,
    /// See [`Application::grant_type`].
    pub grant_type: String,
    /// See [`Application::created_at`].
    pub created_at: DateTime<Utc>,
    /// Where it may send browsers back to, with blanks between them; may be empty.
    pub redirect_uris: String,
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The hash of it.
    pub token_hash: String,
    /// Which program asked for it.
    pub application_id: i64,
    /// For whom it stands.
    pub user_id: i64,
    /// What it is good for, words with blanks between them.
    pub scope: String,
    /// When it was given.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl TryFrom<oauth_application::Model> for Application {
    type Error = Fault;

    fn try_from(row: oauth_application::Model) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            client_id: row.client_id,
            client_secret: row.client_secret,
            name: row.name,
            user_id: row.user_id,
            client_type: row.client_type,
            grant_type: row.grant_type,
            created_at: derive::time(row.created_at)?,
        })
    }
}

/// Registers a program; its key. [`Fault::Duplicate`] with
/// [`ClientId`](crate::Constraint::ClientId) when the client id is taken.
pub async fn create_application(tx: &Tx, new: &NewApplication) -> Result<i64, Fault> {
    const COLUMNS: [&str; 10] = [
        "client_id",
        "client_secret",
        "name",
        "user_id",
        "client_type",
        "grant_type",
        "created_at",
        "updated_at",
        "redirect_uris",
        "extra",
    ];
    let row: Vec<SimpleExpr> = vec![
        value(new.client_id.as_str()),
        value(new.client_secret.as_str()),
        value(new.name.as_str()),
        value(new.user_id),
        value(new.client_type.as_str()),
        value(new.grant_type.as_str()),
        value(derive::micros(new.created_at)),
        value(derive::micros(new.created_at)),
        value(new.redirect_uris.as_str()),
        value("{}"),
    ];
    Insert::into("oauth_applications", &COLUMNS)
        .one_id(tx, row)
        .await
}

/// The program with this client id.
pub async fn application(db: &Db, client_id: &str) -> Result<Option<Application>, Fault> {
    if client_id.contains('\0') {
        return Ok(None);
    }
    let select =
        oauth_application::Entity::find().filter(oauth_application::Column::ClientId.eq(client_id));
    db.one(select).await?.map(Application::try_from).transpose()
}

/// Where the program with this key may send browsers back to, with blanks between them; nothing where
/// there is no such program.
pub async fn redirect_uris(db: &Db, application_id: i64) -> Result<Option<String>, Fault> {
    let select = Query::select()
        .column("redirect_uris")
        .from(oauth_application::Entity)
        .and_where(oauth_application::Column::Id.eq(application_id))
        .take();
    Ok(db.column(&select).await?.pop())
}

/// All programs, in id order.
pub async fn applications(db: &Db) -> Result<Vec<Application>, Fault> {
    let select = oauth_application::Entity::find().order_by_asc(oauth_application::Column::Id);
    db.all(select)
        .await?
        .into_iter()
        .map(Application::try_from)
        .collect()
}

/// Removes a program and its tokens; whether there was one.
pub async fn delete_application(tx: &Tx, client_id: &str) -> Result<bool, Fault> {
    let delete = Query::delete()
        .from_table(oauth_application::Entity)
        .and_where(oauth_application::Column::ClientId.eq(client_id))
        .take();
    Ok(tx.run(&delete).await? > 0)
}

/// Records a token.
pub async fn create_token(tx: &Tx, token: &Token) -> Result<(), Fault> {
    const COLUMNS: [&str; 6] = [
        "token_hash",
        "application_id",
        "user_id",
        "scope",
        "created_at",
        "expires_at",
    ];
    let row = vec![
        value(token.token_hash.as_str()),
        value(token.application_id),
        value(token.user_id),
        value(token.scope.as_str()),
        value(derive::micros(token.created_at)),
        value(derive::micros(token.expires_at)),
    ];
    Insert::into("oauth_tokens", &COLUMNS)
        .run(tx, vec![row])
        .await
        .map(drop)
}

/// The token with this hash, expired or not.
pub async fn token(db: &Db, token_hash: &str) -> Result<Option<Token>, Fault> {
    let row = db
        .one(oauth_token::Entity::find_by_id(token_hash.to_owned()))
        .await?;
    row.map(|row| {
        Ok(Token {
            token_hash: row.token_hash,
            application_id: row.application_id,
            user_id: row.user_id,
            scope: row.scope,
            created_at: derive::time(row.created_at)?,
            expires_at: derive::time(row.expires_at)?,
        })
    })
    .transpose()
}

/// Ends a token; whether there was one.
pub async fn delete_token(tx: &Tx, token_hash: &str) -> Result<bool, Fault> {
    let delete = Query::delete()
        .from_table(oauth_token::Entity)
        .and_where(oauth_token::Column::TokenHash.eq(token_hash))
        .take();
    Ok(tx.run(&delete).await? > 0)
}

/// Ends all tokens that stand for a user; how many there were.
pub async fn delete_tokens_of_user(tx: &Tx, user_id: i64) -> Result<u64, Fault> {
    let delete = Query::delete()
        .from_table(oauth_token::Entity)
        .and_where(oauth_token::Column::UserId.eq(user_id))
        .take();
    tx.run(&delete).await
}

/// Removes the tokens that ended at `now` or before; how many there were.
pub async fn delete_expired(tx: &Tx, now: DateTime<Utc>) -> Result<u64, Fault> {
    let delete = Query::delete()
        .from_table(oauth_token::Entity)
        .and_where(oauth_token::Column::ExpiresAt.lte(derive::micros(now)))
        .take();
    tx.run(&delete).await
}
