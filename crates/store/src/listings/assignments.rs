//! Assignments with the people who hold them.

use provost_listing::{Direction, PageAsk, Slice};
use sea_orm::sea_query::{
    Expr, ExprTrait, IntoTableRef, Order, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{FromQueryResult, JoinType};

use super::{Filter, G, U, column, order, subject_of_user, username_of_subject};
use crate::tables::{casbin_rule, user};
use crate::{Db, Fault};

/// What assignments are sorted by; ties stay in the order of usernames, then of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignmentOrder {
    /// The role.
    Role,
    /// The scope's org, `*` for scopes that hold for all.
    Org,
    /// The scope's external key.
    Scope,
    /// First and last name of the user.
    FullName,
    /// The username.
    Username,
    /// The mail address.
    Email,
}

impl AssignmentOrder {
    /// Alias of the table whose column is sorted by.
    fn table(self) -> &'static str {
        match self {
            Self::Role | Self::Org | Self::Scope => G,
            Self::FullName | Self::Username | Self::Email => U,
        }
    }
}

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AssignmentRow {
    /// Stored role, `role^…`.
    pub role: String,
    /// Stored scope.
    pub scope: String,
    /// Who holds it.
    pub username: String,
    /// First name of the holder.
    pub first_name: String,
    /// Last name of the holder.
    pub last_name: String,
    /// Mail address of the holder.
    pub email: String,
}

/// A page of the assignments of active users; `total` where it is known already.
pub async fn assignments(
    db: &Db,
    filter: &Filter,
    by: AssignmentOrder,
    direction: Direction,
    ask: &PageAsk,
    total: Option<u64>,
) -> Result<Slice<AssignmentRow>, Fault> {
    // Subjects are in the order of usernames, and in the index that is walked.
    let tie = match by.table() {
        U => column(U, user::Column::Username),
        _ => column(G, casbin_rule::Column::V0),
    };
    let mut rows = Query::select();
    rows.expr_as(column(G, casbin_rule::Column::V1), "role")
        .expr_as(column(G, casbin_rule::Column::V2), "scope")
        .columns([
            (U, user::Column::Username),
            (U, user::Column::FirstName),
            (U, user::Column::LastName),
            (U, user::Column::Email),
        ])
        .order_by_expr(sort_key(by), order(direction))
        .order_by_expr(tie, Order::Asc)
        .order_by((G, casbin_rule::Column::Id), Order::Asc);
    let mut count = Query::select();
    count.expr(Expr::cust("COUNT(*)"));
    for select in [&mut rows, &mut count] {
        join(select, db, filter, by);
    }
    super::page(db, rows, &count, ask, total).await
}

/// Assignments `g` and their users `u`.
///
/// A cross join keeps its order in SQLite: what is sorted by comes first and is walked by its
/// index, so that a page is found without sorting everything.
fn join(select: &mut SelectStatement, db: &Db, filter: &Filter, by: AssignmentOrder) {
    let by_name = column(U, user::Column::Username).eq(username_of_subject());
    if filter.narrows() {
        select.from_as(casbin_rule::Entity, G).join_as(
            JoinType::InnerJoin,
            user::Entity,
            U,
            by_name,
        );
    } else if by.table() == U {
        select
            .from_as(user::Entity, U)
            .cross_join(casbin_rule::Entity.into_table_ref().alias(G))
            .and_where(column(G, casbin_rule::Column::V0).eq(subject_of_user()));
    } else {
        select
            .from_as(casbin_rule::Entity, G)
            .cross_join(user::Entity.into_table_ref().alias(U))
            .and_where(by_name);
    }
    select
        .cond_where(filter.of_assignments(db))
        .cond_where(filter.of_users(db));
}

fn sort_key(by: AssignmentOrder) -> SimpleExpr {
    match by {
        AssignmentOrder::Role => column(G, casbin_rule::Column::V1Lower),
        AssignmentOrder::Org => column(G, casbin_rule::Column::ScopeOrgLower),
        AssignmentOrder::Scope => column(G, casbin_rule::Column::V2Lower),
        AssignmentOrder::FullName => column(U, user::Column::FullNameLower),
        AssignmentOrder::Username => column(U, user::Column::UsernameLower),
        AssignmentOrder::Email => column(U, user::Column::EmailLower),
    }
}
