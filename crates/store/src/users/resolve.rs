//! Whom people mean: accounts by username or email.

use std::collections::HashMap;

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{EntityTrait, FromQueryResult, QueryFilter, QueryTrait};

use super::User;
use crate::tables::{retirement, user};
use crate::{Db, Fault};

/// What an identifier stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Exactly one account has it as its username or its email.
    One(User),
    /// No account has it.
    None,
    /// Several have it: the username of one is the email of another, or two share an email.
    Many,
    /// One account has it, and has asked to be forgotten.
    Retired,
}

/// Whom each identifier stands for, in the order of the identifiers: the account whose username
/// or email equals it exactly. One query, however many there are.
pub async fn resolve<S: AsRef<str> + Sync>(
    db: &Db,
    identifiers: &[S],
) -> Result<Vec<Found>, Fault> {
    // No stored text contains a null character, so nobody is found by one.
    let mut wanted: Vec<&str> = identifiers
        .iter()
        .map(AsRef::as_ref)
        .filter(|identifier| !identifier.contains('\0'))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut found: HashMap<String, Found> = HashMap::with_capacity(wanted.len());
    for (user, retired) in candidates(db, &wanted).await? {
        let both = [user.username.as_str(), user.email.as_str()];
        // A person whose username is also their email is one match, not two.
        let names = if both[0] == both[1] {
            &both[..1]
        } else {
            &both[..]
        };
        for name in names {
            if wanted.binary_search(name).is_ok() {
                note(&mut found, name, &user, retired);
            }
        }
    }
    Ok(identifiers
        .iter()
        .map(|identifier| {
            found
                .get(identifier.as_ref())
                .cloned()
                .unwrap_or(Found::None)
        })
        .collect())
}

/// The keys of the accounts with exactly these usernames, by username, retired or not. One query,
/// however many there are.
pub async fn ids<S: AsRef<str>>(db: &Db, usernames: &[S]) -> Result<HashMap<String, i64>, Fault> {
    let listed = db
        .dialect()
        .is_one_of(Expr::col(user::Column::Username), usernames);
    let select = Query::select()
        .columns([user::Column::Id, user::Column::Username])
        .from(user::Entity)
        .and_where(listed)
        .take();
    db.rows(&select)
        .await?
        .iter()
        .map(|row| {
            let username = row.try_get("", "username").map_err(Fault::of)?;
            Ok((username, row.try_get("", "id").map_err(Fault::of)?))
        })
        .collect()
}

fn note(found: &mut HashMap<String, Found>, name: &str, user: &User, retired: bool) {
    let outcome = if found.contains_key(name) {
        Found::Many
    } else if retired {
        Found::Retired
    } else {
        Found::One(user.clone())
    };
    found.insert(name.to_owned(), outcome);
}

/// The accounts that have one of the names as username or email, and whether each is retired.
async fn candidates(db: &Db, names: &[&str]) -> Result<Vec<(User, bool)>, Fault> {
    let listed = |column| {
        db.dialect()
            .is_one_of(Expr::col((user::Entity, column)), names)
    };
    let mut select = user::Entity::find()
        .filter(
            Condition::any()
                .add(listed(user::Column::Username))
                .add(listed(user::Column::Email)),
        )
        .into_query();
    let retired = Query::select()
        .expr(Expr::val(1))
        .from(retirement::Entity)
        .and_where(
            Expr::col((retirement::Entity, retirement::Column::UserId))
                .equals((user::Entity, user::Column::Id)),
        )
        .take();
    select.expr_as(Expr::exists(retired), "retired");
    db.rows(&select)
        .await?
        .iter()
        .map(|row| {
            let user = user::Model::from_query_result(row, "").map_err(Fault::of)?;
            let retired = row.try_get("", "retired").map_err(Fault::of)?;
            Ok((User::try_from(user)?, retired))
        })
        .collect()
}
