//! Profiles of tenants.

use provost_keys::text;
use sea_orm::sea_query::{
    Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{FromQueryResult, Iterable as _};

use super::search::{self, Like};
use super::{Named, column, countable};
use crate::batch::{Insert, value};
use crate::select::one;
use crate::tenants::Object;
use crate::{Db, Fault, Tx, derive};

/// The profile of a tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct Tenant {
    /// The key; never given twice.
    pub id: i64,
    /// What it is known by; unique whatever its case, for ever the same.
    pub tenant_id: String,
    /// What it is: a word of the API.
    pub kind: String,
    /// What people call it; may be empty.
    pub name: String,
    /// One of its domains.
    pub default_domain: Named,
    /// Where its people ask for help; may be empty.
    pub support_email: String,
    /// Whom to ask, as the API has it.
    pub contact: Object,
    /// Where it is, as the API has it.
    pub address: Object,
    /// Whether it routes calls its own way.
    pub custom_routing: bool,
    /// Whether it has languages of its own.
    pub tenant_languages: bool,
    /// Who owns it.
    pub reseller: Option<Named>,
    /// What others call it; empty where they do not.
    pub external_ids: [String; 4],
    /// Where it is served, if that is on record: name, and what others call it.
    pub backend: Option<(Named, String)>,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    tenant_id: String,
    kind: String,
    name: String,
    default_domain_id: i64,
    default_domain: String,
    support_email: String,
    contact: String,
    address: String,
    custom_routing: bool,
    tenant_languages: bool,
    reseller_id: Option<i64>,
    reseller: Option<String>,
    external_id_1: String,
    external_id_2: String,
    external_id_3: String,
    external_id_4: String,
    backend_id: Option<i64>,
    backend: Option<String>,
    backend_external: Option<String>,
}

impl TryFrom<Row> for Tenant {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id,
            tenant_id: row.tenant_id,
            kind: row.kind,
            name: row.name,
            default_domain: Named {
                id: row.default_domain_id,
                name: row.default_domain,
            },
            support_email: row.support_email,
            contact: derive::object(&row.contact)?,
            address: derive::object(&row.address)?,
            custom_routing: row.custom_routing,
            tenant_languages: row.tenant_languages,
            reseller: Named::found(row.reseller_id, row.reseller),
            external_ids: [
                row.external_id_1,
                row.external_id_2,
                row.external_id_3,
                row.external_id_4,
            ],
            backend: Named::found(row.backend_id, row.backend)
                .map(|named| (named, row.backend_external.unwrap_or_default())),
        })
    }
}

const TABLE: &str = "tenant_profiles";
const T: &str = "tenant";

/// What a column of texts is called, and the column that holds it folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sea_orm::EnumIter)]
pub enum By {
    /// The tenant's id.
    TenantId,
    /// Its name.
    Name,
    /// What others call it, four times.
    ExternalId1,
    /// The second.
    ExternalId2,
    /// The third.
    ExternalId3,
    /// The fourth.
    ExternalId4,
}

impl By {
    fn folded(self) -> &'static str {
        match self {
            Self::TenantId => "tenant_id_lower",
            Self::Name => "name_lower",
            Self::ExternalId1 => "external_id_1_lower",
            Self::ExternalId2 => "external_id_2_lower",
            Self::ExternalId3 => "external_id_3_lower",
            Self::ExternalId4 => "external_id_4_lower",
        }
    }

    /// What others call a tenant, of the four names the one at `place` from 0.
    #[must_use]
    pub fn external_id(place: usize) -> Option<Self> {
        Self::iter().nth(place + 2)
    }
}

/// Which tenants are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only those whose texts, folded, are all like these.
    pub like: Vec<Like<By>>,
    /// Only of the reseller of this name, whatever its case.
    pub reseller_named: Option<String>,
    /// Only of the reseller with this key.
    pub reseller: Option<i64>,
    /// Only on one of these backends.
    pub on_backends: Option<Vec<i64>>,
    /// Only on these backends, or where none is on record.
    pub backends: Option<Vec<i64>>,
    /// No more than these.
    pub limit: Option<u64>,
}

/// The columns that are shown as they are.
const OWN: [&str; 15] = [
    "id",
    "tenant_id",
    "kind",
    "name",
    "default_domain_id",
    "support_email",
    "contact",
    "address",
    "custom_routing",
    "tenant_languages",
    "reseller_id",
    "external_id_1",
    "external_id_2",
    "external_id_3",
    "external_id_4",
];

fn shown() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(OWN.map(|name| (T, name)))
        .column((T, "backend_id"))
        .expr_as(column("domain", "name"), "default_domain")
        .expr_as(column("reseller", "name"), "reseller")
        .expr_as(column("backend", "name"), "backend")
        .expr_as(column("backend", "external_name"), "backend_external")
        .from_as(TABLE, T);
    for (kind, table, alias, key) in [
        (
            JoinType::InnerJoin,
            "profile_domains",
            "domain",
            "default_domain_id",
        ),
        (
            JoinType::LeftJoin,
            "profile_resellers",
            "reseller",
            "reseller_id",
        ),
        (
            JoinType::LeftJoin,
            "profile_backends",
            "backend",
            "backend_id",
        ),
    ] {
        select.join_as(kind, table, alias, column(alias, "id").eq(column(T, key)));
    }
    select.order_by((T, "tenant_id"), Order::Asc).take()
}

