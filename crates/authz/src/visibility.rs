//! What a viewer may see of other people's assignments.

use provost_app::App;
use provost_drf::Caller;
use provost_keys::stored;
use provost_store::listings::{Reach, Seen};

use crate::access;

/// Where the permission to view a team of one kind is looked for, and what it opens.
const TEAMS: [(&str, &[&str]); 2] = [
    (access::VIEW_LIBRARY_TEAM, &["lib^"]),
    (access::VIEW_COURSE_TEAM, &["course-v1^", "ccx-v1^"]),
];

/// The stored scopes whose assignments the viewer may see: all for staff; for others those that
/// the scopes cover in which they may view the team of that kind.
pub(crate) fn seen(app: &App, viewer: &Caller) -> Seen {
    if app.is_staff(&viewer.username) {
        return Seen::All;
    }
    let subject = stored::user(&viewer.username);
    let policy = app.policy();
    let (mut exact, mut prefixes) = (Vec::new(), Vec::new());
    for (action, namespaces) in TEAMS {
        for held in policy.held_scopes(&subject, action) {
            match held.split_once('*') {
                None if namespaces.iter().any(|space| held.starts_with(space)) => exact.push(held),
                None => {}
                Some((prefix, _)) => {
                    for space in namespaces {
                        // A pattern reaches no further than the kind that the permission is for.
                        if prefix.starts_with(space) {
                            prefixes.push(prefix.to_owned());
                        } else if space.starts_with(prefix) {
                            prefixes.push((*space).to_owned());
                        }
                    }
                }
            }
        }
    }
    Seen::Only { exact, prefixes }
}

/// The courses and the libraries in which the viewer may do one of two actions, by kind.
pub(crate) fn reach(app: &App, viewer: &Caller, action: &str, namespace: &str) -> Reach {
    if app.is_staff(&viewer.username) {
        return Reach {
            all: true,
            ..Reach::default()
        };
    }
    let subject = stored::user(&viewer.username);
    let mut reach = Reach::default();
    for held in app.policy().held_scopes(&subject, action) {
        // A row whose scope means nothing opens nothing.
        let Ok(scope) = provost_keys::scope::ScopeKey::resolve(&held) else {
            continue;
        };
        if scope.namespace() != namespace {
            continue;
        }
        match (scope.is_glob(), scope.org()) {
            (true, Some(org)) => reach.orgs.push(org.to_owned()),
            (true, None) => reach.all |= scope.is_platform(),
            (false, _) => reach.keys.push(scope.external().to_owned()),
        }
    }
    reach
}
