//! Accounts: finding people by what they call themselves, and changing what they are.

mod permissions;
mod resolve;

use chrono::{DateTime, Utc};
use provost_keys::text;
use sea_orm::sea_query::{Condition, Expr, OnConflict, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::batch::{Insert, value};
use crate::derive;
use crate::rules::{self, Grant};
use crate::tables::{retirement, user};
use crate::tenant_profiles::data;
use crate::{Db, Fault, Tx};

pub use permissions::{forbid, permissions, permit};
pub use resolve::{Found, ids, resolve};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The key.
    pub id: i64,
    /// Unique, compared exactly.
    pub username: String,
    /// Not unique in the table; compared exactly.
    pub email: String,
    /// May be empty.
    pub first_name: String,
    /// May be empty.
    pub last_name: String,
    /// The encoded password; what it may look like is the caller's business.
    pub password: String,
    /// Whether the account may be used.
    pub is_active: bool,
    /// Staff of the whole platform.
    pub is_staff: bool,
    /// More than staff.
    pub is_superuser: bool,
    /// When the person last signed in, if ever.
    pub last_login: Option<DateTime<Utc>>,
    /// When the account was made.
    pub date_joined: DateTime<Utc>,
}

/// An account to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// See [`User::username`].
    pub username: String,
    /// See [`User::email`].
    pub email: String,
    /// See [`User::first_name`].
    pub first_name: String,
    /// See [`User::last_name`].
    pub last_name: String,
    /// See [`User::password`].
    pub password: String,
    /// See [`User::is_active`].
    pub is_active: bool,
    /// See [`User::is_staff`].
    pub is_staff: bool,
    /// See [`User::is_superuser`].
    pub is_superuser: bool,
    /// See [`User::date_joined`].
    pub date_joined: DateTime<Utc>,
}

/// Which of the three switches of an account to set; `None` leaves one as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags {
    /// See [`User::is_active`].
    pub is_active: Option<bool>,
    /// See [`User::is_staff`].
    pub is_staff: Option<bool>,
    /// See [`User::is_superuser`].
    pub is_superuser: Option<bool>,
}

/// What went with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The account.
    pub user: User,
    /// Its assignments, in id order.
    pub grants: Vec<Grant>,
}

impl TryFrom<user::Model> for User {
    type Error = Fault;

    fn try_from(row: user::Model) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            username: row.username,
            email: row.email,
            first_name: row.first_name,
            last_name: row.last_name,
            password: row.password,
            is_active: row.is_active,
            is_staff: row.is_staff,
            is_superuser: row.is_superuser,
            last_login: row.last_login.map(derive::time).transpose()?,
            date_joined: derive::time(row.date_joined)?,
        })
    }
}

/// The account with this key.
pub async fn find(db: &Db, id: i64) -> Result<Option<User>, Fault> {
    let row = db.one(user::Entity::find_by_id(id)).await?;
    row.map(User::try_from).transpose()
}

/// The account with exactly this username, retired or not.
pub async fn by_username(db: &Db, username: &str) -> Result<Option<User>, Fault> {
    if username.contains('\0') {
        return Ok(None);
    }
    let by_name = user::Entity::find().filter(user::Column::Username.eq(username));
    db.one(by_name).await?.map(User::try_from).transpose()
}

/// Whether the account with this key has asked to be forgotten.
pub async fn is_retired(db: &Db, id: i64) -> Result<bool, Fault> {
    let by_user = retirement::Entity::find().filter(retirement::Column::UserId.eq(id));
    Ok(db.one(by_user).await?.is_some())
}

/// Makes an account. [`Fault::Duplicate`] with [`Username`](crate::Constraint::Username) when the
/// username is taken.
pub async fn create(tx: &Tx, new: &NewUser) -> Result<User, Fault> {
    insert(tx, new, None)
        .await?
        .ok_or_else(|| Fault::broken("an insert gave no row"))
}

/// The account with the username of `new`, made from `new` if there is none; and whether it was
/// made. Two callers at once get the same account.
pub async fn ensure(tx: &Tx, new: &NewUser) -> Result<(User, bool), Fault> {
    if let Some(user) = by_username(tx, &new.username).await? {
        return Ok((user, false));
    }
    let unless_taken = OnConflict::column("username").do_nothing().to_owned();
    match insert(tx, new, Some(unless_taken)).await? {
        Some(user) => Ok((user, true)),
        // Made by another transaction in between, which the insert waited for.
        None => by_username(tx, &new.username)
            .await?
            .map(|user| (user, false))
            .ok_or(Fault::Busy),
    }
}

const COLUMNS: [&str; 14] = [
    "username",
    "username_lower",
    "email",
    "email_lower",
    "first_name",
    "last_name",
    "full_name_lower",
    "password",
    "is_active",
    "is_staff",
    "is_superuser",
    "last_login",
    "date_joined",
    "extra",
];

