//! The behaviour suite of `physseg-conformance` on the backends of this crate, and the cases of the
//! original suite that have no backend to run on: its supply of nodes, and a slab by itself.
//!
//! Which case of the original became which of ours is told in `physseg_conformance::behaviour`.

mod node_pool;
mod one_slab;

use physseg::backend::{
    Array, ArrayBranchless, ArrayRebuild, BTree, BigFirst, Bsearch, Contig, Dense, Direct,
    Eytzinger, LastHit, Linear, RbTree, STree, Section,
};
use physseg_conformance::stamp;

stamp!(array: Array<Bsearch>);
stamp!(array_linear: Array<Linear>);
stamp!(array_bigfirst: Array<BigFirst>);
stamp!(array_contig: Array<Contig>);
stamp!(rbtree: RbTree);
stamp!(array_rebuild: ArrayRebuild);
stamp!(array_branchless: ArrayBranchless);
stamp!(eytzinger: Eytzinger);
stamp!(s_tree: STree);
stamp!(section: Section);
stamp!(last_hit_section: LastHit<Section>);
stamp!(last_hit_s_tree: LastHit<STree>);
stamp!(btree: BTree);
stamp!(dense: Dense);
stamp!(direct: Direct);
stamp!(last_hit_array: LastHit<Array<Bsearch>>);
stamp!(last_hit_rbtree: LastHit<RbTree>);
