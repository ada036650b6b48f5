//! Answers to front ends, ready to be sent.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use foldhash::fast::RandomState;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::effective;

/// What a front end is told, ready to be sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Rendered {
    /// A JSON object as text.
    pub body: Bytes,
    /// A strong entity tag of the body, in its quotes.
    pub etag: String,
}

impl Rendered {
    fn of(effective: &Map<String, Value>, mfe: &str) -> Arc<Self> {
        let body = Value::Object(effective::mfe_body(effective, mfe)).to_string();
        let body = Bytes::from(body);
        let digest = Bytes::copy_from_slice(&Sha256::digest(&body));
        let etag = format!("\"{digest:x}\"");
        Arc::new(Self { body, etag })
    }
}

/// Everything that the front ends of one site are told: one answer, and one for each front end
/// that is told something else, made when it is first asked for.
#[derive(Clone, Debug)]
pub(super) struct Answers {
    plain: Arc<Rendered>,
    apps: HashMap<Box<str>, OnceLock<Arc<Rendered>>, RandomState>,
}

impl Answers {
    /// The answers under these settings in effect.
    pub(super) fn of(effective: &Map<String, Value>) -> Self {
        Self {
            plain: Rendered::of(effective, ""),
            apps: effective::overridden(effective)
                .map(|app| (app.into(), OnceLock::new()))
                .collect(),
        }
    }

    /// What one front end is told. `effective` gives the settings that the answers are made of, and is
    /// asked only if this answer is not made yet.
    pub(super) fn told(
        &self,
        mfe: &str,
        effective: impl FnOnce() -> Map<String, Value>,
    ) -> Arc<Rendered> {
        let answer = self.apps.get(mfe).map_or(&self.plain, |answer| {
            answer.get_or_init(|| Rendered::of(&effective(), mfe))
        });
        Arc::clone(answer)
    }
}
