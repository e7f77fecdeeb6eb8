//! Outside vectors, from the folder that SMIME_VECTORS names.

#[path = "../common/mod.rs"]
mod common;
mod thunderbird;
