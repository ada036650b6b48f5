//! What can go wrong below a query, told apart as far as a caller can act on it.

use std::error::Error;

use sea_orm::sqlx::Error as DriverError;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

/// The failure of a query, a transaction or a migration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A row with this value exists already. The transaction it happened in is lost on
    /// PostgreSQL, so treat it as lost on both databases.
    #[error("a row that repeats {0:?} was refused")]
    Duplicate(Constraint),
    /// A row refers to something that does not exist, or something still referred to was removed.
    ///
    /// Always [`Constraint::Reference`]: SQLite does not say which reference failed, so no
    /// caller may depend on PostgreSQL saying it.
    #[error("a reference to nothing was refused")]
    Dangling(Constraint),
    /// Another writer was in the way for longer than the time-out, or all connections were taken,
    /// or PostgreSQL chose this transaction to end a deadlock. Trying again is reasonable.
    #[error("the database is busy")]
    Busy,
    /// No connection could be made, or one broke. The text, of the system or of the server, says why;
    /// it never holds a password.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// There is no file or no database of that name.
    #[error("there is no such database")]
    Missing,
    /// The database was migrated by a newer program; this one must not touch it.
    #[error("the database is newer than this program: it knows migration `{migration}`")]
    Newer {
        /// The first applied migration that this program does not know.
        migration: String,
    },
    /// A text contains U+0000, which PostgreSQL cannot hold; SQLite is refused it as well.
    #[error("a text contains the null character, which cannot be stored")]
    NullCharacter,
    /// Anything else: the connection, the disk, a defect. The source is for the log alone.
    #[error("the database failed")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
}

/// The rules of the schema by which a row can be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Constraint {
    /// One user per username, compared exactly.
    Username,
    /// One profile per user.
    ProfileUser,
    /// One retirement request per user.
    RetirementUser,
    /// One organization per short name, compared exactly.
    OrganizationShortName,
    /// One scope row per external key.
    ScopeKey,
    /// One bookkeeping row per text of an assignment.
    RuleKey,
    /// One bookkeeping row per assignment.
    RuleId,
    /// One feature flag per name.
    FlagName,
    /// One `OAuth` application per client id.
    ClientId,
    /// One site per domain, compared exactly.
    SiteDomain,
    /// One organization per UUID.
    OrganizationUuid,
    /// One tie to a site per organization.
    TahoeOrganization,
    /// One tie to an organization per site.
    TahoeSite,
    /// One tie of site and organization per UUID.
    TahoeUuid,
    /// One row per organization and course.
    OrganizationCourse,
    /// One membership per person and access group.
    Membership,
    /// One row per public course.
    PublicCourse,
    /// One link per course and access group.
    GroupCourse,
    /// One domain once in a rule.
    RuleDomain,
    /// One API token per person.
    TokenUser,
    /// One evaluation of rules per organization and idempotency key.
    EvaluationKey,
    /// One tenant per host, compared exactly.
    TenantRouteDomain,
    /// One organization of tenants per name, compared exactly.
    TenantOrganizationName,
    /// One profile of a tenant per id, compared exactly.
    ProfileTenant,
    /// One profile of a tenant per id, whatever its case.
    ProfileTenantFolded,
    /// One group per id in a tenant, compared exactly.
    ProfileGroup,
    /// One domain of profiles per name, whatever its case.
    ProfileDomain,
    /// One reseller per name, compared exactly.
    ProfileReseller,
    /// One backend per name, compared exactly.
    ProfileBackend,
    /// One template per category and name, compared exactly.
    ProfileTemplate,
    /// One value per group, user, application and key.
    ProfileData,
    /// The primary key of any table.
    Key,
    /// A reference to a row of another table.
    Reference,
    /// A rule of the database that this program did not make.
    Other,
}

/// Every unique constraint that is not a primary key: whose it is, its table and its columns.
///
/// PostgreSQL reports the name [`unique_name`] makes of them, SQLite `table.column` of each.
const UNIQUE: [(Constraint, &str, &[&str]); 31] = {
    use Constraint as C;
    [
        (C::Username, "users", &["username"]),
        (C::ProfileUser, "profiles", &["user_id"]),
        (C::RetirementUser, "retirements", &["user_id"]),
        (C::OrganizationShortName, "organizations", &["short_name"]),
        (C::ScopeKey, "authz_scopes", &["external_key"]),
        (C::RuleKey, "authz_extended_rules", &["casbin_rule_key"]),
        (C::RuleId, "authz_extended_rules", &["casbin_rule_id"]),
        (C::FlagName, "waffle_flags", &["name"]),
        (C::ClientId, "oauth_applications", &["client_id"]),
        (C::SiteDomain, "sites", &["domain"]),
        (C::OrganizationUuid, "organizations", &["uuid"]),
        (C::TahoeOrganization, "tahoe_sites", &["organization_id"]),
        (C::TahoeSite, "tahoe_sites", &["site_id"]),
        (C::TahoeUuid, "tahoe_sites", &["site_uuid"]),
        (
            C::OrganizationCourse,
            "organization_courses",
            &["course_id", "organization_id"],
        ),
        (
            C::Membership,
            "access_memberships",
            &["user_id", "group_id"],
        ),
        (C::PublicCourse, "public_courses", &["course_id"]),
        (C::GroupCourse, "group_courses", &["course_id", "group_id"]),
        (C::RuleDomain, "access_rule_domains", &["rule_id", "domain"]),
        (C::TokenUser, "auth_tokens", &["user_id"]),
        (
            C::EvaluationKey,
            "access_evaluations",
            &["organization_id", "idempotency_key"],
        ),
        (C::TenantRouteDomain, "tenant_routes", &["domain"]),
        (C::TenantOrganizationName, "tenant_organizations", &["name"]),
        (C::ProfileTenant, "tenant_profiles", &["tenant_id"]),
        (
            C::ProfileTenantFolded,
            "tenant_profiles",
            &["tenant_id_lower"],
        ),
        (
            C::ProfileGroup,
            "profile_groups",
            &["profile_id", "group_id"],
        ),
        (C::ProfileDomain, "profile_domains", &["name_lower"]),
        (C::ProfileReseller, "profile_resellers", &["name"]),
        (C::ProfileBackend, "profile_backends", &["name"]),
        (
            C::ProfileTemplate,
            "profile_templates",
            &["category", "name"],
        ),
        (
            C::ProfileData,
            "profile_data",
            &["group_key", "username", "application_id", "key"],
        ),
    ]
};

