//! Reading settings from their three sources.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use figment::providers::{Data, Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::{DEFAULT_FILE, Key, Kind, Settings, Wrong};

/// What the name of every variable begins with.
pub(super) const PREFIX: &str = "PROVOST__";

/// The settings whose value may be `@FILE`, which stands for the text of that file.
const FILES: [&str; 3] = [
    "auth.jwt.public_jwk_set",
    "auth.jwt.private_signing_key",
    "mfe.platform_settings",
];

/// Where settings come from, from weak to strong.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file named by `--config`. Without it, `provost.toml` is read if it is there.
    pub file: Option<PathBuf>,
    /// The variables of the environment; those that do not begin with `PROVOST__` are ignored.
    pub environment: Vec<(OsString, OsString)>,
    /// Flags: path of a setting and its value as text.
    pub flags: Vec<(String, String)>,
}

/// Settings that can be used, and where each was set.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// The source of every setting that is not at its default, by path.
    pub origins: BTreeMap<String, String>,
    /// Variables that are spelt almost as a setting is, and are not read.
    pub strays: Vec<Wrong>,
}

impl Loaded {
    /// What is valid and yet may not be meant, of the settings and of where they come from.
    #[must_use]
    pub fn doubts(&self) -> Vec<Wrong> {
        [self.strays.clone(), self.settings.doubts()].concat()
    }
}

/// Why settings cannot be used. Every problem found is in it, and each names its setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(.0))]
pub struct Error(pub Vec<String>);

fn lines(problems: &[String]) -> String {
    problems.join("\n")
}

impl Sources {
    /// The file, the environment of this process, and flags.
    #[must_use]
    pub fn of_process(file: Option<PathBuf>, flags: Vec<(String, String)>) -> Self {
        Self {
            file,
            environment: std::env::vars_os().collect(),
            flags,
        }
    }

    /// Reads, merges and validates.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown name, a value of the wrong kind, or a value that no section accepts: all
    /// that can be found, since what is wrong is told and then read as if it were not there.
    pub fn load(&self) -> Result<Loaded, Error> {
        let keys = Key::all();
        let mut problems = Vec::new();
        let mut left_out = BTreeSet::new();
        let (figment, settings) = loop {
            let (path, problem) = match self.attempt(&keys, &left_out)? {
                Attempt::Read(read) => break *read,
                Attempt::Wrong(path, problem) => (path, problem),
            };
            problems.push(problem);
            if !left_out.insert(path) {
                return Err(Error(problems));
            }
        };
        let wrong = settings.validate();
        problems.extend(wrong.iter().map(|wrong| explain_wrong(&figment, wrong)));
        if !problems.is_empty() {
            return Err(Error(problems));
        }
        let origins = keys
            .iter()
            .filter_map(|key| Some((key.path(), origin(figment.find_metadata(&key.path())?))))
            .collect();
        Ok(Loaded {
            settings,
            origins,
            strays: self.strays(&keys),
        })
    }

    /// Reads and merges everything but the paths that are left out, up to the first mistake.
    fn attempt(&self, keys: &[Key], left_out: &BTreeSet<String>) -> Result<Attempt, Error> {
        let mut figment = Figment::new();
        if let Some(file) = self.existing_file()? {
            figment = figment.merge(Without {
                file: Toml::file_exact(file),
                left_out,
            });
        }
        let given = self.variables().chain(self.flags());
        for one in given.filter(|given| !left_out.contains(&given.path)) {
            let Some(key) = one.key(keys) else {
                return Ok(Attempt::Wrong(one.path.clone(), one.unknown(keys)));
            };
            figment = figment.merge(Single {
                value: read(key.kind, &one.text),
                given: one,
            });
        }
        for path in FILES {
            figment = match with_file(figment, path) {
                Ok(figment) => figment,
                Err(problem) => return Ok(Attempt::Wrong(path.to_owned(), problem)),
            };
        }
        Ok(match figment.extract() {
            Ok(settings) => Attempt::Read(Box::new((figment, settings))),
            Err(error) => Attempt::Wrong(place(&error), explain(&error)),
        })
    }

    /// The file to read. One that was named must exist; the default one need not.
    fn existing_file(&self) -> Result<Option<&Path>, Error> {
        match &self.file {
            Some(file) if !file.is_file() => Err(Error(vec![format!(
                "the settings file `{}` does not exist",
                file.display()
            )])),
            Some(file) => Ok(Some(file)),
            None => Ok(Some(Path::new(DEFAULT_FILE)).filter(|file| file.is_file())),
        }
    }

    fn variables(&self) -> impl Iterator<Item = Given> {
        self.environment.iter().filter_map(|(name, text)| {
            let name = name.to_str()?;
            let path = name
                .strip_prefix(PREFIX)?
                .to_ascii_lowercase()
                .replace("__", ".");
            Some(Given {
                source: format!("environment variable {name}"),
                path,
                text: text.to_string_lossy().into_owned(),
            })
        })
    }

    /// Variables whose names are those of settings but for single underscores.
    fn strays(&self, keys: &[Key]) -> Vec<Wrong> {
        let single = |name: &str| name.replace("__", "_");
        let names = self.environment.iter();
        names
            .filter_map(|(name, _)| name.to_str())
            .filter(|name| !name.starts_with(PREFIX))
            .filter_map(|name| {
                let mut meant = keys.iter().map(Key::variable);
                let meant = meant.find(|meant| single(meant) == single(name))?;
                Some(Wrong::new(name, format!("is not read; write `{meant}`")))
            })
            .collect()
    }

