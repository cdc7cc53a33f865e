//! The behaviour suite: what every segment table does, whatever data structure is behind it.
//!
//! The subjects are those of the 48 cases of the suite that `uvm_hotplug(9)` came with. Each case is
//! a function generic over the backend, and [`stamp!`] makes a test of it for every backend:
//! `array` (binary search), `array_linear`, `array_bigfirst`, `array_contig` (one segment only),
//! `rbtree` and `section`. Where backends differ by design, a case asks [`Capabilities`] and asserts what each of
//! them does; `array_contig` refuses the second segment of a case, which is asserted too.
//!
//! | | subject in the original | here |
//! |---|---|---|
//! | 1 | alloc at boot of an odd size | `node_pool::an_odd_size_is_refused_at_boot` |
//! | 2 | alloc at boot beyond the capacity | `node_pool::more_than_the_boot_array_holds_is_refused`, `node_allocation::boot_takes_its_capacity_and_not_one_more` |
//! | 3 | alloc sanity | `node_pool::all_of_the_boot_array_at_boot_and_any_size_afterwards`, `node_allocation::after_boot_the_capacity_binds_only_the_array` |
//! | 4 | free at boot of an odd size | `node_pool::giving_an_odd_size_back_is_refused_at_boot` |
//! | 5 | free sanity | `node_pool::what_was_handed_out_goes_back_once` |
//! | 6 | nodes freed at boot leak | `node_pool::nodes_freed_at_boot_are_not_handed_out_again`, `node_allocation::a_record_freed_at_boot` |
//! | 7 | plug | `hotplug::plug_at_boot_leaves_pages_at_zero`, `hotplug::plug_after_boot_fills_the_old_slab_before_a_new_one` |
//! | 8 | unplug | `hotplug::unplug_from_the_middle_splits`, `..._of_a_whole_segment_invalidates_its_handle`, `..._from_the_back_keeps_the_front`, `..._from_the_front_keeps_the_back`, `hotplug::the_only_segment_cannot_be_unplugged` |
//! | 9 | init | `life_cycle::init_gives_a_table_without_segments` |
//! | 10 | physload before the end of boot | `life_cycle::physload_at_boot_adds_a_segment_without_pages` |
//! | 11 | physload after the end of boot | `life_cycle::physload_after_boot_is_refused` |
//! | 12 | handle immutable | `neighbours::an_old_handle_after_loading_below_it` |
//! | 13 | chomp slab | `slabs::a_slab_allocates_and_frees` |
//! | 14 | alloc from slab | `slabs::allocation_beyond_a_slab_is_refused` |
//! | 15 | init seg | `life_cycle::the_end_of_boot_counts_the_pages` |
//! | 16, 17 | start; of an invalid handle | `accessors::start_is_the_first_frame`, `accessors::start_of_an_invalid_handle_is_none` |
//! | 18, 19 | end; of an invalid handle | `accessors::end_is_the_frame_after_the_last`, `accessors::end_of_an_invalid_handle_is_none` |
//! | 20, 21 | avail start; of an invalid handle | `accessors::avail_start_is_the_first_available_frame`, `accessors::avail_start_of_an_invalid_handle_is_none` |
//! | 22, 23 | avail end; of an invalid handle | `accessors::avail_end_is_the_frame_after_the_last_available`, `accessors::avail_end_of_an_invalid_handle_is_none` |
//! | 24, 25 | next; of an invalid handle | `neighbours::next_goes_up_and_ends_in_overflow`, `neighbours::next_of_an_invalid_handle_is_invalid` |
//! | 26, 27 | prev; of an invalid handle | `neighbours::prev_goes_down_and_ends_in_empty`, `neighbours::prev_of_an_invalid_handle_is_invalid` |
//! | 28 | first | `neighbours::first_is_the_lowest_whatever_the_order_of_loading` |
//! | 29 | last | `neighbours::last_is_the_highest_whatever_the_order_of_loading` |
//! | 30, 31 | valid; of an invalid handle | `neighbours::a_present_segment_is_valid_before_and_after_boot`, `neighbours::handles_that_name_nothing_are_not_valid` |
//! | 32 | highest frame | `neighbours::highest_frame_is_inside_the_last_segment` |
//! | 33 | free list | `accessors::free_list_is_the_one_loaded_with` |
//! | 34 | start hint | `accessors::start_hint_is_zero_at_first` |
//! | 35, 36 | set start hint; of an invalid handle | `accessors::start_hint_stays_as_set`, `accessors::start_hint_of_an_invalid_handle_cannot_be_set` |
//! | 37 | get page | `accessors::get_page_counts_from_the_segments_start` |
//! | 38 | pmap data | `accessors::pmap_data_is_there_and_stays` |
//! | 39, 40 | find; of a missing frame | `accessors::find_gives_segment_and_offset`, `accessors::find_of_a_missing_frame_is_none` |
//! | 41 | physunload from the start | `physunload::takes_frames_from_the_start` |
//! | 42 | physunload from the end | `physunload::takes_frames_from_the_end` |
//! | 43 | physunload of nothing | `physunload::takes_none_when_avail_touches_neither_end` |
//! | 44 | physunload deletes, from the start | `physunload::draining_from_the_start_deletes_the_segment` |
//! | 45 | physunload deletes, from the end | `physunload::draining_from_the_end_deletes_the_segment` |
//! | 46 | physunload of another free list | `physunload::takes_none_for_another_free_list` |
//! | 47 | physunload by force | `physunload::forced_takes_all_frames_of_a_segment` |
//! | 48 | physunload by force, nothing there | `physunload::forced_takes_none_when_nothing_is_available` |
//!
//! Beyond these: the original's slips ([`slips`]), failures put in on purpose ([`failures`]), and
//! the differences in handles and ranges that the original's cases only touch.
//!
//! [`Capabilities`]: physseg::backend::Capabilities

