//! The people of an organization, with the membership that is shown of each: the oldest.

use std::collections::HashMap;

use provost_keys::text;
use provost_listing::{LimitAsk, Slice};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, IntoTableRef, Order, Query, SelectStatement};
use sea_orm::{FromQueryResult, JoinType};

use super::{Named, PersonRef, R, column, one, with_group};
use crate::{Db, Fault};

/// An active user who belongs to an organization and does not administer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The key.
    pub id: i64,
    /// The username.
    pub username: String,
    /// Name of the profile; nothing where there is no profile.
    pub name: Option<String>,
    /// The mail address.
    pub email: String,
    /// The oldest membership: its key and the group, of whatever organization.
    pub membership: Option<(i64, Named)>,
}

/// Which people are wanted; all of these must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleFilter {
    /// Terms, each of which occurs in mail address, username or profile name, whatever its case.
    pub search: Vec<String>,
    /// The whole mail address, whatever its case.
    pub email: Option<String>,
    /// The group of the oldest membership, of whatever organization.
    pub group: Option<i64>,
    /// Whether there must be no membership at all, or any.
    pub no_group: Option<bool>,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    username: String,
    name: Option<String>,
    email: String,
}

/// Alias of who belongs to which organization.
const B: &str = "b";
/// Alias of memberships.
const M: &str = "m";
/// Alias of profiles.
const P: &str = "p";

fn shown() -> SelectStatement {
    let mut shown = super::from("users");
    with_profile(&mut shown)
        .columns(["id", "username", "email"].map(|name| (R, name)))
        .column((P, "name"))
        .take()
}

fn with_profile(select: &mut SelectStatement) -> &mut SelectStatement {
    let own = column(P, "user_id").eq(column(R, "id"));
    select.join_as(JoinType::LeftJoin, "profiles", P, own)
}

/// A page of the organization's active people who do not administer it, in the order of their
/// keys; `total` where it is known.
pub async fn page(
    db: &Db,
    organization: i64,
    filter: &PeopleFilter,
    ask: &LimitAsk,
    total: Option<u64>,
) -> Result<Slice<Person>, Fault> {
    let keys = keys(db, organization, filter);
    let slice = super::page(db, keys, shown(), ask, total).await?;
    Ok(Slice {
        rows: whole(db, slice.rows).await?,
        total: slice.total,
        window: slice.window,
    })
}

/// The person with this key, if [`page`] would show them.
pub async fn find(db: &Db, organization: i64, id: i64) -> Result<Option<Person>, Fault> {
    let mut keys = keys(db, organization, &PeopleFilter::default());
    keys.and_where(column(R, "id").eq(id));
    let row = one(db, shown().and_where(column(R, "id").in_subquery(keys))).await?;
    Ok(whole(db, row.into_iter().collect()).await?.pop())
}

/// The user with this key, if they may be put into the organization's groups: active, and belonging
/// to it; they may administer it.
pub async fn assignable(db: &Db, organization: i64, id: i64) -> Result<Option<PersonRef>, Fault> {
    let belongs = Query::select()
        .column((B, "user_id"))
        .from_as("organization_members", B)
        .and_where(column(B, "organization_id").eq(organization))
        .and_where(column(B, "user_id").eq(id))
        .take();
    let select = super::from("users")
        .expr_as(column(R, "id"), "user_id")
        .columns([(R, "username"), (R, "email")])
        .and_where(column(R, "is_active").eq(true))
        .and_where(column(R, "id").in_subquery(belongs))
        .take();
    one(db, &select).await
}

/// The keys of the people that are wanted.
///
/// A cross join keeps its order in SQLite: first comes the table whose index narrows most and
/// holds the people in the order of their keys.
fn keys(db: &Db, organization: i64, filter: &PeopleFilter) -> SelectStatement {
    let (first, key) = match (&filter.email, filter.group) {
        (Some(_), _) => (R, "id"),
        (None, Some(_)) => (M, "user_id"),
        (None, None) => (B, "user_id"),
    };
    let mut tables = vec![(B, "organization_members"), (R, "users")];
    if filter.group.is_some() {
        tables.push((M, "access_memberships"));
    }
    tables.sort_by_key(|(alias, _)| *alias != first);
    let mut keys = Query::select();
    for (at, (alias, table)) in tables.into_iter().enumerate() {
        let table = table.into_table_ref().alias(alias);
        if at == 0 {
            keys.from(table);
        } else {
            keys.cross_join(table);
        }
    }
    if !filter.search.is_empty() {
        with_profile(&mut keys);
    }
    keys.column((first, key))
        .and_where(column(B, "organization_id").eq(organization))
        .and_where(column(B, "is_admin").eq(false))
        .and_where(column(R, "id").eq(column(B, "user_id")))
        .and_where(column(R, "is_active").eq(true))
        .cond_where(wanted(db, filter))
        .take()
}

fn wanted(db: &Db, filter: &PeopleFilter) -> Condition {
    let memberships = || {
        Query::select()
            .from("access_memberships")
            .and_where(Expr::col("user_id").eq(column(B, "user_id")))
            .take()
    };
    let email = filter.email.as_deref().map(text::fold);
    let group = filter.group.map(|group| {
        let oldest = memberships().expr(Expr::col("id").min()).take();
        Condition::all()
            .add(column(M, "group_id").eq(group))
            .add(column(M, "user_id").eq(column(B, "user_id")))
            .add(column(M, "id").in_subquery(oldest))
    });
    let grouped = filter.no_group.map(|none| {
        let any = Expr::exists(memberships().expr(Expr::val(1)).limit(1).take());
        if none { any.not() } else { any }
    });
    let name = column(P, "name_lower").if_null("");
    let searched = [column(R, "email_lower"), column(R, "username_lower"), name];
    Condition::all()
        .add_option(email.map(|email| column(R, "email_lower").eq(email)))
        .add_option(group)
        .add_option(grouped)
        .add_option(super::found(db, &searched, &filter.search))
}

/// The people with the membership that is shown of each.
async fn whole(db: &Db, rows: Vec<Row>) -> Result<Vec<Person>, Fault> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut memberships = oldest(db, &ids).await?;
    let whole = rows.into_iter().map(|row| Person {
        membership: memberships.remove(&row.id),
        id: row.id,
        username: row.username,
        name: row.name,
        email: row.email,
    });
    Ok(whole.collect())
}

/// The oldest membership of each of the people who has one.
async fn oldest(db: &Db, people: &[i64]) -> Result<HashMap<i64, (i64, Named)>, Fault> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        user_id: i64,
        #[sea_orm(nested)]
        group: Named,
    }
    let mut oldest = HashMap::new();
    if people.is_empty() {
        return Ok(oldest);
    }
    let select = with_group(&mut super::from("access_memberships"))
        .columns([(R, "id"), (R, "user_id")])
        .and_where(db.dialect().is_one_of_ids(column(R, "user_id"), people))
        .order_by((R, "id"), Order::Asc)
        .take();
    for row in db.list::<Row>(&select).await? {
        oldest.entry(row.user_id).or_insert((row.id, row.group));
    }
    Ok(oldest)
}
