//! What each backend can do, found by trying it on a table of a few segments.
//!
//! A backend says what it cannot do in its `Capabilities`, and the table refuses accordingly. What a user can
//! count on is what comes of both, so that is what `list backends` shows: nothing here is written down twice.

use physseg::{Error, FreeList, Handle, PageSize, Pfn, SegmentTable};

use super::{Recipe, Room};

/// What a backend can do after boot, and how much it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(clippy::struct_excessive_bools)] // facts that do not depend on each other
pub struct Abilities {
    /// Takes a segment after boot.
    pub plugs: bool,
    /// Gives up whole segments, or frames from the ends of one.
    pub unplugs: bool,
    /// Gives up frames from the middle of a segment.
    pub splits: bool,
    /// A handle names the same segment while others come and go; `None` where there are no others.
    pub keeps_handles: Option<bool>,
    /// Answers target `handle`.
    pub finds_handles: bool,
    /// How many segments it holds.
    pub holds: Holds,
}

/// How many segments a backend holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holds {
    /// One.
    One,
    /// As many as `--array-capacity` says.
    Limited,
    /// As many as memory holds.
    Any,
}

/// Room for records at boot, and for those of an array at all: one less than the segments tried.
const ROOM: Room = Room { boot: 16, array: Some(STARTS.len() - 1) };

/// Segments of [`FRAMES`] each, the second one below the first.
const STARTS: [u64; 4] = [256, 64, 512, 768];
const FRAMES: u64 = 32;

/// Where a segment is plugged, below all others.
const PLUGGED: u64 = 8;

impl Abilities {
    /// Answers that were found beforehand: there is nothing to change, and nothing to run out of.
    pub(super) const OF_ANSWERS: Self = Self {
        plugs: false,
        unplugs: false,
        splits: false,
        keeps_handles: None,
        finds_handles: true,
        holds: Holds::Any,
    };

    /// Those of the backend that `R` makes; `None` if this machine lacks something for it.
    pub(super) fn of<R: Recipe>() -> Option<Self> {
        if R::missing().is_some() {
            return None;
        }
        let [first, below, third, _] = STARTS;
        let (mut table, held) = loaded::<R>()?;
        let alone = held == 1;
        // Neither the lowest nor the first that was loaded, so that it has others before it in any order.
        let watched = Pfn::new(if alone { first } else { third });
        let handle = table.find(watched)?.0;
        let mut kept = true;
        // After each step, since one may undo what another did to the order.
        let mut look = |table: &SegmentTable<R::Backend>| {
            let found = table.find(watched).map(|found| found.0);
            kept &= found == Some(handle) && table.start(handle) == Some(watched);
        };
        table.page_init().ok()?;
        let splits = unplugs(&mut table, first + FRAMES / 2, 1);
        look(&table);
        let ends = unplugs(&mut table, first + FRAMES - 1, 1);
        let whole = alone || unplugs(&mut table, below, FRAMES);
        look(&table);
        let plugs = table.plug(Pfn::new(PLUGGED), FRAMES).is_ok();
        look(&table);
        Some(Self {
            plugs,
            unplugs: ends && whole,
            splits,
            keeps_handles: (!alone).then_some(kept),
            finds_handles: matches!(handle, Handle::Segment(_)),
            holds: match held {
                1 => Holds::One,
                held if held < STARTS.len() => Holds::Limited,
                _ => Holds::Any,
            },
        })
    }
}

/// A table before the end of boot with as many segments as there is room for, and how many those are.
fn loaded<R: Recipe>() -> Option<(SegmentTable<R::Backend>, usize)> {
    let mut table = SegmentTable::init(R::empty(ROOM));
    table.set_page_size(PageSize::FOUR_KIB).ok()?;
    for start in STARTS {
        let (start, end) = (Pfn::new(start), Pfn::new(start + FRAMES));
        match table.physload(start, end, start, end, FreeList::Default) {
            Ok(_) => {}
            Err(Error::NoRoom { .. }) => break,
            Err(_) => return None,
        }
    }
    let held = table.len();
    Some((table, held))
}

