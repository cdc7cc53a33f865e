//! Whether workloads draw what they say: bounds, coverage and shares. Seeds are fixed, so every run
//! of a test sees the same draws.

use std::sync::Arc;

use bench_harness::layout::{Layout, open};
use bench_harness::workload::{
    Addresses, Atf, Generator, Present, Random3, Repeat, RngKind, Sequential, Thousandths, Uniform,
    WorkloadKind, Xoshiro, drawn,
};
use physseg::{FrameRange, Pfn};

/// How often each frame of `[0, frames)` is drawn; any frame beyond fails.
fn histogram(mut addresses: impl Addresses, frames: usize, draws: u32) -> Vec<u32> {
    let mut counts = vec![0; frames];
    for _ in 0..draws {
        counts[usize::try_from(addresses.next_pfn().get()).unwrap()] += 1;
    }
    counts
}

/// The sum of (observed - expected)^2 / expected.
fn chi_squared(observed: &[u32], expected: f64) -> f64 {
    let terms = observed.iter().map(|&n| (f64::from(n) - expected).powi(2));
    terms.sum::<f64>() / expected
}

fn uniform_is_uniform<G: Generator>() {
    let range = FrameRange::new(Pfn::new(1000), Pfn::new(1257)).unwrap();
    let draws = 257_000;
    let counts = histogram(Uniform::<G>::over(range, 5), 1257, draws);
    assert!(counts[..1000].iter().all(|&n| n == 0), "below the range");
    assert!(counts[1000..].iter().all(|&n| n > 0), "every frame comes");
    // 256 degrees of freedom: mean 256, standard deviation 22.6; within five of them.
    let statistic = chi_squared(&counts[1000..], f64::from(draws) / 257.0);
    assert!((143.0..369.0).contains(&statistic), "{statistic}");
}

#[test]
fn uniform_covers_the_range_evenly_with_either_generator() {
    uniform_is_uniform::<Xoshiro>();
    uniform_is_uniform::<Random3>();
}

#[test]
fn uniform_stays_inside_the_largest_ranges() {
    let top = (1 << 40) - 1;
    let ranges = [(0, 1), (top, top + 1), (0, top + 1), (5, 5 + (1 << 31))];
    for (start, end) in ranges {
        let range = FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap();
        let mut xoshiro = Uniform::<Xoshiro>::over(range, 1);
        let mut random3 = Uniform::<Random3>::over(range, 1);
        let mut highest = Pfn::ZERO;
        for _ in 0..10_000 {
            let pfn = xoshiro.next_pfn();
            assert!(range.contains(pfn) && range.contains(random3.next_pfn()));
            highest = highest.max(pfn);
        }
        // The chance that 10,000 draws all miss the last hundredth is 2e-44.
        assert!(highest.get() >= end - 1 - (end - start) / 100);
    }
}

/// The share of draws in `[start, end)`.
fn share(counts: &[u32], start: usize, end: usize) -> f64 {
    let part: u32 = counts[start..end].iter().sum();
    f64::from(part) / f64::from(counts.iter().sum::<u32>())
}

fn atf(layout: &Layout, frames: usize) -> [Vec<u32>; 2] {
    [
        histogram(Atf::<Random3>::new(layout, 3), frames, 1_000_000),
        histogram(Atf::<Xoshiro>::new(layout, 3), frames, 1_000_000),
    ]
}

/// Five standard deviations of a share near 1/2 in a million draws.
const SLACK: f64 = 0.0025;

#[test]
fn atf_draws_the_first_part_of_a_chunk_twice_as_often() {
    // [256, 32768): of 32768 parts, the first 256 frames get 256 of their own and 256 folded ones.
    for counts in atf(&open("frag-128mb").unwrap(), 32768) {
        assert!(counts[..256].iter().all(|&n| n == 0), "nothing below the chunk");
        let first = share(&counts, 256, 512);
        assert!((first - 2.0 / 128.0).abs() < SLACK / 4.0, "{first}");
        let second = share(&counts, 512, 768);
        assert!((second - 1.0 / 128.0).abs() < SLACK / 4.0, "{second}");
    }
}

#[test]
fn atf_folds_all_of_the_smallest_chunk_onto_itself() {
    for counts in atf(&open("frag-1mb").unwrap(), 512) {
        assert!(counts[..256].iter().all(|&n| n == 0));
        assert!(counts[256..].iter().all(|&n| n > 0));
    }
}

#[test]
fn atf_leaves_the_chunk_where_the_original_did() {
    // 64 MB as run: frames 512 to 768 twice a third, and a third in 768 to 1024, beyond the chunk.
    for counts in atf(&open("frag-64mb-as-run").unwrap(), 1024) {
        let (inside, beyond) = (share(&counts, 512, 768), share(&counts, 768, 1024));
        assert!((inside - 2.0 / 3.0).abs() < SLACK, "{inside}");
        assert!((beyond - 1.0 / 3.0).abs() < SLACK, "{beyond}");
    }
    // 256 MB: everything moved up by 256 frames, 1/256 of it beyond the end.
    for counts in atf(&open("frag-256mb").unwrap(), 65536 + 256) {
        let beyond = share(&counts, 65536, 65536 + 256);
        assert!((beyond - 1.0 / 256.0).abs() < SLACK / 4.0, "{beyond}");
        assert!(counts[..256].iter().all(|&n| n == 0));
    }
}