    fn flags(&self) -> impl Iterator<Item = Given> {
        self.flags.iter().map(|(path, text)| Given {
            source: "command line".to_owned(),
            path: path.clone(),
            text: text.clone(),
        })
    }
}

/// What came of reading the sources.
enum Attempt {
    /// Settings, and where they are from.
    Read(Box<(Figment, Settings)>),
    /// The path of a mistake, and what it is.
    Wrong(String, String),
}

/// The file as if some paths were not in it.
struct Without<'a> {
    file: Data<Toml>,
    left_out: &'a BTreeSet<String>,
}

impl Provider for Without<'_> {
    fn metadata(&self) -> Metadata {
        self.file.metadata()
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut data = self.file.data()?;
        for dict in data.values_mut() {
            for path in self.left_out {
                remove(dict, path);
            }
        }
        Ok(data)
    }
}

/// Removes what is at a path, or the last thing on the way to it that can be removed: of a list all.
fn remove(dict: &mut Dict, path: &str) {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    match dict.get_mut(first) {
        Some(Value::Dict(_, inner)) if !rest.is_empty() => remove(inner, rest),
        _ => drop(dict.remove(first)),
    }
}

/// One setting given outside the file.
#[derive(Debug, Clone)]
struct Given {
    source: String,
    path: String,
    text: String,
}

impl Given {
    fn key<'a>(&self, keys: &'a [Key]) -> Option<&'a Key> {
        keys.iter().find(|key| key.path() == self.path)
    }

    fn unknown(&self, keys: &[Key]) -> String {
        let paths: Vec<String> = keys.iter().map(Key::path).collect();
        let nearest = Key::nearest(&self.path, paths.iter().map(String::as_str));
        format!(
            "`{}` ({}) is no setting{}",
            self.path,
            self.source,
            suggestion(nearest)
        )
    }
}

/// A provider of one value, so that a complaint about it can say where it came from.
struct Single {
    given: Given,
    value: Value,
}

impl Provider for Single {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.given.source.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let nested = figment::util::nest(&self.given.path, self.value.clone());
        let dict = nested.into_dict().unwrap_or_default();
        Ok(Profile::Default.collect(dict))
    }
}

/// Replaces `@FILE` by what is in the file; the problem, where it cannot be read.
fn with_file(figment: Figment, path: &str) -> Result<Figment, String> {
    let Ok(Value::String(_, text)) = figment.find_value(path) else {
        return Ok(figment);
    };
    let Some(file) = text.strip_prefix('@') else {
        return Ok(figment);
    };
    let text = std::fs::read_to_string(file).map_err(|cause| {
        format!("`{path}` names the file `{file}`, which cannot be read: {cause}")
    })?;
    let given = Given {
        source: format!("file {file}"),
        path: path.to_owned(),
        text: String::new(),
    };
    Ok(figment.merge(Single {
        value: Value::from(text),
        given,
    }))
}

/// Reads a text as the kind of value that its setting takes. What cannot be read stays a text, so that the complaint
/// about it is the same whether it stood in a file or in a variable.
fn read(kind: Kind, text: &str) -> Value {
    let read = match kind {
        Kind::Text => None,
        Kind::Flag => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(Value::from(true)),
            "false" | "no" | "off" | "0" => Some(Value::from(false)),
            _ => None,
        },
        Kind::Whole => text.parse::<i64>().ok().map(Value::from),
        Kind::Number => text.parse::<f64>().ok().map(Value::from),
        Kind::List => Some(Value::from(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(Value::from)
                .collect::<Vec<_>>(),
        )),
    };
    read.unwrap_or_else(|| Value::from(text))
}

/// The path of the setting that a complaint is about, the unknown name included.
fn place(error: &figment::Error) -> String {
    let path = error.path.join(".");
    let figment::error::Kind::UnknownField(name, _) = &error.kind else {
        return path;
    };
    // The path may end with the field or stop at its section.
    let section = path
        .strip_suffix(name.as_str())
        .unwrap_or(&path)
        .trim_end_matches('.');
    if section.is_empty() {
        name.clone()
    } else {
        format!("{section}.{name}")
    }
}

/// Tells one complaint of the reader: which setting, where it was set, what is wrong.
fn explain(error: &figment::Error) -> String {
    use figment::error::Kind as Complaint;
    let source = error
        .metadata
        .as_ref()
        .map(|metadata| format!(" ({})", origin(metadata)))
        .unwrap_or_default();
    let path = place(error);
    match &error.kind {
        Complaint::UnknownField(name, known) => format!(
            "`{path}`{source} is no setting{}",
            suggestion(Key::nearest(name, known.iter().copied()))
        ),
        Complaint::UnknownVariant(found, known) => {
            format!(
                "`{path}`{source} is `{found}`, which is none of: {}",
                known.join(", ")
            )
        }
        _ if path.is_empty() => format!("the settings{source} cannot be read: {}", error.kind),
        kind => format!("`{path}`{source} is wrong: {kind}"),
    }
}

fn explain_wrong(figment: &Figment, wrong: &Wrong) -> String {
    let place = figment
        .find_metadata(&wrong.key)
        .map(|metadata| format!(" ({})", origin(metadata)))
        .unwrap_or_default();
    format!("`{}`{place} {}", wrong.key, wrong.why)
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// Where a value came from: the file by its path, anything else by its name.
fn origin(metadata: &Metadata) -> String {
    match &metadata.source {
        Some(figment::Source::File(path)) => path.display().to_string(),
        _ => metadata.name.to_string(),
    }
}
