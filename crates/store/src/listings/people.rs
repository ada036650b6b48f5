//! People who hold at least one assignment.

use provost_listing::{Direction, PageAsk, Slice};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr};

use super::{Filter, G, U, column, order, subject_of_user, username_of_subject};
use crate::tables::{casbin_rule, user};
use crate::{Db, Fault};

/// What people are sorted by; ties stay in the order of usernames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeopleOrder {
    /// The username.
    Username,
    /// First and last name.
    FullName,
    /// The mail address.
    Email,
}

/// Somebody with assignments.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Person {
    /// The username.
    pub username: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Mail address.
    pub email: String,
    /// How many assignments of the filter the person holds, at least one.
    pub assignments: i64,
}

/// A page of the active users who hold an assignment of the filter; `total` where it is known.
pub async fn people(
    db: &Db,
    filter: &Filter,
    by: PeopleOrder,
    direction: Direction,
    ask: &PageAsk,
    total: Option<u64>,
) -> Result<Slice<Person>, Fault> {
    let sort_key = match by {
        PeopleOrder::Username => user::Column::UsernameLower,
        PeopleOrder::FullName => user::Column::FullNameLower,
        PeopleOrder::Email => user::Column::EmailLower,
    };
    let counted = held(db, filter, Expr::cust("COUNT(*)"));
    let mut rows = Query::select();
    rows.columns([
        (U, user::Column::Username),
        (U, user::Column::FirstName),
        (U, user::Column::LastName),
        (U, user::Column::Email),
    ])
    .expr_as(
        Expr::SubQuery(None, Box::new(counted.into())),
        "assignments",
    )
    .order_by((U, sort_key), order(direction))
    .order_by((U, user::Column::Username), Order::Asc);
    let mut count = Query::select();
    count.expr(Expr::cust("COUNT(*)"));
    let wanted = Condition::all()
        .add(filter.of_users(db))
        .add(holds(db, filter));
    for select in [&mut rows, &mut count] {
        select.from_as(user::Entity, U).cond_where(wanted.clone());
    }
    super::page(db, rows, &count, ask, total).await
}

/// `what` of the assignments of the filter that the user of the row holds.
fn held(db: &Db, filter: &Filter, what: Expr) -> SelectStatement {
    Query::select()
        .expr(what)
        .from_as(casbin_rule::Entity, G)
        .and_where(column(G, casbin_rule::Column::V0).eq(subject_of_user()))
        .cond_where(filter.of_assignments(db))
        .take()
}

/// Whether the user of the row holds an assignment of the filter.
fn holds(db: &Db, filter: &Filter) -> SimpleExpr {
    if filter.narrows() {
        let holders = Query::select()
            .expr(username_of_subject())
            .from_as(casbin_rule::Entity, G)
            .cond_where(filter.of_assignments(db))
            .take();
        column(U, user::Column::Username).in_subquery(holders)
    } else {
        // The bound keeps SQLite from turning the question into a join, in which (3.51) OFFSET
        // skips assignments and not people.
        let mut first = held(db, filter, Expr::cust("1"));
        Expr::exists(first.limit(1).take())
    }
}
