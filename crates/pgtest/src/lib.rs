//! A throwaway PostgreSQL cluster for tests, and databases in it.
//!
//! Knows how to find PostgreSQL's programs, start them, and be rid of everything afterwards.
//! Must not know what the databases are for.
//!
//! `PROVOST_TEST_POSTGRES_URL` names a server to use instead (its user must be allowed to create
//! databases). Without it the first database starts a cluster of this process's own, in a
//! temporary folder, reachable through a socket in that folder alone, without waiting for the
//! disk. A root process runs it as user `postgres` or `nobody`, since PostgreSQL refuses root.
//!
//! Invariant: nothing outlives the process, however it ends: a small shell waits for the end of
//! a pipe that only this process holds, then stops the cluster and removes its folder (on a
//! server of somebody else, drops the databases).
//! Invariant: two databases share nothing, so tests may run side by side.

#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "a test database that cannot be made fails its test, and says why"
)]

mod cluster;
mod programs;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use cluster::Server;

/// A database of its own, dropped with this value.
#[derive(Debug)]
pub struct Database {
    /// Its name, for use as a template.
    pub name: String,
    /// Its address, `postgres://…`.
    pub url: String,
}

static SERVER: OnceLock<Option<Server>> = OnceLock::new();
static MADE: AtomicU32 = AtomicU32::new(0);

fn server() -> Option<&'static Server> {
    SERVER
        .get_or_init(|| {
            let server = Server::find();
            if server.is_none() {
                say("PostgreSQL programs not found: tested SQLite alone");
            }
            server
        })
        .as_ref()
}

#[expect(
    clippy::print_stderr,
    reason = "whoever runs the tests must know what was not tested"
)]
fn say(message: &str) {
    eprintln!("{message}");
}

/// A new database, empty or a copy of the database `template`, to which nobody may be connected.
///
/// `None` when there is no PostgreSQL; that is said once on standard error.
///
/// # Panics
/// When there is PostgreSQL, but it cannot make the database.
#[must_use]
pub fn database(template: Option<&str>) -> Option<Database> {
    let server = server()?;
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("{}{number}", server.prefix());
    let template = template.unwrap_or("template0");
    server.run(&format!(
        r#"CREATE DATABASE "{name}" TEMPLATE "{template}""#
    ));
    let url = server.url(&name);
    Some(Database { name, url })
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(server) = server() {
            server.run(&format!(
                r#"DROP DATABASE IF EXISTS "{}" WITH (FORCE)"#,
                self.name
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(database: &Database, sql: &str) -> String {
        server().unwrap().ask(&database.url, sql)
    }

    #[test]
    fn a_copy_of_a_template_has_its_rows_and_its_own_life() {
        let Some(template) = database(None) else {
            return;
        };
        ask(
            &template,
            "CREATE TABLE t (n int); INSERT INTO t VALUES (7)",
        );
        let copy = database(Some(&template.name)).unwrap();
        ask(&copy, "UPDATE t SET n = 8");
        assert_eq!(ask(&copy, "SELECT n FROM t"), "8");
        assert_eq!(ask(&template, "SELECT n FROM t"), "7");
    }

    #[test]
    fn a_dropped_value_drops_its_database() {
        let Some(kept) = database(None) else {
            return;
        };
        let gone = database(None).unwrap();
        let name = gone.name.clone();
        drop(gone);
        let count = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
        assert_eq!(ask(&kept, &count), "0");
    }
}
