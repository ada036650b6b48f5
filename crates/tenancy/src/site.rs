//! The hosts and URLs of a tenant, and of the platform itself.

use crate::settings::Settings;

/// The port of an LMS where nothing else is set.
const LMS_PORT: u16 = 8000;

/// The port of Studio where nothing else is set.
const CMS_PORT: u16 = 8001;

/// A front end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct App {
    /// What it is called, for example `authn`.
    pub name: &'static str,
    /// The port it has where front ends have ports.
    pub port: u16,
    /// Its path, with a slash at the end where the platform expects one.
    pub path: &'static str,
    /// The setting of the LMS that holds its URL.
    pub key: &'static str,
    /// The member of `MFE_CONFIG` that tells the other front ends where it is, and its path there.
    pub told: Option<(&'static str, &'static str)>,
}

const fn app(name: &'static str, port: u16, path: &'static str, key: &'static str) -> App {
    let told = None;
    App {
        name,
        port,
        path,
        key,
        told,
    }
}

impl App {
    const fn told(self, member: &'static str, path: &'static str) -> Self {
        let told = Some((member, path));
        Self { told, ..self }
    }
}

/// The front ends of a platform, in the order in which they are listed everywhere.
pub const APPS: [App; 11] = [
    app("authn", 1999, "/authn", "AUTHN_MICROFRONTEND_URL"),
    app(
        "learner-dashboard",
        1996,
        "/learner-dashboard/",
        "LEARNER_HOME_MICROFRONTEND_URL",
    ),
    app("account", 1997, "/account/", "ACCOUNT_MICROFRONTEND_URL")
        .told("ACCOUNT_SETTINGS_URL", "/account/"),
    app("profile", 1995, "/profile/u/", "PROFILE_MICROFRONTEND_URL")
        .told("ACCOUNT_PROFILE_URL", "/profile"),
    app("learning", 2000, "/learning", "LEARNING_MICROFRONTEND_URL")
        .told("LEARNING_BASE_URL", "/learning"),
    app(
        "discussions",
        2002,
        "/discussions",
        "DISCUSSIONS_MICROFRONTEND_URL",
    )
    .told("DISCUSSIONS_MFE_BASE_URL", "/discussions"),
    app("gradebook", 1994, "/gradebook", "WRITABLE_GRADEBOOK_URL"),
    app(
        "communications",
        1984,
        "/communications",
        "COMMUNICATIONS_MICROFRONTEND_URL",
    ),
    app(
        "ora-grading",
        1993,
        "/ora-grading",
        "ORA_GRADING_MICROFRONTEND_URL",
    ),
    app(
        "admin-console",
        2025,
        "/admin-console",
        "ADMIN_CONSOLE_MICROFRONTEND_URL",
    )
    .told("ADMIN_CONSOLE_URL", "/admin-console"),
    app(
        "authoring",
        2001,
        "/authoring",
        "COURSE_AUTHORING_MICROFRONTEND_URL",
    )
    .told("COURSE_AUTHORING_MICROFRONTEND_URL", "/authoring"),
];

/// Where a tenant is, or the platform itself: its three hosts and the URLs at them.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    settings: &'a Settings,
    /// `None`: the platform itself.
    name: Option<&'a str>,
}

impl<'a> Site<'a> {
    /// The site of a tenant. The name is not looked at: what is there already may have any.
    #[must_use]
    pub fn of(settings: &'a Settings, name: &'a str) -> Self {
        let name = Some(name);
        Self { settings, name }
    }

    /// The site of the platform itself, right at the base domain.
    #[must_use]
    pub fn platform(settings: &'a Settings) -> Self {
        let name = None;
        Self { settings, name }
    }

    /// The settings that the site is computed from.
    pub(crate) fn settings(&self) -> &'a Settings {
        self.settings
    }

    /// The host of the LMS: `talent1.local.openedx.io`. The key of a tenant as well.
    #[must_use]
    pub fn lms_domain(&self) -> String {
        let base = &self.settings.base_domain;
        self.name
            .map_or_else(|| base.clone(), |name| format!("{name}.{base}"))
    }

    /// The host of the front ends: `talent1.apps.local.openedx.io`.
    #[must_use]
    pub fn mfe_domain(&self) -> String {
        let Settings {
            base_domain: base,
            mfe_label: label,
            ..
        } = self.settings;
        self.name.map_or_else(
            || format!("{label}.{base}"),
            |name| format!("{name}.{label}.{base}"),
        )
    }

    /// The host of Studio: `studio.talent1.local.openedx.io`.
    #[must_use]
    pub fn studio_domain(&self) -> String {
        format!("{}.{}", self.settings.studio_label, self.lms_domain())
    }

    /// The host of the LMS with its port, if it has one: `talent1.local.openedx.io:8000`.
    #[must_use]
    pub fn lms_base(&self) -> String {
        let port = self.settings.lms_port.or(self.unless_https(LMS_PORT));
        self.with_port(self.lms_domain(), port)
    }

    /// The host of Studio with its port, if it has one.
    #[must_use]
    pub fn studio_base(&self) -> String {
        let port = self.settings.cms_port.or(self.unless_https(CMS_PORT));
        self.with_port(self.studio_domain(), port)
    }

    /// The host of a front end, with its port if front ends have ports.
    #[must_use]
    pub fn mfe_base(&self, app: &App) -> String {
        let port = self.has_mfe_ports().then_some(app.port);
        self.with_port(self.mfe_domain(), port)
    }

    /// The URL of the LMS, without a slash at its end.
    #[must_use]
    pub fn lms_url(&self) -> String {
        self.url(&self.lms_base())
    }

    /// The URL of Studio, without a slash at its end.
    #[must_use]
    pub fn studio_url(&self) -> String {
        self.url(&self.studio_base())
    }

    /// The URL of a front end, with its path.
    #[must_use]
    pub fn mfe_url(&self, app: &App) -> String {
        self.url(&self.mfe_base(app)) + app.path
    }

    /// The lines that a hosts file needs, without their ends: the LMS, the front ends, Studio.
    #[must_use]
    pub fn hosts_entries(&self) -> [String; 3] {
        let address = &self.settings.hosts_ip;
        [self.lms_domain(), self.mfe_domain(), self.studio_domain()]
            .map(|domain| format!("{address}  {domain}"))
    }

    /// A host, with or without a port, as the beginning of a URL.
    pub(crate) fn url(&self, host: &str) -> String {
        let scheme = if self.settings.https { "https" } else { "http" };
        format!("{scheme}://{host}")
    }

    /// Whether each front end has a port of its own.
    pub(crate) fn has_mfe_ports(&self) -> bool {
        self.settings.mfe_ports.unwrap_or(!self.settings.https)
    }

    fn unless_https(&self, port: u16) -> Option<u16> {
        (!self.settings.https).then_some(port)
    }

    fn with_port(&self, domain: String, port: Option<u16>) -> String {
        let implied = if self.settings.https { 443 } else { 80 };
        match port {
            Some(port) if port != implied => format!("{domain}:{port}"),
            _ => domain,
        }
    }
}
