//! What the fields of a file may hold, and what no two tenants of it may share.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{Entry, GENERATED, Keyed, Named, RECORDS, Wrong, pointer};
use crate::names::{
    LONGEST_DOMAIN, LONGEST_KEY, LONGEST_ORGANIZATION, LONGEST_PLATFORM, LONGEST_THEME,
    MOST_ORGANIZATIONS, is_organization, is_platform_name, is_theme,
};
use crate::show::{Place, name as shown, quoted};
use crate::{Settings, TenantName, Wanted, generate};

type Index<K, V> = HashMap<K, V, RandomState>;

/// Everything that is wrong with the entries, which stand at the given positions of their file.
pub(crate) fn check<'a>(
    settings: &Settings,
    entries: impl Iterator<Item = (usize, &'a Entry)>,
) -> Vec<Wrong> {
    let root = Place::Root;
    let tenants = root.member("tenants");
    let mut shared = Shared::default();
    let mut wrong = Vec::new();
    for (index, entry) in entries {
        let place = tenants.item(index);
        let mut say = |field: &str, item: Option<usize>, why: String| {
            let field = place.member(field);
            let place = item.map_or(field, |item| field.item(item));
            wrong.push(Wrong::new(place, why));
        };
        match entry {
            Entry::Named(named) => {
                check_named(named, &mut say);
                match TenantName::parse(&named.name, settings) {
                    Ok(name) => shared.claim_named(settings, index, named, &name, &mut say),
                    Err(why) => say("name", None, why.to_string()),
                }
            }
            Entry::Keyed(keyed) => {
                check_keyed(keyed, &mut say);
                shared.claim_keyed(index, keyed, &mut say);
            }
        }
    }
    wrong
}

/// Takes a field, perhaps the position of an item in it, and a sentence.
type Say<'a> = dyn FnMut(&str, Option<usize>, String) + 'a;

fn check_named(named: &Named, say: &mut Say<'_>) {
    if !is_platform_name(&named.platform_name) {
        let why =
            format!("This must have 1 to {LONGEST_PLATFORM} characters, and no space at its ends.");
        say("platform_name", None, why);
    }
    if !named.theme_name.as_deref().is_none_or(is_theme) {
        let why = format!(
            "This must have 1 to {LONGEST_THEME} ASCII letters, digits, `_`, `-` or `.`, and not begin with `.`."
        );
        say("theme_name", None, why);
    }
    for (item, name) in named.org_filter.iter().enumerate() {
        if !is_organization(name) {
            let why = format!(
                "The short name of an organization has 1 to {LONGEST_ORGANIZATION} ASCII letters, digits, `.`, `_` or `-`."
            );
            say("org_filter", Some(item), why);
        }
    }
    if named.org_filter.len() > MOST_ORGANIZATIONS {
        let why = format!("At most {MOST_ORGANIZATIONS} organizations can be named.");
        say("org_filter", None, why);
    }
    check_laid_over(named, say);
    check_lists(
        named.domains.as_deref(),
        named.organizations.as_deref(),
        say,
    );
}

/// What changes what is generated.
fn check_laid_over(named: &Named, say: &mut Say<'_>) {
    for (item, text) in named.unset.iter().enumerate() {
        if let Some(why) = wrong_pointer(text) {
            say("unset", Some(item), why);
        }
    }
    for record in RECORDS {
        if named.meta.contains_key(record) {
            let why = format!(
                "`{record}` is the record of how this tenant came to be, which stays as it is: leave it out."
            );
            say("meta", None, why);
        }
    }
}

fn wrong_pointer(text: &str) -> Option<String> {
    let Some(path) = pointer::parse(text) else {
        return Some(format!(
            "This is no JSON pointer; one looks like `/lms_configs/LMS_ROOT_URL`, where `~1` stands for `/` and `~0` for `~`: {}.",
            quoted(text)
        ));
    };
    let column = path.first().map(String::as_str);
    if column.is_some_and(|column| GENERATED.contains(&column)) {
        return None;
    }
    let columns = GENERATED.map(|column| format!("/{column}")).join(", ");
    Some(format!("A pointer begins with one of {columns}."))
}

