//! What can go wrong when a service is asked.

use std::time::Duration;

use thiserror::Error;

/// Why a call brought nothing. What was to be written may have been written all the same, except where it is
/// [`Failure::Refused`] or [`Failure::Unauthorized`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// There is no connection, or it broke before the answer was there.
    #[error("the service cannot be reached: {why}")]
    Unreachable {
        /// What the network said.
        why: String,
    },
    /// The answer was not there in time.
    #[error("the service did not answer in time")]
    TimedOut,
    /// The service says that it cannot answer now: 408, 429, or 500 and above.
    #[error("the service cannot answer now (status {status})")]
    Busy {
        /// The status of the answer.
        status: u16,
        /// How long the service asks to be left alone, from its header `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// The service refuses this very call: trying it again will not help.
    #[error("the service refuses it (status {status}): {text}")]
    Refused {
        /// The status of the answer, from 400 to 499.
        status: u16,
        /// What the service said, as JSON, or its `detail` alone; at most 1,000 characters. It may quote what was sent.
        text: String,
    },
    /// The service does not take our credentials (401), or does not let them do this (403). Somebody has to give us
    /// others, or more permissions; what was to be written stays as good as it was.
    #[error("the service does not let us in (status {status})")]
    Unauthorized {
        /// The status of the answer.
        status: u16,
    },
    /// The answer is not one that this API gives: a redirect, a page for people, or JSON of another kind. As a rule
    /// something else stands at the address, for now or because the address is wrong.
    #[error("the answer is not of this API: {why}")]
    Nonsense {
        /// What is wrong with it, without what it held.
        why: String,
    },
}

impl Failure {
    /// Whether what was to be written may have been written all the same.
    #[must_use]
    pub fn leaves_doubt(&self) -> bool {
        !matches!(self, Self::Refused { .. } | Self::Unauthorized { .. })
    }

    /// Whether the service refuses because what was named is not there (404).
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }

    /// How long the service asks to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// An answer that is not of the API.
    pub(crate) fn nonsense(why: impl Into<String>) -> Self {
        Self::Nonsense { why: why.into() }
    }
}
