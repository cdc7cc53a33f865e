//! `s-tree:KERNEL`: the static B-tree with the kernel that its name says, where `s-tree` alone takes the
//! fastest that the processor has.
//!
//! So that kernels can be compared with each other, and machines with the same one. A kernel that this
//! processor lacks is a backend like one that cannot do a layout: it says why, and the others go on.

use physseg::backend::sorted::Kernel;

use super::Entry;
use super::recipes::STreeWith;
use crate::names::{UnknownName, nearest};

/// How the name of a tree with a kernel begins.
pub(super) const PREFIX: &str = "s-tree:";

/// Every kernel, whether this processor has it or not.
static ENTRIES: [Entry; Kernel::ALL.len()] = [
    Entry::of::<STreeWith<{ Kernel::Portable as usize }>>(
        "s-tree:portable",
        "static B-tree, nodes compared as the compiler has it for any processor",
    ),
    Entry::of::<STreeWith<{ Kernel::Avx2 as usize }>>(
        "s-tree:avx2",
        "static B-tree, nodes compared with AVX2",
    ),
    Entry::of::<STreeWith<{ Kernel::Avx512 as usize }>>(
        "s-tree:avx512",
        "static B-tree, nodes compared with AVX-512",
    ),
    Entry::of::<STreeWith<{ Kernel::Neon as usize }>>(
        "s-tree:neon",
        "static B-tree, nodes compared with NEON",
    ),
];

/// The tree with the kernel of this name.
///
/// # Errors
/// The names of all such trees, and the nearest.
pub(super) fn find(kernel: &str) -> Result<&'static Entry, UnknownName> {
    let name = format!("{PREFIX}{kernel}");
    if let Some(entry) = ENTRIES.iter().find(|entry| entry.name == name) {
        return Ok(entry);
    }
    // What they have in common makes all whole names alike.
    let nearest = nearest(kernel, &Kernel::ALL.map(Kernel::name));
    Err(UnknownName {
        nearest: nearest.map(|kernel| format!("{PREFIX}{kernel}")),
        ..UnknownName::new("backend", &name, &ENTRIES.each_ref().map(|entry| entry.name))
    })
}

/// Which kernels there are on this machine, which not, and which of them `s-tree` takes.
pub(super) fn in_words() -> String {
    let names = |available: bool| {
        let those = Kernel::ALL.into_iter().filter(|kernel| kernel.available() == available);
        those.map(Kernel::name).collect::<Vec<_>>().join(", ")
    };
    format!(
        "s-tree with the kernel named: {} (this processor lacks {}); s-tree alone takes {}",
        names(true),
        names(false),
        Kernel::best().name()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout;
    use crate::layout::build::{BuildError, Plan};
    use crate::measure::churn::{ChurnBench, Scenario};
    use crate::registry::{Options, Recipe, Room, find as by_name};

    /// What is said of a kernel that is missing.
    fn words(kernel: Kernel) -> String {
        format!("this processor has no {} instructions", kernel.name())
    }

    /// Every backend with a kernel named, and of what kernel it is.
    fn all() -> impl Iterator<Item = (&'static Entry, Kernel)> {
        Kernel::ALL.into_iter().flat_map(|kernel| {
            let tree = format!("{PREFIX}{}", kernel.name());
            let last_hit = format!("last-hit:{tree}");
            [tree.clone(), format!("{tree}@final"), format!("{last_hit}@replay"), last_hit].map(
                |name| {
                    let entry = by_name(&name).expect("a valid name");
                    assert_eq!(entry.name, name);
                    (entry, kernel)
                },
            )
        })
    }

    #[test]
    fn an_entry_has_the_kernel_of_its_name_or_says_that_it_is_missing() {
        fn hold<const K: usize>() {
            let kernel = Kernel::ALL[K];
            assert_eq!(ENTRIES[K].name, format!("{PREFIX}{}", kernel.name()));
            let missing = STreeWith::<K>::missing();
            assert_eq!(missing, (!kernel.available()).then(|| words(kernel)));
            if missing.is_none() {
                let tree = STreeWith::<K>::empty(Room { boot: 3, array: None });
                assert_eq!(tree.simd(), kernel.name());
            }
        }
        hold::<0>();
        hold::<1>();
        hold::<2>();
        hold::<3>();
    }

    #[test]
    fn a_missing_kernel_is_unsupported_in_every_variant_and_the_others_answer_right() {
        let layout = layout::open("frag-1mb").expect("shipped");
        let segments = layout.final_segments().expect("a valid layout");
        let plan = Plan { layout: &layout, segments: &segments };
        for (entry, kernel) in all() {
            match entry.build(&plan, Options::default()) {
                Ok(built) => {
                    assert!(kernel.available(), "{}", entry.name);
                    built.check().expect(entry.name);
                    let by = if entry.name.ends_with("@final") { "final" } else { "replay" };
                    assert_eq!(built.facts().built_by.as_str(), by, "{}", entry.name);
                }
                Err(BuildError::Unsupported(reason)) => {
                    assert!(!kernel.available(), "{}", entry.name);
                    assert_eq!(reason, words(kernel), "{}", entry.name);
                }
                Err(error) => panic!("{}: {error}", entry.name),
            }
        }
    }

    #[test]
    fn a_missing_kernel_takes_no_part_in_churn_and_the_others_do() {
        let layout = layout::open("frag-1mb").expect("shipped");
        let segments = layout.final_segments().expect("a valid layout");
        let plan = Plan { layout: &layout, segments: &segments };
        let tables = all().map(|(entry, _)| (entry.name, entry.churn().expect("a table")));
        let mut bench = ChurnBench::new(plan, tables);
        let missing: Vec<(usize, String)> = (0..)
            .zip(all())
            .filter(|(_, (_, kernel))| !kernel.available())
            .map(|(index, (_, kernel))| (index, words(kernel)))
            .collect();
        for scenario in [Scenario::Build, Scenario::Replug] {
            let trial = bench.trial(scenario, 1, &mut || true).expect("no wrong table");
            let trial = trial.expect("not interrupted");
            assert_eq!(trial.unsupported, missing);
            let samples = bench.round(&trial, (1, 1), 0, || true).expect("no wrong table");
            let took_part = all().count() + 1 - missing.len(); // the slabs alone are the one
            assert_eq!(samples.expect("not interrupted").len(), took_part);
        }
    }

    #[test]
    fn a_kernel_that_does_not_exist_is_told_the_nearest_and_all() {
        let unknown = find("avx51").expect_err("no kernel");
        assert_eq!(unknown.given, "s-tree:avx51");
        assert_eq!(unknown.nearest.as_deref(), Some("s-tree:avx512"));
        assert_eq!(unknown.valid, Kernel::ALL.map(|kernel| format!("{PREFIX}{}", kernel.name())));
        assert_eq!(find("qqq").expect_err("no kernel").nearest, None);
        for wrong in ["s-tree:", "s-tree:avx2:neon", "s-tree:last-hit:avx2", "rbtree:avx2"] {
            assert!(by_name(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_list_says_which_kernels_there_are() {
        let said = in_words();
        let (there, missing) = said.split_once(" (this processor lacks ").expect("both");
        for kernel in Kernel::ALL {
            let lists = if kernel.available() { there } else { missing };
            assert!(lists.contains(kernel.name()), "{said}");
        }
        let best = physseg::backend::STree::new().simd();
        assert!(said.ends_with(&format!("s-tree alone takes {best}")), "{said}");
    }
}
