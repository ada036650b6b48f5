//! What a new tenant is configured with.

use serde_json::{Map, Value, json};

use crate::names::TenantName;
use crate::settings::Settings;
use crate::site::{APPS, Site};

/// The tenant that is asked for. Its texts have been checked.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// What it is called.
    pub name: &'a TenantName,
    /// What its learners read as the name of the platform.
    pub platform_name: &'a str,
    /// How it looks.
    pub theme_name: &'a str,
    /// The short names of the organizations whose courses it shows; empty: it does not choose.
    pub organizations: &'a [String],
}

/// What a new tenant consists of, but for who made it and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Generated {
    /// The key of its configuration: the host of its LMS.
    pub external_key: String,
    /// Settings of its LMS.
    pub lms_configs: Map<String, Value>,
    /// Settings of its Studio; empty unless extra routes are provisioned.
    pub studio_configs: Map<String, Value>,
    /// Its theme.
    pub theming_configs: Map<String, Value>,
    /// The hosts that are routed to it.
    pub domains: Vec<String>,
}

/// Generates what a new tenant consists of. Members stand in the order in which operators know
/// them from the documentation: front ends, then hosts and names, then what front ends are told,
/// then the lists of origins.
#[must_use]
pub fn generate(settings: &Settings, wanted: &Wanted<'_>) -> Generated {
    let site = Site::of(settings, wanted.name.as_str());
    let mut domains = vec![site.lms_domain()];
    let mut studio_configs = Map::new();
    if settings.provision_extra_routes {
        domains.extend([site.mfe_domain(), site.studio_domain()]);
        studio_configs = studio(&site, wanted);
    }
    Generated {
        external_key: site.lms_domain(),
        lms_configs: lms(&site, wanted),
        studio_configs,
        theming_configs: members([("THEME_NAME", json!(wanted.theme_name))]),
        domains,
    }
}

fn lms(site: &Site<'_>, wanted: &Wanted<'_>) -> Map<String, Value> {
    let mut configs = Map::new();
    for app in &APPS {
        configs.insert(app.key.to_owned(), site.mfe_url(app).into());
        if app.name == "authn" {
            let domain = site.mfe_domain() + app.path;
            configs.insert("AUTHN_MICROFRONTEND_DOMAIN".to_owned(), domain.into());
        }
    }
    configs.extend(members([
        ("LMS_BASE", json!(site.lms_base())),
        ("SITE_NAME", json!(site.lms_domain())),
        ("PLATFORM_NAME", json!(wanted.platform_name)),
        ("THEME_NAME", json!(wanted.theme_name)),
        ("BASE_URL", json!(site.url(&site.mfe_domain()))),
        ("LMS_BASE_URL", json!(site.lms_url())),
        ("LMS_ROOT_URL", json!(site.lms_url())),
        ("CMS_BASE", json!(site.studio_base())),
        ("STUDIO_BASE_URL", json!(site.studio_url())),
        ("EDNX_USE_SIGNAL", json!(true)),
    ]));
    configs.extend(organizations(wanted));
    let told = mfe_config(site, wanted.platform_name);
    configs.insert("MFE_CONFIG".to_owned(), told.into());
    if site.settings().include_cors_lists {
        configs.extend(origins(site));
    }
    configs
}

fn studio(site: &Site<'_>, wanted: &Wanted<'_>) -> Map<String, Value> {
    let authoring = APPS.iter().find(|app| app.name == "authoring");
    let authoring = authoring.map(|app| (app.key.to_owned(), site.mfe_url(app).into()));
    let mut configs = members([
        ("EDNX_USE_SIGNAL", json!(true)),
        ("PLATFORM_NAME", json!(wanted.platform_name)),
        ("SITE_NAME", json!(site.studio_domain())),
        ("LMS_BASE", json!(site.lms_base())),
        ("LMS_ROOT_URL", json!(site.lms_url())),
        ("CMS_BASE", json!(site.studio_base())),
    ]);
    configs.extend(authoring);
    configs.extend(organizations(wanted));
    configs
}