fn check_keyed(keyed: &Keyed, say: &mut Say<'_>) {
    if let Some(why) = unstorable(&keyed.external_key, LONGEST_KEY) {
        say("external_key", None, why);
    }
    check_lists(Some(&keyed.domains), keyed.organizations.as_deref(), say);
}

fn check_lists(domains: Option<&[String]>, organizations: Option<&[String]>, say: &mut Say<'_>) {
    let lists = [
        ("domains", domains, LONGEST_DOMAIN),
        ("organizations", organizations, LONGEST_ORGANIZATION),
    ];
    for (field, list, longest) in lists {
        for (item, text) in list.unwrap_or_default().iter().enumerate() {
            if let Some(why) = unstorable(text, longest) {
                say(field, Some(item), why);
            }
        }
    }
}

/// Why no database keeps this text. Whether it makes sense is asked only of what is new: anything may
/// be there already, and a file may say so.
fn unstorable(text: &str, longest: usize) -> Option<String> {
    if text.contains('\0') {
        return Some("Null characters are not allowed.".to_owned());
    }
    let is_long = text.chars().count() > longest;
    is_long.then(|| format!("This must have at most {longest} characters."))
}

/// What belongs to one tenant only, and to which.
#[derive(Default)]
struct Shared {
    /// By key: the first tenant that has it without a number, and the first one of all.
    keys: Index<String, (Option<usize>, usize)>,
    ids: Index<i64, usize>,
    domains: Index<String, usize>,
}

impl Shared {
    fn claim_named(
        &mut self,
        settings: &Settings,
        index: usize,
        named: &Named,
        name: &TenantName,
        say: &mut Say<'_>,
    ) {
        let wanted = Wanted {
            name,
            platform_name: "",
            theme_name: "",
            organizations: &[],
        };
        let generated = generate(settings, &wanted);
        self.claim_key(index, "name", &generated.external_key, None, say);
        match &named.domains {
            Some(domains) => self.claim_domains(index, domains, true, say),
            None => self.claim_domains(index, &generated.domains, false, say),
        }
    }

    fn claim_keyed(&mut self, index: usize, keyed: &Keyed, say: &mut Say<'_>) {
        if let Some(id) = keyed.id {
            let first = *self.ids.entry(id).or_insert(index);
            if first != index {
                say(
                    "id",
                    None,
                    format!("tenants[{first}] is tenant {id} already."),
                );
            }
        }
        self.claim_key(index, "external_key", &keyed.external_key, keyed.id, say);
        self.claim_domains(index, &keyed.domains, true, say);
    }

    /// A key may be shared if every tenant that has it says its number.
    fn claim_key(
        &mut self,
        index: usize,
        field: &str,
        key: &str,
        id: Option<i64>,
        say: &mut Say<'_>,
    ) {
        let unnumbered = id.is_none().then_some(index);
        let Some((nameless, first)) = self.keys.get_mut(key) else {
            self.keys.insert(key.to_owned(), (unnumbered, index));
            return;
        };
        let other = nameless.or(unnumbered.map(|_| *first));
        *nameless = nameless.or(unnumbered);
        if let Some(other) = other {
            let key = shown(key);
            say(
                field,
                None,
                format!(
                    "tenants[{other}] has the key {key} too: one tenant stands in a file once, and tenants that share a key all have an `id`."
                ),
            );
        }
    }

    fn claim_domains(
        &mut self,
        index: usize,
        domains: &[String],
        is_listed: bool,
        say: &mut Say<'_>,
    ) {
        for (item, domain) in domains.iter().enumerate() {
            if let Some(first) = self.domains.get(domain) {
                let domain = shown(domain);
                let why = if *first == index {
                    format!("The domain {domain} is listed twice.")
                } else {
                    format!("tenants[{first}] has the domain {domain} already.")
                };
                say("domains", is_listed.then_some(item), why);
            } else {
                self.domains.insert(domain.clone(), index);
            }
        }
    }
}
