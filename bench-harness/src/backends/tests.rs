//! The behaviour suite and the model test on every backend here.
//!
//! Here and not in `tests/`: there, trait and backend would both be another crate's.

use physseg_conformance::model::{self, CAPACITY, Effort};
use physseg_conformance::{ROOM, Subject, stamp};

/// Holds a backend to everything, if the feature of this name is on.
macro_rules! held {
    ($feature:literal, $name:ident: $backend:ident, $agrees:ident) => {
        #[cfg(feature = $feature)]
        impl Subject for super::$backend {
            const BOOT_ROOM: usize = ROOM;

            fn fresh() -> Self {
                Self::with_boot_capacity(ROOM)
            }
        }

        #[cfg(feature = $feature)]
        stamp!($name: crate::backends::$backend);

        #[cfg(feature = $feature)]
        #[test]
        fn $agrees() {
            let empty = || super::$backend::with_boot_capacity(CAPACITY);
            for (usual, regions) in [(1_000, None), (300, Some(2))] {
                let effort = Effort::asked_for(usual);
                let agreement = model::agree(effort, empty, CAPACITY, regions);
                let agreed = agreement.unwrap_or_else(|disagreement| panic!("{disagreement}"));
                assert!(agreed.operations > agreed.sequences, "{agreed:?}");
                println!("{}: {agreed}", stringify!($name));
            }
        }
    };
}

held!("intrusive", intrusive: Intrusive, intrusive_agrees_with_the_model);
held!("rangemap", rangemap: RangeMap, rangemap_agrees_with_the_model);
held!("vm-memory", vm_memory: VmMemory, vm_memory_agrees_with_the_model);
