//! The rules by which people come into groups on their own: by the domain of their mail address.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use provost_listing::{LimitAsk, Slice};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use super::{G, Named, R, column, locked, one, only, with_group};
use crate::batch::{Insert, value};
use crate::{Db, Fault, Tx, derive};

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The key; the smallest of those that match counts.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// The domain whose mail addresses match, as it was given.
    pub domain: String,
    /// The domains that match beside the first one, in the order they were given in.
    pub domains: Vec<String>,
    /// Where it leads.
    pub group: Named,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    name: String,
    domain: String,
    #[sea_orm(nested)]
    group: Named,
}

const TABLE: &str = "access_rules";
const DOMAINS: &str = "access_rule_domains";

fn shown() -> SelectStatement {
    let mut shown = super::from(TABLE);
    with_group(&mut shown)
        .columns(["id", "name", "domain"].map(|name| (R, name)))
        .take()
}

/// A page of the rules that lead into the organization's groups, in the order of their keys;
/// `total` where it is known.
pub async fn page(
    db: &Db,
    organization: i64,
    ask: &LimitAsk,
    total: Option<u64>,
) -> Result<Slice<Rule>, Fault> {
    let slice = super::page_by_group(db, TABLE, organization, shown(), ask, total).await?;
    Ok(Slice {
        rows: whole(db, slice.rows).await?,
        total: slice.total,
        window: slice.window,
    })
}

/// The first `limit` rules after the one with the key `after` that lead into the organization's
/// groups, in the order of their keys.
pub async fn after(db: &Db, organization: i64, after: i64, limit: u64) -> Result<Vec<Rule>, Fault> {
    let span = (after, limit);
    let rows = super::after_by_group(db, TABLE, organization, shown(), span, None).await?;
    whole(db, rows).await
}

/// The rule with this key, if it leads into a group of the organization.
pub async fn find(db: &Db, organization: i64, id: i64) -> Result<Option<Rule>, Fault> {
    let row = one(db, only(&mut shown(), organization, id)).await?;
    Ok(whole(db, row.into_iter().collect()).await?.pop())
}

/// As [`find`]; nobody else changes the rule until the transaction ends.
pub async fn lock(tx: &Tx, organization: i64, id: i64) -> Result<Option<Rule>, Fault> {
    let row = one(tx, locked(only(&mut shown(), organization, id))).await?;
    Ok(whole(tx, row.into_iter().collect()).await?.pop())
}

/// All rules that lead into the organization's groups, in the order of their keys.
pub async fn of_organization(db: &Db, organization: i64) -> Result<Vec<Rule>, Fault> {
    all(db, column(G, "organization_id").eq(organization)).await
}

/// All rules that lead into a group, in the order of their keys.
pub(super) async fn of_group(db: &Db, group: i64) -> Result<Vec<Rule>, Fault> {
    all(db, column(R, "group_id").eq(group)).await
}

async fn all(db: &Db, wanted: Expr) -> Result<Vec<Rule>, Fault> {
    let select = shown()
        .and_where(wanted)
        .order_by((R, "id"), Order::Asc)
        .take();
    whole(db, db.list(&select).await?).await
}

/// The rows with their further domains.
async fn whole(db: &Db, rows: Vec<Row>) -> Result<Vec<Rule>, Fault> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut domains = further_domains(db, &ids).await?;
    let whole = rows.into_iter().map(|row| Rule {
        domains: domains.remove(&row.id).unwrap_or_default(),
        id: row.id,
        name: row.name,
        domain: row.domain,
        group: row.group,
    });
    Ok(whole.collect())
}

async fn further_domains(db: &Db, rules: &[i64]) -> Result<HashMap<i64, Vec<String>>, Fault> {
    let mut domains: HashMap<i64, Vec<String>> = HashMap::new();
    if rules.is_empty() {
        return Ok(domains);
    }
    let select = Query::select()
        .columns(["rule_id", "domain"])
        .from(DOMAINS)
        .and_where(db.dialect().is_one_of_ids(Expr::col("rule_id"), rules))
        .order_by("id", Order::Asc)
        .take();
    for (rule, domain) in super::pairs(db, &select).await? {
        domains.entry(rule).or_default().push(domain);
    }
    Ok(domains)
}

/// Makes a rule that matches `domain` and the `domains` beside it; its key. [`Fault::Dangling`]
/// when there is no such group, [`Fault::Duplicate`] with
/// [`RuleDomain`](crate::Constraint::RuleDomain) when a domain is twice in `domains`.
pub async fn create(
    tx: &Tx,
    name: &str,
    domain: &str,
    domains: &[String],
    group: i64,
    now: DateTime<Utc>,
) -> Result<i64, Fault> {
    let now = derive::micros(now);
    let row = vec![
        value(now),
        value(now),
        value(name),
        value(domain),
        value(group),
    ];
    let columns = ["created", "modified", "name", "domain", "group_id"];
    let id = Insert::into(TABLE, &columns).one_id(tx, row).await?;
    add_domains(tx, id, domains).await?;
    Ok(id)
}

/// Writes everything of the rule with this key but its further domains. [`Fault::Dangling`] when
/// there is no such group.
pub async fn change(
    tx: &Tx,
    id: i64,
    name: &str,
    domain: &str,
    group: i64,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let update = Query::update()
        .table(TABLE)
        .value("name", name)
        .value("domain", domain)
        .value("group_id", group)
        .value("modified", derive::micros(now))
        .and_where(Expr::col("id").eq(id))
        .take();
    tx.run(&update).await.map(drop)
}

/// Makes `domains` the ones that match beside the rule's first. Faults as [`create`].
pub async fn set_domains(tx: &Tx, id: i64, domains: &[String]) -> Result<(), Fault> {
    let delete = Query::delete()
        .from_table(DOMAINS)
        .and_where(Expr::col("rule_id").eq(id))
        .take();
    tx.run(&delete).await?;
    add_domains(tx, id, domains).await
}

async fn add_domains(tx: &Tx, rule: i64, domains: &[String]) -> Result<(), Fault> {
    let rows = domains
        .iter()
        .map(|domain| vec![value(rule), value(domain.as_str())]);
    Insert::into(DOMAINS, &["rule_id", "domain"])
        .run(tx, rows.collect())
        .await
        .map(drop)
}

/// Removes a rule; whether there was one.
pub async fn remove(tx: &Tx, id: i64) -> Result<bool, Fault> {
    super::remove(tx, TABLE, id).await
}
