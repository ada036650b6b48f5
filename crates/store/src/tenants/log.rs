//! Who made and removed which tenant, or tried to. Rows are added and never changed.

use chrono::{DateTime, Utc};
use provost_listing::{LimitAsk, Slice};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use serde_json::Value;

use crate::batch::{Insert, value};
use crate::select::{cut, total_of};
use crate::{Db, Fault, Tx, derive};

/// An attempt to make or remove a tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The key.
    pub id: i64,
    /// `create` or `delete`.
    pub action: String,
    /// `success` or `failed`.
    pub status: String,
    /// What the tenant was called by whoever asked; empty where that was no text.
    pub tenant_name: String,
    /// The key of the tenant, which it may have outlived.
    pub tenant_id: Option<i64>,
    /// The username of whoever asked.
    pub performed_by: String,
    /// What was asked for.
    pub request_data: Value,
    /// The status of the answer; any number where the row came from elsewhere.
    pub response_status: i64,
    /// Why it failed; empty where it did not.
    pub error_message: String,
    /// The address that the request came from.
    pub ip_address: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A row to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRow {
    /// See [`Row::action`].
    pub action: String,
    /// See [`Row::status`].
    pub status: String,
    /// See [`Row::tenant_name`].
    pub tenant_name: String,
    /// See [`Row::tenant_id`].
    pub tenant_id: Option<i64>,
    /// See [`Row::performed_by`].
    pub performed_by: String,
    /// See [`Row::request_data`].
    pub request_data: Value,
    /// See [`Row::response_status`].
    pub response_status: u16,
    /// See [`Row::error_message`].
    pub error_message: String,
    /// See [`Row::ip_address`].
    pub ip_address: Option<String>,
}

/// Which rows are wanted; all of these must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Exactly this name.
    pub tenant_name: Option<String>,
    /// Exactly this action.
    pub action: Option<String>,
    /// Exactly this status.
    pub status: Option<String>,
    /// Exactly this username.
    pub performed_by: Option<String>,
    /// At this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Before this time.
    pub until: Option<DateTime<Utc>>,
}

const TABLE: &str = "provisioning_logs";

const COLUMNS: [&str; 10] = [
    "action",
    "status",
    "tenant_name",
    "tenant_id",
    "performed_by",
    "request_data",
    "response_status",
    "error_message",
    "ip_address",
    "created_at",
];

#[derive(FromQueryResult)]
struct Stored {
    id: i64,
    action: String,
    status: String,
    tenant_name: String,
    tenant_id: Option<i64>,
    performed_by: String,
    request_data: String,
    response_status: i64,
    error_message: String,
    ip_address: Option<String>,
    created_at: i64,
}

impl TryFrom<Stored> for Row {
    type Error = Fault;

    fn try_from(row: Stored) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            action: row.action,
            status: row.status,
            tenant_name: row.tenant_name,
            tenant_id: row.tenant_id,
            performed_by: row.performed_by,
            request_data: derive::document(&row.request_data)?,
            response_status: row.response_status,
            error_message: row.error_message,
            ip_address: row.ip_address,
            created_at: derive::time(row.created_at)?,
        })
    }
}

/// Adds a row. It is never refused for its texts: U+FFFD stands for each null character.
pub async fn append(tx: &Tx, new: &NewRow, now: DateTime<Utc>) -> Result<(), Fault> {
    let row = vec![
        value(derive::storable(&new.action)),
        value(derive::storable(&new.status)),
        value(derive::storable(&new.tenant_name)),
        value(new.tenant_id),
        value(derive::storable(&new.performed_by)),
        value(new.request_data.to_string()),
        value(i64::from(new.response_status)),
        value(derive::storable(&new.error_message)),
        value(new.ip_address.as_deref().map(derive::storable)),
        value(derive::micros(now)),
    ];
    Insert::into(TABLE, &COLUMNS)
        .run(tx, vec![row])
        .await
        .map(drop)
}

/// A page of the rows that the filter keeps, newest first.
pub async fn page(db: &Db, filter: &Filter, ask: &LimitAsk) -> Result<Slice<Row>, Fault> {
    let mut select = kept(filter);
    let total = total_of(db, &select, None).await?;
    let rows = if cut(&mut select, ask, total) {
        select
            .columns(COLUMNS)
            .order_by("created_at", Order::Desc)
            .order_by("id", Order::Desc);
        let rows: Vec<Stored> = db.list(&select).await?;
        rows.into_iter()
            .map(Row::try_from)
            .collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    Ok(Slice::new(rows, total, ask.window()))
}

/// The keys of the rows that the filter keeps.
fn kept(filter: &Filter) -> SelectStatement {
    // As `append` has stored it.
    let is = |name: &'static str, text: &Option<String>| {
        let text = derive::storable(text.as_deref()?);
        Some(Expr::col(name).eq(text))
    };
    let created_at = || Expr::col("created_at");
    let since = |time| created_at().gte(derive::micros(time));
    let until = |time| created_at().lt(derive::micros(time));
    Query::select()
        .column("id")
        .from(TABLE)
        .and_where_option(is("tenant_name", &filter.tenant_name))
        .and_where_option(is("action", &filter.action))
        .and_where_option(is("status", &filter.status))
        .and_where_option(is("performed_by", &filter.performed_by))
        .and_where_option(filter.since.map(since))
        .and_where_option(filter.until.map(until))
        .take()
}
