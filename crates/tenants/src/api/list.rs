//! `list`, `detail/{tenant_name}` and `hosts/{tenant_name}`: which tenants there are.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use deserr::Deserr;
use http::header;
use provost_app::{Admin, Answer, App};
use provost_drf::describe::{GenContext, Operation, OperationOutput, Responses};
use provost_drf::{
    Integer, Invalid, Json, Optional, Path, Permitted, Problem, Query, Text, describe,
};
use provost_listing::LimitAsk;
use provost_store::tenants::configs::Config;
use provost_store::tenants::routes;
use provost_store::tenants::summaries::{self, Listed};
use provost_tenancy::site::APPS;
use provost_tenancy::summary::{Summary, tenant_name};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::answer;
use super::destroy::Named;
use crate::administration::hosts::Entries;

/// A tenant, as lists show it; what is not known of one is null.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Tenant")]
#[expect(clippy::struct_field_names, reason = "the names of the wire")]
pub struct Tenant {
    tenant_id: i64,
    tenant_name: String,
    external_key: String,
    platform_name: Value,
    theme_name: Value,
    /// Short names of the organizations whose courses the site shows.
    org_filter: Vec<Value>,
    /// In the order in which they were routed.
    domains: Vec<String>,
    lms_url: Value,
    authn_url: Value,
    learner_dashboard_url: Value,
    created_by: Value,
    created_at: Value,
}

impl From<Listed> for Tenant {
    fn from(row: Listed) -> Self {
        let Listed {
            id,
            external_key,
            tenant_name,
            summary,
            domains,
        } = row;
        Self {
            tenant_id: id,
            tenant_name,
            external_key,
            platform_name: summary.platform_name,
            theme_name: summary.theme_name,
            org_filter: summary.org_filter,
            domains,
            lms_url: summary.lms_url,
            authn_url: summary.authn_url,
            learner_dashboard_url: summary.learner_dashboard_url,
            created_by: summary.created_by,
            created_at: summary.created_at,
        }
    }
}

/// Tenants.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenantList")]
#[expect(clippy::struct_field_names, reason = "the names of the wire")]
pub struct Tenants {
    #[schemars(extend("const" = "success"))]
    status: &'static str,
    /// How many there are, on this page or not.
    count: u64,
    tenants: Vec<Tenant>,
}

/// Which tenants to show.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Which {
    /// Part of a name, of a platform's name or of a domain, in any case.
    #[deserr(default)]
    search: Optional<Text<255>>,
    /// At most this many; without it, all.
    #[deserr(default)]
    limit: Optional<Integer<1>>,
    /// Without this many at the beginning.
    #[deserr(default)]
    offset: Optional<Integer<0>>,
}

/// Tenants, in the order of their keys.
pub async fn list(
    State(app): State<App>,
    _admin: Permitted<Admin>,
    search: Result<Query<Which>, Problem>,
) -> Answer<Json<Tenants>> {
    let Query(ask) = answer::checked(search)?;
    let base = &app.settings().tenants.base_domain;
    let words = ask.search.as_deref();
    let total = app.total("tenants", &words);
    let window = LimitAsk {
        limit: ask.limit.map_or(u64::MAX, |limit| limit.0.unsigned_abs()),
        offset: ask.offset.map_or(0, |offset| offset.0.unsigned_abs()),
    };
    let found = summaries::page(app.store().read(), base, words, &window, total.known()).await;
    let found = found.map_err(answer::fault)?;
    total.remember(found.total);
    Ok(Json(Tenants {
        status: "success",
        count: found.total,
        tenants: found.rows.into_iter().map(Tenant::from).collect(),
    }))
}

/// A tenant with all that is known of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenantDetail")]
pub struct Detail {
    #[serde(flatten)]
    tenant: Tenant,
    studio_url: Value,
    /// The addresses of the front ends, by application.
    mfe_urls: Map<String, Value>,
    lms_configs: Map<String, Value>,
    studio_configs: Map<String, Value>,
    theming_configs: Map<String, Value>,
    meta: Map<String, Value>,
    /// Lines for a hosts file.
    hosts_entries: Vec<String>,
}

/// One tenant.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenantAnswer")]
pub struct One {
    #[schemars(extend("const" = "success"))]
    status: &'static str,
    tenant: Detail,
}

/// One tenant, with its configuration.
pub async fn retrieve(
    State(app): State<App>,
    _admin: Permitted<Admin>,
    Path(path): Path<Named>,
) -> Answer<Json<One>> {
    let (config, domains) = found(&app, &path.tenant_name).await?;
    let settings = &app.settings().tenants;
    let name = tenant_name(&config.meta, &config.external_key, &settings.base_domain);
    let entries = Entries::of(settings, &name, &config.external_key, &domains);
    let stored = |key: &str| config.lms_configs.get(key).cloned();
    let urls = APPS
        .iter()
        .filter_map(|app| Some((app.name.to_owned(), stored(app.key)?)));
    let row = Listed {
        id: config.id,
        tenant_name: name,
        summary: Summary::of(&config.lms_configs, &config.theming_configs, &config.meta),
        external_key: config.external_key,
        domains,
    };
    let detail = Detail {
        tenant: row.into(),
        studio_url: stored("STUDIO_BASE_URL").unwrap_or_default(),
        mfe_urls: urls.collect(),
        hosts_entries: entries.lines,
        lms_configs: config.lms_configs,
        studio_configs: config.studio_configs,
        theming_configs: config.theming_configs,
        meta: config.meta,
    };
    Ok(Json(One {
        status: "success",
        tenant: detail,
    }))
}

/// Lines for a hosts file.
pub async fn hosts(
    State(app): State<App>,
    _admin: Permitted<Admin>,
    Path(path): Path<Named>,
) -> Answer<Lines> {
    let entries = hosts_entries(&app, &path.tenant_name).await?;
    Ok(Lines(
        entries.lines.into_iter().map(|line| line + "\n").collect(),
    ))
}

/// What a hosts file needs for a tenant, known as paths name it.
///
/// # Errors
/// As [`answer::named`].
pub(crate) async fn hosts_entries(app: &App, name: &str) -> Result<Entries, Problem> {
    let (config, domains) = found(app, name).await?;
    let settings = &app.settings().tenants;
    let key = &config.external_key;
    let name = tenant_name(&config.meta, key, &settings.base_domain);
    Ok(Entries::of(settings, &name, key, &domains))
}

/// 200 with plain text.
pub struct Lines(String);

impl IntoResponse for Lines {
    fn into_response(self) -> Response {
        (
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
            self.0,
        )
            .into_response()
    }
}

impl OperationOutput for Lines {
    type Inner = Self;

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Responses {
        describe::plain(200, "Lines for a hosts file")
    }
}

/// A tenant and its domains, in the order in which they were routed.
async fn found(app: &App, name: &str) -> Result<(Config, Vec<String>), Problem> {
    let db = app.store().read();
    let config = answer::named(db, &app.settings().tenants, name).await?;
    let routes = routes::of_configs(db, &[config.id])
        .await
        .map_err(answer::fault)?;
    Ok((
        config,
        routes.into_iter().map(|route| route.domain).collect(),
    ))
}
