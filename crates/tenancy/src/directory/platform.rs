//! What the platform itself says, which tenants inherit.

use std::sync::Arc;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::host;
use super::rendered::{Answers, Rendered};
use crate::effective;
use crate::provision;
use crate::settings::{Mfe, Settings};
use crate::site::Site;

/// The platform itself: the settings that front ends read, as tenants inherit them.
#[derive(Clone, Debug)]
pub struct Platform {
    mfe_label: Box<str>,
    base_domain: Box<str>,
    defaults: Map<String, Value>,
    /// Platforms with the same defaults have the same.
    fingerprint: Fingerprint,
    answers: Answers,
}

/// The hash of a platform's defaults.
pub(super) type Fingerprint = [u8; 32];

/// The settings of the platform are not the text of a JSON object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`platform_settings` {0}")]
pub struct NotAPlatform(String);

impl Platform {
    /// The platform with these settings: what is generated for the base domain, and
    /// `platform_settings` laid over it as a tenant's settings are laid over the platform's.
    pub fn new(settings: &Settings, mfe: &Mfe) -> Result<Self, NotAPlatform> {
        let own = mfe.platform().map_err(NotAPlatform)?;
        let site = Site::platform(settings);
        let generated = provision::mfe_config(&site, &settings.platform_name);
        let generated = Map::from_iter([("MFE_CONFIG".to_owned(), generated.into())]);
        let defaults = effective::merge(generated, own);
        let text = serde_json::to_string(&defaults).unwrap_or_default();
        Ok(Self {
            mfe_label: settings.mfe_label.as_str().into(),
            base_domain: settings.base_domain.as_str().into(),
            fingerprint: Sha256::digest(text.as_bytes()).into(),
            answers: Answers::of(&defaults),
            defaults,
        })
    }

    /// The settings that tenants inherit.
    #[must_use]
    pub fn defaults(&self) -> &Map<String, Value> {
        &self.defaults
    }

    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// What a front end is told at a host that is no tenant's.
    pub(super) fn told(&self, mfe: &str) -> Arc<Rendered> {
        self.answers.told(mfe, || self.defaults.clone())
    }

    /// The host of the LMS whose front ends are at a host.
    pub(super) fn lms_of_mfe(&self, host: &str) -> Option<String> {
        host::lms_of_mfe(host, &self.mfe_label, &self.base_domain)
    }
}
