//! Who administers which tenant or group, and who uses it.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, JoinType, OnConflict, Order, Query, SelectStatement};
use sea_orm::{DbErr, FromQueryResult, QueryResult};

use super::{Named, column};
use crate::batch::{Insert, value};
use crate::select::{one, pairs};
use crate::{Db, Fault, Tx};

/// What somebody may do, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The key of the account.
    pub user: i64,
    /// How much they may do: a number of the API.
    pub level: i64,
    /// The tenant they belong to; nothing of those who are above all tenants.
    pub tenant: Option<Named>,
    /// The group they belong to; nothing of those who are above all groups of a tenant.
    pub group: Option<Named>,
    /// The reseller to whose tenants and groups they are confined.
    pub reseller: Option<Named>,
    /// Whether they tell backends apart.
    pub multi_as: bool,
    /// Whether they only look.
    pub read_only: bool,
    /// The keys of the backends whose tenants they see, the most important first.
    pub backends: Vec<i64>,
}

#[derive(FromQueryResult)]
struct Row {
    user_id: i64,
    level: i64,
    profile_id: Option<i64>,
    tenant_id: Option<String>,
    group_key: Option<i64>,
    group_id: Option<String>,
    reseller_id: Option<i64>,
    reseller: Option<String>,
    multi_as: bool,
    read_only: bool,
}

const TABLE: &str = "profile_people";
const BACKENDS: &str = "profile_people_backends";
const P: &str = "person";

const COLUMNS: [&str; 7] = [
    "user_id",
    "level",
    "profile_id",
    "group_key",
    "reseller_id",
    "multi_as",
    "read_only",
];

/// Everybody whose tenant and group are there, as `person`: who belongs to what is gone is gone.
pub(super) fn there() -> SelectStatement {
    let mut select = Query::select();
    select.from_as(TABLE, P);
    for (table, alias, key) in [
        ("tenant_profiles", "tenant", "profile_id"),
        ("profile_groups", "grp", "group_key"),
    ] {
        let (own, found) = (|| column(P, key), || column(alias, "id"));
        select
            .join_as(JoinType::LeftJoin, table, alias, found().eq(own()))
            .and_where(own().is_null().or(found().is_not_null()));
    }
    select.take()
}

fn shown() -> SelectStatement {
    let reseller = column("reseller", "id").eq(column(P, "reseller_id"));
    there()
        .columns(COLUMNS.map(|name| (P, name)))
        .column(("tenant", "tenant_id"))
        .column(("grp", "group_id"))
        .expr_as(column("reseller", "name"), "reseller")
        .join_as(
            JoinType::LeftJoin,
            "profile_resellers",
            "reseller",
            reseller,
        )
        .take()
}

impl From<Row> for Person {
    fn from(row: Row) -> Self {
        Self {
            user: row.user_id,
            level: row.level,
            tenant: Named::found(row.profile_id, row.tenant_id),
            group: Named::found(row.group_key, row.group_id),
            reseller: Named::found(row.reseller_id, row.reseller),
            multi_as: row.multi_as,
            read_only: row.read_only,
            backends: Vec::new(),
        }
    }
}

/// What the user with this key may do, if that is on record and their tenant and group are there.
pub async fn find(db: &Db, user: i64) -> Result<Option<Person>, Fault> {
    let row: Option<Row> = one(db, shown().and_where(column(P, "user_id").eq(user))).await?;
    let Some(mut person) = row.map(Person::from) else {
        return Ok(None);
    };
    // Only those who tell backends apart have any.
    if person.multi_as {
        let select = Query::select()
            .column("backend_id")
            .from(BACKENDS)
            .and_where(Expr::col("user_id").eq(user))
            .order_by("position", Order::Asc)
            .take();
        person.backends = db.column(&select).await?;
    }
    Ok(Some(person))
}

/// Whether anything is on record of the user with this key, whatever became of their tenant and group.
pub async fn is_on_record(db: &Db, user: i64) -> Result<bool, Fault> {
    let select = Query::select()
        .column("user_id")
        .from(TABLE)
        .and_where(Expr::col("user_id").eq(user))
        .take();
    super::any(db, &select).await
}

/// Everybody on record whose tenant and group are there, by key of the account, each with their username.
pub async fn all(db: &Db) -> Result<Vec<(String, Person)>, Fault> {
    let account = column("account", "id").eq(column(P, "user_id"));
    let mut select = shown();
    select
        .column(("account", "username"))
        .join_as(JoinType::InnerJoin, "users", "account", account)
        .order_by((P, "user_id"), Order::Asc);
    let ties = Query::select()
        .columns(["user_id", "backend_id"])
        .from(BACKENDS)
        .order_by("position", Order::Asc)
        .take();
    let mut backends: HashMap<i64, Vec<i64>> = HashMap::new();
    for (user, backend) in pairs::<i64, i64>(db, &ties).await? {
        backends.entry(user).or_default().push(backend);
    }
    let rows: Vec<NamedRow> = db.list(&select).await?;
    Ok(rows
        .into_iter()
        .map(|NamedRow { username, row }| {
            let mut person = Person::from(row);
            // Only those who tell backends apart have any.
            if person.multi_as {
                person.backends = backends.remove(&person.user).unwrap_or_default();
            }
            (username, person)
        })
        .collect())
}

/// A row with the name of its account.
struct NamedRow {
    username: String,
    row: Row,
}

impl FromQueryResult for NamedRow {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            username: row.try_get(prefix, "username")?,
            row: Row::from_query_result(row, prefix)?,
        })
    }
}

/// Puts on record what somebody may do, in place of what was. [`Fault::Dangling`] when there is no such
/// account.
pub async fn put(tx: &Tx, person: &Person) -> Result<(), Fault> {
    let id = |named: &Option<Named>| value(named.as_ref().map(|named| named.id));
    let row = vec![
        value(person.user),
        value(person.level),
        id(&person.tenant),
        id(&person.group),
        id(&person.reseller),
        value(person.multi_as),
        value(person.read_only),
    ];
    let replace = OnConflict::column("user_id")
        .update_columns(COLUMNS.into_iter().skip(1))
        .to_owned();
    Insert::into(TABLE, &COLUMNS)
        .on_conflict(replace)
        .run(tx, vec![row])
        .await?;
    let forget = Query::delete()
        .from_table(BACKENDS)
        .and_where(Expr::col("user_id").eq(person.user))
        .take();
    tx.run(&forget).await?;
    let backends = person
        .backends
        .iter()
        .zip(0_i64..)
        .map(|(backend, place)| vec![value(person.user), value(*backend), value(place)]);
    Insert::into(BACKENDS, &["user_id", "backend_id", "position"])
        .run(tx, backends.collect())
        .await
        .map(drop)
}

/// Forgets what somebody may do; whether anything was on record.
pub async fn remove(tx: &Tx, user: i64) -> Result<bool, Fault> {
    let delete = Query::delete()
        .from_table(TABLE)
        .and_where(Expr::col("user_id").eq(user))
        .take();
    Ok(tx.run(&delete).await? > 0)
}
