//! A small believable platform, for whoever looks at the service for the first time.

use std::io::Cursor;
use std::net::SocketAddr;

use anyhow::Context as _;
use provost_app::{App, Author, account, identity};
use provost_authz::{grants, policy};
use provost_policy::catalogue;
use provost_profiles::people::{self, Standing};
use provost_profiles::{Level, bulk};
use provost_store::users;
use provost_tenancy::{File, Site};
use provost_tenants::code;

/// Organizations, courses, libraries and people.
const PLATFORM: &str = include_str!("demo.json");
/// Two tenants.
const TENANTS: &str = include_str!("demo_tenants.yaml");
/// The profiles of these tenants.
const PROFILES: &str = include_str!("demo_profiles.jsonl");
/// Who administers the profile of the first.
const ADMINISTRATOR: &str = "ada";
/// The password of everybody who can sign in.
const PASSWORD: &str = "provost-demo";
/// Who can sign in with it.
const SIGN_IN: [&str; 2] = ["admin", "ada"];
/// Who holds which role where.
const ROLES: [(&str, &str, &str); 5] = [
    ("ada", "library_admin", "lib:BeeU:HIVE"),
    ("ben", "library_author", "lib:BeeU:HIVE"),
    ("cyd", "course_admin", "course-v1:BeeU+B101+2026"),
    ("dov", "course_auditor", "course-v1:BeeU+*"),
    ("ada", "library_user", "lib:AntC:*"),
];

/// Fills an empty database; one that has users is left as it is, and the answer is `false`.
pub(crate) async fn load(app: &App) -> anyhow::Result<bool> {
    if !users::page(app.store().read(), None, None, 1)
        .await?
        .is_empty()
    {
        return Ok(false);
    }
    let by = Author::program("provost serve --demo");
    provost_fixtures::import(app, Cursor::new(PLATFORM), &by, |_| {}).await?;
    policy::load(app, &by, &catalogue::shipped(), false).await?;
    make_tenants(app, &by).await?;
    make_profiles(app, &by).await?;
    for (user, role, scope) in ROLES {
        give(app, &by, user, role, scope)
            .await
            .map_err(|error| anyhow::anyhow!("{role} for {user}: {:?}", error.0))?;
    }
    let password = identity::sign_in::hash(PASSWORD.to_owned())
        .await
        .context("the password cannot be hashed")?;
    for name in SIGN_IN {
        set_password(app, &by, name, &password).await?;
    }
    Ok(true)
}

async fn make_tenants(app: &App, by: &Author) -> anyhow::Result<()> {
    let file = File::read(&app.settings().tenants, TENANTS)
        .map_err(|wrong| anyhow::anyhow!("the tenants cannot be read: {wrong:?}"))?;
    code::apply(app, by.clone(), &file, code::Manner::default()).await?;
    Ok(())
}

/// The profiles, and who administers one of them.
async fn make_profiles(app: &App, by: &Author) -> anyhow::Result<()> {
    for line in PROFILES.lines() {
        let done = bulk::import(app, by, line.as_bytes()).await?;
        anyhow::ensure!(done.outcome == bulk::Outcome::Created, "{line}: {done:?}");
    }
    let user = users::by_username(app.store().read(), ADMINISTRATOR).await?;
    let user = user.with_context(|| format!("the platform lacks `{ADMINISTRATOR}`"))?;
    let standing = Standing {
        level: Level::TenantAdmin,
        tenant: Some("bees".to_owned()),
        group: None,
        reseller: None,
        read_only: false,
        backends: None,
    };
    people::put(app, by.clone(), &user, &standing).await?;
    Ok(())
}

async fn give(
    app: &App,
    by: &Author,
    user: &str,
    role: &str,
    scope: &str,
) -> Result<(), provost_app::Error> {
    let scopes = grants::grantable(app, role, &[scope.to_owned()]).await?;
    grants::assign(app, by, role, &scopes, &[user.to_owned()]).await?;
    Ok(())
}

async fn set_password(app: &App, by: &Author, name: &str, encoded: &str) -> anyhow::Result<()> {
    let tx = app.store().begin().await?;
    let user = users::by_username(&tx, name).await?;
    let user = user.with_context(|| format!("the platform lacks `{name}`"))?;
    let entry = account::set_password(&tx, by, &user, encoded).await?;
    Ok(app.commit(tx, &[entry]).await?)
}

/// What to try first, on a service at `address`.
pub(crate) fn introduction(app: &App, address: SocketAddr, loaded: bool) -> String {
    if !loaded {
        return format!(
            "The database has users already: nothing was loaded, and they sign in as they did.

The whole API: http://{address}/api/docs/"
        );
    }
    let host = Site::of(&app.settings().tenants, "bees").lms_domain();
    format!(
        "Loaded a small platform: 2 tenants, 2 organizations, 3 courses, 2 libraries, a course access group, 5 people.
Sign in as `admin` (superuser) or `ada` (administers a library, the groups of this site and the profile of a tenant); the password of both is `{PASSWORD}`.

Try, in another terminal:
  curl -sc cookies.txt -H 'Content-Type: application/json' -d '{{\"username\": \"ada\", \"password\": \"{PASSWORD}\"}}' http://{address}/api/provost/v1/session
  curl -sb cookies.txt http://{address}/api/authz/v1/assignments/
  curl -sb cookies.txt -H \"X-CSRFToken: $(awk '/csrftoken/ {{print $7}}' cookies.txt)\" -H 'Content-Type: application/json' -d '[{{\"action\": \"content_libraries.edit_library_content\", \"scope\": \"lib:BeeU:HIVE\"}}]' http://{address}/api/authz/v1/permissions/validate/me

And what the front ends of a tenant are told:
  curl -s -H 'Host: {host}' http://{address}/api/mfe_config/v1

And what ada, who administers it, sees of the profile of that tenant:
  curl -su ada:{PASSWORD} http://{address}/api/v1/tenants/bees/groups/

The whole API: http://{address}/api/docs/"
    )
}
