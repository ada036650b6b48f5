//! Who runs a command: what the change log says of writes from the command line.

use std::ffi::OsString;
use std::os::unix::fs::MetadataExt as _;

use provost_app::Author;

/// Where the environment names whoever runs a command, whoever was there before `sudo` first.
const NAMES: [&str; 3] = ["SUDO_USER", "USER", "LOGNAME"];

/// The origin of what `command` writes: `provost user (alice)`. The name is that of the operating
/// system's user as the environment has it, or else the number of the user.
pub(crate) fn author(command: &str) -> Author {
    #[expect(
        clippy::disallowed_methods,
        reason = "who runs a command is no setting, and is read here alone"
    )]
    let named = name(|variable| std::env::var_os(variable));
    let operator = named.or_else(number);
    let name = operator.map_or_else(
        || command.to_owned(),
        |operator| format!("{command} ({operator})"),
    );
    Author::program(&name)
}

fn name(variable: impl Fn(&str) -> Option<OsString>) -> Option<String> {
    let values = NAMES.iter().filter_map(|name| variable(name));
    values
        .map(|value| value.to_string_lossy().into_owned())
        .find(|name| !name.is_empty() && !name.contains(char::is_control))
}

/// The user of this process, where the system shows processes as files.
fn number() -> Option<String> {
    let process = std::fs::metadata("/proc/self").ok()?;
    Some(format!("uid {}", process.uid()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_called_sudo_comes_first_and_what_is_no_name_is_passed_over() {
        for (environment, expected) in [
            (
                &[("USER", "root"), ("SUDO_USER", "alice")][..],
                Some("alice"),
            ),
            (&[("USER", "alice"), ("LOGNAME", "bob")], Some("alice")),
            (&[("USER", ""), ("LOGNAME", "bob")], Some("bob")),
            (&[("USER", "a\nb"), ("LOGNAME", "bob")], Some("bob")),
            (&[], None),
        ] {
            let variable = |wanted: &str| {
                let found = environment.iter().find(|(name, _)| *name == wanted);
                found.map(|(_, value)| OsString::from(value))
            };
            assert_eq!(name(variable).as_deref(), expected);
        }
    }
}
