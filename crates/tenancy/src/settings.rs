//! The sections `[tenants]` and `[mfe]`: how tenants are named and configured, and what a front end is told.

use std::net::IpAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::names::{self, LONGEST_DOMAIN, LONGEST_KEY, LONGEST_PLATFORM, LONGEST_THEME};

/// The longest label of a host: with the dot behind it and the longest key, it is a domain that can be routed.
const LONGEST_LABEL: usize = LONGEST_DOMAIN - LONGEST_KEY - 1;

/// Names that are no tenant's unless an operator says otherwise: hosts that platforms have beside
/// their tenants.
const RESERVED_NAMES: [&str; 36] = [
    "apps",
    "studio",
    "preview",
    "lms",
    "cms",
    "mfe",
    "www",
    "api",
    "admin",
    "static",
    "media",
    "assets",
    "cdn",
    "local",
    "localhost",
    "mail",
    "smtp",
    "imap",
    "pop",
    "ftp",
    "ns",
    "ns1",
    "ns2",
    "discovery",
    "ecommerce",
    "credentials",
    "notes",
    "forum",
    "meilisearch",
    "minio",
    "files",
    "superset",
    "status",
    "support",
    "autoconfig",
    "autodiscover",
];

/// How tenants are named, reached and configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The domain below which every tenant gets its hosts.
    pub base_domain: String,
    /// Whether the URLs of tenants begin with `https`.
    pub https: bool,
    /// The port in URLs of the LMS, left out where the scheme implies it. Not set: 8000, and none with `https`.
    pub lms_port: Option<u16>,
    /// The port in URLs of Studio, left out where the scheme implies it. Not set: 8001, and none with `https`.
    pub cms_port: Option<u16>,
    /// Whether URLs of front ends carry a port for each application. Not set: they do unless `https` is on.
    pub mfe_ports: Option<bool>,
    /// The label in the host of front ends: `apps` makes it `talent1.apps.local.openedx.io`.
    pub mfe_label: String,
    /// The label in the host of Studio: `studio` makes it `studio.talent1.local.openedx.io`.
    pub studio_label: String,
    /// The address in lines for a hosts file.
    pub hosts_ip: String,
    /// The theme of a tenant for which none is asked.
    pub default_theme: String,
    /// The address that front ends show as contact and for support.
    pub contact_email: String,
    /// Names that no tenant may have, in any case. The labels of hosts are never given to a tenant either.
    pub reserved_names: Vec<String>,
    /// The status of the answer to who creates a tenant that is there: 409 or 400.
    pub duplicate_status: u16,
    /// Whether a new tenant also gets routes for its front ends and its Studio, and a configuration of Studio.
    pub provision_extra_routes: bool,
    /// Whether a new tenant gets lists of its own of the origins that its LMS trusts.
    pub include_cors_lists: bool,
    /// The name of the platform itself, which front ends show at hosts that are no tenant's.
    pub platform_name: String,
    /// For how many days a deleted tenant is kept at least, and can be brought back.
    pub restore_days: u32,
    /// The directory that receives what was kept of a deleted tenant before it is purged. Empty: nothing is purged by itself.
    pub export_directory: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_domain: "local.openedx.io".to_owned(),
            https: false,
            lms_port: None,
            cms_port: None,
            mfe_ports: None,
            mfe_label: "apps".to_owned(),
            studio_label: "studio".to_owned(),
            hosts_ip: "127.0.0.1".to_owned(),
            default_theme: "indigo".to_owned(),
            contact_email: "contact@local.openedx.io".to_owned(),
            reserved_names: RESERVED_NAMES.map(str::to_owned).to_vec(),
            duplicate_status: 409,
            provision_extra_routes: false,
            include_cors_lists: true,
            platform_name: "Your Platform Name Here".to_owned(),
            restore_days: 30,
            export_directory: String::new(),
        }
    }
}

