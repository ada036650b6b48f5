//! Why the connector stops for a while.

use provost_store::Fault;
use provost_upstream::Failure;

/// Why it cannot go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// It was told to stop.
    #[error("told to stop")]
    Stopped,
    /// Another process pushes.
    #[error("another process has taken the lease")]
    Lost,
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The LMS failed, or somebody must mend how we reach it: the same push can succeed later.
    #[error(transparent)]
    Failure(Failure),
    /// The LMS refuses what is pushed.
    #[error("{}", .0.error)]
    Refused(Refusal),
}

/// A push that will fail however often it is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The status of the answer; 0 if the LMS was not even asked.
    pub(super) status: u16,
    /// Why.
    pub(super) error: String,
}

impl Refusal {
    /// Without the LMS having been asked.
    pub(super) fn ours(error: impl Into<String>) -> Self {
        Self {
            status: 0,
            error: error.into(),
        }
    }
}

/// The statuses that say something of what was sent. Others from 400 on (405, 406, 415, and 404 where
/// nothing is named) say that this is not the API that we know, or not yet: that passes.
const OF_CONTENT: [u16; 6] = [400, 409, 413, 414, 422, 431];

impl Trouble {
    /// The failure of a call that writes.
    pub(super) fn of_write(failure: Failure) -> Self {
        match failure {
            Failure::Refused { status, text } if OF_CONTENT.contains(&status) => {
                Self::Refused(Refusal {
                    status,
                    error: text,
                })
            }
            other => Self::Failure(other),
        }
    }

    /// Whether what was to be written may have been written all the same.
    pub(super) fn leaves_doubt(&self) -> bool {
        match self {
            Self::Failure(failure) => failure.leaves_doubt(),
            Self::Refused(_) => false,
            Self::Stopped | Self::Lost | Self::Fault(_) => true,
        }
    }

    /// Whether the LMS does not have what was named.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Failure(failure) if failure.is_missing())
    }
}