impl Constraint {
    /// The columns whose values must not repeat together; none for keys and references.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        UNIQUE
            .iter()
            .find(|(constraint, ..)| *constraint == self)
            .map_or(&[], |(_, _, columns)| columns)
    }
}

/// Whether `table` has a unique column beside its key.
pub(crate) fn has_unique(table: &str) -> bool {
    UNIQUE.iter().any(|(_, of, _)| *of == table)
}

/// The name of the unique index over `columns` of `table`, in both databases.
pub(crate) fn unique_name(table: &str, columns: &[&str]) -> String {
    format!("{table}_{}_key", columns.join("_"))
}

impl Fault {
    /// A failure that no rule below names.
    pub(crate) fn broken(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Broken(source.into())
    }

    /// The one place where the wordings of both databases are read.
    pub(crate) fn of(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => Self::Busy,
            DbErr::Exec(RuntimeErr::SqlxError(driver))
            | DbErr::Query(RuntimeErr::SqlxError(driver))
            | DbErr::Conn(RuntimeErr::SqlxError(driver)) => Self::of_driver(&driver),
            other => Self::broken(other.to_string()),
        }
    }

    /// What is kept is the innermost text alone: the layers above repeat it in theirs.
    pub(crate) fn of_driver(error: &DriverError) -> Self {
        match error {
            DriverError::PoolTimedOut => Self::Busy,
            DriverError::Io(cause) => Self::Unreachable(cause.to_string()),
            DriverError::Tls(cause) => Self::Unreachable(cause.to_string()),
            DriverError::Database(error) => Self::of_database(error.as_ref())
                .unwrap_or_else(|| Self::broken(error.message().to_owned())),
            other => Self::broken(other.to_string()),
        }
    }

    fn of_database(error: &dyn DatabaseError) -> Option<Self> {
        let code = error.code()?;
        match code.as_ref() {
            // PostgreSQL: unique_violation. SQLite: CONSTRAINT_PRIMARYKEY, CONSTRAINT_UNIQUE,
            // CONSTRAINT_ROWID.
            "23505" | "1555" | "2067" | "2579" => Some(Self::Duplicate(
                error
                    .constraint()
                    .map_or_else(|| from_message(error.message()), from_name),
            )),
            // PostgreSQL: foreign_key_violation, restrict_violation. SQLite: CONSTRAINT_FOREIGNKEY.
            "23503" | "23001" | "787" => Some(Self::Dangling(Constraint::Reference)),
            // PostgreSQL: serialization_failure, deadlock_detected, lock_not_available.
            "40001" | "40P01" | "55P03" => Some(Self::Busy),
            // PostgreSQL: invalid_catalog_name.
            "3D000" => Some(Self::Missing),
            // PostgreSQL: invalid_authorization_specification, invalid_password, too_many_connections,
            // admin_shutdown, crash_shutdown, cannot_connect_now.
            "28000" | "28P01" | "53300" | "57P01" | "57P02" | "57P03" => {
                Some(Self::Unreachable(error.message().to_owned()))
            }
            // SQLite: BUSY and LOCKED in all their extended forms (low byte 5 or 6).
            // PostgreSQL's codes have five characters, SQLite's numbers at most four.
            number if number.len() < 5 => match number.parse::<u32>().ok()? & 0xff {
                5 | 6 => Some(Self::Busy),
                _ => None,
            },
            _ => None,
        }
    }
}

/// PostgreSQL names the constraint.
fn from_name(name: &str) -> Constraint {
    if name.ends_with("_pkey") {
        return Constraint::Key;
    }
    UNIQUE
        .iter()
        .find(|(_, table, columns)| unique_name(table, columns) == name)
        .map_or(Constraint::Other, |(constraint, ..)| *constraint)
}

/// SQLite names the columns: `UNIQUE constraint failed: users.username`.
fn from_message(message: &str) -> Constraint {
    let Some((_, place)) = message.split_once("failed: ") else {
        return Constraint::Other;
    };
    // The unique indexes of the schema are all in `UNIQUE`; what is left is a primary key.
    UNIQUE
        .iter()
        .find(|(_, table, columns)| {
            let mut named = columns.iter().map(|column| format!("{table}.{column}"));
            place.split(", ").map(str::to_owned).eq(named.by_ref())
        })
        .map_or(Constraint::Key, |(constraint, ..)| *constraint)
}