fn organizations(wanted: &Wanted<'_>) -> Option<(String, Value)> {
    let filter = || ("course_org_filter".to_owned(), json!(wanted.organizations));
    (!wanted.organizations.is_empty()).then(filter)
}

/// What the front ends of a site are told.
pub(crate) fn mfe_config(site: &Site<'_>, platform_name: &str) -> Map<String, Value> {
    let lms = site.lms_url();
    let mut told = members([
        ("BASE_URL", json!(site.mfe_domain())),
        ("CSRF_TOKEN_API_PATH", json!("/csrf/api/v1/token")),
        ("CREDENTIALS_BASE_URL", json!("")),
        ("DISCOVERY_API_BASE_URL", json!("")),
        ("FAVICON_URL", json!(format!("{lms}/favicon.ico"))),
        ("INFO_EMAIL", json!(site.settings().contact_email)),
        (
            "LANGUAGE_PREFERENCE_COOKIE_NAME",
            json!("openedx-language-preference"),
        ),
        ("LMS_BASE_URL", json!(lms)),
        ("MARKETING_SITE_BASE_URL", json!(lms)),
        ("LOGIN_URL", json!(format!("{lms}/login"))),
        ("LOGOUT_URL", json!(format!("{lms}/logout"))),
        (
            "REFRESH_ACCESS_TOKEN_ENDPOINT",
            json!(format!("{lms}/login_refresh")),
        ),
    ]);
    told.extend(look(site, platform_name, &lms));
    told.extend(switches());
    for app in &APPS {
        if let Some((member, path)) = app.told {
            let url = site.url(&site.mfe_base(app)) + path;
            told.insert(member.to_owned(), url.into());
        }
    }
    told
}

fn look(site: &Site<'_>, platform_name: &str, lms: &str) -> Map<String, Value> {
    let logo = format!("{lms}/theming/asset/images/logo.png");
    let support = format!("mailto:{}", site.settings().contact_email);
    members([
        ("LOGO_URL", json!(logo)),
        ("LOGO_WHITE_URL", json!(logo)),
        ("LOGO_TRADEMARK_URL", json!(logo)),
        ("PASSWORD_RESET_SUPPORT_LINK", json!(support)),
        ("SITE_NAME", json!(platform_name)),
        ("STUDIO_BASE_URL", json!(site.studio_url())),
        ("USER_INFO_COOKIE_NAME", json!("user-info")),
        (
            "ACCESS_TOKEN_COOKIE_NAME",
            json!("edx-jwt-cookie-header-payload"),
        ),
    ])
}

/// Front ends read some switches as booleans and others as texts.
fn switches() -> Map<String, Value> {
    members([
        ("DISABLE_ENTERPRISE_LOGIN", json!(true)),
        ("SCHEDULE_EMAIL_SECTION", json!(true)),
        ("ENABLE_ASSETS_PAGE", json!("true")),
        ("ENABLE_HOME_PAGE_COURSE_API_V2", json!("true")),
        ("ENABLE_PROGRESS_GRAPH_SETTINGS", json!("true")),
        ("ENABLE_TAGGING_TAXONOMY_PAGES", json!("true")),
        ("ENABLE_UNIT_PAGE", json!("true")),
        ("MEILISEARCH_ENABLED", json!("true")),
    ])
}

/// The lists of who may send requests to the LMS and be sent to after a sign-in: Studio, then
/// every front end.
fn origins(site: &Site<'_>) -> Map<String, Value> {
    let mut hosts = vec![site.studio_base()];
    if site.has_mfe_ports() {
        hosts.extend(APPS.iter().map(|app| site.mfe_base(app)));
    } else {
        hosts.push(site.mfe_domain());
    }
    let origins: Vec<String> = hosts.iter().map(|host| site.url(host)).collect();
    members([
        ("CORS_ORIGIN_WHITELIST", json!(origins)),
        ("CSRF_TRUSTED_ORIGINS", json!(origins)),
        ("LOGIN_REDIRECT_WHITELIST", json!(hosts)),
    ])
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members
        .into_iter()
        .map(|(member, value)| (member.to_owned(), value))
        .collect()
}
