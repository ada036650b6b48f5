//! The binary from outside, command after command on one database, as an operator and an
//! integrator use it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

/// A folder with a database, and the binary run in it.
pub struct Installation {
    folder: tempfile::TempDir,
    url: String,
    /// Dropped with it.
    _database: Option<provost_pgtest::Database>,
}

impl Installation {
    pub fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!(
            "sqlite://{}",
            folder.path().join("provost.sqlite3").display()
        );
        Self {
            folder,
            url,
            _database: None,
        }
    }

    /// Nothing where PostgreSQL's programs are not installed.
    fn on_postgres() -> Option<Self> {
        let database = provost_pgtest::database(None)?;
        Some(Self {
            folder: tempfile::tempdir().unwrap(),
            url: database.url.clone(),
            _database: Some(database),
        })
    }

    pub fn each() -> impl Iterator<Item = Self> {
        std::iter::once(Self::on_sqlite()).chain(Self::on_postgres())
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provost"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("USER", "alice")
            .env("PROVOST__DATABASE__URL", &self.url)
            .env(
                "PROVOST__AUTH__JWT__SECRET",
                "0123456789abcdef0123456789abcdef",
            )
            .env(
                "PROVOST__AUTH__JWT__ISSUERS",
                "https://lms.example.org/oauth2,provost",
            );
        command
    }

    /// Runs a command with `input`; gives its code and what it said on both outputs.
    pub fn run(&self, arguments: &[&str], input: &str) -> (i32, String, String) {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code().unwrap(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    /// Runs a command that must succeed; gives what it printed.
    pub fn done(&self, arguments: &[&str], input: &str) -> String {
        let (code, out, err) = self.run(arguments, input);
        assert_eq!(code, 0, "{arguments:?}: {out}{err}");
        out
    }

    /// Notes a migration that this program does not know.
    pub fn come_from_the_future(&self) {
        let sql = "INSERT INTO migrations (name) VALUES ('9999_later')";
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let database = sea_orm::Database::connect(&self.url).await.unwrap();
            database.execute_unprepared(sql).await.unwrap();
            database.close().await.unwrap();
        });
    }

    /// How many rows a table has, whoever is to see them.
    pub fn count(&self, table: &str) -> i64 {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let database = sea_orm::Database::connect(&self.url).await.unwrap();
            let asked = sea_orm::Statement::from_string(database.get_database_backend(), sql);
            let row = database.query_one_raw(asked).await.unwrap().unwrap();
            database.close().await.unwrap();
            row.try_get_by_index(0).unwrap()
        })
    }

    pub fn serve(&self, more: &[&str]) -> Server {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], more].concat();
        let mut child = self
            .command(&arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .unwrap()
            .to_owned();
        Server {
            child,
            output,
            address,
        }
    }
}

