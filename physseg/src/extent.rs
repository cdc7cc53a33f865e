//! extent(9): placeholder.
