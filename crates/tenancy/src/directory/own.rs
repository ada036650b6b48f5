//! The settings of one tenant, or of one microsite.

use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};

use super::platform::{Fingerprint, Platform};
use super::rendered::{Answers, Rendered};
use crate::effective;

/// What settings of somebody's own do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing: there are none, and somebody else's may count.
    #[default]
    Empty,
    /// Nothing: they are not switched on, and the platform's count.
    Off,
    /// They count.
    On,
}

/// The settings of one tenant, or of one microsite, as far as front ends read them.
#[derive(Clone, Debug, Default)]
pub(super) struct Own {
    standing: Standing,
    /// A JSON object as text, which takes a quarter of the memory that values take and is read once.
    text: Box<str>,
    answers: OnceLock<(Fingerprint, Answers)>,
}

impl Own {
    pub(super) fn of(settings: &Map<String, Value>) -> Self {
        let standing = match (settings.is_empty(), effective::applies(settings)) {
            (true, _) => Standing::Empty,
            (_, false) => Standing::Off,
            (_, true) => Standing::On,
        };
        let text = match standing {
            Standing::On => Value::Object(effective::read_by_front_ends(settings)).to_string(),
            Standing::Empty | Standing::Off => String::new(),
        };
        let answers = OnceLock::new();
        let text = text.into();
        Self {
            standing,
            text,
            answers,
        }
    }

    pub(super) fn standing(&self) -> Standing {
        self.standing
    }

    /// What a front end is told under these settings.
    pub(super) fn told(&self, platform: &Platform, mfe: &str) -> Arc<Rendered> {
        let effective = || self.effective(platform);
        let fingerprint = platform.fingerprint();
        let (made_for, answers) = self
            .answers
            .get_or_init(|| (fingerprint, Answers::of(&effective())));
        if *made_for == fingerprint {
            return answers.told(mfe, effective);
        }
        // Another platform than the one whose answers are kept: right, but made anew each time.
        Answers::of(&effective()).told(mfe, effective)
    }

    fn effective(&self, platform: &Platform) -> Map<String, Value> {
        let own = serde_json::from_str(&self.text).unwrap_or_default();
        effective::merge(platform.defaults().clone(), own)
    }
}