fn unplugs<B: physseg::backend::Backend>(
    table: &mut SegmentTable<B>,
    start: u64,
    frames: u64,
) -> bool {
    table.unplug(Pfn::new(start), frames).is_ok()
}

#[cfg(test)]
mod tests {
    use physseg::backend::Backend;

    use super::*;
    use crate::layout;
    use crate::layout::build::Plan;
    use crate::measure::Target;
    use crate::registry::{ENTRIES, Options, find, recipes};

    /// What was found by trying is what the backend says of itself, and what the registry shows.
    fn hold<R: Recipe>(name: &str) {
        let of_it = Abilities::of::<R>();
        assert_eq!(find(name).expect("a backend").abilities(), of_it, "{name}");
        let of_it = of_it.expect("nothing is missing");
        let said = R::Backend::CAPABILITIES;
        assert_eq!((of_it.plugs, of_it.splits), (said.plug_after_boot, said.split), "{name}");
        match of_it.keeps_handles {
            Some(kept) => assert_eq!(kept, said.stable_handles, "{name}"),
            None => assert_eq!(of_it.holds, Holds::One, "{name}"),
        }
        assert!(of_it.unplugs && of_it.finds_handles, "{name}");
    }

    #[test]
    fn what_is_found_by_trying_is_what_backends_say_of_themselves() {
        hold::<recipes::Array>("array");
        hold::<recipes::ArrayLinear>("array-linear");
        hold::<recipes::ArrayBigFirst>("array-bigfirst");
        hold::<recipes::ArrayContig>("array-contig");
        hold::<recipes::RbTree>("rbtree");
        hold::<recipes::ArrayRebuild>("array-rebuild");
        hold::<recipes::ArrayBranchless>("array-branchless");
        hold::<recipes::Eytzinger>("eytzinger");
        hold::<recipes::STree>("s-tree");
        hold::<recipes::Section>("section");
        hold::<recipes::BTree>("btree");
        hold::<recipes::Direct>("direct");
        hold::<recipes::Dense>("dense");
        hold::<recipes::LastHit<recipes::Array>>("last-hit:array");
        hold::<recipes::LastHit<recipes::Section>>("last-hit:section@final");
        #[cfg(feature = "rangemap")]
        hold::<recipes::RangeMap>("rangemap");
        #[cfg(feature = "intrusive")]
        hold::<recipes::Intrusive>("intrusive");
        #[cfg(feature = "vm-memory")]
        hold::<recipes::VmMemory>("vm-memory");
    }

    #[test]
    fn backends_differ_as_they_are_known_to() {
        let of = |name: &str| find(name).expect("a backend").abilities().expect("able");
        let array = of("array");
        assert_eq!((array.plugs, array.splits, array.unplugs), (false, false, true));
        assert_eq!((array.keeps_handles, array.holds), (Some(false), Holds::Limited));
        for name in ["rbtree", "section", "btree"] {
            let tree = of(name);
            assert!(tree.plugs && tree.splits && tree.unplugs, "{name}");
            assert_eq!((tree.keeps_handles, tree.holds), (Some(true), Holds::Any), "{name}");
        }
        assert_eq!((of("dense").holds, of("array-contig").holds), (Holds::One, Holds::One));
    }

    /// What has no table cannot be tried so: it is asked what it is built for.
    #[test]
    fn answers_found_beforehand_are_asked_for_handles_and_never_changed() {
        let layout = layout::open("frag-1mb").expect("shipped");
        let segments = layout.final_segments().expect("a valid layout");
        let plan = Plan { layout: &layout, segments: &segments };
        let mut without_table = ENTRIES.iter().filter(|entry| entry.churn().is_err());
        let oracle = without_table.next().expect("the oracle");
        assert!(without_table.next().is_none());
        assert_eq!(oracle.abilities(), Some(Abilities::OF_ANSWERS));
        let built = oracle.build(&plan, Options::default()).expect("it can");
        let handles = built.walk(Target::Handle).expect("handles");
        assert_eq!(handles.len(), segments.len());
    }
}
