//! Feature flags, with what organizations and courses say about them.

use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::tables::waffle_flag;
use crate::{Db, Fault};

/// What is said about one flag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// What the flag says for everyone; `None` when it says nothing or there is no such flag.
    pub everyone: Option<bool>,
    /// Whether organizations, by short name, force it.
    pub orgs: Overrides,
    /// Whether courses, by key, force it.
    pub courses: Overrides,
}

/// Who forces a flag, in the order of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Those who force it on.
    pub on: Vec<String>,
    /// Those who force it off.
    pub off: Vec<String>,
}

/// What is said about `flag` now.
///
/// The tables of overrides hold their history: for each organization or course the row with the
/// greatest id counts, and says nothing unless it is enabled.
pub async fn state(db: &Db, flag: &str) -> Result<State, Fault> {
    let row = db
        .one(waffle_flag::Entity::find().filter(waffle_flag::Column::Name.eq(flag)))
        .await?;
    Ok(State {
        everyone: row.and_then(|row| row.everyone),
        orgs: overrides(db, "waffle_org_overrides", "org", flag).await?,
        courses: overrides(db, "waffle_course_overrides", "course_id", flag).await?,
    })
}

async fn overrides(
    db: &Db,
    table: &'static str,
    key: &'static str,
    flag: &str,
) -> Result<Overrides, Fault> {
    let newest = Query::select()
        .expr(Func::max(Expr::col("id")))
        .from(table)
        .and_where(Expr::col("waffle_flag").eq(flag))
        .group_by_col(key)
        .take();
    let select = Query::select()
        .expr_as(Expr::col(key), "key")
        .column("override_choice")
        .from(table)
        .and_where(Expr::col("id").in_subquery(newest))
        .and_where(Expr::col("enabled").eq(true))
        .order_by("id", sea_orm::Order::Asc)
        .take();
    let mut overrides = Overrides::default();
    for row in db.rows(&select).await? {
        let key = row.try_get("", "key").map_err(Fault::of)?;
        let choice: String = row.try_get("", "override_choice").map_err(Fault::of)?;
        match choice.as_str() {
            "on" => overrides.on.push(key),
            "off" => overrides.off.push(key),
            _ => {}
        }
    }
    Ok(overrides)
}
