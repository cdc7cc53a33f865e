//! One history, again and again: each time another request for memory is refused.

use physseg::backend::Backend;
use physseg::{Error, FrameRange, FreeList, PageId, PageSize, Pfn, SegmentTable};

use super::allocator::{Refuse, watched};
use super::counted::Counted;
use super::script::Step;

type Table<B> = SegmentTable<Counted<B>>;

/// The segment of a frame and how far into it the frame lies; the descriptor.
type Found = (Option<(FrameRange, u64)>, Option<PageId>);

/// How often something was refused in the end.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Refusals {
    /// By the backend, where one request was refused and those after it granted.
    pub(crate) after_one: usize,
    /// By the backend, where all were refused from some request on.
    pub(crate) for_good: usize,
    /// By the slabs of page descriptors.
    pub(crate) of_slabs: usize,
}

/// Everything that can be asked of a table.
#[derive(PartialEq, Eq, Debug)]
struct Picture {
    ranges: Vec<FrameRange>,
    /// Of each segment: its handle and record, and how its slab is used, in words.
    records: Vec<String>,
    /// What is found at the ends of each segment and beside them.
    found: Vec<Found>,
    pages: u64,
    slabs: usize,
}

fn picture<B: Backend>(table: &Table<B>) -> Picture {
    table.backend().check().unwrap();
    let slabs = table.slabs();
    let ranges: Vec<FrameRange> = table.segments().map(|(_, record)| record.range()).collect();
    let records = table.segments().map(|(handle, record)| {
        let slab = record.slab();
        format!("{handle:?} {record:?} {:?} {:?}", slabs.users(slab), slabs.free_pages(slab))
    });
    let around = |range: &FrameRange| {
        let (start, end) = (range.start().get(), range.end().get());
        [start.saturating_sub(1), start, end - 1, end]
    };
    let found = ranges.iter().flat_map(around).chain([u64::MAX]).map(Pfn::new).map(|pfn| {
        let (at, page) = (table.find(pfn), table.find_page(pfn));
        let holder = at.and_then(|(handle, _)| table.segment(handle));
        assert_eq!(page, holder.and_then(|record| record.page_of(pfn)), "{pfn}");
        let holder = holder.map(|record| (record.range(), (pfn.get() - record.start().get())));
        assert_eq!(holder.map(|(_, offset)| offset), at.map(|(_, offset)| offset), "{pfn}");
        (holder, page)
    });
    Picture {
        found: found.collect(),
        records: records.collect(),
        pages: table.pages(),
        slabs: slabs.slabs(),
        ranges,
    }
}

fn carry_out<B: Backend>(table: &mut Table<B>, step: Step) -> Result<(), Error> {
    match step {
        Step::Load(start, end) => {
            let (start, end) = (Pfn::new(start), Pfn::new(end));
            table.physload(start, end, start, end, FreeList::Default).map(drop)
        }
        Step::Init => table.page_init(),
        Step::Plug(start, end) => table.plug(Pfn::new(start), end - start).map(drop),
        Step::Unplug(start, end) => table.unplug(Pfn::new(start), end - start),
    }
}

/// A history on the tables of one backend.
pub(crate) struct Trial<'a, B, M: Fn() -> B> {
    pub(crate) make: M,
    /// Whether taking a record out may copy the others.
    pub(crate) removal_copies: bool,
    pub(crate) steps: &'a [Step],
}

impl<B: Backend, M: Fn() -> B> Trial<'_, B, M> {
    fn empty(&self) -> Table<B> {
        let mut table = SegmentTable::init(Counted::new((self.make)(), self.removal_copies));
        table.set_page_size(PageSize::FOUR_KIB).unwrap();
        table
    }

    /// Carries `steps` out with all the memory that they ask for; says how often each asks.
    fn go_on(table: &mut Table<B>, steps: &[Step]) -> Vec<usize> {
        let times = steps.iter().map(|&step| {
            let (outcome, asked) = watched(Refuse::Nothing, || carry_out(table, step));
            outcome.unwrap_or_else(|error| panic!("{step:?}: {error}"));
            asked
        });
        times.collect()
    }

    /// Refuses each request of each step, once alone and once with all that follow it in that step.
    /// Either the step does without, or it is refused, nothing has changed, and it succeeds when it is
    /// repeated. However that went, the history ends as it does with all the memory there is.
    pub(crate) fn run(&self) -> Refusals {
        let mut table = self.empty();
        let asked = Self::go_on(&mut table, self.steps);
        let end = picture(&table).ranges;
        let mut refusals = Refusals::default();
        for (at, &requests) in asked.iter().enumerate() {
            let kinds: [fn(usize) -> Refuse; 2] = [Refuse::One, Refuse::From];
            for refuse in (0..requests).flat_map(|nth| kinds.map(|kind| kind(nth))) {
                let mut table = self.empty();
                Self::go_on(&mut table, &self.steps[..at]);
                self.refuse_at(&mut table, at, refuse, &mut refusals);
                Self::go_on(&mut table, &self.steps[at + 1..]);
                assert_eq!(picture(&table).ranges, end, "{refuse:?} of {:?}", self.steps[at]);
            }
        }
        self.refuse_at_first(&end);
        refusals
    }

    fn refuse_at(&self, table: &mut Table<B>, at: usize, refuse: Refuse, refusals: &mut Refusals) {
        let step = self.steps[at];
        let before = picture(table);
        let (outcome, _) = watched(refuse, || carry_out(table, step));
        match outcome {
            Ok(()) => {
                picture(table);
                return;
            }
            Err(Error::NoMemory { bytes: 0 } | Error::NoDescriptors { .. }) => {
                refusals.of_slabs += 1;
            }
            Err(Error::NoMemory { .. }) if matches!(refuse, Refuse::One(_)) => {
                refusals.after_one += 1;
            }
            Err(Error::NoMemory { .. }) => refusals.for_good += 1,
            Err(error) => panic!("{refuse:?} of {step:?}: {error}"),
        }
        assert_eq!(picture(table), before, "{refuse:?} of {step:?}");
        Self::go_on(table, &[step]);
        picture(table);
    }

    /// What is set aside in advance may be refused as well: the first insertion says so, and gets it.
    fn refuse_at_first(&self, end: &[FrameRange]) {
        let (mut table, _) = watched(Refuse::From(0), || self.empty());
        let (outcome, _) = watched(Refuse::From(0), || carry_out(&mut table, self.steps[0]));
        let refused = matches!(outcome, Err(Error::NoMemory { bytes }) if bytes > 0);
        assert!(refused, "{outcome:?} without any memory");
        assert!(picture(&table).ranges.is_empty());
        Self::go_on(&mut table, self.steps);
        assert_eq!(picture(&table).ranges, end);
    }
}
