//! Where the frames of the model lie: which frames of the table each of them stands for.
//!
//! The model looks at every frame, so it can have but few of them. A backend may do otherwise where
//! frames are far apart, segments long, or many. So a frame of the model stands for a run of frames
//! of the table, in one of a few *regions* with other origins and other lengths of these runs; and
//! there can be more of them, for a crowd of segments. The order stays, and inside a region runs
//! follow each other without a hole, so that the model's answers hold. No segment reaches from
//! region to region: it would hold all that lies between.

use physseg::PageSize;
use proptest::collection::vec;
use proptest::prelude::*;

use super::operation::FRAMES;

/// A crowd's segments are as many frames of the model apart: a segment and a hole.
pub(crate) const APART: u64 = 2;

/// The longest run where there are more than [`FEW`] in a region. (Checks look at every frame.)
const SHORT: u64 = 64;
const FEW: u64 = 16;

/// How far regions are apart for a backend that has memory for all that lies between.
const NEAR: u64 = 1 << 12;

/// A region as it is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region {
    /// From the first frame of the region below to its own; the lowest region's, from frame 0.
    distance: u64,
    /// Of every [`FRAMES`] frames of the model, how many it takes. The last one takes the rest.
    share: u64,
    /// How many frames each of the model's stands for.
    length: u64,
}

/// A ground as it is drawn.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    regions: Vec<Region>,
    /// Whether the last region is moved to the end of the address space.
    to_the_top: bool,
    /// For how many more segments there is to be room.
    pub(crate) crowd: u64,
}

impl Plan {
    /// Each frame of the model is that of the table with its number.
    const PLAIN: Self = Self { regions: Vec::new(), to_the_top: false, crowd: 0 };
}

/// Mostly plain.
pub(crate) fn quiet() -> impl Strategy<Value = Plan> {
    prop_oneof![3 => Just(Plan::PLAIN), 2 => spread(Just(0).boxed())]
}

/// With a crowd.
pub(crate) fn crowded() -> impl Strategy<Value = Plan> {
    prop_oneof![
        1 => crowd().prop_map(|crowd| Plan { crowd, ..Plan::PLAIN }),
        1 => spread(crowd()),
    ]
}

/// Mostly as few as a small structure has to become a large one for, rarely some thousand.
fn crowd() -> BoxedStrategy<u64> {
    prop_oneof![24 => 70..400u64, 1 => 1_000..3_000u64].boxed()
}

fn spread(crowd: BoxedStrategy<u64>) -> impl Strategy<Value = Plan> {
    let to_the_top = prop_oneof![4 => Just(false), 1 => Just(true)];
    (vec(region(), 1..=5), to_the_top, crowd).prop_map(|(regions, to_the_top, crowd)| Plan {
        regions,
        to_the_top,
        crowd,
    })
}

fn region() -> impl Strategy<Value = Region> {
    // What fits 16, 32 bits and what does not; and the sizes of blocks.
    static FAR: [u64; 9] =
        [64, 1 << 15, 1 << 16, 1 << 17, 1 << 25, 1 << 32, (1 << 32) - 1, 1 << 33, 1 << 37];
    let distance = prop_oneof![
        1 => 0..300u64,
        2 => prop::sample::select(&FAR[..]),
        1 => (prop::sample::select(&FAR[..]), 0..300u64).prop_map(|(far, more)| far + more),
    ];
    let length = prop::sample::select(vec![1, 1, 1, 2, 7, 64, 1 << 12, 1 << 14, 1 << 15]);
    (distance, 4..64u64, length).prop_map(|(distance, share, length)| Region {
        distance,
        share,
        length,
    })
}

/// The frames of the table that each frame of the model stands for. See the [module](self).
#[derive(Debug)]
pub(crate) struct Ground {
    /// First frames, and how many from there.
    runs: Vec<(u64, u64)>,
    /// Where regions end, in frames of the model.
    ends: Vec<u64>,
}