/// The tenant of exactly this id.
pub async fn find(db: &Db, tenant_id: &str) -> Result<Option<Tenant>, Fault> {
    if tenant_id.contains('\0') {
        return Ok(None);
    }
    let own = column(T, "tenant_id").eq(tenant_id);
    let row: Option<Row> = one(db, shown().and_where(own)).await?;
    row.map(Tenant::try_from).transpose()
}

/// The tenant of this id, whatever its case.
pub async fn find_folded(db: &Db, tenant_id: &str) -> Result<Option<Tenant>, Fault> {
    if tenant_id.contains('\0') {
        return Ok(None);
    }
    let own = column(T, "tenant_id_lower").eq(text::fold(tenant_id));
    let row: Option<Row> = one(db, shown().and_where(own)).await?;
    row.map(Tenant::try_from).transpose()
}

/// Whether there is a tenant of this id, whatever its case.
pub async fn is_taken(db: &Db, tenant_id: &str) -> Result<bool, Fault> {
    let select = Query::select()
        .column("id")
        .from(TABLE)
        .and_where(Expr::col("tenant_id_lower").eq(text::fold(tenant_id)))
        .take();
    super::any(db, &select).await
}

/// The tenants that are wanted, in the order of their ids.
pub async fn list(db: &Db, filter: &Filter) -> Result<Vec<Tenant>, Fault> {
    let mut select = shown();
    select.cond_where(wanted(db, filter));
    if let Some(limit) = filter.limit {
        select.limit(countable(limit));
    }
    read(db, &select).await
}

/// The first `limit` tenants whose id follows after `after`, in the order of their ids.
pub async fn chunk(db: &Db, after: Option<&str>, limit: u64) -> Result<Vec<Tenant>, Fault> {
    let mut select = shown();
    if let Some(after) = after {
        select.and_where(column(T, "tenant_id").gt(after));
    }
    read(db, select.limit(countable(limit))).await
}

async fn read(db: &Db, select: &SelectStatement) -> Result<Vec<Tenant>, Fault> {
    let rows: Vec<Row> = db.list(select).await?;
    rows.into_iter().map(Tenant::try_from).collect()
}

fn wanted(db: &Db, filter: &Filter) -> Condition {
    let mut all = Condition::all();
    if let Some(kind) = &filter.kind {
        all = all.add(column(T, "kind").eq(kind.as_str()));
    }
    for like in &filter.like {
        let folded = column(T, like.by.folded());
        all = all.add(search::like(
            db.dialect(),
            folded,
            like.how,
            &like.text,
            true,
        ));
    }
    if let Some(name) = &filter.reseller_named {
        all = all.add(column("reseller", "name_lower").eq(text::fold(name)));
    }
    if let Some(reseller) = filter.reseller {
        all = all.add(column(T, "reseller_id").eq(reseller));
    }
    if let Some(backends) = &filter.on_backends {
        let backend = column(T, "backend_id");
        all = all.add(db.dialect().is_one_of_ids(backend, backends));
    }
    if let Some(backends) = &filter.backends {
        let backend = || column(T, "backend_id");
        let listed = db.dialect().is_one_of_ids(backend(), backends);
        all = all.add(backend().is_null().or(listed));
    }
    all
}

/// The columns that are written, in the order of [`row`]; the first never changes.
const COLUMNS: [&str; 21] = [
    "tenant_id",
    "tenant_id_lower",
    "kind",
    "name",
    "name_lower",
    "default_domain_id",
    "reseller_id",
    "backend_id",
    "custom_routing",
    "tenant_languages",
    "support_email",
    "external_id_1",
    "external_id_2",
    "external_id_3",
    "external_id_4",
    "external_id_1_lower",
    "external_id_2_lower",
    "external_id_3_lower",
    "external_id_4_lower",
    "contact",
    "address",
];

fn row(tenant: &Tenant) -> Result<Vec<SimpleExpr>, Fault> {
    let mut row = vec![
        value(tenant.tenant_id.as_str()),
        value(text::fold(&tenant.tenant_id)),
        value(tenant.kind.as_str()),
        value(tenant.name.as_str()),
        value(text::fold(&tenant.name)),
        value(tenant.default_domain.id),
        value(tenant.reseller.as_ref().map(|reseller| reseller.id)),
        value(tenant.backend.as_ref().map(|(backend, _)| backend.id)),
        value(tenant.custom_routing),
        value(tenant.tenant_languages),
        value(tenant.support_email.as_str()),
    ];
    row.extend(tenant.external_ids.iter().map(|id| value(id.as_str())));
    row.extend(tenant.external_ids.iter().map(|id| value(text::fold(id))));
    row.push(value(derive::written(&tenant.contact)?));
    row.push(value(derive::written(&tenant.address)?));
    Ok(row)
}

/// Makes a tenant, whatever its key says; the key it got. [`Fault::Duplicate`] when there is one of its
/// id, whatever the case.
pub async fn create(tx: &Tx, tenant: &Tenant) -> Result<i64, Fault> {
    Insert::into(TABLE, &COLUMNS).one_id(tx, row(tenant)?).await
}

/// Writes everything of the tenant with this key but its id.
pub async fn change(tx: &Tx, tenant: &Tenant) -> Result<(), Fault> {
    let values = COLUMNS.into_iter().zip(row(tenant)?);
    let update = Query::update()
        .table(TABLE)
        .values(values.skip(2))
        .and_where(Expr::col("id").eq(tenant.id))
        .take();
    tx.run(&update).await.map(drop)
}
