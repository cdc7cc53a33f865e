//! From a name to a backend, or to a variant of one.
//!
//! - `last-hit:NAME` is the backend with a memory of the segment found last, see
//!   [`LastHit`](physseg::backend::LastHit);
//! - `NAME@replay` and `NAME@final` are the backend with its tables built that way, whatever `--build`
//!   says, so that two histories can stand side by side in one run;
//! - `s-tree:KERNEL` is that tree with the SIMD kernel named, see [`kernels`](super::kernels).
//!
//! They combine: `last-hit:s-tree:avx2@final`.
//!
//! - `plugin:FILE` is a shared object of the user's own, see [`plugins`](super::plugins);
//! - `abi:null` and `abi:array` are called as plugins are, see [`controls`](super::controls).

use std::sync::Mutex;

use super::{ENTRIES, Entry, Source, controls, kernels, plugins};
use crate::layout::build::Build;
use crate::names::UnknownName;
use crate::plugin::{Own, PluginError};

/// How the name of a backend with a memory begins.
const LAST_HIT: &str = "last-hit:";

/// How a table may be built, as the end of a name has it.
pub(super) const BUILDS: [(&str, Build); 2] =
    [("@replay", Build::Replay), ("@final", Build::Final)];

/// The kinds of variants, for people: how they are named, and what they are.
pub fn kinds() -> [(&'static str, String); 6] {
    let control = |own: Own| (own.name(), own.description().to_owned());
    [
        ("s-tree:KERNEL", kernels::in_words()),
        (
            "last-hit:NAME",
            "any of these, trying the segment found last before it searches (not plugin: and abi:)"
                .to_owned(),
        ),
        (
            "NAME@final",
            "any of these, loaded at boot as the layout ends (NAME@replay: step by step)"
                .to_owned(),
        ),
        (
            "plugin:FILE",
            "a shared object of your own, as plugin:./libmine.so, through physseg_backend.h \
             (FILE@single: find for every lookup instead of find_batch; FILE@final, FILE@replay); \
             `plugin check FILE` tries it"
                .to_owned(),
        ),
        control(Own::Null),
        control(Own::Array),
    ]
}

/// Variants and plugins that were asked for. They live as long as the program, like the backends that they are
/// variants of; each name makes one.
static VARIANTS: Mutex<Vec<&'static Entry>> = Mutex::new(Vec::new());

/// Backends that a program may be built without: each is behind the feature of its name.
pub(super) const FEATURES: [&str; 3] = ["rangemap", "intrusive", "vm-memory"];

/// Why there is no backend of a name.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoBackend {
    /// It is none of the names.
    #[error(transparent)]
    Unknown(#[from] UnknownName),
    /// It is, but this program was built without it.
    #[error(
        "backend {0:?}: this program was built without the feature `{0}`; \
         build with `cargo build --release -p bench-harness --features {0}`"
    )]
    NotBuilt(&'static str),
    /// It is one that is called as plugins are, whose segments nobody else can remember.
    #[error(
        "backend {0:?}: `last-hit:` remembers where the segment found last begins and ends, and physseg_backend.h tells \
         only where one begins: whether the next frame is in it too would have to be asked. What is behind the \
         interface may remember by itself; leave `last-hit:` out"
    )]
    NoEnd(String),
    /// It names no file that could be a plugin; whether a file is one shows when it is loaded.
    #[error("plugin {0}")]
    Plugin(#[from] PluginError),
}

/// The backend called `name`, which may begin with `last-hit:` and end in `@replay` or `@final`.
///
/// # Errors
/// The valid names, and the nearest; or the feature that the program was built without; or that a plugin has no
/// file.
pub fn find(name: &str) -> Result<&'static Entry, NoBackend> {
    if name.starts_with(plugins::PREFIX) {
        return made_once(name, |name| plugins::entry(name, &name[plugins::PREFIX.len()..]));
    }
    if name.starts_with(controls::PREFIX) {
        return made_once(name, controls::entry);
    }
    let ending = |rest: &&str| BUILDS.into_iter().find(|(end, _)| rest.ends_with(end));
    let remembers = name.starts_with(LAST_HIT);
    let rest = name.strip_prefix(LAST_HIT).unwrap_or(name);
    if remembers && [plugins::PREFIX, controls::PREFIX].iter().any(|kind| rest.starts_with(kind)) {
        return Err(NoBackend::NoEnd(name.to_owned()));
    }
    let end = ending(&rest);
    let base = base(end.and_then(|(end, _)| rest.strip_suffix(end)).unwrap_or(rest))?;
    if base.name == name {
        return Ok(base);
    }
    match base.source {
        Source::Ours { makers, last_hit } if makers.churn.is_some() => {
            let source =
                Source::Ours { makers: if remembers { last_hit } else { makers }, last_hit };
            let build = end.map(|(_, build)| build);
            made_once(name, |name| Ok(Entry { name, description: base.description, build, source }))
        }
        _ => among(ENTRIES, name), // without a table there is nothing to build or to remember
    }
}

/// The backend that others are variants of.
fn base(name: &str) -> Result<&'static Entry, NoBackend> {
    match name.strip_prefix(kernels::PREFIX) {
        Some(kernel) => Ok(kernels::find(kernel)?),
        None => among(ENTRIES, name),
    }
}