impl Ground {
    /// `near` keeps everything close together.
    pub(crate) fn new(plan: &Plan, near: bool) -> Self {
        let limit = PageSize::FOUR_KIB.frame_limit().get();
        let all = FRAMES + APART * plan.crowd;
        let (mut runs, mut ends) = (Vec::new(), Vec::new());
        let (mut origin, mut free) = (0, 0);
        let last = plan.regions.len().saturating_sub(1);
        for (nth, region) in plan.regions.iter().enumerate() {
            let begun = runs.len() as u64;
            let rest = all - begun;
            let count = if nth == last { rest } else { rest.min(region.share * all / FRAMES) };
            let most = if count > FEW || near { SHORT } else { u64::MAX };
            let length = region.length.min(most);
            let distance = if near { region.distance.min(NEAR) } else { region.distance };
            origin = free.max(origin + distance);
            if nth == last && plan.to_the_top && !near {
                origin = limit - count * length;
            }
            runs.extend((0..count).map(|nth| (origin + nth * length, length)));
            free = origin + count * length;
            ends.push(begun + count);
        }
        if plan.regions.is_empty() {
            runs.extend((0..all).map(|frame| (frame, 1)));
            ends.push(all);
        }
        Self { runs, ends }
    }

    /// How many frames the model has.
    pub(crate) fn frames(&self) -> u64 {
        self.runs.len() as u64
    }

    /// Where regions end, in frames of the model.
    pub(crate) fn ends(&self) -> &[u64] {
        &self.ends
    }

    fn run(&self, frame: u64) -> Option<(u64, u64)> {
        self.runs.get(usize::try_from(frame).ok()?).copied()
    }

    /// How many frames of the table `frame` stands for.
    pub(crate) fn length(&self, frame: u64) -> u64 {
        self.run(frame).map_or(1, |(_, length)| length)
    }

    /// The first of them. What the model has not stands for itself.
    pub(crate) fn start(&self, frame: u64) -> u64 {
        self.run(frame).map_or(frame, |(start, _)| start)
    }

    /// The end, in frames of the table, of what ends before the model's frame `end`.
    pub(crate) fn end(&self, end: u64) -> u64 {
        let last = end.checked_sub(1).and_then(|last| self.run(last));
        last.map_or(end, |(start, length)| start + length)
    }

    /// Start and end of `[start, end)` in frames of the table.
    pub(crate) fn bounds(&self, start: u64, end: u64) -> (u64, u64) {
        let low = self.start(start);
        (low, if start < end { self.end(end) } else { low })
    }

    /// As many of `pages` frames from `start` as lie in one region.
    pub(crate) fn clip(&self, start: u64, pages: u64) -> u64 {
        let end = self.ends.iter().find(|&&end| start < end);
        end.map_or(pages, |end| pages.min(end - start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGIONS: [Region; 3] = [
        Region { distance: 100, share: 8, length: 1 << 15 },
        Region { distance: 1 << 32, share: 60, length: 2 },
        Region { distance: 7, share: 0, length: 1 },
    ];

    #[test]
    fn frames_keep_their_order_and_follow_each_other_inside_a_region() {
        for (near, crowd) in [(false, 0), (false, 640), (true, 0), (true, 64)] {
            let plan = Plan { regions: REGIONS.to_vec(), to_the_top: true, crowd };
            let ground = Ground::new(&plan, near);
            let all = FRAMES + APART * crowd;
            assert_eq!((ground.frames(), ground.ends().last()), (all, Some(&all)));
            for frame in 1..all {
                let follows = ground.start(frame) == ground.end(frame);
                assert!(follows || ground.start(frame) > ground.end(frame));
                assert!(follows || ground.ends().contains(&frame));
            }
            let top = ground.end(all);
            assert_eq!(top == 1 << 40, !near);
            assert!(near == (top - ground.start(0) < 1 << 16), "{top}");
        }
    }

    #[test]
    fn a_plain_ground_is_none() {
        let ground = Ground::new(&Plan::PLAIN, false);
        assert!((0..200).all(|frame| ground.start(frame) == frame && ground.end(frame) == frame));
        assert_eq!((ground.clip(120, 20), ground.clip(1 << 40, 5)), (8, 5));
        assert_eq!(ground.bounds(3, 3), (3, 3));
    }
}
