//! rbtree(3): placeholder.
/// Placeholder.
#[derive(Debug)]
pub struct RbTree;