mod accessors;
mod failures;
mod hotplug;
mod life_cycle;
mod neighbours;
mod node_allocation;
mod node_pool;
mod physunload;
mod slabs;
mod slips;
mod stubborn;
mod support;

use physseg::backend::{Array, BigFirst, Bsearch, Contig, Linear, RbTree, Section};

/// Makes a test of every case on every backend. A case that is not listed is dead code, which the
/// compiler reports.
macro_rules! stamp {
    (@on $name:ident: $backend:ty, $($module:ident { $($case:ident)* })*) => {
        mod $name {
            use super::*;
            $(mod $module {
                use super::*;
                $(#[test]
                fn $case() {
                    crate::$module::$case::<$backend>();
                })*
            })*
        }
    };
    ($($cases:tt)*) => {
        stamp!(@on array: Array<Bsearch>, $($cases)*);
        stamp!(@on array_linear: Array<Linear>, $($cases)*);
        stamp!(@on array_bigfirst: Array<BigFirst>, $($cases)*);
        stamp!(@on array_contig: Array<Contig>, $($cases)*);
        stamp!(@on rbtree: RbTree, $($cases)*);
        stamp!(@on section: Section, $($cases)*);
    };
}

stamp! {
    node_allocation {
        boot_takes_its_capacity_and_not_one_more
        after_boot_the_capacity_binds_only_the_array
        a_record_freed_at_boot
        a_split_at_boot_takes_a_record_or_leaves_the_segment_whole
    }
    life_cycle {
        init_gives_a_table_without_segments
        physload_at_boot_adds_a_segment_without_pages
        physload_after_boot_is_refused
        the_end_of_boot_counts_the_pages
        the_end_of_boot_gives_every_segment_its_descriptors
        boot_cannot_end_without_segments_or_page_size
        nothing_is_loaded_before_the_page_size_is_set
        ranges_that_make_no_segment_are_refused
        a_frozen_table_answers_and_does_not_change
    }
    hotplug {
        plug_at_boot_leaves_pages_at_zero
        plug_after_boot_fills_the_old_slab_before_a_new_one
        unplug_from_the_middle_splits
        unplug_of_a_whole_segment_invalidates_its_handle
        unplug_from_the_back_keeps_the_front
        unplug_from_the_front_keeps_the_back
        the_only_segment_cannot_be_unplugged
        unplug_of_what_is_not_in_one_segment_is_refused
    }
    slabs {
        the_boot_slab_follows_unplug_and_plug
        a_plug_beyond_the_old_slab_makes_a_new_one
        a_materialised_descriptor_names_its_frame
    }
    accessors {
        start_is_the_first_frame
        end_is_the_frame_after_the_last
        avail_start_is_the_first_available_frame
        avail_end_is_the_frame_after_the_last_available
        start_of_an_invalid_handle_is_none
        end_of_an_invalid_handle_is_none
        avail_start_of_an_invalid_handle_is_none
        avail_end_of_an_invalid_handle_is_none
        free_list_is_the_one_loaded_with
        start_hint_is_zero_at_first
        start_hint_stays_as_set
        start_hint_of_an_invalid_handle_cannot_be_set
        get_page_counts_from_the_segments_start
        pmap_data_is_there_and_stays
        find_gives_segment_and_offset
        find_of_a_missing_frame_is_none
    }
    neighbours {
        next_goes_up_and_ends_in_overflow
        prev_goes_down_and_ends_in_empty
        next_of_an_invalid_handle_is_invalid
        prev_of_an_invalid_handle_is_invalid
        first_is_the_lowest_whatever_the_order_of_loading
        last_is_the_highest_whatever_the_order_of_loading
        a_present_segment_is_valid_before_and_after_boot
        handles_that_name_nothing_are_not_valid
        highest_frame_is_inside_the_last_segment
        an_old_handle_after_loading_below_it
        an_old_handle_after_a_lower_segment_went
        a_handle_after_cutting_its_segment
    }
    physunload {
        takes_frames_from_the_start
        takes_frames_from_the_end
        takes_none_when_avail_touches_neither_end
        draining_from_the_start_deletes_the_segment
        draining_from_the_end_deletes_the_segment
        takes_none_for_another_free_list
        forced_takes_all_frames_of_a_segment
        forced_takes_from_the_middle
        forced_takes_none_when_nothing_is_available
    }
    slips {
        first_and_last_of_an_empty_table_are_empty
        highest_frame_is_inclusive_and_none_when_empty
        cutting_at_boot_leaves_pages_at_zero
        overlap_of_any_frame_is_refused_at_boot
        overlap_of_any_frame_is_refused_after_boot
        refused_plugs_leak_no_descriptors
    }
    failures {
        unplug_changes_nothing_when_descriptors_cannot_go_back
        unplug_works_as_soon_as_descriptors_can_go_back
        boot_goes_on_when_descriptors_cannot_be_had
        loading_changes_nothing_when_the_backend_refuses
        a_refused_plug_gives_its_descriptors_back
        a_refused_split_leaves_the_segment_whole
    }
}
