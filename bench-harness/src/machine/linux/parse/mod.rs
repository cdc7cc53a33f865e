//! The texts of /proc and /sys, understood. Text in, facts out; nothing is read here, so that the
//! texts of other machines can be tested.

mod activity;
mod memory;
mod process;
mod processor;
mod settings;

pub(in crate::machine) use activity::{load_average, ticks};
pub(in crate::machine) use memory::{
    available_bytes, data_bytes, huge_pages, mapped_bytes, memory_bytes, swap_used_bytes,
};
pub(in crate::machine) use process::{ignored_signals, involuntary_switches};
pub(in crate::machine) use processor::{cache, cpu_model, hypervisor, list};
pub(in crate::machine) use settings::{aslr, smt, turbo};

/// The value of the first line `key : value` whose key is one of `keys`, the earliest key first.
fn value_of<'a>(text: &'a str, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|key| {
        text.lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.trim() == *key)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    })
}
