//! Who holds which roles in exactly one scope.

use std::collections::HashMap;

use provost_keys::stored;
use provost_listing::{Direction, PageAsk, Slice};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{FromQueryResult, JoinType};

use super::{G, U, column, order};
use crate::tables::{casbin_rule, profile, user};
use crate::{Db, Fault};

/// What members are sorted by; ties stay in the order in which they joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberOrder {
    /// The username.
    Username,
    /// The name of the profile.
    ProfileName,
    /// The mail address.
    Email,
}

/// Which members are wanted, and in what order.
#[derive(Clone, Debug)]
pub struct MembersAsk {
    /// The stored scope.
    pub scope: String,
    /// Folded text that occurs in the folded username, profile name or mail address.
    pub search: Option<String>,
    /// Names of roles of which a member holds at least one; all, where there are none.
    pub roles: Vec<String>,
    /// What to sort by.
    pub order: MemberOrder,
    /// Which way.
    pub direction: Direction,
}

/// Somebody who holds roles in a scope. A user who is inactive or unknown has a username alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The username, as the assignments have it.
    pub username: String,
    /// Name of the profile, or nothing.
    pub full_name: String,
    /// Mail address, or nothing.
    pub email: String,
    /// Names of all roles held in the scope, oldest first.
    pub roles: Vec<String>,
}

#[derive(FromQueryResult)]
struct Row {
    subject: String,
    full_name: Option<String>,
    email: Option<String>,
}

/// Alias of the members: subjects with the key of their first assignment.
const M: &str = "m";
/// Alias of the profiles.
const P: &str = "p";

/// A page of the members of a scope.
pub async fn members(db: &Db, ask: &MembersAsk, page: &PageAsk) -> Result<Slice<Member>, Fault> {
    let mut rows = Query::select();
    rows.expr_as(Expr::col((M, "subject")), "subject")
        .expr_as(column(P, profile::Column::Name), "full_name")
        .expr_as(column(U, user::Column::Email), "email")
        .order_by_expr(sort_key(ask.order), order(ask.direction))
        .order_by((M, "first"), Order::Asc);
    let mut count = Query::select();
    count.expr(Expr::cust("COUNT(*)"));
    for select in [&mut rows, &mut count] {
        join(select, db, ask);
    }
    let slice: Slice<Row> = super::page(db, rows, &count, page, None).await?;
    let subjects: Vec<String> = slice.rows.iter().map(|row| row.subject.clone()).collect();
    let mut roles = roles_of(db, &ask.scope, &subjects).await?;
    Ok(slice.map(|row| Member {
        roles: roles.remove(&row.subject).unwrap_or_default(),
        username: stored::external(&row.subject).to_owned(),
        full_name: row.full_name.unwrap_or_default(),
        email: row.email.unwrap_or_default(),
    }))
}

/// Members with their active users and those users' profiles, where there are any.
fn join(select: &mut SelectStatement, db: &Db, ask: &MembersAsk) {
    let account = Condition::all()
        .add(column(U, user::Column::Username).eq(username_of_member()))
        .add(column(U, user::Column::IsActive).eq(true));
    select
        .from_subquery(subjects(db, ask), M)
        .join_as(JoinType::LeftJoin, user::Entity, U, account)
        .join_as(
            JoinType::LeftJoin,
            profile::Entity,
            P,
            column(P, profile::Column::UserId).eq(column(U, user::Column::Id)),
        );
    if let Some(text) = &ask.search {
        let texts = [
            MemberOrder::Username,
            MemberOrder::ProfileName,
            MemberOrder::Email,
        ];
        select.cond_where(texts.into_iter().fold(Condition::any(), |any, by| {
            any.add(db.dialect().contains(sort_key(by), text))
        }));
    }
}

/// The subjects with a wanted role in the scope, each with the key of its first assignment there.
fn subjects(db: &Db, ask: &MembersAsk) -> SelectStatement {
    let mut grouped = Query::select();
    grouped
        .expr_as(column(G, casbin_rule::Column::V0), "subject")
        .expr_as(column(G, casbin_rule::Column::Id).min(), "first")
        .from_as(casbin_rule::Entity, G)
        .and_where(column(G, casbin_rule::Column::Ptype).eq("g"))
        .and_where(column(G, casbin_rule::Column::V2).eq(ask.scope.as_str()))
        .and_where(column(G, casbin_rule::Column::V0).like("user^%"))
        .group_by_col((G, casbin_rule::Column::V0));
    if !ask.roles.is_empty() {
        let roles: Vec<String> = ask.roles.iter().map(|role| stored::role(role)).collect();
        let wanted = db
            .dialect()
            .is_one_of(column(G, casbin_rule::Column::V1), &roles);
        let hit: SimpleExpr = Expr::case(wanted, 1).finally(0).into();
        grouped.and_having(hit.sum().gt(0));
    }
    grouped
}

fn username_of_member() -> SimpleExpr {
    Expr::cust(r#"substr("m"."subject", 6)"#)
}

/// The folded text that a member is sorted and found by; a user who is not known has no folded
/// name of ours, and the databases fold ASCII alike.
fn sort_key(by: MemberOrder) -> SimpleExpr {
    let (known, otherwise) = match by {
        MemberOrder::Username => (
            column(U, user::Column::UsernameLower),
            Expr::cust(r#"lower(substr("m"."subject", 6))"#),
        ),
        MemberOrder::ProfileName => (column(P, profile::Column::NameLower), Expr::val("")),
        MemberOrder::Email => (column(U, user::Column::EmailLower), Expr::val("")),
    };
    known.if_null(otherwise)
}

/// Role names that each subject holds in the scope, oldest first.
async fn roles_of(
    db: &Db,
    scope: &str,
    subjects: &[String],
) -> Result<HashMap<String, Vec<String>>, Fault> {
    if subjects.is_empty() {
        return Ok(HashMap::new());
    }
    let select = Query::select()
        .column((G, casbin_rule::Column::V0))
        .column((G, casbin_rule::Column::V1))
        .from_as(casbin_rule::Entity, G)
        .and_where(column(G, casbin_rule::Column::Ptype).eq("g"))
        .and_where(column(G, casbin_rule::Column::V2).eq(scope))
        .and_where(
            db.dialect()
                .is_one_of(column(G, casbin_rule::Column::V0), subjects),
        )
        .order_by((G, casbin_rule::Column::Id), Order::Asc)
        .take();
    let mut roles: HashMap<String, Vec<String>> = HashMap::new();
    for row in db.rows(&select).await? {
        let subject: String = row.try_get_by_index(0).map_err(Fault::of)?;
        let role: String = row.try_get_by_index(1).map_err(Fault::of)?;
        roles
            .entry(subject)
            .or_default()
            .push(stored::external(&role).to_owned());
    }
    Ok(roles)
}