impl Settings {
    /// What is wrong with the section: the key of each setting that cannot be used, and why, as the
    /// rest of a sentence that begins with the key.
    #[must_use]
    pub fn validate(&self) -> Vec<(&'static str, String)> {
        let checks = [
            ("base_domain", wrong_base_domain(&self.base_domain)),
            ("lms_port", wrong_port(self.lms_port)),
            ("cms_port", wrong_port(self.cms_port)),
            ("mfe_label", wrong_label(&self.mfe_label)),
            ("studio_label", self.wrong_studio_label()),
            ("hosts_ip", wrong_address(&self.hosts_ip)),
            ("default_theme", wrong_theme(&self.default_theme)),
            ("contact_email", wrong_email(&self.contact_email)),
            ("duplicate_status", wrong_status(self.duplicate_status)),
            ("platform_name", wrong_platform_name(&self.platform_name)),
        ];
        checks
            .into_iter()
            .filter_map(|(key, why)| Some((key, why?)))
            .collect()
    }

    fn wrong_studio_label(&self) -> Option<String> {
        if self.studio_label == self.mfe_label {
            return Some("must differ from `mfe_label`".to_owned());
        }
        wrong_label(&self.studio_label)
    }
}

fn wrong_base_domain(domain: &str) -> Option<String> {
    // A tenant's name of one character and the dot must still fit.
    let longest = LONGEST_KEY - 2;
    if domain.chars().count() > longest {
        return Some(format!("must have at most {longest} characters"));
    }
    let is_domain = domain.split('.').all(names::is_label);
    (!is_domain).then(|| {
        "must be a domain of lowercase letters, digits and hyphens, its labels separated by dots"
            .to_owned()
    })
}

fn wrong_port(port: Option<u16>) -> Option<String> {
    (port == Some(0)).then(|| "must not be 0".to_owned())
}

fn wrong_label(label: &str) -> Option<String> {
    let is_right = names::is_label(label) && label.len() <= LONGEST_LABEL;
    (!is_right).then(|| {
        format!("must be at most {LONGEST_LABEL} lowercase letters, digits and hyphens, starting and ending with a letter or digit")
    })
}

fn wrong_address(address: &str) -> Option<String> {
    let is_address = address.parse::<IpAddr>().is_ok();
    (!is_address).then(|| "must be an IP address".to_owned())
}

fn wrong_theme(theme: &str) -> Option<String> {
    (!names::is_theme(theme)).then(|| {
        format!("must be at most {LONGEST_THEME} letters, digits, `_`, `-` and `.`, not starting with a dot")
    })
}

fn wrong_email(address: &str) -> Option<String> {
    let is_address = address
        .split_once('@')
        .is_some_and(|(user, domain)| !user.is_empty() && !domain.is_empty())
        && !address.contains(|character: char| character.is_whitespace() || character.is_control());
    (!is_address).then(|| "must be a mail address".to_owned())
}

fn wrong_status(status: u16) -> Option<String> {
    (!matches!(status, 400 | 409)).then(|| "must be 409 or 400".to_owned())
}

fn wrong_platform_name(name: &str) -> Option<String> {
    (!names::is_platform_name(name)).then(|| {
        format!("must have 1 to {LONGEST_PLATFORM} characters, no space at its ends and no null character")
    })
}

/// What front ends are told about the platform that they belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mfe {
    /// Whether `/api/mfe_config/v1` answers at all.
    pub enabled: bool,
    /// For how many seconds a front end may keep an answer.
    pub cache_seconds: u32,
    /// Settings of the platform that tenants inherit and override, as the text of a JSON object: `MFE_CONFIG`, `MFE_CONFIG_OVERRIDES` and others.
    pub platform_settings: String,
}

impl Default for Mfe {
    fn default() -> Self {
        Self {
            enabled: true,
            cache_seconds: 1,
            platform_settings: "{}".to_owned(),
        }
    }
}

impl Mfe {
    /// What is wrong with the section, as [`Settings::validate`] says it.
    #[must_use]
    pub fn validate(&self) -> Vec<(&'static str, String)> {
        let why = self.platform().err();
        why.map(|why| ("platform_settings", why))
            .into_iter()
            .collect()
    }

    /// The settings of the platform, read.
    pub(crate) fn platform(&self) -> Result<Map<String, Value>, String> {
        serde_json::from_str(&self.platform_settings)
            .map_err(|error| format!("must be the text of a JSON object: {error}"))
    }
}
