//! What there are templates of.

use std::fmt;

/// What a template is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Category {
    /// Tenants.
    Tenant,
    /// Groups.
    Group,
}

impl Category {
    /// All, by name.
    pub(crate) const ALL: [Self; 2] = [Self::Group, Self::Tenant];

    /// The name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Group => "group",
        }
    }

    /// What it is for.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Tenant => "Templates of tenants",
            Self::Group => "Templates of groups",
        }
    }

    /// The category of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|category| category.name() == name)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
