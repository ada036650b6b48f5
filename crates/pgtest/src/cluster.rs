//! A server: one that was named, or a cluster of our own; and the shell that cleans up.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};

use crate::programs;

/// Makes and starts a cluster in folder `$2` with the programs of `$1` and the options `$3`,
/// says `ready`, and removes everything when its input ends: when we are gone.
///
/// An alphabet's order, where the server can do it, shows every text column that was not told
/// to compare bytes.
const CLUSTER: &str = r#"
trap '' PIPE INT TERM HUP
cd "$2" || exit 1
{
    "$1/initdb" -D data -U postgres --auth=trust --no-sync --encoding=UTF8 \
        --locale-provider=icu --icu-locale=en-US --locale=C.UTF-8 ||
    { rm -rf data; "$1/initdb" -D data -U postgres --auth=trust --no-sync --encoding=UTF8; }
    "$1/pg_ctl" -D data -l server.log -w -o "$3" start
} >start.log 2>&1 </dev/null && echo ready || echo failed
cat >/dev/null
"$1/pg_ctl" -D data -m immediate stop >/dev/null 2>&1
cd /
rm -rf "$2"
"#;

/// Drops what is left of our databases (`$3` makes the statements) on the server `$2` with the
/// program `$1` when its input ends, and after the last one that was being made is there.
const GUEST: &str = r#"
trap '' PIPE INT TERM HUP
echo ready
cat >/dev/null
sleep 2
"$1" -XqAt -d "$2" -c "$3" | "$1" -Xq -d "$2" >/dev/null 2>&1
"#;

/// A server in which databases can be made.
#[derive(Debug)]
pub(crate) struct Server {
    psql: PathBuf,
    /// The address up to the name of the database, and what follows that.
    address: (String, String),
    /// The database to be in while making others.
    first: String,
    prefix: String,
    /// Its end tells the shell that we are gone.
    _lifeline: ChildStdin,
}

impl Server {
    /// The server that the environment names, or a new cluster; `None` without the programs.
    pub(crate) fn find() -> Option<Self> {
        match programs::variable("PROVOST_TEST_POSTGRES_URL") {
            Some(url) => Some(Self::guest(&url)),
            None => Self::own(),
        }
    }

    fn guest(url: &str) -> Self {
        let psql = programs::psql(programs::server_folder().as_deref())
            .expect("PROVOST_TEST_POSTGRES_URL is set, but there is no `psql`");
        let (place, options) = url.split_once('?').unwrap_or((url, ""));
        let after_scheme = place.find("://").map_or(0, |at| at + 3);
        let (server, first) = match place.rfind('/').filter(|at| *at >= after_scheme) {
            Some(at) => place.split_at(at),
            None => (place, ""),
        };
        let options = if options.is_empty() {
            String::new()
        } else {
            format!("?{options}")
        };
        let prefix = prefix();
        let drops = format!(
            "SELECT format('DROP DATABASE %I WITH (FORCE);', datname) FROM pg_database \
             WHERE starts_with(datname, '{prefix}')"
        );
        let mut shell = shell(GUEST);
        shell.arg(&psql).arg(url).arg(drops);
        let first = Some(first.trim_start_matches('/')).filter(|name| !name.is_empty());
        Self {
            psql,
            address: (format!("{server}/"), options),
            first: first.unwrap_or("postgres").to_owned(),
            prefix,
            _lifeline: start(shell).0,
        }
    }

    fn own() -> Option<Self> {
        let programs = programs::server_folder()?;
        let psql = programs::psql(Some(&programs))?;
        // The shell removes it, after the cluster in it has stopped.
        let folder = tempfile::Builder::new()
            .prefix("pgtest")
            .tempdir()
            .expect("a temporary folder can be made")
            .keep();
        let options = "-c listen_addresses='' -c unix_socket_directories=. -c max_connections=500 \
                       -c fsync=off -c synchronous_commit=off -c full_page_writes=off";
        // The socket's folder is relative to the data; its address is not.
        let sockets = folder.join("data");
        let mut shell = shell(CLUSTER);
        shell.arg(programs).arg(&folder).arg(options);
        become_unprivileged(&mut shell, &folder);
        let (lifeline, ready) = start(shell);
        if !ready {
            let log = |name| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            panic!(
                "PostgreSQL did not start:\n{}{}",
                log("start.log"),
                log("server.log")
            );
        }
        Some(Self {
            psql,
            address: (
                "postgres://postgres@localhost/".to_owned(),
                format!("?host={}", sockets.display()),
            ),
            first: "postgres".to_owned(),
            prefix: prefix(),
            _lifeline: lifeline,
        })
    }

    /// What the names of our databases begin with.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        let (before, after) = &self.address;
        format!("{before}{database}{after}")
    }

    /// Runs a statement about databases.
    pub(crate) fn run(&self, sql: &str) {
        self.ask(&self.url(&self.first), sql);
    }

    /// Runs statements in the database at `url`; what they answer.
    pub(crate) fn ask(&self, url: &str, sql: &str) -> String {
        let answer = Command::new(&self.psql)
            .args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
            .stdin(Stdio::null())
            .output()
            .expect("psql starts");
        assert!(
            answer.status.success(),
            "{sql}: {}",
            String::from_utf8_lossy(&answer.stderr)
        );
        String::from_utf8_lossy(&answer.stdout)
            .trim_end()
            .to_owned()
    }
}

/// Tells databases of one process from those of others on the same server.
fn prefix() -> String {
    format!("provost_test_{}_", std::process::id())
}

fn shell(script: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", script, "pgtest"])
        // An interrupt from the keyboard is for us; the shell sees our end.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    shell
}

/// Starts the shell, waits for its word, and gives what keeps it waiting, and whether the word
/// was that it is ready.
#[expect(
    clippy::zombie_processes,
    reason = "the shell ends after this process does"
)]
fn start(mut shell: Command) -> (ChildStdin, bool) {
    let mut shell = shell.spawn().expect("a shell starts");
    let lifeline = shell.stdin.take().expect("its input is a pipe");
    let output = shell.stdout.take().expect("its output is a pipe");
    let mut word = String::new();
    let heard = BufReader::new(output).read_line(&mut word);
    (lifeline, heard.is_ok() && word == "ready\n")
}

/// PostgreSQL refuses to run as root, so root becomes somebody else for it.
fn become_unprivileged(shell: &mut Command, folder: &Path) {
    const ROOT: u32 = 0;
    let ours = folder.metadata().expect("the folder is there").uid();
    if ours != ROOT {
        return;
    }
    let users = std::fs::read_to_string("/etc/passwd").expect("/etc/passwd can be read");
    let (user, group) = ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| ids(&users, name))
        .expect("there is a user `postgres` or `nobody`");
    chown(folder, Some(user), Some(group)).expect("root may give a folder away");
    shell.uid(user).gid(group);
}

fn ids(users: &str, name: &str) -> Option<(u32, u32)> {
    let line = users
        .lines()
        .find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    let user = fields.next()?.parse().ok()?;
    Some((user, fields.next()?.parse().ok()?))
}