/// A serving process; killed with its test.
pub struct Server {
    child: Child,
    /// What it prints after its address.
    output: BufReader<ChildStdout>,
    pub address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; then there is nobody to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// One request on a connection of its own; status and JSON of the answer.
    pub fn ask(&self, method: &str, target: &str, headers: &[&str], body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let mut head = format!(
            "{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.address,
            body.len()
        );
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        write!(stream, "{head}\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or_default())
    }
}

/// One library, its people, and a role.
fn dump() -> String {
    json!([
        {"model": "auth.user", "pk": 7, "fields": {"username": "ada", "email": "ada@example.org",
            "is_active": true, "is_staff": false, "is_superuser": false, "date_joined": "2026-01-05T09:00:00Z"}},
        {"model": "auth.user", "pk": 8, "fields": {"username": "ben", "email": "ben@example.org",
            "is_active": true, "is_staff": false, "is_superuser": false, "date_joined": "2026-01-05T09:00:00Z"}},
        {"model": "organizations.organization", "pk": 1, "fields": {"created": "2026-01-05T09:00:00Z",
            "modified": "2026-01-05T09:00:00Z", "name": "Bee University", "short_name": "BeeU", "active": true}},
        {"model": "content_libraries.contentlibrary", "pk": 1, "fields": {"org": 1, "slug": "HIVE"}},
        {"model": "casbin_adapter.casbinrule", "pk": 500, "fields": {"ptype": "g", "v0": "user^ada",
            "v1": "role^library_admin", "v2": "lib^lib:BeeU:HIVE"}},
    ])
    .to_string()
}

const MEMBERS: &str = "/api/authz/v1/roles/users/?scope=lib:BeeU:HIVE";

#[test]
fn a_platform_is_imported_served_changed_and_exported() {
    for here in Installation::each() {
        imported_served_changed_and_exported(&here);
    }
}

fn imported_served_changed_and_exported(here: &Installation) {
    here.done(&["import", "-"], &dump());
    let loaded = here.done(&["authz", "policy", "load"], "");
    assert_eq!(
        loaded,
        "added 132 definitions, 10 implications and 0 assignments\n"
    );
    assert_eq!(
        here.done(&["authz", "policy", "diff"], ""),
        "no difference\n"
    );
    let check = [
        "authz",
        "check",
        "ben",
        "content_libraries.view_library",
        "lib:BeeU:HIVE",
    ];
    assert_eq!(here.run(&check, "").0, 3, "ben holds no role yet");

    let session = here.done(&["session", "--user", "7"], "");
    let server = here.serve(&[]);
    let token = "0123456789abcdefghijklmnopqrstuv";
    let cookie = format!("Cookie: sessionid={}; csrftoken={token}", session.trim());
    let csrf = format!("X-CSRFToken: {token}");
    let body = r#"{"role": "library_user", "scope": "lib:BeeU:HIVE", "users": ["ben"]}"#;
    let headers = [cookie.as_str(), &csrf, "Content-Type: application/json"];
    let (status, _) = server.ask("PUT", "/api/authz/v1/roles/users/", &headers, body);
    assert_eq!(status, 207);

    let jwt = here.done(&["token", "--user", "ben"], "");
    let jwt = format!("Authorization: JWT {}", jwt.trim());
    let (status, members) = server.ask("GET", MEMBERS, &[&jwt], "");
    assert_eq!((status, &members["count"]), (200, &json!(2)));
    assert_eq!(here.run(&check, "").0, 0, "another process sees the role");

    let exported = here.done(&["export"], "");
    let elsewhere = Installation::on_sqlite();
    elsewhere.done(&["import", "-"], &exported);
    assert_eq!(elsewhere.done(&["export"], ""), exported);
}

#[test]
fn a_program_gets_a_token_and_acts_as_its_user() {
    let here = Installation::on_sqlite();
    here.done(&["migrate"], "");
    here.done(&["user", "create", "worker", "--staff"], "");
    let printed = here.done(
        &["application", "create", "reporting", "--user", "worker"],
        "",
    );
    let words: Vec<&str> = printed.split_whitespace().collect();
    let [_, id, _, secret] = words[..] else {
        panic!("{printed}")
    };
    let server = here.serve(&[]);
    let form = format!(
        "grant_type=client_credentials&client_id={id}&client_secret={secret}&token_type=jwt"
    );
    let headers = ["Content-Type: application/x-www-form-urlencoded"];
    let (status, answer) = server.ask("POST", "/oauth2/access_token", &headers, &form);
    assert_eq!(status, 200, "{answer}");
    let token = format!(
        "Authorization: JWT {}",
        answer["access_token"].as_str().unwrap()
    );
    let (status, _) = server.ask("GET", "/api/authz/v1/assignments/", &[&token], "");
    assert_eq!(status, 200);
}

#[test]
fn the_demo_says_how_to_sign_in_and_it_works() {
    let here = Installation::on_sqlite();
    let server = here.serve(&["--demo"]);
    let body = r#"{"username": "ada", "password": "provost-demo"}"#;
    let headers = ["Content-Type: application/json"];
    let (status, who) = server.ask("POST", "/api/provost/v1/session", &headers, body);
    assert_eq!((status, &who["username"]), (200, &json!("ada")));
    let (status, document) = server.ask("GET", "/api/openapi.json", &[], "");
    assert_eq!((status, &document["openapi"]), (200, &json!("3.1.0")));
}

#[test]
fn the_demo_promises_no_sign_in_on_a_database_that_has_users() {
    let here = Installation::on_sqlite();
    here.done(&["import", "-"], &dump());
    let mut server = here.serve(&["--demo"]);
    let mut said = String::new();
    server.output.read_line(&mut said).unwrap();
    assert!(said.contains("nothing was loaded"), "{said}");
    server.child.kill().unwrap();
    server.output.read_to_string(&mut said).unwrap();
    assert!(!said.contains("provost-demo"), "{said}");
}

#[test]
fn two_processes_on_one_database_see_each_others_grants_within_a_second() {
    for here in Installation::each() {
        grants_are_seen_within_a_second(&here);
    }
}

fn grants_are_seen_within_a_second(here: &Installation) {
    here.done(&["import", "-"], &dump());
    here.done(&["authz", "policy", "load"], "");
    let server = here.serve(&[]);
    let jwt = here.done(&["token", "--user", "ben"], "");
    let jwt = format!("Authorization: JWT {}", jwt.trim());
    assert_eq!(server.ask("GET", MEMBERS, &[&jwt], "").0, 403);
    here.done(
        &["authz", "grant", "ben", "library_user", "lib:BeeU:HIVE"],
        "",
    );
    let granted = std::time::Instant::now();
    while server.ask("GET", MEMBERS, &[&jwt], "").0 != 200 {
        assert!(
            granted.elapsed().as_secs_f64() < 1.0,
            "the grant is not seen"
        );
    }
}

#[test]
fn access_roles_are_copied_there_and_back_and_deleted_by_whoever_says_yes() {
    for here in Installation::each() {
        copied_there_and_back(&here);
    }
}

fn copied_there_and_back(here: &Installation) {
    let role = |pk: i64, user: i64, course: &str, role: &str| {
        json!({"model": "student.courseaccessrole", "pk": pk, "fields":
            {"user": user, "org": "BeeU", "course_id": course, "role": role}})
    };
    let rows = json!([
        role(1, 7, "course-v1:BeeU+B1+R1", "instructor"),
        role(2, 8, "", "staff"),
        role(3, 8, "", "finance_admin"),
    ]);
    here.done(&["import", "-"], &dump());
    here.done(&["import", "-"], &rows.to_string());
    here.done(&["authz", "policy", "load"], "");
    let left = "  ben finance_admin BeeU: unknown_role (there is no such role to give)\n";
    let migrate = ["authz", "legacy", "migrate", "--org", "BeeU", "--delete"];
    let dry = here.done(&[&migrate[..], &["--dry-run"]].concat(), "");
    assert_eq!(dry, format!("would copy and delete 2 and leave 1\n{left}"));
    for answer in ["", "no\n", "Yes\n", " yes\n"] {
        let (code, _, err) = here.run(&migrate, answer);
        let refused = "provost: not confirmed, so nothing was changed\n";
        assert_eq!((code, err.as_str()), (1, refused), "{answer:?}");
    }
    let exported = || here.done(&["export", "student.courseaccessrole"], "");
    assert_eq!(exported().matches("\"pk\"").count(), 3);
    let course = "course-v1:BeeU+B1+R1";
    let check = ["authz", "check", "ada", "courses.view_course", course];
    assert_eq!(here.run(&check, "").0, 3);

    let done = here.done(&migrate, "yes\n");
    assert!(
        done.ends_with(&format!("\ncopied and deleted 2, left 1\n{left}")),
        "{done}"
    );
    assert_eq!(exported().matches("\"pk\"").count(), 1);
    assert_eq!(here.run(&check, "").0, 0);
    let rollback = ["authz", "legacy", "rollback"];
    let wrong = [&rollback[..], &["--course", "lib:BeeU:HIVE"]].concat();
    let (code, _, err) = here.run(&wrong, "");
    let refused = "provost: `lib:BeeU:HIVE` is no course: its key begins with `course-v1:`\n";
    assert_eq!((code, err.as_str()), (1, refused));
    let some = [&rollback[..], &["--course", course, "--delete", "--yes"]].concat();
    assert_eq!(here.done(&some, ""), "copied and deleted 1, left 0\n");
    assert_eq!(here.run(&check, "").0, 3);
    let all = [&rollback[..], &["--org", "BeeU"]].concat();
    assert_eq!(here.done(&all, ""), "copied 1, left 0\n");
    assert_eq!(exported().matches("\"pk\"").count(), 3);
}