fn among<'a>(entries: &'a [Entry], name: &str) -> Result<&'a Entry, NoBackend> {
    if let Some(entry) = entries.iter().find(|entry| entry.name == name) {
        return Ok(entry);
    }
    if let Some(feature) = FEATURES.into_iter().find(|&feature| feature == name) {
        return Err(NoBackend::NotBuilt(feature));
    }
    let valid: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
    Err(UnknownName::new("backend", name, &valid).into())
}

/// The entry called `name`: the one that was made before, or else what `make` makes.
fn made_once(
    name: &str,
    make: impl FnOnce(&'static str) -> Result<Entry, NoBackend>,
) -> Result<&'static Entry, NoBackend> {
    // A poisoned lock is a list with one entry fewer than somebody wanted: still a list.
    let mut variants = VARIANTS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(there) = variants.iter().find(|entry| entry.name == name) {
        return Ok(there);
    }
    let entry = make(Box::leak(name.to_owned().into_boxed_str()))?;
    let entry: &'static Entry = Box::leak(Box::new(entry));
    variants.push(entry);
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout;
    use crate::layout::build::{BuiltBy, Plan};
    use crate::registry::{ArrayCapacity, Options};

    #[test]
    fn a_variant_is_built_as_its_name_says_whatever_the_options_are() {
        let layout = layout::open("frag-1mb").unwrap();
        let segments = layout.final_segments().unwrap();
        let plan = Plan { layout: &layout, segments: &segments };
        let options = Options { array_capacity: ArrayCapacity::Unlimited, ..Options::default() };
        for (name, by) in [
            ("rbtree", BuiltBy::Replay),
            ("rbtree@replay", BuiltBy::Replay),
            ("rbtree@final", BuiltBy::Final),
            ("last-hit:rbtree", BuiltBy::Replay),
            ("last-hit:rbtree@final", BuiltBy::Final),
            ("last-hit:array", BuiltBy::Final),
        ] {
            let entry = find(name).unwrap();
            assert_eq!(entry.name, name);
            let built = entry.build(&plan, options).unwrap();
            assert_eq!(built.facts().built_by, by, "{name}");
        }
    }

    #[test]
    fn a_name_is_one_entry_however_often_it_is_asked_for() {
        assert!(std::ptr::eq(find("array@final").unwrap(), find("array@final").unwrap()));
        assert!(std::ptr::eq(find("array").unwrap(), ENTRIES.first().unwrap()));
    }

    #[test]
    fn a_variant_of_nothing_is_told_the_nearest_backend() {
        let error = find("rbtre@final").unwrap_err();
        assert!(
            matches!(error, NoBackend::Unknown(error) if error.nearest.as_deref() == Some("rbtree"))
        );
        assert!(find("rbtree@").is_err());
        for wrong in [
            "@final",
            "last-hit",
            "last-hit:",
            "last-hit:last-hit:array",
            "last-hit:oracle",
            "oracle@final",
        ] {
            assert!(find(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_memory_around_a_plugin_is_refused_with_the_reason() {
        for name in
            ["last-hit:plugin:./libmine.so", "last-hit:abi:array", "last-hit:abi:null@single"]
        {
            let error = find(name).expect_err("it cannot be");
            assert_eq!(error, NoBackend::NoEnd(name.to_owned()));
            let words = error.to_string();
            assert!(words.contains(name) && words.contains("leave `last-hit:` out"), "{words}");
        }
    }

    #[test]
    fn a_backend_left_out_of_the_program_is_said_to_be() {
        let without: Vec<Entry> = ENTRIES
            .iter()
            .filter(|entry| !FEATURES.contains(&entry.name))
            .map(|entry| Entry { ..*entry })
            .collect();
        for feature in FEATURES {
            let error = among(&without, feature).expect_err("not built");
            assert_eq!(error, NoBackend::NotBuilt(feature));
            let words = error.to_string();
            assert!(words.contains(&format!("without the feature `{feature}`")), "{words}");
            assert!(words.contains(&format!("--features {feature}")), "{words}");
        }
        assert!(matches!(among(&without, "rangemaps"), Err(NoBackend::Unknown(_))));
    }

    #[test]
    fn a_feature_that_is_on_names_an_entry() {
        let on =
            [cfg!(feature = "rangemap"), cfg!(feature = "intrusive"), cfg!(feature = "vm-memory")];
        for (feature, on) in FEATURES.into_iter().zip(on) {
            assert_eq!(find(feature).is_ok(), on, "{feature}");
        }
    }

    /// The table that each entry builds of a fragmented layout answers as the layout's segments do.
    #[test]
    fn crates_of_others_build_a_fragmented_layout() {
        let layout = layout::open("frag-1mb").expect("shipped");
        let segments = layout.final_segments().expect("a valid layout");
        let plan = Plan { layout: &layout, segments: &segments };
        for entry in ENTRIES.iter().filter(|entry| FEATURES.contains(&entry.name)) {
            let subject = entry.build(&plan, Options::default()).expect("it can");
            subject.check().expect(entry.name);
            let facts = subject.facts();
            assert_eq!(facts.segments, segments.len() as u64, "{}", entry.name);
            assert!(facts.bytes_total > Some(facts.segments * 72), "{}", entry.name);
            let walk = subject.walk(crate::measure::Target::Page).expect("descriptors");
            assert_eq!(walk.len(), segments.len(), "{}", entry.name);
        }
    }
}
