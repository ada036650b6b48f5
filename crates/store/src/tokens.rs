//! API keys of people. They stand as they are, since they leave as fixtures the way they came.

use sea_orm::sea_query::{ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::tables::user;
use crate::users::User;
use crate::{Db, Fault};

/// Whose key this is; nothing where it is nobody's.
pub async fn holder(db: &Db, key: &str) -> Result<Option<User>, Fault> {
    if key.contains('\0') {
        return Ok(None);
    }
    let holder = Query::select()
        .column("user_id")
        .from("auth_tokens")
        .and_where(sea_orm::sea_query::Expr::col("key").eq(key))
        .take();
    let select = user::Entity::find().filter(user::Column::Id.in_subquery(holder));
    db.one(select).await?.map(User::try_from).transpose()
}