async fn insert(
    tx: &Tx,
    new: &NewUser,
    conflict: Option<OnConflict>,
) -> Result<Option<User>, Fault> {
    let row = vec![
        value(new.username.as_str()),
        value(text::fold(&new.username)),
        value(new.email.as_str()),
        value(text::fold(&new.email)),
        value(new.first_name.as_str()),
        value(new.last_name.as_str()),
        value(derive::full_name_lower(&new.first_name, &new.last_name)),
        value(new.password.as_str()),
        value(new.is_active),
        value(new.is_staff),
        value(new.is_superuser),
        value(None::<i64>),
        value(derive::micros(new.date_joined)),
        value("{}"),
    ];
    let mut insert = Insert::into("users", &COLUMNS);
    insert.conflict = conflict;
    let made = insert.returning(tx, vec![row], &["id"]).await?;
    let Some(made) = made.first() else {
        return Ok(None);
    };
    find(tx, made.try_get("", "id").map_err(Fault::of)?).await
}

/// Sets switches of an account; `false` when there is no such account.
pub async fn set_flags(tx: &Tx, id: i64, flags: Flags) -> Result<bool, Fault> {
    let values = [
        (user::Column::IsActive, flags.is_active),
        (user::Column::IsStaff, flags.is_staff),
        (user::Column::IsSuperuser, flags.is_superuser),
    ];
    let values = values
        .into_iter()
        .filter_map(|(column, flag)| Some((column, value(flag?))));
    update(tx, id, values.collect()).await
}

/// Replaces the encoded password; `false` when there is no such account.
pub async fn set_password(tx: &Tx, id: i64, encoded: &str) -> Result<bool, Fault> {
    update(tx, id, vec![(user::Column::Password, value(encoded))]).await
}

/// Notes when the person signed in; `false` when there is no such account.
pub async fn set_last_login(tx: &Tx, id: i64, at: DateTime<Utc>) -> Result<bool, Fault> {
    let at = value(derive::micros(at));
    update(tx, id, vec![(user::Column::LastLogin, at)]).await
}

/// Takes over what an identity provider says; `false` when there is no such account.
pub async fn update_email_staff(
    tx: &Tx,
    id: i64,
    email: &str,
    is_staff: bool,
) -> Result<bool, Fault> {
    let values = vec![
        (user::Column::Email, value(email)),
        (user::Column::EmailLower, value(text::fold(email))),
        (user::Column::IsStaff, value(is_staff)),
    ];
    update(tx, id, values).await
}

async fn update(
    tx: &Tx,
    id: i64,
    values: Vec<(user::Column, sea_orm::sea_query::SimpleExpr)>,
) -> Result<bool, Fault> {
    if values.is_empty() {
        return Ok(find(tx, id).await?.is_some());
    }
    let update = Query::update()
        .table(user::Entity)
        .values(values)
        .and_where(user::Column::Id.eq(id))
        .take();
    Ok(tx.run(&update).await? > 0)
}

/// The usernames of staff and superusers who are not retired, in byte order.
pub async fn staff(db: &Db) -> Result<Vec<String>, Fault> {
    let retired = Query::select()
        .column(retirement::Column::UserId)
        .from(retirement::Entity)
        .take();
    let select = user::Entity::find()
        .select_only()
        .column(user::Column::Username)
        .filter(
            Condition::any()
                .add(user::Column::IsStaff.eq(true))
                .add(user::Column::IsSuperuser.eq(true)),
        )
        .filter(user::Column::Id.not_in_subquery(retired))
        .order_by_asc(user::Column::Username);
    db.column(&select.into_query()).await
}

/// Removes an account, everything that is its own, and the assignments that are tied to it.
///
/// An assignment is tied by its bookkeeping row; imported ones without it are left
/// (see [`rules::remove_subject`]).
pub async fn delete(tx: &Tx, id: i64) -> Result<Option<Removed>, Fault> {
    let Some(user) = find(tx, id).await? else {
        return Ok(None);
    };
    let grants = rules::remove_of_user(tx, id).await?;
    data::remove_of_account(tx, id).await?;
    let delete = Query::delete()
        .from_table(user::Entity)
        .and_where(user::Column::Id.eq(id))
        .take();
    tx.run(&delete).await?;
    Ok(Some(Removed { user, grants }))
}

/// Accounts after a username, in byte order of their usernames, at most `limit`.
///
/// `search` keeps those in whose username, email or full name it occurs, ignoring case.
pub async fn page(
    db: &Db,
    after: Option<&str>,
    search: Option<&str>,
    limit: u64,
) -> Result<Vec<User>, Fault> {
    let search = search.map(text::fold);
    let contains = |column, text: &str| db.dialect().contains(Expr::col(column), text);
    let rows = user::Entity::find()
        .apply_if(after, |select, after| {
            select.filter(user::Column::Username.gt(after))
        })
        .apply_if(search, |select, text| {
            select.filter(
                Condition::any()
                    .add(contains(user::Column::UsernameLower, &text))
                    .add(contains(user::Column::EmailLower, &text))
                    .add(contains(user::Column::FullNameLower, &text)),
            )
        })
        .order_by_asc(user::Column::Username)
        .limit(limit);
    db.all(rows)
        .await?
        .into_iter()
        .map(User::try_from)
        .collect()
}
