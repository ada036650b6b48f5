//! How requests to the API are to go wrong.

use serde::{Deserialize, Serialize};

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// It is answered.
    #[default]
    Ok,
    /// It is carried out, and answered late.
    Slow,
    /// It is not carried out, and answered with status 500.
    Error,
    /// It is not carried out, and answered with a page for people.
    Garbage,
    /// It is carried out, and not answered.
    Drop,
}

/// What happens to which requests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Mode {
    #[serde(rename = "mode")]
    kind: Kind,
    /// How late the answers of [`Kind::Slow`] are.
    pub(crate) milliseconds: u64,
    /// How many requests are left to which it happens; nothing: no end.
    times: Option<u64>,
    /// The methods of the requests to which it happens; none: all.
    methods: Vec<String>,
}

impl Mode {
    /// What happens to the request that is there, which counts as one.
    pub(crate) fn take(&mut self, method: &str) -> Kind {
        let is_meant = self.methods.is_empty() || self.methods.iter().any(|it| it == method);
        if !is_meant {
            return Kind::Ok;
        }
        match &mut self.times {
            Some(0) => Kind::Ok,
            Some(left) => {
                *left -= 1;
                self.kind
            }
            None => self.kind,
        }
    }
}
