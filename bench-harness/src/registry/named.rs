//! From a name to a backend, or to a variant of one: `NAME@replay` and `NAME@final` are the backend with
//! its tables built that way, whatever `--build` says, so that the two can stand side by side in one run.

use std::sync::Mutex;

use super::{ENTRIES, Entry};
use crate::layout::build::Build;
use crate::names::UnknownName;

/// How a table may be built, as the end of a name has it.
const BUILDS: [(&str, Build); 2] = [("@replay", Build::Replay), ("@final", Build::Final)];

/// Variants that were asked for. They live as long as the program, like the backends that they are
/// variants of; each name makes one.
static VARIANTS: Mutex<Vec<&'static Entry>> = Mutex::new(Vec::new());

/// The backend called `name`, which may end in `@replay` or `@final`.
///
/// # Errors
/// The valid names, and the nearest.
pub fn find(name: &str) -> Result<&'static Entry, UnknownName> {
    for (end, build) in BUILDS {
        if let Some(base) = name.strip_suffix(end) {
            return plain(base).map(|base| variant(name, base, build));
        }
    }
    plain(name)
}

fn plain(name: &str) -> Result<&'static Entry, UnknownName> {
    ENTRIES.iter().find(|entry| entry.name == name).ok_or_else(|| {
        let valid: Vec<&str> = ENTRIES.iter().map(|entry| entry.name).collect();
        UnknownName::new("backend", name, &valid)
    })
}

fn variant(name: &str, base: &Entry, build: Build) -> &'static Entry {
    // A poisoned lock is a list with one entry fewer than somebody wanted: still a list.
    let mut variants = VARIANTS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(there) = variants.iter().find(|entry| entry.name == name) {
        return there;
    }
    let entry: &'static Entry = Box::leak(Box::new(Entry {
        name: Box::leak(name.to_owned().into_boxed_str()),
        description: base.description,
        build: Some(build),
        make: base.make,
    }));
    variants.push(entry);
    entry
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout;
    use crate::layout::build::{BuiltBy, Plan};
    use crate::registry::Options;

    #[test]
    fn a_variant_is_built_as_its_name_says_whatever_the_options_are() {
        let layout = layout::open("frag-1mb").unwrap();
        let segments = layout.final_segments().unwrap();
        let plan = Plan { layout: &layout, segments: &segments };
        for (name, by) in [
            ("rbtree", BuiltBy::Replay),
            ("rbtree@replay", BuiltBy::Replay),
            ("rbtree@final", BuiltBy::Final),
        ] {
            let entry = find(name).unwrap();
            assert_eq!(entry.name, name);
            let built = entry.build(&plan, Options::default()).unwrap();
            assert_eq!(built.facts().built_by, by, "{name}");
        }
    }

    #[test]
    fn a_name_is_one_entry_however_often_it_is_asked_for() {
        assert!(std::ptr::eq(find("array@final").unwrap(), find("array@final").unwrap()));
        assert!(std::ptr::eq(find("array").unwrap(), &ENTRIES[0]));
    }

    #[test]
    fn a_variant_of_nothing_is_told_the_nearest_backend() {
        let error = find("rbtre@final").unwrap_err();
        assert_eq!(error.nearest.as_deref(), Some("rbtree"));
        assert!(find("rbtree@").is_err());
        assert!(find("@final").is_err());
    }
}
