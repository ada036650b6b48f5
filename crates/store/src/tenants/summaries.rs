//! Lists of tenants, for which no configuration is read.

use std::collections::HashMap;

use provost_listing::{LimitAsk, Slice};
use provost_tenancy::{Summary, tenant_name};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, Order, Query, SimpleExpr};

use super::{Object, routes};
use crate::select::{cut, total_of};
use crate::{Db, Fault, derive};

/// What a list shows of a tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The key.
    pub id: i64,
    /// What other systems call it.
    pub external_key: String,
    /// The name it was provisioned under, else what its external key says.
    pub tenant_name: String,
    /// What its columns say.
    pub summary: Summary,
    /// The hosts that lead to it, the oldest first.
    pub domains: Vec<String>,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    external_key: String,
    summary: String,
}

impl Row {
    fn listed(self, base_domain: &str) -> Result<Listed, Fault> {
        let (name, summary) = derive::tenant_shown(&self.summary)?;
        let mut meta = Object::new();
        if let Some(name) = name {
            meta.insert("tenant_name".to_owned(), name.into());
        }
        Ok(Listed {
            id: self.id,
            tenant_name: tenant_name(&meta, &self.external_key, base_domain),
            external_key: self.external_key,
            summary,
            domains: Vec::new(),
        })
    }
}

const TABLE: &str = "tenant_configs";

/// A page of the tenants, in the order of their keys; `total` where it is known how many there are.
///
/// `search` keeps those in whose name (as shown: `base_domain` is where tenants are provisioned),
/// platform name or one of whose hosts it occurs, whatever its case.
pub async fn page(
    db: &Db,
    base_domain: &str,
    search: Option<&str>,
    ask: &LimitAsk,
    total: Option<u64>,
) -> Result<Slice<Listed>, Fault> {
    let mut keys = Query::select().column("id").from(TABLE).take();
    let keys = if let Some(search) = search {
        keys.cond_where(found(db, base_domain, &derive::searched(search)));
        // All keys, since they have to be counted in any case: a search goes through the table once.
        let all: Vec<i64> = db.column(keys.order_by("id", Order::Asc)).await?;
        Slice::cut_limit(all, ask)
    } else {
        let total = total_of(db, &keys, total).await?;
        let page = if cut(&mut keys, ask, total) {
            db.column(keys.order_by("id", Order::Asc)).await?
        } else {
            Vec::new()
        };
        Slice::new(page, total, ask.window())
    };
    Ok(Slice {
        rows: rows(db, &keys.rows, base_domain).await?,
        total: keys.total,
        window: keys.window,
    })
}

/// The tenants that are shown under this name, whatever its case, in the order of their keys.
pub async fn named(db: &Db, base_domain: &str, name: &str) -> Result<Vec<Listed>, Fault> {
    let name = derive::searched(name);
    let by_key = Expr::col("name_lower")
        .is_null()
        .and(key_as_shown(base_domain).eq(name.as_str()));
    let select = Query::select()
        .column("id")
        .from(TABLE)
        .and_where(Expr::col("name_lower").eq(name.as_str()).or(by_key))
        .order_by("id", Order::Asc)
        .take();
    rows(db, &db.column(&select).await?, base_domain).await
}

async fn rows(db: &Db, ids: &[i64], base_domain: &str) -> Result<Vec<Listed>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let select = Query::select()
        .columns(["id", "external_key", "summary"])
        .from(TABLE)
        .and_where(db.dialect().is_one_of_ids(Expr::col("id"), ids))
        .order_by("id", Order::Asc)
        .take();
    let rows: Vec<Row> = db.list(&select).await?;
    let mut domains: HashMap<i64, Vec<String>> = HashMap::new();
    for route in routes::of_configs(db, ids).await? {
        domains.entry(route.config).or_default().push(route.domain);
    }
    rows.into_iter()
        .map(|row| {
            let mut listed = row.listed(base_domain)?;
            listed.domains = domains.remove(&listed.id).unwrap_or_default();
            Ok(listed)
        })
        .collect()
}

/// Whether a folded text occurs in what is searched of a tenant.
fn found(db: &Db, base_domain: &str, text: &str) -> Condition {
    let contains = |column, text| db.dialect().contains(column, text);
    let name = || Expr::col("name_lower");
    let by_host = Query::select()
        .column("config_id")
        .from("tenant_routes")
        .and_where(contains(Expr::col("domain_lower"), text))
        .take();
    let in_key = contains(key_as_shown(base_domain), text);
    Condition::any()
        .add(contains(name(), text))
        .add(name().is_null().and(in_key))
        .add(contains(Expr::col("platform_lower"), text))
        .add(Expr::col("id").in_subquery(by_host))
}

/// The folded key without the base domain, where that is where the tenant is.
fn key_as_shown(base_domain: &str) -> SimpleExpr {
    let suffix = format!(".{base_domain}");
    let length = |text: SimpleExpr| SimpleExpr::from(Func::cust("length").arg(text));
    // PostgreSQL cuts by numbers of 32 bits.
    let chars = |text: &str| i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
    let part = |of: SimpleExpr, from: SimpleExpr, count: SimpleExpr| {
        SimpleExpr::from(Func::cust("substr").arg(of).arg(from).arg(count))
    };
    let key = || Expr::col("external_key");
    let folded = || Expr::col("key_lower");
    let begin = length(key()).sub(chars(&suffix));
    let is_below = begin
        .clone()
        .gt(0_i32)
        .and(part(key(), begin.add(1_i32), Expr::val(chars(&suffix))).eq(suffix.as_str()));
    let end = length(folded()).sub(chars(&derive::searched(&suffix)));
    Expr::case(is_below, part(folded(), Expr::val(1_i32), end))
        .finally(folded())
        .into()
}
