//! A provost that serves, and an LMS that an example plays.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::workflow::Installation;

/// How long something may take that should take a moment.
const PATIENCE: Duration = Duration::from_secs(30);

/// The token with which the LMS lets anybody in.
const TOKEN: &str = "Authorization: Bearer abc";

/// A process that listens; killed when dropped.
pub struct Listening {
    child: Child,
    pub address: String,
}

impl Drop for Listening {
    fn drop(&mut self) {
        // It may have ended already; then there is nobody to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Listening {
    fn start(mut command: Command) -> Self {
        let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://");
        let address = address.unwrap().to_owned();
        Self { child, address }
    }

    /// One request on a connection of its own; status and body of the answer.
    pub fn ask(&self, method: &str, target: &str, header: &str, body: &Value) -> (u16, String) {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n{header}\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body.to_owned())
    }

    /// The number of the process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Tells it to stop.
    pub fn tell(&self) {
        let process = self.process().to_string();
        let told = Command::new("kill").args(["-TERM", &process]).status();
        assert!(told.unwrap().success());
    }

    /// Whether it has ended, and well.
    pub fn has_ended(&mut self) -> bool {
        let ended = self.child.try_wait().unwrap();
        ended.inspect(|ended| assert!(ended.success())).is_some()
    }

    /// Tells it to stop and waits until it has.
    pub fn stop(mut self) {
        self.tell();
        assert!(self.child.wait().unwrap().success());
    }
}

/// An LMS that keeps everything when it is killed.
pub struct Lms {
    folder: tempfile::TempDir,
    process: Option<Listening>,
    pub address: String,
}

impl Lms {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = start_lms(folder.path(), "127.0.0.1:0");
        Self {
            address: process.address.clone(),
            process: Some(process),
            folder,
        }
    }

    pub fn kill(&mut self) {
        self.process = None;
    }

    /// At the address where it was.
    pub fn start_again(&mut self) {
        self.process = Some(start_lms(self.folder.path(), &self.address));
    }

    pub fn ask(&self, method: &str, target: &str, body: &Value) -> Value {
        let (status, answer) = self
            .process
            .as_ref()
            .unwrap()
            .ask(method, target, TOKEN, body);
        assert!(status < 300, "{method} {target}: {status} {answer}");
        serde_json::from_str(&answer).unwrap_or_default()
    }

    /// Lets requests go wrong.
    pub fn mode(&self, mode: &Value) {
        self.ask("PUT", "/control/mode", mode);
    }

    /// Everything that is there.
    pub fn state(&self) -> Value {
        self.ask("GET", "/control/state", &Value::Null)
    }

    /// Every write that was carried out, in its order.
    pub fn journal(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.path().join("journal")).unwrap_or_default();
        // The last line may not be whole yet.
        let lines = text
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'));
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

fn start_lms(folder: &Path, listen: &str) -> Listening {
    let mut command = Command::new(example());
    command
        .args([
            "--listen",
            listen,
            "--client",
            "provost:sesame",
            "--token",
            "abc",
        ])
        .args(["--journal", "journal", "--state", "state"])
        .current_dir(folder);
    Listening::start(command)
}

/// The example, which is built with the tests, in a folder beside theirs.
fn example() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().unwrap().parent().unwrap();
    let example = folder.join("examples/eox_tenant");
    let is_there = example.exists();
    assert!(
        is_there,
        "`cargo build --package provost --example eox_tenant` makes it"
    );
    example
}

/// An installation that pushes to an LMS, with somebody who may do everything.
pub struct Pushing {
    here: Installation,
    settings: Vec<(&'static str, String)>,
    header: String,
}

impl Pushing {
    pub fn to(lms: &Lms, here: Installation) -> Self {
        here.done(&["migrate"], "");
        here.done(&["user", "create", "stan", "--staff"], "");
        let header = here.done(&["token", "--user", "stan"], "");
        let set = |name, value: &str| (name, value.to_owned());
        Self {
            here,
            settings: vec![
                ("PROVOST__LMS__BASE_URL", format!("http://{}", lms.address)),
                set("PROVOST__LMS__CLIENT_ID", "provost"),
                set("PROVOST__LMS__CLIENT_SECRET", "sesame"),
                set("PROVOST__LMS__TIMEOUT_SECONDS", "1"),
                set("PROVOST__LMS__RETRY_FIRST_MILLISECONDS", "20"),
                set("PROVOST__LMS__RETRY_LONGEST_SECONDS", "1"),
                set("PROVOST__POLICY__REFRESH_MILLISECONDS", "20"),
            ],
            header: format!("Authorization: JWT {}", header.trim()),
        }
    }

    /// With another setting.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.settings.push((name, value.to_owned()));
        self
    }

    /// The header with which staff asks.
    pub fn header(&self) -> &str {
        &self.header
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.here.command(arguments);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// A process that serves and pushes.
    pub fn serve(&self) -> Listening {
        Listening::start(self.command(&["serve", "--listen", "127.0.0.1:0"]))
    }

    /// Runs a command; its code and what it said on both outputs.
    pub fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.command(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.code().unwrap(),
            String::from_utf8(text).unwrap(),
        )
    }

    /// Asks as staff; the body of the answer.
    pub fn ask(&self, server: &Listening, method: &str, target: &str, body: &Value) -> Value {
        let (status, answer) = server.ask(method, target, &self.header, body);
        assert!(status < 300, "{method} {target}: {status} {answer}");
        serde_json::from_str(&answer).unwrap_or_default()
    }

    pub fn status(&self) -> Value {
        let (_, said) = self.run(&["tenants", "sync", "status", "--json"]);
        serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"))
    }

    /// Waits until the LMS has been told everything.
    pub fn pushed(&self) {
        until("everything is pushed", || {
            self.status()["backlog"] == json!(0)
        });
    }
}

/// Waits for something that is about to happen.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
