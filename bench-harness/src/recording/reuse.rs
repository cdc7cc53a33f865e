//! Reuse distance: how many other frames are touched before the same one comes again.
//!
//! A cache of n lines that throws out what was not used for longest answers exactly those touches whose
//! distance is below n (Mattson, Gecsei, Slutz and Traiger, "Evaluation techniques for storage hierarchies",
//! IBM Systems Journal 9(2), 1970: the LRU stack distance). So the distances of a stream say how local it is,
//! whatever the machine. Counted exactly, with a tree of partial sums over the moments at which a frame
//! was touched last (Bennett and Kruskal, "LRU stack processing", IBM Journal of Research and Development
//! 19(4), 1975; the tree after Fenwick, 1994): n log n steps.

use std::collections::HashMap;

use physseg::Pfn;

/// The distances of a stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reuse {
    /// Touches of frames that were not touched before; as many as there are frames.
    pub firsts: u64,
    /// How many of the others there are at each distance; 0 is the frame just touched.
    pub at: Vec<u64>,
}

impl Reuse {
    /// Of `pfns`, of which there are at most 2^32.
    pub fn of(pfns: impl ExactSizeIterator<Item = Pfn>) -> Self {
        let mut latest = Marks::new(pfns.len());
        let mut last: HashMap<u64, usize> = HashMap::new();
        let mut reuse = Self { firsts: 0, at: Vec::new() };
        for (now, pfn) in pfns.enumerate() {
            match last.insert(pfn.get(), now) {
                None => reuse.firsts += 1,
                Some(before) => {
                    // Each frame touched since has its latest touch behind `before`.
                    let others = last.len() - latest.up_to(before);
                    if reuse.at.len() <= others {
                        reuse.at.resize(others + 1, 0);
                    }
                    reuse.at[others] += 1;
                    latest.clear(before);
                }
            }
            latest.set(now);
        }
        reuse
    }

    /// How many touches have a distance.
    pub fn again(&self) -> u64 {
        self.at.iter().sum()
    }

    /// The smallest distance that at least this share of them, from 0 to 1, do not exceed; `None` where
    /// nothing comes again.
    pub fn quantile(&self, share: f64) -> Option<u64> {
        let again = self.again();
        let mut seen = 0;
        let wanted = share * again as f64;
        let mut distances = (0..).zip(&self.at).filter(|&(_, &count)| count > 0);
        distances
            .find(|&(_, &count)| {
                seen += count;
                seen as f64 >= wanted
            })
            .map(|(distance, _)| distance)
    }

    /// How many have a distance from `low` up to and without `high`.
    pub fn between(&self, low: u64, high: u64) -> u64 {
        let place =
            |distance| usize::try_from(distance).map_or(self.at.len(), |at| at.min(self.at.len()));
        self.at[place(low)..place(high)].iter().sum()
    }
}

/// Marked moments, and how many of them lie before one.
struct Marks {
    /// Fenwick's tree: the node at i (from 1) has the sum of the i & -i moments that end with it.
    sums: Vec<u32>,
}

impl Marks {
    fn new(moments: usize) -> Self {
        Self { sums: vec![0; moments + 1] }
    }

    fn set(&mut self, moment: usize) {
        self.add(moment, 1);
    }

    fn clear(&mut self, moment: usize) {
        self.add(moment, u32::MAX); // minus 1
    }

    fn add(&mut self, moment: usize, more: u32) {
        let mut at = moment + 1;
        while let Some(sum) = self.sums.get_mut(at) {
            *sum = sum.wrapping_add(more);
            at += at & at.wrapping_neg();
        }
    }

    /// How many marks lie at `moment` or before.
    fn up_to(&self, moment: usize) -> usize {
        let (mut at, mut sum) = (moment + 1, 0_u32);
        while at > 0 {
            sum = sum.wrapping_add(self.sums[at]);
            at &= at - 1;
        }
        sum as usize
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn reuse(pfns: &[u64]) -> Reuse {
        Reuse::of(pfns.iter().copied().map(Pfn::new))
    }

    /// For each touch, a walk back to the one before, counting what lies between.
    fn naive(pfns: &[u64]) -> Reuse {
        let mut reuse = Reuse { firsts: 0, at: Vec::new() };
        for (now, pfn) in pfns.iter().enumerate() {
            let Some(before) = pfns[..now].iter().rposition(|other| other == pfn) else {
                reuse.firsts += 1;
                continue;
            };
            let between: HashSet<_> = pfns[before + 1..now].iter().collect();
            if reuse.at.len() <= between.len() {
                reuse.at.resize(between.len() + 1, 0);
            }
            reuse.at[between.len()] += 1;
        }
        reuse
    }

    #[test]
    fn distances_are_of_different_frames() {
        // 1 again after 2 and 3; 3 again after 1; 3 at once; 2 again after 3 and 1.
        let found = reuse(&[1, 2, 3, 2, 1, 3, 3]);
        assert_eq!(found, Reuse { firsts: 3, at: vec![1, 1, 2] });
        assert_eq!((found.again(), found.between(1, 3), found.between(3, u64::MAX)), (4, 3, 0));
        assert_eq!(found.quantile(0.25), Some(0));
        assert_eq!(found.quantile(0.5), Some(1));
        assert_eq!(found.quantile(0.51), Some(2));
        assert_eq!(found.quantile(1.0), Some(2));
        assert_eq!(reuse(&[1, 2]).quantile(0.5), None);
        assert_eq!(reuse(&[]), Reuse { firsts: 0, at: vec![] });
    }

    proptest! {
        #[test]
        fn distances_are_those_of_a_walk_back(pfns in prop::collection::vec(0_u64..20, 0..200)) {
            prop_assert_eq!(reuse(&pfns), naive(&pfns));
        }
    }
}
