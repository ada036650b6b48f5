//! How much somebody may do. Levels are cumulative.

use std::fmt;

use deserr::Deserr;
use provost_drf::Invalid;
use schemars::JsonSchema;
use serde::Serialize;

/// A level of the API, by its number.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserr, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[deserr(error = Invalid)]
#[schemars(rename = "ProfileLevel")]
pub enum Level {
    /// Uses a group of a tenant.
    #[deserr(rename = "end_user")]
    EndUser = 0,
    /// Administers a part of a group.
    #[deserr(rename = "department_admin")]
    DepartmentAdmin = 4,
    /// Administers a group.
    #[deserr(rename = "group_admin")]
    GroupAdmin = 8,
    /// Administers a tenant.
    #[deserr(rename = "tenant_admin")]
    TenantAdmin = 12,
    /// Administers everything.
    #[deserr(rename = "system_admin")]
    SystemAdmin = 16,
}

impl Level {
    /// All, from the least on.
    pub const ALL: [Self; 5] = [
        Self::EndUser,
        Self::DepartmentAdmin,
        Self::GroupAdmin,
        Self::TenantAdmin,
        Self::SystemAdmin,
    ];

    /// The number.
    #[must_use]
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The level of this number.
    #[must_use]
    pub fn of(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.number() == number)
    }

    /// Whether whoever has it belongs to a tenant.
    #[must_use]
    pub fn has_tenant(self) -> bool {
        self < Self::SystemAdmin
    }

    /// Whether whoever has it belongs to a group.
    #[must_use]
    pub fn has_group(self) -> bool {
        self < Self::TenantAdmin
    }

    /// The word for it, as commands and our own API have it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::EndUser => "end_user",
            Self::DepartmentAdmin => "department_admin",
            Self::GroupAdmin => "group_admin",
            Self::TenantAdmin => "tenant_admin",
            Self::SystemAdmin => "system_admin",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}
