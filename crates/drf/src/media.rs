//! Media types of bodies.

/// A media type that bodies may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
}

impl Media {
    /// All, in the order in which the reference lists them.
    pub const ALL: [Self; 3] = [Self::Json, Self::Form, Self::Multipart];

    /// Type and subtype, as a header has them.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Multipart => "multipart/form-data",
        }
    }

    /// The media type that a `Content-Type` names, whatever its parameters.
    pub(crate) fn of(sent: &str) -> Option<Self> {
        let media = sent.split(';').next().unwrap_or_default().trim();
        let mut all = Self::ALL.into_iter();
        all.find(|known| media.eq_ignore_ascii_case(known.name()))
    }
}

/// As a request extension: the media types that bodies may have here. Without it, all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Takes(pub(crate) &'static [Media]);