#[test]
fn a_clone_and_an_equal_seed_draw_the_same() {
    let layout = open("frag-1mb").unwrap();
    let mut one = Uniform::<Xoshiro>::new(&layout, 8);
    let mut two = Uniform::<Xoshiro>::new(&layout, 8);
    one.next_pfn();
    two.next_pfn();
    let mut three = one.clone();
    for _ in 0..100 {
        let pfn = one.next_pfn();
        assert_eq!((two.next_pfn(), three.next_pfn()), (pfn, pfn));
    }
}

/// Eight segments of 1 to 8 frames with holes of as many between them, and a range that cuts both ends.
fn patchwork() -> (Vec<FrameRange>, FrameRange) {
    let range = |start, end| FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap();
    let mut at = 0;
    let segments = (1..=8).map(|frames| {
        let start = at + frames;
        at = start + frames;
        range(start, at)
    });
    (segments.collect(), range(4, 70))
}

#[test]
fn hits_always_hit_misses_never_and_both_evenly() {
    let (segments, range) = patchwork();
    let present = Present::new(Arc::new(segments.clone()), range);
    let there = |frame: u64| segments.iter().any(|segment| segment.contains(Pfn::new(frame)));
    let inside = range.start().get()..range.end().get();
    for (hits, frames) in [(true, present.frames()), (false, present.holes())] {
        for rng in RngKind::ALL {
            let workload = if hits { WorkloadKind::Hits } else { WorkloadKind::Misses };
            let layout = open("frag-1mb").unwrap();
            let mut block = vec![Pfn::ZERO; 200_000];
            drawn(workload, rng, &layout, &present, 9).fill(&mut block);
            let mut counts = vec![0; 70];
            for pfn in block {
                assert!(inside.contains(&pfn.get()) && there(pfn.get()) == hits, "{pfn}");
                counts[usize::try_from(pfn.get()).unwrap()] += 1;
            }
            counts.retain(|&count| count > 0);
            assert_eq!(counts.len() as u64, frames, "every one of them comes");
            let (draws, freedom) = (200_000.0, frames as f64 - 1.0);
            let statistic = chi_squared(&counts, draws / frames as f64);
            let limit = 5.0 * (2.0 * freedom).sqrt();
            assert!((statistic - freedom).abs() < limit, "{workload}, {rng}: {statistic}");
        }
    }
}

#[test]
fn sequential_goes_up_and_begins_again() {
    let range = FrameRange::new(Pfn::new(100), Pfn::new(107)).unwrap();
    let mut starts = std::collections::HashSet::new();
    for seed in 0..50 {
        let mut addresses = Sequential::over::<Xoshiro>(range, seed);
        let first = addresses.next_pfn().get();
        starts.insert(first);
        for step in 1..30 {
            let expected = 100 + (first - 100 + step) % 7;
            assert_eq!(addresses.next_pfn().get(), expected);
        }
    }
    assert_eq!(starts.len(), 7, "it begins anywhere");
}

fn repeats<G: Generator>(probability: u32) -> f64 {
    let range = FrameRange::new(Pfn::new(1), Pfn::new(1 << 20)).unwrap();
    let mut addresses = Repeat::<G>::over(range, Thousandths::new(probability), 3);
    let (mut last, mut same) = (addresses.next_pfn(), 0_u32);
    for _ in 0..100_000 {
        let pfn = addresses.next_pfn();
        assert!(range.contains(pfn));
        same += u32::from(pfn == last);
        last = pfn;
    }
    f64::from(same) / 100_000.0
}

#[test]
fn repeat_repeats_as_often_as_it_says() {
    for (probability, share) in [(0, 0.0), (1, 0.001), (500, 0.5), (900, 0.9), (999, 0.999)] {
        for repeats in [repeats::<Xoshiro>(probability), repeats::<Random3>(probability)] {
            // Five standard deviations of a share, at most 0.008.
            assert!((repeats - share).abs() < 0.008, "{repeats} of {share}");
        }
    }
}

#[test]
fn a_block_at_a_time_is_the_same_sequence() {
    let layout = open("frag-256mb").unwrap();
    let segments = Arc::new(layout.final_segments().unwrap());
    let present = Present::new(segments, layout.lookups.range);
    for name in ["uniform", "atf", "hits", "misses", "sequential", "zipf:0.9", "repeat:0.5"] {
        for rng in RngKind::ALL {
            let of = |sizes: &[usize]| {
                let mut addresses = drawn(name.parse().unwrap(), rng, &layout, &present, 77);
                let mut all = Vec::new();
                for &size in sizes {
                    let mut block = vec![Pfn::ZERO; size];
                    addresses.fill(&mut block);
                    all.extend(block);
                }
                all
            };
            let whole = of(&[1000]);
            assert_eq!(whole, of(&[1, 2, 300, 0, 697]), "{name}");
            let inside = |pfn: &Pfn| layout.lookups.range.contains(*pfn);
            // The original's folding is the only one that leaves the range.
            assert!(name == "atf" || whole.iter().all(inside), "{name}");
        }
    }
}
